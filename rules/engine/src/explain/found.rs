//! Why a finding is one, and why it bears this name.

use std::ops::Range;

use serde::Serialize;

use super::{Check, Judgement, Spoke, Step, Verdict, hundredths, shape};
use crate::{
    policy::Action,
    resolve::{Class, TapeName},
    segment::{Finding, Segment},
};

/// A finding and its reasons; spans in bytes.
#[derive(Debug, Serialize)]
pub struct Found {
    /// What is masked.
    #[serde(skip)]
    pub span: Range<usize>,
    /// What it looks like.
    pub shape: String,
    /// What it is.
    pub entity: String,
    /// By which rule.
    pub rule: String,
    /// That rule's version.
    pub version: u32,
    /// The pattern; none where the text's end cut the value off, or a recogniser knew it.
    pub pattern: Option<String>,
    /// The reading that it was found on.
    pub tape: TapeName,
    /// From 0 to 1.
    pub score: f64,
    /// How it came to its score.
    pub steps: Vec<Step>,
    /// What the checks said.
    pub checks: Vec<Check>,
    /// What spoke for it.
    pub context: Option<Spoke>,
    /// Why it counts.
    pub because: &'static str,
    /// What happens to it.
    pub action: Action,
    /// Its rule only watches.
    pub shadow: bool,
    /// What else was found in it, and why that does not name it.
    pub beside: Vec<Rival>,
}

/// What a finding beat.
#[derive(Debug, Eq, PartialEq, Serialize)]
pub struct Rival {
    /// The rule.
    pub rule: String,
    /// Its pattern.
    pub pattern: String,
    /// Why it does not name the finding.
    pub lost: String,
}

pub(super) fn found(text: &str, segments: &[Segment], shadows: &[Finding], judged: &[Judgement]) -> Vec<Found> {
    let mut findings: Vec<(Finding, bool)> = Vec::new();
    for segment in segments {
        match (segment, findings.last_mut()) {
            (Segment::Swallow(more), Some((finding, _))) => finding.span.end = more.end,
            _ => findings.extend(segment.finding().cloned().map(|f| (f, false))),
        }
    }
    findings.extend(shadows.iter().cloned().map(|f| (f, true)));
    findings.sort_by_key(|(f, _)| f.span.start);
    findings.into_iter().map(|(f, shadow)| of_finding(text, f, shadow, judged)).collect()
}

fn of_finding(text: &str, finding: Finding, shadow: bool, judged: &[Judgement]) -> Found {
    let inside = |j: &&Judgement| finding.span.start <= j.span.start && j.span.end <= finding.span.end;
    let accepted: Vec<&Judgement> = judged.iter().filter(|j| j.verdict == Verdict::Accepted).filter(inside).collect();
    let named = accepted.iter().filter(|j| j.rule == finding.rule && j.tape == finding.tape);
    let winner = named
        .filter(|j| j.class == Some(finding.class))
        .max_by_key(|j| (j.span.len(), j.last_score(), j.first_score()))
        .copied();
    Found {
        shape: shape(text.get(finding.span.clone()).unwrap_or_default()),
        entity: finding.entity.to_string(),
        rule: finding.rule.to_string(),
        version: finding.version,
        pattern: winner.map(|w| w.pattern.to_string()),
        tape: finding.tape,
        score: hundredths(finding.score),
        steps: winner.map(|w| w.steps.clone()).unwrap_or_default(),
        checks: winner.map(|w| w.checks.clone()).unwrap_or_default(),
        context: winner.and_then(|w| w.context.clone()),
        because: match winner {
            Some(_) => because(finding.class),
            None if finding.span.end == text.len() => "the text's end may have cut it off",
            None => "a recogniser knows it",
        },
        action: finding.action,
        shadow,
        beside: winner.map(|w| rivals(w, &accepted)).unwrap_or_default(),
        span: finding.span,
    }
}

fn because(class: Class) -> &'static str {
    match class {
        Class::Shape => "its shape",
        Class::Context => "words before it",
        Class::Validated => "its checks",
        Class::Outgrown => "longer than its hold",
    }
}

/// One line for each other rule, by the best of what it found.
fn rivals(winner: &Judgement, accepted: &[&Judgement]) -> Vec<Rival> {
    let mut others: Vec<&&Judgement> = accepted.iter().filter(|j| j.rule != winner.rule).collect();
    others.sort_by_key(|j| (j.rule.clone(), std::cmp::Reverse((j.class, j.span.len()))));
    others.dedup_by(|a, b| a.rule == b.rule);
    let rival = |j: &&Judgement| Rival {
        rule: j.rule.to_string(),
        pattern: j.pattern.to_string(),
        lost: match (j.class.cmp(&winner.class), j.span.len().cmp(&winner.span.len())) {
            (std::cmp::Ordering::Less, _) => {
                let weaker = j.class.map_or("nothing", because);
                let stronger = winner.class.map_or("nothing", because);
                format!("{stronger} before {weaker}")
            }
            (_, std::cmp::Ordering::Less) => format!("{} bytes, not {}", j.span.len(), winner.span.len()),
            _ => format!("`{}` comes first in the alphabet", winner.rule),
        },
    };
    others.into_iter().map(rival).collect()
}
