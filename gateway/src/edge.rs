//! The whole path of an exchange, on one screen.
//!
//! Pingora calls `request_filter` with every request; all of it is answered there, and nothing goes on to Pingora's own
//! proxy loop.

mod session;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use pingora_core::{Error, ErrorType, Result, modules::http::HttpModules, upstreams::peer::HttpPeer};
use pingora_proxy::{FailToProxy, ProxyHttp, Session};
use ring::rand::SystemRandom;

use crate::{
    answer::Answering,
    attempt::Dialer,
    clock::Clock,
    deny::Deny,
    door::Door,
    drain::Drain,
    exchange::{Exchange, Stop},
    log,
    ports::{Downstream, Head},
    record::Sink,
    ruleset::Live,
    session::handshake::Handshake,
    stage::{
        admit::Capacity,
        authenticate::Keyring,
        authorise::authorise,
        route::{Call, Route, Routes},
        screen::Screening,
    },
    upstream::Upstream,
};

/// Everything that an exchange passes.
pub(crate) struct Edge {
    pub(crate) routes: Routes,
    pub(crate) keyring: Keyring,
    pub(crate) capacity: Capacity,
    pub(crate) screening: Screening,
    pub(crate) dialer: Dialer,
    pub(crate) upstreams: Vec<Upstream>,
    pub(crate) answering: Answering,
    /// A side of a session that says nothing for so long is gone.
    pub(crate) silence: Duration,
    pub(crate) sink: Sink,
    pub(crate) rules: Arc<Live>,
    pub(crate) drain: Drain,
    pub(crate) clock: Clock,
    pub(crate) random: SystemRandom,
}

/// What of a request's head the stages read.
struct Request {
    method: http::Method,
    path: Option<String>,
    query: Option<String>,
    headers: HeaderMap,
}

impl Edge {
    /// From a request's head to the last byte of its answer.
    async fn pass(&self, request: &Request, door: &mut Door<'_>, exchange: &mut Exchange) -> Result<(), Stop> {
        let path = request.path.as_deref().ok_or(Deny::RouteUnknown)?;
        let routed = match self.routes.resolve(&request.method, path, request.query.as_deref())? {
            Route::Health => return self.health(door, exchange).await,
            Route::To(routed) => routed,
        };
        let session = match (routed.call(), request.upgrades()) {
            (Call::Session(service), true) => Some((*service, Handshake::of(&request.headers)?)),
            (Call::Session(_), false) => return Err(Deny::UpgradeRequired.into()),
            (_, true) => return Err(Deny::UpgradeRefused.into()),
            (_, false) => None,
        };
        exchange.takes(routed.call().leg());
        exchange.record.route = Some(routed.call().label());
        exchange.record.upstream = Some(routed.upstream_name().clone());
        let caller = self.keyring.authenticate(routed, &request.headers, request.query.as_deref())?;
        exchange.record.caller = Some(caller.identity().name.clone());
        let permit = authorise(caller)?;
        let admitted = self.capacity.admit(permit)?;
        let asked = (&request.headers, request.query.as_deref());
        let mut screened = tokio::select! {
            screened = self.screening.screen(admitted, asked, door, exchange) => screened?,
            () = self.drain.cut_off() => return Err(Deny::Draining.into()),
        };

        if let Some((service, handshake)) = session {
            return self.session(service, handshake, screened, door, exchange).await;
        }
        let upstream = &self.upstreams[screened.upstream()];
        let mut attempt = tokio::select! {
            answered = self.dialer.attempt(upstream, &screened) => answered?,
            () = door.gone() => return Err(Stop::ClientLeft),
            () = self.drain.cut_off() => return Err(Deny::Draining.into()),
        };
        screened.sent()?;
        let head = attempt.head();
        let quotes_key = |text: &[u8]| upstream.quotes_key(text);
        let reusable = self.answering.answer(&head, quotes_key, &mut attempt, door, &mut screened, exchange).await?;
        if reusable {
            self.dialer.release(attempt).await;
        }
        Ok(())
    }

    /// Tells the client what has not been told, and writes the record.
    async fn settle(&self, ended: Result<(), Stop>, door: &mut Door<'_>, exchange: &mut Exchange) -> Result<(), Stop> {
        let ended = match ended {
            Err(Stop::Refused(deny)) => self.refuse(&deny, door, exchange).await,
            ended => ended,
        };
        if ended.is_err() {
            exchange.record.aborted = Some("client");
        }
        let record = exchange.end();
        if let Some(code) = record.deny {
            log::write(log::Level::Debug, format_args!("{} refused: {code}", record.exchange));
        }
        // A probe that was answered is no exchange.
        if (record.leg.is_some() || record.deny.is_some())
            && let Err(e) = self.sink.write(record)
        {
            log::write(log::Level::Error, format_args!("a record could not be written: {}", e.kind()));
        }
        ended
    }

    async fn refuse(&self, deny: &Deny, door: &mut Door<'_>, exchange: &mut Exchange) -> Result<(), Stop> {
        let face = deny.face();
        exchange.refused(deny);
        exchange.record.status = Some(face.status.as_u16());
        let mut headers = std::mem::take(&mut exchange.passed);
        if let Some(seconds) = face.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if face.hopeless {
            headers.insert("x-should-retry", HeaderValue::from_static("false"));
        }
        self.tell(face.status, headers, deny.body(), door, exchange).await
    }

    async fn health(&self, door: &mut Door<'_>, exchange: &mut Exchange) -> Result<(), Stop> {
        if self.drain.draining() {
            return Err(Deny::Draining.into());
        }
        exchange.record.route = Some("/healthz");
        exchange.record.status = Some(StatusCode::OK.as_u16());
        self.tell(StatusCode::OK, HeaderMap::new(), br#"{"status":"ok"}"#.to_vec(), door, exchange).await
    }

    /// Writes a document of our own.
    async fn tell(
        &self,
        status: StatusCode,
        mut headers: HeaderMap,
        body: Vec<u8>,
        door: &mut Door<'_>,
        exchange: &mut Exchange,
    ) -> Result<(), Stop> {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        exchange.sign(&mut headers);
        let size = body.len();
        let head = Head { status, headers, length: Some(size) };
        let written =
            tokio::time::timeout(self.answering.pace.idle, door.write_head(head, Bytes::from(body), true)).await;
        if !written.is_ok_and(|written| written.is_ok()) {
            return Err(Stop::ClientLeft);
        }
        exchange.sent(size);
        Ok(())
    }
}

#[async_trait]
impl ProxyHttp for Edge {
    type CTX = ();

    fn new_ctx(&self) {}

    fn init_downstream_modules(&self, _: &mut HttpModules) {}

    async fn request_filter(&self, session: &mut Session, _: &mut ()) -> Result<bool> {
        let open = self.drain.enter();
        let request = Request::of(session);
        let mut door = Door::new(session.as_downstream_mut());
        let Ok(mut exchange) = Exchange::begin(self.rules.now(), &self.clock, &self.random) else {
            return Error::e_explain(ErrorType::InternalError, "no randomness");
        };
        let ended = if self.drain.draining() {
            door.last();
            Err(Deny::Draining.into())
        } else {
            Box::pin(self.pass(&request, &mut door, &mut exchange)).await
        };
        let ended = self.settle(ended, &mut door, &mut exchange).await;
        drop(open);
        match ended {
            Ok(()) => {
                door.linger().await;
                Ok(true)
            }
            // An error makes Pingora drop the connection, without the end of a body that has none.
            Err(_) => Error::e_explain(ErrorType::ConnectionClosed, "the client left"),
        }
    }

    async fn fail_to_proxy(&self, _: &mut Session, _: &Error, _: &mut ()) -> FailToProxy {
        FailToProxy { error_code: 0, can_reuse_downstream: false }
    }

    async fn upstream_peer(&self, _: &mut Session, _: &mut ()) -> Result<Box<HttpPeer>> {
        Error::e_explain(ErrorType::InternalError, "nothing is passed on unguarded")
    }
}

impl Request {
    /// HTTP/2 may be declined in silence, and some clients always offer it.
    fn upgrades(&self) -> bool {
        self.headers.get_all(header::UPGRADE).iter().any(|v| !v.as_bytes().eq_ignore_ascii_case(b"h2c"))
    }

    fn of(session: &Session) -> Self {
        let head = session.req_header();
        Request {
            method: head.method.clone(),
            path: head.raw_path_is_utf8().then(|| head.uri.path().to_owned()),
            query: head.uri.query().map(str::to_owned),
            headers: head.headers.clone(),
        }
    }
}
