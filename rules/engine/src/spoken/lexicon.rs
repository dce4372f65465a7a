//! The words of one or more languages for digits, letters and signs: data, read from `rules/spoken/*.yaml`.

use std::{collections::BTreeMap, ops::Range};

use serde::Deserialize;

use crate::{
    context::{Phrases, Terms},
    pack::PackError,
};

/// The languages that are built in.
const TABLES: [(&str, &str); 2] =
    [("en", include_str!("../../../spoken/en.yaml")), ("es", include_str!("../../../spoken/es.yaml"))];

/// A language as its file says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Language {
    #[serde(rename = "language")]
    _language: String,
    digits: BTreeMap<u8, Vec<String>>,
    oh: Vec<String>,
    sounds_like: BTreeMap<u8, Vec<String>>,
    may_sound_like: BTreeMap<u8, Vec<String>>,
    tens: BTreeMap<u8, Vec<String>>,
    teens: BTreeMap<u8, Vec<String>>,
    several: BTreeMap<u8, Vec<String>>,
    hundred: Vec<String>,
    scales: BTreeMap<u64, Vec<String>>,
    and: Vec<String>,
    times: BTreeMap<u8, Vec<String>>,
    word_letters: Vec<char>,
    articles: Vec<String>,
    verbs: Vec<String>,
    closes: Vec<String>,
    as_in: Vec<String>,
    spelling: BTreeMap<char, Vec<String>>,
    signs: BTreeMap<char, Vec<String>>,
    digit_signs: BTreeMap<char, Vec<String>>,
    months: Vec<String>,
    not_after_sign: Vec<String>,
    domains: Vec<String>,
    names: Vec<String>,
    fillers: Vec<String>,
    asides: Vec<String>,
    telling_asides: Vec<String>,
    between: Vec<String>,
    again: Vec<String>,
    about_else: Vec<String>,
    elsewhere: Vec<String>,
    after_one: Vec<String>,
    corrections: Vec<String>,
}

/// What a word can mean; several at once.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Meaning {
    pub(crate) number: Option<Number>,
    /// A letter, by its own name or a spelling word.
    pub(crate) letter: Option<Letter>,
    /// A sign, and whether it is one between digits only.
    pub(crate) sign: Option<(u8, bool)>,
    /// The first word of a phrase that is a sign.
    pub(crate) begins_sign: bool,
    /// The first word of a phrase of [`Lexicon::phrases`].
    pub(crate) phrase: bool,
    pub(crate) and: bool,
    pub(crate) filler: bool,
    /// A filler between single digits only.
    pub(crate) aside: bool,
    /// An aside that says something in a conversation all the same.
    pub(crate) telling: bool,
    /// An aside that parts numbers which are written.
    pub(crate) between: bool,
    pub(crate) correction: bool,
    pub(crate) after_one: bool,
    pub(crate) not_after_sign: bool,
    /// A spelling word that is a month as well.
    pub(crate) month: bool,
    /// A letter that stands before other words even behind a letter.
    pub(crate) article: bool,
    /// A word that may follow a dot all the same.
    pub(crate) domain: bool,
    /// A word that makes a word of the letter before it, as in "i mean".
    pub(crate) verb: bool,
    /// A word that no article stands before: "nine a is my code".
    pub(crate) closes: bool,
}

impl Meaning {
    /// Whether something can begin with it: else it is a word like any other, unless a number stands before it.
    pub(crate) fn opens(&self) -> bool {
        let number =
            !matches!(self.number, None | Some(Number::SoundsLike(_) | Number::MaySoundLike(_) | Number::Several(_)));
        number || self.letter.is_some() || self.sign.is_some() || self.begins_sign
    }
}

/// What a word says of a number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Number {
    Digit(u8),
    /// Zero beside digits, a letter beside letters.
    Oh,
    /// A digit behind a digit, another word elsewhere.
    SoundsLike(u8),
    /// A digit between digits, another word elsewhere.
    MaySoundLike(u8),
    Teen(u8),
    Tens(u8),
    /// As in "two sevens".
    Several(u8),
    Hundred,
    Scale(u64),
    /// What follows, that many times.
    Times(u8),
}

/// What a word says of a letter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Letter {
    /// A letter by itself.
    Plain(u8),
    /// A letter that is a word as well.
    Word(u8),
    /// A spelling word, as in `bravo`.
    Spelling(u8),
}

/// What several words mean together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Phrase {
    Sign(u8),
    Letter(u8),
    AsIn,
    /// Letters that name what follows them, as in "d o b".
    Name,
}

/// The words of all languages that are listened for.
pub(crate) struct Lexicon {
    /// Sorted.
    words: Vec<(Box<str>, Meaning)>,
    /// By first byte, the words that start with it.
    starts: [Range<usize>; 256],
    pub(crate) phrases: Vec<(Vec<Box<str>>, Phrase)>,
    /// One bit for each hash of the first letters and the length of a word that opens something.
    opening: Box<[u64; 64]>,
    /// What asks the same again.
    pub(crate) again: Terms,
    /// What asks for a number that is nobody's.
    pub(crate) about_else: Terms,
    /// What comes before such a number; the words before it do not speak for what follows.
    pub(crate) elsewhere: Phrases,
}

impl Lexicon {
    /// The words of these languages, by the names of their tables.
    pub(crate) fn of(languages: &[String]) -> Result<Lexicon, PackError> {
        let mut building = Building::default();
        for name in languages {
            let Some((_, table)) = TABLES.iter().find(|(n, _)| n == name) else {
                return Err(PackError::Language(name.clone(), TABLES.map(|t| t.0).join(", ")));
            };
            building.add(serde_saphyr::from_str(table).map_err(|e| PackError::Syntax(e.to_string()))?);
        }
        let words: Vec<_> = building.words.into_iter().map(|(w, m)| (w.into_boxed_str(), m)).collect();
        let starts = std::array::from_fn(|b| {
            let start = words.partition_point(|(w, _)| w.bytes().next().map_or(0, usize::from) < b);
            start..words.partition_point(|(w, _)| w.bytes().next().map_or(0, usize::from) <= b)
        });
        let mut opening = Box::new([0u64; 64]);
        for (word, _) in words.iter().filter(|(_, m)| m.opens()) {
            let bit = sketch(word.as_bytes());
            opening[bit / 64] |= 1 << (bit % 64);
        }
        let [again, about_else] = [&building.again, &building.about_else].map(|terms| Terms::new(terms));
        let elsewhere = Phrases::new(&building.elsewhere);
        Ok(Lexicon { words, starts, phrases: building.phrases, opening, again, about_else, elsewhere })
    }

    /// Whether a whole word of ASCII stands for itself where no number stands before it.
    pub(crate) fn passes(&self, word: &[u8]) -> bool {
        if word.first().is_none_or(u8::is_ascii_digit) {
            return false;
        }
        let bit = sketch(word);
        let known = || {
            let lower = word.iter().map(u8::to_ascii_lowercase);
            self.words.binary_search_by(|(w, _)| w.bytes().cmp(lower.clone()))
        };
        self.opening[bit / 64] & 1 << (bit % 64) == 0 || known().map_or(true, |i| !self.words[i].1.opens())
    }

    /// Whether a word is a letter that means something by itself, as in "a card".
    pub(crate) fn is_word_letter(&self, word: &[u8]) -> bool {
        let &[letter] = word else { return false };
        let meaning = self.of_word(char::from(letter).encode_utf8(&mut [0; 4]));
        matches!(meaning, Meaning { letter: Some(Letter::Word(_)), number: None, sign: None, .. })
    }

    /// Whether a word says that the one before it is no letter.
    pub(crate) fn parts(&self, word: &[u8]) -> bool {
        self.passes(word) && !std::str::from_utf8(word).is_ok_and(|w| self.of_word(w).phrase)
    }

    /// The words that start with `byte`.
    pub(crate) fn starting(&self, byte: u8) -> Range<usize> {
        self.starts[usize::from(byte)].clone()
    }

    /// Of `among`, which agree up to `at`, those that have `byte` there.
    pub(crate) fn narrowed(&self, among: Range<usize>, at: usize, byte: u8) -> Range<usize> {
        let words = &self.words[among.clone()];
        let before = words.partition_point(|(w, _)| w.as_bytes().get(at).is_none_or(|&b| b < byte));
        let through = words.partition_point(|(w, _)| w.as_bytes().get(at).is_none_or(|&b| b <= byte));
        among.start + before..among.start + through
    }

    /// Whether a word says or holds a digit.
    pub(crate) fn is_number(&self, word: &str) -> bool {
        word.bytes().any(|b| b.is_ascii_digit()) || self.of_word(word).number.is_some()
    }

    /// Whether a word is a letter, or a sound between digits.
    pub(crate) fn is_sound(&self, word: &str) -> bool {
        let m = self.of_word(word);
        m.filler || m.aside && !m.telling || m.correction || m.letter.is_some() || m.and || m.after_one
    }

    /// Whether a text is nothing but words for digits, or several for letters: "forty", "papa romeo", but not "mike".
    pub(crate) fn is_read_out(&self, text: &str) -> bool {
        let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        let number = |w: &str| self.of_word(w).number.is_some();
        let said = words().all(|w| number(w) || self.of_word(w).letter.is_some());
        said && (words().count() > 1 || words().any(number))
    }

    fn of_word(&self, word: &str) -> Meaning {
        let lower = word.bytes().map(|b| b.to_ascii_lowercase());
        let found = self.words.binary_search_by(|(w, _)| w.bytes().cmp(lower.clone()));
        found.map_or(Meaning::default(), |i| self.words[i].1)
    }

    /// What a whole word means, if it is the first of `among`.
    pub(crate) fn meaning(&self, among: &Range<usize>, len: usize) -> Meaning {
        let first = self.words.get(among.start).filter(|(w, _)| !among.is_empty() && w.len() == len);
        first.map_or(Meaning::default(), |(_, m)| *m)
    }
}

/// Twelve bits that tell most words from most others, whatever their case.
fn sketch(word: &[u8]) -> usize {
    let at = |i: usize| usize::from(word.get(i).copied().unwrap_or(0) & 31);
    (at(0) * 73 + at(1) * 37 + at(2) * 11 + at(3) * 131 + word.len() * 257) % 4096
}

#[derive(Default)]
struct Building {
    words: BTreeMap<String, Meaning>,
    phrases: Vec<(Vec<Box<str>>, Phrase)>,
    again: Vec<String>,
    about_else: Vec<String>,
    elsewhere: Vec<String>,
}

impl Building {
    fn add(&mut self, language: Language) {
        let l = language;
        let numbers = |of: fn(u8) -> Number, table: BTreeMap<u8, Vec<String>>| {
            table.into_iter().map(move |(n, words)| (of(n), words)).collect::<Vec<_>>()
        };
        let mut all = numbers(Number::SoundsLike, l.sounds_like);
        all.extend(numbers(Number::MaySoundLike, l.may_sound_like));
        all.extend(numbers(Number::Digit, l.digits));
        all.extend(numbers(Number::Tens, l.tens));
        all.extend(numbers(Number::Teen, l.teens));
        all.extend(numbers(Number::Times, l.times));
        all.extend(numbers(Number::Several, l.several));
        all.extend(l.scales.into_iter().map(|(n, words)| (Number::Scale(n), words)));
        all.extend([(Number::Oh, l.oh), (Number::Hundred, l.hundred)]);
        for (number, words) in all {
            words.iter().for_each(|w| self.word(w).number = Some(number));
        }
        for letter in b'a'..=b'z' {
            self.word(&char::from(letter).to_string()).letter = Some(Letter::Plain(letter));
        }
        for letter in l.word_letters.iter().filter(|c| c.is_ascii_lowercase()) {
            self.word(&letter.to_string()).letter = Some(Letter::Word(*letter as u8));
        }
        for (letter, words) in l.spelling {
            for word in words {
                if word.contains(' ') {
                    self.phrase(&word, Phrase::Letter(letter as u8));
                } else {
                    self.word(&word).letter = Some(Letter::Spelling(letter as u8));
                }
            }
        }
        for (between_digits, signs) in [(false, l.signs), (true, l.digit_signs)] {
            for (sign, says) in signs {
                says.iter().for_each(|s| self.sign(s, sign as u8, between_digits));
            }
        }
        self.again.extend(l.again);
        self.about_else.extend(l.about_else);
        self.elsewhere.extend(l.elsewhere);
        l.as_in.iter().for_each(|says| self.phrase(says, Phrase::AsIn));
        l.and.iter().for_each(|w| self.word(w).and = true);
        l.fillers.iter().for_each(|w| self.word(w).filler = true);
        l.asides.iter().for_each(|w| self.word(w).aside = true);
        for word in &l.telling_asides {
            let meaning = self.word(word);
            (meaning.aside, meaning.telling) = (true, true);
        }
        l.between.iter().for_each(|w| self.word(w).between = true);
        l.corrections.iter().for_each(|w| self.word(w).correction = true);
        l.after_one.iter().for_each(|w| self.word(w).after_one = true);
        l.not_after_sign.iter().for_each(|w| self.word(w).not_after_sign = true);
        l.domains.iter().for_each(|w| self.word(w).domain = true);
        l.names.iter().for_each(|says| self.phrase(says, Phrase::Name));
        l.articles.iter().for_each(|w| self.word(w).article = true);
        l.verbs.iter().for_each(|w| self.word(w).verb = true);
        l.closes.iter().for_each(|w| self.word(w).closes = true);
        l.months.iter().for_each(|w| self.word(w).month = true);
    }

    fn word(&mut self, word: &str) -> &mut Meaning {
        self.words.entry(word.to_owned()).or_default()
    }

    fn sign(&mut self, says: &str, sign: u8, between_digits: bool) {
        if says.contains(' ') {
            let first = says.split(' ').next().unwrap_or(says);
            self.word(first).begins_sign = true;
            self.phrase(says, Phrase::Sign(sign));
        } else {
            self.word(says).sign = Some((sign, between_digits));
        }
    }

    /// Every word of a phrase is one to wait for.
    fn phrase(&mut self, says: &str, phrase: Phrase) {
        let words: Vec<Box<str>> = says.split(' ').map(Box::from).collect();
        words.iter().for_each(|w| self.word(w).phrase |= *w == words[0]);
        self.phrases.push((words, phrase));
    }
}
