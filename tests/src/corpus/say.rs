//! How people say a value, and how a recogniser of speech writes down what they said.
//!
//! Written without a look at the engine's own reading of speech: it says what people say, not what is understood.

use std::collections::BTreeSet;

use super::prng::Prng;
use super::value::{Part, Said, Value};

mod date;
mod digits;
mod letters;
mod slips;
mod smart;

pub(super) use digits::cardinal;
#[cfg(test)]
pub(super) use digits::{How, spell};

/// What a recogniser makes of the sound.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Lower case, no punctuation.
    Bare,
    /// Sentences.
    Punctuated,
}

/// How the digits are written down.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Words,
    /// Words and digits, or digits in odd groups.
    Mixed,
}

/// A value in words, in the groups between which people breathe.
pub(super) struct Speech {
    pub(super) groups: Vec<Group>,
    /// What was done to it: for the one who reads the misses.
    pub(super) traits: BTreeSet<&'static str>,
}

pub(super) struct Group {
    /// The characters it says.
    pub(super) source: String,
    pub(super) words: Vec<String>,
}

/// The habits of one speaker, kept for the whole value.
struct Manner {
    style: Style,
    zero: &'static str,
    how: digits::How,
    letters: letters::Spelling,
}

/// `None` if nobody says such a value.
pub(super) fn say(rng: &mut Prng, value: &Value, style: Style, reading: Reading) -> Option<Speech> {
    let manner = Manner {
        style,
        zero: ["zero", "oh", "nought", "o"][rng.weighted(&[56, 36, 4, 4])],
        how: digits::How::draw(rng),
        letters: letters::Spelling::draw(rng),
    };
    let mut speech = Speech { groups: Vec::new(), traits: BTreeSet::new() };
    match &value.said {
        Said::Never => return None,
        Said::Date(day) => speech.one(date::day(rng, *day, reading)),
        Said::Expiry { month, year } => speech.one(date::expiry(rng, *month, *year, manner.zero, reading)),
        Said::Parts(parts) => speech.parts(rng, parts, &manner),
    }
    if reading == Reading::Mixed {
        smart::write_digits(rng, &mut speech, value);
    } else if matches!(&value.said, Said::Parts(parts) if parts.iter().any(|part| matches!(part, Part::Run(_)))) {
        slips::slip(rng, &mut speech, &manner);
    }
    if style == Style::Bare {
        for word in speech.groups.iter_mut().flat_map(|group| &mut group.words) {
            *word = super::frame::bare(word, manner.letters.upper() && word.len() == 1);
        }
    }
    Some(speech)
}

impl Speech {
    fn one(&mut self, words: Vec<String>) {
        self.groups.push(Group { source: String::new(), words });
    }

    fn parts(&mut self, rng: &mut Prng, parts: &[Part], manner: &Manner) {
        let email = parts.iter().any(|part| matches!(part, Part::Sign('@')));
        for part in parts {
            match part {
                Part::Run(groups) => self.run(rng, groups, manner),
                Part::Number(number) => self.word(number, digits::number(rng, number, manner.zero)),
                Part::Letters(text) => {
                    self.traits.insert(manner.letters.name());
                    self.groups.push(Group { source: text.clone(), words: manner.letters.spell(rng, text) });
                }
                Part::Sign(sign) => self.word(&sign.to_string(), letters::sign(rng, *sign)),
                Part::Word(word) if email => {
                    let (words, trait_name) = letters::email_word(rng, word);
                    self.traits.extend(trait_name);
                    self.word(word, words);
                }
                Part::Word(word) => self.word(word, self.named(rng, word, manner)),
            }
        }
    }

    /// A word of a name or an address; a name is sometimes spelled after it is said.
    fn named(&self, rng: &mut Prng, word: &str, manner: &Manner) -> Vec<String> {
        let mut words = vec![word.to_owned()];
        if self.groups.is_empty() || !rng.chance(4) || !word.chars().all(|letter| letter.is_ascii_alphabetic()) {
            return words;
        }
        words.extend(manner.letters.spell(rng, word));
        words
    }

    /// Words that belong to what was said before, without a breath between.
    fn word(&mut self, source: &str, words: Vec<String>) {
        match self.groups.last_mut() {
            Some(group) => {
                group.source.push_str(source);
                group.words.extend(words);
            }
            None => self.groups.push(Group { source: source.to_owned(), words }),
        }
    }

    fn run(&mut self, rng: &mut Prng, printed: &[String], manner: &Manner) {
        let groups = digits::regroup(rng, printed);
        for (at, digits) in groups.iter().enumerate() {
            let next = groups.get(at + 1).and_then(|group| group.chars().next());
            let (words, trait_name) = digits::spell(rng, digits, manner.how, manner.zero, next);
            self.traits.extend(trait_name);
            self.groups.push(Group { source: digits.clone(), words });
        }
        if printed.concat().contains('0') {
            self.traits.insert(manner.zero);
        }
    }

    /// The words of all groups as one text, with breaths, fillers and the listener's noises between the groups.
    pub(super) fn text(&self, rng: &mut Prng, style: Style) -> (String, Option<&'static str>) {
        let chatty = self.groups.len() > 1 && rng.chance(18);
        let (mut text, mut filler) = (String::new(), None);
        for (at, group) in self.groups.iter().enumerate() {
            if at > 0 {
                let (joint, name) = slips::joint(rng, style, chatty);
                text.push_str(&joint);
                filler = filler.or(name);
            }
            text.push_str(&group.words.join(" "));
        }
        (text, filler)
    }
}
