//! The smallest table of one expression.
//!
//! Its graph has no circles but from a state to itself, since an expression is open at its end only: so the states that
//! a state leads to are finished before it, and it is known at once whether one like it is there already.

use super::{
    budget::Budget,
    bytes::{Classes, Set},
    fast::FastMap,
    positions::{AGAIN, MATCH, Places, Positions},
};

/// Nothing can match any more.
pub(super) const DEAD: u32 = 0;

/// Sets of places that one expression may need.
const SETS: usize = 1 << 14;

/// A table of one expression, or of several: see [`super::part`].
pub(super) struct Table {
    pub(super) classes: usize,
    /// `next[state * classes + class]`; no state but [`DEAD`] is dead.
    pub(super) next: Vec<u32>,
    /// What each state accepts: a label, 0 for nothing.
    pub(super) accepts: Vec<u32>,
    pub(super) start: u32,
}

impl Table {
    /// That matches nothing.
    pub(super) fn empty(classes: usize) -> Self {
        Table { classes, next: vec![DEAD; classes], accepts: vec![0], start: DEAD }
    }

    pub(super) fn states(&self) -> usize {
        self.accepts.len()
    }

    pub(super) fn row(&self, state: u32) -> &[u32] {
        let at = state as usize * self.classes;
        &self.next[at..at + self.classes]
    }

    /// The table of an expression; `sets` are the classes of the sets that its positions name.
    pub(super) fn of(
        positions: &Positions,
        sets: &[Set],
        classes: &Classes,
        budget: &mut Budget,
    ) -> Result<Self, String> {
        let table = Table::empty(classes.count);
        let mut building =
            Building { positions, sets, budget, table, found: FastMap::default(), rows: FastMap::default() };
        building.run()?;
        Ok(building.table)
    }
}

/// A set of places on its way to become a state: where each class of bytes leads.
struct Open {
    places: Places,
    ways: Vec<(Set, Vec<u32>)>,
    done: usize,
}

struct Building<'a> {
    positions: &'a Positions,
    sets: &'a [Set],
    budget: &'a mut Budget,
    table: Table,
    /// The state of each set of places; none while it is open.
    found: FastMap<Places, Option<u32>>,
    rows: FastMap<(Vec<u32>, u32), u32>,
}

impl Building<'_> {
    fn run(&mut self) -> Result<(), String> {
        let first = self.positions.first.clone();
        if first.is_empty() {
            return Ok(());
        }
        let mut stack = vec![self.open(first.clone())?];
        while let Some(open) = stack.last_mut() {
            let Some((_, to)) = open.ways.get(open.done) else {
                let open = stack.pop();
                open.into_iter().for_each(|open| self.close(open));
                continue;
            };
            match self.found.get(to.as_slice()) {
                None => {
                    let to = to.as_slice().into();
                    stack.push(self.open(to)?);
                }
                Some(None) if to[..] != open.places[..] => return Err("an expression is open before its end".into()),
                Some(_) => open.done += 1,
            }
            if self.found.len() > SETS {
                return Err(format!("an expression needs more than {SETS} states"));
            }
        }
        self.table.start = self.found.get(&first).copied().flatten().unwrap_or(DEAD);
        Ok(())
    }

    fn open(&mut self, places: Places) -> Result<Open, String> {
        self.budget.spend(self.table.classes + 16 * places.len())?;
        self.found.insert(places.clone(), None);
        let mut ways = vec![(Set::all(), Vec::new())];
        for &place in &places {
            let Some((set, follow)) = self.positions.at(place) else { continue };
            self.budget.spend(4 * ways.len())?;
            for i in 0..ways.len() {
                let (inside, outside) = ways[i].0.split(&self.sets[*set as usize]);
                if inside.is_empty() {
                    continue;
                }
                if !outside.is_empty() {
                    self.budget.spend(4 * ways[i].1.len())?;
                    let rest = (outside, ways[i].1.clone());
                    ways.push(rest);
                    ways[i].0 = inside;
                }
                self.budget.spend(4 * follow.len())?;
                ways[i].1.extend(follow.iter().map(|&to| if to == AGAIN { place } else { to }));
            }
        }
        ways.retain_mut(|(_, to)| {
            to.sort_unstable();
            to.dedup();
            !to.is_empty()
        });
        Ok(Open { places, ways, done: 0 })
    }

    /// All that it leads to has its state: it gets its own.
    fn close(&mut self, open: Open) {
        let mut row = vec![DEAD; self.table.classes];
        for (set, to) in &open.ways {
            let to = self.found.get(to.as_slice()).copied().flatten().unwrap_or(AGAIN);
            (0..=255u8).zip(&mut row).filter(|(class, _)| set.has(*class)).for_each(|(_, cell)| *cell = to);
        }
        let accepts = u32::from(open.places.first() == Some(&MATCH));
        let table = &mut self.table;
        let state = *self.rows.entry((row, accepts)).or_insert_with_key(|(row, _)| {
            let fresh = table.accepts.len() as u32;
            table.next.extend(row.iter().map(|&to| if to == AGAIN { fresh } else { to }));
            table.accepts.push(accepts);
            fresh
        });
        self.found.insert(open.places, Some(state));
    }
}
