//! What a voice is to say: texts that go on from message to message, each in a context of its own.
//!
//! Contexts wait for nothing of each other. What ends a text lets all of it leave; what cancels one drops what is held
//! of it, and leaves at once.

#[cfg(test)]
mod tests;

use std::{collections::HashMap, sync::Arc};

use rules::Program;
use wire::{
    dialect::{Event, Role},
    json::{Document, Kind},
    speech::Messages,
};

use crate::{Refusal, RestoreSet, StreamGuard, Summary};

/// Contexts of one session that are open at a time, at most.
const MAX_CONTEXTS: usize = 64;

/// The guard of the messages of one session.
pub struct Said {
    messages: &'static Messages,
    program: Arc<Program>,
    restore: Arc<RestoreSet>,
    contexts: HashMap<String, StreamGuard>,
    /// Counts of contexts that are closed.
    summary: Summary,
}

impl Said {
    /// A guard for one session, in which a voice may say these values as far as the policy goes.
    pub fn new(messages: &'static Messages, program: Arc<Program>, restore: Arc<RestoreSet>) -> Self {
        Said { messages, program, restore, contexts: HashMap::new(), summary: Summary::default() }
    }

    /// Counts so far.
    pub fn summary(&self) -> Summary {
        let mut all = self.summary.clone();
        self.contexts.values().for_each(|context| all.add(context.summary()));
        all
    }

    /// Bytes that wait.
    pub fn held(&self) -> usize {
        self.contexts.values().map(StreamGuard::held).sum()
    }

    /// Takes a message, appends those that may leave.
    pub fn message(&mut self, text: &str, out: &mut Vec<Vec<u8>>) -> Result<(), Refusal> {
        let document = Document::parse(text.as_bytes())?;
        let roles = self.messages.table.read(&document);
        let named = roles.find(Role::Context).map(|node| &document.nodes()[node]);
        let context = named.filter(|node| node.kind == Kind::String).map(|node| document.string(&node.span));
        let context = context.unwrap_or_default();
        if roles.says(&document, Event::Cancel) {
            self.close(&context);
        }
        if !self.contexts.contains_key(&context) && self.contexts.len() >= MAX_CONTEXTS {
            return Err(Refusal::Bound("contexts"));
        }
        let fresh = || StreamGuard::of_messages(&self.messages.table, self.program.clone(), self.restore.clone());
        let guard = self.contexts.entry(context.clone()).or_insert_with(fresh);
        guard.message(text, out)?;
        // An end has let everything leave, and whoever goes on begins another text.
        if guard.held() == 0 && (roles.says(&document, Event::End) || roles.says(&document, Event::Cancel)) {
            self.close(&context);
        }
        Ok(())
    }

    /// No message follows: what is held leaves as its end allows.
    pub fn finish(&mut self, out: &mut Vec<Vec<u8>>) -> Result<(), Refusal> {
        self.contexts.values_mut().try_for_each(|context| context.end(out))
    }

    fn close(&mut self, context: &str) {
        if let Some(closed) = self.contexts.remove(context) {
            self.summary.add(closed.summary());
        }
    }
}
