//! Which patterns match in a state.

/// What is to be known of a pattern to tell whether a place where it matches is worth a look.
#[derive(Clone, Copy)]
pub(crate) struct Trait {
    /// The border it has, as a bit.
    pub(crate) border: u8,
    /// It says something of an answer only: where nobody asked, it is as if it did not match.
    pub(crate) asked: bool,
}

/// What the rows of one part accept: those from some row on. Of each two, where nobody asked and where somebody did.
#[derive(Default)]
pub(super) struct Accepts {
    from: usize,
    /// Ascending, for each row.
    patterns: [Vec<Box<[u16]>>; 2],
    /// The borders of those, as bits.
    borders: [Vec<u8>; 2],
}

impl Accepts {
    pub(super) fn new(from: usize, patterns: Vec<Box<[u16]>>) -> Self {
        let borders = vec![u8::MAX; patterns.len()];
        Accepts { from, patterns: [patterns.clone(), patterns], borders: [borders.clone(), borders] }
    }

    pub(super) fn patterns(&self, row: usize, asked: bool) -> &[u16] {
        let patterns = &self.patterns[usize::from(asked)];
        row.checked_sub(self.from).and_then(|at| patterns.get(at)).map_or(&[], |patterns| patterns)
    }

    #[inline(always)]
    pub(super) fn borders(&self, row: usize, asked: bool) -> u8 {
        self.borders[usize::from(asked)].get(row.wrapping_sub(self.from)).copied().unwrap_or(0)
    }

    /// Each pattern gets the name at its place.
    pub(super) fn rename(&mut self, names: &[u16]) {
        let patterns = self.patterns.iter_mut().flatten().flatten();
        patterns.for_each(|p| *p = names.get(usize::from(*p)).copied().unwrap_or(*p));
    }

    pub(super) fn learn(&mut self, of_pattern: impl Fn(u16) -> Trait) {
        let always = |row: &mut Box<[u16]>| row.iter().copied().filter(|&p| !of_pattern(p).asked).collect();
        self.patterns[0].iter_mut().for_each(|row| *row = always(row));
        let borders = |row: &[u16]| row.iter().fold(0, |bits, &p| bits | of_pattern(p).border);
        self.borders = [0, 1].map(|asked| self.patterns[asked].iter().map(|row| borders(row)).collect());
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
