//! Why not: what matches a pattern and is not masked. Found by rules that are made to want everything (no border, every
//! level, every entity), whose findings are then asked what the real rules have against them.

use std::{ops::Range, sync::Arc};

use serde::Serialize;

use super::{Found, Judgement, Step, Told, Verdict, judgements, shape};
use crate::{
    pack::{Allow, Mode, Pack, PackError, Rule},
    pattern::Border,
    policy::{Action, Direction, Leg, Policy, RoutePolicy},
    program::Program,
    resolve::TapeName,
};

/// More than this many are left out.
const MOST: usize = 50;

/// More than this many of one rule are left out.
const MOST_OF_RULE: usize = 5;

/// A match that is no finding; spans in bytes.
#[derive(Debug, Serialize)]
pub struct Near {
    /// Where.
    #[serde(skip)]
    pub span: Range<usize>,
    /// What it looks like.
    pub shape: String,
    /// The entity that it would be.
    pub entity: String,
    /// By which rule.
    pub rule: String,
    /// By which pattern.
    pub pattern: String,
    /// The reading that it is on.
    pub tape: TapeName,
    /// How far its score comes.
    pub steps: Vec<Step>,
    /// Why it does not count.
    pub why: Why,
    /// The same, in words.
    pub says: String,
}

/// Why a match does not count, closest first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The rule makes an exception of it.
    Exception,
    /// The rule only watches.
    Shadow,
    /// The policy allows the entity.
    Policy,
    /// The pattern is for a stricter policy.
    Level,
    /// What stands beside it belongs to it.
    Border,
    /// A check failed.
    Invalid,
    /// Nothing says what it is.
    Weak,
    /// The pattern is not for this reading.
    Reading,
}

pub(super) fn near(
    packs: &[Pack],
    policy: &Policy,
    leg: Leg,
    direction: Direction,
    told: Told<'_>,
    findings: &[Found],
) -> Result<Vec<Near>, PackError> {
    let route = policy.route(leg, direction).ok_or_else(|| PackError::NoRoute(policy.id()))?;
    let program = Program::compile(&greedy(packs), &everything(policy, leg, direction), leg, direction)?;
    let (_, _, judged) = judgements(&Arc::new(program), told);
    let rules = || packs.iter().flat_map(|p| &p.rules);
    let why = |j: Judgement| {
        let rule = rules().find(|r| *r.id == *j.rule)?;
        let (why, says) = against(rule, route, &j)?;
        findings.iter().all(|f| worth_saying(f, why, &j)).then_some((why, says, rule, j))
    };
    let mut found: Vec<_> = judged.into_iter().filter_map(why).collect();
    found.sort_by_key(|(why, _, _, j)| (*why, std::cmp::Reverse(j.span.len()), j.span.start));
    let mut kept: Vec<Near> = Vec::new();
    for (why, says, rule, j) in found {
        let of_rule = || kept.iter().filter(|n| n.rule == *j.rule);
        let known = of_rule().any(|n| n.span.start < j.span.end && j.span.start < n.span.end);
        if kept.len() < MOST && of_rule().count() < MOST_OF_RULE && !known {
            kept.push(Near {
                shape: shape(told.text.get(j.span.clone()).unwrap_or_default()),
                entity: rule.entity.clone(),
                rule: rule.id.clone(),
                pattern: j.pattern.to_string(),
                tape: j.tape,
                steps: j.steps,
                span: j.span,
                why,
                says,
            });
        }
    }
    Ok(kept)
}

/// Inside a finding only that counts which would name all of it.
fn worth_saying(found: &Found, why: Why, j: &Judgement) -> bool {
    let inside = found.span.start <= j.span.start && j.span.end <= found.span.end;
    !inside || (why != Why::Border && j.span == found.span && *j.rule != *found.rule)
}

/// The same rules, wanting everything.
fn greedy(packs: &[Pack]) -> Vec<Pack> {
    let mut packs = packs.to_vec();
    for rule in packs.iter_mut().flat_map(|p| &mut p.rules) {
        rule.border = Border::None;
        rule.mode = Mode::Active;
        rule.prefix = false;
        rule.patterns.iter_mut().for_each(|p| p.level = 1);
    }
    packs
}

fn everything(policy: &Policy, leg: Leg, direction: Direction) -> Policy {
    let route = RoutePolicy {
        reading: crate::reading::Reading::Written,
        leg,
        direction,
        caller: None,
        default: Action::Replace,
        entities: Default::default(),
        level: u8::MAX,
        levels: Default::default(),
        restore: false,
    };
    Policy { routes: vec![route], ..policy.clone() }
}

/// What the real rule has against a match; nothing if it is a finding, or too far from one to be worth a word.
fn against(rule: &Rule, route: &RoutePolicy, j: &Judgement) -> Option<(Why, String)> {
    let beside = beside(rule.border, j);
    let level = rule.patterns.iter().filter(|p| p.name == *j.pattern).map(|p| p.level).min().unwrap_or(1);
    match (j.verdict, beside) {
        (Verdict::Accepted, Some(side)) => {
            let border = format!("{:?}", rule.border).to_lowercase();
            Some((Why::Border, format!("`border: {border}`: a letter or digit stands right {side} it")))
        }
        (_, Some(_)) => None,
        (Verdict::Accepted, None) if route.action(&rule.entity) == Action::Allow => {
            Some((Why::Policy, format!("the policy allows {}", rule.entity)))
        }
        (Verdict::Accepted, None) if level > route.level(&rule.entity) => {
            let asked = route.level(&rule.entity);
            Some((Why::Level, format!("the pattern is for level {level}, the policy's level is {asked}")))
        }
        (Verdict::Accepted, None) if rule.mode == Mode::Shadow => {
            Some((Why::Shadow, "the rule is in `mode: shadow`: it would have counted".into()))
        }
        (Verdict::Accepted | Verdict::Border, None) => None,
        (Verdict::Allowed, None) => Some((Why::Exception, exception(&rule.allow))),
        (Verdict::Invalid, None) => {
            let failed: Vec<&str> = j.checks.iter().filter(|c| !c.held).map(|c| c.name).collect();
            Some((Why::Invalid, format!("check {} fails", failed.join(", "))))
        }
        (Verdict::Weak, None) => Some((Why::Weak, weak(rule, j))),
        (Verdict::Reading, None) => Some((Why::Reading, "the pattern is not `on` this reading".into())),
    }
}

fn beside(border: Border, j: &Judgement) -> Option<&'static str> {
    let (before, last, next) = j.beside;
    let bound = match border {
        Border::Word => before.is_ascii_alphanumeric(),
        Border::Digit => before.is_ascii_digit(),
        Border::None => false,
    };
    if bound {
        return Some("before");
    }
    (!border.closes(last, next)).then_some("after")
}

fn exception(allow: &[Allow]) -> String {
    match allow {
        [one] => format!("an exception by {}, until {}: {}", one.owner, one.expires, one.reason),
        _ => format!("one of the rule's {} exceptions (`allow`)", allow.len()),
    }
}

fn weak(rule: &Rule, j: &Judgement) -> String {
    let score = j.last_score();
    let terms = rule.context.some(6);
    match (terms.is_empty(), &j.context) {
        (false, None) => {
            format!("score {score:.2} is below 0.50, and none of its words stands before it ({})", terms.join(", "))
        }
        _ => format!("score {score:.2} is below 0.50"),
    }
}

impl Judgement {
    /// The last score, from 0 to 1, two digits after the point.
    pub(super) fn last_score(&self) -> Score {
        Score::of(self.steps.last())
    }

    /// What its shape is worth.
    pub(super) fn first_score(&self) -> Score {
        Score::of(self.steps.first())
    }
}

/// Hundredths, to be ordered and written.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Score(u8);

impl Score {
    fn of(step: Option<&Step>) -> Self {
        Score((step.map_or(0.0, |s| s.score) * 100.0).round() as u8)
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        super::hundredths(self.0).fmt(f)
    }
}
