//! Several choices: each a text of its own, interleaved.

use acceptance::harness::{Chat, Gateway, Provider};
use serde_json::json;

use crate::leaks::{CARD, EMAIL, Twins};

#[test]
fn both_choices_are_restored() {
    let provider = Provider::with(json!({"chars": 3}));
    let gateway = Gateway::before(&provider);
    let asked = format!("{CARD} and {EMAIL} ok");
    for chat in [Chat::user(&asked), Chat::user(&asked).streamed()] {
        let answer = gateway.client().chat(&chat.with("n", 2));
        for choice in 0..2 {
            assert_eq!(answer.said_in(choice), format!("You said: {asked}"));
        }
    }
}

#[test]
fn both_choices_are_masked() {
    let twins = Twins::with(json!({"made_up": " 5555-5555-5555-4444 or desk@bank.example.com.", "chars": 5}));
    for chat in [Chat::user("hi"), Chat::user("hi").streamed()] {
        let planted = ["5555-5555-5555-4444", "desk@bank.example.com"];
        let answer = twins.hid_from_the_agent(&chat.with("n", 2), &planted);
        for choice in 0..2 {
            assert_eq!(answer.said_in(choice), "You said: hi [PAN] or [EMAIL].");
        }
    }
}

#[test]
fn every_choice_ends_with_its_reason() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let stream = gateway.client().chat(&Chat::user(CARD).streamed().with("n", 3)).stream();
    for choice in 0..3 {
        assert_eq!(stream.finish(choice).as_deref(), Some("stop"));
        assert_eq!(stream.content(choice), format!("You said: {CARD}"));
    }
    assert!(stream.is_done());
}

#[test]
fn tool_calls_of_two_choices_are_restored() {
    let provider = Provider::with(json!({"chars": 2}));
    let gateway = Gateway::before(&provider);
    let answer = gateway.client().chat(&Chat::user(CARD).streamed().offering("pay", "card").with("n", 2));
    for choice in 0..2 {
        assert_eq!(answer.stream().arguments(choice, 0), json!({ "card": CARD }).to_string());
    }
}
