//! From expressions to tables, within limits: a pack must not be able to exhaust the memory or the time of the process.

use super::{
    Automaton, PARTS,
    accepted::Accepts,
    bytes::Classes,
    fast::FastMap,
    part::{Finished, Part},
    positions::{Positions, Sets},
    single::Table,
};

/// Rows of one part: a row that accepts is told by the highest bit of a sum, see [`Automaton::accepting`].
const ROWS: usize = 1 << 15;

/// States of all parts; with 128 classes of bytes, 24 MiB.
const STATES: usize = 96 << 10;

/// States that may be looked at while building.
const WORK: usize = 1 << 20;

/// Patterns that states may name, all together.
const NAMED: usize = 4 << 20;

impl Automaton {
    /// Builds the tables for expressions that consume one byte of look-behind before their match, and that are open, if
    /// at all, at their end only.
    pub(crate) fn build(expressions: &[String]) -> Result<Self, String> {
        let (different, patterns) = different(expressions);
        let mut sets = Sets::default();
        let positions: Vec<Positions> = different.iter().map(|e| read(e, &mut sets)).collect::<Result<_, _>>()?;
        let classes = Classes::new(&sets.all);
        let sets: Vec<_> = sets.all.iter().map(|set| classes.of_set(set)).collect();
        let mut alone = Vec::new();
        let mut states = 0;
        for (number, positions) in positions.iter().enumerate() {
            let table = Table::of(positions, &sets, &classes)?;
            states += table.states();
            alone.push((number, table));
            if states > STATES {
                return Err(format!("they need more than {STATES} states"));
            }
        }
        // What needs much is placed first: it decides what the parts count.
        alone.sort_by_key(|(number, table)| (std::cmp::Reverse(table.states()), *number));
        let parts = together(&alone, classes.count)?;
        let named: usize = parts.iter().flat_map(|part| &part.accepts).map(Vec::len).sum();
        if named > NAMED {
            return Err("too many of them match at once".into());
        }
        Ok(laid_out(&classes, &parts, &patterns))
    }
}

/// Each expression once, and the patterns that have it.
fn different(expressions: &[String]) -> (Vec<&str>, Vec<Vec<u16>>) {
    let mut numbers: FastMap<&str, usize> = FastMap::default();
    let mut different = Vec::new();
    let mut patterns: Vec<Vec<u16>> = Vec::new();
    for (pattern, expression) in (0..=u16::MAX).zip(expressions) {
        let number = *numbers.entry(expression).or_insert(different.len());
        if number == different.len() {
            different.push(expression.as_str());
            patterns.push(Vec::new());
        }
        patterns[number].push(pattern);
    }
    (different, patterns)
}

fn read(expression: &str, sets: &mut Sets) -> Result<Positions, String> {
    Positions::new(&crate::pattern::parse(expression)?, sets)
}

/// Puts each expression where it takes the fewest states.
fn together(alone: &[(usize, Table)], classes: usize) -> Result<Vec<Finished>, String> {
    let mut parts: Vec<Part> = (0..PARTS).map(|_| Part::new(classes)).collect();
    let mut work = 0;
    for (number, table) in alone {
        let mut best: Option<(usize, usize, u32)> = None;
        for at in 0..PARTS {
            let limit = best.map_or(ROWS, |(least, ..)| least);
            let (took, start) = parts[at].attempt(*number, table, limit);
            work += took;
            match start {
                Some(start) => {
                    if let Some((_, other, _)) = best.replace((took, at, start)) {
                        parts[other].undo();
                    }
                }
                None => parts[at].undo(),
            }
        }
        let (_, at, start) = best.ok_or_else(too_large)?;
        parts[at].keep(start);
        if work > WORK || parts[at].states() > 4 * ROWS || parts.iter().map(Part::states).sum::<usize>() > 4 * STATES {
            return Err(too_large());
        }
    }
    let parts: Vec<Finished> = parts.into_iter().map(Part::finish).collect();
    let states = || parts.iter().map(|part| part.table.states());
    if states().any(|rows| rows > ROWS) || states().sum::<usize>() > STATES { Err(too_large()) } else { Ok(parts) }
}

fn too_large() -> String {
    format!("they need more than {STATES} states: repeat less, or load fewer of them")
}

fn laid_out(classes: &Classes, parts: &[Finished], patterns: &[Vec<u16>]) -> Automaton {
    let width = classes.count.next_power_of_two();
    let mut next = Vec::new();
    let mut automaton = Automaton {
        class_of: classes.of,
        stride: width.trailing_zeros(),
        next: Vec::new(),
        part_at: [0; PARTS],
        entry: Vec::new(),
        entry_at: Vec::new(),
        accepts: Default::default(),
        accepting: 0,
        states: parts.iter().map(|part| part.table.states()).sum(),
    };
    for (at, part) in parts.iter().enumerate() {
        automaton.part_at[at] = next.len();
        for row in part.table.next.chunks(classes.count) {
            next.extend(row.iter().map(|&to| to as u16));
            next.resize(next.len() + width - row.len(), 0);
        }
        let from = part.table.states() - part.accepts.len();
        let of_state = |numbers: &Vec<usize>| {
            let mut all: Vec<u16> = numbers.iter().flat_map(|&n| &patterns[n]).copied().collect();
            all.sort_unstable();
            all.into()
        };
        automaton.accepts[at] = Accepts::new(from, part.accepts.iter().map(of_state).collect());
        automaton.accepting |= ((ROWS - from) as u64) << (at as u32 * super::ROW);
    }
    automaton.next = next;
    let mut entries: FastMap<Vec<u64>, u16> = FastMap::default();
    for before in 0..classes.count {
        let state = |class: usize| {
            (0..)
                .zip(parts)
                .fold(0, |state, (at, part)| state | u64::from(part.entry[before][class]) << (at * super::ROW))
        };
        let row: Vec<u64> = (0..classes.count).map(state).collect();
        let at = *entries.entry(row).or_insert_with_key(|row| {
            let at = automaton.entry.len() as u16;
            automaton.entry.extend_from_slice(row);
            at
        });
        automaton.entry_at.push(at);
    }
    automaton
}
