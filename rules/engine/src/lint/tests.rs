//! Mistakes are found, with their place and a hint.

use super::*;

fn source(text: &str) -> Source {
    Source { file: "p.yaml".into(), text: text.into() }
}

const PACK: &str = r"
pack: p
version: 1.0.0
rules:
  - id: one
    version: 1
    entity: one
    owner: me
    status: experimental
    patterns:
      - {name: a, regex: 'A-\d{4}', score: 0.8}
      - {name: b, regex: 'B\d{4}', score: 0.8}
      - {name: b, regex: 'C\d{4}', score: 0.2}
    allow: [{value: A-1234, owner: qa, reason: a test, expires: 2027-01-31}]
    cases: {match: ['[[A-1111]]', '[[A-2222]]'], no_match: ['A']}
  - id: two
    version: 1
    entity: two
    owner: me
    mode: shadow
    patterns: [{name: a, regex: 'A-\d{4}', score: 0.8}, {name: letters, regex: '[a-z][a-z ,.]{0,60}[0-9]', score: 0.1, level: 3}]
    context: [two]
    cases: {match: ['[[A-3333]]'], no_match: ['A']}
  - {id: three, version: 1, entity: three, owner: me, patterns: [{name: c, regex: '[a-z][a-z ,.]{0,60}9', score: 0.9, level: 3}],
     cases: {match: ['[[x9]]'], no_match: ['A']}}
";

const POLICY: &str = "
policy: p
version: 1
routes:
  - leg: llm
    direction: in
    default: replace
    entities: {one: allow, four: block}
";

#[test]
fn each_thing_is_said_with_its_place() {
    let found = lint(&[source(PACK)], Some(&Source { file: "policy.yaml".into(), text: POLICY.into() }), "2027-02-01");
    let said = |code: &str, rule: &str| {
        let found: Vec<_> = found.iter().filter(|f| f.code == code && f.rule == rule).collect();
        assert_eq!(found.len(), 1, "{code} {rule}: {found:?}");
        (found[0].level, found[0].line)
    };
    assert_eq!(said("expired", "one"), (Level::Error, 14));
    assert_eq!(said("experimental", "one"), (Level::Note, 5));
    assert_eq!(said("name", "one"), (Level::Warning, 5));
    assert_eq!(said("dead", "one"), (Level::Warning, 13));
    assert_eq!(said("shadow", "two"), (Level::Note, 16));
    assert_eq!(said("inert", "one"), (Level::Warning, 5));
    assert_eq!(said("inert", "three"), (Level::Warning, 24));
    assert_eq!(said("cost", "three"), (Level::Warning, 24));
    assert_eq!(said("cost", "one"), (Level::Note, 5));
    assert_eq!(said("total", "").0, Level::Note);
    assert_eq!(said("entity", ""), (Level::Warning, 8));
    assert_eq!(found.iter().filter(|f| f.code == "untried").count(), 3, "B, C and letters");
    assert!(found.iter().any(|f| f.code == "overlap" && f.line == 21), "the same expression");
    assert!(found.iter().any(|f| f.code == "overlap" && f.message.contains("over all cases")));
    assert!(!lint(&[source(PACK)], None, "2027-01-30").iter().any(|f| f.code == "expired"));
}

#[test]
fn all_mistakes_are_told_at_once() {
    let pack = PACK.replace("'B\\d{4}'", "'\\bB\\d{4}\\b'").replace("'[a-z][a-z ,.]{0,60}9'", "'a.c'");
    let found = lint(&[source(&pack)], None, "2027-01-01");
    let errors: Vec<_> = found.iter().filter(|f| f.level == Level::Error).map(|f| (f.line, f.code)).collect();
    assert_eq!(errors, [(12, "regex"), (24, "regex")]);
    assert!(found[0].hint.as_ref().unwrap().contains("border: word"));
}
