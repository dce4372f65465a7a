//! TLS towards agents: the certificate that is shown to them, which a reload may replace between two handshakes.

pub(crate) mod certificate;
pub(crate) mod pair;
pub(crate) mod reload;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};

use pingora_core::{
    Result,
    listeners::{ALPN, tls::TlsSettings},
};
use rustls::{
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

/// The certificate that the next handshake shows, with its key. There is one, whichever name the client asks for: the
/// client judges whether it is for that name.
#[derive(Debug)]
pub(crate) struct Shown(RwLock<Arc<CertifiedKey>>);

impl Shown {
    pub(crate) fn new(first: Arc<CertifiedKey>) -> Arc<Self> {
        Arc::new(Shown(RwLock::new(first)))
    }

    /// From the next handshake on; connections that are open stay as they are.
    pub(crate) fn replace(&self, next: Arc<CertifiedKey>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = next;
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// TLS 1.2 and 1.3, and HTTP/1.1 only: a WebSocket begins with its Upgrade, and the door speaks nothing else yet. A client
/// that insists on HTTP/2 is refused in the handshake, as RFC 7301 has it.
pub(crate) fn settings(shown: Arc<Shown>) -> Result<TlsSettings> {
    // The paths are not read where there is a resolver.
    let mut settings = TlsSettings::intermediate("", "")?;
    settings.set_cert_resolver(shown);
    settings.set_alpn(ALPN::H1);
    Ok(settings)
}
