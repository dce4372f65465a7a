//! Screening a streamed answer: events in, events out, each text exactly as if it had been read whole.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::RandomState,
    sync::Arc,
};

use rules::{Before, End, Program, Seam};
use wire::{
    dialect::{self, Dialect, Reading as Roles, Role, Table},
    json::{Document, Kind},
    sse::{Data, Event, Framer},
};

use crate::{
    Refusal, ResponseContext, RestoreSet, Summary,
    channel::{Channel, Reading, alone},
    decide::{Decider, Reader},
    fault::{self, Fault},
    leaf::Screen,
    logprobs,
    path::{Path, path},
    queue::{self, Aligned, Framing, Leaf, Leaving, Queued, Text},
    response::{said, texts},
    splice::Splice,
};

/// Texts of one answer, at most.
const MAX_TEXTS: usize = 1024;

/// A value that no table names and that comes again is a repeated field from this length on; a shorter one may be the
/// halves of a number.
const REPEATED: usize = 20;

/// The guard of a streamed answer.
pub struct StreamGuard {
    table: &'static Table,
    framing: Framing,
    /// The data that ends a stream.
    end_mark: Option<&'static str>,
    /// Who reads what leaves.
    reader: Reader,
    program: Arc<Program>,
    restore: Arc<RestoreSet>,
    context: ResponseContext,
    summary: Summary,
    framer: Framer,
    keys: RandomState,
    queue: VecDeque<Queued>,
    texts: Vec<Text>,
    /// Texts that have not ended, by path.
    open: HashMap<Path, Open>,
    /// The last identifier at each place of the table in which nothing was found: most come with every event.
    clean: HashMap<usize, String>,
    /// Choices seen, and whether they ended.
    choices: HashMap<Path, bool>,
    done: bool,
    failed: bool,
}

struct Open {
    text: usize,
    choice: Option<Path>,
    last: String,
}

impl StreamGuard {
    /// A guard for one answer.
    pub fn new(
        dialect: &'static Dialect,
        program: Arc<Program>,
        restore: Arc<RestoreSet>,
        context: ResponseContext,
    ) -> Self {
        let shape = (&*dialect.event, Framing::Sse, Some(dialect.done));
        Self::of(shape, Reader::Caller, program, restore, context)
    }

    /// A guard for messages whose texts go on from one to the next, on their way to a voice.
    pub(crate) fn of_messages(table: &'static Table, program: Arc<Program>, restore: Arc<RestoreSet>) -> Self {
        Self::of((table, Framing::Message, None), Reader::Voice, program, restore, ResponseContext::default())
    }

    fn of(
        (table, framing, end_mark): (&'static Table, Framing, Option<&'static str>),
        reader: Reader,
        program: Arc<Program>,
        restore: Arc<RestoreSet>,
        context: ResponseContext,
    ) -> Self {
        StreamGuard {
            table,
            framing,
            end_mark,
            reader,
            program,
            restore,
            context,
            summary: Summary::default(),
            framer: Framer::default(),
            keys: RandomState::new(),
            queue: VecDeque::new(),
            texts: Vec::new(),
            open: HashMap::new(),
            clean: HashMap::new(),
            choices: HashMap::new(),
            done: false,
            failed: false,
        }
    }

    /// Takes bytes as they come, appends what may leave. After an error only [`StreamGuard::abort`] may follow.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        if self.done {
            return Ok(());
        }
        let mut events = Vec::new();
        let framed = self.framer.push(bytes, &mut events);
        self.read_all(events, out)?;
        Ok(framed?)
    }

    /// The body ended cleanly. An error if the answer was not complete; then [`StreamGuard::abort`] follows.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let mut events = Vec::new();
        if !self.done {
            self.framer.finish(&mut events)?;
        }
        self.read_all(events, out)?;
        if self.done {
            return Ok(());
        }
        if self.choices.is_empty() || self.choices.values().any(|ended| !ended) {
            return Err(Refusal::Shape("the answer broke off before its end"));
        }
        self.end_all()?;
        self.release(out);
        self.done = true;
        Ok(())
    }

    /// The answer broke off: what is clear of waiting events leaves, all else is dropped. The caller writes the error
    /// event.
    pub fn abort(&mut self, out: &mut Vec<u8>) {
        self.break_off(out);
    }

    /// Takes a message, appends those that may leave.
    pub(crate) fn message(&mut self, data: &str, out: &mut Vec<Vec<u8>>) -> Result<(), Refusal> {
        self.read(queue::message(data), out)?;
        self.release(out);
        Ok(())
    }

    /// No message follows: all that is left leaves.
    pub(crate) fn end(&mut self, out: &mut Vec<Vec<u8>>) -> Result<(), Refusal> {
        self.end_all()?;
        self.release(out);
        Ok(())
    }

    fn break_off(&mut self, out: &mut impl Leaving) {
        queue::release_clear(&mut self.queue, &mut self.texts, self.table, out);
        self.done = true;
        self.failed = true;
    }

    /// Whether the answer's end has left: nothing may follow.
    pub fn done(&self) -> bool {
        self.done
    }

    /// Whether it ended by an error, ours or the provider's.
    pub fn failed(&self) -> bool {
        self.failed
    }

    /// Bytes that it holds back or queues.
    pub fn held(&self) -> usize {
        self.framer.held() + self.queue.iter().map(Queued::size).sum::<usize>()
    }

    /// Counts so far.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    fn read_all(&mut self, events: Vec<Event>, out: &mut Vec<u8>) -> Result<(), Refusal> {
        for event in events {
            if !self.done {
                self.read(event, out)?;
                self.release(out);
            }
        }
        Ok(())
    }

    fn release(&mut self, out: &mut impl Leaving) {
        queue::release(&mut self.queue, &mut self.texts, self.table, out);
    }

    fn read(&mut self, event: Event, out: &mut impl Leaving) -> Result<(), Refusal> {
        self.check_names(&event)?;
        let data = match &event.data {
            Data::None => {
                self.queue.push_back(Queued::new(event, String::new()));
                return Ok(());
            }
            Data::Line(range) => std::str::from_utf8(&event.bytes[range.clone()])
                .map_err(|_| Refusal::Shape("an event that is not UTF-8"))?
                .to_owned(),
            Data::Lines(lines) => lines.clone(),
        };
        if self.end_mark.is_some_and(|mark| data.trim() == mark) {
            self.end_all()?;
            self.queue.push_back(Queued::new(event, data));
            self.release(out);
            self.done = true;
            return Ok(());
        }
        let document = Document::parse(data.as_bytes())?;
        if document.nodes()[0].kind != Kind::Object {
            return Err(Refusal::Shape("an event that is no JSON object"));
        }
        let roles = self.table.read(&document);
        let mut queued = Queued::new(event, data.clone());
        if roles.find(Role::Error).is_some_and(|i| document.nodes()[i].kind != Kind::Null) {
            return self.pass_error(&document, &roles, queued, out);
        }
        let ends = self.read_nodes(&document, &roles, &mut queued)?;
        if roles.says(&document, dialect::Event::End) {
            self.end_all()?;
        }
        if fault::is(Fault::EndLate) {
            self.queue.push_back(queued);
            return ends.into_iter().try_for_each(|(choice, reason)| self.end_choice(choice, &reason));
        }
        for (choice, reason) in ends {
            self.end_choice(choice, &reason)?;
        }
        self.queue.push_back(queued);
        Ok(())
    }

    /// Names and ids of events are the protocol's: one that holds a value is none.
    fn check_names(&mut self, event: &Event) -> Result<(), Refusal> {
        for name in &event.names {
            let mut found = Summary::default();
            let mut decider = Decider::showing(self.reader, &self.restore, &self.program, &mut found);
            if !alone(&self.program, Reading::Name, name, End { cut: false }, &mut decider)?.is_empty() {
                return Err(Refusal::Shape("an event whose name or id holds a value"));
            }
        }
        Ok(())
    }

    /// The provider's own error ends the answer: what it says is screened and passed.
    fn pass_error(
        &mut self,
        document: &Document<'_>,
        roles: &Roles<'_>,
        mut queued: Queued,
        out: &mut impl Leaving,
    ) -> Result<(), Refusal> {
        let decider = Decider::showing(self.reader, &self.restore, &self.program, &mut self.summary);
        let mut screen = Screen { program: &self.program, document, roles, decider, splices: Vec::new() };
        let mut gone = HashSet::new();
        for index in 1..document.nodes().len() {
            screen.key(index)?;
            if document.nodes()[index].kind == Kind::Array {
                gone.extend(screen.elements(index)?);
            }
            if !gone.contains(&index) {
                screen.leaf(index, End { cut: false })?;
            }
        }
        queued.splices = screen.splices;
        self.break_off(out);
        self.queue.push_back(queued);
        self.release(out);
        Ok(())
    }

    /// Reads every leaf of an event; answers the choices that it ends, and why.
    fn read_nodes(
        &mut self,
        document: &Document<'_>,
        roles: &Roles<'_>,
        queued: &mut Queued,
    ) -> Result<Vec<(Path, String)>, Refusal> {
        let mut ends = Vec::new();
        let mut aligned = Vec::new();
        let mut gone = HashSet::new();
        let mut index = 1;
        while index < document.nodes().len() {
            let node = &document.nodes()[index];
            if roles.role(index) == Some(Role::Aligned) {
                aligned.push(index);
                index = node.end;
                continue;
            }
            if node.kind == Kind::Array {
                gone.extend(self.read_elements(document, index, roles, queued)?);
            }
            if !gone.contains(&index) {
                self.read_leaf(document, index, roles, queued)?;
            }
            let finish = roles.role(index) == Some(Role::Finish);
            if let Some(choice) = finish.then(|| path(&self.keys, document, index).1).flatten() {
                self.see(choice)?;
                ends.extend((node.kind == Kind::String).then(|| (choice, document.string(&node.span))));
            }
            index += 1;
        }
        for index in aligned {
            self.align(document, index, roles, queued)?;
        }
        Ok(ends)
    }

    /// Reads an array's short elements as one text; answers those that gave way.
    fn read_elements(
        &mut self,
        document: &Document<'_>,
        array: usize,
        roles: &Roles<'_>,
        queued: &mut Queued,
    ) -> Result<Vec<usize>, Refusal> {
        let decider = Decider::showing(self.reader, &self.restore, &self.program, &mut self.summary);
        let mut screen = Screen { program: &self.program, document, roles, decider, splices: Vec::new() };
        let gone = screen.elements(array)?;
        queued.splices.append(&mut screen.splices);
        Ok(gone)
    }

    fn read_leaf(
        &mut self,
        document: &Document<'_>,
        index: usize,
        roles: &Roles<'_>,
        queued: &mut Queued,
    ) -> Result<(), Refusal> {
        let node = &document.nodes()[index];
        let role = roles.role(index);
        let mut screen = Screen {
            program: &self.program,
            document,
            roles,
            decider: Decider::showing(self.reader, &self.restore, &self.program, &mut self.summary),
            splices: Vec::new(),
        };
        screen.key(index)?;
        if node.kind == Kind::String && matches!(role, None | Some(Role::Text | Role::Reply | Role::Json)) {
            let (at, choice) = path(&self.keys, document, index);
            let value = document.raw(&node.span);
            let before = self.open.get(&at).filter(|open| role.is_none() && open.last == value);
            let alone = fault::is(Fault::UnnamedAlone) && role.is_none();
            if !alone && (before.is_none() || value.len() < REPEATED) {
                return self.join(document, index, role, (at, choice), queued);
            }
        }
        let identifier = node.kind == Kind::String && role == Some(Role::Id);
        let value = document.raw(&node.span);
        if identifier && self.clean.get(&roles.place(index)).is_some_and(|clean| clean == value) {
            return Ok(());
        }
        screen.leaf(index, End { cut: false })?;
        if identifier && screen.untouched() {
            self.clean.insert(roles.place(index), value.to_owned());
        }
        queued.splices.append(&mut screen.splices);
        Ok(())
    }

    fn see(&mut self, choice: Path) -> Result<(), Refusal> {
        if !self.choices.contains_key(&choice) && self.choices.len() >= MAX_TEXTS {
            return Err(Refusal::Bound("choices"));
        }
        self.choices.entry(choice).or_insert(false);
        Ok(())
    }

    /// A string that goes on where the last one at its path ended. What no table names is read on its own as well.
    fn join(
        &mut self,
        document: &Document<'_>,
        index: usize,
        role: Option<Role>,
        (at, choice): (Path, Option<Path>),
        queued: &mut Queued,
    ) -> Result<(), Refusal> {
        if let Some(choice) = choice {
            self.see(choice)?;
        }
        let span = &document.nodes()[index].span;
        let id = self.text(at, choice, role)?;
        if let Some(open) = self.open.get_mut(&at).filter(|_| role.is_none()) {
            open.last = document.raw(span).to_owned();
        }
        let mut decider = Decider::showing(self.reader, &self.restore, &self.program, &mut self.summary);
        let text = &mut self.texts[id];
        let before = text.channel.fed();
        let (carried, start) = text.tail.take().map_or((String::new(), before), |t| (t.source, t.start));
        if role.is_none() && before > 0 {
            text.channel.seam(Seam::Part, &Before::default(), &mut decider)?;
        }
        text.channel.push(&document.string(span), &mut decider)?;
        queued.leaves.push(Leaf { text: id, at: span.clone(), carried, range: start..text.channel.fed() });
        Ok(())
    }

    fn text(&mut self, at: Path, choice: Option<Path>, role: Option<Role>) -> Result<usize, Refusal> {
        if let Some(open) = self.open.get(&at) {
            return Ok(open.text);
        }
        if self.texts.len() >= MAX_TEXTS {
            return Err(Refusal::Bound("texts"));
        }
        let channel = Channel::new(&self.program, self.context.reading(role), &self.context.before);
        self.texts.push(Text { channel, tail: None });
        let text = self.texts.len() - 1;
        self.open.insert(at, Open { text, choice, last: String::new() });
        Ok(text)
    }

    fn align(
        &mut self,
        document: &Document<'_>,
        index: usize,
        roles: &Roles<'_>,
        queued: &mut Queued,
    ) -> Result<(), Refusal> {
        let at = document.nodes()[index].span.clone();
        let texts = texts(document, document.nodes()[index].parent, "delta");
        let decider = Decider::showing(self.reader, &self.restore, &self.program, &mut self.summary);
        let mut screen = Screen { program: &self.program, document, roles, decider, splices: Vec::new() };
        if logprobs::agree(&mut screen, index, |key| said(document, &texts, key))? {
            let open = &self.open;
            let paths = texts.iter().map(|&(_, i)| path(&self.keys, document, i).0);
            let texts = paths.filter_map(|p| open.get(&p)).map(|o| o.text).collect();
            queued.aligned.push(Aligned { at, texts });
        } else {
            queued.splices.push(Splice { at, text: "null".into() });
        }
        Ok(())
    }

    fn end_choice(&mut self, choice: Path, reason: &str) -> Result<(), Refusal> {
        self.choices.insert(choice, true);
        let end = self.context.end(Some(reason));
        self.end_where(|open| open.choice == Some(choice), end)
    }

    fn end_all(&mut self) -> Result<(), Refusal> {
        let end = self.context.end(None);
        self.end_where(|_| true, end)
    }

    /// Ends texts; what a split event left of them leaves in made events, which go before the event that ends them.
    fn end_where(&mut self, which: impl Fn(&Open) -> bool, end: End) -> Result<(), Refusal> {
        let mut ending: Vec<(Path, usize)> =
            self.open.iter().filter(|(_, open)| which(open)).map(|(&path, open)| (path, open.text)).collect();
        ending.sort_by_key(|&(_, text)| text);
        for (path, id) in ending {
            self.open.remove(&path);
            let mut decider = Decider::showing(self.reader, &self.restore, &self.program, &mut self.summary);
            let text = &mut self.texts[id];
            text.channel.finish(end, &mut decider)?;
            let fed = text.channel.fed();
            let tail = text.tail.take().filter(|_| !fault::is(Fault::DropTails));
            self.queue.extend(tail.and_then(|tail| Queued::made(id, tail, fed, self.framing)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
