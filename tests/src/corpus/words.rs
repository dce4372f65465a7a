//! Names and places, written down for this program: common ones of several languages.

use super::prng::Prng;

/// A list, an item a line.
pub(super) struct Words(&'static str);

pub(super) const GIVEN: Words = Words(include_str!("words/given.txt"));
pub(super) const SURNAMES: Words = Words(include_str!("words/surnames.txt"));
pub(super) const STREETS: Words = Words(include_str!("words/streets.txt"));
pub(super) const UK_CITIES: Words = Words(include_str!("words/uk_cities.txt"));
pub(super) const US_CITIES: Words = Words(include_str!("words/us_cities.txt"));

impl Words {
    pub(super) fn pick(&self, rng: &mut Prng) -> &'static str {
        // The lists are short: counting the lines each time costs less than a table that somebody must keep.
        let count = self.0.lines().count();
        self.0.lines().nth(rng.below(count)).unwrap_or_default()
    }
}
