//! How a value lies in the vault: ChaCha20-Poly1305 under a key of its namespace, bound to namespace and token, so that
//! an entry moved elsewhere does not open.

use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
    rand::{SecureRandom, SystemRandom},
};

/// The root of every namespace's key: random, in this process only.
pub(super) struct Sealer(hkdf::Prk);

/// One namespace's key.
pub(super) struct Opener {
    key: Option<LessSafeKey>,
    namespace: String,
}

/// A value, sealed.
#[derive(Clone)]
pub(super) struct Sealed {
    nonce: [u8; NONCE_LEN],
    pub(super) bytes: Vec<u8>,
}

impl Sealer {
    pub(super) fn new() -> Option<Self> {
        let mut root = [0; 32];
        SystemRandom::new().fill(&mut root).ok()?;
        Some(Sealer(hkdf::Salt::new(hkdf::HKDF_SHA256, b"tidegate vault").extract(&root)))
    }

    pub(super) fn of(&self, namespace: &str) -> Opener {
        let info = [namespace.as_bytes()];
        let key = self.0.expand(&info, &CHACHA20_POLY1305).ok().map(|okm| LessSafeKey::new(UnboundKey::from(okm)));
        Opener { key, namespace: namespace.to_owned() }
    }
}

impl Opener {
    pub(super) fn seal(&self, token: &str, value: &str) -> Option<Sealed> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut bytes = value.as_bytes().to_vec();
        let aad = Aad::from(self.bound_to(token));
        let key = self.key.as_ref()?;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut bytes).ok()?;
        Some(Sealed { nonce, bytes })
    }

    pub(super) fn open(&self, token: &str, sealed: &Sealed) -> Option<String> {
        let mut bytes = sealed.bytes.clone();
        let aad = Aad::from(self.bound_to(token));
        let nonce = Nonce::assume_unique_for_key(sealed.nonce);
        let value = self.key.as_ref()?.open_in_place(nonce, aad, &mut bytes).ok()?;
        String::from_utf8(value.to_vec()).ok()
    }

    fn bound_to(&self, token: &str) -> Vec<u8> {
        format!("{}:{}{token}", self.namespace.len(), self.namespace).into_bytes()
    }
}

impl Sealed {
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }
}
