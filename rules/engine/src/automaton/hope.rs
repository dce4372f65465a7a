//! From which rows of a part something can be found though no words speak for it.

/// A bit for each row.
#[derive(Default)]
pub(super) struct Hope(Box<[u64]>);

impl Hope {
    /// Of a part with these rows, each `width` cells long, of which `accept` are what that needs no words.
    pub(super) fn of(next: &[u16], width: usize, accept: impl Iterator<Item = usize>) -> Self {
        let rows = next.len() / width;
        let mut hope = Hope(vec![0; rows.div_ceil(64)].into());
        let mut todo: Vec<u16> = accept.map(|row| row as u16).collect();
        todo.iter().for_each(|&row| hope.set(row));
        let before = Before::of(next, width);
        while let Some(row) = todo.pop() {
            for &from in before.of_row(row) {
                if !hope.has(from) {
                    hope.set(from);
                    todo.push(from);
                }
            }
        }
        hope
    }

    #[inline]
    pub(super) fn has(&self, row: u16) -> bool {
        self.0.get(usize::from(row) / 64).is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }

    fn set(&mut self, row: u16) {
        if let Some(bits) = self.0.get_mut(usize::from(row) / 64) {
            *bits |= 1 << (row % 64);
        }
    }

    pub(super) fn memory(&self) -> usize {
        size_of_val(&*self.0)
    }
}

/// The rows that lead to each row.
struct Before {
    from: Vec<u16>,
    /// Where those of a row end, which start where those of the row before end.
    ends: Vec<usize>,
}

impl Before {
    fn of(next: &[u16], width: usize) -> Self {
        // Neighbouring classes lead to the same row mostly, and what leads nowhere is not asked for.
        let edges = |each: &mut dyn FnMut(u16, u16)| {
            for (from, row) in (0..).zip(next.chunks(width)) {
                let mut last = 0;
                for &to in row.iter().filter(|to| std::mem::replace(&mut last, **to) != **to) {
                    each(from, to);
                }
            }
        };
        let mut ends = vec![0; next.len() / width + 1];
        edges(&mut |_, to| ends[usize::from(to) + 1] += 1);
        (1..ends.len()).for_each(|i| ends[i] += ends[i - 1]);
        let mut from = vec![0; ends.last().copied().unwrap_or(0)];
        edges(&mut |row, to| {
            let at = &mut ends[usize::from(to)];
            from[*at] = row;
            *at += 1;
        });
        Before { from, ends }
    }

    fn of_row(&self, row: u16) -> &[u16] {
        let row = usize::from(row);
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.from[start..self.ends[row]]
    }
}
