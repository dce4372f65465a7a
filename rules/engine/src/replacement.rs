//! What stands in a cluster's place: its winner's name, and what the strictest of its actions makes of the value.

use std::ops::Range;

use crate::{
    lane::Lane,
    pack::Canonical,
    policy::Action,
    program::Program,
    resolve::{Class, Cluster, Kind},
    segment::{Finding, Segment},
    token,
};

/// The segment that a cluster becomes; `found` is the lane of its winner.
pub(crate) fn replacement(program: &Program, cluster: &Cluster, raw: &Lane, found: &Lane) -> Segment {
    let span = cluster.source.clone();
    let winner = &cluster.winner;
    let (Some(finding), Some(rule)) = (finding(program, cluster), winner.rule()) else {
        return match token::normalise(text_of(found, &span).as_bytes()) {
            Some(token) => Segment::Token { span, token, exposed: cluster.exposed },
            None => Segment::Raw(span),
        };
    };
    let rule = &program.rules[usize::from(rule)];
    // Where the cluster exceeds its winner, the value is all of it, and only the same again shares its token.
    let form = if winner.source == span { rule.canonical } else { Canonical::Exact };
    let canonical = || form.of(&text_of(found, &span));
    match finding.action {
        Action::Allow | Action::Alert => Segment::Alert(finding),
        Action::Block => Segment::Block(finding),
        Action::Token => Segment::Mint { finding, value: text_of(raw, &span), canonical: canonical() },
        Action::Hash => Segment::Hash { finding, canonical: canonical() },
        Action::Redact => Segment::Replace { finding, text: String::new() },
        Action::Replace => Segment::Replace { text: format!("[{}]", rule.label), finding },
        Action::KeepLast => Segment::Replace { text: kept_last(&rule.label, &canonical()), finding },
    }
}

/// What a cluster is named; nothing for a token.
pub(crate) fn finding(program: &Program, cluster: &Cluster) -> Option<Finding> {
    let winner = &cluster.winner;
    let class = match winner.kind {
        Kind::Value { class, .. } => class,
        Kind::Prefix { .. } => Class::Shape,
        Kind::Token { .. } => return None,
    };
    let rule = &program.rules[usize::from(winner.rule()?)];
    Some(Finding {
        span: cluster.source.clone(),
        entity: rule.entity.clone(),
        label: rule.label.clone(),
        rule: rule.id.clone(),
        version: rule.version,
        score: winner.score,
        class,
        action: cluster.action(|r| program.rules[usize::from(r)].action),
        tape: winner.tape,
    })
}

/// The label and the last four characters, but never all of them.
fn kept_last(label: &str, canonical: &str) -> String {
    let skip = canonical.chars().count().saturating_sub(4).max(1);
    format!("[{label} *{}]", canonical.chars().skip(skip).collect::<String>())
}

/// What a lane reads in a source range.
pub(crate) fn text_of(lane: &Lane, source: &Range<usize>) -> String {
    let tape = &lane.tape;
    let range = tape.tape_at(source.start)..tape.tape_at(source.end);
    String::from_utf8_lossy(tape.slice(range)).into_owned()
}
