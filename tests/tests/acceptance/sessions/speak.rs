//! Text to speech: what the provider gets to say.

use acceptance::harness::{Gateway, Got, Provider, Socket};
use serde_json::{Value, json};

use super::{exchange, holds, open, speaking};

fn say(context: &str, text: &str, goes_on: bool) -> Value {
    json!({"context_id": context, "model_id": "sonic-3", "transcript": text, "continue": goes_on, "add_timestamps": true,
        "voice": {"mode": "id", "id": "v"}, "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 16000}})
}

/// Everything that comes until a context is done.
fn until_done(socket: &mut Socket) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let message = socket.message();
        let done = message["type"] == "done";
        all.push(message);
        if done {
            return all;
        }
    }
}

/// What the provider was to say.
fn said(provider: &Provider, key: &str) -> String {
    let texts = provider.messages("text");
    let message = |text: &Vec<u8>| serde_json::from_slice::<Value>(text).unwrap();
    texts.iter().map(message).filter_map(|m| m[key].as_str().map(str::to_owned)).collect()
}

#[test]
fn a_voice_says_what_may_be_heard() {
    let (provider, gateway) = speaking();
    let mut socket = open(&gateway, "/tts/websocket?cartesia_version=2026-08-14");
    for word in "Your card 4111 1111 1111 1111 and joe@example.com are known. ".split_inclusive(' ') {
        socket.json(&say("c", word, true));
    }
    socket.json(&say("c", "", false));
    let answers = until_done(&mut socket);
    assert_eq!(
        said(&provider, "transcript"),
        "Your card a card number ending in 1 1 1 1 and an e-mail address are known. "
    );
    assert!(!holds(&provider.saw(), "4111"));
    assert!(answers.iter().any(|m| m["type"] == "chunk" && m["data"].as_str().is_some_and(|d| !d.is_empty())));
    assert!(answers.iter().any(|m| m["type"] == "timestamps"));
    let exchange = exchange(&socket);
    socket.close(1000, "");
    let record = gateway.record(&exchange);
    assert_eq!((&record["leg"], &record["unscanned"]), (&json!("tts"), &json!(["audio"])));
    assert_eq!(record["findings"]["in"], json!({"email": 1, "pan": 1}));
}

#[test]
fn a_cancel_is_not_held_with_the_text_before_it() {
    let (provider, gateway) = speaking();
    let mut socket = open(&gateway, "/tts/websocket");
    socket.json(&say("a", "your card 4111 1111", true));
    let cancel = json!({"context_id": "a", "cancel": true});
    socket.json(&cancel);
    socket.json(&say("b", "done. ", false));
    // The cancelled context is done as well: the second `done` is the other's.
    until_done(&mut socket);
    until_done(&mut socket);
    let texts = provider.messages("text");
    assert_eq!(texts[0], cancel.to_string().as_bytes(), "what was held of the text is gone");
    assert_eq!(texts.len(), 2);
}

#[test]
fn deepgram_speaks_audio_and_flushes() {
    let provider = Provider::deepgram(json!({"updates": []}));
    let gateway = Gateway::to(&[("deepgram", &provider.origin())]);
    let mut socket = open(&gateway, "/v1/speak?model=aura-2&encoding=linear16&sample_rate=16000");
    for word in ["Call ", "555-", "867-", "5309 ", "now. "] {
        socket.json(&json!({"type": "Speak", "text": word}));
    }
    socket.json(&json!({"type": "Flush"}));
    let mut audio = 0;
    loop {
        match socket.receive() {
            Got::Binary(data) => audio += data.len(),
            Got::Text(text) if text.contains("Flushed") => break,
            Got::Text(_) | Got::Ping(_) => {}
            other => assert_eq!(other, Got::Nothing, "no audio and no flush"),
        }
    }
    assert!(audio > 0);
    assert_eq!(said(&provider, "text"), "Call a phone number ending in 5 3 0 9 now. ");
}
