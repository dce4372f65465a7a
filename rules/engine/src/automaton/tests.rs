//! The tables say what the regex crate says, of every start and every end.

use proptest::{prelude::*, test_runner::Config};
use regex::bytes::Regex;

use super::{Automaton, DEAD, NO_BYTE};
use crate::pattern::Border;

const BORDERS: [Border; 3] = [Border::Word, Border::Digit, Border::None];

/// A text with another text that it may match, over few letters so that patterns meet.
fn text() -> impl Strategy<Value = String> {
    "[ab0 -]{0,12}"
}

/// A part of an expression that has an upper length.
fn bounded() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec!["a", "b", "0", "-", "[ab]", "[a0]", "[0 -]", "ab0", "(?i:B)", "[ab0-]"]);
    leaf.prop_map(String::from).prop_recursive(4, 24, 4, |inner| {
        let repeated = (inner.clone(), 0..3u32, 0..4u32);
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            prop::collection::vec(inner, 1..4).prop_map(|parts| format!("(?:{})", parts.join("|"))),
            repeated.prop_map(|(part, least, more)| format!("(?:{part}){{{least},{}}}", least + more)),
        ]
    })
}

/// An expression as packs may have them: at least one byte, open at its end or nowhere.
fn expression() -> impl Strategy<Value = String> {
    let open = prop::sample::select(vec!["", "", "[ab]{2,}", "0+", "a[ab0-]{3,}", "-?[0-]{1,}", "(?:a[ab]{1,}|0{2,})"]);
    (bounded(), open, "[ab0-]").prop_map(|(bounded, open, first)| format!("{first}(?:{bounded}){open}"))
}

fn expressions() -> impl Strategy<Value = Vec<(Border, String)>> {
    prop::collection::vec((prop::sample::select(BORDERS.to_vec()), expression()), 1..8)
}

/// What starts at each place of a text: patterns that match up to each end, nothing after the place where it died.
fn read(automaton: &Automaton, text: &[u8], start: usize) -> Vec<Option<Vec<u16>>> {
    let before = start.checked_sub(1).map_or(NO_BYTE, |i| text[i]);
    let mut state = automaton.enter(before, text[start]);
    let mut ends = vec![(state != DEAD).then(|| automaton.accepted(state).copied().collect())];
    for &byte in &text[start + 1..] {
        state = automaton.step(state, byte);
        ends.push((state != DEAD).then(|| automaton.accepted(state).copied().collect()));
    }
    ends
}

fn regex(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

proptest! {
    #![proptest_config(Config { cases: 400, failure_persistence: None, ..Config::default() })]

    #[test]
    fn matches_and_dies_where_the_regex_crate_does(patterns in expressions(), texts in prop::collection::vec(text(), 8)) {
        let bordered: Vec<String> = patterns.iter().map(|(b, e)| format!("{}(?:{e})", b.before())).collect();
        let automaton = Automaton::build(&bordered).unwrap();
        let whole: Vec<Regex> = bordered.iter().map(|e| regex(&format!(r"\A(?s-u:{e})\z"))).collect();
        let prefix: Vec<Regex> =
            bordered.iter().map(|e| regex(&format!(r"\A(?s-u:{})\z", prefixes(e)))).collect();
        for text in &texts {
            for start in 0..text.len() {
                let ends = read(&automaton, text.as_bytes(), start);
                for (end, found) in (start + 1..=text.len()).zip(ends) {
                    let mut seen = vec![start.checked_sub(1).map_or(NO_BYTE, |i| text.as_bytes()[i])];
                    seen.extend(&text.as_bytes()[start..end]);
                    let says = |of: &[Regex]| -> Vec<u16> {
                        (0..).zip(of).filter(|(_, r)| r.is_match(&seen)).map(|(n, _)| n).collect()
                    };
                    let expected = (!says(&prefix).is_empty()).then(|| says(&whole));
                    prop_assert_eq!(found, expected, "{:?} in {:?}", bordered, &text[start..end]);
                }
            }
        }
    }
}

/// An expression for every start of what an expression matches: Pref(ab) = Pref(a) | a Pref(b), and so on.
fn prefixes(expression: &str) -> String {
    use regex_syntax::hir::{Hir, HirKind, Repetition};
    fn of(hir: &Hir) -> Hir {
        let to = |n: usize, parts: &[Hir]| Hir::concat(parts[..n].iter().cloned().chain([of(&parts[n])]).collect());
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Hir::empty(),
            HirKind::Class(_) => Hir::alternation(vec![Hir::empty(), hir.clone()]),
            HirKind::Literal(l) => Hir::alternation((0..=l.0.len()).map(|n| Hir::literal(&l.0[..n])).collect()),
            HirKind::Capture(c) => of(&c.sub),
            HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(of).collect()),
            HirKind::Concat(parts) => Hir::alternation((0..parts.len()).map(|n| to(n, parts)).collect()),
            HirKind::Repetition(r) if r.max == Some(0) => Hir::empty(),
            HirKind::Repetition(r) => {
                let before = Repetition { min: 0, max: r.max.map(|m| m - 1), greedy: true, sub: r.sub.clone() };
                Hir::concat(vec![Hir::repetition(before), of(&r.sub)])
            }
        }
    }
    of(&crate::pattern::parse(expression).unwrap()).to_string()
}

#[test]
fn a_class_of_nothing_is_dead_at_once() {
    let automaton = Automaton::build(&[r"(?s:.)(?:a[^\x00-\xff]|b)".into()]).unwrap();
    assert_eq!(automaton.enter(NO_BYTE, b'a'), DEAD);
    assert_eq!(automaton.accepted(automaton.enter(NO_BYTE, b'b')).copied().collect::<Vec<_>>(), [0]);
}

#[test]
fn equal_expressions_are_all_named() {
    let automaton = Automaton::build(&["[ab]c", "[ab]c{1,2}", "[ab]c"].map(String::from)).unwrap();
    assert_eq!(automaton.accepted(automaton.enter(b'a', b'c')).copied().collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn what_is_too_large_is_refused_soon() {
    let [many, words]: [Vec<String>; 2] = [
        (0..500).map(|i| format!("[^a][ab]{{0,{}}}a[ab]{{{}}}c", i % 23, i % 11)).collect(),
        (0..4000).map(|i| format!("[^a](?:[a-f]{{0,{}}}[0-9]){{1,{}}}{i}", i % 17 + 1, i % 13 + 1)).collect(),
    ];
    let one = ["(?s:.)[ab]{0,60}a[ab]{40}", "(?s:.)(?:[ab]*a[ab]{40})", "(?s:.)((a{0,999}){999}){999}"];
    for expressions in [many, words].into_iter().chain(one.map(|e| vec![e.to_owned()])) {
        assert!(Automaton::build(&expressions).is_err(), "{}", expressions[0]);
    }
}
