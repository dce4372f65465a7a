//! Why a text is masked, and why it is not: the same judgements that mask it, with their reasons.
//!
//! Nothing here holds a value: spans say where, [`shape`] says what it looks like.

use std::{ops::Range, sync::Arc};

use serde::Serialize;

use crate::{
    accept::Refused,
    before::Before,
    end::End,
    pack::{Invalid, PackError},
    policy::{Direction, Leg, Policy},
    program::{Program, ProgramPattern, ValuePattern},
    reading::Reading,
    resolve::{Accepted, Class, Kind, TapeName},
    scanner::Scanner,
    segment::{Finding, Segment},
};

mod found;
mod near;

pub use found::{Found, Rival};
pub use near::{Near, Why};

/// A text in its conversation.
#[derive(Clone, Copy, Debug)]
pub struct Told<'t> {
    /// How it is to be read.
    pub reading: Reading,
    /// The message before.
    pub after: &'t str,
    /// The text.
    pub text: &'t str,
    /// Whether it is the middle of a longer text, so that a number which its end cuts off is no finding.
    pub goes_on: bool,
}

/// What was found, and what almost was.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// In the order of the text.
    pub findings: Vec<Found>,
    /// Closest first.
    pub near: Vec<Near>,
}

/// What a pattern matched, as the scanner judged it.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) source: Range<usize>,
    pub(crate) tape: TapeName,
    pub(crate) pattern: u16,
    /// The tape's text.
    pub(crate) text: Vec<u8>,
    pub(crate) before: u8,
    pub(crate) next: Option<u8>,
    /// What stands before it, as each reading has it, and how many words of that count.
    pub(crate) lefts: Vec<(Vec<u8>, usize)>,
    pub(crate) before_it: Before,
    pub(crate) verdict: Result<Accepted, Refused>,
}

/// What became of a match.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It counts.
    Accepted,
    /// Its pattern is not for this reading.
    Reading,
    /// Something stands beside it that belongs to it.
    Border,
    /// Its score is below 0.50.
    Weak,
    /// A check failed.
    Invalid,
    /// It is an exception of the rule.
    Allowed,
}

/// A check and what it said.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// Its name.
    pub name: &'static str,
    /// Whether it held.
    pub held: bool,
}

/// The words that spoke for a match.
#[derive(Clone, Debug, Serialize)]
pub struct Spoke {
    /// As the pack has them.
    pub term: String,
    /// How many words before the match they start; nothing if they are in the message before.
    pub words_before: Option<usize>,
}

/// A match and everything that was asked about it.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Source bytes.
    pub span: Range<usize>,
    /// The reading that it is on.
    pub tape: TapeName,
    /// The rule's id.
    pub rule: Arc<str>,
    /// The pattern's name.
    pub pattern: Arc<str>,
    /// What became of it.
    pub verdict: Verdict,
    /// What the checks say of it.
    pub checks: Vec<Check>,
    /// What speaks for it.
    pub context: Option<Spoke>,
    /// From the pattern's score to the last, in hundredths, with what changed it.
    pub steps: Vec<Step>,
    /// If it counts, why.
    pub class: Option<Class>,
    beside: (u8, u8, Option<u8>),
}

/// A change of the score.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// What changed it.
    pub because: String,
    /// The score since, from 0 to 1.
    pub score: f64,
}

/// Reads a text, keeping every judgement; answers with the segments, what only watched, and the judgements.
pub fn judgements(program: &Arc<Program>, told: Told<'_>) -> (Vec<Segment>, Vec<Finding>, Vec<Judgement>) {
    let mut scanner = Scanner::reading(program.clone(), told.reading, Before::question(told.after)).tracing();
    let mut segments = Vec::new();
    scanner.push(told.text, &mut segments);
    if told.goes_on {
        // No pattern goes on over a NUL.
        scanner.push("\0", &mut segments);
    } else {
        scanner.finish(End { cut: false }, &mut segments);
    }
    let judged = scanner.take_trace().into_iter().filter_map(|c| judgement(program, c)).collect();
    (segments, scanner.take_shadows(), judged)
}

/// Says why a text is masked as it is, and why what looks like a value is not.
pub fn explain(
    packs: &[crate::Pack],
    policy: &Policy,
    leg: Leg,
    direction: Direction,
    told: Told<'_>,
) -> Result<Explanation, PackError> {
    let program = Arc::new(Program::compile(packs, policy, leg, direction)?);
    let (segments, shadows, judged) = judgements(&program, told);
    let findings = found::found(told.text, &segments, &shadows, &judged);
    let near = near::near(packs, policy, leg, direction, told, &findings)?;
    Ok(Explanation { findings, near })
}

/// What a value looks like: `dddd-dddd`, letters as `a` and `A`, at most 64 characters.
pub fn shape(text: &str) -> String {
    let of = |c: char| match c {
        c if c.is_numeric() => 'd',
        c if c.is_uppercase() => 'A',
        c if c.is_alphabetic() => 'a',
        c if c.is_ascii_punctuation() || c == ' ' => c,
        _ => '?',
    };
    let mut shape: String = text.chars().take(64).map(of).collect();
    if text.chars().nth(64).is_some() {
        shape.push_str("...");
    }
    shape
}

fn judgement(program: &Program, candidate: Candidate) -> Option<Judgement> {
    let ProgramPattern::Value(pattern) = &program.patterns[usize::from(candidate.pattern)] else { return None };
    let rule = &program.rules[usize::from(pattern.rule)];
    let held = |c: &crate::validate::Validator| Check { name: c.name, held: (c.holds)(&candidate.text) };
    let checks: Vec<Check> = pattern.checks.iter().map(held).collect();
    let context = spoke(program, pattern, &candidate);
    let (verdict, class) = match &candidate.verdict {
        Ok(accepted) => (Verdict::Accepted, class_of(accepted)),
        Err(Refused::Reading | Refused::Token) => (Verdict::Reading, None),
        Err(Refused::Border) => (Verdict::Border, None),
        Err(Refused::Weak) => (Verdict::Weak, None),
        Err(Refused::Invalid) => (Verdict::Invalid, None),
        Err(Refused::Allowed) => (Verdict::Allowed, None),
    };
    Some(Judgement {
        steps: steps(pattern, rule.boost, &checks, context.as_ref()),
        span: candidate.source,
        tape: candidate.tape,
        rule: rule.id.clone(),
        pattern: pattern.name.clone(),
        verdict,
        checks,
        context,
        class,
        beside: (candidate.before, candidate.text.last().copied().unwrap_or(0), candidate.next),
    })
}

fn class_of(accepted: &Accepted) -> Option<Class> {
    match accepted.kind {
        Kind::Value { class, .. } => Some(class),
        _ => None,
    }
}

fn spoke(program: &Program, pattern: &ValuePattern, candidate: &Candidate) -> Option<Spoke> {
    let (context, asked) = program.context.of_rule(pattern.rule);
    if let Some((term, words)) = candidate.lefts.iter().find_map(|(left, most)| context.last_in(left, *most)) {
        return Some(Spoke { term, words_before: Some(words) });
    }
    let named = context.last_in(candidate.before_it.text().as_bytes(), usize::MAX);
    let asked = named.or_else(|| asked.last_in(candidate.before_it.asked().as_bytes(), usize::MAX));
    asked.map(|(term, _)| Spoke { term, words_before: None })
}

/// The score, as [`crate::accept`] reckons it.
fn steps(pattern: &ValuePattern, boost: u8, checks: &[Check], context: Option<&Spoke>) -> Vec<Step> {
    let mut score = pattern.score;
    let mut steps = vec![step(format!("shape `{}`", pattern.name), score)];
    if !checks.is_empty() {
        let failed: Vec<&str> = checks.iter().filter(|c| !c.held).map(|c| c.name).collect();
        let names: Vec<&str> = checks.iter().map(|c| c.name).collect();
        if failed.is_empty() {
            score = score.max(pattern.valid);
            steps.push(step(format!("{} holds", names.join(", ")), score));
        } else {
            let kept = if pattern.invalid == Invalid::Keep { ", kept" } else { "" };
            steps.push(step(format!("{} fails{kept}", failed.join(", ")), score));
        }
    }
    if let Some(spoke) = context {
        score = score.saturating_add(boost).min(100);
        let place = spoke.words_before.map_or("in the message before".into(), |n| format!("{n} words before"));
        steps.push(step(format!("`{}` {place}: +{:.2}", spoke.term, hundredths(boost)), score));
    }
    steps
}

fn step(because: String, score: u8) -> Step {
    Step { because, score: hundredths(score) }
}

fn hundredths(score: u8) -> f64 {
    f64::from(score) / 100.0
}

#[cfg(test)]
mod tests;
