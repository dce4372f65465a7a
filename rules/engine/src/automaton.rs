//! All patterns as tables: an anchored DFA that says, for one start, which patterns match so far and whether any still
//! can.
//!
//! Two things are asked of it on every byte: *does a match end exactly here* (without reading one byte more) and *is
//! anything still possible* (a dead state is dead at once). Both are computed once: each expression becomes the smallest
//! table of its own ([`single`]), and these are put together into a few parts ([`part`]) which a thread steps side by
//! side, its state being one of each.

mod accepted;
mod budget;
mod build;
mod bytes;
mod dull;
mod fast;
mod hope;
mod part;
mod positions;
mod single;

use accepted::{Accepted, Accepts};
pub(crate) use accepted::{Needs, Trait};
use dull::Dull;
use hope::Hope;

/// How many parts there are.
const PARTS: usize = 4;

/// Bits of a state that are its row in one part.
const ROW: u32 = 16;

/// A row in each part's table; [`DEAD`] is the one from which nothing can match.
pub(crate) type State = u64;

/// No pattern can match any more.
pub(crate) const DEAD: State = 0;

/// What stands before the first byte of a text: in no class that a border excludes.
pub(crate) const NO_BYTE: u8 = 0;

/// The tables.
pub(crate) struct Automaton {
    class_of: [u8; 256],
    /// Rows are this power of two long.
    stride: u32,
    /// All parts' rows, one part after the other.
    next: Vec<u16>,
    /// Where each part's rows start.
    part_at: [usize; PARTS],
    /// State of a thread that starts at a byte: by what is before, and by class of the byte.
    entry: Vec<State>,
    /// Where in `entry` the classes of the byte before start.
    entry_at: Vec<u16>,
    accepts: [Accepts; PARTS],
    /// Added to a state, this sets the highest bit of each row that accepts.
    accepting: u64,
    states: usize,
    /// Once the patterns are known.
    dull: Dull,
    hope: [Hope; PARTS],
}

impl Automaton {
    /// Starts a thread at `byte`, which follows `before`.
    pub(crate) fn enter(&self, before: u8, byte: u8) -> State {
        self.enter_class(self.class(before), self.class(byte))
    }

    /// Advances a live thread by one byte.
    pub(crate) fn step(&self, state: State, byte: u8) -> State {
        self.step_class(state, self.class(byte))
    }

    /// Bytes of one class are alike to every pattern.
    #[inline(always)]
    pub(crate) fn class(&self, byte: u8) -> usize {
        self.class_of[byte as usize] as usize
    }

    /// [`Automaton::enter`], by class.
    #[inline(always)]
    pub(crate) fn enter_class(&self, before: usize, class: usize) -> State {
        self.entry[self.entry_at[before] as usize + class]
    }

    /// [`Automaton::step`], by class.
    #[inline(always)]
    pub(crate) fn step_class(&self, state: State, class: usize) -> State {
        let cell = |part: usize| self.part_at[part] + (row(state, part) << self.stride) + class;
        // Mostly no more than one part lives.
        let alive = (state.trailing_zeros() / ROW) as usize % PARTS;
        if state >> (alive as u32 * ROW) < 1 << ROW {
            return u64::from(self.next[cell(alive)]) << (alive as u32 * ROW);
        }
        (0..PARTS).fold(DEAD, |to, part| to | u64::from(self.next[cell(part)]) << (part as u32 * ROW))
    }

    /// The state of a thread that has read all of a text, which `before` stands before.
    pub(crate) fn after(&self, before: u8, text: &[u8]) -> State {
        let Some((&first, rest)) = text.split_first() else { return DEAD };
        let start = self.enter(before, first);
        rest.iter().fold(start, |state, &byte| if state == DEAD { DEAD } else { self.step(state, byte) })
    }

    /// Whether some pattern matches exactly up to here.
    #[inline(always)]
    pub(crate) fn accepting(&self, state: State) -> bool {
        state.wrapping_add(self.accepting) & HIGHEST != 0
    }

    /// The patterns that match exactly up to here, ascending; of those the ones that need no more than is
    /// `given` before them.
    pub(crate) fn accepted(&self, state: State, given: Needs) -> Accepted<'_> {
        Accepted::new(std::array::from_fn(|part| self.accepts[part].patterns(row(state, part), given)))
    }

    /// Each expression is known by the pattern it stands for; `patterns` ascend.
    pub(crate) fn standing_for(mut self, patterns: &[u16]) -> Self {
        self.accepts.iter_mut().for_each(|part| part.rename(patterns));
        self
    }

    /// Learns what is to be known of each pattern, and which words start none.
    pub(crate) fn with_traits(mut self, of_pattern: impl Fn(u16) -> Trait) -> Self {
        self.accepts.iter_mut().for_each(|part| part.learn(&of_pattern));
        self.dull = Dull::of(&self);
        self.hope = std::array::from_fn(|part| {
            let end = self.part_at.get(part + 1).map_or(self.next.len(), |end| *end);
            Hope::of(&self.next[self.part_at[part]..end], 1 << self.stride, self.accepts[part].unaided())
        });
        self
    }

    /// The state without what only words can make a finding of.
    #[inline]
    pub(crate) fn unaided(&self, state: State) -> State {
        let hopes = |part: &usize| self.hope[*part].has(row(state, *part) as u16);
        (0..PARTS)
            .filter(hopes)
            .fold(DEAD, |unaided, part| unaided | state & (u64::from(u16::MAX) << (part as u32 * ROW)))
    }

    /// Whether words can speak for some pattern that matches exactly up to here.
    #[inline]
    pub(crate) fn contextual(&self, state: State) -> bool {
        (0..PARTS).any(|part| self.accepts[part].contextual(row(state, part)))
    }

    /// Whether some pattern with one of these borders matches exactly up to here; of those
    /// that need no more than is `given` before them.
    #[inline(always)]
    pub(crate) fn closing(&self, state: State, borders: u8, given: Needs) -> bool {
        let closes = |part: usize| self.accepts[part].borders(row(state, part), given) & borders != 0;
        self.accepting(state) && (0..PARTS).any(closes)
    }

    /// Length of what certainly starts nothing in bytes that follow a space: words, each with a space after it.
    #[inline(always)]
    pub(crate) fn dull_len(&self, bytes: &[u8]) -> usize {
        self.dull.len(bytes)
    }

    /// Bytes of memory that the tables take.
    pub(crate) fn memory(&self) -> usize {
        let accepts: usize = self.accepts.iter().map(Accepts::memory).sum();
        size_of_val(&*self.next)
            + size_of_val(&*self.entry)
            + size_of_val(&*self.entry_at)
            + accepts
            + self.dull.memory()
            + self.hope.iter().map(Hope::memory).sum::<usize>()
    }

    /// Number of states, of all parts.
    pub(crate) fn states(&self) -> usize {
        self.states
    }
}

/// The highest bit of each row.
const HIGHEST: u64 = 0x8000_8000_8000_8000;

/// A state's row in one part.
#[inline(always)]
fn row(state: State, part: usize) -> usize {
    (state >> (part as u32 * ROW) & ((1 << ROW) - 1)) as usize
}

#[cfg(test)]
mod tests;
