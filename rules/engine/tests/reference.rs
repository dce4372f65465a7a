//! What should be found, computed the slow way: every start, every pattern, every end, on the whole text.

use regex::bytes::Regex;
use rules::{Action, Class, Direction, Leg, Policy, TapeName, context::whole_words};

use crate::{
    reading::{Tape, decoded, encoded, in_link, raw},
    resolution::{Span, clusters, resolve},
    run::Piece,
    written::{Rule, rules, token},
};

pub(crate) struct Reference {
    rules: Vec<Rule>,
    token: Regex,
    hold: usize,
    restore: bool,
}

impl Reference {
    pub(crate) fn new(packs: &[&str], policy: &str, direction: Direction) -> Self {
        let policy = Policy::parse(policy).unwrap();
        let route = policy.route(Leg::Llm, direction).unwrap();
        let mut rules = rules(packs, route);
        let labels: Vec<String> = rules.iter().map(Rule::label).collect();
        rules.retain(|r| r.action != Action::Allow);
        let token = token(&labels);
        let hold = rules.iter().filter(|r| r.patterns.iter().any(|p| p.open)).map(Rule::hold).max().unwrap_or(0);
        Reference { rules, token, hold, restore: route.restore }
    }

    /// What stands in place of what, in a text that follows a message ending with `before`.
    pub(crate) fn pieces(&self, text: &str, before: &str, cut: bool) -> Vec<Piece> {
        let mut tapes = vec![Tape::new(TapeName::Raw, &raw(text)), Tape::new(TapeName::Decoded, &decoded(text))];
        tapes.extend(encoded(text));
        let told = |rule: &Rule, left: &[u8], beside: u8| {
            rule.context.before(whole_words(&left[left.len().saturating_sub(128)..], beside))
        };
        let named = |rule: &Rule, tape: &Tape, start: usize, at: usize| {
            if tape.name == TapeName::Encoded {
                return rule.context.before(&tape.bytes[start.saturating_sub(128)..start]);
            }
            told(rule, tapes[1].left_of(at), tape.bytes[..start].last().copied().unwrap_or(0))
                || rule.context.within(before.as_bytes())
                || rule.asked.within(before.as_bytes())
        };
        let starts = || tapes.iter().flat_map(|tape| (0..tape.bytes.len()).map(move |start| (tape, start)));
        let mut spans: Vec<Span> = starts().flat_map(|(tape, start)| self.spans(tape, start, &named)).collect();
        let written = starts().filter(|(tape, _)| tape.name != TapeName::Encoded);
        let unfinished = written.filter_map(|(tape, start)| self.unfinished(tape, start, cut, &named, &spans));
        let unfinished: Vec<Span> = unfinished.collect();
        spans.extend(unfinished);
        clusters(spans)
            .into_iter()
            .filter_map(|(at, members)| resolve(&self.rules, text, &tapes, at, &members))
            .collect()
    }

    fn spans(&self, tape: &Tape, start: usize, named: &impl Fn(&Rule, &Tape, usize, usize) -> bool) -> Vec<Span> {
        let mut spans = Vec::new();
        let ends = || start + 1..=tape.bytes.len();
        let span = |end, rule, class, score, exposed| Span {
            at: tape.source(start..end),
            tape: tape.name,
            rule,
            class,
            score,
            exposed,
        };
        for (index, rule) in self.rules.iter().enumerate().filter(|(_, r)| r.opens(tape, start)) {
            for pattern in rule.patterns.iter().filter(|p| p.starts.is_match(&tape.bytes[start..])) {
                let matches = |&end: &usize| pattern.whole.is_match(&tape.bytes[start..end]) && rule.closes(tape, end);
                for end in ends().filter(matches) {
                    let follows = |at: &usize| pattern.then.as_ref().is_none_or(|t| t.is_match(&tape.bytes[*at..end]));
                    let value = if pattern.then.is_some() { (start + 1..end).find(follows) } else { Some(end) };
                    let end = value.unwrap_or(end);
                    let Some((mut score, mut class)) = pattern.judge(&tape.bytes[start..end]) else { continue };
                    class = if pattern.then.is_some() { class.max(Class::Context) } else { class };
                    if named(rule, tape, start, tape.source(start..end).start) {
                        (score, class) = ((score + rule.boost()).min(100), class.max(Class::Context));
                    }
                    if pattern.open && end - start > self.hold {
                        class = Class::Outgrown;
                    }
                    spans.extend((score >= 50).then(|| span(end, Some(index), Some(class), score, false)));
                }
            }
        }
        if tape.name == TapeName::Encoded {
            return spans;
        }
        let glued = start > 0 && tape.bytes[start - 1].is_ascii_alphanumeric();
        let capitals = |slice: &[u8]| slice.iter().take_while(|b| b.is_ascii_alphabetic()).all(u8::is_ascii_uppercase);
        let seen = |slice: &[u8]| self.token.is_match(slice) && (!glued || capitals(slice));
        for end in ends().filter(|&end| seen(&tape.bytes[start..end])) {
            let right = &tape.bytes[end..];
            let address =
                right.starts_with(b"@") || right.starts_with(b".") && right.get(1).is_some_and(u8::is_ascii_alphabetic);
            spans.push(span(end, None, None, 100, address || self.restore && in_link(&tape.bytes[..start])));
        }
        spans
    }

    /// What a live prefix shows beside whole values.
    fn unfinished(
        &self,
        tape: &Tape,
        start: usize,
        cut: bool,
        named: &impl Fn(&Rule, &Tape, usize, usize) -> bool,
        whole: &[Span],
    ) -> Option<Span> {
        let rest = &tape.bytes[start..];
        let shown = |i: &usize| {
            let at = tape.source(*i..i + 1);
            !whole
                .iter()
                .any(|v| (v.class.is_some() || v.rule.is_none()) && v.at.start <= at.start && at.end <= v.at.end)
        };
        let all = (start..tape.bytes.len()).filter(|&i| tape.bytes[i].is_ascii_digit()).count();
        let digits: Vec<usize> =
            (start..tape.bytes.len()).filter(|&i| tape.bytes[i].is_ascii_digit()).filter(shown).collect();
        let likely = |r: &Rule| {
            !r.only_named() && (digits.len() >= 10 || cut) || named(r, tape, start, tape.source(start..start + 1).start)
        };
        let live = |r: &Rule| {
            r.opens(tape, start) && r.patterns.iter().any(|p| p.prefix.as_ref().is_some_and(|p| p.is_match(rest)))
        };
        let rule = self.rules.iter().position(|r| digits.len() >= 6 && live(r) && likely(r))?;
        let from = if digits.len() == all { start } else { digits[0] };
        let to = (from..tape.bytes.len()).rev().find(|i| tape.bytes[*i].is_ascii_alphanumeric() && shown(i))? + 1;
        Some(Span {
            at: tape.source(from..to),
            tape: tape.name,
            rule: Some(rule),
            class: None,
            score: 50,
            exposed: false,
        })
    }
}
