//! Events that wait for their texts to become clear, in order; and how one leaves: as it came, edited, or split.

use std::{collections::VecDeque, ops::Range};

use wire::{
    dialect::Table,
    sse::{Data, Event},
    text::Cursor,
};

use crate::{
    channel::Channel,
    fault::{self, Fault},
    made::Made,
    splice::{self, Splice},
};

/// An event of which this many bytes of text are clear is split rather than kept waiting.
const SPLIT_CLEAR: usize = 24;

/// An event behind which this many others wait that carry none of its held texts is split.
const SPLIT_BEHIND: usize = 16;

/// Waiting events, at most: beyond it the first is split.
const LONGEST: usize = 256;

/// Where events go that leave.
pub(crate) trait Leaving {
    /// The parts of one event, in order.
    fn event(&mut self, parts: &[&[u8]]);
}

/// A body: one event behind the other.
impl Leaving for Vec<u8> {
    fn event(&mut self, parts: &[&[u8]]) {
        parts.iter().for_each(|part| self.extend_from_slice(part));
    }
}

/// Messages, each of its own.
impl Leaving for Vec<Vec<u8>> {
    fn event(&mut self, parts: &[&[u8]]) {
        self.push(parts.concat());
    }
}

/// How events stand in what carries them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Framing {
    /// As server-sent events.
    Sse,
    /// Each is a message, and all of it data.
    Message,
}

/// An event that waits.
pub(crate) struct Queued {
    event: Event,
    data: String,
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) splices: Vec<Splice>,
    pub(crate) aligned: Vec<Aligned>,
}

/// A string of the event that belongs to a text.
pub(crate) struct Leaf {
    /// Which text.
    pub(crate) text: usize,
    /// The string's inside, in the event's data.
    pub(crate) at: Range<usize>,
    /// Source that rides in, in front of it.
    pub(crate) carried: String,
    /// What both are of the text.
    pub(crate) range: Range<usize>,
}

/// A part of the event that only stays while these texts leave it unchanged.
pub(crate) struct Aligned {
    pub(crate) at: Range<usize>,
    pub(crate) texts: Vec<usize>,
}

/// A text over events.
pub(crate) struct Text {
    pub(crate) channel: Channel,
    /// What a split event left behind, until another event of the text comes.
    pub(crate) tail: Option<Tail>,
}

/// Source of a text that has not left, and the event to make of it if none comes.
pub(crate) struct Tail {
    pub(crate) source: String,
    pub(crate) start: usize,
    pub(crate) made: Option<Made>,
}

impl Queued {
    /// An event with this data.
    pub(crate) fn new(event: Event, data: String) -> Self {
        Queued { event, data, leaves: Vec::new(), splices: Vec::new(), aligned: Vec::new() }
    }

    /// An event made of a tail.
    pub(crate) fn made(text: usize, tail: Tail, end: usize, framing: Framing) -> Option<Self> {
        let (data, at) = tail.made?.fill(&tail.source);
        let event = match framing {
            Framing::Sse => {
                let bytes = format!("data: {data}\n\n").into_bytes();
                Event { data: Data::Line(6..6 + data.len()), bytes, names: Vec::new() }
            }
            Framing::Message => message(&data),
        };
        let leaf = Leaf { text, at, carried: String::new(), range: tail.start..end };
        Some(Queued { leaves: vec![leaf], ..Queued::new(event, data) })
    }

    /// Memory that it takes, roughly.
    pub(crate) fn size(&self) -> usize {
        2 * self.event.bytes.len()
    }

    fn carries(&self, texts: &[usize]) -> bool {
        self.leaves.iter().any(|l| texts.contains(&l.text) && !l.range.is_empty())
    }
}

impl Leaf {
    /// How far the text is clear, within the leaf.
    fn clear(&self, texts: &[Text]) -> usize {
        if fault::is(Fault::ReleaseEarly) {
            return self.range.end;
        }
        texts[self.text].channel.clear().clamp(self.range.start, self.range.end)
    }
}

/// An event that is all data.
pub(crate) fn message(data: &str) -> Event {
    Event { data: Data::Line(0..data.len()), bytes: data.as_bytes().to_vec(), names: Vec::new() }
}

/// Lets events leave from the front, as far as they may.
pub(crate) fn release(queue: &mut VecDeque<Queued>, texts: &mut [Text], table: &Table, out: &mut impl Leaving) {
    while let Some(head) = queue.front() {
        let held: Vec<usize> = head.leaves.iter().filter(|l| l.clear(texts) < l.range.end).map(|l| l.text).collect();
        if !held.is_empty() {
            let clear: usize = head.leaves.iter().map(|l| l.clear(texts) - l.range.start).sum();
            let behind = queue.iter().skip(1).filter(|e| !e.carries(&held)).count();
            if clear < SPLIT_CLEAR && behind < SPLIT_BEHIND && queue.len() <= LONGEST {
                return;
            }
        }
        if let Some(head) = queue.pop_front() {
            leave(head, queue, texts, table, out);
        }
    }
}

/// Lets every event leave with what is clear of it; the rest is dropped.
pub(crate) fn release_clear(queue: &mut VecDeque<Queued>, texts: &mut [Text], table: &Table, out: &mut impl Leaving) {
    while let Some(head) = queue.pop_front() {
        leave(head, &mut VecDeque::new(), texts, table, out);
    }
    texts.iter_mut().for_each(|t| t.tail = None);
}

fn leave(head: Queued, behind: &mut VecDeque<Queued>, texts: &mut [Text], table: &Table, out: &mut impl Leaving) {
    let mut splices = head.splices.clone();
    let mut changed = Vec::new();
    for leaf in &head.leaves {
        let (source, tail) = carry(leaf, &head, texts);
        if let Some(source) = source {
            splices.push(Splice { at: leaf.at.clone(), text: source });
            changed.push(leaf.text);
        }
        if let Some(mut tail) = tail {
            match behind.iter_mut().flat_map(|e| &mut e.leaves).find(|l| l.text == leaf.text) {
                Some(next) => {
                    next.carried.insert_str(0, &tail.source);
                    next.range.start = tail.start;
                }
                None => {
                    tail.made = Made::around(table, &head.data, &leaf.at, &head.splices);
                    texts[leaf.text].tail = Some(tail);
                }
            }
        }
    }
    for aligned in &head.aligned {
        if aligned.texts.iter().any(|t| changed.contains(t)) && !fault::is(Fault::KeepAligned) {
            splices.push(Splice { at: aligned.at.clone(), text: "null".into() });
        }
    }
    write(&head, splices, out);
}

/// The string's new source if it changes, and the tail that stays behind.
fn carry(leaf: &Leaf, head: &Queued, texts: &mut [Text]) -> (Option<String>, Option<Tail>) {
    let clear = leaf.clear(texts);
    let channel = &mut texts[leaf.text].channel;
    let own = &head.data[leaf.at.clone()];
    let split = clear < leaf.range.end;
    let edited = channel.edits.front().is_some_and(|e| e.span.start < clear);
    if leaf.carried.is_empty() && !split && !edited {
        return (None, None);
    }
    let raw = format!("{}{own}", leaf.carried);
    let mut cursor = Cursor::new(&raw);
    let mut out = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(edit) = channel.edits.front_mut().filter(|e| e.span.start < clear) {
        let from = cursor.source(edit.span.start.max(leaf.range.start) - leaf.range.start);
        out.push_str(&raw[at..from.max(at)]);
        // The replacement stands at the first byte of its span that leaves; later parts of the span are empty.
        let text = if fault::is(Fault::ReplaceTwice) { edit.text.clone() } else { std::mem::take(&mut edit.text) };
        wire::text::escape_into(&text, &mut out);
        at = cursor.source(edit.span.end.min(clear) - leaf.range.start);
        if edit.span.end > clear {
            break;
        }
        channel.edits.pop_front();
    }
    let end = cursor.source(clear - leaf.range.start);
    out.push_str(&raw[at..end.max(at)]);
    let tail = split.then(|| Tail { source: raw[end..].to_owned(), start: clear, made: None });
    (Some(out), tail)
}

fn write(head: &Queued, splices: Vec<Splice>, out: &mut impl Leaving) {
    if splices.is_empty() {
        return out.event(&[&head.event.bytes]);
    }
    let data = splice::apply(&head.data, splices);
    let bytes = &head.event.bytes;
    match &head.event.data {
        Data::Line(range) => out.event(&[&bytes[..range.start], data.as_bytes(), &bytes[range.end..]]),
        // Line feeds between the lines of data are JSON's own white space: one line says the same.
        Data::Lines(_) | Data::None => {
            let fields = bytes.split_inclusive(|&b| b == b'\n').filter(|l| !l.starts_with(b"data") && l.len() > 2);
            let data = format!("data: {}\n\n", data.replace('\n', " "));
            out.event(&fields.chain([data.as_bytes()]).collect::<Vec<_>>());
        }
    }
}
