//! Cartesia's WebSocket for text to speech, by its published interface: contexts, and audio as base64 in JSON.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Value, json};

use super::request::Request;
use super::socket::{Heard, Peer, Refusal, Talk, request_id};
use super::speech::{After, Entry, Script};
use crate::base64;

/// Bytes of audio a character, bytes a chunk at most, and seconds a word.
const CHARACTER: usize = 64;
const CHUNK: usize = 960;
const WORD: f64 = 0.4;

/// Lets in whoever has the key, wherever a client may put it.
pub(super) fn door(request: &Request, key: &str) -> Result<Talk, Refusal> {
    let bearer = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let places = [request.header("x-api-key"), bearer, request.query("api_key"), request.query("access_token")];
    if !places.into_iter().flatten().any(|given| given == key) {
        let body = json!({ "error_code": "unauthorized", "title": "Invalid key", "message": "The key is not known." });
        return Err(Refusal { status: 401, body });
    }
    match request.resource() {
        "/tts/websocket" => Ok(talk),
        _ => Err(Refusal { status: 404, body: json!({ "title": "Not found", "message": "There is no such path." }) }),
    }
}

fn talk(peer: &mut Peer, _: &Request, script: &Script) -> io::Result<()> {
    let mut entries = script.updates.iter();
    let mut contexts = BTreeMap::new();
    while let Some(heard) = peer.hear()? {
        if let Some(Entry::Fault(fault)) = entries.next()
            && fault.play(peer)? == After::Over
        {
            return Ok(());
        }
        let Heard::Text(text) = heard else { return peer.close(1003, "binary data") };
        for message in answers(&text, &mut contexts, peer.number()) {
            peer.text(&message.to_string())?;
        }
    }
    Ok(())
}

/// What was said in a context.
#[derive(Default)]
struct Context {
    words: usize,
    flushes: u64,
}

fn answers(text: &str, contexts: &mut BTreeMap<String, Context>, connection: u64) -> Vec<Value> {
    let request: Value = serde_json::from_str(text).unwrap_or_default();
    let Some(id) = request["context_id"].as_str() else {
        return vec![error(connection, None, "The request is no JSON object with a context_id.")];
    };
    if request["cancel"] == true {
        contexts.remove(id);
        return vec![ended(id)];
    }
    let Some(transcript) = request["transcript"].as_str() else {
        return vec![error(connection, Some(id), "There is no transcript.")];
    };
    let context = contexts.entry(id.to_owned()).or_default();
    let mut out = chunks(id, transcript);
    let words: Vec<&str> = transcript.split_whitespace().collect();
    if request["add_timestamps"] == true && !words.is_empty() {
        out.push(timestamps(id, &words, context.words));
    }
    context.words += words.len();
    if request["flush"] == true {
        context.flushes += 1;
        out.push(json!({
            "type": "flush_done", "context_id": id, "status_code": 206, "done": false, "flush_done": true,
            "flush_id": context.flushes,
        }));
    }
    if request["continue"] != true {
        contexts.remove(id);
        out.push(ended(id));
    }
    out
}

fn chunks(id: &str, transcript: &str) -> Vec<Value> {
    let samples: Vec<u8> =
        transcript.chars().flat_map(|letter| [u8::try_from(letter).unwrap_or(0xff); CHARACTER]).collect();
    let chunk = |data: &[u8]| {
        json!({
            "type": "chunk", "context_id": id, "status_code": 206, "done": false, "data": base64::encode(data),
            "step_time": 1.0,
        })
    };
    samples.chunks(CHUNK).map(chunk).collect()
}

/// `before` words were said in the context already.
fn timestamps(id: &str, words: &[&str], before: usize) -> Value {
    let time = |i: usize| (before + i) as f64 * WORD;
    let start: Vec<f64> = (0..words.len()).map(time).collect();
    let end: Vec<f64> = (1..=words.len()).map(time).collect();
    json!({
        "type": "timestamps", "context_id": id, "status_code": 206, "done": false,
        "word_timestamps": { "words": words, "start": start, "end": end },
    })
}

fn ended(id: &str) -> Value {
    json!({ "type": "done", "context_id": id, "status_code": 200, "done": true })
}

fn error(connection: u64, context: Option<&str>, message: &str) -> Value {
    let mut error = json!({
        "type": "error", "status_code": 400, "error_code": "invalid_request", "title": "Invalid request",
        "message": message, "request_id": request_id(connection), "done": true,
    });
    if let Some(id) = context {
        error["context_id"] = id.into();
    }
    error
}
