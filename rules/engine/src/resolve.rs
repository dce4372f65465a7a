//! Who wins when findings share bytes. The table, before the code:
//!
//! | question | answer |
//! | --- | --- |
//! | what belongs together | accepted spans that share a source byte, transitively (touching is not sharing) |
//! | what is masked | the union of the cluster |
//! | which type | outgrown its hold > validated > by context > by shape; then the longer; then the earlier rule id |
//! | which action | block > redact > replace > hash > token > keep_last > alert > allow, over all of the cluster |
//! | which tape is named | raw before decoded before spoken |
//! | a cluster of over 1024 bytes | its label, by what starts within them, leaves before its end is known |
//! | a token among them | it is masked with the rest; alone, it is restored |

use std::{cmp::Reverse, ops::Range};

use crate::{
    fault::{self, Fault},
    policy::Action,
};

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
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TapeName {
    /// As written.
    Raw,
    /// With escapes and other scripts decoded.
    Decoded,
    /// With words for digits, letters and signs read as those.
    Spoken,
    /// With a run of base64 or hexadecimal decoded: edits are whole groups of it, by label.
    Encoded,
    /// As speech, of a text that another will replace.
    Partial,
}

impl TapeName {
    /// Whether words stand for digits on it.
    pub(crate) fn said(self) -> bool {
        matches!(self, TapeName::Spoken | TapeName::Partial)
    }
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

/// A score from which on a value is taken to be whole, in hundredths.
const LITTLE_DOUBT: u8 = 90;

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
    /// The rule that it is by.
    pub(crate) fn rule(&self) -> Option<u16> {
        match self.kind {
            Kind::Value { rule, .. } | Kind::Prefix { rule } => Some(rule),
            Kind::Token { .. } => None,
        }
    }

    /// Whether a checksum says that it is a value.
    pub(crate) fn proven(&self) -> bool {
        matches!(self.kind, Kind::Value { class: Class::Validated, .. })
    }

    /// Whether it needs no more digits: a checksum holds, or its shape and the words before it leave little doubt.
    pub(crate) fn whole(&self) -> bool {
        self.proven() || (matches!(self.kind, Kind::Value { .. }) && self.score >= LITTLE_DOUBT)
    }

    /// Whether both say the same, of one start.
    fn twins(&self, other: &Accepted) -> bool {
        (self.source.start, self.kind, self.tape) == (other.source.start, other.kind, other.tape)
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
        if fault::is(Fault::LengthOnly) {
            return (value, None, self.source.len(), Reverse(rule), Reverse(self.tape), self.score);
        }
        (value, class, weight, Reverse(rule), Reverse(self.tape), self.score)
    }
}

/// Bytes of a cluster beyond which it is masked before its end is known: overlapping numbers without end must not hold
/// a stream for ever.
pub(crate) const LONGEST: usize = 1024;

/// Accepted spans that share bytes, and so one fate; of the spans only what decides it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    pub(crate) source: Range<usize>,
    /// The span that names the cluster.
    pub(crate) winner: Accepted,
    /// On some tape a token of the cluster stands where it must not be restored.
    pub(crate) exposed: bool,
    strictest: Option<Action>,
}

impl Cluster {
    fn of(span: Accepted, action: Option<Action>) -> Self {
        let exposed = matches!(span.kind, Kind::Token { exposed: true });
        Cluster { source: span.source.clone(), exposed, strictest: action, winner: span }
    }

    fn join(&mut self, other: Cluster) {
        let late = other.source.start > self.source.start;
        let (mut first, last) = if late { (self.clone(), other) } else { (other, self.clone()) };
        let end = first.source.end.max(last.source.end);
        // What starts after the label of a cluster without end may have left is masked with it, and says no more.
        let limit = first.source.start + LONGEST;
        if last.source.start < limit {
            let stronger = last.winner.rank() > first.winner.rank() && last.winner.source.start < limit;
            first.exposed = match fault::is(Fault::ExposedByWinner) {
                true if stronger => last.exposed,
                true => first.exposed,
                false => first.exposed || last.exposed,
            };
            first.strictest = first.strictest.max(last.strictest);
            if stronger {
                first.winner = last.winner;
            }
        }
        first.source.end = end;
        if fault::is(Fault::WinnerOnly) {
            first.source = first.winner.source.clone();
        }
        *self = first;
    }

    /// Whether it is longer than anything that could be one value: its label leaves before its end is known.
    pub(crate) fn endless(&self) -> bool {
        self.source.len() > LONGEST
    }

    /// The strictest action that any value of the cluster calls for. What leaves before its end is known cannot pass: a
    /// value may stand in what is still to come of it.
    pub(crate) fn action(&self, of_rule: impl Fn(u16) -> Action) -> Action {
        let unseen = |action: Action| action.without_value().max(Action::Replace);
        match self.winner.kind {
            Kind::Value { rule, class: Class::Outgrown } => unseen(of_rule(rule)),
            _ if self.endless() => self.strictest.map_or(Action::Allow, unseen),
            _ => self.strictest.unwrap_or(Action::Allow),
        }
    }
}

/// Clusters in order, none sharing a byte with another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clusters(Vec<Cluster>);

impl Clusters {
    /// Adds a span, joining all that it shares a byte with.
    pub(crate) fn add(&mut self, span: Accepted, of_rule: impl Fn(u16) -> Action) {
        let action = match span.kind {
            Kind::Value { rule, .. } => Some(of_rule(rule)),
            Kind::Prefix { rule } => Some(of_rule(rule).without_value()),
            Kind::Token { .. } => None,
        };
        let touch = usize::from(fault::is(Fault::TouchingJoins));
        // New spans come late in the text, so from the end.
        let after = self.0.iter().rev().take_while(|c| c.source.start >= span.source.end + touch).count();
        let after = self.0.len() - after;
        let sharing = self.0[..after].iter().rev().take_while(|c| span.source.start < c.source.end + touch).count();
        let first = after - sharing;
        let mut cluster = Cluster::of(span, action);
        if sharing == 1 && fault::is(Fault::KeepShortest) && self.0[first].winner.twins(&cluster.winner) {
            return;
        }
        if sharing == 1 {
            self.0[first].join(cluster);
            return;
        }
        self.0.drain(first..after).for_each(|c| cluster.join(c));
        self.0.insert(first, cluster);
    }

    /// The one that has all of these source bytes.
    pub(crate) fn holding(&self, source: &Range<usize>) -> Option<&Cluster> {
        let i = self.0.partition_point(|c| c.source.end < source.end);
        self.0.get(i).filter(|c| c.source.start <= source.start)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Source offset of the first.
    pub(crate) fn start(&self) -> Option<usize> {
        self.0.first().map(|c| c.source.start)
    }

    /// All of them, leaving none.
    pub(crate) fn take(&mut self) -> Vec<Cluster> {
        std::mem::take(&mut self.0)
    }

    /// Puts back one that comes after all others.
    pub(crate) fn put_back(&mut self, cluster: Cluster) {
        self.0.push(cluster);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(source: Range<usize>, rule: u16, class: Class) -> Accepted {
        let kind = Kind::Value { rule, class };
        Accepted { source, tape: TapeName::Raw, kind, score: 50 }
    }

    fn clusters(spans: impl IntoIterator<Item = Accepted>) -> Vec<Cluster> {
        let mut clusters = Clusters::default();
        spans.into_iter().for_each(|s| clusters.add(s, |_| Action::Replace));
        clusters.take()
    }

    #[test]
    fn touching_is_not_sharing_and_sharing_is_transitive() {
        let spans = [
            value(4..8, 0, Class::Shape),
            value(0..4, 1, Class::Shape),
            value(7..9, 2, Class::Shape),
            value(8..12, 3, Class::Shape),
        ];
        for turn in 0..4 {
            let mut spans = spans.clone();
            spans.rotate_left(turn);
            let ranges: Vec<_> = clusters(spans).into_iter().map(|c| c.source).collect();
            assert_eq!(ranges, [0..4, 4..12]);
        }
    }

    #[test]
    fn a_late_span_joins_what_was_apart() {
        let spans = [(0..2), (3..5), (6..8), (4..7), (9..10)].map(|at| value(at, 0, Class::Shape));
        let ranges: Vec<_> = clusters(spans).into_iter().map(|c| c.source).collect();
        assert_eq!(ranges, [0..2, 3..8, 9..10]);
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
            for spans in [[loser.clone(), winner.clone()], [winner.clone(), loser]] {
                assert_eq!(clusters(spans).remove(0).winner, winner);
            }
        }
    }

    #[test]
    fn actions_are_ordered_as_written() {
        use Action::*;
        let order = [Allow, Alert, KeepLast, Token, Hash, Replace, Redact, Block];
        assert!(order.is_sorted());
    }
}
