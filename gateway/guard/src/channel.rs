//! One text of an exchange: plain, or JSON inside a string.

use std::{collections::VecDeque, sync::Arc};

use rules::{Before, End, Program, Scanner, Seam, Segment, Silent};

use crate::{
    Refusal,
    decide::{Decider, Edit},
    fault::{self, Fault},
    jsontext::{JsonText, Spelling},
};

/// How a text is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reading {
    /// What somebody says or writes, in the reading that the policy asks for.
    Text,
    /// A key, an identifier, a header's value: letters and digits as they stand.
    Name,
    /// JSON; `call` where it is a tool call's arguments.
    Json { call: bool },
}

/// A text, what of it is decided, and the edits that no event has carried away yet. Offsets count bytes of the text.
pub(crate) struct Channel {
    reader: Reader,
    segments: Vec<Segment>,
    spelled: Vec<(Segment, Spelling)>,
    pub(crate) edits: VecDeque<Edit>,
    call: bool,
    /// Where a span that was refused starts: nothing from there on may leave.
    refused_from: usize,
}

enum Reader {
    Plain(Box<Scanner>),
    Json(Box<JsonText>),
}

impl Channel {
    /// A text that follows a message ending with `before`.
    pub(crate) fn new(program: &Arc<Program>, reading: Reading, before: &Before) -> Self {
        let reader = match reading {
            Reading::Text => Reader::Plain(Box::new(text_scanner(program, before))),
            Reading::Name => Reader::Plain(Box::new(Scanner::new(program.clone(), before.clone()))),
            Reading::Json { .. } => Reader::Json(Box::new(JsonText::new(program.clone(), before.clone()))),
        };
        Channel { call: matches!(reading, Reading::Json { call: true }), ..Channel::read_by(reader) }
    }

    /// A text that this scanner reads.
    pub(crate) fn of(scanner: Scanner) -> Self {
        Channel::read_by(Reader::Plain(Box::new(scanner)))
    }

    fn read_by(reader: Reader) -> Self {
        Channel {
            reader,
            segments: Vec::new(),
            spelled: Vec::new(),
            edits: VecDeque::new(),
            call: false,
            refused_from: usize::MAX,
        }
    }

    /// Bytes read.
    pub(crate) fn fed(&self) -> usize {
        match &self.reader {
            Reader::Plain(scanner) => scanner.fed(),
            Reader::Json(json) => json.fed(),
        }
    }

    /// Bytes decided: what lies before may leave, edited.
    pub(crate) fn clear(&self) -> usize {
        let decided = match &self.reader {
            Reader::Plain(scanner) => scanner.clear(),
            Reader::Json(json) => json.clear(),
        };
        decided.min(self.refused_from)
    }

    /// Reads more.
    pub(crate) fn push(&mut self, text: &str, decider: &mut Decider<'_>) -> Result<(), Refusal> {
        match &mut self.reader {
            Reader::Plain(scanner) => scanner.push(text, &mut self.segments),
            Reader::Json(json) => json.push(text, &mut self.spelled),
        }
        self.decide(decider)
    }

    /// A part ends and another follows.
    pub(crate) fn seam(&mut self, seam: Seam, before: &Before, decider: &mut Decider<'_>) -> Result<(), Refusal> {
        if let Reader::Plain(scanner) = &mut self.reader {
            scanner.seam(seam, before.clone(), &mut self.segments);
        }
        self.decide(decider)
    }

    /// The text ends.
    pub(crate) fn finish(&mut self, end: End, decider: &mut Decider<'_>) -> Result<(), Refusal> {
        match &mut self.reader {
            Reader::Plain(scanner) => scanner.finish(end, &mut self.segments),
            Reader::Json(json) => json.finish(end, &mut self.spelled),
        }
        self.decide(decider)
    }

    fn decide(&mut self, decider: &mut Decider<'_>) -> Result<(), Refusal> {
        let silent = match &self.reader {
            Reader::Plain(scanner) => scanner.silent(),
            Reader::Json(json) => json.silent(),
        };
        if silent {
            self.refused_from = 0;
            return Err(Refusal::Silent(Silent));
        }
        decider.watch(match &mut self.reader {
            Reader::Plain(scanner) => scanner.take_shadows(),
            Reader::Json(json) => json.take_shadows(),
        });
        let plain = self.segments.drain(..).map(|s| (s, Spelling::Plain));
        for (segment, spelling) in plain.chain(self.spelled.drain(..)) {
            let from = segment.span().start;
            let edit = decider.edit(segment, self.call).inspect_err(|_| {
                self.refused_from = if fault::is(Fault::RefusedIsClear) { usize::MAX } else { from }
            })?;
            if let Some(edit) = edit {
                self.edits.push_back(Edit { text: spelling.spell(edit.text), ..edit });
            }
        }
        Ok(())
    }
}

/// The scanner of a text that somebody says or writes, which follows a message ending with `before`.
pub(crate) fn text_scanner(program: &Arc<Program>, before: &Before) -> Scanner {
    Scanner::reading(program.clone(), program.reading(), before.clone()).asking()
}

/// Scans a text of its own and answers its edits.
pub(crate) fn alone(
    program: &Arc<Program>,
    reading: Reading,
    text: &str,
    end: End,
    decider: &mut Decider<'_>,
) -> Result<Vec<Edit>, Refusal> {
    let mut channel = Channel::new(program, reading, &Before::default());
    channel.push(text, decider)?;
    channel.finish(end, decider)?;
    Ok(channel.edits.into())
}
