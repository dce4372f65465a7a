//! What should be found, computed the slow way: every start, every pattern, every end, on the whole text.

use regex::bytes::Regex;
use rules::{Action, Class, Direction, Leg, Policy, TapeName};

use crate::{
    reading::{Tape, decoded, in_link, raw},
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
        let tapes = [Tape::new(TapeName::Raw, &raw(text)), Tape::new(TapeName::Decoded, &decoded(text))];
        let named = |rule: &Rule, at: usize| {
            let left = tapes[1].left_of(at);
            rule.context.before(&left[left.len().saturating_sub(128)..]) || rule.context.within(before.as_bytes())
        };
        let starts = || tapes.iter().flat_map(|tape| (0..tape.bytes.len()).map(move |start| (tape, start)));
        let mut spans: Vec<Span> = starts().flat_map(|(tape, start)| self.spans(tape, start, &named)).collect();
        // No value is unfinished that lies inside a whole one, or that a checksum proves whole though it could go on.
        let inside = |s: &Span, v: &Span| v.class.is_some() && v.at.start <= s.at.start && s.at.end <= v.at.end;
        let proven = |v: &Span| v.class == Some(Class::Validated);
        let whole = |s: &Span, v: &Span| inside(s, v) || proven(v) && (v.rule, v.at.start) == (s.rule, s.at.start);
        let unfinished = starts().filter_map(|(tape, start)| self.unfinished(tape, start, cut, &named));
        spans.extend(unfinished.filter(|s| !spans.iter().any(|v| whole(s, v))).collect::<Vec<_>>());
        clusters(spans)
            .into_iter()
            .filter_map(|(at, members)| resolve(&self.rules, text, &tapes, at, &members))
            .collect()
    }

    fn spans(&self, tape: &Tape, start: usize, named: &impl Fn(&Rule, usize) -> bool) -> Vec<Span> {
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
                    let Some((mut score, mut class)) = pattern.judge(&tape.bytes[start..end]) else { continue };
                    if named(rule, tape.source(start..end).start) {
                        (score, class) = ((score + rule.boost()).min(100), class.max(Class::Context));
                    }
                    if pattern.open && end - start > self.hold {
                        class = Class::Outgrown;
                    }
                    spans.extend((score >= 50).then(|| span(end, Some(index), Some(class), score, false)));
                }
            }
        }
        let apart = |b: Option<&u8>| !b.is_some_and(u8::is_ascii_alphanumeric);
        for end in ends().filter(|_| start == 0 || apart(tape.bytes.get(start - 1))) {
            let right = &tape.bytes[end..];
            if apart(right.first()) && self.token.is_match(&tape.bytes[start..end]) {
                let address = right.starts_with(b"@")
                    || right.starts_with(b".") && !apart(right.get(1).filter(|b| !b.is_ascii_digit()));
                spans.push(span(end, None, None, 100, address || self.restore && in_link(&tape.bytes[..start])));
            }
        }
        spans
    }

    fn unfinished(&self, tape: &Tape, start: usize, cut: bool, named: &impl Fn(&Rule, usize) -> bool) -> Option<Span> {
        let rest = &tape.bytes[start..];
        let digits = rest.iter().filter(|b| b.is_ascii_digit()).count();
        let at = tape.source(start..tape.bytes.len());
        let likely = |r: &Rule| !r.only_named() && (digits >= 10 || cut) || named(r, at.start);
        let live = |r: &Rule| {
            r.opens(tape, start) && r.patterns.iter().any(|p| p.prefix.as_ref().is_some_and(|p| p.is_match(rest)))
        };
        let rule = self.rules.iter().position(|r| digits >= 6 && live(r) && likely(r))?;
        Some(Span { at, tape: tape.name, rule: Some(rule), class: None, score: 50, exposed: false })
    }
}
