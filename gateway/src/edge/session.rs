//! The end of the path where a WebSocket was asked for: both handshakes, and then the relay.

use std::sync::Arc;

use bytes::Bytes;
use guard::{SessionGuard, Summary};
use http::StatusCode;
use wire::speech::Service;

use super::Edge;
use crate::{
    contain,
    deny::Deny,
    door::Door,
    exchange::{Exchange, Stop},
    headers,
    ports::{Downstream, Head},
    ruleset::Pair,
    session::{
        Relay, Way,
        handshake::{Handshake, Offer},
        masks::Masks,
    },
    stage::screen::Screened,
};

impl Edge {
    /// From a screened request for an upgrade to the last frame of its session.
    pub(super) async fn session(
        &self,
        service: &'static Service,
        handshake: Handshake,
        mut screened: Screened,
        door: &mut Door<'_>,
        exchange: &mut Exchange,
    ) -> Result<(), Stop> {
        let upstream = &self.upstreams[screened.upstream()];
        let offer = Offer::new(&self.random)?;
        // A client may send frames behind its request: looking whether it is still there would eat them.
        let mut attempt = tokio::select! {
            answered = self.dialer.upgrade(upstream, &screened, &offer) => answered?,
            () = self.drain.cut_off() => return Err(Deny::Draining.into()),
        };
        let head = attempt.head();
        offer.answered(&head)?;
        let Pair { request, answer } = exchange.guards()?.clone();
        let mut summary = Summary::default();
        let mut headers = headers::cross(&screened.provider().to_client, &head.headers, &answer, &mut summary)?;
        exchange.record.count_answer(&summary);
        headers.extend(handshake.accepted(screened.provider())?);
        exchange.sign(&mut headers);
        exchange.record.status = Some(StatusCode::SWITCHING_PROTOCOLS.as_u16());
        let accepted = Head { status: StatusCode::SWITCHING_PROTOCOLS, headers, length: None };
        door.write_head(accepted, Bytes::new(), false).await.map_err(|_| Stop::ClientLeft)?;

        let masks = || Masks::new(self.random.clone());
        let guards = contain::contained(|| {
            let to_provider = SessionGuard::new(&service.to_provider, request, screened.restore().clone());
            (to_provider, SessionGuard::new(&service.to_client, answer, Arc::default()))
        })?;
        let (to_up, to_down) = (Way::to_upstream(guards.0, masks()), Way::to_client(guards.1, masks()));
        let room = screened.admitted().buffered();
        let (pace, silence) = (&self.answering.pace, self.silence);
        Relay { up: &mut attempt, down: door, to_up, to_down, pace, silence, room, exchange }.run().await
    }
}
