//! All patterns in one table: an anchored DFA that says, for one start, which patterns match so far and whether any
//! still can.
//!
//! Determinised by `regex-automata`; the table is our own because two things are asked of it on every byte that its
//! search routines do not tell: *does a match end exactly here* (without reading one byte more) and *is anything still
//! possible* (a dead state is dead at once). Both are computed once, from the whole graph.

mod merge;

use std::collections::HashMap;

use regex_automata::{
    Anchored, MatchKind,
    dfa::{Automaton as _, StartKind, dense},
    nfa::thompson,
    util::{primitives::StateID, start, syntax},
};

/// A state's row in the table; [`DEAD`] is the one from which nothing can match.
pub(crate) type State = u32;

/// No pattern can match any more.
pub(crate) const DEAD: State = 0;

/// What stands before the first byte of a text: in no class that a border excludes.
pub(crate) const NO_BYTE: u8 = 0;

/// Automata larger than this are refused: a pack must not be able to exhaust the memory of the process.
const SIZE_LIMIT: usize = 48 << 20;

/// The table. `next[state + class]` is the state after one more byte; accepting states come last.
pub(crate) struct Automaton {
    class_of: [u8; 256],
    classes: usize,
    next: Vec<State>,
    /// State of a thread that starts at a byte, by class of the byte before and class of the byte.
    entry: Vec<State>,
    accepting_from: State,
    accepts: Vec<Box<[u16]>>,
    /// For each accepting state, the borders of its patterns.
    borders: Vec<u8>,
}

impl Automaton {
    /// Builds the table for expressions that consume one byte of look-behind before their match.
    pub(crate) fn build(expressions: &[String]) -> Result<Self, String> {
        let dfa = determinise(expressions)?;
        let graph = Graph::explore(&dfa)?;
        Ok(graph.into_automaton())
    }

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
        self.entry[before * self.classes + class]
    }

    /// [`Automaton::step`], by class.
    #[inline(always)]
    pub(crate) fn step_class(&self, state: State, class: usize) -> State {
        self.next[state as usize + class]
    }

    /// Whether some pattern matches exactly up to here.
    #[inline(always)]
    pub(crate) fn accepting(&self, state: State) -> bool {
        state >= self.accepting_from
    }

    /// The patterns that match exactly up to here, ascending.
    pub(crate) fn accepted(&self, state: State) -> &[u16] {
        let row = (state.saturating_sub(self.accepting_from)) as usize / self.classes;
        if self.accepting(state) { &self.accepts[row] } else { &[] }
    }

    /// Learns which patterns each expression stands for: what looks alike is matched once.
    pub(crate) fn standing_for(mut self, patterns: &[Vec<u16>]) -> Self {
        for accepted in &mut self.accepts {
            let mut all: Vec<u16> = accepted.iter().flat_map(|&e| patterns[usize::from(e)].iter().copied()).collect();
            all.sort_unstable();
            *accepted = all.into_boxed_slice();
        }
        self
    }

    /// Learns which border each pattern has, as a bit.
    pub(crate) fn with_borders(mut self, of_pattern: impl Fn(u16) -> u8) -> Self {
        self.borders = self.accepts.iter().map(|a| a.iter().fold(0, |bits, &p| bits | of_pattern(p))).collect();
        self
    }

    /// Whether some pattern with one of these borders matches exactly up to here.
    #[inline(always)]
    pub(crate) fn closing(&self, state: State, borders: u8) -> bool {
        self.accepting(state) && self.borders[(state - self.accepting_from) as usize / self.classes] & borders != 0
    }

    /// Bytes of memory that the table takes.
    pub(crate) fn memory(&self) -> usize {
        (self.next.len() + self.entry.len()) * size_of::<State>()
    }

    /// Number of states.
    pub(crate) fn states(&self) -> usize {
        self.next.len() / self.classes
    }
}

fn determinise(expressions: &[String]) -> Result<dense::DFA<Vec<u32>>, String> {
    let config = dense::Config::new()
        .start_kind(StartKind::Anchored)
        .match_kind(MatchKind::All)
        .accelerate(false)
        .dfa_size_limit(Some(SIZE_LIMIT))
        .determinize_size_limit(Some(4 * SIZE_LIMIT));
    dense::Builder::new()
        .configure(config)
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .thompson(thompson::Config::new().utf8(false))
        .build_many(expressions)
        .map_err(|e| e.to_string())
}

/// The DFA's reachable part, with match delay undone: `accepts` holds what matches *at* the state.
struct Graph {
    class_of: [u8; 256],
    classes: usize,
    rows: Vec<Vec<usize>>,
    accepts: Vec<Vec<u16>>,
}

impl Graph {
    fn explore(dfa: &dense::DFA<Vec<u32>>) -> Result<Self, String> {
        let byte_classes = dfa.byte_classes();
        let mut class_of = [0u8; 256];
        let mut sample: Vec<u8> = Vec::new();
        for byte in 0..=255u8 {
            let class = byte_classes.get(byte);
            class_of[byte as usize] = class;
            if class as usize == sample.len() {
                sample.push(byte);
            }
        }
        let config = start::Config::new().anchored(Anchored::Yes);
        let first = dfa.start_state(&config).map_err(|e| e.to_string())?;
        let mut graph = Graph { class_of, classes: sample.len(), rows: Vec::new(), accepts: Vec::new() };
        let mut index: HashMap<StateID, usize> = HashMap::from([(first, 0)]);
        let mut order = vec![first];
        while graph.rows.len() < order.len() {
            let state = order[graph.rows.len()];
            let mut row = Vec::with_capacity(sample.len());
            for &byte in &sample {
                let to = dfa.next_state(state, byte);
                row.push(*index.entry(to).or_insert_with(|| {
                    order.push(to);
                    order.len() - 1
                }));
            }
            graph.rows.push(row);
            graph.accepts.push(accepted_at_end(dfa, state));
        }
        Ok(graph)
    }

    fn into_automaton(self) -> Automaton {
        // The library's match delay doubles many states.
        let group = merge::groups(&self.rows, &self.alive(), &self.accepts);
        let groups = group.iter().max().map_or(1, |g| g + 1);
        let mut leader = vec![usize::MAX; groups];
        for (state, &g) in group.iter().enumerate() {
            leader[g] = leader[g].min(state);
        }
        // Row 0 is DEAD; then states that accept nothing; then those that accept.
        let mut order: Vec<usize> = (1..groups).collect();
        order.sort_by_key(|&g| (!self.accepts[leader[g]].is_empty(), leader[g]));
        let mut row_of = vec![DEAD; groups];
        for (i, &g) in order.iter().enumerate() {
            row_of[g] = ((i + 1) * self.classes) as State;
        }
        let mut next = vec![DEAD; self.classes];
        let mut accepts = Vec::new();
        for &g in &order {
            next.extend(self.rows[leader[g]].iter().map(|&to| row_of[group[to]]));
            if !self.accepts[leader[g]].is_empty() {
                accepts.push(self.accepts[leader[g]].clone().into_boxed_slice());
            }
        }
        let accepting_from = ((1 + order.len() - accepts.len()) * self.classes) as State;
        let first = row_of[group[0]] as usize;
        let entry = (0..self.classes)
            .flat_map(|before| {
                let after = next[first + before] as usize;
                next[after..after + self.classes].to_vec()
            })
            .collect();
        Automaton {
            class_of: self.class_of,
            classes: self.classes,
            next,
            entry,
            accepting_from,
            borders: vec![u8::MAX; accepts.len()],
            accepts,
        }
    }

    /// A state lives while some match lies at it or ahead of it.
    fn alive(&self) -> Vec<bool> {
        let parents = merge::parents(&self.rows);
        let mut alive: Vec<bool> = self.accepts.iter().map(|a| !a.is_empty()).collect();
        let mut todo: Vec<usize> = (0..alive.len()).filter(|&s| alive[s]).collect();
        while let Some(state) = todo.pop() {
            for &parent in &parents[state] {
                if !std::mem::replace(&mut alive[parent], true) {
                    todo.push(parent);
                }
            }
        }
        alive
    }
}

fn accepted_at_end(dfa: &dense::DFA<Vec<u32>>, state: StateID) -> Vec<u16> {
    let end = dfa.next_eoi_state(state);
    if !dfa.is_match_state(end) {
        return Vec::new();
    }
    let mut patterns: Vec<u16> = (0..dfa.match_len(end)).map(|i| dfa.match_pattern(end, i).as_usize() as u16).collect();
    patterns.sort_unstable();
    patterns
}
