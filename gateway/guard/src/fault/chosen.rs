//! One fault for the calling thread, while a test runs.

use std::cell::Cell;

use super::Fault;

thread_local! {
    static CHOSEN: Cell<Option<Fault>> = const { Cell::new(None) };
}

/// Whether the guard is to be wrong in this way.
pub(crate) fn is(fault: Fault) -> bool {
    CHOSEN.get() == Some(fault)
}

/// Runs something with a fault in the guard, on this thread only.
pub fn with<T>(fault: Fault, run: impl FnOnce() -> T) -> T {
    CHOSEN.set(Some(fault));
    let done = run();
    CHOSEN.set(None);
    done
}
