//! Pieces of the text that wait to be written, and what may stand between two words of one value.

use std::ops::Range;

use crate::side::Output;

/// A piece of the text that waits.
#[derive(Clone, Default)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) source: Range<usize>,
    /// One source byte stands for each of its bytes.
    pub(super) plain: bool,
}

/// How two words are parted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Gap {
    /// Nothing, as between a quote and its word.
    None,
    /// Spaces, or one hyphen.
    Plain,
    /// A pause: a comma, a full stop, a line's end, with or without spaces.
    Pause,
    /// A sign without spaces, as in `12.50` and `4/5`: part of what is written.
    Sign,
    /// Anything else.
    Hard,
}

impl Part {
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub(super) fn push(&mut self, c: char, source: Range<usize>) {
        if self.is_empty() {
            (self.source, self.plain) = (source.clone(), true);
        }
        // An invisible character between two bytes is a gap, which byte for byte there is none of.
        self.plain &= c.is_ascii() && source.len() == 1 && self.text.len() == source.start - self.source.start;
        self.source.end = source.end;
        self.text.push(c);
    }

    pub(super) fn write(&self, out: &mut Output) {
        if self.plain {
            out.plain(self.text.as_bytes(), self.source.start);
        } else if !self.is_empty() {
            out.atom(self.text.as_bytes(), self.source.clone());
        }
    }

    /// Written, there is nothing left of it; its memory stays.
    pub(super) fn flush(&mut self, out: &mut Output) {
        self.write(out);
        self.text.clear();
    }

    pub(super) fn kind(&self) -> Gap {
        match self.text.as_str() {
            "" => Gap::None,
            " " | "  " | "-" => Gap::Plain,
            "," | "." | ":" | "/" | "'" => Gap::Sign,
            text if text.chars().all(|c| " ,.;:-\n\r\t…".contains(c)) => Gap::Pause,
            _ => Gap::Hard,
        }
    }
}
