//! Runs of base64 or hexadecimal, decoded one level and matched: what an encoded value says is as good as the value.
//!
//! A run is [`LEAST`] characters and more of one alphabet (RFC 4648 sections 4, 5 and 8, line breaks inside passed
//! over). Where its groups begin is not known, since `/` and letters before it can be part of it, so every alignment is
//! read. What is found has whole groups as its source.

use std::ops::Range;

use crate::{
    automaton::Needs,
    context,
    lane::{Hit, Lane},
    program::Program,
    resolve::TapeName,
};

/// Shorter runs are words.
const LEAST: usize = 16;

/// The runs of a text.
#[derive(Clone, Default)]
pub(crate) struct Encoded {
    /// The run so far, while it is shorter than [`LEAST`]: each character with the length of its source.
    head: Vec<(u8, u32)>,
    /// Where it starts.
    from: usize,
    /// The text is inside a run.
    running: bool,
    /// The readings of the run.
    decodings: Vec<Decoding>,
    /// Those of runs that are over, which matched something that nobody judged yet.
    over: Vec<Decoding>,
}

/// One way to read one run.
#[derive(Clone)]
pub(crate) struct Decoding {
    pub(crate) lane: Lane,
    /// What it matched and nobody judged yet.
    pub(crate) hits: Vec<Hit>,
    /// The text is no longer of its alphabet.
    done: bool,
    /// Bits of a character: 6 in base64, 4 in hexadecimal.
    bits: u32,
    /// Characters that another alignment begins with.
    skip: usize,
    /// The characters of the group so far, and their bits.
    characters: u32,
    group: u32,
    source: Range<usize>,
}

impl Encoded {
    /// Reads ASCII that stands in the source as it is.
    pub(crate) fn plain(&mut self, program: &Program, bytes: &[u8], source: usize) {
        let mut at = 0;
        while at < bytes.len() {
            if self.running {
                self.one(program, bytes[at], source + at..source + at + 1);
                at += 1;
                continue;
            }
            if self.head.is_empty() {
                at += words_len(&bytes[at..]);
            }
            // In words, most bytes need not be looked at: a run has an end, too.
            let ahead = &bytes[at..bytes.len().min(at + LEAST - self.head.len())];
            let broken = ahead.iter().rposition(|b| !ALPHABET[usize::from(*b)]);
            let from = broken.map_or(at, |i| at + i + 1);
            if broken.is_some() {
                self.head.clear();
            }
            let full = broken.is_none() && self.head.len() + ahead.len() >= LEAST;
            if full || at + ahead.len() == bytes.len() {
                let upto = at + ahead.len();
                if self.head.is_empty() {
                    self.from = source + from;
                }
                self.head.extend(bytes[from..upto].iter().map(|&b| (b, 1)));
                at = upto;
                if full {
                    self.begin(program);
                }
            } else {
                at = from;
            }
        }
    }

    /// Reads one character.
    pub(crate) fn char(&mut self, program: &Program, c: char, source: Range<usize>) {
        let byte = u8::try_from(c).unwrap_or(0);
        if self.running {
            return self.one(program, byte, source);
        }
        if value(byte).is_none() {
            return self.head.clear();
        }
        if self.head.is_empty() {
            self.from = source.start;
        }
        self.head.push((byte, source.len() as u32));
        if self.head.len() >= LEAST {
            self.begin(program);
        }
    }

    /// No run goes on.
    pub(crate) fn finish(&mut self, program: &Program) {
        self.head.clear();
        self.running = false;
        for mut decoding in self.decodings.drain(..) {
            decoding.end(program);
            if !decoding.hits.is_empty() {
                self.over.push(decoding);
            }
        }
    }

    /// Source offset from which a run is not decided.
    pub(crate) fn pending(&self) -> Option<usize> {
        let open = self.decodings.iter().chain(&self.over).filter_map(Decoding::pending);
        open.chain((!self.head.is_empty()).then_some(self.from)).min()
    }

    /// The readings whose hits wait to be judged.
    pub(crate) fn decodings(&mut self) -> impl Iterator<Item = &mut Decoding> {
        self.decodings.iter_mut().chain(&mut self.over).filter(|d| !d.hits.is_empty())
    }

    /// Gives up what is over and judged.
    pub(crate) fn forget(&mut self) {
        self.over.retain(|d| !d.hits.is_empty());
        self.decodings.iter_mut().chain(&mut self.over).for_each(Decoding::forget);
    }

    fn begin(&mut self, program: &Program) {
        let hexadecimal = self.head.iter().all(|(b, _)| b.is_ascii_hexdigit());
        self.decodings.extend((0..4).map(|skip| Decoding::new(6, skip)));
        if hexadecimal {
            self.decodings.extend((0..2).map(|skip| Decoding::new(4, skip)));
        }
        self.running = true;
        let mut at = self.from;
        for (byte, len) in std::mem::take(&mut self.head) {
            self.one(program, byte, at..at + len as usize);
            at += len as usize;
        }
    }

    fn one(&mut self, program: &Program, byte: u8, source: Range<usize>) {
        if matches!(byte, b'\n' | b'\r') {
            return;
        }
        if value(byte).is_none() {
            return self.finish(program);
        }
        self.decodings.iter_mut().for_each(|d| d.one(program, byte, &source));
    }
}

impl Decoding {
    fn new(bits: u32, skip: usize) -> Self {
        let lane = Lane::new().named(TapeName::Encoded);
        Decoding { lane, hits: Vec::new(), done: false, bits, skip, characters: 0, group: 0, source: 0..0 }
    }

    fn one(&mut self, program: &Program, byte: u8, source: &Range<usize>) {
        if self.done {
            return;
        }
        if self.bits == 4 && !byte.is_ascii_hexdigit() {
            return self.end(program);
        }
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        if self.characters == 0 {
            self.source = source.clone();
        }
        self.source.end = source.end;
        let value = if self.bits == 4 { char::from(byte).to_digit(16) } else { value(byte) };
        self.group = self.group << self.bits | value.unwrap_or(0);
        self.characters += 1;
        if self.characters == if self.bits == 4 { 2 } else { 4 } {
            self.flush(program);
        }
    }

    /// Decodes the group, of which at a run's end characters can be missing.
    fn flush(&mut self, program: &Program) {
        let bits = self.bits * std::mem::take(&mut self.characters);
        let whole = bits / 8;
        let bytes = (std::mem::take(&mut self.group) >> (bits % 8)).to_be_bytes();
        let bytes = &bytes[4 - whole as usize..];
        if !bytes.is_empty() {
            self.lane.run(program.automaton(self.lane.name), false, Needs::Words, bytes, &mut self.hits);
            self.lane.tape.push_atom(bytes, self.source.clone());
        }
    }

    fn end(&mut self, program: &Program) {
        if self.done {
            return;
        }
        self.flush(program);
        self.lane.end_hits(program.automaton(self.lane.name), Needs::Words, &mut self.hits);
        self.lane.threads.clear();
        self.done = true;
    }

    fn pending(&self) -> Option<usize> {
        let waits = self.hits.iter().map(|h| self.lane.tape.source_start(h.thread.start));
        let group = (self.characters > 0).then_some(self.source.start);
        waits.chain(self.lane.live()).chain(group).min()
    }

    fn forget(&mut self) {
        let oldest = self.lane.threads.first().map(|t| t.start);
        let waiting = self.hits.iter().map(|h| h.thread.start);
        let keep = waiting.chain(oldest).min().unwrap_or(self.lane.tape.end());
        self.lane.tape.trim(keep.saturating_sub(context::REACH));
    }
}

/// Length of words in which no run can be: after no more than [`LEAST`] bytes there is always a space.
fn words_len(bytes: &[u8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let mut at = 0;
    // One byte more than a run needs is there: so no run can start that is not read.
    while let Some(&[_, _, _, _, _, _, _, _, ref last @ .., _]) = bytes[at..].first_chunk::<{ LEAST + 1 }>() {
        let others = u64::from_le_bytes(*last) ^ (EACH * u64::from(b' '));
        // The highest bit of each byte that is a space, and perhaps of a `!` behind one, which is in no run either.
        let spaces = others.wrapping_sub(EACH) & !others & (EACH * 0x80);
        if spaces == 0 {
            break;
        }
        at += LEAST - spaces.leading_zeros() as usize / 8;
    }
    at
}

/// Whether a byte is of either base64 alphabet.
const ALPHABET: [bool; 256] = {
    let mut all = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        all[byte] = value(byte as u8).is_some();
        byte += 1;
    }
    all
};

/// What a character of either base64 alphabet is worth; both hold all of hexadecimal's.
const fn value(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => (byte - b'A') as u32,
        b'a'..=b'z' => (byte - b'a') as u32 + 26,
        b'0'..=b'9' => (byte - b'0') as u32 + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}
