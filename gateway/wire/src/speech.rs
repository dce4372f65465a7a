//! Speech services over WebSocket, as tables: what each message field means, what a URL may ask for, and where a key
//! stands. What no table names is refused in a URL, and guarded in a message.

mod cartesia;
mod deepgram;

use std::sync::LazyLock;

use crate::dialect::Table;

pub use cartesia::CARTESIA_SPEAK;
pub use deepgram::{DEEPGRAM_LISTEN, DEEPGRAM_SPEAK};

/// One service of one provider: a path that is upgraded to a WebSocket.
pub struct Service {
    /// Its name, e.g. `deepgram.listen`.
    pub name: &'static str,
    /// The path of its WebSocket, below the provider's origin.
    pub path: &'static str,
    /// What it does.
    pub leg: Leg,
    /// What its URL may ask for.
    pub query: Query,
    /// Messages from the client.
    pub to_provider: Messages,
    /// Messages to the client.
    pub to_client: Messages,
}

/// Which way speech goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Leg {
    /// Speech becomes text.
    Stt,
    /// Text becomes speech.
    Tts,
}

/// Parameters of a URL.
pub struct Query {
    /// Those that pass once their values have been scanned.
    pub takes: &'static [&'static str],
    /// Those that would send text elsewhere, and what they bring.
    pub remote: &'static [(&'static str, &'static str)],
}

/// The messages that go one way.
pub struct Messages {
    /// What the fields of a message mean.
    pub table: LazyLock<Table>,
    /// Messages that are no JSON, whole: words of the protocol.
    pub words: &'static [&'static str],
    /// Whether binary messages pass, as audio that nothing inspects.
    pub audio: bool,
    /// How texts of several messages belong together.
    pub order: Order,
}

/// How texts of several messages belong together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Order {
    /// They do not.
    Alone,
    /// Each replaces the one before, until one is final.
    Replaced,
    /// Each goes on where the one before ended.
    Joined,
}
