//! Row 17: endless input. Every bound ends in a mask or a refusal, and others are served meanwhile.

use std::time::{Duration, Instant};

use acceptance::harness::{Chat, Gateway, Provider};
use serde_json::json;

use crate::leaks::{CARD, Twins};

const ROOM: u64 = 128 << 20;

/// Streams such a text; what came, and how long it took.
fn endless(content: &str, repeat: usize) -> (String, Duration) {
    let provider = Provider::with(json!({"content": content, "repeat": repeat, "chars": 200}));
    let mut gateway = Gateway::before(&provider);
    let before = gateway.program().resident().unwrap_or(0);
    let started = Instant::now();
    let answer = gateway.client().chat(&Chat::user("hi").streamed());
    let took = started.elapsed();
    let after = gateway.program().resident().unwrap_or(0);
    assert!(after < before + ROOM, "from {before} to {after} bytes");
    assert_eq!(gateway.client().get("/healthz").status, 200);
    (answer.stream().content(0), took)
}

#[test]
fn an_endless_prefix() {
    let (text, took) = endless("a.a.a.a", 60_000);
    assert!(text.len() >= 400_000, "{} bytes", text.len());
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn an_endless_run_of_digits() {
    let (_, took) = endless("4111111111111111", 20_000);
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn an_endless_key_is_masked_from_its_start() {
    let (text, _) = endless("sk-abcdefghijklmnopqrstuvwxyz0123456789", 5_000);
    assert!(text.len() < 1000 && !text.contains("abcdefgh"), "{}", &text[..text.len().min(200)]);
}

#[test]
fn a_request_of_live_prefixes_holds_up_nobody() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let heavy = gateway.client().open(&Chat::user(&"a.a.a.a@a.a.".repeat(300_000)));
    let started = Instant::now();
    assert_eq!(gateway.client().chat(&Chat::user(CARD)).said(), format!("You said: {CARD}"));
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    heavy.abort();
}

#[test]
fn more_channels_than_anybody_follows() {
    let mut body = String::new();
    for index in 0..200_000 {
        body += &format!("data: {{\"choices\":[{{\"index\":{index},\"delta\":{{\"content\":\"5555-5555-\"}}}}]}}\n\n");
    }
    let provider = Provider::with(json!({ "body": body }));
    let mut gateway = Gateway::before(&provider);
    let answer = gateway.client().chat(&Chat::user("hi").streamed());
    assert!(!answer.stream().is_done() && !answer.text().contains("5555-5555-"), "a bound is reached and refuses");
    let resident = gateway.program().resident();
    assert!(resident.is_none_or(|bytes| bytes < 2 * ROOM), "{resident:?}");
}

#[test]
fn many_values_in_one_request() {
    let twins = Twins::quoting();
    let mails: Vec<_> = (0..5000).map(|n| format!("m{n:04}@example.com")).collect();
    let asked = mails.join(" ");
    assert_eq!(twins.ask(&Chat::user(&asked).streamed()).said(), format!("You said: {asked}"));
    twins.hid_from_the_provider(&["m0000@example.com", "m2500@example.com", "m4999@example.com"]);
}
