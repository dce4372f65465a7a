//! What is said of a candidate, and why another is none.

use super::*;
use crate::{Pack, policy::DEFAULT};

const PACK: &str = r"
pack: p
version: 1.0.0
rules:
  - id: card
    version: 3
    entity: pan
    owner: me
    border: digit
    canonical: digits
    context: [card]
    patterns: [{name: sixteen, regex: '\d{16}', score: 0.2, checks: [luhn]}, {name: strict, regex: 'c\d{4}', score: 0.9, level: 2}]
    allow: [{value: '4012888888881881', owner: qa, reason: test card, expires: 2027-01-31}]
    cases: {match: ['[[4111111111111111]]'], no_match: ['1']}
  - id: ticket
    version: 1
    entity: ticket
    owner: me
    border: digit
    context: [ticket]
    patterns: [{name: digits, regex: '\d{16}', score: 0.2}]
    cases: {match: ['ticket [[1234123412341234]]'], no_match: ['1']}
";

fn explained(text: &str) -> Explanation {
    let packs = [Pack::parse(PACK).unwrap()];
    let told = Told { reading: Reading::Written, after: "", text, goes_on: false };
    explain(&packs, &Policy::parse(DEFAULT).unwrap(), Leg::Llm, Direction::In, told).unwrap()
}

#[test]
fn a_finding_says_how_it_came_to_its_score_and_its_name() {
    let found = explained("ticket or card 4111111111111111").findings;
    assert_eq!(found.len(), 1);
    let card = &found[0];
    assert_eq!((card.rule.as_str(), card.pattern.as_deref(), card.because), ("card", Some("sixteen"), "its checks"));
    let scores: Vec<f64> = card.steps.iter().map(|s| s.score).collect();
    assert_eq!(scores, [0.2, 0.95, 1.0]);
    assert_eq!(card.context.as_ref().map(|c| (c.term.as_str(), c.words_before)), Some(("card", Some(1))));
    assert_eq!(card.beside[0].rule, "ticket");
    assert_eq!(card.beside[0].lost, "its checks before words before it");
    assert_eq!(card.shape, "dddddddddddddddd");
}

#[test]
fn every_reason_against_is_named() {
    let why = |text: &str| {
        let near = explained(text).near;
        near.iter().map(|n| (n.rule.clone(), n.why)).collect::<Vec<_>>()
    };
    let card = |why| ("card".to_owned(), why);
    assert!(why("4111111111111112").contains(&card(Why::Invalid)));
    assert!(why("4012888888881881").contains(&card(Why::Exception)));
    assert!(why("c1234").contains(&card(Why::Level)));
    assert!(why("41111111111111119").contains(&card(Why::Border)));
    assert!(why("4111111111111111").contains(&("ticket".to_owned(), Why::Weak)));
    assert!(why("nothing of the kind").is_empty());
}
