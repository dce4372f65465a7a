//! A streamed answer: from the upstream through the guard to the client, no faster than the client takes it.
//!
//! The upstream is asked for more only when what the guard let go has been taken by the client's socket: that is the
//! backpressure. Every way out but a clean end ends the stream with an error event and without the dialect's end mark.

#[cfg(test)]
mod tests;

use std::{
    pin::{Pin, pin},
    time::Duration,
};

use bytes::Bytes;
use guard::{Refusal, StreamGuard, Summary};
use tokio::time::{sleep, timeout};

use crate::{
    budget::Reservation,
    contain::contained,
    deny::Deny,
    drain::Drain,
    exchange::{Exchange, Stop},
    ports::{Broken, Downstream, Head, Upstream},
};

/// An error event is given this long when everything is being shut down.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How long the upstream may take to end its body once the dialect's end mark has passed; after that its connection is
/// not worth keeping.
const AFTER_THE_END: Duration = Duration::from_millis(20);

/// The head of an answer waits this long for the first bytes that may leave; then it goes alone, since clients have
/// deadlines for it.
const HEAD_ALONE: Duration = Duration::from_secs(1);

/// How long anything may stand still, and when everything must end.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    pub(crate) idle: Duration,
    pub(crate) drain: Drain,
}

/// What stands between the two: the guard, or a double.
pub(crate) trait Filter: Send {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal>;
    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Refusal>;
    fn abort(&mut self, out: &mut Vec<u8>);
    fn done(&self) -> bool;
    /// Whether what ended it was the provider's own error.
    fn failed(&self) -> bool;
    fn held(&self) -> usize;
    fn summary(&self) -> &Summary;
}

/// One streamed answer.
pub(crate) struct Pump<'a, U, D, F> {
    pub(crate) up: &'a mut U,
    pub(crate) down: &'a mut D,
    pub(crate) filter: F,
    /// Until it has been sent: it waits for the first bytes, so that a failure before them has a status of its own.
    pub(crate) head: Option<Head>,
    pub(crate) pace: &'a Pace,
    pub(crate) room: &'a mut Reservation,
    pub(crate) exchange: &'a mut Exchange,
}

/// What the upstream does next.
enum Next {
    Chunk(Bytes),
    End,
    /// Nothing that may leave, for too long.
    HeadIsDue,
}

impl<U: Upstream, D: Downstream, F: Filter> Pump<'_, U, D, F> {
    /// Runs it. True if the upstream's connection can serve again; a refusal only if nothing has been sent.
    pub(crate) async fn run(mut self) -> Result<bool, Stop> {
        let ended = match self.flow().await {
            Err(Stop::Refused(deny)) => self.fail(deny).await,
            ended => ended,
        };
        if let Ok(summary) = contained(|| self.filter.summary().clone()) {
            self.exchange.record.count_answer(&summary);
        }
        ended
    }

    async fn flow(&mut self) -> Result<bool, Stop> {
        let mut cut = pin!(self.pace.drain.cut_off());
        let mut patience = pin!(sleep(HEAD_ALONE));
        loop {
            let chunk = match self.next(cut.as_mut(), patience.as_mut()).await? {
                Next::Chunk(chunk) => chunk,
                Next::End => break,
                Next::HeadIsDue => {
                    self.send(Bytes::new(), false).await?;
                    continue;
                }
            };
            let arrived = self.exchange.received();
            let mut out = Vec::new();
            contained(|| self.filter.push(&chunk, &mut out))?.map_err(Deny::of_answer)?;
            let (held, done) = (self.filter.held(), self.filter.done());
            self.room.set(held + out.len())?;
            if !out.is_empty() || done {
                self.send(out.into(), done).await?;
            }
            if done {
                self.exchange.record.aborted = self.filter.failed().then_some("upstream");
                return Ok(matches!(timeout(AFTER_THE_END, self.up.chunk()).await, Ok(Ok(None))));
            }
            if held > 0 {
                self.exchange.holds(arrived);
            }
        }
        let mut out = Vec::new();
        contained(|| self.filter.finish(&mut out))?.map_err(Deny::of_answer)?;
        self.send(out.into(), true).await?;
        Ok(true)
    }

    /// The upstream's next bytes, unless something ends the exchange first.
    async fn next(
        &mut self,
        cut: Pin<&mut impl Future<Output = ()>>,
        patience: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<Next, Stop> {
        tokio::select! {
            () = patience, if self.head.is_some() => Ok(Next::HeadIsDue),
            chunk = timeout(self.pace.idle, self.up.chunk()) => match chunk {
                Err(_) => Err(Deny::UpstreamTimeout.into()),
                Ok(Err(Broken)) => Err(Deny::UpstreamGarbage("it was cut off").into()),
                Ok(Ok(chunk)) => Ok(chunk.map_or(Next::End, Next::Chunk)),
            },
            () = self.down.gone() => Err(Stop::ClientLeft),
            () = cut => Err(Deny::Draining.into()),
        }
    }

    async fn send(&mut self, chunk: Bytes, end: bool) -> Result<(), Stop> {
        self.send_within(self.pace.idle, chunk, end).await
    }

    /// A client that takes nothing for so long is as good as gone.
    async fn send_within(&mut self, limit: Duration, chunk: Bytes, end: bool) -> Result<(), Stop> {
        let size = chunk.len();
        let cut = self.pace.drain.cut_off();
        let head = self.head.take();
        if let Some(head) = &head {
            self.exchange.record.status = Some(head.status.as_u16());
        }
        let write = async {
            match head {
                Some(head) => self.down.write_head(head, chunk, end).await,
                None => self.down.write(chunk, end).await,
            }
        };
        let written = async { timeout(limit, write).await.is_ok_and(|written| written.is_ok()) };
        // Once cut, what is being written gets its last second as well.
        let cut = async {
            cut.await;
            sleep(LAST_WORDS).await;
        };
        let (written, cut) = (pin!(written), pin!(cut));
        let taken = tokio::select! {
            taken = written => taken,
            () = cut => false,
        };
        if !taken {
            return Err(Stop::ClientLeft);
        }
        self.exchange.sent(size);
        Ok(())
    }

    /// Ends the answer as one that is not complete.
    async fn fail(&mut self, deny: Deny) -> Result<bool, Stop> {
        let mut out = Vec::new();
        // A guard that fails here has nothing more to say; the error event is ours.
        if contained(|| self.filter.abort(&mut out)).is_err() {
            out.clear();
        }
        if self.head.is_some() && out.is_empty() {
            return Err(Stop::Refused(deny));
        }
        out.extend(deny.event());
        self.exchange.refused(&deny);
        self.exchange.record.aborted = deny.by_upstream().then_some("upstream");
        let limit = if deny == Deny::Draining { LAST_WORDS } else { self.pace.idle };
        self.send_within(limit, out.into(), true).await?;
        Ok(false)
    }
}

impl Filter for StreamGuard {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        StreamGuard::push(self, bytes, out)
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Refusal> {
        StreamGuard::finish(self, out)
    }

    fn abort(&mut self, out: &mut Vec<u8>) {
        StreamGuard::abort(self, out);
    }

    fn done(&self) -> bool {
        StreamGuard::done(self)
    }

    fn failed(&self) -> bool {
        StreamGuard::failed(self)
    }

    fn held(&self) -> usize {
        StreamGuard::held(self)
    }

    fn summary(&self) -> &Summary {
        StreamGuard::summary(self)
    }
}
