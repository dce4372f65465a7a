//! Several expressions in one table, as far as they go together.
//!
//! Expressions that count different things, digits here and bytes there, have as many states together as the product of
//! what they have alone. So each expression is added to that part of the automaton where it needs the fewest more:
//! what is counted alike ends up in one part, and the parts are stepped side by side.

use super::{
    budget::Budget,
    fast::FastMap,
    single::{DEAD, Table},
};

/// A part that is being built.
pub(super) struct Part {
    table: Table,
    /// By label: another one and the expression that is accepted, too. The first stands for nothing.
    labels: Vec<(u32, u16)>,
    /// Where the states and labels of the expression start that is being tried.
    kept: (usize, usize),
    /// States that were reachable when that was last looked at.
    reachable: usize,
    pairs: FastMap<u64, u32>,
    joined: FastMap<u32, u32>,
}

/// A part that is finished.
pub(super) struct Finished {
    /// States that accept come last.
    pub(super) table: Table,
    /// What those accept, in their order: expressions, ascending.
    pub(super) accepts: Vec<Box<[u16]>>,
    /// By class of the byte before a thread and by class of its first byte: its state.
    pub(super) entry: Vec<Vec<u32>>,
}

impl Part {
    pub(super) fn new(classes: usize) -> Self {
        Part {
            table: Table::empty(classes),
            labels: vec![(0, 0)],
            kept: (1, 1),
            reachable: 1,
            pairs: FastMap::default(),
            joined: FastMap::default(),
        }
    }

    /// States, whether reachable or not.
    pub(super) fn states(&self) -> usize {
        self.table.states()
    }

    /// Adds an expression, if that takes fewer states than `limit`: answers how many, and the start for [`Part::keep`].
    pub(super) fn attempt(
        &mut self,
        number: u16,
        alone: &Table,
        limit: usize,
        budget: &mut Budget,
    ) -> Result<Option<(usize, u32)>, String> {
        self.pairs.clear();
        self.joined.clear();
        let mut todo = Vec::new();
        let start = self.pair(self.table.start, alone.start, number, alone, &mut todo);
        let mut row = Vec::with_capacity(self.table.classes);
        let mut next = 0;
        while let Some(&(here, there)) = todo.get(next) {
            if todo.len() >= limit {
                return Ok(None);
            }
            budget.spend(self.table.classes)?;
            row.clear();
            let mut last = ((DEAD, DEAD), DEAD);
            for class in 0..self.table.classes {
                let pair = (self.table.row(here)[class], alone.row(there)[class]);
                if pair != last.0 {
                    last = (pair, self.pair(pair.0, pair.1, number, alone, &mut todo));
                }
                row.push(last.1);
            }
            self.table.next.extend_from_slice(&row);
            next += 1;
        }
        Ok((todo.len() < limit).then_some((todo.len(), start)))
    }

    /// The state for both; where the new expression is dead it is the old one.
    fn pair(&mut self, here: u32, there: u32, number: u16, alone: &Table, todo: &mut Vec<(u32, u32)>) -> u32 {
        if there == DEAD {
            return here;
        }
        let Part { table, labels, pairs, joined, .. } = self;
        *pairs.entry(u64::from(here) << 32 | u64::from(there)).or_insert_with(|| {
            todo.push((here, there));
            let before = table.accepts[here as usize];
            let label = if alone.accepts[there as usize] == 0 {
                before
            } else {
                *joined.entry(before).or_insert_with(|| {
                    labels.push((before, number));
                    labels.len() as u32 - 1
                })
            };
            table.accepts.push(label);
            table.accepts.len() as u32 - 1
        })
    }

    /// What was tried last is no part of it.
    pub(super) fn undo(&mut self) {
        self.table.accepts.truncate(self.kept.0);
        self.table.next.truncate(self.kept.0 * self.table.classes);
        self.labels.truncate(self.kept.1);
    }

    /// What was tried last is a part of it, and starts here.
    pub(super) fn keep(&mut self, start: u32) {
        self.table.start = start;
        if self.table.states() > self.reachable * 3 / 2 + 1024 {
            self.prune();
        }
        self.kept = (self.table.states(), self.labels.len());
    }

    /// Forgets states that nothing leads to any more.
    fn prune(&mut self) {
        let order = self.order(&[self.table.start]);
        self.table = self.renumbered(&order);
        self.reachable = order.len() + 1;
        self.kept = (self.table.states(), self.labels.len());
    }

    /// What leads on from these states, in the order in which it is come upon: what is near in a text is near in memory.
    fn order(&self, from: &[u32]) -> Vec<u32> {
        let mut seen = vec![false; self.table.states()];
        seen[DEAD as usize] = true;
        let mut order: Vec<u32> = Vec::new();
        let mut note = |order: &mut Vec<u32>, state: u32| {
            if !std::mem::replace(&mut seen[state as usize], true) {
                order.push(state);
            }
        };
        from.iter().for_each(|&state| note(&mut order, state));
        let mut next = 0;
        while let Some(&state) = order.get(next) {
            self.table.row(state).iter().for_each(|&to| note(&mut order, to));
            next += 1;
        }
        order
    }

    fn renumbered(&self, order: &[u32]) -> Table {
        let mut number = vec![DEAD; self.table.states()];
        (1..).zip(order).for_each(|(n, &state)| number[state as usize] = n);
        let mut table = Table::empty(self.table.classes);
        for &state in order {
            table.next.extend(self.table.row(state).iter().map(|&to| number[to as usize]));
            table.accepts.push(self.table.accepts[state as usize]);
        }
        table.start = number[self.table.start as usize];
        table
    }

    /// The part for threads, which start at the byte after the one that expressions read before their match.
    pub(super) fn finish(self, budget: &mut Budget) -> Result<Finished, String> {
        let entered: Vec<&[u32]> = self.table.row(self.table.start).iter().map(|&s| self.table.row(s)).collect();
        let mut order = self.order(&entered.concat());
        order.sort_by_key(|&state| self.table.accepts[state as usize] != 0);
        let mut number = vec![DEAD; self.table.states()];
        (1..).zip(&order).for_each(|(n, &state)| number[state as usize] = n);
        let entry = entered.iter().map(|row| row.iter().map(|&s| number[s as usize]).collect()).collect();
        let table = self.renumbered(&order);
        let labels = table.accepts.iter().filter(|&&label| label != 0);
        let accepts = labels.map(|&label| self.labelled(label, budget)).collect::<Result<_, _>>()?;
        Ok(Finished { table, accepts, entry })
    }

    fn labelled(&self, mut label: u32, budget: &mut Budget) -> Result<Box<[u16]>, String> {
        let mut numbers = Vec::new();
        while label != 0 {
            let (rest, number) = self.labels[label as usize];
            numbers.push(number);
            label = rest;
        }
        budget.spend(16 * numbers.len())?;
        numbers.sort_unstable();
        Ok(numbers.into())
    }
}
