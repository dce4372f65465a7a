//! Where agents connect: in the clear, over TLS, or both.

use std::{fs, net::SocketAddr};

use serde_saphyr::{Location, Spanned};

use super::{
    ListenSettings, TlsListenSettings,
    find::{Findings, Wrong},
    raw::{Raw, RawTls},
};
use crate::tls::{certificate, pair::Files};

const PAIR: &str = "tls: {cert_file: FILE, key_file: FILE}, or --tls-cert and --tls-key; for development, \
                    `tidegate ca init` and `tidegate ca issue localhost` make both";

/// None if there is something wrong with it, which is said.
pub(super) fn listen(f: &mut Findings<'_>, raw: &Raw) -> Option<ListenSettings> {
    let plain = match &raw.listen {
        None => f.take("listen", &default(), |text| address(text, "8080").map(Some)),
        Some(off) if off.value == "off" => {
            if raw.listen_tls.is_none() {
                let hint = "give listen_tls an address, or listen";
                f.add(off.referenced, "listen", Wrong::new("is off, and nothing else listens", hint));
            }
            Some(None)
        }
        Some(text) => f.take("listen", text, |text| address(text, "8080").map(Some)),
    };
    let tls = match &raw.listen_tls {
        None => unused(f, &raw.tls).then_some(None),
        Some(text) => tls(f, text, &raw.tls).map(Some),
    };
    Some(ListenSettings { plain: plain?, tls: tls? })
}

fn tls(f: &mut Findings<'_>, text: &Spanned<String>, raw: &RawTls) -> Option<TlsListenSettings> {
    let address = f.take("listen_tls", text, |text| address(text, "8443"));
    let mut named = |key: &str, file: &Option<Spanned<String>>, other: &Option<Spanned<String>>| {
        if file.is_none() {
            let at = other.as_ref().map_or(text.referenced, |other| other.referenced);
            f.add(at, key, Wrong::new("is missing: TLS needs a certificate and its key", PAIR));
        }
    };
    named("tls.cert_file", &raw.cert_file, &raw.key_file);
    named("tls.key_file", &raw.key_file, &raw.cert_file);
    let (cert_file, key_file) = (raw.cert_file.as_ref()?, raw.key_file.as_ref()?);
    // The key is a secret: it is read, and held against the certificate, when the gateway starts.
    f.take("tls.cert_file", cert_file, |path| readable(path))?;
    let files = Files { cert_file: cert_file.value.clone().into(), key_file: key_file.value.clone().into() };
    Some(TlsListenSettings { address: address?, files })
}

/// Says what is there for a listener that is not; true if nothing is.
fn unused(f: &mut Findings<'_>, raw: &RawTls) -> bool {
    let files = [("tls.cert_file", &raw.cert_file), ("tls.key_file", &raw.key_file)];
    for (key, file) in files {
        if let Some(file) = file {
            let wrong =
                Wrong::new("means nothing without listen_tls", "e.g. listen_tls: 127.0.0.1:8443, or --listen-tls");
            f.add(file.referenced, key, wrong);
        }
    }
    files.iter().all(|(_, file)| file.is_none())
}

fn address(text: &str, port: &str) -> Result<SocketAddr, Wrong> {
    text.parse().map_err(|_| Wrong::new("is no address", format!("e.g. 127.0.0.1:{port}")))
}

fn readable(path: &str) -> Result<(), Wrong> {
    let hint = "a PEM file: the server's certificate first, then those between it and its authority";
    let pem = fs::read(path).map_err(|e| Wrong::new(format!("`{path}` cannot be read: {}", e.kind()), hint))?;
    certificate::chain(&pem).map(drop).map_err(|wrong| Wrong::new(format!("`{path}` {wrong}"), hint))
}

fn default() -> Spanned<String> {
    Spanned::new("127.0.0.1:8080".to_owned(), Location::UNKNOWN, Location::UNKNOWN)
}
