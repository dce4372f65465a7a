//! One clock for all threads of the load and the upstream.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Nanoseconds since the first look; never 0 afterwards.
pub(crate) fn now() -> u64 {
    START.elapsed().as_nanos() as u64 + 1
}

/// Sleeps until then, if that is still to come.
pub(crate) fn sleep_until(at: u64) {
    let left = at.saturating_sub(now());
    if left > 0 {
        std::thread::sleep(Duration::from_nanos(left));
    }
}
