//! Characters onto tapes: as written, decoded, spoken, encoded, and word by word for names.

use std::ops::Range;

use super::Scanner;
use crate::{
    automaton::Needs,
    before::Before,
    end::Seam,
    external::Sentence,
    fault::{self, Fault},
    lane::{Hit, Lane},
    names::Names,
    program::Program,
    resolve::TapeName,
};

impl Scanner {
    pub(super) fn read_plain(&mut self, bytes: &[u8]) {
        let given = self.given();
        let Scanner { program, raw, decoded, decoder, spoken, encoded, names, named, sentence, hits, fed, .. } = self;
        if let Some(names) = names {
            names.push_plain(bytes, *fed, named);
        }
        if let (Some(sentence), Some(outside)) = (sentence, &program.outside) {
            (*fed..).zip(bytes).for_each(|(at, &byte)| sentence.push(outside, char::from(byte), at..at + 1));
        }
        decoder.passed(bytes);
        encoded.plain(program, bytes, *fed);
        if let Some(side) = spoken {
            side.plain(program, given, bytes, *fed, hits);
        }
        for lane in [Some(raw), decoded.as_mut()].into_iter().flatten() {
            lane.run(program.automaton(lane.name), program.restore, given, bytes, hits);
            lane.tape.push_plain(bytes, *fed);
        }
        *fed += bytes.len();
    }

    pub(super) fn read_char(&mut self, c: char, source_len: usize) {
        let given = self.given();
        let source = self.fed..self.fed + source_len;
        self.encoded.char(&self.program, c, source.clone());
        if let (Some(sentence), Some(outside)) = (&mut self.sentence, &self.program.outside) {
            sentence.push(outside, c, source.clone());
        }
        let mut read = std::mem::take(&mut self.read);
        self.decoder.push(c, source.clone(), &mut |c, s| read.push((c, s)));
        if !matches!(&read[..], [same] if *same == (c, source.clone())) {
            self.fork(source.end);
        }
        push_char(&mut self.raw, &self.program, given, c, source.clone(), &mut self.hits);
        self.take_decoded(&mut read);
        self.read = read;
        self.fed = source.end;
    }

    pub(super) fn fork(&mut self, differs_to: usize) {
        self.differs_to = differs_to;
        let raw = &self.raw;
        self.decoded.get_or_insert_with(|| raw.clone().named(TapeName::Decoded));
    }

    /// Once both readings agree on all that is undecided, one lane is enough again.
    pub(super) fn rejoin(&mut self) {
        let Some(decoded) = &self.decoded else { return };
        let unsaid = self.spoken.as_ref().and_then(|side| side.pending().into_iter().chain(side.lane.live()).min());
        let unnamed = self.names.as_ref().and_then(Names::pending);
        let unjudged = self.sentence.as_ref().and_then(Sentence::pending);
        let settled =
            self.raw.live().into_iter().chain(unsaid).chain(unnamed).chain(unjudged).all(|s| s >= self.differs_to);
        let agrees = settled && self.decoder.pending().is_none() && self.raw.agrees(decoded);
        if agrees || fault::is(Fault::RejoinEarly) {
            self.evaluate();
            // A candidate that waits for a word to be read says where it is by its own tape.
            if self.accepted.is_empty() && self.hits.is_empty() || fault::is(Fault::RejoinEarly) {
                // The decoded tape survives: context is read from it.
                self.raw = self.decoded.take().unwrap_or_else(Lane::new).named(TapeName::Raw);
            }
        }
    }

    /// What is pending is no escape.
    pub(super) fn flush_decoder(&mut self) {
        let mut read = std::mem::take(&mut self.read);
        self.decoder.finish(&mut |c, s| read.push((c, s)));
        self.take_decoded(&mut read);
        self.read = read;
    }

    pub(super) fn take_decoded(&mut self, read: &mut Vec<(char, Range<usize>)>) {
        let given = self.given();
        let Scanner { program, decoded, spoken, names, named, hits, .. } = self;
        for (c, source) in read.drain(..) {
            if let Some(names) = names {
                names.push(c, source.clone(), named);
            }
            if let Some(lane) = decoded {
                push_char(lane, program, given, c, source.clone(), hits);
            }
            if let Some(side) = spoken {
                side.char(program, given, c, source, hits);
            }
        }
    }

    /// A name ends where the text does; from part to part it may go on.
    pub(super) fn flush_names(&mut self, seam: Option<(Seam, &Before)>) {
        let Scanner { names, named, fed, .. } = self;
        let Some(names) = names else { return };
        match seam {
            Some((Seam::Part, _)) => names.push('\n', *fed..*fed, named),
            Some((Seam::Message, before)) => {
                names.finish(named);
                names.restart(before.asked());
            }
            None => names.finish(named),
        }
    }

    /// No sentence goes on over a seam.
    pub(super) fn flush_sentence(&mut self) {
        if let (Some(sentence), Some(outside)) = (&mut self.sentence, &self.program.outside) {
            sentence.finish(outside);
        }
    }

    /// No word that says a digit and no encoded run goes on over a seam.
    pub(super) fn flush_side(&mut self) {
        let given = self.given();
        let Scanner { program, spoken, encoded, hits, .. } = self;
        encoded.finish(program);
        if let Some(side) = spoken {
            side.finish(program, given, hits);
        }
    }

    /// What matches up to here may be all there is.
    pub(super) fn end_here(&mut self) {
        let given = self.given();
        let Scanner { program, raw, decoded, spoken, hits, .. } = self;
        let spoken = spoken.as_mut().map(|s| &mut s.lane);
        for lane in
            [Some(raw), decoded.as_mut(), spoken].into_iter().flatten().filter(|_| !fault::is(Fault::ForgetEndHits))
        {
            lane.end_hits(program.automaton(lane.name), given, hits);
        }
    }

    /// What there may be before a match: a question, if one was asked before a message that is not decided. If all is
    /// traced, so is what nobody asked for.
    pub(super) fn given(&self) -> Needs {
        let asked = || self.messages.iter().any(|message| !message.before.asked().is_empty());
        if self.trace.is_some() || asked() { Needs::Question } else { Needs::Words }
    }

    pub(super) fn lane(&self, name: TapeName) -> &Lane {
        let lane = match name {
            TapeName::Raw | TapeName::Encoded => None,
            TapeName::Decoded => self.decoded.as_ref(),
            TapeName::Spoken | TapeName::Partial => self.spoken.as_ref().map(|s| &s.lane),
        };
        lane.unwrap_or(&self.raw)
    }

    pub(super) fn lane_mut(&mut self, name: TapeName) -> &mut Lane {
        let lane = match name {
            TapeName::Raw | TapeName::Encoded => None,
            TapeName::Decoded => self.decoded.as_mut(),
            TapeName::Spoken | TapeName::Partial => self.spoken.as_mut().map(|s| &mut s.lane),
        };
        lane.unwrap_or(&mut self.raw)
    }

    pub(super) fn lanes(&self) -> impl Iterator<Item = &Lane> {
        std::iter::once(&self.raw).chain(self.decoded.as_ref()).chain(self.spoken.as_ref().map(|s| &s.lane))
    }
}

fn push_char(lane: &mut Lane, program: &Program, given: Needs, c: char, source: Range<usize>, hits: &mut Vec<Hit>) {
    let mut utf8 = [0; 4];
    let bytes = c.encode_utf8(&mut utf8).as_bytes();
    lane.run(program.automaton(lane.name), program.restore, given, bytes, hits);
    // A character that stands for itself is whole as it is: only what spells another way cannot be cut.
    if c.is_ascii() && source.len() == 1 {
        lane.tape.push_plain(bytes, source.start);
    } else {
        lane.tape.push_atom(bytes, source);
    }
}
