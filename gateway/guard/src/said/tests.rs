//! Messages of Cartesia's and Deepgram's wire formats, as agents send them: a word at a time.

use rules::{Direction, Leg, Policy};
use serde_json::{Value, json};
use wire::speech::{CARTESIA_SPEAK, DEEPGRAM_SPEAK};

use super::*;

fn said(messages: &'static Messages, restore: RestoreSet) -> Said {
    static PROGRAM: std::sync::LazyLock<Arc<Program>> = std::sync::LazyLock::new(|| {
        let policy = Policy::parse(rules::policy::DEFAULT).unwrap();
        Arc::new(Program::compile(&rules::built_in().unwrap(), &policy, Leg::Tts, Direction::In).unwrap())
    });
    Said::new(messages, PROGRAM.clone(), Arc::new(restore))
}

fn of(context: &str, text: &str, goes_on: bool) -> String {
    json!({"context_id": context, "model_id": "sonic-3", "transcript": text, "continue": goes_on}).to_string()
}

fn push(said: &mut Said, message: &str) -> Vec<Value> {
    let mut out = Vec::new();
    said.message(message, &mut out).unwrap();
    out.iter().map(|m| serde_json::from_slice(m).unwrap()).collect()
}

fn text(messages: &[Value], key: &str) -> String {
    messages.iter().filter_map(|m| m[key].as_str()).collect()
}

/// All that leaves of words sent one by one.
fn spoken(text_of_all: &str, restore: RestoreSet) -> String {
    let mut guard = said(&CARTESIA_SPEAK.to_provider, restore);
    let mut out = Vec::new();
    for word in text_of_all.split_inclusive(' ') {
        out.extend(push(&mut guard, &of("c", word, true)));
    }
    out.extend(push(&mut guard, &of("c", "", false)));
    assert_eq!(guard.held(), 0);
    text(&out, "transcript")
}

#[test]
fn values_are_said_in_words() {
    let nothing = RestoreSet::default;
    assert_eq!(
        spoken("Your card 4111 1111 1111 1111 is blocked.", nothing()),
        "Your card a card number ending in 1 1 1 1 is blocked."
    );
    assert_eq!(
        spoken("It is four one one one one one one one one one one one one one one one now.", nothing()),
        "It is a card number ending in 1 1 1 1 now."
    );
    assert_eq!(spoken("Write to joe@example.com today.", nothing()), "Write to an e-mail address today.");
}

#[test]
fn tokens_are_said_as_far_as_the_policy_goes() {
    let key = rules::TokenKey::new(&[7; 32]);
    let (pan, mail, name) = (key.mint("PAN", "1"), key.mint("EMAIL", "2"), key.mint("PERSON", "3"));
    let mut restore = RestoreSet::default();
    restore.insert(pan.clone(), "5555 5555 5555 4444".into());
    restore.insert(mail.clone(), "joe@example.com".into());
    restore.insert(name.clone(), "Ana Silva".into());
    let text = format!("Hello {name}, your {pan} and {mail} are there.");
    assert_eq!(
        spoken(&text, restore),
        "Hello Ana Silva, your a card number ending in 4 4 4 4 and an e-mail address are there."
    );
}

#[test]
fn every_cut_says_the_same() {
    let all =
        "Pay 4111 1111 1111 1111 to joe@example.com, or call 555-867-5309 and ask for GB82 WEST 1234 5698 7654 32.";
    let whole = spoken(&all.replace(' ', "\u{a0}").replace('\u{a0}', " "), RestoreSet::default());
    for cut in 1..all.len() {
        let mut guard = said(&CARTESIA_SPEAK.to_provider, RestoreSet::default());
        let mut out = push(&mut guard, &of("c", &all[..cut], true));
        out.extend(push(&mut guard, &of("c", &all[cut..], false)));
        assert_eq!(text(&out, "transcript"), whole, "{cut}");
    }
}

#[test]
fn what_is_clean_passes_byte_for_byte() {
    let mut guard = said(&DEEPGRAM_SPEAK.to_provider, RestoreSet::default());
    let sent = [r#" {"type":"Speak", "text":"Good morning. "}"#, r#"{"type":"Flush"}"#, r#"{"type":"Close"}"#];
    let mut out = Vec::new();
    sent.iter().for_each(|message| guard.message(message, &mut out).unwrap());
    assert_eq!(out, sent.map(str::as_bytes));
}

#[test]
fn a_cancel_leaves_at_once_and_drops_what_is_held() {
    let mut guard = said(&CARTESIA_SPEAK.to_provider, RestoreSet::default());
    assert_eq!(push(&mut guard, &of("a", "your card 4111 1111 1111", true)).len(), 0);
    assert!(guard.held() > 0);
    let cancel = r#"{"context_id":"a","cancel":true}"#;
    assert_eq!(push(&mut guard, cancel), [serde_json::from_str::<Value>(cancel).unwrap()]);
    assert_eq!(guard.held(), 0);
    // What comes then is another text.
    let out = push(&mut guard, &of("a", " 1111 is open. ", false));
    assert_eq!(text(&out, "transcript"), " 1111 is open. ");
}

#[test]
fn a_context_waits_for_no_other() {
    let mut guard = said(&CARTESIA_SPEAK.to_provider, RestoreSet::default());
    assert_eq!(push(&mut guard, &of("a", "your card 4111 1111", true)).len(), 0);
    let out = push(&mut guard, &of("b", "1111 1111 done. ", false));
    assert_eq!(text(&out, "transcript"), "1111 1111 done. ");
}

#[test]
fn a_flush_ends_the_text() {
    let mut guard = said(&DEEPGRAM_SPEAK.to_provider, RestoreSet::default());
    push(&mut guard, r#"{"type":"Speak","text":"the card is 4111 1111 1111 "}"#);
    let out = push(&mut guard, r#"{"type":"Flush"}"#);
    assert_eq!(out.last().unwrap()["type"], "Flush");
    assert_eq!(guard.held(), 0);
    let said = text(&out, "text");
    assert!(!said.contains("1111"), "a number that is not complete is none to be said: {said}");
}

#[test]
fn contexts_are_bounded() {
    let mut guard = said(&CARTESIA_SPEAK.to_provider, RestoreSet::default());
    let mut refused = None;
    for n in 0..=MAX_CONTEXTS {
        refused = guard.message(&of(&n.to_string(), "4111 1111", true), &mut Vec::new()).err();
    }
    assert_eq!(refused, Some(Refusal::Bound("contexts")));
}
