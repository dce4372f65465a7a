//! An upstream as configured: where it is, whom to trust there, and the key that only the gateway holds.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use http::HeaderValue;
use pingora_core::{
    protocols::{ALPN, tls::CaType},
    upstreams::peer::HttpPeer,
    utils::tls::{WrappedX509, parse_x509},
};
use rustls_pki_types::CertificateDer;
use wire::provider::{Place, Provider};

use crate::{clock::Clock, contain};

/// How long an address is believed.
const ADDRESS_TTL: Duration = Duration::from_secs(30);

/// So many characters of a key in a row are a part of it.
const QUOTED: usize = 8;

/// An upstream.
pub(crate) struct Upstream {
    pub(crate) name: Arc<str>,
    origin: Origin,
    provider: &'static Provider,
    /// As its header has it.
    key: Option<HeaderValue>,
    authorities: Option<Arc<CaType>>,
    /// The pool keeps connections apart by this: without it, one that was opened under another trust would be reused.
    trust: u64,
    addresses: Mutex<Option<(Duration, Vec<SocketAddr>)>>,
}

/// Scheme, host and port.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Origin {
    pub(crate) tls: bool,
    /// A name, or an IP address without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Origin {
    /// On this machine, and so without TLS as safe as with it.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

impl Upstream {
    pub(crate) fn new(
        name: Arc<str>,
        provider: &'static Provider,
        origin: Origin,
        key: Option<HeaderValue>,
        authorities: &[CertificateDer<'_>],
    ) -> Self {
        let mut trust = DefaultHasher::new();
        (&name, authorities.iter().map(|c| c.as_ref()).collect::<Vec<&[u8]>>()).hash(&mut trust);
        let authorities = (!authorities.is_empty()).then(|| authorities.iter().map(wrapped).collect());
        Upstream { name, origin, provider, key, authorities, trust: trust.finish(), addresses: Mutex::default() }
    }

    /// The header that holds its key.
    pub(crate) fn key(&self) -> Option<(&'static str, &HeaderValue)> {
        let (name, _) = key_header(self.provider)?;
        Some((name, self.key.as_ref()?))
    }

    /// Whether a text holds a part of its key: some providers quote in their errors what they were sent.
    pub(crate) fn quotes_key(&self, text: &[u8]) -> bool {
        let key = self.key.as_ref().map(|key| key.as_bytes()).unwrap_or_default();
        let key = key.rsplit(|&b| b == b' ').next().unwrap_or_default();
        let part = key.len().min(QUOTED);
        part > 0 && key.windows(part).any(|part| text.windows(part.len()).any(|seen| seen == part))
    }

    /// `Host` for it.
    pub(crate) fn host(&self) -> String {
        let Origin { tls, host, port } = &self.origin;
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        if *port == if *tls { 443 } else { 80 } { host } else { format!("{host}:{port}") }
    }

    /// Its addresses, the one that answered last first. Pingora's own look-up would block a worker.
    pub(crate) async fn addresses(&self, clock: &Clock) -> std::io::Result<Vec<SocketAddr>> {
        if let Ok(ip) = self.origin.host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(ip, self.origin.port)]);
        }
        let known = self.known().clone();
        if let Some((_, addresses)) = known.filter(|(until, _)| *until > clock.now()) {
            return Ok(addresses);
        }
        let found: Vec<_> = tokio::net::lookup_host((self.origin.host.as_str(), self.origin.port)).await?.collect();
        *self.known() = Some((clock.now() + ADDRESS_TTL, found.clone()));
        Ok(found)
    }

    /// This address answered: it is tried first from now on.
    pub(crate) fn answered(&self, address: SocketAddr) {
        if let Some((_, addresses)) = self.known().as_mut() {
            addresses.sort_by_key(|a| *a != address);
        }
    }

    /// How to connect to one of its addresses.
    pub(crate) fn peer(&self, address: SocketAddr, connect: Duration) -> HttpPeer {
        let mut peer = HttpPeer::new(address, self.origin.tls, self.origin.host.clone());
        peer.group_key = self.trust;
        peer.options.alpn = ALPN::H1;
        peer.options.connection_timeout = Some(connect);
        peer.options.total_connection_timeout = Some(connect);
        peer.options.ca = self.authorities.clone();
        peer
    }

    fn known(&self) -> MutexGuard<'_, Option<(Duration, Vec<SocketAddr>)>> {
        self.addresses.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Whether this is a certificate that Pingora can read: it panics on one that it cannot.
pub(crate) fn readable(certificate: &CertificateDer<'_>) -> bool {
    contain::contained(|| wrapped(certificate)).is_ok()
}

/// The header where a provider reads its key, and the word before it.
pub(crate) fn key_header(provider: &Provider) -> Option<(&'static str, &'static str)> {
    match provider.key {
        Place::Header(name, scheme) => Some((name, scheme)),
        Place::Query(_) | Place::Subprotocol(_) => None,
    }
}

fn wrapped(certificate: &CertificateDer<'_>) -> WrappedX509 {
    WrappedX509::new(certificate.to_vec(), parse_x509)
}
