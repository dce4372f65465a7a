//! Speech to text: what the script has is heard in whatever audio comes.

use std::io;

use serde_json::{Value, json};

use super::super::request::Request;
use super::super::socket::{Heard, Peer};
use super::super::speech::{After, Entry, Script};
use super::results::Results;

/// Samples are two bytes each.
const SAMPLE: usize = 2;

pub(super) fn talk(peer: &mut Peer, request: &Request, script: &Script) -> io::Result<()> {
    let mut results = Results::of(peer.number());
    let mut entries = script.updates.iter();
    let mut audio = 0;
    while let Some(heard) = peer.hear()? {
        let on = match heard {
            Heard::Binary(data) => {
                audio += data.len();
                update(peer, &mut entries, &mut results)?
            }
            Heard::Text(text) => match control(&text, &mut results) {
                Control::Nothing => true,
                Control::Answer(answer) => peer.text(&answer.to_string()).map(|()| true)?,
                Control::End => {
                    let rate = request.query("sample_rate").and_then(|rate| rate.parse().ok()).unwrap_or(16_000);
                    let seconds = audio as f64 / (SAMPLE * std::cmp::max(rate, 1)) as f64;
                    peer.text(&results.metadata(seconds).to_string())?;
                    return peer.close(1000, "");
                }
                Control::Wrong => {
                    peer.text(&wrong().to_string())?;
                    return peer.close(1008, "DATA-0000");
                }
            },
        };
        if !on {
            return Ok(());
        }
    }
    Ok(())
}

/// Plays entries up to the next that says something; false where the connection is over.
fn update<'a>(
    peer: &mut Peer,
    entries: &mut impl Iterator<Item = &'a Entry>,
    results: &mut Results,
) -> io::Result<bool> {
    for entry in entries {
        match entry {
            Entry::Update(update) => {
                peer.text(&results.update(update).to_string())?;
                return Ok(true);
            }
            Entry::Fault(fault) => match fault.play(peer)? {
                After::Quiet => {}
                After::Said => return Ok(true),
                After::Over => return Ok(false),
            },
        }
    }
    Ok(true)
}

enum Control {
    Nothing,
    Answer(Value),
    End,
    Wrong,
}

fn control(text: &str, results: &mut Results) -> Control {
    let Ok(message) = serde_json::from_str::<Value>(text) else { return Control::Wrong };
    match message["type"].as_str() {
        Some("KeepAlive") => Control::Nothing,
        Some("Finalize") => Control::Answer(results.finalize()),
        Some("CloseStream") => Control::End,
        Some("Configure") => {
            let answer = json!({ "type": "ConfigureSuccess", "keyterms": message["keyterms"] });
            Control::Answer(answer)
        }
        _ => Control::Wrong,
    }
}

fn wrong() -> Value {
    let description = "The message is no control message.";
    json!({ "type": "Error", "variant": "Data", "code": "DATA-0000", "description": description, "message": description })
}
