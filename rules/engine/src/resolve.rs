//! Who wins when findings share bytes. The table, before the code:
//!
//! | question | answer |
//! | --- | --- |
//! | what belongs together | accepted spans that share a source byte, transitively (touching is not sharing) |
//! | what is masked | the union of the cluster |
//! | which type | outgrown its hold > validated > by context > by shape; then the longer; then the earlier rule id |
//! | which action | block > redact > replace > hash > token > keep_last > alert > allow, over all of the cluster |
//! | which tape is named | raw before decoded |
//! | a token among them | it is masked with the rest; alone, it is restored |

use std::{cmp::Reverse, ops::Range};

use crate::policy::Action;

/// Why a span was accepted, weakest first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Class {
    /// Its shape alone says enough.
    Shape,
    /// Words before it said what it is.
    Context,
    /// Its checksum or registry check passed.
    Validated,
    /// It is longer than its rule's hold.
    Outgrown,
}

/// Which reading of the text a span was found on.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum TapeName {
    /// As written.
    Raw,
    /// With escapes and other scripts decoded.
    Decoded,
}

/// What an accepted span is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// A value that the rule, by its index in the program, recognised.
    Value { rule: u16, class: Class },
    /// The start of a value that the text's end cut off: masked by its label only.
    Prefix { rule: u16 },
    /// One of our tokens; `exposed` where it must not be restored.
    Token { exposed: bool },
}

/// An accepted span.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Accepted {
    pub(crate) source: Range<usize>,
    pub(crate) tape: TapeName,
    pub(crate) kind: Kind,
    /// Hundredths.
    pub(crate) score: u8,
}

impl Accepted {
    /// Whether `prefix` is no unfinished value, for this one: inside it, or a proven value that merely could go on.
    pub(crate) fn completes(&self, prefix: &Accepted) -> bool {
        let (Kind::Value { rule, class }, Kind::Prefix { rule: unfinished }) = (self.kind, prefix.kind) else {
            return false;
        };
        let starts_before = self.source.start <= prefix.source.start;
        let inside = starts_before && prefix.source.end <= self.source.end;
        let proven = rule == unfinished && class == Class::Validated && self.source.start == prefix.source.start;
        inside || proven
    }

    /// The winner of a cluster is the one with the greatest rank.
    fn rank(&self) -> (bool, Option<Class>, usize, Reverse<u16>, Reverse<TapeName>, u8) {
        let (value, class, rule) = match self.kind {
            Kind::Value { rule, class } => (true, Some(class), rule),
            Kind::Prefix { rule } => (true, None, rule),
            Kind::Token { .. } => (false, None, u16::MAX),
        };
        // Of spans that outgrew their hold the first start wins: it is the one whose label may have left already.
        let weight = if class == Some(Class::Outgrown) { usize::MAX - self.source.start } else { self.source.len() };
        (value, class, weight, Reverse(rule), Reverse(self.tape), self.score)
    }
}

/// Accepted spans that share bytes, and so one fate.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    pub(crate) source: Range<usize>,
    pub(crate) spans: Vec<Accepted>,
}

impl Cluster {
    /// The span that names the cluster.
    pub(crate) fn winner(&self) -> &Accepted {
        self.spans.iter().reduce(|a, b| if b.rank() > a.rank() { b } else { a }).unwrap_or(&self.spans[0])
    }

    /// Whether on some tape a token of the cluster stands where it must not be restored.
    pub(crate) fn exposed(&self) -> bool {
        self.spans.iter().any(|s| matches!(s.kind, Kind::Token { exposed: true }))
    }

    /// The strictest action that any value of the cluster calls for.
    pub(crate) fn action(&self, of_rule: impl Fn(u16) -> Action) -> Action {
        if let Kind::Value { rule, class: Class::Outgrown } = self.winner().kind {
            return of_rule(rule).without_value();
        }
        let strictest = self.spans.iter().filter_map(|s| match s.kind {
            Kind::Prefix { rule } => Some(of_rule(rule).without_value()),
            Kind::Value { rule, .. } => Some(of_rule(rule)),
            Kind::Token { .. } => None,
        });
        strictest.max().unwrap_or(Action::Allow)
    }
}

/// Joins spans that share a source byte; the result is in order.
pub(crate) fn clusters(mut spans: Vec<Accepted>) -> Vec<Cluster> {
    spans.sort_by_key(|s| (s.source.start, s.source.end));
    let mut out: Vec<Cluster> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if span.source.start < last.source.end => {
                last.source.end = last.source.end.max(span.source.end);
                last.spans.push(span);
            }
            _ => out.push(Cluster { source: span.source.clone(), spans: vec![span] }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(source: Range<usize>, rule: u16, class: Class) -> Accepted {
        let kind = Kind::Value { rule, class };
        Accepted { source, tape: TapeName::Raw, kind, score: 50 }
    }

    #[test]
    fn touching_is_not_sharing_and_sharing_is_transitive() {
        let spans = vec![
            value(4..8, 0, Class::Shape),
            value(0..4, 1, Class::Shape),
            value(7..9, 2, Class::Shape),
            value(8..12, 3, Class::Shape),
        ];
        let ranges: Vec<_> = clusters(spans).into_iter().map(|c| c.source).collect();
        assert_eq!(ranges, [0..4, 4..12]);
    }

    #[test]
    fn the_table_holds() {
        for (winner, loser) in [
            (value(0..3, 9, Class::Outgrown), value(0..9, 1, Class::Validated)),
            (value(0..3, 9, Class::Validated), value(0..9, 1, Class::Context)),
            (value(0..3, 9, Class::Context), value(0..9, 1, Class::Shape)),
            (value(0..9, 9, Class::Shape), value(0..3, 1, Class::Shape)),
            (value(0..3, 1, Class::Shape), value(1..4, 9, Class::Shape)),
        ] {
            let expected = winner.source.clone();
            let cluster = clusters(vec![loser, winner]).remove(0);
            assert_eq!(cluster.winner().source, expected);
        }
    }

    #[test]
    fn actions_are_ordered_as_written() {
        use Action::*;
        let order = [Allow, Alert, KeepLast, Token, Hash, Replace, Redact, Block];
        assert!(order.is_sorted());
    }
}
