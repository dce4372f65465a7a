//! What a certificate is for: DNS names and IP addresses.

use std::{fmt, net::IpAddr, str::FromStr};

use rcgen::{SanType, string::Ia5String};

/// A name that a client may ask for (RFC 5280, 4.2.1.6; RFC 1123 for the letters).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Name {
    /// In lower case; the first label may be `*`.
    Dns(Ia5String),
    Ip(IpAddr),
}

const HINT: &str = "a name like gateway.example.com, *.example.com or localhost, or an address like 127.0.0.1 or ::1";

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(ip) = text.parse() {
            return Ok(Name::Ip(ip));
        }
        let lower = text.to_ascii_lowercase();
        let bare = lower.strip_prefix("*.").unwrap_or(&lower);
        let (labels, last) = (bare.split('.'), bare.rsplit('.').next().unwrap_or_default());
        // What ends in digits would be read as an address.
        let sound = lower.len() <= 253 && labels.clone().all(is_label) && !last.bytes().all(|b| b.is_ascii_digit());
        match Ia5String::try_from(lower.as_str()) {
            Ok(name) if sound && (bare.len() == lower.len() || labels.count() > 1) => Ok(Name::Dns(name)),
            _ if !text.is_ascii() => Err("write it in its ASCII form, which begins with xn--".into()),
            _ => Err(format!("is no name of a host: {HINT}")),
        }
    }
}

fn is_label(label: &str) -> bool {
    let known = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    (1..=63).contains(&label.len()) && label.bytes().all(known) && !label.starts_with('-') && !label.ends_with('-')
}

impl Name {
    /// What files are called that are for it: letters, digits, dots, hyphens and underscores only.
    pub(super) fn stem(&self) -> String {
        self.to_string().replace('*', "_wildcard").replace(':', "_")
    }

    pub(super) fn alternative(&self) -> SanType {
        match self {
            Name::Dns(name) => SanType::DnsName(name.clone()),
            Name::Ip(ip) => SanType::IpAddress(*ip),
        }
    }

    /// A host that it is for, as a client would ask for it.
    pub(super) fn asked(&self) -> String {
        self.to_string().replace('*', "any")
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Dns(name) => f.write_str(name.as_str()),
            Name::Ip(ip) => write!(f, "{ip}"),
        }
    }
}
