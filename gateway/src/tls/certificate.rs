//! What a certificate says of itself, in words for people.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ring::digest;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use time::OffsetDateTime;
use x509_parser::{extensions::GeneralName, parse_x509_certificate};

/// A certificate (X.509 v3, RFC 5280).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Certificate {
    /// E.g. `CN=localhost`.
    pub(crate) subject: String,
    pub(crate) common_name: Option<String>,
    /// DNS names and IP addresses that it is for: the subject alternative names, which alone count.
    pub(crate) names: Vec<String>,
    pub(crate) not_before: OffsetDateTime,
    pub(crate) not_after: OffsetDateTime,
    /// SHA-256 of the whole, as `openssl x509 -fingerprint -sha256` writes it.
    pub(crate) sha256: String,
    /// It may sign others.
    pub(crate) authority: bool,
    /// `SubjectPublicKeyInfo` in DER.
    pub(crate) public_key: Vec<u8>,
}

impl Certificate {
    /// None if it is none that can be read.
    pub(crate) fn read(der: &CertificateDer<'_>) -> Option<Self> {
        let (rest, read) = parse_x509_certificate(der).ok()?;
        let names = match read.subject_alternative_name().ok()? {
            Some(names) => names.value.general_names.iter().filter_map(name).collect(),
            None => Vec::new(),
        };
        let mut common_names = read.subject().iter_common_name();
        let common_name = common_names.next().and_then(|name| name.as_str().ok()).map(printable);
        rest.is_empty().then(|| Certificate {
            subject: printable(&read.subject().to_string()),
            common_name,
            names,
            not_before: read.validity().not_before.to_datetime(),
            not_after: read.validity().not_after.to_datetime(),
            sha256: fingerprint(der),
            authority: read.is_ca(),
            public_key: read.public_key().raw.to_vec(),
        })
    }

    /// Whole days until it ends; below zero once it has.
    pub(crate) fn days_left(&self, now: OffsetDateTime) -> i64 {
        (self.not_after - now).whole_seconds().div_euclid(24 * 3600)
    }
}

/// The certificates of a PEM file, in its order.
pub(crate) fn chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, &'static str> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = found.map_err(|_| "is not PEM")?;
    match found.iter().all(|der| Certificate::read(der).is_some()) {
        true if !found.is_empty() => Ok(found),
        _ => Err("holds no certificate that can be read"),
    }
}

/// `2027-02-21T09:00:00Z` (RFC 3339).
pub(crate) fn moment(at: OffsetDateTime) -> String {
    let (date, (hour, minute, second)) = (day(at), at.to_hms());
    format!("{date}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `2027-02-21`.
pub(crate) fn day(at: OffsetDateTime) -> String {
    let (year, month, day) = at.to_calendar_date();
    format!("{year:04}-{:02}-{day:02}", u8::from(month))
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(printable(name)),
        GeneralName::IPAddress(bytes) => address(bytes).map(|ip| ip.to_string()),
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(Ipv4Addr::from).map(IpAddr::from);
    let sixteen = || <[u8; 16]>::try_from(bytes).map(Ipv6Addr::from).map(IpAddr::from);
    four.or_else(|_| sixteen()).ok()
}

/// What a certificate says may have been written to move a terminal's cursor.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

fn fingerprint(der: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, der);
    let pairs: Vec<_> = digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}
