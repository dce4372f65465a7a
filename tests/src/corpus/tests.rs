//! What every file of the corpus promises.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::frame::{Frames, SHARED};
use super::line::Line;
use super::prng::Prng;
use super::say::{How, spell};
use super::sentences::Sentence;
use super::value::ENTITIES;
use super::{benign, checksum, dialogues, harmless, partials, sentences};

fn everything(seed: u64) -> Vec<Sentence> {
    let mut all: Vec<Sentence> = sentences::written(seed, 40).collect();
    all.extend(sentences::spoken(seed, 40));
    all.extend(sentences::mixed(seed, 40));
    all.extend(dialogues::dialogues(seed, 80));
    all.extend(benign::benign(seed, 400));
    all
}

fn part(line: &Line, start: usize, end: usize) -> String {
    line.text.chars().skip(start).take(end - start).collect()
}

#[test]
fn spans_hold_whole_values() {
    for Sentence { id, line, .. } in everything(3) {
        let mut last = 0;
        for span in &line.spans {
            assert!(last <= span.start && span.start < span.end, "{id}: {line:?}");
            assert!(span.end <= line.text.chars().count(), "{id}: {line:?}");
            let value = part(&line, span.start, span.end);
            assert!(value.trim() == value && !value.contains("  "), "{id}: {value:?} in {:?}", line.text);
            last = span.end;
        }
        assert!(!id.starts_with("benign") || line.spans.is_empty(), "{id}");
        assert!(!line.text.is_empty() && !line.text.contains("{#"), "{id}: {:?}", line.text);
    }
}

#[test]
fn a_seed_says_what_is_drawn() {
    let texts = |seed| everything(seed).into_iter().map(|sentence| sentence.line.text).collect::<Vec<_>>();
    assert_eq!(texts(5), texts(5));
    assert_ne!(texts(5), texts(6));
}

#[test]
fn most_cards_pass_luhn_and_some_do_not() {
    let pan = &ENTITIES[0];
    let mut rng = Prng::new(1, "cards");
    let right = (0..1000)
        .filter(|_| {
            let digits: String = (pan.make)(&mut rng).written.chars().filter(char::is_ascii_digit).collect();
            let (kept, last) = digits.split_at(digits.len() - 1);
            last.starts_with(checksum::luhn(kept))
        })
        .count();
    assert!((920..990).contains(&right), "{right}");
}

#[test]
fn every_entity_has_frames_enough() {
    let shared = |name: &str| SHARED.section(name).len();
    for entity in ENTITIES {
        let own = Frames(entity.frames);
        for name in ["nouns", "keys", "written", "spoken", "heard", "asks"] {
            assert!(!own.section(name).is_empty(), "{}: no [{name}]", entity.id);
        }
        let written = own.section("written").len() + shared("written_noun") + shared("written_key");
        assert!(written >= 40, "{}: {written}", entity.id);
        assert!(
            own.section("spoken").len() + shared("spoken_noun") + own.section("heard").len() >= 30,
            "{}",
            entity.id
        );
    }
}

#[test]
fn every_harmless_question_has_an_answer() {
    for pair in dialogues::TALK.section("harmless") {
        assert!(pair.split_once(" | ").is_some_and(|(_, answer)| !answer.is_empty()), "{pair}");
    }
}

#[test]
fn every_hole_can_be_filled() {
    let files = ENTITIES.iter().map(|entity| entity.frames).chain([SHARED.0, dialogues::TALK.0, benign::FRAMES.0]);
    let holes = regex::Regex::new(r"\{(#?[a-z_]*)\}").unwrap();
    for file in files {
        for hole in holes.captures_iter(file).map(|found| found.get(1).unwrap().as_str()) {
            let known = match hole.strip_prefix('#') {
                Some(kind) => harmless::phrase(&mut Prng::new(1, kind), kind, true) != kind,
                None => ["", "noun", "key"].contains(&hole) || ENTITIES.iter().any(|entity| entity.id == hole),
            };
            assert!(known, "{{{hole}}}");
        }
    }
}

/// What is said is read back by simple means: no digit is lost, added or changed.
#[test]
fn every_digit_is_said() {
    let mut rng = Prng::new(9, "digits");
    for how in [How::Singles, How::Repeats, How::Pairs, How::Hundreds] {
        for _ in 0..2000 {
            let length = rng.between(1, 6);
            let digits = rng.digits(length);
            let (words, _) = spell(&mut rng, &digits, how, "oh", None);
            assert_eq!(heard(&words), digits, "{words:?}");
        }
    }
}

fn heard(words: &[String]) -> String {
    const ONES: [&str; 10] = ["oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    const TEENS: &str = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
    const TENS: &str = "twenty thirty forty fifty sixty seventy eighty ninety";
    let place = |list: &str, word: &str| list.split(' ').position(|other| other == word);
    let (mut digits, mut times, mut words) = (String::new(), 1, words.iter().map(String::as_str).peekable());
    while let Some(word) = words.next() {
        if let Some(one) = ONES.iter().position(|other| *other == word) {
            digits.push_str(&one.to_string().repeat(std::mem::replace(&mut times, 1)));
        } else if let Some(ten) = place(TEENS, word) {
            digits.push_str(&(10 + ten).to_string());
        } else if let Some(ten) = place(TENS, word) {
            let one = words.peek().and_then(|next| ONES[1..].iter().position(|other| other == next));
            digits.push_str(&(20 + 10 * ten + one.map_or(0, |one| one + 1)).to_string());
            one.and_then(|_| words.next());
        } else if word == "hundred" || word == "thousand" {
            let scale = if word == "hundred" { 100 } else { 1000 };
            let rest = heard(&words.by_ref().filter(|word| *word != "and").map(str::to_owned).collect::<Vec<_>>());
            let whole = digits.parse::<usize>().unwrap() * scale + rest.parse().unwrap_or(0);
            return whole.to_string();
        } else {
            times = if word == "double" { 2 } else { 3 };
        }
    }
    digits
}

#[test]
fn partials_end_in_one_final() {
    let mut open = BTreeSet::new();
    for record in partials::partials(2, 5) {
        let turn = format!("{}:{}", record["conv"], record["turn"]);
        let spans = record["spans"].as_array().map_or(0, Vec::len);
        assert!(!open.contains(&turn), "after its final: {record}");
        if record["final"] == Json::Bool(true) {
            assert_eq!(spans, record["turn"].as_u64().unwrap() as usize, "{record}");
            open.insert(turn);
        }
    }
}
