//! A word that is still being read: its hash, its shape, its capitals.

use std::ops::Range;

use super::{
    gazetteer::{Gazetteer, Hash},
    lexicon::COMMON,
    words::{Case, LONGEST, Make, Token},
};

/// In a shape.
const LETTER: u16 = 1;
const DIGIT: u16 = 2;

/// A word that may still go on.
#[derive(Clone, Default)]
pub(super) struct Partial {
    hash: Hash,
    /// The last eight bytes, in small letters.
    tail: u64,
    pub(super) start: usize,
    end: usize,
    at: u32,
    pub(super) letters: u8,
    capitals: u8,
    digits: u8,
    first_capital: bool,
    shape: u16,
    /// The last apostrophe inside, with the word before it.
    pub(super) stem: Option<Stem>,
}

#[derive(Clone)]
pub(super) struct Stem {
    hash: Hash,
    tail: u64,
    apostrophe: Range<usize>,
    end: usize,
    letters: u8,
}

impl Partial {
    #[inline(always)]
    pub(super) fn open(&mut self, start: usize, at: u32) {
        (self.hash, self.tail, self.shape, self.stem) = (Hash::default(), 0, 0, None);
        (self.start, self.at, self.capitals, self.digits, self.first_capital) = (start, at, 0, 0, false);
    }

    /// Reads letters from the front, as long as there are; answers how many.
    #[inline(always)]
    pub(super) fn push_letters(&mut self, ascii: &[u8], source: usize) -> usize {
        let room = LONGEST.saturating_sub(self.letters) as usize;
        let (mut hash, mut tail, mut capitals, mut read) = (self.hash, self.tail, 0u8, 0);
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
        self.first_capital |= self.letters == 0 && ascii[0] & 0x20 == 0;
        if self.digits > 0 {
            (0..read).for_each(|i| self.show(self.letters as usize + i, LETTER));
        }
        (self.hash, self.tail) = (hash, tail);
        self.capitals += capitals;
        self.letters += read as u8;
        self.end = source + read;
        read
    }

    /// Its hash, if it has small letters only.
    #[inline(always)]
    pub(super) fn small_hash(&self) -> Option<Hash> {
        let simple = self.letters > 0 && self.letters < LONGEST && self.capitals | self.digits == 0;
        (simple && self.stem.is_none()).then_some(self.hash)
    }

    pub(super) fn push(&mut self, c: char, end: usize) {
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
    pub(super) fn may_hold_apostrophe(&self) -> bool {
        let doubled = self.stem.as_ref().is_some_and(|s| s.letters == self.letters);
        self.letters > 0 && self.digits == 0 && !doubled && self.letters < LONGEST
    }

    pub(super) fn hold(&mut self, apostrophe: Range<usize>) {
        let (hash, tail, end, letters) = (self.hash, self.tail, self.end, self.letters);
        self.stem = Some(Stem { hash, tail, apostrophe, end, letters });
        self.read('\'');
    }

    /// An apostrophe after the last letter is a mark.
    pub(super) fn take_trailing_apostrophe(&mut self) -> Option<Range<usize>> {
        let stem = self.stem.take_if(|s| s.letters == self.letters)?;
        (self.hash, self.tail) = (stem.hash, stem.tail);
        Some(stem.apostrophe)
    }

    pub(super) fn token(&self, words: &Gazetteer) -> Token {
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
            1 => Case::Capital,
            _ => Case::Mixed,
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
