//! Shutting down: nothing new is taken, what runs may end, and what runs too long is cut.

use std::sync::Arc;

use tokio::sync::watch;

/// Counts open exchanges and tells them when their time is over.
#[derive(Clone, Debug)]
pub(crate) struct Drain(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    open: watch::Sender<usize>,
    phase: watch::Sender<Phase>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, PartialOrd)]
enum Phase {
    Serving,
    Draining,
    Cut,
}

/// An exchange that is open; dropped when it ends, however it ends.
#[derive(Debug)]
pub(crate) struct Open(Drain);

impl Drain {
    pub(crate) fn new() -> Self {
        Drain(Arc::new(Inner { open: watch::Sender::new(0), phase: watch::Sender::new(Phase::Serving) }))
    }

    pub(crate) fn enter(&self) -> Open {
        self.0.open.send_modify(|n| *n += 1);
        Open(self.clone())
    }

    /// From now on nothing new is to be taken.
    pub(crate) fn begin(&self) {
        self.0.phase.send_replace(Phase::Draining);
    }

    pub(crate) fn draining(&self) -> bool {
        *self.0.phase.borrow() >= Phase::Draining
    }

    /// Ends every exchange that is still open.
    pub(crate) fn cut(&self) {
        self.0.phase.send_replace(Phase::Cut);
    }

    /// Ends when what is open must end.
    pub(crate) async fn cut_off(&self) {
        let mut phase = self.0.phase.subscribe();
        if phase.wait_for(|p| *p == Phase::Cut).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Ends when nothing is open.
    pub(crate) async fn empty(&self) {
        // The sender lives in `self`, so that this cannot fail.
        let _ = self.0.open.subscribe().wait_for(|n| *n == 0).await;
    }

    pub(crate) fn open(&self) -> usize {
        *self.0.open.borrow()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.0.open.send_modify(|n| *n -= 1);
    }
}
