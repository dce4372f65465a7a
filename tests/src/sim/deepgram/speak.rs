//! Text to speech: the audio is noise, but as long as the text.

use std::io;

use serde_json::{Value, json};

use super::super::request::Request;
use super::super::socket::{Heard, Peer, request_id};
use super::super::speech::{After, Entry, Script};

/// Bytes of audio a character, and bytes a frame at most.
const CHARACTER: usize = 64;
const FRAME: usize = 960;

pub(super) fn talk(peer: &mut Peer, _: &Request, script: &Script) -> io::Result<()> {
    let request_id = request_id(peer.number());
    let mut session = Session { peer, waiting: String::new(), sequence: 0 };
    session.say(&json!({
        "type": "Metadata",
        "request_id": request_id,
        "model_name": "simulated",
        "model_version": "2026-01-01.0",
        "model_uuid": "00000000-0000-4000-8000-00000000000b",
    }))?;
    let mut entries = script.updates.iter();
    while let Some(heard) = session.peer.hear()? {
        if let Some(Entry::Fault(fault)) = entries.next()
            && fault.play(session.peer)? == After::Over
        {
            return Ok(());
        }
        if !session.answer(&heard)? {
            return session.peer.close(1000, "");
        }
    }
    Ok(())
}

struct Session<'a, 'b> {
    peer: &'a mut Peer<'b>,
    /// What is to be said at the next flush.
    waiting: String,
    sequence: u64,
}

impl Session<'_, '_> {
    /// False where the peer wants to close.
    fn answer(&mut self, heard: &Heard) -> io::Result<bool> {
        let message: Value = match heard {
            Heard::Text(text) => serde_json::from_str(text).unwrap_or_default(),
            Heard::Binary(_) => Value::Null,
        };
        match message["type"].as_str() {
            Some("Speak") => {
                self.waiting += message["text"].as_str().unwrap_or_default();
                return Ok(true);
            }
            Some("Flush") if self.waiting.is_empty() => self.warn("There is nothing to flush.")?,
            Some("Flush") => {
                self.audio()?;
                self.done("Flushed")?;
            }
            Some("Clear") => {
                self.waiting.clear();
                self.done("Cleared")?;
            }
            Some("Close") => {
                self.audio()?;
                return Ok(false);
            }
            _ => self.warn("The message is no control message.")?,
        }
        Ok(true)
    }

    fn audio(&mut self) -> io::Result<()> {
        let text = std::mem::take(&mut self.waiting);
        let samples: Vec<u8> =
            text.chars().flat_map(|letter| [u8::try_from(letter).unwrap_or(0xff); CHARACTER]).collect();
        samples.chunks(FRAME).try_for_each(|frame| self.peer.binary(frame.to_vec()))
    }

    fn done(&mut self, what: &str) -> io::Result<()> {
        let message = json!({ "type": what, "sequence_id": self.sequence });
        self.sequence += 1;
        self.say(&message)
    }

    fn warn(&mut self, description: &str) -> io::Result<()> {
        self.say(&json!({ "type": "Warning", "description": description, "code": "DATA-0000" }))
    }

    fn say(&mut self, message: &Value) -> io::Result<()> {
        self.peer.text(&message.to_string())
    }
}
