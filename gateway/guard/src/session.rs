//! The guard of one direction of a session: messages in, messages that may be seen out.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use rules::{Conversation, Program};
use wire::speech::{Messages, Order};

use crate::{Heard, Refusal, RestoreSet, Said, Summary};

/// The guard of the messages that go one way.
pub struct SessionGuard {
    messages: &'static Messages,
    program: Arc<Program>,
    texts: Texts,
}

enum Texts {
    /// Each message is complete.
    Whole(Box<Heard>),
    /// Texts go on from message to message.
    Joined(Box<Said>),
}

impl SessionGuard {
    /// A guard for one session; `restore` holds what a voice may say again.
    pub fn new(messages: &'static Messages, program: Arc<Program>, restore: Arc<RestoreSet>) -> Self {
        let known = program.clone();
        let texts = match messages.order {
            Order::Joined => Texts::Joined(Box::new(Said::new(messages, program, restore))),
            Order::Alone | Order::Replaced => {
                let nothing_said = Conversation::new(&program);
                Texts::Whole(Box::new(Heard::new(messages, program, nothing_said)))
            }
        };
        SessionGuard { messages, program: known, texts }
    }

    /// Takes a message, appends those that may leave.
    pub fn message(&mut self, text: &str, out: &mut Vec<Vec<u8>>) -> Result<(), Refusal> {
        if self.messages.words.contains(&text) {
            out.push(text.as_bytes().to_vec());
            return Ok(());
        }
        match &mut self.texts {
            Texts::Whole(heard) => out.push(heard.message(text)?.into_bytes()),
            Texts::Joined(said) => said.message(text, out)?,
        }
        Ok(())
    }

    /// No message follows: what is held leaves as its end allows.
    pub fn finish(&mut self, out: &mut Vec<Vec<u8>>) -> Result<(), Refusal> {
        match &mut self.texts {
            Texts::Whole(_) => Ok(()),
            Texts::Joined(said) => said.finish(out),
        }
    }

    /// The rules.
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// Whether audio passes this way, which nothing inspects.
    pub fn passes_audio(&self) -> bool {
        self.messages.audio
    }

    /// Whether a message held audio in its text, which nothing inspects.
    pub fn carried_audio(&self) -> bool {
        matches!(&self.texts, Texts::Whole(heard) if heard.carried_audio())
    }

    /// Bytes that wait.
    pub fn held(&self) -> usize {
        match &self.texts {
            Texts::Whole(_) => 0,
            Texts::Joined(said) => said.held(),
        }
    }

    /// Counts so far.
    pub fn summary(&self) -> Summary {
        match &self.texts {
            Texts::Whole(heard) => heard.summary().clone(),
            Texts::Joined(said) => said.summary(),
        }
    }
}
