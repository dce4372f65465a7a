//! Sets of bytes, and the classes of bytes that a list of sets cannot tell apart.

use std::collections::HashMap;

use regex_syntax::hir::Class;

/// A set of bytes, or of classes of bytes.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub(super) struct Set([u64; 4]);

impl Set {
    pub(super) fn of_class(class: &Class) -> Option<Self> {
        let bytes = match class {
            Class::Bytes(bytes) => bytes.clone(),
            Class::Unicode(chars) => chars.to_byte_class()?,
        };
        let mut set = Set::default();
        bytes.iter().flat_map(|r| r.start()..=r.end()).for_each(|b| set.insert(b));
        Some(set)
    }

    pub(super) fn of_byte(byte: u8) -> Self {
        let mut set = Set::default();
        set.insert(byte);
        set
    }

    pub(super) fn all() -> Self {
        Set([u64::MAX; 4])
    }

    pub(super) fn insert(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    pub(super) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }

    /// What is in both, and what is in this one alone.
    pub(super) fn split(&self, by: &Set) -> (Set, Set) {
        let [mut inside, mut outside] = [*self; 2];
        for (i, word) in by.0.iter().enumerate() {
            inside.0[i] &= word;
            outside.0[i] &= !word;
        }
        (inside, outside)
    }
}

/// Bytes that are in the same sets are in the same class.
pub(super) struct Classes {
    pub(super) of: [u8; 256],
    pub(super) count: usize,
}

impl Classes {
    pub(super) fn new(sets: &[Set]) -> Self {
        let mut classes = Classes { of: [0; 256], count: 1 };
        for set in sets {
            let mut seen = HashMap::new();
            for byte in 0..=255u8 {
                let of = &mut classes.of[usize::from(byte)];
                let fresh = seen.len() as u8;
                *of = *seen.entry((*of, set.has(byte))).or_insert(fresh);
            }
            classes.count = seen.len();
        }
        classes
    }

    /// The classes of a set of bytes.
    pub(super) fn of_set(&self, set: &Set) -> Set {
        let mut classes = Set::default();
        (0..=255u8).filter(|&b| set.has(b)).for_each(|b| classes.insert(self.of[usize::from(b)]));
        classes
    }
}
