//! The cases of a rule: texts with marks.

use std::ops::Range;

use serde_saphyr::Spanned;

use crate::{
    pack::{
        Case, Place, Wrong, limits,
        raw::{RawCase, RawTold},
    },
    reading::Reading,
};

pub(super) fn marked_cases(cases: Vec<Spanned<RawCase>>) -> Result<Vec<Case>, Wrong> {
    cases.into_iter().map(|c| case(c, true)).collect()
}

pub(super) fn case(raw: Spanned<RawCase>, with_marks: bool) -> Result<Case, Wrong> {
    let place = Place::from(raw.referenced);
    told(raw.value, with_marks).map_err(|wrong| wrong.at(place))
}

fn told(raw: RawCase, with_marks: bool) -> Result<Case, Wrong> {
    let (reading, after, written) = match raw {
        RawCase::Text(text) => (Reading::Written, String::new(), text),
        RawCase::Told(RawTold { after, text: Some(text), spoken: None }) => (Reading::Written, after, text),
        RawCase::Told(RawTold { after, text: None, spoken: Some(text) }) => (Reading::Spoken, after, text),
        RawCase::Told(_) => return Err(Wrong::new("case", "a case needs either `text` or `spoken`")),
    };
    if written.len() + after.len() > limits::CASE {
        return Err(Wrong::new("limit", format!("a case is longer than {} bytes", limits::CASE)));
    }
    if !with_marks {
        return Ok(Case { reading, after, text: written, marks: Vec::new() });
    }
    let (text, marks) = marked(&written)?;
    Ok(Case { reading, after, text, marks })
}

/// `card [[4111 1111 1111 1111]]`: the text, and the ranges that its brackets mark.
fn marked(case: &str) -> Result<(String, Vec<Range<usize>>), Wrong> {
    let wrong = |what: &str| Wrong::new("case", format!("case `{}`: {what}", limits::start(case)));
    let mut text = String::new();
    let mut ranges = Vec::new();
    let mut rest = case;
    while let Some((before, after)) = rest.split_once("[[") {
        let (inside, after) = after.split_once("]]").ok_or_else(|| wrong("`[[` without `]]`"))?;
        text.push_str(before);
        ranges.push(text.len()..text.len() + inside.len());
        text.push_str(inside);
        rest = after;
    }
    text.push_str(rest);
    if ranges.is_empty() {
        return Err(wrong("mark what must be found with [[ and ]]"));
    }
    Ok((text, ranges))
}
