//! From candidate to accepted span: border, checks, context, score.

use crate::{
    automaton::DEAD,
    context::Named,
    end::End,
    fault::{self, Fault},
    lane::{Hit, Lane, Thread},
    pack::{ACCEPT, Invalid},
    program::{Program, ProgramPattern, ValuePattern},
    resolve::{Accepted, Class, Kind},
};

/// An unfinished number is masked at the end of a text from this many digits on.
const PREFIX_DIGITS: usize = 10;

/// The same, where words before it or a cut-off end speak for it.
const PREFIX_DIGITS_SUSPECT: usize = 6;

/// Why what a pattern matched is no finding.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Refused {
    /// The pattern is not for this reading.
    Reading,
    /// What follows belongs to it.
    Border,
    /// Its score is too low, with whatever speaks for it.
    Weak,
    /// A check failed.
    Invalid,
    /// It is an exception of the rule.
    Allowed,
    /// What follows a token says that another pattern has it.
    Token,
}

/// What a pattern matched, if it is accepted; `named` are the rules that words before it speak for.
pub(crate) fn accept(program: &Program, lane: &Lane, hit: &Hit, pattern: u16, named: &Named) -> Option<Accepted> {
    judge(program, lane, hit, pattern, named).ok()
}

/// Judges what a pattern matched.
pub(crate) fn judge(
    program: &Program,
    lane: &Lane,
    hit: &Hit,
    pattern: u16,
    named: &Named,
) -> Result<Accepted, Refused> {
    match &program.patterns[usize::from(pattern)] {
        ProgramPattern::Value(v) => judge_value(program, v, lane, hit, named),
        ProgramPattern::Token { dot } => accept_token(*dot, lane, hit).ok_or(Refused::Token),
    }
}

fn judge_value(
    program: &Program,
    pattern: &ValuePattern,
    lane: &Lane,
    hit: &Hit,
    named: &Named,
) -> Result<Accepted, Refused> {
    if !pattern.reads(hit.tape) {
        return Err(Refused::Reading);
    }
    let text = lane.tape.slice(hit.thread.start..hit.end);
    let closes = text.last().is_some_and(|last| pattern.border.closes(*last, hit.next));
    if !closes && !fault::is(Fault::NoRightBorder) {
        return Err(Refused::Border);
    }
    let len = pattern.then.as_ref().and_then(|then| then.start_in(text)).unwrap_or(text.len());
    let text = &text[..len];
    let range = hit.thread.start..hit.thread.start + len;
    // "two thousand" is 2,000, of which 000 is no part that anybody said.
    if hit.tape.said() && !range.is_empty() && !lane.tape.cuts_nothing(range.clone()) {
        return Err(Refused::Border);
    }
    let written = pattern.said > 0 && lane.tape.said(range.clone()) < pattern.said;
    if written || pattern.singly > 0 && lane.tape.singly(range.clone()) < pattern.singly {
        return Err(Refused::Reading);
    }
    let named = named.has(pattern.rule);
    let rule = &program.rules[usize::from(pattern.rule)];
    let boost = if named { rule.boost } else { 0 };
    // Whatever a checksum says, which costs more to ask than this does.
    if pattern.best.saturating_add(boost) < ACCEPT {
        return Err(Refused::Weak);
    }
    let mut score = pattern.score;
    // What must follow a value names it, as words before it do.
    let mut class = if pattern.then.is_some() { Class::Context } else { Class::Shape };
    if !pattern.checks.is_empty() {
        if pattern.checks.iter().all(|c| (c.holds)(text)) || fault::is(Fault::ChecksIgnored) {
            score = score.max(pattern.valid);
            class = if pattern.checks.iter().any(|c| c.proves) { Class::Validated } else { class };
        } else if pattern.invalid == Invalid::Reject {
            return Err(Refused::Invalid);
        }
    }
    if named {
        score = score.saturating_add(boost).min(100);
        class = class.max(Class::Context);
    }
    if !rule.allowed.is_empty() && rule.allows(&String::from_utf8_lossy(text)) {
        return Err(Refused::Allowed);
    }
    let source = lane.tape.source(range);
    if pattern.open && text.len() > program.hold {
        class = Class::Outgrown;
    }
    if score < ACCEPT {
        return Err(Refused::Weak);
    }
    Ok(Accepted { source, tape: hit.tape, kind: Kind::Value { rule: pattern.rule, class }, score })
}

/// A token before `@`, or before a full stop and a letter, is part of an address, and so is exposed.
fn accept_token(dot: bool, lane: &Lane, hit: &Hit) -> Option<Accepted> {
    let exposed = match (dot, hit.next) {
        (false, Some(b'.')) => return None,
        (false, next) => next == Some(b'@'),
        (true, next) => next.is_some_and(|b| b.is_ascii_alphabetic()),
    };
    let source = lane.tape.source(hit.thread.start..hit.end - usize::from(dot));
    Some(Accepted { source, tape: hit.tape, kind: Kind::Token { exposed: exposed || hit.thread.exposed }, score: 100 })
}

/// Judges what the text's end left unfinished: a live prefix of a number that must not be shown in part. `open` tells of
/// a tape offset whether no whole value has it.
pub(crate) fn prefix(
    program: &Program,
    lane: &Lane,
    thread: &Thread,
    end: End,
    named: &Named,
    open: impl Fn(usize) -> bool,
) -> Option<Accepted> {
    let text = lane.tape.slice(thread.start..lane.tape.end());
    let all = text.iter().filter(|b| b.is_ascii_digit()).count();
    if all < PREFIX_DIGITS_SUSPECT {
        return None;
    }
    let open = |i: &usize| open(thread.start + i);
    let mut digits = (0..text.len()).filter(|&i| text[i].is_ascii_digit()).filter(open);
    let first = digits.next()?;
    let digits = 1 + digits.count();
    let (rule, _) = program.tables.prefixes.iter().find(|(rule, automaton)| {
        let live = automaton.after(thread.before, text);
        let likely = !program.rules[usize::from(*rule)].only_named && (digits >= PREFIX_DIGITS || end.cut);
        digits >= PREFIX_DIGITS_SUSPECT && live != DEAD && (likely || named.has(*rule))
    })?;
    let from = if digits == all { 0 } else { first };
    let to = (from..text.len()).rev().find(|i| text[*i].is_ascii_alphanumeric() && open(i))? + 1;
    let source = lane.tape.source(thread.start + from..thread.start + to);
    Some(Accepted { source, tape: lane.name, kind: Kind::Prefix { rule: *rule }, score: ACCEPT })
}

/// Whether what starts there, with no words before it, may be masked at the text's end though it is not finished.
pub(crate) fn may_be_unfinished(program: &Program, lane: &Lane, thread: &Thread) -> bool {
    let text = lane.tape.slice(thread.start..lane.tape.end());
    let mut unaided = program.tables.prefixes.iter().filter(|(rule, _)| !program.rules[usize::from(*rule)].only_named);
    unaided.any(|(_, automaton)| automaton.after(thread.before, text) != DEAD)
}
