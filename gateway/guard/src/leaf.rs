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
    elements::{self, Elements},
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
        alone(self.program, Reading::Name, &text, End { cut: false }, &mut decider)?;
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
        let mut seen = Vec::new();
        let segment = number_edit(self.program, &self.nearest_key(index), self.document.raw(&span), &mut seen);
        self.decider.watch(seen);
        let Some(segment) = segment else { return Ok(()) };
        let edit = self.decider.edit(segment, false)?;
        self.splices.extend(edit.map(|e| Splice { at: span, text: Spelling::Quoted.spell(e.text) }));
        Ok(())
    }

    /// The short elements of an array, read as one text as well; answers those that gave way, which are not to be read
    /// again.
    pub(crate) fn elements(&mut self, array: usize) -> Result<Vec<usize>, Refusal> {
        let short: Vec<(usize, Option<String>)> = self
            .document
            .children(array)
            .filter(|&i| self.document.nodes()[i].kind != Kind::Null)
            .map(|i| (i, self.short(i)))
            .collect();
        if self.of_use(array) || short.iter().filter(|(_, text)| text.is_some()).count() < 2 {
            return Ok(Vec::new());
        }
        let mut decided = Vec::new();
        for run in short.split(|(_, text)| text.is_none()).filter(|run| run.len() > 1) {
            let mut elements = Elements::new(self.program.clone());
            for (index, text) in run {
                let node = &self.document.nodes()[*index];
                let text = text.as_deref().unwrap_or_default();
                elements.push(node.span.clone(), text, node.kind == Kind::Number, Vec::new(), &mut decided);
            }
            elements.close(&mut decided);
        }
        let mut gone = Vec::new();
        for (segment, spelling) in decided {
            let Some(edit) = self.decider.edit(segment, false)? else { continue };
            let place = short.partition_point(|(i, _)| self.document.nodes()[*i].span.start < edit.span.start);
            gone.extend(short.get(place).map(|(i, _)| *i));
            self.splices.push(Splice { at: edit.span, text: spelling.spell(edit.text) });
        }
        Ok(gone)
    }

    /// The text of an element that can be a piece of something.
    fn short(&self, index: usize) -> Option<String> {
        let node = &self.document.nodes()[index];
        let raw = self.document.raw(&node.span);
        match node.kind {
            // An escape takes twelve bytes at most.
            Kind::String if raw.len() <= 12 * elements::SHORT => {
                Some(self.document.string(&node.span)).filter(|text| elements::is_short_text(text))
            }
            Kind::Number if elements::is_short_number(raw) => Some(raw.to_owned()),
            _ => None,
        }
    }

    /// Whether nothing has been found so far.
    pub(crate) fn untouched(&self) -> bool {
        self.splices.is_empty()
    }

    /// A leaf that the table has no more to say of.
    pub(crate) fn leaf(&mut self, index: usize, end: End) -> Result<bool, Refusal> {
        let role = self.roles.role(index);
        match self.document.nodes()[index].kind {
            Kind::String if role == Some(Role::Audio) => Ok(false),
            Kind::String if role == Some(Role::Json) => self.string(index, Reading::Json { call: true }, end),
            Kind::String if matches!(role, Some(Role::Id | Role::Lane | Role::Context | Role::Says(_))) => {
                self.string(index, Reading::Name, end)
            }
            Kind::String => self.string(index, Reading::Text, end),
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
