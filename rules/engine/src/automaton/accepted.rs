//! Which patterns match in a state.

/// What is to be known of a pattern to tell whether a place where it matches is worth a look.
#[derive(Clone, Copy)]
pub(crate) struct Trait {
    /// The border it has, as a bit.
    pub(crate) border: u8,
    pub(crate) needs: Needs,
    /// Words before it can speak for it.
    pub(crate) contextual: bool,
}

/// What a pattern needs before its match for that to be a finding: without it, it is as if it did not match.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Needs {
    /// Its shape or its checks can say enough.
    Nothing,
    /// Words must speak for it.
    Words,
    /// It says something of an answer only.
    Question,
}

impl Needs {
    const ALL: [Needs; 3] = [Needs::Nothing, Needs::Words, Needs::Question];
}

/// What the rows of one part accept: those from some row on. By what there is before a match, see [`Needs`].
#[derive(Default)]
pub(super) struct Accepts {
    from: usize,
    /// Ascending, for each row.
    patterns: [Vec<Box<[u16]>>; 3],
    /// The borders of those, as bits.
    borders: [Vec<u8>; 3],
    /// Whether words can speak for one of them, by row.
    contextual: Vec<bool>,
}

impl Accepts {
    pub(super) fn new(from: usize, patterns: Vec<Box<[u16]>>) -> Self {
        let borders = vec![u8::MAX; patterns.len()];
        Accepts {
            from,
            patterns: Needs::ALL.map(|_| patterns.clone()),
            borders: Needs::ALL.map(|_| borders.clone()),
            contextual: Vec::new(),
        }
    }

    pub(super) fn patterns(&self, row: usize, given: Needs) -> &[u16] {
        let patterns = &self.patterns[given as usize];
        row.checked_sub(self.from).and_then(|at| patterns.get(at)).map_or(&[], |patterns| patterns)
    }

    #[inline(always)]
    pub(super) fn borders(&self, row: usize, given: Needs) -> u8 {
        self.borders[given as usize].get(row.wrapping_sub(self.from)).copied().unwrap_or(0)
    }

    /// The rows that accept a pattern which needs no words.
    pub(super) fn unaided(&self) -> impl Iterator<Item = usize> {
        let rows = self.patterns[Needs::Nothing as usize].iter().enumerate();
        rows.filter(|(_, patterns)| !patterns.is_empty()).map(|(at, _)| self.from + at)
    }

    #[inline]
    pub(super) fn contextual(&self, row: usize) -> bool {
        self.contextual.get(row.wrapping_sub(self.from)).is_some_and(|c| *c)
    }

    /// Each pattern gets the name at its place.
    pub(super) fn rename(&mut self, names: &[u16]) {
        let patterns = self.patterns.iter_mut().flatten().flatten();
        patterns.for_each(|p| *p = names.get(usize::from(*p)).copied().unwrap_or(*p));
    }

    pub(super) fn learn(&mut self, of_pattern: impl Fn(u16) -> Trait) {
        let contextual = |row: &[u16]| row.iter().any(|&p| of_pattern(p).contextual);
        self.contextual = self.patterns[Needs::Question as usize].iter().map(|row| contextual(row)).collect();
        let served = |row: &[u16], given| row.iter().copied().filter(|&p| of_pattern(p).needs <= given).collect();
        for (given, rows) in Needs::ALL.into_iter().zip(&mut self.patterns) {
            rows.iter_mut().for_each(|row| *row = served(row, given));
        }
        let borders = |row: &[u16]| row.iter().fold(0, |bits, &p| bits | of_pattern(p).border);
        self.borders = Needs::ALL.map(|given| self.patterns[given as usize].iter().map(|row| borders(row)).collect());
    }

    pub(super) fn memory(&self) -> usize {
        let row = |row: &[u16]| size_of::<Box<[u16]>>() + size_of_val(row) + 1;
        self.patterns.iter().flatten().map(|patterns| row(patterns)).sum()
    }
}

/// The patterns that match in a state, ascending.
#[derive(Clone)]
pub(crate) struct Accepted<'a> {
    of_parts: [&'a [u16]; super::PARTS],
}

impl<'a> Accepted<'a> {
    pub(super) fn new(of_parts: [&'a [u16]; super::PARTS]) -> Self {
        Accepted { of_parts }
    }
}

impl<'a> Iterator for Accepted<'a> {
    type Item = &'a u16;

    fn next(&mut self) -> Option<&'a u16> {
        let lowest = self.of_parts.iter_mut().filter(|part| !part.is_empty()).min_by_key(|part| part[0])?;
        let (first, rest) = lowest.split_first()?;
        *lowest = rest;
        Some(first)
    }
}
