//! A further reading of the text, which writes a tape of its own.

use std::ops::Range;

use crate::{
    automaton::Needs,
    lane::{Hit, Lane},
    program::Program,
    reading::Reading,
    resolve::TapeName,
    spoken::Spoken,
};

/// A transducer and the tape it writes, which is matched like any other.
#[derive(Clone)]
pub(crate) struct Side {
    pub(crate) lane: Lane,
    by: Spoken,
    output: Output,
}

impl Side {
    /// The tape that a reading has beside the written ones.
    pub(crate) fn of(reading: Reading, program: &Program) -> Option<Self> {
        let name = match reading {
            Reading::Written => return None,
            Reading::Spoken => TapeName::Spoken,
            Reading::Partial => TapeName::Partial,
        };
        Some(Side {
            lane: Lane::new().named(name),
            by: Spoken::new(program.lexicon.clone()),
            output: Output::default(),
        })
    }

    /// Reads ASCII that stands in the source as it is.
    pub(crate) fn plain(&mut self, program: &Program, given: Needs, bytes: &[u8], source: usize, hits: &mut Vec<Hit>) {
        self.by.plain(bytes, source, &mut self.output);
        self.flush(program, given, hits);
    }

    /// Reads one decoded character.
    pub(crate) fn char(&mut self, program: &Program, given: Needs, c: char, source: Range<usize>, hits: &mut Vec<Hit>) {
        self.by.char(c, source, &mut self.output);
        self.flush(program, given, hits);
    }

    /// Nothing that waits goes on.
    pub(crate) fn finish(&mut self, program: &Program, given: Needs, hits: &mut Vec<Hit>) {
        self.by.finish(&mut self.output);
        self.flush(program, given, hits);
    }

    /// Source offset of what is not on the tape yet.
    pub(crate) fn pending(&self) -> Option<usize> {
        self.by.pending()
    }

    fn flush(&mut self, program: &Program, given: Needs, hits: &mut Vec<Hit>) {
        let Output { text, pieces } = &mut self.output;
        let mut at = 0;
        for piece in pieces.drain(..) {
            let bytes = &text[at..at + piece.len];
            self.lane.run(program.automaton(self.lane.name), program.restore, given, bytes, hits);
            if piece.plain {
                self.lane.tape.push_plain(bytes, piece.source.start);
            } else {
                self.lane.tape.push_atom(bytes, piece.source);
            }
            at += piece.len;
        }
        text.clear();
    }
}

/// What a transducer writes, with the source that each piece of it stands for.
#[derive(Clone, Default)]
pub(crate) struct Output {
    text: Vec<u8>,
    pieces: Vec<Piece>,
}

#[derive(Clone)]
struct Piece {
    len: usize,
    source: Range<usize>,
    /// Byte for byte.
    plain: bool,
}

impl Output {
    /// Bytes that stand in the source one by one, in lower case.
    pub(crate) fn plain(&mut self, bytes: &[u8], source: usize) {
        if bytes.is_empty() {
            return;
        }
        self.text.extend(bytes.iter().map(u8::to_ascii_lowercase));
        let end = source + bytes.len();
        match self.pieces.last_mut() {
            Some(last) if last.plain && last.source.end == source => {
                last.len += bytes.len();
                last.source.end = end;
            }
            _ => self.pieces.push(Piece { len: bytes.len(), source: source..end, plain: true }),
        }
    }

    /// A character, in lower case.
    pub(crate) fn char(&mut self, c: char, source: Range<usize>) {
        match u8::try_from(c) {
            Ok(byte) if c.is_ascii() && source.len() == 1 => self.plain(&[byte], source.start),
            _ => self.atom(c.to_ascii_lowercase().encode_utf8(&mut [0; 4]).as_bytes(), source),
        }
    }

    #[cfg(test)]
    pub(crate) fn written(&self) -> String {
        String::from_utf8_lossy(&self.text).into_owned()
    }

    /// Bytes that one indivisible source span stands for.
    pub(crate) fn atom(&mut self, bytes: &[u8], source: Range<usize>) {
        self.text.extend_from_slice(bytes);
        self.pieces.push(Piece { len: bytes.len(), source, plain: false });
    }
}
