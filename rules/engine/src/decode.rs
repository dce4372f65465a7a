//! The decoded tape's reader: two passes of escapes, then folding, then marks dropped.

use std::ops::Range;

use crate::{
    escape::{Glyph, Unescape},
    fold::fold,
};

/// Bytes that are looked at together.
const BLOCK: usize = 32;

/// Turns characters as written into characters as read.
#[derive(Clone, Default)]
pub(crate) struct Decoder {
    outer: Unescape,
    inner: Unescape,
    marks: Marks,
}

/// Markdown's marks, which readers do not see: `4111 **1111**` is one number.
#[derive(Clone, Default)]
struct Marks {
    /// The last character that was let through is a letter.
    after_letter: bool,
}

impl Marks {
    /// Whether a character is seen. An underscore behind a letter joins words, as in `card_number`.
    fn seen(&mut self, c: char) -> bool {
        let seen = !matches!(c, '*' | '~' | '`') && (c != '_' || self.after_letter);
        if seen {
            self.after_letter = c.is_alphabetic();
        }
        seen
    }

    fn emit(&mut self, glyph: Glyph, emit: &mut impl FnMut(char, Range<usize>)) {
        let Glyph { char, source } = glyph;
        let mut one = |c: char| {
            if self.seen(c) {
                emit(c, source.clone());
            }
        };
        if char.is_ascii() { one(char) } else { fold(char, &mut one) }
    }
}

impl Decoder {
    /// Length of the longest prefix that certainly reads as it is written.
    #[inline]
    pub(crate) fn plain_len(&self, bytes: &[u8]) -> usize {
        if self.pending().is_some() {
            return 0;
        }
        let marked = |b: &u8| matches!(b, b'\\' | b'%' | b'&' | b'*' | b'~' | b'`' | b'_' | 0x80..);
        // Blocks are looked at as a whole, many bytes at a time, up to the one that has a mark.
        let plain = bytes.chunks_exact(BLOCK).take_while(|block| !block.iter().fold(false, |any, b| any | marked(b)));
        let blocks = plain.count() * BLOCK;
        bytes[blocks..].iter().position(marked).map_or(bytes.len(), |i| blocks + i)
    }

    /// Takes note of characters that read as they are written and went another way.
    pub(crate) fn passed(&mut self, plain: &[u8]) {
        self.marks.after_letter = plain.last().map_or(self.marks.after_letter, u8::is_ascii_alphabetic);
    }

    /// Where the source of what is not decided yet begins.
    pub(crate) fn pending(&self) -> Option<usize> {
        self.inner.pending().or(self.outer.pending())
    }

    /// Reads one character; `emit` gets what it, and what waited for it, reads as.
    pub(crate) fn push(&mut self, char: char, source: Range<usize>, emit: &mut impl FnMut(char, Range<usize>)) {
        let Decoder { outer, inner, marks } = self;
        outer.push(Glyph { char, source }, &mut |g| inner.push(g, &mut |g| marks.emit(g, emit)));
    }

    /// The text ends here.
    pub(crate) fn finish(&mut self, emit: &mut impl FnMut(char, Range<usize>)) {
        let Decoder { outer, inner, marks } = self;
        outer.finish(&mut |g| inner.push(g, &mut |g| marks.emit(g, emit)));
        inner.finish(&mut |g| marks.emit(g, emit));
    }
}
