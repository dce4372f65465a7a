//! Values that a reader sees and a search does not: marks and separators inside, escapes, encodings; both ways.

use acceptance::{
    base64,
    harness::{Chat, Matcher, Provider},
};
use serde_json::json;

use super::request_side::every_disguise_is_masked;
use crate::leaks::{CARD, EMAIL, SSN, Twins};

/// What a model makes up: nobody's, so that it is a label.
const MADE_UP: &str = "5555-5555-5555-4444";
const MADE_UP_EMAIL: &str = "desk@bank.example.com";

/// What a model says, in deltas of one, three and forty characters and in one document: the agent reads the label.
pub(super) fn every_disguise_is_masked_on_its_way_back(disguises: &[String], planted: &str) {
    masked_on_its_way_back(|twins| twins, disguises, planted);
}

/// The same by gateways that `hear` makes of the usual ones.
pub(super) fn masked_on_its_way_back(hear: fn(Twins) -> Twins, disguises: &[String], planted: &str) {
    let scenario = |(name, disguise): (usize, &String), chars: usize| json!({"name": format!("{name}-{chars}"), "content": format!("it is {disguise} indeed"), "chars": chars});
    let script = |chars| disguises.iter().enumerate().map(move |d| scenario(d, chars).to_string());
    let twins = hear(Twins::following(&[1, 3, 40].into_iter().flat_map(script).collect::<Vec<_>>().join("\n")));
    for name in 0..disguises.len() {
        let said = [1, 3, 40].map(|chars| {
            let chat = Chat::user("hi").meeting(&format!("{name}-{chars}"));
            let whole = twins.hid_from_the_agent(&chat, &[planted]).said();
            let streamed = twins.hid_from_the_agent(&chat.streamed(), &[planted]).said();
            assert_eq!(streamed, whole);
            whole
        });
        assert!(said[0].starts_with("it is ") && said[0].ends_with(" indeed"), "{}", said[0]);
        assert!(said.iter().all(|other| *other == said[0]), "{said:?}");
    }
}

/// The card in the request, what the model makes up in the answer.
fn both_ways(disguises: &[&dyn Fn(&str) -> String]) {
    let of = |number: &str| disguises.iter().map(|disguise| disguise(number)).collect::<Vec<_>>();
    every_disguise_is_masked(&of(&CARD.replace(' ', "-")), CARD);
    every_disguise_is_masked_on_its_way_back(&of(MADE_UP), MADE_UP);
}

/// The same with each of these between groups.
fn both_ways_between(separators: &[&str]) {
    let disguises: Vec<_> = separators.iter().map(|between| move |number: &str| grouped(number, between)).collect();
    both_ways(&disguises.iter().map(|disguise| disguise as &dyn Fn(&str) -> String).collect::<Vec<_>>());
}

/// The groups of a number with this between them.
fn grouped(number: &str, between: &str) -> String {
    number.split('-').collect::<Vec<_>>().join(between)
}

/// Each digit with this behind it.
fn digit_by_digit(number: &str, between: &str) -> String {
    let digits: Vec<_> = number.chars().filter(char::is_ascii_digit).map(String::from).collect();
    digits.join(between)
}

#[test]
fn row_2_marks() {
    both_ways(&[
        &|number| format!("**{}**", grouped(number, "** **")),
        &|number| format!("_{}_", grouped(number, "_ _")),
        &|number| format!("~~{}~~", grouped(number, "~~-~~")),
        &|number| format!("`{}`", grouped(number, "` `")),
        &|number| digit_by_digit(number, "**"),
    ]);
    every_disguise_is_masked(&["**maria**.lopez@*example*.com".into(), "maria.lopez`@`example.com".into()], EMAIL);
    every_disguise_is_masked(&["536-**22**-8143".into(), "**536**-22-`8143`".into()], SSN);
    every_disguise_is_masked_on_its_way_back(&["desk@**bank**.example.com".into()], MADE_UP_EMAIL);
}

#[test]
fn row_2_backslashes() {
    both_ways_between(&["\\-", "\\."]);
    every_disguise_is_masked(&[r"maria\.lopez\@example\.com".into(), r"maria.lopez\@example.com".into()], EMAIL);
    every_disguise_is_masked(&[r"536\-22\-8143".into()], SSN);
}

#[test]
fn row_2_separators_between_groups() {
    both_ways_between(&[" - ", ", ", " ", "  ", ".", "/", " / ", "|", " | ", "\n", "\r\n"]);
}

#[test]
fn row_2_separators_between_digits() {
    both_ways(&[
        &|number| digit_by_digit(number, "\n"),
        &|number| digit_by_digit(number, " "),
        &|number| digit_by_digit(number, ", "),
        &|number| format!("| {} |", digit_by_digit(number, " | ")),
    ]);
}

#[test]
fn row_3_escapes_by_two_digits() {
    every_disguise_is_masked(
        &[r"maria.lopez\x40example.com".into(), r"maria\x2elopez\x40example\x2ecom".into()],
        EMAIL,
    );
    every_disguise_is_masked(&[r"\x34111-1111-1111-1111".into(), r"4111\x2d1111\x2d1111\x2d1111".into()], CARD);
    every_disguise_is_masked_on_its_way_back(&[r"desk\x40bank.example.com".into()], MADE_UP_EMAIL);
    every_disguise_is_masked_on_its_way_back(&[r"\x35555-5555-5555-4444".into()], MADE_UP);
}

/// The same in each encoding.
fn encoded(plain: &str) -> Vec<String> {
    let standard = base64::encode(plain.as_bytes());
    let hex = |digits: &str| plain.bytes().map(|byte| digits.replace("{}", &format!("{byte:02x}"))).collect::<String>();
    let (first, second) = standard.split_at(16);
    vec![
        standard.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned(),
        format!("data:text/plain;base64,{standard}"),
        format!("{first}\n{second}"),
        format!("{first}\r\n{second}"),
        hex("{}"),
        hex("{}").to_uppercase(),
        standard,
    ]
}

/// The value alone and inside a sentence, at each of the three places in a group where it can begin.
fn encodings(value: &str) -> Vec<String> {
    let around = ["", "x", "xy", "my number is ", "please charge "].map(|before| format!("{before}{value}"));
    around.iter().flat_map(|plain| encoded(plain)).chain(encoded(&format!("{value}, then call me"))).collect()
}

#[test]
fn row_4_encoded_in_a_request() {
    let twins = Twins::quoting();
    let digits = CARD.replace(' ', "");
    for value in [CARD, &digits, EMAIL] {
        let matcher = Matcher::of(&[value]);
        for disguise in encodings(value) {
            let asked = format!("look at {disguise} please");
            let parts = json!([{"role": "user", "content": [{"type": "text", "text": asked}]}]);
            for chat in [Chat::user(&asked), Chat::user("").with("messages", parts)] {
                assert_eq!(twins.ask(&chat).status, 200);
                let last = |provider: &Provider| provider.requests().pop().unwrap().bytes();
                matcher.find_all_in("what the twin saw", &last(&twins.bare));
                matcher.find_none_in("what the provider saw", &last(&twins.provider));
            }
        }
    }
    twins.kept_quiet(&[CARD, EMAIL]);
}

#[test]
fn row_4_encoded_in_an_answer() {
    every_disguise_is_masked_on_its_way_back(&encodings(&MADE_UP.replace('-', "")), MADE_UP);
    every_disguise_is_masked_on_its_way_back(&encodings(MADE_UP_EMAIL), MADE_UP_EMAIL);
}

#[test]
#[ignore = "the engine sees no run where a line ends before its sixteenth character"]
fn row_4_lines_shorter_than_a_run() {
    let lines = |value: &str, length: usize| {
        let coded = base64::encode(value.as_bytes());
        coded.as_bytes().chunks(length).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\n")
    };
    let disguises = [4, 8, 12].map(|length| lines(MADE_UP, length));
    every_disguise_is_masked_on_its_way_back(&disguises, MADE_UP);
}

#[test]
fn row_4_encoded_and_cut_at_every_place() {
    for disguise in encoded(&format!("card {MADE_UP}")) {
        cut_at_every_place(|twins| twins, &format!("it is {disguise} indeed"), MADE_UP);
    }
}

/// A text in two deltas, cut after each of its characters: the value never shows, and the answer is always the same.
pub(super) fn cut_at_every_place(hear: fn(Twins) -> Twins, text: &str, planted: &str) {
    let places = 1..text.chars().count();
    let scenario = |at| json!({"name": format!("at-{at}"), "content": text, "sizes": [at]}).to_string();
    let twins = hear(Twins::following(&places.clone().map(scenario).collect::<Vec<_>>().join("\n")));
    let chat = |at| Chat::user("hi").meeting(&format!("at-{at}"));
    let whole = twins.hid_from_the_agent(&chat(1), &[planted]).said();
    for at in places {
        assert_eq!(twins.hid_from_the_agent(&chat(at).streamed(), &[planted]).said(), whole, "cut at {at} of {text:?}");
    }
}
