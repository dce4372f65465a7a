//! Configuration: as written in a file or on a command line, then checked; only what was checked goes any further.

mod check;
mod find;
mod listen;
mod raw;
mod secret;
#[cfg(test)]
mod tests;
mod units;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use rustls_pki_types::CertificateDer;
use wire::provider::Provider;

pub use self::find::Finding;
pub(crate) use self::secret::Secret;
use crate::{
    ruleset::{
        Live,
        source::{Source, Texts},
    },
    tls::pair::Files,
    upstream::Origin,
};

/// The default configuration, commented.
pub const DEFAULT: &str = include_str!("../gateway.yaml");

/// What the command line says.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `NAME=URL`, once for each upstream.
    pub upstreams: Vec<String>,
    /// The virtual key of the caller `dev`.
    pub key: Option<String>,
    /// The environment variable with the provider's key.
    pub provider_key_env: Option<String>,
    /// Instead of the file's.
    pub listen: Option<String>,
    /// Instead of the file's.
    pub listen_tls: Option<String>,
    /// Instead of the file's.
    pub tls_cert: Option<String>,
    /// Instead of the file's.
    pub tls_key: Option<String>,
    /// Instead of the file's.
    pub packs: Option<String>,
    /// Instead of the file's.
    pub policy: Option<String>,
    /// Instead of the file's.
    pub record: Option<String>,
}

/// A configuration that was checked.
pub struct Settings {
    pub(crate) listen: ListenSettings,
    pub(crate) threads: Option<usize>,
    pub(crate) upstreams: Vec<UpstreamSettings>,
    pub(crate) keys: Vec<KeySettings>,
    pub(crate) rules: Rules,
    pub(crate) records: Records,
    pub(crate) token_key: Option<Secret>,
    pub(crate) deadlines: DeadlineSettings,
    pub(crate) limits: LimitSettings,
    pub(crate) vault: VaultSettings,
}

/// Where agents connect, at one place or at two.
pub(crate) struct ListenSettings {
    pub(crate) plain: Option<SocketAddr>,
    pub(crate) tls: Option<TlsListenSettings>,
}

pub(crate) struct TlsListenSettings {
    pub(crate) address: SocketAddr,
    pub(crate) files: Files,
}

pub(crate) struct UpstreamSettings {
    pub(crate) name: Arc<str>,
    pub(crate) provider: &'static Provider,
    pub(crate) origin: Origin,
    pub(crate) key: Option<Secret>,
    /// It can do without: a local server that asks for none.
    pub(crate) key_optional: bool,
    pub(crate) authorities: Vec<CertificateDer<'static>>,
}

pub(crate) struct KeySettings {
    pub(crate) name: Arc<str>,
    pub(crate) source: Secret,
    /// Places among the upstreams.
    pub(crate) upstreams: Vec<usize>,
}

/// Packs and policy: where they come from, what was read there, and what was made of it.
pub(crate) struct Rules {
    pub(crate) source: Source,
    pub(crate) texts: Texts,
    pub(crate) live: Arc<Live>,
}

#[derive(Debug)]
pub(crate) enum Records {
    Nowhere,
    Stdout,
    File(PathBuf),
}

#[derive(Debug)]
pub(crate) struct DeadlineSettings {
    pub(crate) connect: Duration,
    pub(crate) head: Duration,
    pub(crate) idle: Duration,
    pub(crate) silence: Duration,
    pub(crate) drain: Duration,
}

#[derive(Debug)]
pub(crate) struct LimitSettings {
    pub(crate) max_body: usize,
    pub(crate) buffered: usize,
    pub(crate) open_streams: usize,
}

#[derive(Debug)]
pub(crate) struct VaultSettings {
    pub(crate) ttl: Duration,
    pub(crate) max_bytes: usize,
}

/// Reads and checks a file, with what the command line says instead.
pub fn file(path: &str, flags: &Flags) -> Result<Settings, Vec<Finding>> {
    let text = std::fs::read_to_string(path).map_err(|e| {
        vec![Finding::new(path, "", format!("cannot be read: {e}")).hint("`tidegate config` prints one to start from")]
    })?;
    let raw = raw::parse(path, &text).map_err(|finding| vec![finding])?;
    check::check(path, raw.with(flags))
}

/// Checks what the command line says alone.
pub fn quick(flags: &Flags) -> Result<Settings, Vec<Finding>> {
    check::check("command line", raw::quick(flags)?)
}
