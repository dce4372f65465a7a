//! Values hidden in a request: other digits, escapes, media, numbers, keys, parts, headers.

use acceptance::harness::{Chat, Matcher, Provider, function};
use serde_json::{Value, json};

use crate::leaks::{CARD, EMAIL, SSN, Twins};

const DIGITS: &str = "4111111111111111";

/// Each digit of the card by another character, grouped as cards are.
fn respelt(digit: impl Fn(u32) -> String) -> String {
    let digits: Vec<_> = DIGITS.chars().map(|letter| digit(letter.to_digit(10).unwrap())).collect();
    digits.chunks(4).map(<[String]>::concat).collect::<Vec<_>>().join("-")
}

fn from(zero: u32) -> impl Fn(u32) -> String {
    move |digit| char::from_u32(zero + digit).unwrap().to_string()
}

/// Every disguise is masked at the provider, and the twin's provider reads the value in it.
pub(super) fn every_disguise_is_masked(disguises: &[String], planted: &str) {
    every_disguise_is_masked_by(&Twins::quoting(), disguises, planted);
}

pub(super) fn every_disguise_is_masked_by(twins: &Twins, disguises: &[String], planted: &str) {
    let matcher = Matcher::of(&[planted]);
    for disguise in disguises {
        let asked = format!("charge {disguise} please");
        let answer = twins.ask(&Chat::user(&asked));
        assert_eq!(answer.said(), format!("You said: {asked}"), "the caller gets his own spelling back");
        let last = |provider: &Provider| provider.requests().pop().unwrap();
        matcher.find_all_in("what the twin saw", &last(&twins.bare).bytes());
        matcher.find_none_in("what the provider saw", &last(&twins.provider).bytes());
        let seen = last(&twins.provider).body()["messages"][0]["content"].as_str().unwrap().to_owned();
        assert!(seen.starts_with("charge ") && seen.ends_with(" please"), "{seen}");
    }
}

#[test]
fn row_1_other_digits() {
    let arabic = respelt(from(0x0660));
    let devanagari = respelt(from(0x0966));
    let full_width = respelt(from(0xff10));
    let mathematical = respelt(from(0x1d7d8));
    let superscript = respelt(|digit| ["⁰", "¹", "²", "³", "⁴"][digit as usize].into());
    let circled = respelt(|digit| char::from_u32(0x245f + digit).unwrap().to_string());
    every_disguise_is_masked(&[arabic, devanagari, full_width, mathematical, superscript, circled], CARD);
}

#[test]
fn row_1_characters_that_nobody_sees() {
    let between = |unseen: &'static str| respelt(move |digit| format!("{digit}{unseen}"));
    let unseen = ["\u{ad}", "\u{200b}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{fe0f}", "\u{34f}", "\u{e0100}"];
    every_disguise_is_masked(&unseen.map(between), CARD);
    every_disguise_is_masked(&[respelt(from(0xe0030))], CARD);
}

#[test]
fn row_2_cards_glued_together() {
    let twins = Twins::quoting();
    for glued in ["4111-1111-1111-11115555-5555-5555-4444", "4111 1111 1111 11115555-5555-5555-4444"] {
        assert_eq!(twins.ask(&Chat::user(&format!("cards {glued} ok"))).status, 200);
    }
    twins.hid_from_the_provider(&[CARD, "5555-5555-5555-4444"]);
}

#[test]
fn row_3_escapes_in_text() {
    let escapes = [
        "maria.lopez%40example.com",
        "maria.lopez%2540example.com",
        "maria.lopez&#64;example.com",
        "maria.lopez&#x40;example.com",
    ];
    every_disguise_is_masked(&escapes.map(str::to_owned), EMAIL);
    every_disguise_is_masked(&[r"maria.lopez\u0040example.com".to_owned()], EMAIL);
    every_disguise_is_masked(&["%34111-1111-1111-1111".to_owned(), "&#52;111-1111-1111-1111".to_owned()], CARD);
}

#[test]
fn row_3_escapes_of_the_document() {
    let twins = Twins::quoting();
    let body = format!(r#"{{"model":"sim","messages":[{{"role":"user","content":"{}"}}]}}"#, escaped(CARD));
    assert_eq!(twins.post(body.as_bytes()).said(), format!("You said: {CARD}"));
    let body = format!(r#"{{"model":"sim","messages":[{{"role":"user","\u0063ontent":"{}"}}]}}"#, escaped(EMAIL));
    twins.post(body.as_bytes());
    twins.hid_from_the_provider(&[CARD, EMAIL]);
}

fn escaped(text: &str) -> String {
    text.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect()
}

#[test]
fn row_5_media_is_refused() {
    let twins = Twins::quoting();
    let parts = [
        json!({"type": "image_url", "image_url": {"url": format!("https://example.com/?card={DIGITS}")}}),
        json!({"type": "input_audio", "input_audio": {"data": DIGITS, "format": "wav"}}),
        json!({"type": "file", "file": {"file_data": DIGITS}}),
        json!({"type": "text", "text": "hi", "image_url": {"url": DIGITS}}),
    ];
    for part in parts {
        let chat = Chat::user("").with("messages", json!([{"role": "user", "content": [part]}]));
        assert_eq!(twins.ask(&chat).code(), "media_refused");
    }
    assert!(twins.provider.requests().is_empty());
    twins.hid_from_the_provider(&[CARD]);
}

#[test]
fn row_6_numbers() {
    let twins = Twins::quoting();
    let body = format!(
        r#"{{"model":"sim","messages":[{{"role":"user","content":"hi"}}],"record":{{"n":{DIGITS},"list":[{DIGITS}],"not_a_card":4111111111111112,"amount":1234.5}}}}"#
    );
    assert_eq!(twins.post(body.as_bytes()).status, 200);
    twins.hid_from_the_provider(&[CARD]);
    let record = twins.provider.body()["record"].clone();
    // Without a checksum a number is a number.
    assert_eq!((&record["not_a_card"], &record["amount"]), (&json!(4_111_111_111_111_112_u64), &json!(1234.5)));
}

/// A number in pieces of so many digits, as strings and as integers.
fn in_pieces(size: usize) -> [String; 2] {
    let pieces: Vec<_> = DIGITS.as_bytes().chunks(size).map(|piece| std::str::from_utf8(piece).unwrap()).collect();
    [json!(pieces).to_string(), format!("[{}]", pieces.join(","))]
}

#[test]
fn row_6_arrays_of_digits() {
    let matcher = Matcher::of(&[CARD]);
    let twins = Twins::quoting();
    for list in (1..=4).flat_map(in_pieces) {
        let call = json!({"id": "c", "type": "function",
            "function": {"name": "f", "arguments": format!("{{\"card\": {list}}}")}});
        let pieces: Value = serde_json::from_str(&list).unwrap();
        let places = [
            Chat::user("hi").with("record", json!({"deep": [pieces], "years": [2023, 2024, 2025, 2026]})),
            Chat::user("hi").with("stop", pieces.clone()),
            Chat::user("").with("messages", json!([{"role": "user", "content": pieces}])),
            Chat::user("").with("messages", json!([{"role": "assistant", "tool_calls": [call]}])),
        ];
        for chat in places {
            assert_eq!(twins.ask(&chat).status, 200, "{}", chat.body());
            let last = |provider: &Provider| provider.requests().pop().unwrap().bytes();
            matcher.find_all_in("what the twin saw", &last(&twins.bare));
            matcher.find_none_in("what the provider saw", &last(&twins.provider));
        }
    }
    let seen = twins.provider.requests().iter().map(|seen| seen.body()["record"]["years"].clone()).next().unwrap();
    assert_eq!(seen, json!([2023, 2024, 2025, 2026]), "what is no number of anybody's stays");
    twins.kept_quiet(&[CARD]);
}

#[test]
fn row_7_keys_are_refused() {
    let twins = Twins::quoting();
    for key in [CARD, EMAIL, SSN] {
        let answer = twins.ask(&Chat::user("hi").with("metadata", json!({ key: "x" })));
        assert_eq!((answer.status, answer.code().as_str()), (400, "blocked"));
    }
    assert!(twins.provider.requests().is_empty());
    twins.hid_from_the_provider(&[CARD, EMAIL, SSN]);
}

#[test]
fn row_7_names_ids_and_words_of_the_protocol() {
    let twins = Twins::quoting();
    let message = |field: &str, value: &str| {
        let mut message = json!({"role": "user", "content": "hi"});
        message[field] = value.into();
        Chat::user("").with("messages", json!([message]))
    };
    let mut tool = function("look_up", "query");
    tool["function"]["parameters"]["properties"]["query"]["enum"] = json!([CARD]);
    let call = json!([{"role": "user", "content": "hi"}, {"role": "tool", "tool_call_id": CARD, "content": "x"}]);
    let chats = [
        Chat::user("hi").with("model", EMAIL),
        Chat::user("hi").with("stop", json!([CARD, SSN])),
        Chat::user("hi").with("user", EMAIL),
        Chat::user("hi").with("metadata", json!({"customer": SSN})),
        Chat::user("hi").with("tools", json!([function(&format!("call {CARD}"), "x")])),
        Chat::user("hi").with("tools", json!([tool])),
        Chat::user("hi").with("logit_bias", json!({"a": CARD})),
        Chat::user("").with("messages", call),
        message("name", EMAIL),
        message("role", SSN),
    ];
    for chat in chats {
        let answer = twins.ask(&chat);
        assert!(answer.status == 200 || answer.status == 400, "{}", answer.text());
    }
    twins.hid_from_the_provider(&[CARD, EMAIL, SSN]);
}

#[test]
fn row_10_parts_and_messages_are_joined() {
    let user = |content: Value| json!({"role": "user", "content": content});
    let text = |text: &str| json!({"type": "text", "text": text});
    let splits = [
        json!([user(json!([text("card 4111 1111 "), text("1111 1111")]))]),
        json!([user(json!([text("card 4111"), text(" 1111 11"), text("11 1111 ok")]))]),
        json!([user(json!("card 4111 1111 ")), user(json!("1111 1111"))]),
        json!([
            user(json!("card 41111111")),
            json!({"role": "assistant", "content": "go on"}),
            user(json!("11111111"))
        ]),
    ];
    let matcher = Matcher::of(&[CARD]);
    let twins = Twins::quoting();
    for messages in splits {
        assert_eq!(twins.ask(&Chat::user("").with("messages", messages)).status, 200);
        let said = |provider: &Provider| of_the_user(&provider.requests().pop().unwrap().body());
        matcher.find_all_in("what the twin's user said", said(&twins.bare).as_bytes());
        matcher.find_none_in("what the user said", said(&twins.provider).as_bytes());
    }
}

/// What the user said, joined over parts and messages.
fn of_the_user(body: &Value) -> String {
    let messages = body["messages"].as_array().unwrap().iter().filter(|message| message["role"] == "user");
    let text = |message: &Value| match message["content"].as_array() {
        Some(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect(),
        None => message["content"].as_str().unwrap_or_default().to_owned(),
    };
    messages.map(text).collect()
}

#[test]
fn row_10_context_of_the_message_before() {
    let twins = Twins::quoting();
    let chat =
        Chat::messages(&[("user", "hi"), ("assistant", "What is your social security number?"), ("user", "536228143")]);
    assert_eq!(twins.ask(&chat).said(), "You said: 536228143");
    twins.hid_from_the_provider(&["536228143"]);
}

#[test]
fn row_11_headers_path_and_query() {
    let twins = Twins::quoting();
    let body = Chat::user("hi").body();
    let names = [
        "user-agent",
        "cookie",
        "x-forwarded-for",
        "openai-organization",
        "openai-project",
        "x-stainless-os",
        "accept",
        "baggage",
    ];
    for client in [twins.unguarded(), twins.gateway.client()] {
        for name in names {
            client.clone().with_header(name, &format!("{EMAIL} {CARD}")).chat(&Chat::user("hi"));
        }
        for path in [
            format!("/v1/chat/completions?user={EMAIL}"),
            format!("/v1/models/{EMAIL}"),
            format!("/v1/{CARD}/chat/completions").replace(' ', "-"),
        ] {
            client.post(&path, body.as_bytes());
            client.get(&path);
        }
    }
    twins.hid_from_the_provider(&[CARD, EMAIL]);
}

#[test]
fn row_11_trailers() {
    let twins = Twins::quoting();
    let body = Chat::user("hi").body();
    for client in [twins.unguarded(), twins.gateway.client()] {
        let head = String::from_utf8(client.request("POST", "/v1/chat/completions", b"")).unwrap();
        let head = head.replace("content-length: 0", "transfer-encoding: chunked");
        let request = format!("{head}{:x}\r\n{body}\r\n0\r\nx-card: {CARD}\r\n\r\n", body.len());
        let mut connection = client.send(request.as_bytes());
        connection.finish_writing();
        connection.rest();
    }
    twins.hid_from_the_provider(&[CARD]);
}
