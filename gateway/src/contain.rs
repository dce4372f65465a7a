//! A fault of the guard ends one exchange, not the process; long work leaves the runtime's workers free.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::deny::Deny;

/// Above this much text a scan takes milliseconds: a worker that is kept so long stalls every stream that it serves.
/// Below it, handing over to another thread costs more than the scan.
const INLINE: usize = 256 * 1024;

/// Runs the guard on so many bytes; `waits` says that it asks others. A panic in it refuses the exchange; what it held
/// is dropped with it.
pub(crate) async fn scan<T: Send + 'static>(
    bytes: usize,
    waits: bool,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Deny> {
    if bytes <= INLINE && !waits {
        return contained(work);
    }
    tokio::task::spawn_blocking(work).await.map_err(|_| Deny::GuardFault)
}

/// Runs the guard here.
pub(crate) fn contained<T>(work: impl FnOnce() -> T) -> Result<T, Deny> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Deny::GuardFault)
}
