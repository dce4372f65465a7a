//! The tables say what the regex crate says, of every start and every end.

use proptest::{prelude::*, test_runner::Config};
use regex::bytes::Regex;

use super::{Automaton, DEAD, NO_BYTE, Needs};
use crate::pattern::Border;

/// Over few letters, so that patterns meet.
fn text() -> impl Strategy<Value = String> {
    "[ab0 -]{0,12}"
}

/// An expression, and one for every start of what it matches.
#[derive(Clone, Debug)]
struct Pair {
    whole: String,
    start: String,
}

impl Pair {
    fn byte(byte: &str) -> Self {
        Pair { whole: byte.into(), start: format!("(?:{byte})?") }
    }

    fn concat(parts: &[Pair]) -> Self {
        let whole: Vec<&str> = parts.iter().map(|p| p.whole.as_str()).collect();
        let starts: Vec<String> = (0..parts.len()).map(|n| whole[..n].concat() + &parts[n].start).collect();
        Pair { whole: format!("(?:{})", whole.concat()), start: format!("(?:{})", starts.join("|")) }
    }

    fn either(parts: &[Pair]) -> Self {
        let join = |of: fn(&Pair) -> &str| format!("(?:{})", parts.iter().map(of).collect::<Vec<_>>().join("|"));
        Pair { whole: join(|p| &p.whole), start: join(|p| &p.start) }
    }

    fn repeat(&self, least: u32, most: Option<u32>) -> Self {
        let Pair { whole, start } = self;
        match most {
            Some(0) => Pair { whole: format!("(?:{whole}){{0}}"), start: String::new() },
            Some(most) => Pair {
                whole: format!("(?:{whole}){{{least},{most}}}"),
                start: format!("(?:(?:{whole}){{0,{}}}{start})", most - 1),
            },
            None => Pair { whole: format!("(?:{whole}){{{least},}}"), start: format!("(?:(?:{whole}){{0,}}{start})") },
        }
    }
}

fn byte() -> impl Strategy<Value = Pair> {
    let bytes = vec!["a", "b", "0", "-", "[ab]", "[a0]", "[0 -]", "(?i:B)", "[ab0-]"];
    prop::sample::select(bytes).prop_map(Pair::byte)
}

/// A part of an expression that has an upper length.
fn bounded() -> impl Strategy<Value = Pair> {
    byte().prop_recursive(4, 24, 4, |inner| {
        let some = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            some().prop_map(|parts| Pair::concat(&parts)),
            some().prop_map(|parts| Pair::either(&parts)),
            (inner.clone(), 0..3u32, 0..4u32).prop_map(|(part, least, more)| part.repeat(least, Some(least + more))),
        ]
    })
}

/// An expression as packs may have them: open at its end or nowhere, after the byte that its border leaves.
fn expression() -> impl Strategy<Value = Pair> {
    let open = prop::option::of((byte(), 0..4u32).prop_map(|(byte, least)| byte.repeat(least, None)));
    let borders = vec![Border::Word, Border::Digit, Border::None];
    (prop::sample::select(borders), byte(), bounded(), open).prop_map(|(border, first, bounded, open)| {
        let before = Pair::byte(border.before());
        let parts: Vec<Pair> = [before, first, bounded].into_iter().chain(open).collect();
        Pair::concat(&parts)
    })
}

/// What starts at each place of a text: patterns that match up to each end, nothing after the place where it died.
fn read(automaton: &Automaton, text: &[u8], start: usize) -> Vec<Option<Vec<u16>>> {
    let before = start.checked_sub(1).map_or(NO_BYTE, |i| text[i]);
    let mut state = automaton.enter(before, text[start]);
    let mut ends = vec![(state != DEAD).then(|| automaton.accepted(state, Needs::Question).copied().collect())];
    for &byte in &text[start + 1..] {
        state = automaton.step(state, byte);
        ends.push((state != DEAD).then(|| automaton.accepted(state, Needs::Question).copied().collect()));
    }
    ends
}

fn regex(text: &str) -> Regex {
    Regex::new(&format!(r"\A(?s-u:{text})\z")).unwrap_or_else(|e| panic!("{text}: {e}"))
}

proptest! {
    #![proptest_config(Config { cases: 400, failure_persistence: None, ..Config::default() })]

    #[test]
    fn matches_and_dies_where_the_regex_crate_does(
        pairs in prop::collection::vec(expression(), 1..8),
        texts in prop::collection::vec(text(), 8),
    ) {
        let expressions: Vec<String> = pairs.iter().map(|pair| pair.whole.clone()).collect();
        let automaton = Automaton::build(&expressions).unwrap();
        let whole: Vec<Regex> = pairs.iter().map(|pair| regex(&pair.whole)).collect();
        let possible: Vec<Regex> = pairs.iter().map(|pair| regex(&pair.start)).collect();
        for text in &texts {
            for start in 0..text.len() {
                for (end, found) in (start + 1..=text.len()).zip(read(&automaton, text.as_bytes(), start)) {
                    let mut seen = vec![start.checked_sub(1).map_or(NO_BYTE, |i| text.as_bytes()[i])];
                    seen.extend(&text.as_bytes()[start..end]);
                    let named = (0..).zip(&whole).filter(|(_, r)| r.is_match(&seen)).map(|(n, _)| n).collect();
                    let expected = possible.iter().any(|r| r.is_match(&seen)).then_some(named);
                    prop_assert_eq!(found, expected, "{:?} in {:?}", expressions, &text[start..end]);
                }
            }
        }
    }
}

#[test]
fn a_class_of_nothing_is_dead_at_once() {
    let automaton = Automaton::build(&[r"(?s:.)(?:a[^\x00-\xff]|b)".into()]).unwrap();
    assert_eq!(automaton.enter(NO_BYTE, b'a'), DEAD);
    assert_eq!(automaton.accepted(automaton.enter(NO_BYTE, b'b'), Needs::Question).copied().collect::<Vec<_>>(), [0]);
}

#[test]
fn equal_expressions_are_all_named() {
    let automaton = Automaton::build(&["[ab]c", "[ab]c{1,2}", "[ab]c"].map(String::from)).unwrap();
    assert_eq!(
        automaton.accepted(automaton.enter(b'a', b'c'), Needs::Question).copied().collect::<Vec<_>>(),
        [0, 1, 2]
    );
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
