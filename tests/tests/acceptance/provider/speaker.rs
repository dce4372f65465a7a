//! The simulated providers that speak, as a client without SDK sees them.

use acceptance::base64;
use acceptance::harness::{Got, PROVIDER_KEY, Provider, Socket};
use serde_json::{Value, json};

fn deepgram(script: Value) -> (Provider, Socket) {
    let provider = Provider::deepgram(script);
    let key = format!("Token {PROVIDER_KEY}");
    let socket = Socket::connect(provider.address(), "/v1/speak?model=aura", &[("authorization", &key)]).unwrap();
    (provider, socket)
}

fn cartesia(script: Value) -> (Provider, Socket) {
    let provider = Provider::cartesia(script);
    let socket = Socket::connect(provider.address(), "/tts/websocket", &[("x-api-key", PROVIDER_KEY)]).unwrap();
    (provider, socket)
}

fn types(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["type"].as_str().unwrap()).collect()
}

#[test]
fn deepgram_speaks_what_is_flushed() {
    let (provider, mut socket) = deepgram(json!({}));
    assert_eq!(socket.message()["type"], "Metadata");
    for word in ["Hello ", "Ana"] {
        socket.json(&json!({ "type": "Speak", "text": word }));
    }
    socket.json(&json!({ "type": "Flush" }));
    assert_eq!(socket.receive(), Got::Binary("Hello Ana".bytes().flat_map(|byte| [byte; 64]).collect()));
    assert_eq!(socket.message(), json!({ "type": "Flushed", "sequence_id": 0 }));
    socket.json(&json!({ "type": "Speak", "text": "never said" }));
    socket.json(&json!({ "type": "Clear" }));
    assert_eq!(socket.message(), json!({ "type": "Cleared", "sequence_id": 1 }));
    socket.json(&json!({ "type": "Flush" }));
    assert_eq!(socket.message()["type"], "Warning");
    socket.json(&json!({ "type": "Speak", "text": "x".repeat(16) }));
    socket.json(&json!({ "type": "Close" }));
    assert_eq!([socket.receive(), socket.receive()], [Got::Binary(vec![b'x'; 960]), Got::Binary(vec![b'x'; 64])]);
    assert_eq!(socket.receive(), Got::Close(Some(1000), String::new()));
    assert_eq!(provider.messages("text").len(), 8);
}

#[test]
fn cartesia_speaks_in_contexts() {
    let (_provider, mut socket) = cartesia(json!({}));
    let say = |socket: &mut Socket, text: &str, more: bool| {
        socket.json(
            &json!({ "context_id": "a", "transcript": text, "continue": more, "flush": more, "add_timestamps": true }),
        );
    };
    say(&mut socket, "Hello Ana,", true);
    let first: Vec<Value> = (0..3).map(|_| socket.message()).collect();
    assert_eq!(types(&first), ["chunk", "timestamps", "flush_done"]);
    assert_eq!(base64::decode(first[0]["data"].as_str().unwrap()).unwrap().len(), 640);
    assert_eq!(
        first[1]["word_timestamps"],
        json!({ "words": ["Hello", "Ana,"], "start": [0.0, 0.4], "end": [0.4, 0.8] })
    );
    say(&mut socket, "how are you today?", false);
    let second: Vec<Value> = (0..4).map(|_| socket.message()).collect();
    assert_eq!(types(&second), ["chunk", "chunk", "timestamps", "done"]);
    assert_eq!(second[2]["word_timestamps"]["start"][0], 0.8);
    socket.json(&json!({ "context_id": "a", "cancel": true }));
    assert_eq!(socket.message()["type"], "done");
    for wrong in ["{", "{}", "{\"context_id\":\"a\"}"] {
        socket.text(wrong);
        assert_eq!(socket.message()["type"], "error", "{wrong}");
    }
}

#[test]
fn speakers_fail_as_they_are_told() {
    let (_provider, mut socket) = cartesia(json!({ "updates": [{ "garbage": "}" }, { "close": 1013 }] }));
    socket.json(&json!({ "context_id": "a", "transcript": "hi", "continue": true }));
    assert_eq!(socket.receive(), Got::Text("}".into()));
    assert_eq!(socket.message()["type"], "chunk");
    socket.json(&json!({ "context_id": "a", "transcript": "hi", "continue": true }));
    assert_eq!(socket.receive(), Got::Close(Some(1013), "as the script says".into()));
    let (_provider, mut socket) = deepgram(json!({ "updates": [{ "drop": true }] }));
    assert_eq!(socket.message()["type"], "Metadata");
    socket.json(&json!({ "type": "Flush" }));
    assert!(matches!(socket.receive(), Got::Broken(_)));
}

#[test]
fn cartesia_takes_its_key_wherever_clients_put_it() {
    let provider = Provider::cartesia(json!({}));
    let bearer = format!("Bearer {PROVIDER_KEY}");
    let query = format!("/tts/websocket?api_key={PROVIDER_KEY}");
    assert!(Socket::connect(provider.address(), "/tts/websocket", &[("authorization", &bearer)]).is_ok());
    assert!(Socket::connect(provider.address(), &query, &[]).is_ok());
    let refused = Socket::connect(provider.address(), "/tts/websocket", &[("x-api-key", "sk-wrong")]);
    assert_eq!(refused.err().unwrap().status, 401);
}
