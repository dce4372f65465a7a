//! An expression as the places where it reads a byte: which bytes each takes, and which places may follow.
//!
//! Built from its end, so that a place is known by what it takes and what follows: places with the same future are one
//! from the start, and what the subset construction makes of them is nearly minimal.

use std::collections::HashMap;

use regex_syntax::hir::{Hir, HirKind, Repetition};

use super::{budget::Budget, bytes::Set, fast::FastMap};

/// Where an expression has matched: no byte is read here.
pub(super) const MATCH: u32 = 0;

/// Among what follows a place, the place itself.
pub(super) const AGAIN: u32 = u32::MAX;

/// What a place costs that is to be remembered.
const COST: usize = 64;

/// Places, in ascending order.
pub(super) type Places = Box<[u32]>;

/// The sets of bytes of all expressions.
#[derive(Default)]
pub(super) struct Sets {
    pub(super) all: Vec<Set>,
    index: HashMap<Set, u32>,
}

impl Sets {
    fn id(&mut self, set: Set) -> u32 {
        *self.index.entry(set).or_insert_with(|| {
            self.all.push(set);
            self.all.len() as u32 - 1
        })
    }
}

/// One expression. None of its places is without a way to a match.
pub(super) struct Positions {
    /// By place, from 1: the number of its set, and what follows.
    of: Vec<(u32, Places)>,
    pub(super) first: Places,
}

impl Positions {
    pub(super) fn new(hir: &Hir, sets: &mut Sets, budget: &mut Budget) -> Result<Self, String> {
        let mut builder = Builder { sets, budget, of: Vec::new(), ids: FastMap::default() };
        let first = builder.before(hir, [MATCH].into())?;
        Ok(Positions { of: builder.of, first })
    }

    /// The number of a place's set, and what follows it; nothing follows a match.
    pub(super) fn at(&self, place: u32) -> Option<&(u32, Places)> {
        self.of.get((place as usize).checked_sub(1)?)
    }
}

/// The bytes of an expression that takes exactly one.
fn one_byte(hir: &Hir) -> Option<Set> {
    match hir.kind() {
        HirKind::Class(class) => Set::of_class(class),
        HirKind::Literal(l) if l.0.len() == 1 => l.0.first().map(|&b| Set::of_byte(b)),
        HirKind::Capture(c) => one_byte(&c.sub),
        _ => None,
    }
}

struct Builder<'a> {
    sets: &'a mut Sets,
    budget: &'a mut Budget,
    of: Vec<(u32, Places)>,
    ids: FastMap<(u32, Places), u32>,
}

impl Builder<'_> {
    /// The places where `hir` starts, if what follows it starts at `after`.
    fn before(&mut self, hir: &Hir, after: Places) -> Result<Places, String> {
        match hir.kind() {
            HirKind::Empty => Ok(after),
            HirKind::Look(_) => Err("look-around is not supported".into()),
            HirKind::Literal(l) => l.0.iter().rev().try_fold(after, |after, &b| self.place(Set::of_byte(b), after)),
            HirKind::Class(class) => self.place(Set::of_class(class).ok_or("a class beyond bytes")?, after),
            HirKind::Capture(c) => self.before(&c.sub, after),
            HirKind::Concat(parts) => parts.iter().rev().try_fold(after, |after, part| self.before(part, after)),
            HirKind::Alternation(parts) => {
                let mut all = Places::default();
                for part in parts {
                    let one = self.before(part, after.clone())?;
                    all = self.union(&all, &one)?;
                }
                Ok(all)
            }
            HirKind::Repetition(r) => self.repetition(r, after),
        }
    }

    fn repetition(&mut self, r: &Repetition, after: Places) -> Result<Places, String> {
        let mut at = match r.max {
            Some(max) => {
                let mut at = after.clone();
                for _ in r.min..max {
                    let one = self.before(&r.sub, at)?;
                    at = self.union(&after, &one)?;
                }
                at
            }
            None => {
                let set = one_byte(&r.sub).ok_or("more than one byte is repeated without a limit")?;
                let follow = self.union(&after, &[AGAIN])?;
                let one = if after.is_empty() { Places::default() } else { self.place(set, follow)? };
                self.union(&after, &one)?
            }
        };
        for _ in 0..r.min {
            at = self.before(&r.sub, at)?;
        }
        Ok(at)
    }

    /// A place, if anything can match through it.
    fn place(&mut self, set: Set, follow: Places) -> Result<Places, String> {
        self.budget.spend(COST * (1 + follow.len()))?;
        if set.is_empty() || follow.is_empty() {
            return Ok(Places::default());
        }
        let key = (self.sets.id(set), follow);
        if let Some(&id) = self.ids.get(&key) {
            return Ok([id].into());
        }
        self.of.push(key.clone());
        let id = self.of.len() as u32;
        self.ids.insert(key, id);
        Ok([id].into())
    }

    fn union(&mut self, a: &[u32], b: &[u32]) -> Result<Places, String> {
        self.budget.spend(COST * (1 + a.len() + b.len()))?;
        let mut all = [a, b].concat();
        all.sort_unstable();
        all.dedup();
        Ok(all.into())
    }
}
