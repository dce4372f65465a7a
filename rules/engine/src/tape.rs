//! Text under a scanner's head, with the way back to where each byte came from.
//!
//! A tape holds decoded bytes; its runs map them to *source* offsets, which count bytes of the channel as it was
//! written. A run is either plain (byte for byte) or an atom (an escape or a folded character, all of one source span).

use std::{collections::VecDeque, ops::Range};

/// A window of the text, from some bytes before the oldest undecided one to the newest.
#[derive(Clone, Default)]
pub(crate) struct Tape {
    text: Vec<u8>,
    /// Tape offset of `text[0]`.
    base: usize,
    runs: VecDeque<Run>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Run {
    at: usize,
    len: usize,
    source: usize,
    /// Source length of an atom; 0 marks a plain run.
    atom: usize,
}

impl Tape {
    /// Offset one past the newest byte.
    pub(crate) fn end(&self) -> usize {
        self.base + self.text.len()
    }

    /// Appends bytes that stand in the source as they are.
    pub(crate) fn push_plain(&mut self, bytes: &[u8], source: usize) {
        let at = self.end();
        self.text.extend_from_slice(bytes);
        match self.runs.back_mut() {
            Some(last) if last.atom == 0 && last.source + last.len == source => last.len += bytes.len(),
            _ => self.runs.push_back(Run { at, len: bytes.len(), source, atom: 0 }),
        }
    }

    /// Appends bytes that one indivisible source span stands for.
    pub(crate) fn push_atom(&mut self, bytes: &[u8], source: Range<usize>) {
        let at = self.end();
        self.text.extend_from_slice(bytes);
        self.runs.push_back(Run { at, len: bytes.len(), source: source.start, atom: source.len().max(1) });
    }

    /// The bytes of a tape range that is still in the window.
    pub(crate) fn slice(&self, range: Range<usize>) -> &[u8] {
        &self.text[range.start.saturating_sub(self.base)..range.end.saturating_sub(self.base)]
    }

    /// Up to `n` bytes before `at`.
    pub(crate) fn before(&self, at: usize, n: usize) -> &[u8] {
        self.slice(at.saturating_sub(n).max(self.base)..at)
    }

    /// The source range that holds every byte of a non-empty tape range.
    pub(crate) fn source(&self, range: Range<usize>) -> Range<usize> {
        self.source_start(range.start)..self.source_end(range.end)
    }

    /// Where the byte at `at` begins in the source.
    pub(crate) fn source_start(&self, at: usize) -> usize {
        let run = self.run(at);
        if run.atom == 0 { run.source + (at - run.at) } else { run.source }
    }

    /// Where the byte before `at` ends in the source.
    fn source_end(&self, at: usize) -> usize {
        let run = self.run(at - 1);
        if run.atom == 0 { run.source + (at - run.at) } else { run.source + run.atom }
    }

    /// The first tape offset whose source begins at or after `source`.
    pub(crate) fn tape_at(&self, source: usize) -> usize {
        let before = |r: &Run| if r.atom == 0 { r.source + r.len <= source } else { r.source < source };
        match self.runs.get(self.runs.partition_point(before)) {
            None => self.end(),
            Some(r) if r.source >= source => r.at,
            Some(r) => r.at + (source - r.source),
        }
    }

    /// Digits of a range that something else stands for.
    pub(crate) fn said(&self, range: Range<usize>) -> usize {
        let digits = |r: &Run| {
            let part = self.slice(r.at.max(range.start)..(r.at + r.len).min(range.end));
            part.iter().filter(|b| b.is_ascii_digit()).count()
        };
        let within = |r: &&Run| r.atom > 0 && r.at < range.end && range.start < r.at + r.len;
        self.runs.iter().filter(within).map(digits).sum()
    }

    /// Digits of a range that are said one by one: "four", "double four", but not "forty four".
    pub(crate) fn singly(&self, range: Range<usize>) -> usize {
        let digits = |r: &Run| {
            let part = self.slice(r.at.max(range.start)..(r.at + r.len).min(range.end));
            let same = part.iter().all(|b| b.is_ascii_digit() && *b == part[0]);
            if same { part.len() } else { 0 }
        };
        let within = |r: &&Run| r.atom > 0 && r.at < range.end && range.start < r.at + r.len;
        self.runs.iter().filter(within).map(digits).sum()
    }

    /// Whether a range cuts nothing in two that one source span stands for.
    pub(crate) fn cuts_nothing(&self, range: Range<usize>) -> bool {
        let (first, last) = (self.run(range.start), self.run(range.end - 1));
        let ends = |r: &Run| r.atom == 0 || r.at + r.len == range.end;
        (first.atom == 0 || first.at == range.start) && ends(&last)
    }

    /// Forgets what lies before `keep`, once that is worth the move.
    pub(crate) fn trim(&mut self, keep: usize) {
        const WORTH: usize = 128;
        if keep < self.base + WORTH {
            return;
        }
        self.text.drain(..keep - self.base);
        self.base = keep;
        while self.runs.front().is_some_and(|r| r.at + r.len <= keep) {
            self.runs.pop_front();
        }
    }

    fn run(&self, at: usize) -> Run {
        // Most texts are one run, or near its end.
        if let Some(last) = self.runs.back().filter(|r| r.at <= at) {
            return *last;
        }
        let i = self.runs.partition_point(|r| r.at <= at);
        self.runs[i - 1]
    }
}
