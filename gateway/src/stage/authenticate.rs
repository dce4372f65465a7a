//! Who calls: the holder of a key that this gateway gave out. Agents never hold a provider's key.

use std::{collections::HashMap, sync::Arc};

use http::{HeaderMap, header::AUTHORIZATION};
use ring::{
    hmac,
    rand::{SecureRandom, SystemRandom},
};
use secrecy::{ExposeSecret, SecretString};

use super::route::Routed;
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

    /// Finds out who sent a request.
    pub(crate) fn authenticate(&self, routed: Routed, headers: &HeaderMap) -> Result<Caller, Deny> {
        let identity = bearer(headers).and_then(|key| self.identities.get(&self.digest(key)));
        let identity = identity.ok_or(Deny::Unauthenticated)?.clone();
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

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    let one = values.next().is_none() && scheme.eq_ignore_ascii_case("bearer");
    one.then(|| key.trim()).filter(|key| !key.is_empty())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::stage::route::{Route, Routes};

    pub(crate) fn routed() -> Routed {
        let routes = Routes::new(["openai".into(), "other".into()]);
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
        let caller = keyring().authenticate(routed(), &with_authorization(&["bearer sk-dev"])).unwrap();
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
            let refused = keyring().authenticate(routed(), &with_authorization(values)).unwrap_err();
            assert_eq!(refused, Deny::Unauthenticated, "{values:?}");
        }
    }

    #[test]
    fn a_key_is_given_out_once() {
        let again = Identity { name: "three".into(), upstreams: vec![] };
        assert!(!keyring().add(&"sk-dev".to_owned().into(), again));
    }
}
