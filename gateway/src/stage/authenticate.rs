//! Who calls: the holder of a key that this gateway gave out. Agents never hold a provider's key.

use std::{collections::HashMap, sync::Arc};

use http::HeaderMap;
use ring::{
    hmac,
    rand::{SecureRandom, SystemRandom},
};
use secrecy::{ExposeSecret, SecretString};

use wire::provider::Place;

use super::{query::parameters, route::Routed};
use crate::deny::Deny;

/// The keys that were given out. Looked up by a keyed hash, so that the time a look-up takes says nothing of a key.
pub(crate) struct Keyring {
    key: hmac::Key,
    identities: HashMap<[u8; 32], Arc<Identity>>,
}

/// Whom a key stands for.
#[derive(Debug)]
pub(crate) struct Identity {
    /// Stable when the key is replaced: tokens and conversations hang on it.
    pub(crate) name: Arc<str>,
    /// Places of the upstreams that it may use.
    pub(crate) upstreams: Vec<usize>,
}

/// Proof: this request comes from somebody known.
#[derive(Debug)]
pub(crate) struct Caller {
    identity: Arc<Identity>,
    routed: Routed,
}

impl Keyring {
    /// An empty keyring; none if the system has no randomness to give.
    pub(crate) fn new() -> Option<Self> {
        let mut secret = [0; 32];
        SystemRandom::new().fill(&mut secret).ok()?;
        Some(Keyring { key: hmac::Key::new(hmac::HMAC_SHA256, &secret), identities: HashMap::new() })
    }

    /// Adds a key; false if it is there already.
    pub(crate) fn add(&mut self, key: &SecretString, identity: Identity) -> bool {
        let digest = self.digest(key.expose_secret());
        self.identities.insert(digest, Arc::new(identity)).is_none()
    }

    /// Finds out who sent a request: by the key where its provider's clients put theirs. Two different keys are none.
    pub(crate) fn authenticate(
        &self,
        routed: Routed,
        headers: &HeaderMap,
        query: Option<&str>,
    ) -> Result<Caller, Deny> {
        let mut keys = routed.provider().keys.iter().filter_map(|place| key(*place, headers, query));
        let key = keys.next().ok_or(Deny::Unauthenticated)?;
        if keys.any(|other| other != key) {
            return Err(Deny::Unauthenticated);
        }
        let identity = self.identities.get(&self.digest(&key)).ok_or(Deny::Unauthenticated)?.clone();
        Ok(Caller { identity, routed })
    }

    fn digest(&self, key: &str) -> [u8; 32] {
        let mut digest = [0; 32];
        digest.copy_from_slice(hmac::sign(&self.key, key.as_bytes()).as_ref());
        digest
    }
}

impl Caller {
    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(crate) fn routed(&self) -> &Routed {
        &self.routed
    }
}

/// The key at a place, if there is just one.
fn key(place: Place, headers: &HeaderMap, query: Option<&str>) -> Option<String> {
    let only = |name: &str| {
        let mut values = headers.get_all(name).iter();
        let value = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(value)
    };
    let key = match place {
        Place::Header(name, "") => only(name)?.to_owned(),
        Place::Header(name, scheme) => {
            let (said, key) = only(name)?.split_once(' ')?;
            said.eq_ignore_ascii_case(scheme).then(|| key.to_owned())?
        }
        Place::Query(name) => {
            let mut values = query.into_iter().flat_map(parameters).filter(|(known, _)| known == name);
            let (_, value) = values.next()?;
            values.next().is_none().then_some(value)?
        }
        Place::Subprotocol(word) => {
            let (said, key) = only("sec-websocket-protocol")?.split_once(',')?;
            said.trim().eq_ignore_ascii_case(word).then(|| key.to_owned())?
        }
    };
    Some(key.trim().to_owned()).filter(|key| !key.is_empty())
}

#[cfg(test)]
pub(crate) mod tests {
    use http::header::AUTHORIZATION;
    use wire::provider::OPENAI;

    use super::*;
    use crate::stage::route::{Route, Routes};

    pub(crate) fn routed() -> Routed {
        let routes = Routes::new([("openai".into(), &OPENAI), ("other".into(), &OPENAI)]);
        match routes.resolve(&http::Method::POST, "/v1/chat/completions", None) {
            Ok(Route::To(routed)) => routed,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn keyring() -> Keyring {
        let mut ring = Keyring::new().unwrap();
        assert!(ring.add(&"sk-dev".to_owned().into(), Identity { name: "dev".into(), upstreams: vec![0] }));
        assert!(ring.add(&"sk-two".to_owned().into(), Identity { name: "two".into(), upstreams: vec![1] }));
        ring
    }

    pub(crate) fn with_authorization(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_key_names_its_caller() {
        let caller = keyring().authenticate(routed(), &with_authorization(&["bearer sk-dev"]), None).unwrap();
        assert_eq!(&*caller.identity().name, "dev");
    }

    #[test]
    fn everything_else_is_nobody() {
        let bad: [&[&str]; 8] = [
            &[],
            &["sk-dev"],
            &["Basic sk-dev"],
            &["Bearer "],
            &["Bearer sk-de"],
            &["Bearer sk-dev2"],
            &["Bearer SK-DEV"],
            &["Bearer sk-dev", "Bearer sk-dev"],
        ];
        for values in bad {
            let refused = keyring().authenticate(routed(), &with_authorization(values), None).unwrap_err();
            assert_eq!(refused, Deny::Unauthenticated, "{values:?}");
        }
    }

    #[test]
    fn a_key_is_given_out_once() {
        let again = Identity { name: "three".into(), upstreams: vec![] };
        assert!(!keyring().add(&"sk-dev".to_owned().into(), again));
    }
}
