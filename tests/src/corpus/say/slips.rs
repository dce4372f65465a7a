//! What comes between the digits: breaths, fillers, the listener, slips of the tongue, and the wrong word heard.

use super::digits::{one, singles};
use super::{Group, Manner, Speech, Style};
use crate::corpus::prng::Prng;

const FILLERS: &[&str] = &[
    "uh",
    "um",
    "er",
    "uh",
    "um",
    "let me see",
    "and then",
    "one moment",
    "hang on",
    "so",
    "then",
    "hold on",
    "and",
    "let me just check",
    "ah",
    "hmm",
    "sorry",
    "then it's",
    "and it goes",
    "like",
];
const LISTENER: &[&str] = &[
    "mm hmm",
    "uh huh",
    "okay",
    "go ahead",
    "got it",
    "yes",
    "right",
    "yep",
    "okay go ahead",
    "alright",
    "yeah",
    "I'm listening",
    "and",
    "perfect",
];

/// What stands between two groups, and the trait to note.
pub(super) fn joint(rng: &mut Prng, style: Style, chatty: bool) -> (String, Option<&'static str>) {
    if chatty && rng.chance(40) {
        let (list, name) = if rng.chance(60) { (FILLERS, "filler") } else { (LISTENER, "back-channel") };
        let said = rng.pick(list);
        let joint = match (style, rng.below(4)) {
            (Style::Bare, _) => format!(" {} ", said.to_lowercase()),
            (_, 0) => format!(" {said} "),
            (_, 1) => format!("... {said}... "),
            (_, 2) => format!(". {}. ", capital(said)),
            _ => format!(", {said}, "),
        };
        return (joint, Some(name));
    }
    let joint = match style {
        Style::Bare if rng.chance(3) => return (" dash ".to_owned(), Some("dash")),
        Style::Bare => " ",
        Style::Punctuated => [" ", ", ", "... ", ". ", " - "][rng.weighted(&[30, 55, 5, 6, 4])],
    };
    (joint.to_owned(), None)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A correction in one of fourteen values, a homophone in one of twenty.
pub(super) fn slip(rng: &mut Prng, speech: &mut Speech, manner: &Manner) {
    if rng.chance(7) {
        correct(rng, speech, manner);
    }
    if rng.chance(5) {
        mishear(rng, speech);
    }
}

const REPAIRS: &[&str] = &[
    "no wait",
    "sorry",
    "I mean",
    "scratch that",
    "make that",
    "no sorry",
    "wait no",
    "actually",
    "correction",
    "no",
    "oops",
    "my mistake",
    "sorry I meant",
    "not that",
];

/// A group of digits is said wrongly, then again.
fn correct(rng: &mut Prng, speech: &mut Speech, manner: &Manner) {
    let spelled = |group: &Group| group.source.len() > 1 && group.source.bytes().all(|byte| byte.is_ascii_digit());
    let places: Vec<usize> = (0..speech.groups.len()).filter(|at| spelled(&speech.groups[*at])).collect();
    if places.is_empty() {
        return;
    }
    let group = &mut speech.groups[places[rng.below(places.len())]];
    let repair = rng.pick(REPAIRS);
    let repair = if manner.style == Style::Punctuated && rng.chance(60) {
        format!("{}, {repair},", group_wrong(rng, group, manner))
    } else {
        format!("{} {repair}", group_wrong(rng, group, manner))
    };
    let mut words: Vec<String> = repair.split(' ').map(str::to_owned).collect();
    let last = group.source.chars().last().unwrap_or('0');
    // Either the whole group again, or only the digit that was wrong.
    if rng.chance(70) {
        words.append(&mut group.words);
    } else {
        words.push(one(last, manner.zero));
    }
    group.words = words;
    speech.traits.insert("correction");
}

/// The group with another last digit, in words.
fn group_wrong(rng: &mut Prng, group: &Group, manner: &Manner) -> String {
    let (kept, last) = group.source.split_at(group.source.len() - 1);
    let wrong = loop {
        let digit = rng.digit();
        if !last.starts_with(digit) {
            break digit;
        }
    };
    singles(&format!("{kept}{wrong}"), manner.zero).join(" ")
}

/// Inside a run, a digit is heard as the word that sounds like it.
fn mishear(rng: &mut Prng, speech: &mut Speech) {
    let groups = speech.groups.len();
    for (at, group) in speech.groups.iter_mut().enumerate() {
        let edges = usize::from(at == 0)..group.words.len() - usize::from(at + 1 == groups && group.words.len() > 1);
        for word in group.words.get_mut(edges).unwrap_or_default() {
            let heard = match word.as_str() {
                "four" => "for",
                "two" => ["to", "too"][rng.below(2)],
                "eight" => "ate",
                "one" => "won",
                _ => continue,
            };
            if rng.chance(30) {
                heard.clone_into(word);
                speech.traits.insert("homophone");
            }
        }
    }
}
