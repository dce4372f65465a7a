//! Streams cut in every way: by transport, and by delta.

use super::*;
use rules::{Direction, Leg, Policy, TokenKey};

fn program() -> Arc<Program> {
    static PROGRAM: std::sync::LazyLock<Arc<Program>> = std::sync::LazyLock::new(|| {
        let policy = Policy::parse(rules::policy::DEFAULT).unwrap();
        Arc::new(Program::compile(&rules::built_in().unwrap(), &policy, Leg::Llm, Direction::Out).unwrap())
    });
    PROGRAM.clone()
}

fn token() -> String {
    TokenKey::new(b"k").mint("PAN", "4111111111111111")
}

fn guard() -> StreamGuard {
    let mut restore = RestoreSet::default();
    restore.insert(token(), "4111 1111 1111 1111".into());
    StreamGuard::new(&wire::dialect::OPENAI_CHAT, program(), Arc::new(restore), ResponseContext::default())
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    wire::text::escape_into(text, &mut out);
    out
}

fn content(piece: &str) -> String {
    let piece = quoted(piece);
    format!(
        "data: {{\"id\":\"c1\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{piece}\"}},\"finish_reason\":null}}]}}\n\n"
    )
}

fn arguments(piece: &str) -> String {
    let piece = quoted(piece);
    format!(
        "data: {{\"id\":\"c1\",\"choices\":[{{\"index\":0,\"delta\":{{\"tool_calls\":[{{\"index\":0,\"function\":{{\"arguments\":\"{piece}\"}}}}]}}}}]}}\n\n"
    )
}

const STOP: &str = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const DONE: &str = "data: [DONE]\n\n";

fn run(reads: &[&[u8]]) -> Result<String, (String, Refusal)> {
    let mut guard = guard();
    let mut out = Vec::new();
    let mut result = Ok(());
    for read in reads {
        result = result.and_then(|()| guard.push(read, &mut out));
    }
    result = result.and_then(|()| guard.finish(&mut out));
    if result.is_err() {
        guard.abort(&mut out);
    }
    let out = String::from_utf8(out).unwrap();
    result.map(|()| out.clone()).map_err(|e| (out, e))
}

fn leaf(out: &str, pointer: &str) -> String {
    let events = out.lines().filter_map(|l| l.strip_prefix("data: ")).filter(|d| *d != "[DONE]");
    let mut joined = String::new();
    for event in events {
        let document = Document::parse(event.as_bytes()).unwrap();
        let found = document.nodes().iter().find(|n| n.key.as_ref().is_some_and(|k| document.key_is(k, pointer)));
        if let Some(node) = found {
            joined.push_str(&document.string(&node.span));
        }
    }
    joined
}

fn deltas(pieces: &[&str], event: fn(&str) -> String, key: &str) -> String {
    let stream: String = pieces.iter().map(|p| event(p)).chain([STOP.into(), DONE.into()]).collect();
    let out = run(&[stream.as_bytes()]).unwrap();
    assert!(out.ends_with(&format!("{STOP}{DONE}")), "{out}");
    leaf(&out, key)
}

fn every_cut(text: &str, event: fn(&str) -> String, key: &str) -> String {
    let whole = deltas(&[text], event, key);
    let at: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
    for &i in &at {
        for &j in at.iter().filter(|&&j| j >= i) {
            assert_eq!(deltas(&[&text[..i], &text[i..j], &text[j..]], event, key), whole, "{text:?} cut at {i}, {j}");
        }
    }
    let singly: Vec<String> = text.chars().map(String::from).collect();
    let singly: Vec<&str> = singly.iter().map(String::as_str).collect();
    assert_eq!(deltas(&singly, event, key), whole, "{text:?} a character at a time");
    whole
}

#[test]
fn content_is_the_same_however_it_is_cut() {
    let token = token();
    for (text, expected) in [
        ("pay 4111 1111 1111 1111 now", "pay [PAN] now".to_owned()),
        (&format!("your card {token}, yes"), "your card 4111 1111 1111 1111, yes".into()),
        (&format!("https://e.x/{token}"), format!("https://e.x/{token}")),
        ("a \"joe@example.com\"\n\u{e9}\u{1f600} b", "a \"[EMAIL]\"\n\u{e9}\u{1f600} b".into()),
        ("joe%40example.com", "[EMAIL]".into()),
        ("it is 4111 1111 11", "it is [PAN]".into()),
    ] {
        assert_eq!(every_cut(text, content, "content"), expected);
    }
}

#[test]
fn arguments_are_read_string_by_string() {
    let token = token();
    for (text, expected) in [
        (r#"{"to":"joe@example.com","n":1}"#, r#"{"to":"[EMAIL]","n":1}"#.to_owned()),
        (r#"{"to":"joe\u0040example.com"}"#, r#"{"to":"[EMAIL]"}"#.into()),
        (r#"{"card":4111111111111111}"#, r#"{"card":"[PAN]"}"#.into()),
        (&format!(r#"{{"card":"{token}"}}"#), r#"{"card":"4111 1111 1111 1111"}"#.into()),
        (r#"not json 123-45-6789."#, "not json [SSN].".into()),
        (r#"{"a":"4111 1111","b":"1111 1111"}"#, r#"{"a":"4111 1111","b":"1111 1111"}"#.into()),
    ] {
        assert_eq!(every_cut(text, arguments, "arguments"), expected);
    }
}

#[test]
fn what_no_rule_touches_leaves_as_it_came() {
    let stream = format!(
        ":\n\n{}{}{}data: {{\"choices\":[],\"usage\":{{\"total_tokens\":1234567890}}}}\r\n\r\n{DONE}",
        content("Hello "),
        content("there, "),
        STOP
    );
    assert_eq!(run(&[stream.as_bytes()]).unwrap(), stream);
}

#[test]
fn every_transport_cut_gives_the_same_bytes() {
    let stream = format!(
        "{}{}{}{}{STOP}{DONE}",
        content("mail joe@exa"),
        content("mple.com \u{e9} and a long run of clear words 4111"),
        content(" 1111 1111 1111"),
        arguments("{\"a\":\"joe@example.com\"}")
    );
    let stream = stream.as_bytes();
    let whole = run(&[stream]).unwrap();
    assert!(whole.contains("[EMAIL]") && whole.contains("[PAN]") && !whole.contains("4111"));
    for i in 0..=stream.len() {
        assert_eq!(run(&[&stream[..i], &stream[i..]]).unwrap(), whole, "cut at {i}");
    }
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(run(&bytes).unwrap(), whole);
}

#[test]
fn a_leaf_that_no_table_names_is_guarded_over_events() {
    let record = |piece: &str| {
        format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"\",\"record_field\":\"{piece}\"}}}}]}}\n\n")
    };
    for value in ["123-45-6789", "joe%40example.com", "4242-4242-4242-4242", "555-555-0100"] {
        for i in 0..=value.len() {
            for j in i..=value.len() {
                let stream: String =
                    [&value[..i], &value[i..j], &value[j..]].iter().map(|p| record(p)).chain([DONE.into()]).collect();
                let out = run(&[stream.as_bytes()]).unwrap();
                assert!(leaf(&out, "record_field").starts_with('['), "{value} cut at {i}, {j}: {out}");
                assert!(!leaf(&out, "record_field").contains(&value[value.len() - 4..]), "{out}");
            }
        }
    }
}

#[test]
fn a_broken_answer_never_looks_complete() {
    let value = "4111 1111 1111 1111";
    for (stream, why) in [
        (content(value), "before its end"),
        (format!("{}data: {{\"x\n\n", content(value)), "string without end"),
        (format!("{}data: [1]\n\n", content(value)), "no JSON object"),
        (format!("{}data: {{\"a\":1,\"a\":2}}\n\n", content(value)), "a key that its object has already"),
        (format!("{}data: {{\"joe@example.com\":1}}\n\n", content(value)), "an object key holds"),
    ] {
        let (out, refusal) = run(&[stream.as_bytes()]).unwrap_err();
        assert!(refusal.to_string().contains(why), "{refusal}");
        assert!(!out.contains("4111") && !out.contains("[DONE]") && !out.contains("[PAN]"), "{out}");
    }
}

#[test]
fn a_foreign_token_ends_a_tool_call_and_passes_in_text() {
    let foreign = TokenKey::new(b"other").mint("PAN", "4111111111111111");
    assert_eq!(deltas(&[&foreign], content, "content"), foreign);
    let stream = format!("{}{STOP}{DONE}", arguments(&format!("{{\"a\":\"{foreign}\"}}")));
    assert_eq!(run(&[stream.as_bytes()]).unwrap_err().1, Refusal::ForeignToken);
}

#[test]
fn logprobs_stay_only_beside_an_unchanged_text() {
    let event = |text: &str, token: &str| {
        format!(
            "data: {{\"choices\":[{{\"index\":0,\"logprobs\":{{\"content\":[{{\"token\":\"{token}\",\"logprob\":-0.1,\"bytes\":null,\"top_logprobs\":[]}}]}},\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n"
        )
    };
    for (text, token, kept) in [("hi ", "hi ", true), ("hi ", "ho ", false), ("123-45-6789 ", "123-45-6789 ", false)] {
        let out = run(&[format!("{}{STOP}{DONE}", event(text, token)).as_bytes()]).unwrap();
        assert_eq!(out.contains("\"logprobs\":null"), !kept, "{out}");
    }
}

#[test]
fn a_held_event_is_split_rather_than_kept_for_ever() {
    let long = format!("{} joe", "clear words ".repeat(4));
    let mut guard = guard();
    let mut out = Vec::new();
    guard.push(content(&long).as_bytes(), &mut out).unwrap();
    let first = String::from_utf8(out.clone()).unwrap();
    assert!(first.contains("clear words") && !first.contains("joe"), "24 clear bytes leave at once: {first}");
    guard.push(format!("{STOP}{DONE}").as_bytes(), &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert_eq!(leaf(&out, "content"), long);
    let made = out.split("\n\n").nth(1).unwrap();
    assert_eq!(
        made,
        "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"joe\"},\"finish_reason\":null}]}"
    );
}
