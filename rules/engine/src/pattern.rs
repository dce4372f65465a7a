//! One pattern of a rule: what regular expressions a pack may use, and what is known of each before it runs.
//!
//! Streaming is exact only because these limits hold: no look-around (borders are declared instead), ASCII only
//! (other scripts are folded before matching), and a pattern without an upper length must end in the open part, so
//! that a match which has outgrown its hold can only ever be *extended* by what follows.

use regex_syntax::{
    ParserBuilder,
    hir::{Class, ClassBytes, Hir, HirKind, Look},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::automaton::{Automaton, NO_BYTE};

/// What may not stand right before and right after a match.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Border {
    /// No ASCII letter or digit beside a letter or digit of the match.
    #[default]
    Word,
    /// No ASCII digit beside a digit of the match.
    Digit,
    /// Anything.
    None,
}

impl Border {
    /// The class of bytes that may stand before a match; the text's start counts as NUL.
    pub(crate) fn before(self) -> &'static str {
        match self {
            Border::Word => "[^0-9A-Za-z]",
            Border::Digit => "[^0-9]",
            Border::None => "(?s:.)",
        }
    }

    /// The border as a bit.
    pub(crate) fn bit(self) -> u8 {
        1 << self as u8
    }

    /// Of which borders matches may end between these bytes, as bits.
    pub(crate) fn closing(last: u8, next: u8) -> u8 {
        let closes = |b: Border| if b.closes(last, Some(next)) { b.bit() } else { 0 };
        closes(Border::Word) | closes(Border::Digit) | closes(Border::None)
    }

    /// Whether a match whose last byte is `last` may end before `next`.
    pub fn closes(self, last: u8, next: Option<u8>) -> bool {
        let Some(next) = next else { return true };
        match self {
            Border::Word => !(last.is_ascii_alphanumeric() && next.is_ascii_alphanumeric()),
            Border::Digit => !(last.is_ascii_digit() && next.is_ascii_digit()),
            Border::None => true,
        }
    }
}

/// What must follow a value and is no part of it.
pub(crate) struct Tail(Automaton);

impl Tail {
    pub(crate) fn new(regex: &str) -> Result<Self, String> {
        Ok(Tail(Automaton::build(&[format!("{}(?:{regex})", Border::None.before())])?))
    }

    /// Where it starts in a text that ends with it.
    pub(crate) fn start_in(&self, text: &[u8]) -> Option<usize> {
        (1..text.len()).find(|&at| self.0.accepting(self.0.after(NO_BYTE, &text[at..])))
    }
}

/// What the expression's shape says about its matches.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Shape {
    /// Longest match in bytes; `None` when the last part is open-ended.
    pub(crate) longest: Option<usize>,
    /// Bytes after which an open-ended pattern is certain to be a match, however it goes on.
    pub(crate) settled: usize,
}

/// Checks an expression against the limits above; the error says what to write instead.
pub(crate) fn check(regex: &str) -> Result<Shape, String> {
    let hir = parse(regex)?;
    if !hir.properties().look_set().is_empty() {
        return Err(format!("{}: use `border` instead", look_name(&hir)));
    }
    if hir.properties().minimum_len().unwrap_or(0) == 0 {
        return Err("can match nothing at all: give it at least one byte that must be there".into());
    }
    if !ascii_only(&hir) {
        return Err("matches bytes that are not ASCII (`.`, `[^...]`, `\\S`): list the ASCII characters it may hold; \
                    other scripts are folded to ASCII before rules run"
            .into());
    }
    match hir.properties().maximum_len() {
        Some(longest) => Ok(Shape { longest: Some(longest), settled: 0 }),
        None => Ok(Shape { longest: None, settled: open_tail(&hir)? }),
    }
}

/// Whether the open part of an expression holds every byte that its border keeps apart: else where a long match ends
/// would depend on how the text was cut.
pub(crate) fn tail_meets(regex: &str, border: Border) -> Result<bool, String> {
    let mut tails = Vec::new();
    open_classes(&parse(regex)?, &mut tails);
    let kept_apart = |b: &u8| match border {
        Border::Word => b.is_ascii_alphanumeric(),
        Border::Digit => b.is_ascii_digit(),
        Border::None => false,
    };
    let holds = |tail: &ClassBytes, b: u8| tail.iter().any(|r| (r.start()..=r.end()).contains(&b));
    Ok((0..=127u8).filter(kept_apart).all(|b| tails.iter().all(|tail| holds(tail, b))))
}

fn open_classes(hir: &Hir, out: &mut Vec<ClassBytes>) {
    match hir.kind() {
        HirKind::Repetition(r) if r.max.is_none() => match r.sub.kind() {
            HirKind::Class(Class::Bytes(class)) => out.push(class.clone()),
            HirKind::Class(Class::Unicode(class)) => out.extend(class.to_byte_class()),
            _ => {}
        },
        HirKind::Capture(c) => open_classes(&c.sub, out),
        HirKind::Concat(parts) => parts.last().into_iter().for_each(|p| open_classes(p, out)),
        HirKind::Alternation(parts) => parts.iter().for_each(|p| open_classes(p, out)),
        _ => {}
    }
}

/// Groups within groups; the automaton, which puts some more around them, takes 250.
const NESTED: u32 = 100;

/// Parses as the automaton will: bytes, no Unicode classes.
pub(crate) fn parse(regex: &str) -> Result<Hir, String> {
    ParserBuilder::new().unicode(false).utf8(false).nest_limit(NESTED).build().parse(regex).map_err(|e| match e {
        regex_syntax::Error::Parse(e) => format!("{}, at character {}", e.kind(), e.span().start.offset + 1),
        regex_syntax::Error::Translate(e) => format!("{}, at character {}", e.kind(), e.span().start.offset + 1),
        e => e.to_string(),
    })
}

/// How look-around begins, which other engines allow.
pub const LOOKS: [&str; 4] = ["(?<!", "(?<=", "(?!", "(?="];

/// Where the group that starts an expression ends.
pub fn group_end(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut class = false;
    let mut escape = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escape => escape = false,
            '\\' => escape = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn look_name(hir: &Hir) -> String {
    let look = hir.properties().look_set().iter().next().unwrap_or(Look::Start);
    format!("`{}` is not supported", look.as_char())
}

fn ascii_only(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(l) => l.0.is_ascii(),
        HirKind::Class(Class::Bytes(c)) => c.is_ascii(),
        HirKind::Class(Class::Unicode(c)) => c.is_ascii(),
        HirKind::Repetition(r) => ascii_only(&r.sub),
        HirKind::Capture(c) => ascii_only(&c.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().all(ascii_only),
    }
}

/// An open pattern is `bounded part` + `one class, any number of times`; answers the length from which it always matches.
fn open_tail(hir: &Hir) -> Result<usize, String> {
    const HINT: &str = "an expression without an upper length must end in its open part, e.g. `key-[a-z]{20,}`";
    match hir.kind() {
        HirKind::Repetition(r) if matches!(r.sub.kind(), HirKind::Class(_)) => Ok(r.min as usize),
        HirKind::Capture(c) => open_tail(&c.sub),
        HirKind::Concat(parts) => {
            let (last, head) = parts.split_last().ok_or(HINT)?;
            let head: Option<usize> = head.iter().map(|h| h.properties().maximum_len()).sum();
            Ok(head.ok_or(HINT)? + open_tail(last)?)
        }
        HirKind::Alternation(parts) => {
            let mut settled = 0;
            for part in parts {
                settled = settled.max(match part.properties().maximum_len() {
                    Some(n) => n,
                    None => open_tail(part)?,
                });
            }
            Ok(settled)
        }
        _ => Err(HINT.into()),
    }
}

#[cfg(test)]
mod tests;
