//! One tape and its live threads: every place where a match may have started and can still go on.

use crate::{
    automaton::{Automaton, DEAD, NO_BYTE, State},
    fault::{self, Fault},
    pattern::Border,
    place::{Place, PlaceTable},
    resolve::TapeName,
    tape::Tape,
};

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

    /// Matches bytes, which are then to be appended; `track` follows the place for tokens to be restored in.
    pub(crate) fn run(&mut self, automaton: &Automaton, track: bool, bytes: &[u8], hits: &mut Vec<Hit>) {
        let places = if track { Some(PlaceTable::shared()) } else { None };
        let mut before = self.before;
        for (at, &byte) in (self.tape.end()..).zip(bytes) {
            if !self.threads.is_empty() {
                self.advance(automaton, at, before, byte, hits);
            }
            let state = automaton.enter(before, byte);
            if state != DEAD {
                let exposed = places.is_some_and(|p| p.exposed(self.place));
                self.threads.push(Thread { start: at, state, before, exposed });
            }
            if let Some(places) = places {
                self.place = places.step(self.place, byte);
            }
            before = byte;
        }
        self.before = before;
    }

    #[inline(always)]
    fn advance(&mut self, automaton: &Automaton, at: usize, before: u8, byte: u8, hits: &mut Vec<Hit>) {
        let Lane { name, threads, .. } = self;
        let borders = || if fault::is(Fault::NoRightBorder) { u8::MAX } else { Border::closing(before, byte) };
        let hit = |thread: Thread| Hit { tape: *name, thread, end: at, state: thread.state, next: Some(byte) };
        // In prose there is one thread, or none: the start of the current word.
        if let [thread] = threads.as_mut_slice() {
            if automaton.accepting(thread.state) && automaton.closing(thread.state, borders()) {
                hits.push(hit(*thread));
            }
            thread.state = automaton.step(thread.state, byte);
            if thread.state == DEAD {
                threads.clear();
            }
            return;
        }
        let borders = borders();
        let mut kept = 0;
        for i in 0..threads.len() {
            let mut thread = threads[i];
            if automaton.closing(thread.state, borders) {
                hits.push(hit(thread));
            }
            thread.state = automaton.step(thread.state, byte);
            threads[kept] = thread;
            kept += usize::from(thread.state != DEAD);
        }
        threads.truncate(kept);
    }

    /// The text may end here: what matches up to here, if nothing follows.
    pub(crate) fn end_hits(&self, automaton: &Automaton, hits: &mut Vec<Hit>) {
        let end = self.tape.end();
        let accepting = self.threads.iter().filter(|t| automaton.accepting(t.state));
        let tape = self.name;
        hits.extend(accepting.map(|&thread| Hit { tape, thread, end, state: thread.state, next: None }));
    }

    /// What follows starts like a new text; threads that `keep` go on into it.
    pub(crate) fn part(&mut self, keep: impl Fn(&Tape, &Thread) -> bool) {
        let tape = &self.tape;
        self.threads.retain(|t| keep(tape, t));
        self.before = NO_BYTE;
        self.place = Place::default();
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
