//! Which patterns match in a state.

/// What the rows of one part accept: those from some row on.
#[derive(Default)]
pub(super) struct Accepts {
    pub(super) from: usize,
    /// Ascending, for each row.
    pub(super) patterns: Vec<Box<[u16]>>,
    /// The borders of those, as bits.
    borders: Vec<u8>,
}

impl Accepts {
    pub(super) fn new(from: usize, patterns: Vec<Box<[u16]>>) -> Self {
        Accepts { from, borders: vec![u8::MAX; patterns.len()], patterns }
    }

    pub(super) fn patterns(&self, row: usize) -> &[u16] {
        row.checked_sub(self.from).and_then(|at| self.patterns.get(at)).map_or(&[], |patterns| patterns)
    }

    #[inline(always)]
    pub(super) fn borders(&self, row: usize) -> u8 {
        self.borders.get(row.wrapping_sub(self.from)).copied().unwrap_or(0)
    }

    /// Each pattern gets the name at its place.
    pub(super) fn rename(&mut self, names: &[u16]) {
        self.patterns.iter_mut().flatten().for_each(|p| *p = names.get(usize::from(*p)).copied().unwrap_or(*p));
    }

    pub(super) fn learn_borders(&mut self, of_pattern: impl Fn(u16) -> u8) {
        self.borders = self.patterns.iter().map(|a| a.iter().fold(0, |bits, &p| bits | of_pattern(p))).collect();
    }

    pub(super) fn memory(&self) -> usize {
        let patterns: usize =
            self.patterns.iter().map(|patterns| size_of_val(patterns) + size_of_val(&**patterns)).sum();
        patterns + self.borders.len()
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

    /// From the first one on, as of a slice.
    pub(crate) fn iter(&self) -> Self {
        self.clone()
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
