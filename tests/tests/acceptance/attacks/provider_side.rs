//! Values that a provider lets through: parser differences, framing, cut-off answers, echoes in errors.

use acceptance::harness::{Chat, Matcher, PROVIDER_KEY};
use serde_json::json;

use crate::leaks::{CARD, EMAIL, Twins};

const MADE_UP: &str = "5555-5555-5555-4444";
const MADE_UP_EMAIL: &str = "desk@bank.example.com";

fn event(content: &str) -> String {
    json!({"choices": [{"index": 0, "delta": {"content": content}}]}).to_string()
}

fn finish() -> String {
    json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}).to_string()
}

/// This body, streamed: the values must not reach the agent, and do without the gateway.
fn streamed(body: &str, planted: &[&str]) -> String {
    let twins = Twins::with(json!({ "body": body }));
    let guarded = twins.hid_from_the_agent(&Chat::user("hi").streamed(), planted);
    guarded.text()
}

#[test]
fn row_8_line_ends_of_the_standard() {
    for end in ["\n", "\r", "\r\n"] {
        let lines = [
            format!("data: {}", event("card 5555-5555-")),
            format!("data: {}", event("5555-4444.")),
            format!("data: {}", finish()),
        ];
        let body = lines.map(|line| format!("{line}{end}{end}")).concat() + &format!("data: [DONE]{end}{end}");
        let text = streamed(&body, &[MADE_UP]);
        assert!(text.contains("[PAN]"), "{end:?}: {text}");
    }
}

#[test]
fn row_8_several_data_lines_and_a_byte_order_mark() {
    let whole = event(&format!("card {MADE_UP} ok"));
    let (left, right) = whole.split_at(whole.find("\"index\"").unwrap());
    let body = format!("\u{feff}data: {left}\ndata: {right}\n\ndata: {}\n\ndata: [DONE]\n\n", finish());
    streamed(&body, &[MADE_UP]);
}

#[test]
fn row_8_fields_twice() {
    let body = format!(
        "data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"x\",\"content\":\"{MADE_UP}\"}}}}]}}\n\ndata: {}\n\ndata: [DONE]\n\n",
        finish()
    );
    streamed(&body, &[MADE_UP]);
}

#[test]
fn row_9_cut_off_before_the_last_digit() {
    for cut in ["5555-5555-5555-444", "5555-5555-5555", "555555555555444"] {
        let twins = Twins::with(json!({"content": format!("your card is {cut}"), "finish": "length", "chars": 3}));
        for chat in [Chat::user("hi").streamed(), Chat::user("hi")] {
            let answer = twins.hid_from_the_agent(&chat.with("max_tokens", 9), &[cut]);
            assert!(answer.said().starts_with("your card is "), "{}", answer.text());
        }
    }
    let twins = Twins::with(json!({"content": "number 5555-5555-55"}));
    twins.hid_from_the_agent(&Chat::user("hi").streamed().with("stop", json!(["55-4444"])), &["5555-5555-55"]);
}

#[test]
fn row_9_a_request_that_is_cut_off() {
    let twins = Twins::quoting();
    let chat = Chat::messages(&[("user", "my card is 4111 1111 1111 111")]);
    assert_eq!(twins.ask(&chat).status, 200);
    twins.hid_from_the_provider(&["4111 1111 1111 111"]);
}

#[test]
fn row_12_comments_ids_and_event_names() {
    let body = format!(
        ": {MADE_UP}\n\nid: {MADE_UP}\nevent: {MADE_UP_EMAIL}\nretry: 5555555555554444\ndata: {}\n\n{MADE_UP_EMAIL}: x\ndata: {}\n\ndata: [DONE]\n\n",
        event("hello"),
        finish()
    );
    streamed(&body, &[MADE_UP, MADE_UP_EMAIL]);
}

#[test]
fn row_12_text_outside_of_events() {
    let body = format!(
        "{MADE_UP}\n\ndata: {}\n\ndata: {}\n\ndata: [DONE]\n\ndata: {MADE_UP_EMAIL}\n\n",
        event("hello"),
        finish()
    );
    streamed(&body, &[MADE_UP, MADE_UP_EMAIL]);
}

#[test]
fn row_6_arrays_of_digits() {
    let digits = MADE_UP.replace('-', "");
    let pieces: Vec<_> = digits.as_bytes().chunks(2).map(|piece| std::str::from_utf8(piece).unwrap()).collect();
    for list in [json!(pieces).to_string(), format!("[{}]", pieces.join(","))] {
        // In one event, where no table names them.
        let choice = format!("{{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"hi\",\"note\":{list}}}}}]}}");
        streamed(&format!("data: {choice}\n\ndata: {}\n\ndata: [DONE]\n\n", finish()), &[MADE_UP]);
        // In a call's arguments, which come a few characters at a time, and whole.
        let arguments = format!("{{\"card\": {list}, \"then\": \"pay\"}}");
        for chars in [1, 3, 50] {
            let twins = Twins::with(json!({"arguments": arguments, "chars": chars}));
            for chat in [Chat::user("hi").streamed(), Chat::user("hi")] {
                let answer = twins.hid_from_the_agent(&chat.offering("pay", "card"), &[MADE_UP]);
                let arguments: serde_json::Value = serde_json::from_str(&answer.arguments(0)).unwrap();
                assert_eq!((&arguments["card"][0], &arguments["then"]), (&json!("[PAN]"), &json!("pay")));
            }
        }
    }
}

#[test]
fn row_7_ids_and_fields_of_an_answer() {
    let event = json!({"id": MADE_UP, "object": MADE_UP_EMAIL, "model": MADE_UP_EMAIL, "system_fingerprint": MADE_UP,
        "choices": [{"index": 0, "delta": {"content": "hello"}, "note": [MADE_UP]}]});
    streamed(&format!("data: {event}\n\ndata: {}\n\ndata: [DONE]\n\n", finish()), &[MADE_UP, MADE_UP_EMAIL]);
}

#[test]
fn row_7_keys_of_an_answer() {
    let event = json!({"choices": [{"index": 0, "delta": {"content": "hello", MADE_UP: "x"}}]});
    streamed(&format!("data: {event}\n\ndata: {}\n\ndata: [DONE]\n\n", finish()), &[MADE_UP]);
}

#[test]
fn an_answer_in_one_document_is_masked_everywhere() {
    let body = json!({"id": MADE_UP, "object": "chat.completion", "created": 1, "model": MADE_UP_EMAIL, "extra": {"deep": [MADE_UP]},
        "choices": [{"index": 0, "message": {"role": "assistant", "content": format!("{MADE_UP} {MADE_UP_EMAIL}"), "note": MADE_UP}, "finish_reason": "stop"}]});
    let twins = Twins::with(json!({"body": body.to_string()}));
    let answer = twins.hid_from_the_agent(&Chat::user("hi"), &[MADE_UP, MADE_UP_EMAIL]);
    assert_eq!(answer.said(), "[PAN] [EMAIL]");
}

#[test]
fn row_16_an_error_that_quotes() {
    let twins = Twins::with(json!({"status": 400, "fault": "error-echo", "made_up": MADE_UP}));
    let answer = twins.ask(&Chat::user(&format!("{CARD} {EMAIL}")));
    assert_eq!(answer.status, 400);
    assert!(!String::from_utf8_lossy(answer.raw()).contains(PROVIDER_KEY));
    twins.hid_from_the_provider(&[CARD, EMAIL]);
}

#[test]
fn row_16_our_own_errors_quote_nothing() {
    let twins = Twins::quoting();
    let client = twins.gateway.client();
    let matcher = Matcher::of(&[CARD, EMAIL]);
    let bodies = [
        format!("{{\"{CARD}\": {{\"{EMAIL}\""),
        format!("{{\"model\":\"x\",\"{CARD}\":1,\"{CARD}\":2}}"),
        format!("[\"{EMAIL}\", \"{CARD}\"]"),
        format!("{{\"messages\":[{{\"role\":\"user\",\"content\":[{{\"type\":\"{EMAIL}\",\"x\":\"{CARD}\"}}]}}]}}"),
    ];
    for body in bodies {
        let answer = client.post("/v1/chat/completions", body.as_bytes());
        assert!(answer.status == 400, "{}", answer.text());
        matcher.find_none_in("an error", answer.raw());
    }
    for path in [format!("/v1/{EMAIL}"), format!("/{EMAIL}/v1/chat/completions"), format!("/v1/models/{EMAIL}")] {
        matcher.find_none_in("an error", client.get(&path).raw());
    }
    matcher.find_none_in("an error", client.clone().with_key(EMAIL).chat(&Chat::user("hi")).raw());
    twins.kept_quiet(&[CARD, EMAIL]);
}
