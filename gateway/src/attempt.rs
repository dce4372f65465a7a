//! Asking an upstream: connect, send, read the head of its answer. One attempt, and a second only where a connection
//! from the pool turned out to be closed before a byte of an answer came.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use pingora_core::{
    Error, ErrorType,
    connectors::{ConnectorOptions, http::Connector},
    protocols::http::client::HttpSession,
    upstreams::peer::HttpPeer,
};
use pingora_http::RequestHeader;
use tokio::time::timeout;

use crate::{
    clock::Clock,
    deny::Deny,
    log,
    ports::{Broken, Duplex, Upstream as Port},
    session::handshake::Offer,
    stage::screen::Screened,
    upstream::Upstream,
};

/// Idle connections that wait for the next request, all upstreams together.
const POOL: usize = 1024;
const POOLED_FOR: Duration = Duration::from_secs(60);
/// An upstream may say that it is still working, but not for ever.
const INTERIM_HEADS: usize = 16;
/// Keeps the second attempt's connection out of the pool that gave a dead one.
const FRESH: u64 = 0x9e37_79b9_7f4a_7c15;

/// How long each step may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    pub(crate) connect: Duration,
    pub(crate) head: Duration,
}

/// The way to every upstream.
pub(crate) struct Dialer {
    connector: Connector,
    deadlines: Deadlines,
    clock: Clock,
}

/// An upstream that has answered.
pub(crate) struct Attempt {
    session: HttpSession,
    peer: HttpPeer,
    head: AnswerHead,
}

/// The head of its answer.
#[derive(Debug, Default)]
pub(crate) struct AnswerHead {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

/// Why a connection gave no answer.
enum Lost {
    /// It was closed before a byte came: nothing was answered.
    Unanswered,
    Failed(Deny),
}

impl Dialer {
    pub(crate) fn new(deadlines: Deadlines, clock: Clock) -> Self {
        let connector = Connector::new(Some(ConnectorOptions::new(POOL)));
        Dialer { connector, deadlines, clock }
    }

    /// Sends a screened request and reads the head of the answer.
    pub(crate) async fn attempt(&self, upstream: &Upstream, screened: &Screened) -> Result<Attempt, Deny> {
        self.attempt_with(upstream, screened, None).await
    }

    /// Asks for an upgrade; the answer is the upstream's, whatever it says.
    pub(crate) async fn upgrade(
        &self,
        upstream: &Upstream,
        screened: &Screened,
        offer: &Offer,
    ) -> Result<Attempt, Deny> {
        let mut attempt = self.attempt_with(upstream, screened, Some(offer)).await?;
        if let HttpSession::H1(session) = &mut attempt.session {
            session.maybe_upgrade_body_writer();
        }
        Ok(attempt)
    }

    async fn attempt_with(
        &self,
        upstream: &Upstream,
        screened: &Screened,
        offer: Option<&Offer>,
    ) -> Result<Attempt, Deny> {
        let (mut session, peer, reused) = self.connect(upstream, 0).await?;
        match self.ask(&mut session, upstream, screened, offer).await {
            Ok(head) => return Ok(Attempt { session, peer, head }),
            Err(Lost::Failed(deny)) => return Err(deny),
            Err(Lost::Unanswered) if !reused => return Err(Deny::UpstreamUnreachable),
            Err(Lost::Unanswered) => drop(session),
        }
        let (mut session, peer, _) = self.connect(upstream, FRESH).await?;
        match self.ask(&mut session, upstream, screened, offer).await {
            Ok(head) => Ok(Attempt { session, peer, head }),
            Err(Lost::Failed(deny)) => Err(deny),
            Err(Lost::Unanswered) => Err(Deny::UpstreamUnreachable),
        }
    }

    /// Gives a connection back whose answer was read to its clean end.
    pub(crate) async fn release(&self, attempt: Attempt) {
        self.connector.release_http_session(attempt.session, &attempt.peer, Some(POOLED_FOR)).await;
    }

    async fn connect(&self, upstream: &Upstream, group: u64) -> Result<(HttpSession, HttpPeer, bool), Deny> {
        let connected = async {
            let addresses = upstream.addresses(&self.clock).await.map_err(|_| Deny::UpstreamUnreachable)?;
            let mut last = Deny::UpstreamUnreachable;
            for address in addresses {
                match self.connect_to(upstream, address, group).await {
                    Ok(connected) => return Ok(connected),
                    Err(deny) => last = deny,
                }
            }
            Err(last)
        };
        timeout(self.deadlines.connect, connected).await.unwrap_or(Err(Deny::UpstreamTimeout))
    }

    async fn connect_to(
        &self,
        upstream: &Upstream,
        address: SocketAddr,
        group: u64,
    ) -> Result<(HttpSession, HttpPeer, bool), Deny> {
        let mut peer = upstream.peer(address, self.deadlines.connect);
        peer.group_key ^= group;
        let connected = self.connector.get_http_session(&peer).await;
        let (session, reused) = connected.map_err(|e| {
            // The kind of the error only: its words hold addresses and certificates.
            log::write(log::Level::Warn, format_args!("upstream {}: {}", upstream.name, e.etype().as_str()));
            match e.etype() {
                ErrorType::ConnectTimedout | ErrorType::TLSHandshakeTimedout => Deny::UpstreamTimeout,
                _ => Deny::UpstreamUnreachable,
            }
        })?;
        upstream.answered(address);
        Ok((session, peer, reused))
    }

    async fn ask(
        &self,
        session: &mut HttpSession,
        upstream: &Upstream,
        screened: &Screened,
        offer: Option<&Offer>,
    ) -> Result<AnswerHead, Lost> {
        let request = head(upstream, screened, offer).map_err(|_| Lost::Failed(Deny::GuardFault))?;
        let body = screened.body().clone();
        let sent = timeout(self.deadlines.head, send(session, request, body, offer.is_some())).await;
        sent.map_err(|_| Lost::Failed(Deny::UpstreamTimeout))??;
        let answered = timeout(self.deadlines.head, answer(session)).await;
        answered.map_err(|_| Lost::Failed(Deny::UpstreamTimeout))?
    }
}

impl Attempt {
    /// The head of the answer; it is taken, because it is read once.
    pub(crate) fn head(&mut self) -> AnswerHead {
        std::mem::take(&mut self.head)
    }
}

impl Port for Attempt {
    async fn chunk(&mut self) -> Result<Option<Bytes>, Broken> {
        // Pingora errs on a body that ends before its length or its last chunk.
        self.session.read_response_body().await.map_err(|_| Broken)
    }
}

impl Duplex for Attempt {
    async fn write(&mut self, chunk: Bytes) -> Result<(), Broken> {
        self.session.write_request_body(chunk, false).await.map_err(|_| Broken)
    }
}

/// The head of the request: what was screened, and what only the gateway says.
fn head(upstream: &Upstream, screened: &Screened, offer: Option<&Offer>) -> pingora_core::Result<Box<RequestHeader>> {
    let mut head = RequestHeader::build(screened.method().clone(), screened.path().as_bytes(), Some(16))?;
    head.insert_header(header::HOST, upstream.host())?;
    for (name, value) in screened.headers() {
        head.append_header(name.clone(), value.clone())?;
    }
    head.insert_header(header::ACCEPT_ENCODING, "identity")?;
    if let Some((name, key)) = upstream.key() {
        head.insert_header(name, key.clone())?;
    }
    for (name, value) in offer.into_iter().flat_map(Offer::headers) {
        head.insert_header(name, value)?;
    }
    if screened.method() == Method::POST {
        head.insert_header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))?;
        head.insert_header(header::CONTENT_LENGTH, screened.body().len())?;
    }
    Ok(Box::new(head))
}

/// An upstream that has heard enough may answer and close before it has read everything: what could not be written is
/// no reason not to read.
async fn send(session: &mut HttpSession, head: Box<RequestHeader>, body: Bytes, goes_on: bool) -> Result<(), Lost> {
    session.write_request_header(head).await.map_err(|_| Lost::Unanswered)?;
    if !body.is_empty() && session.write_request_body(body, true).await.is_err() {
        return Ok(());
    }
    if !goes_on {
        let _ = session.finish_request_body().await;
    }
    Ok(())
}

async fn answer(session: &mut HttpSession) -> Result<AnswerHead, Lost> {
    for _ in 0..INTERIM_HEADS {
        session.read_response_header().await.map_err(|e| lost(&e))?;
        let head = session.response_header().filter(|h| !h.status.is_informational() || h.status == 101);
        if let Some(head) = head {
            return Ok(AnswerHead { status: head.status, headers: head.headers.clone() });
        }
    }
    Err(Lost::Failed(Deny::UpstreamGarbage("too many interim heads")))
}

/// Pingora says how much it had read in words only. If it changes them, nothing is tried again.
fn lost(error: &Error) -> Lost {
    let nothing = error.context.as_ref().is_some_and(|c| c.as_str().ends_with("bytes already read: 0"));
    match error.etype() {
        ErrorType::ConnectionClosed | ErrorType::ReadError if nothing => Lost::Unanswered,
        ErrorType::ConnectionClosed | ErrorType::ReadError => {
            Lost::Failed(Deny::UpstreamGarbage("its head was cut off"))
        }
        _ => Lost::Failed(Deny::UpstreamGarbage("its head is not HTTP as the gateway reads it")),
    }
}
