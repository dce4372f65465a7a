//! What one process holds at most: bytes in buffers, and exchanges that are open. Taken by reservations that give back
//! when they are dropped, on every way out.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::deny::Deny;

/// A count with a ceiling.
#[derive(Clone, Debug)]
pub(crate) struct Budget(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limit: usize,
    used: AtomicUsize,
}

/// A part of a budget.
#[derive(Debug)]
pub(crate) struct Reservation {
    budget: Budget,
    held: usize,
}

impl Budget {
    pub(crate) fn new(limit: usize) -> Self {
        Budget(Arc::new(Inner { limit, used: AtomicUsize::new(0) }))
    }

    /// A reservation of so much, or `busy`.
    pub(crate) fn reserve(&self, amount: usize) -> Result<Reservation, Deny> {
        let mut reservation = Reservation { budget: self.clone(), held: 0 };
        reservation.set(amount)?;
        Ok(reservation)
    }

    #[cfg(test)]
    pub(crate) fn used(&self) -> usize {
        self.0.used.load(Ordering::Acquire)
    }
}

impl Reservation {
    /// Holds so much from now on. On refusal it holds what it held.
    pub(crate) fn set(&mut self, amount: usize) -> Result<(), Deny> {
        let inner = &self.budget.0;
        if amount <= self.held {
            inner.used.fetch_sub(self.held - amount, Ordering::AcqRel);
        } else {
            let more = amount - self.held;
            let fits = |used: usize| used.checked_add(more).filter(|&sum| sum <= inner.limit);
            inner.used.fetch_update(Ordering::AcqRel, Ordering::Acquire, fits).map_err(|_| Deny::Busy)?;
        }
        self.held = amount;
        Ok(())
    }

    pub(crate) fn grow(&mut self, more: usize) -> Result<(), Deny> {
        self.set(self.held.saturating_add(more))
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.0.used.fetch_sub(self.held, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_it_took() {
        let budget = Budget::new(10);
        let mut a = budget.reserve(6).unwrap();
        assert_eq!(budget.reserve(5).unwrap_err(), Deny::Busy);
        assert_eq!(a.grow(5), Err(Deny::Busy));
        assert_eq!(budget.used(), 6, "a refusal takes nothing");
        a.set(10).unwrap();
        a.set(1).unwrap();
        assert_eq!(budget.used(), 1);
        drop(a);
        assert_eq!(budget.used(), 0);
    }
}
