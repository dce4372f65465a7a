//! What a provider of speech says, and how it fails: a list of entries, played one after another.

use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::socket::Peer;

/// The entries. Each binary message to a listener plays them up to the next one that says something; each request to a
/// speaker plays one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Script {
    /// What is heard in the audio, and what goes wrong.
    pub updates: Vec<Entry>,
    /// Texts to send word for word instead, one a binary message.
    pub raw: Vec<String>,
}

/// One step.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Entry {
    /// Something goes wrong.
    Fault(Fault),
    /// Something is heard.
    Update(Update),
}

/// What may go wrong.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Closes with this code.
    Close(u16),
    /// The connection ends without a close frame.
    Drop(bool),
    /// This text, word for word.
    Garbage(String),
    /// From here on, texts in frames of so many bytes; 0: in one frame.
    Fragment(usize),
    /// A ping with this payload.
    Ping(String),
    /// Milliseconds of nothing.
    SilenceMs(u64),
}

/// What is heard in the audio so far.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// The text, as it would be shown.
    pub transcript: String,
    /// The words as the wire has them; without them they are made from the transcript.
    pub words: Option<Vec<Value>>,
    /// Whether this stretch of audio is done with.
    #[serde(default)]
    pub is_final: bool,
    /// Whether the speaker made a pause.
    #[serde(default)]
    pub speech_final: bool,
    /// Fields that go over those of the message.
    #[serde(default)]
    pub extra: Map<String, Value>,
}

impl Script {
    /// Reads one JSON object.
    pub fn read(path: &Path) -> io::Result<Self> {
        Self::parse(&std::fs::read_to_string(path)?)
    }

    fn parse(text: &str) -> io::Result<Self> {
        let mut script: Self = serde_json::from_str(text)?;
        if !script.raw.is_empty() {
            script.updates = script.raw.drain(..).map(|text| Entry::Fault(Fault::Garbage(text))).collect();
        }
        Ok(script)
    }
}

/// What is left after a fault.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum After {
    /// Something was said.
    Said,
    /// Nothing was said.
    Quiet,
    /// The connection is over.
    Over,
}

impl Fault {
    pub(super) fn play(&self, peer: &mut Peer) -> io::Result<After> {
        match self {
            Self::Close(code) => {
                peer.close(*code, "as the script says")?;
                return Ok(After::Over);
            }
            Self::Drop(dropped) => return Ok(if *dropped { After::Over } else { After::Quiet }),
            Self::Garbage(text) => {
                peer.text(text)?;
                return Ok(After::Said);
            }
            Self::Fragment(bytes) => peer.fragment(*bytes),
            Self::Ping(payload) => peer.ping(payload)?,
            Self::SilenceMs(pause) => thread::sleep(Duration::from_millis(*pause)),
        }
        Ok(After::Quiet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_updates_and_faults() {
        let script = r#"{"updates":[{"transcript":"hi","is_final":true},{"close":1011},{"silence_ms":5}]}"#;
        let updates = Script::parse(script).unwrap().updates;
        assert!(matches!(&updates[0], Entry::Update(update) if update.is_final && !update.speech_final));
        assert!(matches!(updates[1], Entry::Fault(Fault::Close(1011))));
        assert!(matches!(updates[2], Entry::Fault(Fault::SilenceMs(5))));
        let raw = Script::parse(r#"{"raw":["{}"]}"#).unwrap().updates;
        assert!(matches!(&raw[0], Entry::Fault(Fault::Garbage(text)) if text == "{}"));
        assert!(Script::parse(r#"{"updates":[{"transcribed":"hi"}]}"#).is_err());
    }
}
