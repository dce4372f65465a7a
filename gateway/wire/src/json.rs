//! JSON, read strictly (RFC 8259) into a flat list of nodes that point into the source.
//!
//! Refused, because two readers could differ on it: duplicate keys, lone surrogates, NaN and other literals, control
//! characters in strings, anything after the document. Bounded: depth and number of values.

use std::{collections::HashSet, ops::Range};

use crate::text;

/// Containers within containers, at most.
pub const MAX_DEPTH: usize = 64;

/// Values in one document, at most: a node takes about as much memory as 20 bytes of source.
pub const MAX_VALUES: usize = 1 << 20;

/// Members up to which keys are compared one by one.
const FEW_MEMBERS: usize = 16;

/// What is wrong with a document, and where.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{what} at byte {at}")]
pub struct JsonError {
    /// In words.
    pub what: &'static str,
    /// Byte offset in the document.
    pub at: usize,
}

/// What a value is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// `{...}`
    Object,
    /// `[...]`
    Array,
    /// `"..."`
    String,
    /// A number literal.
    Number,
    /// `true` or `false`
    Bool,
    /// `null`
    Null,
}

/// A value of the document.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its bytes in the source; of a string without the quotes.
    pub span: Range<usize>,
    /// Its key without the quotes, if it is a member of an object.
    pub key: Option<Range<usize>>,
    /// The container that it is in, as an index; its own for the document's value.
    pub parent: usize,
    /// Its position in the container.
    pub position: usize,
    /// One past the last node inside it.
    pub end: usize,
}

/// A parsed document. Nodes stand in source order, a container before what it holds.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    source: &'a str,
    nodes: Vec<Node>,
}

impl<'a> Document<'a> {
    /// Parses a whole document.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, JsonError> {
        let source = std::str::from_utf8(bytes)
            .map_err(|e| JsonError { what: "bytes that are not UTF-8", at: e.valid_up_to() })?;
        let mut parser = Parser { bytes: source.as_bytes(), at: 0, nodes: Vec::new() };
        parser.space();
        parser.value(None, 0, 0, 0)?;
        parser.space();
        match parser.peek() {
            None => Ok(Document { source, nodes: parser.nodes }),
            Some(_) => Err(parser.error("something after the document")),
        }
    }

    /// The nodes, the document's value first.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The source text of a range.
    pub fn raw(&self, span: &Range<usize>) -> &'a str {
        &self.source[span.clone()]
    }

    /// A string node's or key's characters, escapes undone.
    pub fn string(&self, span: &Range<usize>) -> String {
        text::unescaped(self.raw(span))
    }

    /// The direct members or elements of a container.
    pub fn children(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes[of].end;
        let first = Some(of + 1).filter(|&child| child < end);
        std::iter::successors(first, move |&child| Some(self.nodes[child].end).filter(|&next| next < end))
    }

    /// A member of an object by its key.
    pub fn member(&self, of: usize, key: &str) -> Option<usize> {
        self.children(of).find(|&child| self.nodes[child].key.as_ref().is_some_and(|k| self.key_is(k, key)))
    }

    /// A string member of an object.
    pub fn string_member(&self, of: usize, key: &str) -> Option<String> {
        let member = &self.nodes[self.member(of, key)?];
        (member.kind == Kind::String).then(|| self.string(&member.span))
    }

    /// Whether a key, escapes undone, is this one.
    pub fn key_is(&self, span: &Range<usize>, key: &str) -> bool {
        let raw = self.raw(span);
        if raw.contains('\\') { text::unescaped(raw) == key } else { raw == key }
    }
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    nodes: Vec<Node>,
}

impl Parser<'_> {
    fn value(
        &mut self,
        key: Option<Range<usize>>,
        parent: usize,
        position: usize,
        depth: usize,
    ) -> Result<(), JsonError> {
        if depth > MAX_DEPTH {
            return Err(self.error("nesting deeper than 64"));
        }
        if self.nodes.len() >= MAX_VALUES {
            return Err(self.error("more than 1,048,576 values"));
        }
        let (start, index) = (self.at, self.nodes.len());
        let kind = match self.peek() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n') => Kind::Null,
            _ => return Err(self.error("no value where one must be")),
        };
        self.nodes.push(Node { kind, span: start..start, key, parent, position, end: 0 });
        let span = match kind {
            Kind::Object => self.object(index, depth)?,
            Kind::Array => self.array(index, depth)?,
            Kind::String => self.string()?,
            Kind::Number => self.number()?,
            Kind::Bool if self.bytes[start] == b't' => self.literal(b"true")?,
            Kind::Bool => self.literal(b"false")?,
            Kind::Null => self.literal(b"null")?,
        };
        let end = self.nodes.len();
        self.nodes[index].span = span;
        self.nodes[index].end = end;
        Ok(())
    }

    fn object(&mut self, index: usize, depth: usize) -> Result<Range<usize>, JsonError> {
        let start = self.at;
        let mut keys: Vec<Range<usize>> = Vec::new();
        self.members(b'}', |parser, position| {
            if parser.peek() != Some(b'"') {
                return Err(parser.error("no key where one must be"));
            }
            let key = parser.string()?;
            keys.push(key.clone());
            parser.space();
            parser.expect(b':', "no colon after a key")?;
            parser.space();
            parser.value(Some(key), index, position, depth + 1)
        })?;
        self.no_twins(&keys)?;
        Ok(start..self.at)
    }

    fn array(&mut self, index: usize, depth: usize) -> Result<Range<usize>, JsonError> {
        let start = self.at;
        self.members(b']', |parser, position| parser.value(None, index, position, depth + 1))?;
        Ok(start..self.at)
    }

    fn members(
        &mut self,
        close: u8,
        mut member: impl FnMut(&mut Self, usize) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        self.at += 1;
        self.space();
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(());
        }
        for position in 0.. {
            member(self, position)?;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b) if b == close => {
                    self.at += 1;
                    break;
                }
                _ => return Err(self.error("neither comma nor end of a container")),
            }
            self.space();
        }
        Ok(())
    }

    /// The span without quotes.
    fn string(&mut self) -> Result<Range<usize>, JsonError> {
        self.at += 1;
        let start = self.at;
        loop {
            let rest = &self.bytes[self.at..];
            self.at += rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(start..self.at - 1);
                }
                Some(b'\\') => match text::escape(&self.bytes[self.at..]) {
                    text::Escape::Char(_, len) => self.at += len,
                    text::Escape::Open | text::Escape::None => return Err(self.error("a broken escape")),
                },
                Some(_) => return Err(self.error("a control character in a string")),
                None => return Err(self.error("a string without end")),
            }
        }
    }

    fn number(&mut self) -> Result<Range<usize>, JsonError> {
        let start = self.at;
        self.skip(b'-');
        if self.peek() == Some(b'0') {
            self.at += 1
        } else {
            self.digits()?
        }
        if self.skip(b'.') {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            let _ = self.skip(b'+') || self.skip(b'-');
            self.digits()?;
        }
        Ok(start..self.at)
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let count = self.bytes[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { Err(self.error("a broken number")) } else { Ok(()) }
    }

    fn literal(&mut self, word: &[u8]) -> Result<Range<usize>, JsonError> {
        let start = self.at;
        if !self.bytes[start..].starts_with(word) {
            return Err(self.error("an unknown literal"));
        }
        self.at += word.len();
        Ok(start..self.at)
    }

    fn no_twins(&self, keys: &[Range<usize>]) -> Result<(), JsonError> {
        let source = |k: &Range<usize>| text::unescaped(&String::from_utf8_lossy(&self.bytes[k.clone()]));
        let twin = if keys.len() <= FEW_MEMBERS && keys.iter().all(|k| !self.bytes[k.clone()].contains(&b'\\')) {
            (1..keys.len()).find(|&i| keys[..i].iter().any(|k| self.bytes[k.clone()] == self.bytes[keys[i].clone()]))
        } else {
            let mut seen = HashSet::with_capacity(keys.len());
            keys.iter().position(|k| !seen.insert(source(k)))
        };
        match twin {
            Some(i) => Err(JsonError { what: "a key that its object has already", at: keys[i].start }),
            None => Ok(()),
        }
    }

    fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), JsonError> {
        if self.skip(byte) { Ok(()) } else { Err(self.error(what)) }
    }

    fn skip(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn error(&self, what: &'static str) -> JsonError {
        JsonError { what, at: self.at }
    }
}

#[cfg(test)]
mod tests;
