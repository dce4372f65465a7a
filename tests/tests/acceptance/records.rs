//! The record of an exchange: what happened, never a value.

use acceptance::harness::{Chat, Gateway, Provider, eventually};
use serde_json::json;

use crate::leaks::{CARD, EMAIL, Twins};

#[test]
fn every_exchange_has_one_line_with_the_contracts_fields() {
    let provider = Provider::making_up(" 5555-5555-5555-4444");
    let gateway = Gateway::before(&provider);
    let answer = gateway.client().chat(&Chat::user(&format!("card {CARD}, mail {EMAIL}")).streamed());
    let record = gateway.record(&answer.exchange());
    let fields = [
        "exchange",
        "conversation",
        "caller",
        "route",
        "leg",
        "status",
        "deny",
        "policy",
        "packs",
        "findings",
        "shadow",
        "restored",
        "alerts",
        "unscanned",
        "us",
        "bytes",
        "aborted",
    ];
    for field in fields {
        assert!(record.get(field).is_some(), "{field} is missing: {record}");
    }
    assert_eq!(record["findings"]["in"], json!({"pan": 1, "email": 1}));
    assert_eq!(record["findings"]["out"], json!({"pan": 1}));
    assert_eq!((&record["restored"], &record["status"], &record["leg"]), (&json!(2), &json!(200), &json!("llm")));
    assert_eq!(record["policy"], "default@3");
    assert!(record["us"]["total"].as_u64().unwrap() > 0 && record["bytes"]["in"].as_u64().unwrap() > 0);
    assert_eq!(gateway.records().len(), 1);
}

#[test]
fn refusals_and_departures_are_recorded() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let refused = gateway.client().post("/v1/chat/completions", b"{");
    assert_eq!(gateway.record(&refused.exchange())["deny"], "body_invalid");
    let mut connection = gateway.client().open(&Chat::user("hi").streamed().meeting("hang-mid"));
    connection.read_until("data:");
    connection.abort();
    let aborted = |who: &'static str| move || gateway.records().into_iter().find(|record| record["aborted"] == who);
    eventually("the record of a client that left", aborted("client"));
}

#[test]
fn a_provider_that_breaks_off_is_recorded() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let answer = gateway.client().chat(&Chat::user("hi").streamed().meeting("close-mid"));
    assert_eq!(gateway.record(&answer.exchange())["aborted"], "upstream");
}

#[test]
fn nothing_that_was_said_is_written_down() {
    let twins = Twins::with(json!({"made_up": " 5555-5555-5555-4444 and desk@bank.example.com"}));
    let client = twins.gateway.client();
    for fault in ["error-echo", "garbage", "error-event", "close-mid", "gzip", "status-500"] {
        client.chat(&Chat::user(&format!("{CARD} {EMAIL}")).streamed().meeting(fault));
        client.chat(&Chat::user(&format!("{CARD} {EMAIL}")).meeting(fault));
    }
    client.post(&format!("/v1/{EMAIL}"), format!("{{\"{CARD}\":1").as_bytes());
    client.clone().with_header("x-tidegate-conversation", EMAIL).chat(&Chat::user(CARD));
    client.clone().with_header("content-type", EMAIL).chat(&Chat::user(CARD));
    twins.kept_quiet(&[CARD, EMAIL, "5555-5555-5555-4444", "desk@bank.example.com"]);
}
