//! Characters to words: where each stands in the source, how it is written, and what the lists know of it.

use std::ops::Range;

use super::{
    gazetteer::{Gazetteer, Hash},
    lexicon::{COMMON, Roles},
};

/// Longer runs are no word of a name or an address, and are not held.
const LONGEST: u8 = 40;

/// In a shape.
const LETTER: u16 = 1;
const DIGIT: u16 = 2;

/// What a token is made of.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Make {
    /// Letters, with apostrophes inside.
    Word,
    /// Digits.
    Number,
    /// Letters and digits.
    Code,
    /// One other character.
    #[default]
    Mark,
    /// A run too long to be looked at.
    Run,
}

/// What stands between a token and the one before.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, PartialOrd)]
pub(super) enum Gap {
    /// Nothing.
    #[default]
    None,
    /// White space.
    Space,
    /// One line break, with quote marks.
    Line,
    /// An empty line.
    Lines,
}

/// How a word is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Case {
    /// No capital, or none at the start.
    #[default]
    Lower,
    /// A capital first, and not only capitals: `Mary`, `McDonald`.
    Capital,
    /// One capital letter.
    Initial,
    /// Capitals only.
    Upper,
}

/// A word, a number or a mark.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Token {
    /// Source offset of its first byte.
    pub(super) start: usize,
    /// Source offset after its last byte; of a possessive, before its `'s`.
    pub(super) end: usize,
    /// What the lists say.
    pub(super) roles: Roles,
    /// Characters of the text before it.
    pub(super) at: u32,
    /// Its number among the words of phrases.
    pub(super) id: u16,
    /// Letters and digits of its first eight characters, two bits each: 1 a letter, 2 a digit.
    pub(super) shape: u16,
    pub(super) make: Make,
    pub(super) case: Case,
    pub(super) gap: Gap,
    /// The character, if an ASCII mark.
    pub(super) mark: u8,
    pub(super) letters: u8,
    pub(super) possessive: bool,
    /// Ends as streets do that are one word: `Hauptstrasse`.
    pub(super) street_ending: bool,
}

/// Cuts characters into tokens.
#[derive(Clone, Default)]
pub(super) struct Splitter {
    word: Partial,
    /// Characters read so far.
    at: u32,
    gap: Gap,
    gap_length: usize,
    /// At the start of a line: marks of quoting are part of the gap.
    inside_line: bool,
}

/// A word that may still go on.
#[derive(Clone, Default)]
struct Partial {
    hash: Hash,
    /// The last eight bytes, in small letters.
    tail: u64,
    start: usize,
    end: usize,
    at: u32,
    letters: u8,
    capitals: u8,
    digits: u8,
    first_capital: bool,
    shape: u16,
    /// The last apostrophe inside, with the word before it.
    stem: Option<Stem>,
}

#[derive(Clone)]
struct Stem {
    hash: Hash,
    tail: u64,
    apostrophe: Range<usize>,
    end: usize,
    letters: u8,
}

impl Splitter {
    /// Reads letters from the front as long as there are, and only while a word is open or may start; answers how many.
    #[inline(always)]
    pub(super) fn push_letters(&mut self, ascii: &[u8], source: usize) -> usize {
        let word = &mut self.word;
        if word.letters == 0 {
            match ascii.first() {
                Some(first) if first.is_ascii_alphabetic() => word.open(source, self.at),
                _ => return 0,
            }
        }
        let room = LONGEST.saturating_sub(word.letters) as usize;
        let (mut hash, mut tail, mut capitals, mut read) = (word.hash, word.tail, 0u8, 0);
        for &byte in ascii.iter().take(room) {
            let small = byte | 0x20;
            if !small.is_ascii_lowercase() {
                break;
            }
            hash = hash.with(small);
            tail = tail << 8 | u64::from(small);
            capitals += u8::from(byte & 0x20 == 0);
            read += 1;
        }
        if read == 0 {
            return 0;
        }
        word.first_capital |= word.letters == 0 && ascii[0] & 0x20 == 0;
        if word.digits > 0 {
            (0..read).for_each(|i| word.show(word.letters as usize + i, LETTER));
        }
        (word.hash, word.tail) = (hash, tail);
        word.capitals += capitals;
        word.letters += read as u8;
        word.end = source + read;
        self.at = self.at.wrapping_add(read as u32);
        read
    }

    /// Reads one character; emits the tokens that it ends.
    #[inline]
    pub(super) fn push(&mut self, words: &Gazetteer, c: char, source: Range<usize>, emit: &mut impl FnMut(&Token)) {
        if c.is_alphanumeric() {
            if self.word.letters == 0 {
                self.word.open(source.start, self.at);
            }
            self.word.push(c, source.end);
        } else if matches!(c, '\'' | '\u{2019}' | '\u{2bc}') && self.word.may_hold_apostrophe() {
            self.word.hold(source);
        } else {
            self.close(words, emit);
            if c.is_whitespace() {
                self.space(c);
            } else if self.inside_line || !matches!(c, '>' | '?' | '|' | '*' | '#' | '-') {
                self.mark(c, source, emit);
            } else {
                self.gap_length += 1;
            }
        }
        self.at = self.at.wrapping_add(1);
    }

    /// The hash of the open word, if it has small letters only.
    #[inline(always)]
    pub(super) fn small_word(&self) -> Option<Hash> {
        let Partial { letters, capitals, digits, stem, hash, .. } = &self.word;
        (*letters > 0 && *letters < LONGEST && *capitals | *digits == 0 && stem.is_none()).then_some(*hash)
    }

    /// A space ends the open word, which needs no token; answers what stood before the word.
    #[inline(always)]
    pub(super) fn pass_space(&mut self) -> Gap {
        self.word.letters = 0;
        (self.gap_length, self.inside_line) = (1, true);
        self.at = self.at.wrapping_add(1);
        std::mem::replace(&mut self.gap, Gap::Space)
    }

    /// The text ends.
    pub(super) fn finish(&mut self, words: &Gazetteer, emit: &mut impl FnMut(&Token)) {
        self.close(words, emit);
    }

    /// Where the open word starts, unless it is too long to matter.
    pub(super) fn pending(&self) -> Option<usize> {
        (self.word.letters > 0 && !self.overlong()).then_some(self.word.start)
    }

    /// Whether the open word is too long to matter.
    pub(super) fn overlong(&self) -> bool {
        self.word.letters >= LONGEST
    }

    /// How many characters of gap follow the last token.
    pub(super) fn gap(&self) -> usize {
        self.gap_length
    }

    fn space(&mut self, c: char) {
        let line = c == '\n' || c == '\r';
        self.gap = match self.gap {
            Gap::Line if c == '\n' => Gap::Lines,
            Gap::None | Gap::Space if line => Gap::Line,
            Gap::None => Gap::Space,
            wider => wider,
        };
        self.inside_line &= !line;
        self.gap_length += 1;
    }

    fn mark(&mut self, c: char, source: Range<usize>, emit: &mut impl FnMut(&Token)) {
        let mark = match c {
            '\u{2019}' | '\u{2018}' => b'\'',
            '\u{201c}' | '\u{201d}' => b'"',
            c if c.is_ascii() => c as u8,
            _ => b'~',
        };
        let token =
            Token { start: source.start, end: source.end, at: self.at, mark, gap: self.gap, ..Token::default() };
        self.emit(&token, emit);
    }

    fn emit(&mut self, token: &Token, emit: &mut impl FnMut(&Token)) {
        (self.gap, self.gap_length, self.inside_line) = (Gap::None, 0, true);
        emit(token);
    }

    /// Ends the open word, if there is one.
    fn close(&mut self, words: &Gazetteer, emit: &mut impl FnMut(&Token)) {
        if self.word.letters == 0 {
            return;
        }
        let trailing = if self.word.stem.is_some() { self.word.take_trailing_apostrophe() } else { None };
        let token = Token { gap: self.gap, ..self.word.token(words) };
        self.word.letters = 0;
        self.emit(&token, emit);
        if let Some(source) = trailing {
            self.mark('\'', source, emit);
        }
    }
}

impl Partial {
    #[inline(always)]
    fn open(&mut self, start: usize, at: u32) {
        (self.hash, self.tail, self.shape, self.stem) = (Hash::default(), 0, 0, None);
        (self.start, self.at, self.capitals, self.digits, self.first_capital) = (start, at, 0, 0, false);
    }

    fn push(&mut self, c: char, end: usize) {
        let capital = c.is_uppercase();
        self.first_capital |= capital && self.letters == 0;
        if self.letters < LONGEST {
            let digit = c.is_ascii_digit();
            if digit && self.digits == 0 {
                self.shape = letters_only(self.letters);
            }
            self.digits += u8::from(digit);
            if self.digits > 0 {
                self.show(self.letters as usize, if digit { DIGIT } else { LETTER });
            }
            self.letters += 1;
            self.capitals += u8::from(capital);
            c.to_lowercase().flat_map(plain).for_each(|c| self.read(c));
        }
        self.end = end;
    }

    /// Adds a character to the shape, which is kept only of words with digits.
    fn show(&mut self, at: usize, what: u16) {
        if at < 8 {
            self.shape = self.shape << 2 | what;
        }
    }

    fn read(&mut self, c: char) {
        let mut utf8 = [0; 4];
        for &byte in c.encode_utf8(&mut utf8).as_bytes() {
            self.hash = self.hash.with(byte);
            self.tail = self.tail << 8 | u64::from(byte);
        }
    }

    /// Inside a word of letters, and not right after another apostrophe.
    fn may_hold_apostrophe(&self) -> bool {
        let doubled = self.stem.as_ref().is_some_and(|s| s.letters == self.letters);
        self.letters > 0 && self.digits == 0 && !doubled && self.letters < LONGEST
    }

    fn hold(&mut self, apostrophe: Range<usize>) {
        let (hash, tail, end, letters) = (self.hash, self.tail, self.end, self.letters);
        self.stem = Some(Stem { hash, tail, apostrophe, end, letters });
        self.read('\'');
    }

    /// An apostrophe after the last letter is a mark.
    fn take_trailing_apostrophe(&mut self) -> Option<Range<usize>> {
        let stem = self.stem.take_if(|s| s.letters == self.letters)?;
        (self.hash, self.tail) = (stem.hash, stem.tail);
        Some(stem.apostrophe)
    }

    fn token(&self, words: &Gazetteer) -> Token {
        let (letters, digits, capitals) = (self.letters, self.digits, self.capitals);
        let make = match digits {
            _ if letters >= LONGEST => Make::Run,
            0 => Make::Word,
            _ if digits == letters => Make::Number,
            _ => Make::Code,
        };
        let case = match capitals {
            1 if letters == 1 => Case::Initial,
            _ if !self.first_capital => Case::Lower,
            _ if capitals == letters => Case::Upper,
            _ => Case::Capital,
        };
        let mut token = Token {
            start: self.start,
            end: self.end,
            at: self.at,
            shape: if digits == 0 { letters_only(letters) } else { self.shape },
            make,
            case,
            letters,
            ..Token::default()
        };
        if make == Make::Word {
            self.look_up(words, &mut token);
        }
        token
    }

    fn look_up(&self, words: &Gazetteer, token: &mut Token) {
        let mut tail = self.tail;
        let mut known = words.look_up(self.hash);
        if let (None, Some(stem)) = (known, self.stem.as_ref())
            && stem.letters + 1 == self.letters
            && self.tail & 0xff == u64::from(b's')
        {
            known = words.look_up(stem.hash);
            tail = stem.tail;
            (token.end, token.letters, token.possessive) = (stem.end, stem.letters, true);
            token.case = if token.case == Case::Capital && stem.letters == 1 { Case::Initial } else { token.case };
        }
        if let Some(word) = known {
            (token.roles, token.id) = (word.roles, word.id);
        } else {
            token.street_ending = token.letters > 5 && words.ends_as_street(tail);
            token.roles = if token.letters > 5 && words.ends_as_english(tail) { COMMON } else { 0 };
        }
    }
}

/// The shape of a word of letters.
fn letters_only(letters: u8) -> u16 {
    (0x5555u32 & ((1 << (2 * u32::from(letters.min(8)))) - 1)) as u16
}

/// Letters that do not decompose, as the lists write them.
fn plain(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        '\u{f8}' => ('o', None),
        '\u{142}' => ('l', None),
        '\u{111}' | '\u{f0}' => ('d', None),
        '\u{131}' => ('i', None),
        '\u{fe}' => ('t', Some('h')),
        '\u{df}' => ('s', Some('s')),
        '\u{e6}' => ('a', Some('e')),
        c => (c, None),
    };
    [Some(first), second].into_iter().flatten()
}
