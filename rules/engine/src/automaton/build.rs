//! From expressions to tables, within limits: a pack must not be able to exhaust the memory or the time of the process.

use std::cmp::Reverse;

use super::{
    Automaton, PARTS, ROW,
    accepted::Accepts,
    budget::Budget,
    bytes::{Classes, Set},
    fast::FastMap,
    part::{Finished, Part},
    positions::{Positions, Sets},
    single::Table,
};

/// Rows of one part: a row that accepts is told by the highest bit of a sum, see [`Automaton::accepting`].
const ROWS: usize = 1 << 15;

/// States of all parts; with 128 classes of bytes, 24 MiB.
const STATES: usize = 96 << 10;

impl Automaton {
    /// Builds the tables for expressions that consume one byte of look-behind before their match, and that are open, if
    /// at all, at their end only.
    pub(crate) fn build(expressions: &[String]) -> Result<Self, String> {
        let mut budget = Budget::default();
        let mut sets = Sets::default();
        let read = |e: &String| Positions::new(&crate::pattern::parse(e)?, &mut sets, &mut budget);
        let positions: Vec<Positions> = expressions.iter().map(read).collect::<Result<_, _>>()?;
        let classes = Classes::new(&sets.all);
        let sets: Vec<Set> = sets.all.iter().map(|set| classes.of_set(set)).collect();
        let mut alone = Vec::new();
        let mut states = 0;
        for (number, positions) in (0..=u16::MAX).zip(&positions) {
            let table = Table::of(positions, &sets, &classes, &mut budget)?;
            states += table.states();
            alone.push((number, table));
            if states > STATES {
                return Err(too_large());
            }
        }
        // What needs much is placed first: it decides what the parts count.
        alone.sort_by_key(|(number, table)| (Reverse(table.states()), *number));
        let parts = together(&alone, classes.count, &mut budget)?;
        Ok(laid_out(&classes, &parts))
    }
}

/// Puts each expression where it takes the fewest states.
fn together(alone: &[(u16, Table)], classes: usize, budget: &mut Budget) -> Result<Vec<Finished>, String> {
    let mut parts: Vec<Part> = (0..PARTS).map(|_| Part::new(classes)).collect();
    for (number, table) in alone {
        let mut best: Option<(usize, usize, u32)> = None;
        for at in 0..PARTS {
            let limit = best.map_or(ROWS, |(least, ..)| least);
            match parts[at].attempt(*number, table, limit, budget)? {
                Some((took, start)) => {
                    if let Some((_, other, _)) = best.replace((took, at, start)) {
                        parts[other].undo();
                    }
                }
                None => parts[at].undo(),
            }
        }
        let (_, at, start) = best.ok_or_else(too_large)?;
        parts[at].keep(start);
        let states = || parts.iter().map(Part::states);
        // At most a third of these are reachable no more.
        if states().any(|rows| rows > 2 * ROWS) || states().sum::<usize>() > 2 * STATES {
            return Err(too_large());
        }
    }
    let parts: Vec<Finished> = parts.into_iter().map(|part| part.finish(budget)).collect::<Result<_, _>>()?;
    let states = || parts.iter().map(|part| part.table.states());
    if states().any(|rows| rows > ROWS) || states().sum::<usize>() > STATES { Err(too_large()) } else { Ok(parts) }
}

fn too_large() -> String {
    format!("more than {STATES} states: repeat less, or load fewer rules")
}

fn laid_out(classes: &Classes, parts: &[Finished]) -> Automaton {
    let width = classes.count.next_power_of_two();
    let mut next = Vec::new();
    let mut part_at = [0; PARTS];
    let mut accepts: [Accepts; PARTS] = Default::default();
    let mut accepting = 0;
    for (at, part) in parts.iter().enumerate() {
        part_at[at] = next.len();
        for row in part.table.next.chunks(classes.count) {
            next.extend(row.iter().map(|&to| to as u16));
            next.resize(next.len() + width - row.len(), 0);
        }
        let from = part.table.states() - part.accepts.len();
        accepting |= ((ROWS - from) as u64) << (at as u32 * ROW);
        accepts[at] = Accepts::new(from, part.accepts.clone());
    }
    let (entry, entry_at) = entries(parts, classes.count);
    let states = parts.iter().map(|part| part.table.states()).sum();
    let stride = width.trailing_zeros();
    let (dull, hope) = Default::default();
    Automaton { class_of: classes.of, stride, next, part_at, entry, entry_at, accepts, accepting, states, dull, hope }
}

/// What a thread starts with, for each class of its first byte; and where that is, for each class of the byte before:
/// borders tell few of those apart.
fn entries(parts: &[Finished], classes: usize) -> (Vec<u64>, Vec<u16>) {
    let mut entry = Vec::new();
    let mut rows: FastMap<Vec<u64>, u16> = FastMap::default();
    let mut row_of = |before: usize| {
        let of_part = |at: usize, class: usize| u64::from(parts[at].entry[before][class]) << (at as u32 * ROW);
        let state = |class: usize| (0..PARTS).fold(0, |state, at| state | of_part(at, class));
        *rows.entry((0..classes).map(state).collect()).or_insert_with_key(|row: &Vec<u64>| {
            let at = entry.len() as u16;
            entry.extend_from_slice(row);
            at
        })
    };
    let entry_at = (0..classes).map(&mut row_of).collect();
    (entry, entry_at)
}
