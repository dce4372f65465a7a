//! One tape and its live threads: every place where a match may have started and can still go on.

use crate::{
    automaton::{Automaton, DEAD, NO_BYTE, Needs, State},
    fault::{self, Fault},
    pattern::Border,
    place::{Place, PlaceTable},
    resolve::TapeName,
    tape::Tape,
};

/// Starts that live at once, from where on they are a crowd; in prose there are one or two.
const CROWD: usize = 6;

/// A start that is still alive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Thread {
    /// Tape offset of its first byte.
    pub(crate) start: usize,
    pub(crate) state: State,
    /// The byte before it, [`NO_BYTE`] at the start of a text.
    pub(crate) before: u8,
    /// A token that starts here would land in a link.
    pub(crate) exposed: bool,
    pub(crate) words: Words,
}

impl Thread {
    /// What there is before it, where there may be as much as is `given`.
    #[inline(always)]
    fn given(&self, given: Needs) -> Needs {
        if self.words.silent() { Needs::Nothing } else { given }
    }
}

/// What the words before a start say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Words {
    /// Nobody asked yet.
    Unasked,
    /// They speak for some rule.
    Speak,
    /// They speak for none: what needs words is passed over from here.
    Silent,
    /// The same, but even unfinished it may be masked: it is followed as long as anything lives.
    Unfinished,
}

impl Words {
    pub(crate) fn silent(self) -> bool {
        matches!(self, Words::Silent | Words::Unfinished)
    }
}

/// A place where some pattern matches: `start..end` on the tape, in this state, followed by `next`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    /// The tape it is on.
    pub(crate) tape: TapeName,
    pub(crate) thread: Thread,
    pub(crate) end: usize,
    pub(crate) state: State,
    pub(crate) next: Option<u8>,
}

/// A tape being matched.
#[derive(Clone)]
pub(crate) struct Lane {
    pub(crate) name: TapeName,
    pub(crate) tape: Tape,
    pub(crate) threads: Vec<Thread>,
    pub(crate) place: Place,
    before: u8,
}

impl Lane {
    pub(crate) fn new() -> Self {
        Lane {
            name: TapeName::Raw,
            tape: Tape::default(),
            threads: Vec::new(),
            place: Place::default(),
            before: NO_BYTE,
        }
    }

    /// The same lane, for another tape.
    pub(crate) fn named(self, name: TapeName) -> Self {
        Lane { name, ..self }
    }

    /// Matches bytes, which are then to be appended; `track` follows the place for tokens to be restored in. What needs
    /// more than is `given` before it is passed over.
    pub(crate) fn run(&mut self, automaton: &Automaton, track: bool, given: Needs, bytes: &[u8], hits: &mut Vec<Hit>) {
        let places = if track { Some(PlaceTable::shared()) } else { None };
        let reads = Reads { automaton, places, given };
        let base = self.tape.end();
        let mut at = 0;
        while at < bytes.len() {
            at += match self.threads.len() {
                0 | 1 => self.run_single(&reads, base + at, &bytes[at..], hits),
                _ => {
                    let class = automaton.class(bytes[at]);
                    self.advance(&reads, base + at, class, bytes[at], hits);
                    self.enter(&reads, base + at, class, bytes[at]);
                    1
                }
            };
        }
    }

    /// Reads while at most one thread lives, as in prose, where it is the start of the current word; answers how far.
    fn run_single(&mut self, reads: &Reads, base: usize, bytes: &[u8], hits: &mut Vec<Hit>) -> usize {
        let &Reads { automaton, places, given } = reads;
        let mut thread = self.threads.pop();
        let mut state = thread.map_or(DEAD, |t| t.state);
        let mut before = self.before;
        let mut before_class = automaton.class(before);
        let mut place = self.place;
        let mut read = 0;
        while let Some(&byte) = bytes.get(read) {
            let class = automaton.class(byte);
            let entered = automaton.enter_class(before_class, class);
            if automaton.accepting(state)
                && let Some(t) = thread
                && automaton.closing(state, closing(before, byte), t.given(given))
            {
                let thread = Thread { state, ..t };
                hits.push(Hit { tape: self.name, thread, end: base + read, state, next: Some(byte) });
            }
            state = automaton.step_class(state, class);
            if before == b' ' && state == DEAD {
                // Most words of prose start nothing, and nothing else is alive where they begin.
                let dull = &bytes[read..read + automaton.dull_len(&bytes[read..])];
                if !dull.is_empty() {
                    place = places.map_or(place, |p| dull.iter().fold(place, |place, &byte| p.step(place, byte)));
                    read += dull.len();
                    continue;
                }
            }
            if entered != DEAD {
                if state != DEAD {
                    // A second one: the other loop reads this byte's start.
                    self.threads.extend(thread.map(|t| Thread { state, ..t }));
                    (self.before, self.place) = (before, place);
                    self.enter(reads, base + read, class, byte);
                    return read + 1;
                }
                let exposed = places.is_some_and(|p| p.exposed(place));
                thread = Some(Thread { start: base + read, state: entered, before, exposed, words: Words::Unasked });
                state = entered;
            }
            if let Some(places) = places {
                place = places.step(place, byte);
            }
            (before, before_class) = (byte, class);
            read += 1;
        }
        self.threads.extend(thread.filter(|_| state != DEAD).map(|t| Thread { state, ..t }));
        (self.before, self.place) = (before, place);
        read
    }

    /// Steps every thread.
    fn advance(&mut self, reads: &Reads, at: usize, class: usize, byte: u8, hits: &mut Vec<Hit>) {
        let borders = closing(self.before, byte);
        let Lane { name, threads, .. } = self;
        let mut kept = 0;
        for i in 0..threads.len() {
            let mut thread = threads[i];
            if reads.automaton.closing(thread.state, borders, thread.given(reads.given)) {
                hits.push(Hit { tape: *name, thread, end: at, state: thread.state, next: Some(byte) });
            }
            thread.state = reads.automaton.step_class(thread.state, class);
            threads[kept] = thread;
            kept += usize::from(thread.state != DEAD);
        }
        threads.truncate(kept);
    }

    /// Starts a thread, if something can start here, and takes the byte as read.
    fn enter(&mut self, reads: &Reads, at: usize, class: usize, byte: u8) {
        let &Reads { automaton, places, .. } = reads;
        let state = automaton.enter_class(automaton.class(self.before), class);
        if state != DEAD {
            let exposed = places.is_some_and(|p| p.exposed(self.place));
            self.threads.push(Thread { start: at, state, before: self.before, exposed, words: Words::Unasked });
        }
        if let Some(places) = places {
            self.place = places.step(self.place, byte);
        }
        self.before = byte;
    }

    /// The text may end here: what matches up to here, if nothing follows.
    pub(crate) fn end_hits(&self, automaton: &Automaton, given: Needs, hits: &mut Vec<Hit>) {
        let end = self.tape.end();
        let accepting = self.threads.iter().filter(|t| automaton.closing(t.state, u8::MAX, t.given(given)));
        let tape = self.name;
        hits.extend(accepting.map(|&thread| Hit { tape, thread, end, state: thread.state, next: None }));
    }

    /// No words speak for what starts there, if it still lives.
    pub(crate) fn silence(&mut self, start: usize) {
        let found = self.threads.binary_search_by_key(&start, |t| t.start);
        let thread = found.ok().and_then(|at| self.threads.get_mut(at));
        if let Some(thread) = thread.filter(|t| t.words == Words::Unasked) {
            thread.words = Words::Silent;
        }
    }

    /// What follows starts like a new text; threads that `keep` go on into it.
    pub(crate) fn part(&mut self, keep: impl Fn(&Tape, &Thread) -> bool) {
        let tape = &self.tape;
        self.threads.retain(|t| keep(tape, t));
        self.before = NO_BYTE;
        self.place = Place::default();
    }

    /// Whether something lives for so many bytes, or no words speak for it.
    pub(crate) fn ripe(&self, age: usize) -> bool {
        let end = self.tape.end();
        self.threads.iter().any(|t| t.words == Words::Silent || end - t.start >= age)
    }

    /// Whether so many starts live that it is worth asking which of them can come to something.
    pub(crate) fn crowded(&self) -> bool {
        self.threads.len() >= CROWD
    }

    /// Source offset of the oldest live start.
    pub(crate) fn live(&self) -> Option<usize> {
        self.threads.first().map(|t| self.tape.source_start(t.start))
    }

    /// Whether both will read whatever follows alike.
    pub(crate) fn agrees(&self, other: &Lane) -> bool {
        let key = |lane: &Lane, t: &Thread| (lane.tape.source_start(t.start), t.state, t.before, t.exposed);
        self.before == other.before
            && self.place == other.place
            && self.threads.len() == other.threads.len()
            && self.threads.iter().zip(&other.threads).all(|(a, b)| key(self, a) == key(other, b))
    }
}

/// What a lane is read with.
struct Reads<'r> {
    automaton: &'r Automaton,
    places: Option<&'r PlaceTable>,
    given: Needs,
}

/// The borders, as bits, that a match may have which ends between two bytes.
#[inline(always)]
fn closing(before: u8, byte: u8) -> u8 {
    if fault::is(Fault::NoRightBorder) { u8::MAX } else { Border::closing(before, byte) }
}
