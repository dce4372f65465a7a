//! Who wins when findings share bytes: the table of the design, written anew.

use std::{cmp::Reverse, ops::Range};

use rules::{Action, Class, TapeName, token};

use crate::{
    reading::Tape,
    run::{Piece, shown},
    written::Rule,
};

/// A cluster longer than this says no more than what starts within it.
const ENDLESS: usize = 1024;

/// An accepted span; a token has no rule, an unfinished value no class.
#[derive(Clone)]
pub(crate) struct Span {
    pub(crate) at: Range<usize>,
    pub(crate) tape: TapeName,
    pub(crate) rule: Option<usize>,
    pub(crate) class: Option<Class>,
    pub(crate) score: u64,
    pub(crate) exposed: bool,
}

/// Spans that share a source byte, transitively, and the union of each such lot.
pub(crate) fn clusters(mut spans: Vec<Span>) -> Vec<(Range<usize>, Vec<Span>)> {
    spans.sort_by_key(|s| (s.at.start, s.at.end));
    let mut clusters: Vec<(Range<usize>, Vec<Span>)> = Vec::new();
    for span in spans {
        match clusters.last_mut().filter(|(at, _)| span.at.start < at.end) {
            Some((at, members)) => (at.end = at.end.max(span.at.end), members.push(span)).1,
            None => clusters.push((span.at.clone(), vec![span])),
        }
    }
    clusters
}

/// What stands in the place of spans that share bytes.
pub(crate) fn resolve(rules: &[Rule], text: &str, tapes: &[Tape], at: Range<usize>, members: &[Span]) -> Option<Piece> {
    let members: Vec<&Span> = members.iter().filter(|s| s.at.start < at.start + ENDLESS).collect();
    let outgrown = |s: &Span| s.class == Some(Class::Outgrown);
    let long = |s: &Span| if outgrown(s) { usize::MAX - s.at.start } else { s.at.len() };
    let rank = |s: &Span| (s.rule.is_some(), s.class, long(s), Reverse(s.rule), Reverse(s.tape), s.score);
    let winner = *members.iter().max_by_key(|s| rank(s))?;
    let Some(index) = winner.rule else {
        let token = token::normalise(tapes[(winner.tape == TapeName::Decoded) as usize].text(&at).as_bytes())?;
        let exposed = members.iter().any(|s| s.exposed);
        return Some(Piece { shown: text[at.clone()].into(), about: format!("{token} {exposed}"), at });
    };
    let of = |s: &Span| {
        let action = rules[s.rule?].action;
        let lost = s.class.is_none() || s.tape == TapeName::Encoded || outgrown(winner) || at.len() > ENDLESS;
        let kept = matches!(action, Action::Token | Action::Hash | Action::KeepLast);
        let unseen = outgrown(winner) || at.len() > ENDLESS;
        let passes = matches!(action, Action::Allow | Action::Alert);
        Some(if lost && kept || unseen && passes { Action::Replace } else { action })
    };
    let action = if outgrown(winner) { of(winner)? } else { members.iter().filter_map(|s| of(s)).max()? };
    let rule = &rules[index];
    let read = tapes[(winner.tape == TapeName::Decoded) as usize].text(&at);
    let canonical = if winner.at == at { rule.canonical(&read) } else { read };
    let shown = shown(action, &rule.label(), &text[at.clone()], &canonical);
    let class = winner.class.unwrap_or(Class::Shape);
    let (version, entity) = (&rule.about["version"], rule.about["entity"].as_str()?);
    let about = format!("{entity} {}@{version} {} {class:?} {action:?} {:?}", rule.id, winner.score, winner.tape);
    Some(Piece { at, shown, about })
}
