//! The decoded tape's reader: two passes of escapes, then folding.

use std::ops::Range;

use crate::{
    escape::{Glyph, Unescape},
    fold::fold,
};

/// Turns characters as written into characters as read.
#[derive(Clone, Default)]
pub(crate) struct Decoder {
    outer: Unescape,
    inner: Unescape,
}

impl Decoder {
    /// Length of the longest prefix that certainly reads as it is written.
    #[inline]
    pub(crate) fn plain_len(&self, bytes: &[u8]) -> usize {
        if self.pending().is_some() {
            return 0;
        }
        bytes.iter().position(|b| matches!(b, b'\\' | b'%' | b'&' | 0x80..)).unwrap_or(bytes.len())
    }

    /// Where the source of what is not decided yet begins.
    pub(crate) fn pending(&self) -> Option<usize> {
        self.inner.pending().or(self.outer.pending())
    }

    /// Reads one character; `emit` gets what it, and what waited for it, reads as.
    pub(crate) fn push(&mut self, char: char, source: Range<usize>, emit: &mut impl FnMut(char, Range<usize>)) {
        let inner = &mut self.inner;
        self.outer.push(Glyph { char, source }, &mut |g| inner.push(g, &mut |g| emit_folded(g, emit)));
    }

    /// The text ends here.
    pub(crate) fn finish(&mut self, emit: &mut impl FnMut(char, Range<usize>)) {
        let inner = &mut self.inner;
        self.outer.finish(&mut |g| inner.push(g, &mut |g| emit_folded(g, emit)));
        inner.finish(&mut |g| emit_folded(g, emit));
    }
}

fn emit_folded(glyph: Glyph, emit: &mut impl FnMut(char, Range<usize>)) {
    if glyph.char.is_ascii() {
        emit(glyph.char, glyph.source);
    } else {
        fold(glyph.char, &mut |c| emit(c, glyph.source.clone()));
    }
}
