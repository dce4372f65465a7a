//! Speech to text: what the recogniser heard, as the agent may see it.

use acceptance::harness::Got;
use serde_json::{Value, json};

use super::{exchange, holds, listening, open};

const SAID: &str = "sure my card number is four one one one one one one one one one one one one one one one thanks";

/// The updates of a recogniser that hears a text word by word, and then finally.
fn heard(text: &str) -> Vec<Value> {
    let words: Vec<&str> = text.split(' ').collect();
    let partials = (1..words.len()).map(|n| json!({"transcript": words[..n].join(" "), "is_final": false}));
    partials.chain([json!({"transcript": text, "is_final": true, "speech_final": true})]).collect()
}

/// Words for digits, and digits.
fn digits(text: &str) -> usize {
    const WORDS: [&str; 11] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "oh"];
    let says = |w: &&str| WORDS.contains(w) || w.bytes().any(|b| b.is_ascii_digit());
    text.split(|c: char| !c.is_alphanumeric()).filter(says).count()
}

fn alternative(message: &Value) -> &Value {
    &message["channel"]["alternatives"][0]
}

/// All words of a message, in every column.
fn words(message: &Value) -> String {
    let words = alternative(message)["words"].as_array().unwrap();
    let both = |w: &Value| format!("{} {}", w["word"].as_str().unwrap(), w["punctuated_word"].as_str().unwrap());
    words.iter().map(both).collect::<Vec<_>>().join(" ")
}

#[test]
fn no_partial_shows_what_the_final_hides() {
    let updates = heard(SAID);
    let (_provider, gateway) = listening(json!({ "updates": updates }));
    let mut socket = open(&gateway, "/v1/listen?model=nova-3&interim_results=true&keyterm=Tide%20Gate");
    for update in &updates {
        socket.binary(&[0; 3200]);
        let message = socket.message();
        assert_eq!(message["is_final"], update["is_final"]);
        let transcript = alternative(&message)["transcript"].as_str().unwrap();
        assert_eq!(digits(transcript) + digits(&words(&message)), 0, "{message}");
        let count = update["transcript"].as_str().unwrap().split(' ').count();
        assert_eq!(alternative(&message)["words"].as_array().unwrap().len(), count, "arrays keep their length");
        if message["is_final"] == true {
            assert_eq!(transcript, "sure my card number is [PAN] thanks");
        }
    }
    let record = {
        let exchange = exchange(&socket);
        socket.close(1000, "");
        assert!(matches!(last(&mut socket), Got::Close(..)));
        gateway.record(&exchange)
    };
    assert_eq!(record["leg"], "stt");
    assert_eq!(record["route"], "/v1/listen");
    assert_eq!(record["status"], 101);
    assert_eq!(record["findings"]["out"], json!({"pan": 1}));
    assert_eq!(record["unscanned"], json!(["audio"]));
    assert!(!holds(gateway.wrote().as_bytes(), "four one"));
}

/// What ends a session, texts before it passed over.
fn last(socket: &mut acceptance::harness::Socket) -> Got {
    loop {
        match socket.receive() {
            Got::Text(_) | Got::Binary(_) | Got::Ping(_) | Got::Pong(_) => {}
            got => return got,
        }
    }
}

#[test]
fn audio_and_control_messages_arrive_as_they_were_sent() {
    let (provider, gateway) = listening(json!({"updates": []}));
    let mut socket = open(&gateway, "/deepgram/v1/listen");
    let frames: Vec<Vec<u8>> = (0..20u8).map(|n| vec![n; 100 * usize::from(n) + 1]).collect();
    frames.iter().for_each(|frame| socket.binary(frame));
    let control = r#"{ "type" : "KeepAlive" }"#;
    socket.text(control);
    socket.json(&json!({"type": "Configure", "keyterms": ["Tidegate", "card 4111 1111 1111 1111"]}));
    socket.json(&json!({"type": "CloseStream"}));
    while !matches!(socket.receive(), Got::Close(..) | Got::Broken(_)) {}
    assert_eq!(provider.messages("binary"), frames);
    let texts = provider.messages("text");
    assert_eq!(texts[0], control.as_bytes());
    assert!(holds(&texts[1], "[PAN]") && holds(&texts[1], "Tidegate"));
    assert!(!holds(&provider.saw(), "4111"));
}
