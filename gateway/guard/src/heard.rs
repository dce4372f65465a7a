//! What a recogniser of speech heard: messages whose text is replaced by the next until one is final. Messages that
//! stand alone are final at once.
//!
//! A message tells the same several times: as transcripts, word by word, as entities. All of it is read, and what one
//! telling hides, every other hides as well. Of a text that is still being replaced, nothing is shown that a longer one
//! could hide. A number that goes on in the next final text is read with what was said before it.

mod telling;

#[cfg(test)]
mod tests;

use std::{collections::HashMap, ops::Range, sync::Arc};

use rules::{Conversation, End, Program, Reading};
use wire::{
    dialect::{Event, Reading as Roles, Role},
    json::{Document, Kind},
    speech::{Messages, Order},
};

use crate::{
    Refusal, RestoreSet, Summary,
    channel::Channel,
    decide::{Decider, Edit},
    leaf::Screen,
    splice::{self, in_string},
};
use telling::Telling;

/// Speakers and microphones of one session, at most.
const MAX_LANES: usize = 64;

/// The guard of the messages of one session.
pub struct Heard {
    messages: &'static Messages,
    program: Arc<Program>,
    conversation: Conversation,
    /// Of each lane, the end of its last final text that a number may go on from.
    open_ends: HashMap<String, String>,
    summary: Summary,
    audio: bool,
}

/// A text as it is read.
struct How<'a> {
    lane: &'a str,
    is_final: bool,
    /// Whether its speaker may go on.
    goes_on: bool,
}

impl Heard {
    /// A guard for one session; `conversation` is what has been said before it.
    pub fn new(messages: &'static Messages, program: Arc<Program>, conversation: Conversation) -> Self {
        Heard { messages, program, conversation, open_ends: HashMap::new(), summary: Summary::default(), audio: false }
    }

    /// Counts so far: of final texts, each finding once.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Whether a message held audio, which nothing inspects.
    pub fn carried_audio(&self) -> bool {
        self.audio
    }

    /// A message as it may be seen.
    pub fn message(&mut self, text: &str) -> Result<String, Refusal> {
        let document = Document::parse(text.as_bytes())?;
        if document.nodes()[0].kind != Kind::Object {
            return Err(Refusal::Shape("a message that is no JSON object"));
        }
        let roles = self.messages.table.read(&document);
        self.audio |= roles.find(Role::Audio).is_some();
        let ends_turn = roles.says(&document, Event::TurnEnd);
        let lane = lane(&document, &roles);
        let alone = self.messages.order == Order::Alone;
        let is_final = alone || ends_turn || roles.says(&document, Event::Final);
        let how = How { lane: &lane, is_final, goes_on: !alone && !ends_turn };
        let mut tellings = telling::of(&document, &roles);
        for (nth, telling) in tellings.iter_mut().enumerate() {
            telling.read(|text, first| self.read(text, &how, first && nth == 0))?;
        }
        match tellings.first() {
            Some(first) if is_final && !alone => self.remember(first, &how)?,
            None if ends_turn => self.open_ends.clear(),
            _ => {}
        }
        self.write(text, &document, &roles, &tellings)
    }

    /// What of a text may not be seen, and what stands there instead.
    fn read(&mut self, text: &str, how: &How<'_>, counted: bool) -> Result<Vec<Edit>, Refusal> {
        let reading = if how.is_final { Reading::Spoken } else { Reading::Partial };
        let scanner = self.conversation.scanner(self.program.clone(), reading, how.lane);
        let mut channel = Channel::of(scanner);
        let nothing = RestoreSet::default();
        let mut uncounted = Summary::default();
        let summary = if counted && how.is_final { &mut self.summary } else { &mut uncounted };
        let mut decider = Decider::answering(&nothing, summary);
        let open_end = self.open_ends.get(how.lane).map(|open| format!("{open} ")).unwrap_or_default();
        let whole = format!("{open_end}{text}");
        channel.push(&whole, &mut decider)?;
        if how.is_final {
            channel.finish(End { cut: how.goes_on }, &mut decider)?;
        }
        let clear = channel.clear();
        let mut edits: Vec<Edit> = channel.edits.into();
        if clear < whole.len() {
            edits.push(Edit { span: clear..whole.len(), text: String::new(), label: Arc::from("") });
        }
        Ok(edits.into_iter().filter_map(|edit| behind(edit, open_end.len())).collect())
    }

    fn remember(&mut self, first: &Telling, how: &How<'_>) -> Result<(), Refusal> {
        let (text, found) = first.main();
        let said = format!("{} {text}", self.open_ends.get(how.lane).map_or("", String::as_str));
        self.conversation.said(how.lane, text, &found);
        let open = if how.goes_on { self.conversation.open_end(&said).to_owned() } else { String::new() };
        if open.is_empty() {
            self.open_ends.remove(how.lane);
            return Ok(());
        }
        if self.open_ends.len() >= MAX_LANES && !self.open_ends.contains_key(how.lane) {
            return Err(Refusal::Bound("speakers"));
        }
        self.open_ends.insert(how.lane.to_owned(), open);
        Ok(())
    }

    fn write(
        &mut self,
        source: &str,
        document: &Document<'_>,
        roles: &Roles<'_>,
        tellings: &[Telling],
    ) -> Result<String, Refusal> {
        let nothing = RestoreSet::default();
        let mut splices = Vec::new();
        for (node, edits) in tellings.iter().flat_map(Telling::edits) {
            let span = &document.nodes()[node].span;
            splices.extend(in_string(document.raw(span), span.start, edits));
        }
        let decider = Decider::answering(&nothing, &mut self.summary);
        let mut screen = Screen { program: &self.program, document, roles, decider, splices };
        let hidden: Vec<(String, String)> = tellings.iter().flat_map(Telling::hidden).collect();
        for index in 1..document.nodes().len() {
            screen.key(index)?;
            match roles.role(index) {
                Some(Role::Transcript | Role::Word) if document.nodes()[index].kind == Kind::String => {}
                Some(Role::Again) if document.nodes()[index].kind == Kind::String => screen.again(index, &hidden)?,
                _ => drop(screen.leaf(index, End { cut: false })?),
            }
        }
        Ok(splice::apply(source, screen.splices))
    }
}

impl Screen<'_, '_> {
    /// Something of what was said once more: hidden if it was hidden there, else read on its own.
    fn again(&mut self, index: usize, hidden: &[(String, String)]) -> Result<(), Refusal> {
        let span = self.document.nodes()[index].span.clone();
        let said = telling::plain(&self.document.string(&span));
        let of = |(value, _): &&(String, String)| {
            !said.is_empty() && !value.is_empty() && (said.contains(value.as_str()) || value.contains(&said))
        };
        if let Some((_, label)) = hidden.iter().find(of) {
            self.splices.push(splice::Splice { at: span, text: label.clone() });
            return Ok(());
        }
        self.leaf(index, End { cut: false }).map(drop)
    }
}

/// An edit as the text sees it that starts `from` bytes into what was read.
fn behind(edit: Edit, from: usize) -> Option<Edit> {
    let Range { start, end } = edit.span;
    (end > from).then(|| Edit { span: start.saturating_sub(from)..end - from, ..edit })
}

/// The values that say whose words these are.
fn lane(document: &Document<'_>, roles: &Roles<'_>) -> String {
    let named = (0..document.nodes().len()).filter(|&i| roles.role(i) == Some(Role::Lane));
    named.map(|i| format!("{} ", document.raw(&document.nodes()[i].span))).collect()
}
