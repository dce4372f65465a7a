//! The leaves of a document that stand on their own: identifiers, numbers, keys, and all that no table names.

use std::sync::Arc;

use rules::{End, Program};
use wire::{
    dialect::{Reading as Roles, Role},
    json::{Document, Kind},
};

use crate::{
    Refusal,
    channel::{Reading, alone},
    decide::Decider,
    jsontext::{Spelling, number_edit},
    splice::{Splice, in_string},
};

/// A document being screened, and the changes to it so far.
pub(crate) struct Screen<'a, 'd> {
    pub(crate) program: &'a Arc<Program>,
    pub(crate) document: &'a Document<'d>,
    pub(crate) roles: &'a Roles<'a>,
    pub(crate) decider: Decider<'a>,
    pub(crate) splices: Vec<Splice>,
}

impl Screen<'_, '_> {
    /// A key that no table names must hold no value: the client's code would read it by that name.
    pub(crate) fn key(&mut self, index: usize) -> Result<(), Refusal> {
        let node = &self.document.nodes()[index];
        let Some(key) = node.key.as_ref().filter(|_| !self.roles.known(index)) else { return Ok(()) };
        let text = self.document.string(key);
        let mut found = crate::Summary::default();
        let mut decider = Decider { side: self.decider.side.reborrow(), summary: &mut found };
        alone(self.program, Reading::Plain, &text, End { cut: false }, &mut decider)?;
        match found.findings.into_keys().next() {
            Some(entity) => Err(Refusal::Key(entity)),
            None => Ok(()),
        }
    }

    /// A string as a text of its own; answers whether it was edited.
    pub(crate) fn string(&mut self, index: usize, reading: Reading, end: End) -> Result<bool, Refusal> {
        let span = &self.document.nodes()[index].span;
        let text = self.document.string(span);
        let edits = alone(self.program, reading, &text, end, &mut self.decider)?;
        let edited = !edits.is_empty();
        self.splices.extend(in_string(self.document.raw(span), span.start, edits));
        Ok(edited)
    }

    /// A number, in which only a checksum counts.
    pub(crate) fn number(&mut self, index: usize) -> Result<(), Refusal> {
        let span = self.document.nodes()[index].span.clone();
        let segment = number_edit(self.program, &self.nearest_key(index), self.document.raw(&span));
        let Some(segment) = segment else { return Ok(()) };
        let edit = self.decider.edit(segment, false)?;
        self.splices.extend(edit.map(|e| Splice { at: span, text: Spelling::Quoted.spell(e.text) }));
        Ok(())
    }

    /// Whether nothing has been found so far.
    pub(crate) fn untouched(&self) -> bool {
        self.splices.is_empty()
    }

    /// A leaf that the table has no more to say of.
    pub(crate) fn leaf(&mut self, index: usize, end: End) -> Result<bool, Refusal> {
        let role = self.roles.role(index);
        match self.document.nodes()[index].kind {
            Kind::String if role == Some(Role::Json) => self.string(index, Reading::Json { call: true }, end),
            Kind::String => self.string(index, Reading::Plain, end),
            Kind::Number if !self.of_use(index) => self.number(index).map(|()| false),
            _ => Ok(false),
        }
    }

    /// Whether a number counts something, by its own place or a container's.
    fn of_use(&self, index: usize) -> bool {
        let mut at = index;
        loop {
            match (self.roles.role(at), self.document.nodes()[at].parent) {
                (Some(Role::Number), _) => return true,
                (_, parent) if parent == at => return false,
                (_, parent) => at = parent,
            }
        }
    }

    fn nearest_key(&self, index: usize) -> String {
        let mut at = index;
        loop {
            let node = &self.document.nodes()[at];
            match &node.key {
                Some(key) => return self.document.string(key),
                None if node.parent == at => return String::new(),
                None => at = node.parent,
            }
        }
    }
}
