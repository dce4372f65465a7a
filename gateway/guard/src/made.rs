//! Made events: what is left of a text when no event of it comes any more leaves in a copy of its last event that
//! holds nothing else.

use std::ops::Range;

use wire::{
    dialect::{Reading, Role, Table},
    json::{Document, Kind},
};

use crate::splice::Splice;

/// An event's data around one string.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    before: String,
    after: String,
}

impl Made {
    /// The frame of the string at `at` in an event's data; what was edited beside it is left out.
    pub(crate) fn around(table: &Table, data: &str, at: &Range<usize>, edited: &[Splice]) -> Option<Self> {
        let document = Document::parse(data.as_bytes()).ok()?;
        let leaf = document.nodes().iter().position(|n| n.kind == Kind::String && n.span == *at)?;
        let mut frame = Frame { document: &document, roles: &table.read(&document), leaf, edited, out: String::new() };
        frame.write(0);
        let (before, after) = frame.out.split_once(HOLE)?;
        Some(Made { before: before.to_owned(), after: after.to_owned() })
    }

    /// The data, and where in it the string is.
    pub(crate) fn fill(&self, inside: &str) -> (String, Range<usize>) {
        let at = self.before.len()..self.before.len() + inside.len();
        (format!("{}{inside}{}", self.before, self.after), at)
    }
}

/// Stands for the string while the frame is written; JSON cannot hold it raw.
const HOLE: char = '\u{0}';

struct Frame<'a, 'd> {
    document: &'a Document<'d>,
    roles: &'a Reading<'a>,
    leaf: usize,
    edited: &'a [Splice],
    out: String,
}

impl Frame<'_, '_> {
    fn write(&mut self, index: usize) {
        let node = &self.document.nodes()[index];
        if index == self.leaf {
            self.out.push('"');
            self.out.push(HOLE);
            return self.out.push('"');
        }
        let (open, close) = if node.kind == Kind::Object { ('{', '}') } else { ('[', ']') };
        self.out.push(open);
        let mut first = true;
        for child in self.document.children(index) {
            let member = &self.document.nodes()[child];
            let on_path = (child..member.end).contains(&self.leaf);
            if !on_path && !self.keeps(index, child) {
                continue;
            }
            if !std::mem::take(&mut first) {
                self.out.push(',');
            }
            if let Some(key) = &member.key {
                self.out.push_str(&format!("\"{}\":", self.document.raw(key)));
            }
            if on_path {
                self.write(child);
            } else {
                let quote = if member.kind == Kind::String { "\"" } else { "" };
                self.out.push_str(&format!("{quote}{}{quote}", self.document.raw(&member.span)));
            }
        }
        self.out.push(close);
    }

    /// Beside the path: the message's own identifiers; further in, only positions and nulls, since clients add up the rest.
    fn keeps(&self, parent: usize, child: usize) -> bool {
        let node = &self.document.nodes()[child];
        let Some(key) = &node.key else { return false };
        if self.edited.iter().any(|s| s.at.start < node.span.end && node.span.start < s.at.end) {
            return false;
        }
        let identifier = matches!(self.roles.role(child), Some(Role::Id | Role::Number));
        let scalar = !matches!(node.kind, Kind::Object | Kind::Array);
        scalar && (node.kind == Kind::Null || self.document.key_is(key, "index") || parent == 0 && identifier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_path_and_positions_stay() {
        let data = r#"{"id":"c1","x":"drop","created":7,"choices":[{"index":0},{"index":1,"delta":{"role":"assistant","tool_calls":[{"index":2,"id":"t","function":{"name":"f","arguments":"AB"}}]},"finish_reason":null}]}"#;
        let at = data.find("AB").map(|i| i..i + 2).unwrap();
        let made = Made::around(&wire::dialect::OPENAI_CHAT.event, data, &at, &[]).unwrap();
        let (filled, at) = made.fill("tail");
        assert_eq!(&filled[at], "tail");
        assert_eq!(
            filled,
            r#"{"id":"c1","created":7,"choices":[{"index":1,"delta":{"tool_calls":[{"index":2,"function":{"arguments":"tail"}}]},"finish_reason":null}]}"#
        );
    }
}
