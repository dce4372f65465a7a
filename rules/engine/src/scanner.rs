//! The scanner of one text: bytes in as they come, decided segments out as soon as they can be.
//!
//! Invariant: what has been emitted never depends on what follows, and how the text was cut never shows. A byte is
//! emitted once no live thread starts at or before it and no open cluster holds it.

mod judge;
mod read;
mod settle;
mod silence;

use std::{ops::Range, sync::Arc};

use crate::{
    before::Before,
    context::Named,
    decode::Decoder,
    encoded::Encoded,
    end::{End, Seam},
    explain::Candidate,
    external::Sentence,
    fault::{self, Fault},
    lane::{Hit, Lane, Thread},
    names::{Found, Gazetteer, Names},
    program::Program,
    reading::Reading,
    resolve::Clusters,
    segment::{Finding, Segment},
    side::Side,
    tape::Tape,
};

/// Bytes matched between two looks at what is decided: bounds the candidates that wait.
const SLICE: usize = 4096;

/// The same while the text is read on two lanes, which may agree again.
const FORKED_SLICE: usize = 64;

/// The same while many starts live, of which most may come to nothing.
const CROWDED_SLICE: usize = 16;

/// The scanner of one text. Offsets count bytes of the text's source.
#[derive(Clone)]
pub struct Scanner {
    program: Arc<Program>,
    /// Accept only what a checksum proves: for number literals.
    validated_only: bool,
    raw: Lane,
    /// The decoded reading, while it differs from the raw one.
    decoded: Option<Lane>,
    /// The spoken reading, where speech is listened for.
    spoken: Option<Box<Side>>,
    encoded: Encoded,
    /// Names and addresses, where a rule asks for them.
    names: Option<Names>,
    named: Vec<Found>,
    /// For who reads whole sentences.
    sentence: Option<Sentence>,
    /// Source end of the last character that raw and decoded read differently.
    differs_to: usize,
    decoder: Decoder,
    hits: Vec<Hit>,
    /// What a character reads as; kept from one to the next for its memory.
    read: Vec<(char, Range<usize>)>,
    accepted: Clusters,
    /// What rules found that only watch, and what of it is decided.
    watched: Clusters,
    seen: Vec<Finding>,
    /// What became of every candidate, where that is asked for.
    trace: Option<Vec<Candidate>>,
    /// A cluster whose replacement has left while its end is still open.
    open: Option<Range<usize>>,
    messages: Vec<Message>,
    fed: usize,
    emitted: usize,
}

/// A message of the text.
#[derive(Clone)]
struct Message {
    /// Where it starts.
    from: usize,
    /// What it follows.
    before: Before,
    /// The rules that this speaks for.
    named: Named,
}

impl Scanner {
    /// A scanner for a written text that follows `before`.
    pub fn new(program: Arc<Program>, before: Before) -> Self {
        Self::reading(program, Reading::Written, before)
    }

    /// A scanner for a text that follows `before`.
    pub fn reading(program: Arc<Program>, reading: Reading, before: Before) -> Self {
        Scanner {
            spoken: Side::of(reading, &program).map(Box::new),
            encoded: Encoded::default(),
            names: program.recognises().then(|| Names::new(Gazetteer::built_in(), before.asked())),
            named: Vec::new(),
            sentence: None,
            watched: Clusters::default(),
            seen: Vec::new(),
            trace: None,
            validated_only: false,
            raw: Lane::new(),
            decoded: None,
            differs_to: 0,
            decoder: Decoder::default(),
            hits: Vec::new(),
            read: Vec::new(),
            accepted: Clusters::default(),
            open: None,
            messages: vec![Message { from: 0, named: program.context.named_by(&before), before }],
            program,
            fed: 0,
            emitted: 0,
        }
    }

    /// A scanner for number literals, in which only a checksum counts; `key` is the text of the number's key.
    pub fn for_number(program: Arc<Program>, key: &str) -> Self {
        Scanner { validated_only: true, names: None, ..Scanner::new(program, Before::statement(key)) }
    }

    /// The same, which asks the program's external recogniser about every sentence.
    pub fn asking(mut self) -> Self {
        self.sentence = self.program.asks().then(Sentence::default);
        self
    }

    /// Source bytes read.
    pub fn fed(&self) -> usize {
        self.fed
    }

    /// Source bytes decided.
    pub fn clear(&self) -> usize {
        self.emitted
    }

    /// Reads text that stands in the source as it is.
    pub fn push(&mut self, text: &str, out: &mut Vec<Segment>) {
        let mut rest = text;
        let mut looked = self.fed;
        while !rest.is_empty() {
            let slice = self.slice();
            let plain = self.decoder.plain_len(&rest.as_bytes()[..rest.len().min(slice)]);
            if plain > 0 {
                let (now, later) = rest.split_at(plain);
                self.read_plain(now.as_bytes());
                rest = later;
                self.rejoin();
            } else if let Some(c) = rest.chars().next() {
                self.read_char(c, c.len_utf8());
                rest = &rest[c.len_utf8()..];
            }
            if self.fed - looked >= slice {
                looked = self.fed;
                self.evaluate();
                self.silence();
                if self.fed - self.emitted >= SLICE {
                    self.settle(None, out);
                }
            }
        }
        self.settle(None, out);
        self.slim();
    }

    /// Gives back what only reading takes: many texts are open, and few are read.
    fn slim(&mut self) {
        if self.hits.is_empty() {
            self.hits = Vec::new();
        }
        self.read = Vec::new();
    }

    /// Bytes to be read before the next look at what was found.
    fn slice(&self) -> usize {
        match &self.decoded {
            _ if self.raw.crowded() => CROWDED_SLICE,
            Some(_) => FORKED_SLICE,
            None => SLICE,
        }
    }

    /// Reads one character that an escape of `source_len` bytes stands for; decided at the next [`Scanner::settle_now`].
    pub fn push_escaped(&mut self, c: char, source_len: usize) {
        self.read_char(c, source_len);
    }

    /// Emits what is decided.
    pub fn settle_now(&mut self, out: &mut Vec<Segment>) {
        self.settle(None, out);
    }

    /// One part of the text ends and another follows; `before` is what a new message follows.
    pub fn seam(&mut self, seam: Seam, before: Before, out: &mut Vec<Segment>) {
        // An escape may go on from part to part, like any value.
        if seam == Seam::Message {
            self.flush_decoder();
        }
        self.flush_side();
        self.flush_names(Some((seam, &before)));
        self.flush_sentence();
        self.end_here();
        self.evaluate();
        if seam == Seam::Message && !self.validated_only {
            let unfinished = self.unfinished(End { cut: false });
            unfinished.into_iter().for_each(|span| self.note(span));
        }
        let Scanner { raw, decoded, spoken, accepted, .. } = self;
        for lane in [Some(raw), decoded.as_mut(), spoken.as_mut().map(|s| &mut s.lane)].into_iter().flatten() {
            lane.part(|tape, thread| seam == Seam::Part || goes_on(tape, thread, accepted));
        }
        self.settle(None, out);
        if seam == Seam::Message {
            let named = self.program.context.named_by(&before);
            self.messages.push(Message { from: self.fed, before, named });
        }
    }

    /// The text ends; everything is decided.
    pub fn finish(&mut self, end: End, out: &mut Vec<Segment>) {
        self.flush_decoder();
        self.flush_side();
        self.flush_names(None);
        self.flush_sentence();
        self.end_here();
        self.evaluate();
        if !self.validated_only && !fault::is(Fault::NoEndPrefix) {
            let unfinished = self.unfinished(end);
            unfinished.into_iter().for_each(|span| self.note(span));
        }
        let Scanner { raw, decoded, spoken, .. } = self;
        for lane in [Some(raw), decoded.as_mut(), spoken.as_mut().map(|s| &mut s.lane)].into_iter().flatten() {
            lane.threads.clear();
        }
        self.settle(Some(self.fed), out);
    }

    /// Whether a sentence was not judged by who should have: what is left is not to be used.
    pub fn silent(&self) -> bool {
        self.sentence.as_ref().is_some_and(Sentence::silent)
    }

    /// From here on every candidate is kept, for [`Scanner::take_trace`].
    pub(crate) fn tracing(self) -> Self {
        Scanner { trace: Some(Vec::new()), ..self }
    }

    /// Every candidate since this was last asked.
    pub(crate) fn take_trace(&mut self) -> Vec<Candidate> {
        self.trace.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// What rules in `mode: shadow` found since this was last asked: it passed as if they were not there.
    pub fn take_shadows(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.seen)
    }
}

/// Whether what started may go on in the next message: a run of digits that is not whole already.
fn goes_on(tape: &Tape, thread: &Thread, accepted: &Clusters) -> bool {
    let text = tape.slice(thread.start..tape.end());
    let Some(last) = text.iter().rposition(u8::is_ascii_digit) else { return false };
    let run = text.iter().all(|b| b.is_ascii_digit() || b" .-/".contains(b));
    let source = tape.source(thread.start..thread.start + last + 1);
    run && !accepted.holding(&source).is_some_and(|c| c.winner.whole())
}

#[cfg(test)]
mod tests;
