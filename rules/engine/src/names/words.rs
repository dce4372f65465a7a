//! Characters to words: where each stands in the source, how it is written, and what the lists know of it.

use std::ops::Range;

use super::{
    gazetteer::{Gazetteer, Hash},
    lexicon::Roles,
    partial::Partial,
};

/// Longer runs are no word of a name or an address, and are not held.
pub(super) const LONGEST: u8 = 40;

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
    /// A capital first, then small letters.
    Capital,
    /// A capital first, and more inside: `McDonald`.
    Mixed,
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
        let read = word.push_letters(ascii, source);
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
        self.word.small_hash()
    }

    /// The open word ends and needs no token; answers what stood before it.
    #[inline(always)]
    pub(super) fn pass_word(&mut self) -> Gap {
        self.word.letters = 0;
        (self.gap_length, self.inside_line) = (0, true);
        std::mem::take(&mut self.gap)
    }

    /// A space right after a word.
    #[inline(always)]
    pub(super) fn pass_space(&mut self) {
        self.at = self.at.wrapping_add(1);
        (self.gap, self.gap_length) = (Gap::Space, 1);
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
