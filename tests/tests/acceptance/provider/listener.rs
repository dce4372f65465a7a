//! The simulated Deepgram, as a client without SDK sees it.

use std::time::Duration;

use acceptance::harness::{Got, Matcher, PROVIDER_KEY, Provider, Socket};
use serde_json::{Value, json};

const PATH: &str = "/v1/listen?model=nova-3&encoding=linear16&sample_rate=8000";

fn open(provider: &Provider) -> Socket {
    let key = format!("Token {PROVIDER_KEY}");
    Socket::connect(provider.address(), PATH, &[("authorization", &key)]).unwrap()
}

fn hearing(updates: Value) -> (Provider, Socket) {
    let provider = Provider::deepgram(json!({ "updates": updates }));
    let socket = open(&provider);
    (provider, socket)
}

fn transcript(message: &Value) -> &str {
    message["channel"]["alternatives"][0]["transcript"].as_str().unwrap()
}

#[test]
fn hears_an_update_a_frame_and_says_how_long_it_listened() {
    let updates = json!([
        { "transcript": "My card is", "extra": { "channel_index": [0, 2] } },
        { "transcript": "My card is 4111.", "is_final": true, "speech_final": true, "words": [{ "word": "my" }] },
    ]);
    let (provider, mut socket) = hearing(updates);
    socket.binary(&[0; 320]);
    let first = socket.message();
    assert_eq!((transcript(&first), &first["is_final"]), ("My card is", &json!(false)));
    assert_eq!(first["channel_index"], json!([0, 2]));
    assert_eq!(first["channel"]["alternatives"][0]["words"][2]["punctuated_word"], "is");
    assert_eq!(socket.answer().header("dg-request-id"), first["metadata"]["request_id"].as_str());
    socket.binary(&[0; 15_680]);
    let second = socket.message();
    assert_eq!((transcript(&second), &second["speech_final"]), ("My card is 4111.", &json!(true)));
    assert_eq!(second["channel"]["alternatives"][0]["words"], json!([{ "word": "my" }]));
    socket.json(&json!({ "type": "CloseStream" }));
    let metadata = socket.message();
    assert_eq!((&metadata["type"], &metadata["duration"]), (&json!("Metadata"), &json!(1.0)));
    assert_eq!(socket.receive(), Got::Close(Some(1000), String::new()));
    assert_eq!(provider.messages("binary").iter().map(Vec::len).collect::<Vec<_>>(), [320, 15_680]);
    assert!(String::from_utf8_lossy(&provider.requests()[0].bytes()).starts_with(&format!("GET {PATH} HTTP/1.1\r\n")));
}

#[test]
fn obeys_control_messages() {
    let (provider, mut socket) = hearing(json!([{ "transcript": "pay ana" }]));
    socket.json(&json!({ "type": "KeepAlive" }));
    socket.json(&json!({ "type": "Configure", "keyterms": ["Ana"] }));
    assert_eq!(socket.message(), json!({ "type": "ConfigureSuccess", "keyterms": ["Ana"] }));
    socket.binary(b"audio");
    assert_eq!(transcript(&socket.message()), "pay ana");
    socket.json(&json!({ "type": "Finalize" }));
    let last = socket.message();
    assert_eq!((transcript(&last), &last["from_finalize"]), ("pay ana", &json!(true)));
    socket.text("4111 1111 1111 1111");
    assert_eq!(socket.message()["type"], "Error");
    assert_eq!(socket.receive(), Got::Close(Some(1008), "DATA-0000".into()));
    Matcher::of(&["4111 1111 1111 1111"]).find_all_in("the log", &provider.saw());
    assert_eq!(provider.messages("text").len(), 4);
}

#[test]
fn lets_nobody_in_without_the_key() {
    let provider = Provider::deepgram(json!({}));
    for value in ["Token sk-wrong", PROVIDER_KEY, "Basic x"] {
        let refused = Socket::connect(provider.address(), PATH, &[("authorization", value)]).err().unwrap();
        assert_eq!((refused.status, &refused.json()["err_code"]), (401, &json!("INVALID_AUTH")));
    }
    let bearer = format!("Bearer {PROVIDER_KEY}");
    assert!(Socket::connect(provider.address(), PATH, &[("authorization", &bearer)]).is_ok());
    let elsewhere = Socket::connect(provider.address(), "/v9/listen", &[("authorization", &bearer)]);
    assert_eq!(elsewhere.err().unwrap().status, 404);
}

#[test]
fn fails_as_it_is_told() {
    let (_provider, mut socket) = hearing(json!([{ "ping": "alive" }, { "garbage": "{" }, { "close": 1011 }]));
    socket.binary(b"audio");
    assert_eq!(socket.receive(), Got::Ping(b"alive".to_vec()));
    assert_eq!(socket.receive(), Got::Text("{".into()));
    socket.binary(b"audio");
    assert_eq!(socket.receive(), Got::Close(Some(1011), "as the script says".into()));

    let (_provider, mut socket) = hearing(json!([{ "silence_ms": 300 }, { "transcript": "hi" }, { "drop": true }]));
    socket.binary(b"audio");
    assert_eq!(socket.receive_within(Duration::from_millis(100)), Got::Nothing);
    assert_eq!(transcript(&socket.message()), "hi");
    socket.binary(b"audio");
    assert!(matches!(socket.receive(), Got::Broken(_)));

    let provider = Provider::deepgram(json!({ "raw": ["{\"type\":\"SpeechStarted\"}"] }));
    let mut socket = open(&provider);
    socket.binary(b"audio");
    assert_eq!(socket.message()["type"], "SpeechStarted");
}

#[test]
fn cuts_texts_into_frames() {
    let (provider, mut socket) = hearing(json!([{ "fragment": 5 }, { "garbage": "caf\u{e9} au lait" }]));
    socket.binary(b"audio");
    assert_eq!(socket.receive(), Got::Text("caf\u{e9} au lait".into()));
    let frames = b"\x01\x05caf\xc3\xa9\x00\x05 au l\x80\x03ait";
    assert!(socket.got().ends_with(frames));
    socket.hang_up();
    provider.hung_up();
}
