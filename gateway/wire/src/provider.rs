//! Providers as tables: where keys stand, which headers cross, and what can be asked.

use crate::{
    dialect::{Dialect, OPENAI_CHAT},
    speech::{CARTESIA_SPEAK, DEEPGRAM_LISTEN, DEEPGRAM_SPEAK, Service},
};

/// A provider.
pub struct Provider {
    /// Its name, e.g. `deepgram`.
    pub name: &'static str,
    /// Where it wants its key.
    pub key: Place,
    /// Where its clients put theirs.
    pub keys: &'static [Place],
    /// What its models speak, if it has some.
    pub chat: Option<&'static Dialect>,
    /// Its services over WebSocket.
    pub services: &'static [&'static Service],
    /// Headers that it may see.
    pub to_provider: Headers,
    /// Headers of its answers that a client may see.
    pub to_client: Headers,
}

/// Where a key stands in a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// In a header, behind a scheme's word; bare where that is empty.
    Header(&'static str, &'static str),
    /// In a parameter of the URL, for browsers, which set no headers of a WebSocket.
    Query(&'static str),
    /// Behind a word in the list of subprotocols, for the same reason.
    Subprotocol(&'static str),
}

/// A list of headers: whole names, and beginnings of names. All lower case.
pub struct Headers {
    /// Whole names.
    pub names: &'static [&'static str],
    /// Beginnings.
    pub prefixes: &'static [&'static str],
}

/// OpenAI, and all that is compatible.
pub static OPENAI: Provider = Provider {
    name: "openai",
    key: Place::Header("authorization", "Bearer"),
    keys: &[Place::Header("authorization", "Bearer")],
    chat: Some(&OPENAI_CHAT),
    services: &[],
    to_provider: Headers {
        names: &["accept", "user-agent", "openai-beta", "openai-organization", "openai-project"],
        prefixes: &["x-stainless-"],
    },
    to_client: Headers {
        names: &["retry-after", "openai-processing-ms", "openai-model", "x-request-id", "x-should-retry"],
        prefixes: &["x-ratelimit-"],
    },
};

/// Deepgram.
pub static DEEPGRAM: Provider = Provider {
    name: "deepgram",
    key: Place::Header("authorization", "Token"),
    keys: &[
        Place::Header("authorization", "Token"),
        Place::Header("authorization", "Bearer"),
        Place::Subprotocol("token"),
        Place::Subprotocol("bearer"),
    ],
    chat: None,
    services: &[&DEEPGRAM_LISTEN, &DEEPGRAM_SPEAK],
    to_provider: Headers { names: &["user-agent", "x-deepgram-session-id"], prefixes: &[] },
    to_client: Headers { names: &["dg-request-id", "retry-after"], prefixes: &[] },
};

/// Cartesia.
pub static CARTESIA: Provider = Provider {
    name: "cartesia",
    key: Place::Header("x-api-key", ""),
    keys: &[
        Place::Header("x-api-key", ""),
        Place::Header("authorization", "Bearer"),
        Place::Query("api_key"),
        Place::Query("access_token"),
    ],
    chat: None,
    services: &[&CARTESIA_SPEAK],
    to_provider: Headers { names: &["cartesia-version", "user-agent"], prefixes: &[] },
    to_client: Headers { names: &["request-id", "retry-after", "x-request-id"], prefixes: &[] },
};

/// Every provider.
pub static PROVIDERS: &[&Provider] = &[&CARTESIA, &DEEPGRAM, &OPENAI];

/// A provider by its name.
pub fn by_name(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().copied().find(|p| p.name == name)
}

impl Headers {
    /// Whether a header, its name in lower case, is on the list.
    pub fn have(&self, name: &str) -> bool {
        self.names.contains(&name) || self.prefixes.iter().any(|p| name.starts_with(p))
    }
}

impl Provider {
    /// The service at a path.
    pub fn service(&self, path: &str) -> Option<&'static Service> {
        self.services.iter().copied().find(|s| s.path == path)
    }
}
