//! Arrays of short elements, and what a reading of the joined text makes of them: every run at once, from its start,
//! with nothing that waits.

#![allow(clippy::unwrap_used, reason = "what these functions cannot read is a failed test")]

use std::ops::Range;

use proptest::prelude::*;
use rules::{Before, Class, End, Scanner, Segment};
use serde_json::{Value, json};

use crate::streams::{self, Answer, Slot, outcome};

/// An element as its source spells it: pieces of values, words, and what keeps neighbours apart.
fn element() -> impl Strategy<Value = String> {
    let strings =
        ["4", "41", "11", "1111", "4111", "joe@", "exam", "ple.", "com", "536-", "22-", "8143", "", "é", "no"];
    let escaped = [r"\uff14", r"\u0031111", r"\ud83d\ude00", r"\n"];
    let apart = ["\"a long one\"", "true", "1.5", "[7]", "{\"b\":4}", "\"1.1\"", "\"9:00\"", "41111"];
    prop_oneof![
        6 => proptest::sample::select(strings.to_vec()).prop_map(|s| format!("\"{s}\"")),
        1 => proptest::sample::select(escaped.to_vec()).prop_map(|s| format!("\"{s}\"")),
        3 => proptest::sample::select(vec!["4", "1", "11", "111", "1111", "4111", "-1", "0"]).prop_map(str::to_owned),
        1 => Just("null".to_owned()),
        1 => proptest::sample::select(apart.to_vec()).prop_map(str::to_owned),
    ]
}

/// A card in pieces, among other elements.
fn value() -> impl Strategy<Value = Vec<String>> {
    (proptest::collection::vec(1..5usize, 16), any::<bool>()).prop_map(|(sizes, numbers)| {
        let mut rest = "5555555555554444";
        let mut pieces = Vec::new();
        for size in sizes {
            let (piece, later) = rest.split_at(size.min(rest.len()));
            rest = later;
            if !piece.is_empty() {
                pieces.push(if numbers { piece.to_owned() } else { format!("\"{piece}\"") });
            }
        }
        pieces
    })
}

/// The source of an array.
pub(crate) fn list() -> impl Strategy<Value = String> {
    let part = prop_oneof![3 => element().prop_map(|e| vec![e]), 1 => value()];
    let comma = proptest::sample::select(vec![",", ", ", "\n ,"]);
    (proptest::collection::vec(part, 0..12), comma).prop_map(|(p, comma)| format!("[{}]", p.concat().join(comma)))
}

/// What is to become of an array.
pub(crate) fn expected(list: &str) -> Value {
    let Value::Array(mut elements) = serde_json::from_str(list).unwrap() else { return Value::Null };
    let mut run: Vec<usize> = Vec::new();
    for at in 0..=elements.len() {
        match elements.get(at) {
            Some(Value::Null) => {}
            Some(element) if piece(element).is_some() => run.push(at),
            _ => mask(&mut elements, &std::mem::take(&mut run)),
        }
    }
    Value::Array(elements)
}

/// Whether the guard does that, in a document's call.
pub(crate) fn are_masked(list: &str) -> Result<(), TestCaseError> {
    let answer = Answer::new(vec![(Slot::Arguments, list.to_owned())]);
    let outcome = outcome(&answer.whole());
    let masked: Value = serde_json::from_str(&outcome.texts[&Slot::Arguments]).unwrap();
    prop_assert_eq!(masked, expected(list), "{}", list);
    Ok(())
}

fn piece(element: &Value) -> Option<String> {
    let text = match element {
        Value::String(text) if !["1.1", "9:00"].contains(&text.as_str()) => text.clone(),
        Value::Number(number) if number.is_i64() => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|t| t.chars().count() <= 4)
}

fn mask(elements: &mut [Value], run: &[usize]) {
    let texts: Vec<String> = run.iter().map(|&at| piece(&elements[at]).unwrap()).collect();
    let numbers: Vec<bool> = run.iter().map(|&at| elements[at].is_number()).collect();
    let mut ends = vec![0];
    texts.iter().for_each(|text| ends.push(ends.last().unwrap() + text.len()));
    let mut gone = vec![false; run.len()];
    for (span, class, label) in found(&(texts.concat() + "]")) {
        let shared = |&i: &usize| ends[i] < span.end && span.start < ends[i + 1] && !texts[i].is_empty();
        let shared: Vec<usize> = (0..run.len()).filter(shared).collect();
        if class < Class::Validated && shared.iter().all(|&i| numbers[i]) {
            continue;
        }
        let mut label = Some(label);
        for i in shared.into_iter().filter(|&i| !std::mem::replace(&mut gone[i], true)) {
            let rest = if numbers[i] { Value::Null } else { json!("") };
            elements[run[i]] = label.take().map_or(rest, Value::from);
        }
    }
}

/// What is found in a text.
fn found(text: &str) -> Vec<(Range<usize>, Class, String)> {
    let mut scanner = Scanner::new(streams::default_program(), Before::default());
    let mut segments = Vec::new();
    scanner.push(text, &mut segments);
    scanner.finish(End { cut: false }, &mut segments);
    let replaced = |segment| match segment {
        Segment::Replace { finding, text } => Some((finding.span, finding.class, text)),
        _ => None,
    };
    segments.into_iter().filter_map(replaced).collect()
}
