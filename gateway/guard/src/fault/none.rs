//! No fault, ever: what every build has that is not for these tests.

use super::Fault;

/// Whether the engine is to be wrong in this way.
#[inline(always)]
pub(crate) const fn is(_: Fault) -> bool {
    false
}

/// Runs something; there is no fault to run it with.
pub fn with<T>(_: Fault, run: impl FnOnce() -> T) -> T {
    run()
}
