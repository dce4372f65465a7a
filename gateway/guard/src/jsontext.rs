//! JSON inside a string, as it arrives: each inner string is a text of its own, read on its decoded value; each number
//! literal counts by checksum only; from the byte where it stops being JSON it is plain text.

use std::sync::Arc;

use rules::{Before, End, Finding, Program, Scanner, Segment};
use wire::text::{self, Escape};

use crate::{
    channel::text_scanner,
    decide::placed,
    elements::{self, Elements},
    fault::{self, Fault},
};

/// Containers within containers; deeper is read as plain text.
const MAX_DEPTH: usize = 64;

/// Bytes of a number literal; longer is read as plain text.
const MAX_NUMBER: usize = 64;

/// How an edit's text is to be spelled where it lands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Spelling {
    /// As it is.
    Plain,
    /// As the inside of a JSON string.
    Escaped,
    /// As a JSON string: it stands in a number's place.
    Quoted,
    /// As `null`: a number's place is left empty.
    Null,
}

impl Spelling {
    /// The text, spelled.
    pub(crate) fn spell(self, text: String) -> String {
        if self == Spelling::Plain || fault::is(Fault::Unspelled) {
            return text;
        }
        let mut out = String::with_capacity(text.len() + 2);
        text::escape_into(&text, &mut out);
        match self {
            Spelling::Plain | Spelling::Escaped => out,
            Spelling::Quoted => format!("\"{out}\""),
            Spelling::Null => "null".into(),
        }
    }
}

/// The reader of one such text. Offsets count bytes of the text.
pub(crate) struct JsonText {
    program: Arc<Program>,
    before: Before,
    stack: Vec<u8>,
    state: State,
    /// The last key, which may say what a number is.
    key: String,
    fed: usize,
    segments: Vec<Segment>,
    /// What rules in `mode: shadow` found in strings and numbers that have ended.
    seen: Vec<Finding>,
    silent: bool,
    /// The short elements before this place, of the array that it is in.
    elements: Option<Box<Elements>>,
    /// The string being read, while it can be such an element.
    short: Option<Short>,
}

/// A string of an array that is short so far.
#[derive(Default)]
struct Short {
    text: String,
    /// What was decided of it alone.
    alone: Vec<(Segment, Spelling)>,
}

enum State {
    Value { or_close: bool },
    Key { or_close: bool },
    Colon,
    After,
    String { scanner: Scanner, base: usize, escape: String, key: Option<String> },
    Number { start: usize, literal: String },
    Literal { rest: &'static [u8] },
    Broken { scanner: Scanner, base: usize },
}

impl JsonText {
    pub(crate) fn new(program: Arc<Program>, before: Before) -> Self {
        JsonText {
            program,
            before,
            stack: Vec::new(),
            state: State::Value { or_close: false },
            key: String::new(),
            fed: 0,
            segments: Vec::new(),
            seen: Vec::new(),
            silent: false,
            elements: None,
            short: None,
        }
    }

    pub(crate) fn fed(&self) -> usize {
        self.fed
    }

    pub(crate) fn clear(&self) -> usize {
        let waits = self.elements.as_ref().and_then(|e| e.waits_from());
        waits.unwrap_or(usize::MAX).min(self.alone_clear())
    }

    fn alone_clear(&self) -> usize {
        match &self.state {
            State::String { base, .. } if self.short.is_some() => *base,
            State::String { scanner, base, .. } | State::Broken { scanner, base } => base + scanner.clear(),
            State::Number { start, .. } => *start,
            _ => self.fed,
        }
    }

    pub(crate) fn push(&mut self, text: &str, out: &mut Vec<(Segment, Spelling)>) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let read = match &mut self.state {
                State::String { .. } => self.string(rest, out),
                State::Number { .. } => self.number(c, out),
                State::Broken { scanner, base } => {
                    scanner.push(rest, &mut self.segments);
                    let base = *base;
                    self.emit(base, Spelling::Plain, out);
                    rest.len()
                }
                _ => self.syntax(c, out),
            };
            self.fed += read;
            rest = &rest[read..];
        }
    }

    pub(crate) fn finish(&mut self, end: End, out: &mut Vec<(Segment, Spelling)>) {
        match std::mem::replace(&mut self.state, State::After) {
            State::String { mut scanner, base, escape, .. } => {
                scanner.push(&escape, &mut self.segments);
                scanner.finish(end, &mut self.segments);
                self.hear_out(&mut scanner);
                self.emit(base, Spelling::Escaped, out);
                self.end_short(base, out);
            }
            State::Broken { mut scanner, base } => {
                scanner.finish(end, &mut self.segments);
                self.hear_out(&mut scanner);
                self.emit(base, Spelling::Plain, out);
            }
            State::Number { start, literal } => self.end_number(start, &literal, out),
            _ => {}
        }
        if let Some(elements) = self.elements.take() {
            elements.break_off(end, out);
        }
    }

    /// A scanner has ended.
    fn hear_out(&mut self, scanner: &mut Scanner) {
        self.seen.append(&mut scanner.take_shadows());
        self.silent |= scanner.silent();
    }

    /// Whether a sentence was not judged by who should have.
    pub(crate) fn silent(&self) -> bool {
        let now =
            matches!(&self.state, State::String { scanner, .. } | State::Broken { scanner, .. } if scanner.silent());
        self.silent || now
    }

    /// What rules in `mode: shadow` found since this was last asked.
    pub(crate) fn take_shadows(&mut self) -> Vec<Finding> {
        let mut seen = std::mem::take(&mut self.seen);
        if let State::String { scanner, .. } | State::Broken { scanner, .. } = &mut self.state {
            seen.append(&mut scanner.take_shadows());
        }
        seen
    }

    /// Reads inside a string, as far as one step goes; answers the bytes read.
    fn string(&mut self, rest: &str, out: &mut Vec<(Segment, Spelling)>) -> usize {
        let State::String { scanner, base, escape, key } = &mut self.state else { return 0 };
        let base = *base;
        let stop = rest.bytes().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len());
        if escape.is_empty() && stop > 0 {
            scanner.push(&rest[..stop], &mut self.segments);
            if let Some(key) = key.as_mut().filter(|k| k.len() < MAX_NUMBER) {
                key.push_str(&rest[..stop]);
            }
            self.lengthen(&rest[..stop], out);
            self.emit(base, Spelling::Escaped, out);
            return stop;
        }
        let Some(c) = rest.chars().next() else { return 0 };
        if escape.is_empty() && c == '"' {
            self.end_string(out);
            return 1;
        }
        escape.push(c);
        match text::escape(escape.as_bytes()) {
            Escape::Open if c >= ' ' => {}
            Escape::Char(decoded, len) if len == escape.len() => {
                scanner.push_escaped(decoded, len);
                scanner.settle_now(&mut self.segments);
                escape.clear();
                self.lengthen(decoded.encode_utf8(&mut [0; 4]), out);
                self.emit(base, Spelling::Escaped, out);
            }
            _ => self.break_string(out),
        }
        c.len_utf8()
    }

    fn end_string(&mut self, out: &mut Vec<(Segment, Spelling)>) {
        if let State::String { mut scanner, base, key, .. } = std::mem::replace(&mut self.state, State::After) {
            scanner.finish(End { cut: false }, &mut self.segments);
            self.hear_out(&mut scanner);
            self.emit(base, Spelling::Escaped, out);
            self.end_short(base, out);
            if let Some(key) = key {
                self.key = key;
                self.state = State::Colon;
            }
        }
    }

    /// The string holds what JSON forbids: its scanner goes on, as a plain text's.
    fn break_string(&mut self, out: &mut Vec<(Segment, Spelling)>) {
        self.outgrow(out);
        if let State::String { mut scanner, base, escape, .. } = std::mem::replace(&mut self.state, State::After) {
            scanner.push(&escape, &mut self.segments);
            self.state = State::Broken { scanner, base };
            self.emit(base, Spelling::Plain, out);
        }
    }

    fn number(&mut self, c: char, out: &mut Vec<(Segment, Spelling)>) -> usize {
        let State::Number { start, literal } = &mut self.state else { return 0 };
        if matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E') && literal.len() < MAX_NUMBER {
            literal.push(c);
            return 1;
        }
        let (start, literal) = (*start, std::mem::take(literal));
        if literal.len() < MAX_NUMBER {
            self.state = State::After;
            self.end_number(start, &literal, out);
        } else {
            self.close_elements(out);
            let mut scanner = text_scanner(&self.program, &self.before);
            scanner.push(&literal, &mut self.segments);
            self.state = State::Broken { scanner, base: start };
            self.emit(start, Spelling::Plain, out);
        }
        0
    }

    /// A number that a checksum proves to be a value gives way whole, to a string.
    fn end_number(&mut self, start: usize, literal: &str, out: &mut Vec<(Segment, Spelling)>) {
        if self.in_array() && elements::is_short_number(literal) {
            return self.elements().push(start..start + literal.len(), literal, true, Vec::new(), out);
        }
        self.close_elements(out);
        let edit = number_edit(&self.program, &self.key, literal, &mut self.seen);
        out.extend(edit.map(|s| (s.shifted(start), Spelling::Quoted)));
    }

    /// More of a string, which may be too long by now to be a piece of something.
    fn lengthen(&mut self, more: &str, out: &mut Vec<(Segment, Spelling)>) {
        let Some(short) = &mut self.short else { return };
        if short.text.chars().chain(more.chars()).nth(elements::SHORT).is_some() {
            return self.outgrow(out);
        }
        short.text.push_str(more);
    }

    fn end_short(&mut self, base: usize, out: &mut Vec<(Segment, Spelling)>) {
        match self.short.take_if(|short| elements::is_short_text(&short.text)) {
            Some(Short { text, alone }) => {
                let at = base..self.fed;
                self.elements().push(at, &text, false, alone, out);
            }
            None => self.outgrow(out),
        }
    }

    /// The string stands for itself, and so do the elements before it.
    fn outgrow(&mut self, out: &mut Vec<(Segment, Spelling)>) {
        if let Some(short) = self.short.take() {
            self.close_elements(out);
            out.extend(short.alone);
        }
    }

    fn elements(&mut self) -> &mut Elements {
        self.elements.get_or_insert_with(|| Box::new(Elements::new(self.program.clone())))
    }

    fn close_elements(&mut self, out: &mut Vec<(Segment, Spelling)>) {
        if let Some(elements) = self.elements.take() {
            elements.close(out);
        }
    }

    fn in_array(&self) -> bool {
        self.stack.last() == Some(&b'[')
    }

    fn syntax(&mut self, c: char, out: &mut Vec<(Segment, Spelling)>) -> usize {
        let at = self.fed;
        // Neighbours are strings, integers and nulls with nothing else between them.
        let apart = matches!(c, '{' | '[' | ']' | '}' | 't' | 'f');
        if apart || self.elements.as_ref().is_some_and(|e| e.is_overdue(at)) {
            self.close_elements(out);
        }
        let next = match (&self.state, c) {
            (State::Literal { rest }, c) => match rest.split_first() {
                Some((&first, rest)) if c == char::from(first) => {
                    Some(if rest.is_empty() { State::After } else { State::Literal { rest } })
                }
                _ => None,
            },
            (_, ' ' | '\t' | '\n' | '\r') => return 1,
            (State::Value { .. } | State::Key { .. }, '"') => Some(self.start_string(at + 1)),
            (State::Value { .. }, '{' | '[') if self.stack.len() < MAX_DEPTH => {
                self.stack.push(c as u8);
                Some(if c == '{' { State::Key { or_close: true } } else { State::Value { or_close: true } })
            }
            (State::Value { .. }, '-' | '0'..='9') => Some(State::Number { start: at, literal: c.to_string() }),
            (State::Value { .. }, 't') => Some(State::Literal { rest: b"rue" }),
            (State::Value { .. }, 'f') => Some(State::Literal { rest: b"alse" }),
            (State::Value { .. }, 'n') => Some(State::Literal { rest: b"ull" }),
            (State::Value { or_close: true }, ']') | (State::Key { or_close: true }, '}') => self.close(c),
            (State::After, '}' | ']') => self.close(c),
            (State::After, ',') => match self.stack.last() {
                Some(b'{') => Some(State::Key { or_close: false }),
                Some(_) => Some(State::Value { or_close: false }),
                None => None,
            },
            (State::Colon, ':') => Some(State::Value { or_close: false }),
            _ => None,
        };
        match next {
            Some(state) => {
                self.state = state;
                c.len_utf8()
            }
            None => {
                self.close_elements(out);
                let scanner = text_scanner(&self.program, &self.before);
                self.state = State::Broken { scanner, base: at };
                0
            }
        }
    }

    fn start_string(&mut self, base: usize) -> State {
        let key = matches!(self.state, State::Key { .. }).then(String::new);
        self.short = self.in_array().then(Short::default);
        let scanner = text_scanner(&self.program, &self.before);
        State::String { scanner, base, escape: String::new(), key }
    }

    fn close(&mut self, c: char) -> Option<State> {
        let open = if c == '}' { b'{' } else { b'[' };
        (self.stack.last() == Some(&open)).then(|| {
            self.stack.pop();
            State::After
        })
    }

    fn emit(&mut self, base: usize, spelling: Spelling, out: &mut Vec<(Segment, Spelling)>) {
        let decided = self.segments.drain(..).filter(|s| !matches!(s, Segment::Raw(_)));
        let out = self.short.as_mut().map_or(out, |short| &mut short.alone);
        out.extend(decided.map(|s| (s.shifted(base), spelling)));
    }
}

/// The decision on a number literal under a key: all of it gives way if a checksum proves a value in it.
pub(crate) fn number_edit(
    program: &Arc<Program>,
    key: &str,
    literal: &str,
    shadows: &mut Vec<Finding>,
) -> Option<Segment> {
    /// Fewer digits than any number with a checksum has.
    const SHORTEST: usize = 9;
    if literal.len() < SHORTEST {
        return None;
    }
    let mut scanner = Scanner::for_number(program.clone(), key);
    let mut segments = Vec::new();
    scanner.push(literal, &mut segments);
    scanner.finish(End { cut: false }, &mut segments);
    shadows.append(&mut scanner.take_shadows());
    let found = segments.into_iter().find(|segment| segment.finding().is_some());
    found.map(|segment| placed(segment, 0..literal.len()))
}
