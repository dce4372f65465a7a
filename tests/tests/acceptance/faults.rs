//! What a provider gets wrong: never a truncated answer that looks complete, never a held byte let go.

use std::time::Duration;

use acceptance::harness::{Chat, Gateway, Matcher, Provider, Response};
use serde_json::json;

use crate::leaks::CARD;

const HASTY: &str = "deadlines: {connect: 1s, head: 500ms, idle: 500ms, drain: 1s}";
const MADE_UP: &str = "5555-5555-5555-4444";

fn stream() -> Chat {
    Chat::user("a question").streamed()
}

/// A stream that says that it failed: an error event at its end, no `[DONE]`, and no finish reason.
fn failed(answer: &Response, code: &str) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let stream = answer.stream();
    assert_eq!(stream.error().as_deref(), Some(code), "{}", answer.text());
    assert!(!stream.is_done() && stream.finish(0).is_none(), "{}", answer.text());
}

#[test]
fn no_answer_at_all() {
    let nobody = Gateway::to(&[("openai", "http://127.0.0.1:9")]);
    let answer = nobody.client().chat(&stream());
    assert_eq!((answer.status, answer.code().as_str()), (502, "upstream_unreachable"));
    let provider = Provider::quoting();
    let gateway = Gateway::configured(&provider, HASTY);
    for chat in [stream(), Chat::user("hi")] {
        let answer = gateway.client().chat(&chat.meeting("hang-head"));
        assert_eq!((answer.status, answer.code().as_str()), (504, "upstream_timeout"));
        assert!(answer.took < Duration::from_secs(5));
    }
}

#[test]
fn half_an_answer() {
    let provider = Provider::with(json!({"chars": 2}));
    let gateway = Gateway::configured(&provider, HASTY);
    failed(&gateway.client().chat(&stream().meeting("hang-mid")), "upstream_timeout");
    for fault in ["close-mid", "short-body"] {
        failed(&gateway.client().chat(&stream().meeting(fault)), "upstream_garbage");
    }
    for fault in ["hang-mid", "close-mid", "short-body"] {
        let answer = gateway.client().chat(&Chat::user("hi").meeting(fault));
        assert!(matches!(answer.status, 502 | 504), "{fault}: {}", answer.status);
    }
}

#[test]
fn a_value_cut_in_half_is_dropped() {
    // Behind 8 deltas of 3 characters a card stands half written.
    let scenario = json!({"content": format!("It is card {MADE_UP} there."), "chars": 3, "at": 9});
    let provider = Provider::with(scenario);
    let gateway = Gateway::before(&provider);
    for fault in ["close-mid", "short-body", "garbage", "invalid-utf8", "error-event"] {
        let answer = gateway.client().chat(&stream().meeting(fault));
        assert!(!answer.text().contains("555"), "{fault}: {}", answer.text());
        assert!(!answer.stream().is_done(), "{fault}");
    }
}

#[test]
fn a_stream_that_ends_too_early() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    failed(&gateway.client().chat(&stream().meeting("no-finish")), "upstream_garbage");
    // Behind a finish reason a clean end is an end.
    let answer = gateway.client().chat(&stream().meeting("no-done"));
    assert_eq!(answer.said(), "You said: a question");
    assert_eq!(answer.stream().error(), None, "{}", answer.text());
}

#[test]
fn what_cannot_be_read() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    failed(&gateway.client().chat(&stream().meeting("garbage")), "upstream_garbage");
    failed(&gateway.client().chat(&stream().meeting("invalid-utf8")), "upstream_garbage");
    for fault in ["gzip", "wrong-type"] {
        for chat in [stream(), Chat::user("hi")] {
            let answer = gateway.client().chat(&chat.meeting(fault));
            assert_eq!((answer.status, answer.code().as_str()), (502, "upstream_garbage"), "{fault}");
        }
    }
    let redirected = gateway.client().chat(&stream().meeting("redirect"));
    assert_eq!((redirected.status, redirected.header("location")), (502, None));
}

#[test]
fn an_event_of_any_size_is_bounded() {
    let provider = Provider::quoting();
    let mut gateway = Gateway::before(&provider);
    let answer = gateway.client().chat(&stream().meeting("huge-event"));
    assert!(!answer.stream().is_done(), "an event of 16 MiB is refused");
    let resident = gateway.program().resident();
    assert!(resident.is_none_or(|bytes| bytes < 200 << 20), "{resident:?}");
}

#[test]
fn a_providers_error_keeps_its_status_and_is_masked() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let matcher = Matcher::of(&[MADE_UP, acceptance::harness::PROVIDER_KEY]);
    for status in [400, 404, 422, 429, 500, 503] {
        let answer = gateway.client().chat(&stream().meeting(&format!("status-{status}")));
        assert_eq!(answer.status, status);
        assert!(answer.json()["error"]["message"].is_string());
    }
    let chat = Chat::user(&format!("card {CARD}")).meeting("error-echo");
    let answer = gateway.client().chat(&chat);
    assert_eq!(answer.status, 400);
    matcher.find_none_in("the error", answer.raw());
}

#[test]
fn a_providers_error_event_ends_the_stream() {
    let provider = Provider::quoting();
    let answer = Gateway::before(&provider).client().chat(&stream().meeting("error-event"));
    let last = answer.stream().events().pop().unwrap();
    assert!(last["error"]["message"].is_string() && !answer.stream().is_done(), "{}", answer.text());
}

#[test]
fn informational_heads_and_trailers_stay_behind() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    for fault in ["informational", "trailers"] {
        let answer = gateway.client().chat(&stream().meeting(fault));
        assert_eq!(answer.said(), "You said: a question", "{fault}");
        let raw = String::from_utf8_lossy(answer.raw()).into_owned();
        assert!(!raw.contains("x-trailer") && !raw.contains("103"), "{raw}");
    }
}

#[test]
fn a_body_that_ends_with_its_connection() {
    let framings = ["close", "length", "chunked"];
    let line = |framing: &str| json!({"name": framing, "framing": framing, "dribble": 5}).to_string();
    let provider = Provider::following(&framings.map(line).join("\n"));
    let gateway = Gateway::before(&provider);
    for framing in framings {
        let answer = gateway.client().chat(&Chat::user(CARD).streamed().meeting(framing));
        assert_eq!(answer.said(), format!("You said: {CARD}"), "{framing}");
        assert!(answer.stream().is_done() && answer.whole);
    }
}

#[test]
fn one_exchange_that_fails_fails_alone() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    for fault in ["close-mid", "garbage", "gzip", "invalid-utf8"] {
        gateway.client().chat(&stream().meeting(fault));
        assert_eq!(gateway.client().chat(&stream()).said(), "You said: a question", "after {fault}");
    }
}
