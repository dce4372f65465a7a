//! A WebSocket session: messages go both ways, each through the guard of its direction, no faster than they are taken.
//!
//! A ping is answered here and goes no further; a side that is silent is asked for a sign of life, so that a dead
//! connection is noticed while its other end still waits. Every way out but a close from one of the two ends both with a
//! close code that says why.

pub(crate) mod handshake;
pub(crate) mod masks;
#[cfg(test)]
mod tests;
mod way;

use std::{pin::pin, time::Duration};

use bytes::Bytes;
use tokio::time::{Instant, interval, sleep, timeout};
use wire::ws;

use crate::{
    budget::Reservation,
    contain::contained,
    deny::Deny,
    exchange::{Exchange, Stop},
    ports::{BadBody, Broken, Downstream, Duplex},
    pump::Pace,
};
pub(crate) use way::Way;

/// Once one side has said goodbye, the other may take this long.
const GOODBYE: Duration = Duration::from_secs(2);

/// What stands between both sides of one session.
pub(crate) struct Relay<'a, U, D> {
    pub(crate) up: &'a mut U,
    pub(crate) down: &'a mut D,
    pub(crate) to_up: Way,
    pub(crate) to_down: Way,
    pub(crate) pace: &'a Pace,
    /// A side that says nothing for so long is gone.
    pub(crate) silence: Duration,
    pub(crate) room: &'a mut Reservation,
    pub(crate) exchange: &'a mut Exchange,
}

/// What happens next.
enum Next {
    FromClient(Result<Option<Bytes>, BadBody>),
    FromUpstream(Result<Option<Bytes>, Broken>),
    Tick,
    Cut,
}

impl<U: Duplex, D: Downstream> Relay<'_, U, D> {
    /// Runs it to its end; the client has been told what there is to tell.
    pub(crate) async fn run(mut self) -> Result<(), Stop> {
        let ended = match self.flow().await {
            Err(Stop::Refused(deny)) => self.fail(&deny).await,
            ended => ended,
        };
        if let Ok(summary) = contained(|| self.to_up.summary()) {
            self.exchange.record.count_request(&summary);
        }
        if let Ok(summary) = contained(|| self.to_down.summary()) {
            self.exchange.record.count_answer(&summary);
        }
        if self.to_up.passed_audio() || self.to_down.passed_audio() {
            self.exchange.record.unscanned.push("audio");
        }
        ended
    }

    async fn flow(&mut self) -> Result<(), Stop> {
        let drain = self.pace.drain.clone();
        let mut cut = pin!(drain.cut_off());
        let mut ticks = interval(self.silence / 3);
        let (mut client, mut upstream) = (Instant::now(), Instant::now());
        let mut goodbye: Option<Instant> = None;
        while !(self.to_up.closed() && self.to_down.closed()) {
            let until = goodbye.map_or(self.silence, |since| GOODBYE.saturating_sub(since.elapsed()));
            let next = tokio::select! {
                read = self.down.read(), if !self.to_up.closed() => Next::FromClient(read),
                chunk = self.up.chunk(), if !self.to_down.closed() => Next::FromUpstream(chunk),
                _ = ticks.tick() => Next::Tick,
                () = sleep(until), if goodbye.is_some() => return Ok(()),
                () = &mut cut => Next::Cut,
            };
            match next {
                Next::FromClient(Ok(Some(bytes))) => {
                    client = Instant::now();
                    self.hear_client(&bytes).await?;
                }
                Next::FromClient(_) if goodbye.is_some() => return Ok(()),
                Next::FromClient(_) => return Err(Stop::ClientLeft),
                Next::FromUpstream(Ok(Some(bytes))) => {
                    upstream = Instant::now();
                    self.hear_upstream(&bytes).await?;
                }
                Next::FromUpstream(_) if goodbye.is_some() => return Ok(()),
                Next::FromUpstream(_) => return Err(Deny::UpstreamGarbage("it was cut off").into()),
                Next::Tick => self.look_for_life(client, upstream).await?,
                Next::Cut => return Err(Deny::Draining.into()),
            }
            if self.to_up.closed() || self.to_down.closed() {
                goodbye.get_or_insert_with(Instant::now);
            }
        }
        Ok(())
    }

    async fn hear_client(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        self.exchange.record.bytes.request += bytes.len() as u64;
        let step = contained(|| self.to_up.take(bytes))?;
        self.keep_room()?;
        // What was clear before something was refused still leaves: it is the session that ends, not what was said.
        self.tell_upstream(step.onward).await?;
        self.tell_client(step.back).await?;
        step.refused.map_or(Ok(()), |deny| Err(deny.into()))
    }

    async fn hear_upstream(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let arrived = self.exchange.received();
        let step = contained(|| self.to_down.take(bytes))?;
        self.keep_room()?;
        if step.onward.is_empty() && self.to_down.held() > 0 {
            self.exchange.holds(arrived);
        }
        self.tell_client(step.onward).await?;
        self.tell_upstream(step.back).await?;
        step.refused.map_or(Ok(()), |deny| Err(deny.into()))
    }

    fn keep_room(&mut self) -> Result<(), Deny> {
        self.room.set(self.to_up.held() + self.to_down.held())
    }

    async fn tell_client(&mut self, frames: Vec<u8>) -> Result<(), Stop> {
        let size = frames.len();
        if size == 0 {
            return Ok(());
        }
        let taken = timeout(self.pace.idle, self.down.write(frames.into(), false)).await;
        if !taken.is_ok_and(|taken| taken.is_ok()) {
            return Err(Stop::ClientLeft);
        }
        self.exchange.sent(size);
        Ok(())
    }

    async fn tell_upstream(&mut self, frames: Vec<u8>) -> Result<(), Stop> {
        if frames.is_empty() {
            return Ok(());
        }
        match timeout(self.pace.idle, self.up.write(frames.into())).await {
            Err(_) => Err(Deny::UpstreamTimeout.into()),
            Ok(Err(Broken)) => Err(Deny::UpstreamGarbage("it takes nothing more").into()),
            Ok(Ok(())) => Ok(()),
        }
    }

    /// Asks whoever is silent for a sign of life, and ends the session of whoever gave none.
    async fn look_for_life(&mut self, client: Instant, upstream: Instant) -> Result<(), Stop> {
        if client.elapsed() >= self.silence && !self.to_up.closed() {
            return Err(Stop::ClientLeft);
        }
        if upstream.elapsed() >= self.silence && !self.to_down.closed() {
            return Err(Deny::UpstreamTimeout.into());
        }
        let quiet = |since: Instant| since.elapsed() >= self.silence / 3;
        let (ask_client, ask_upstream) = (quiet(client), quiet(upstream));
        if ask_client {
            let ping = self.to_down.ping();
            self.tell_client(ping).await?;
        }
        if ask_upstream {
            let ping = self.to_up.ping();
            self.tell_upstream(ping).await?;
        }
        Ok(())
    }

    /// Ends both sides, each with a close code.
    async fn fail(&mut self, deny: &Deny) -> Result<(), Stop> {
        self.exchange.refused(deny);
        self.exchange.record.aborted = deny.by_upstream().then_some("upstream");
        let (code, reason) = deny.close();
        let away = self.to_up.close(Some(1001), "");
        // Whoever has gone is not told.
        let _ = timeout(GOODBYE, self.up.write(away.into())).await;
        let mut frame = Vec::new();
        ws::close(Some(code), &reason, None, &mut frame);
        match timeout(GOODBYE, self.down.write(frame.into(), true)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Stop::ClientLeft),
        }
    }
}
