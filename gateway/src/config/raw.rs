//! The configuration as it is written: shapes and places, nothing checked.

use serde::Deserialize;
use serde_saphyr::{Error, Location, Spanned};

use super::{Flags, find::Finding};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    pub(super) listen: Option<Spanned<String>>,
    pub(super) listen_tls: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) tls: RawTls,
    pub(super) threads: Option<Spanned<usize>>,
    #[serde(default)]
    pub(super) upstreams: Vec<RawUpstream>,
    #[serde(default)]
    pub(super) keys: Vec<RawKey>,
    pub(super) policy: Option<Spanned<String>>,
    pub(super) packs: Option<Spanned<String>>,
    pub(super) record: Option<Spanned<String>>,
    pub(super) token_key_file: Option<Spanned<String>>,
    pub(super) recogniser: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) deadlines: RawDeadlines,
    #[serde(default)]
    pub(super) limits: RawLimits,
    #[serde(default)]
    pub(super) vault: RawVault,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTls {
    pub(super) cert_file: Option<Spanned<String>>,
    pub(super) key_file: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawUpstream {
    pub(super) name: Spanned<String>,
    pub(super) url: Spanned<String>,
    pub(super) provider: Option<Spanned<String>>,
    pub(super) key_env: Option<Spanned<String>>,
    pub(super) key_file: Option<Spanned<String>>,
    pub(super) ca_file: Option<Spanned<String>>,
    /// A quick start tries a variable that may not be there.
    #[serde(skip)]
    pub(super) quick: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawKey {
    pub(super) name: Spanned<String>,
    pub(super) key: Option<Spanned<String>>,
    pub(super) key_env: Option<Spanned<String>>,
    pub(super) key_file: Option<Spanned<String>>,
    pub(super) upstreams: Spanned<Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDeadlines {
    pub(super) connect: Option<Spanned<String>>,
    pub(super) recogniser: Option<Spanned<String>>,
    pub(super) head: Option<Spanned<String>>,
    pub(super) idle: Option<Spanned<String>>,
    pub(super) silence: Option<Spanned<String>>,
    pub(super) drain: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLimits {
    pub(super) max_body: Option<Spanned<String>>,
    pub(super) buffered: Option<Spanned<String>>,
    pub(super) open_streams: Option<Spanned<usize>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVault {
    pub(super) ttl: Option<Spanned<String>>,
    pub(super) max_bytes: Option<Spanned<String>>,
}

/// Reads a file's text.
pub(super) fn parse(file: &str, text: &str) -> Result<Raw, Finding> {
    serde_saphyr::from_str(text).map_err(|e| finding(file, e.without_snippet()))
}

/// What a quick start's flags would be as a file.
pub(super) fn quick(flags: &Flags) -> Result<Raw, Vec<Finding>> {
    let wrong = |key: &str, message: &str, hint: &str| vec![Finding::new("command line", key, message).hint(hint)];
    let mut upstreams = Vec::new();
    for flag in &flags.upstreams {
        let hint = "e.g. --upstream openai=https://api.openai.com";
        let (name, url) = flag.split_once('=').ok_or_else(|| wrong("--upstream", "must be NAME=URL", hint))?;
        let key_env = flags.provider_key_env.clone().unwrap_or_else(|| "TIDEGATE_PROVIDER_KEY".into());
        upstreams.push(RawUpstream {
            name: said(name),
            url: said(url),
            provider: None,
            key_env: Some(said(&key_env)),
            key_file: None,
            ca_file: None,
            quick: true,
        });
    }
    let key = flags.key.as_deref();
    let key =
        key.ok_or_else(|| wrong("--key", "is missing", "the key that your agent will send, e.g. --key sk-dev"))?;
    let everywhere = upstreams.iter().map(|u| u.name.value.clone()).collect();
    let dev = RawKey {
        name: said("dev"),
        key: Some(said(key)),
        key_env: None,
        key_file: None,
        upstreams: Spanned::new(everywhere, Location::UNKNOWN, Location::UNKNOWN),
    };
    Ok(Raw { upstreams, keys: vec![dev], ..Raw::default() }.with(flags))
}

impl Raw {
    /// With what the command line says instead.
    pub(super) fn with(mut self, flags: &Flags) -> Self {
        let pairs = [
            (&mut self.listen, &flags.listen),
            (&mut self.listen_tls, &flags.listen_tls),
            (&mut self.tls.cert_file, &flags.tls_cert),
            (&mut self.tls.key_file, &flags.tls_key),
            (&mut self.packs, &flags.packs),
            (&mut self.policy, &flags.policy),
            (&mut self.record, &flags.record),
        ];
        for (field, flag) in pairs {
            if let Some(value) = flag {
                *field = Some(said(value));
            }
        }
        self
    }
}

fn said(value: &str) -> Spanned<String> {
    Spanned::new(value.to_owned(), Location::UNKNOWN, Location::UNKNOWN)
}

fn finding(file: &str, error: &Error) -> Finding {
    let location = error.location().unwrap_or(Location::UNKNOWN);
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            let nearest = expected.iter().min_by_key(|known| distance(field, known));
            let near = nearest.filter(|known| distance(field, known) <= 1 + field.len() / 3);
            let hint =
                near.map_or_else(|| format!("known here: {}", expected.join(", ")), |k| format!("did you mean `{k}`?"));
            Finding::new(file, field.clone(), "no such key").at(location).hint(hint)
        }
        Error::SerdeMissingField { field, .. } => Finding::new(file, *field, "is missing").at(location),
        other => {
            let words = other.to_string();
            Finding::new(file, "", words.lines().next().unwrap_or_default()).at(location)
        }
    }
}

/// Edits between two words.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.chars().enumerate() {
            let next = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row.last().copied().unwrap_or_default()
}
