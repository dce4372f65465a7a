//! Row 14: a model is told to spell a value, to say it in words, to turn it round.

use acceptance::{
    base64,
    harness::{Chat, Gateway, Matcher, Provider},
};

use super::{
    disguised::{cut_at_every_place, masked_on_its_way_back},
    request_side::every_disguise_is_masked_by,
};
use crate::leaks::{CARD, EMAIL, SSN, Twins};

const MADE_UP: &str = "5555-5555-5555-4444";

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn row_14_said_in_a_request() {
    let twins = Twins::quoting().listening();
    let cards = [
        "four one one one one one one one one one one one one one one one",
        "four, one, one, one - one one one one - one one one one - one one one one",
        "four triple one, double one double one, double one double one, double one double one",
        "forty one eleven, eleven eleven, eleven eleven, eleven eleven",
        "FOUR ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE",
        "4 1 1 one 1 1 1 one 1 1 1 one 1 1 1 one",
    ];
    every_disguise_is_masked_by(&twins, &owned(&cards), CARD);
    let mails = ["maria dot lopez at example dot com", "m a r i a dot l o p e z at example dot com"];
    every_disguise_is_masked_by(&twins, &owned(&mails), EMAIL);
    let numbers = ["my social five three six, two two, eight one four three"];
    every_disguise_is_masked_by(&twins, &owned(&numbers), SSN);
}

#[test]
fn row_14_said_in_an_answer() {
    let cards = [
        "five five five five five five five five five five five five four four four four",
        "**five five five five**, five five five five, five five five five, four four four four",
        "double five double five, double five double five, double five double five, double four double four",
    ];
    masked_on_its_way_back(Twins::listening, &owned(&cards), MADE_UP);
    let mails = ["desk at bank dot example dot com", "d e s k at bank dot example dot com"];
    masked_on_its_way_back(Twins::listening, &owned(&mails), "desk@bank.example.com");
}

#[test]
fn row_14_said_and_cut_at_every_place() {
    let said = "it is five five five five, five five five five, five five five five, four four four four indeed";
    cut_at_every_place(Twins::listening, said, MADE_UP);
    cut_at_every_place(Twins::listening, "write to d e s k at bank dot example dot com now", "desk@bank.example.com");
}

#[test]
fn row_14_a_transformed_token_restores_nothing() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    gateway.client().chat(&Chat::user(&format!("card {CARD} ok")));
    let masked = provider.body()["messages"][0]["content"].as_str().unwrap().to_owned();
    let token = masked.trim_start_matches("card ").trim_end_matches(" ok");
    assert_ne!(token, CARD);
    let letters: Vec<_> = token.chars().map(String::from).collect();
    let transformed = [
        token.chars().rev().collect(),
        letters.join(" "),
        letters.join("-"),
        letters.join(", "),
        token.replace('_', " underscore "),
        base64::encode(token.as_bytes()),
        token.bytes().map(|byte| format!("{byte:02x}")).collect(),
        token.chars().map(rotated).collect(),
    ];
    let matcher = Matcher::of(&[CARD]);
    for changed in transformed {
        // The caller's own card is in the request as well, so that its token could be restored.
        for chat in
            [Chat::user(&format!("{changed} for {CARD}")), Chat::user(&format!("{changed} for {CARD}")).streamed()]
        {
            let said = gateway.client().chat(&chat).said();
            let said = said.strip_prefix("You said: ").and_then(|s| s.strip_suffix(&format!(" for {CARD}"))).unwrap();
            assert!(matcher.find(said.as_bytes()).is_empty(), "{changed} came back as {said}");
        }
    }
}

/// A letter thirteen places on.
fn rotated(letter: char) -> char {
    let turn = |base: u8| char::from(base + (letter as u8 - base + 13) % 26);
    match letter {
        'a'..='z' => turn(b'a'),
        'A'..='Z' => turn(b'A'),
        other => other,
    }
}
