//! The client, as Pingora's session: the only place where a response to it is written.

use std::time::Duration;

use bytes::Bytes;
use http::{StatusCode, Version, header};
use pingora_core::{
    ErrorType,
    protocols::http::{HttpTask, ServerSession},
};
use pingora_http::ResponseHeader;
use tokio::time::timeout;

use crate::ports::{BadBody, Downstream, Gone, Head};

/// Bytes that a client may send behind its request before it counts as broken: some add a line break.
const STRAY: u8 = 4;
/// How long an idle connection may wait for its next request.
const KEEPALIVE_SECONDS: u64 = 75;
/// How long a refused body is read on. A connection that closes with bytes unread is reset, and the reset can overtake
/// the response that says why.
const LINGER: Duration = Duration::from_secs(2);

/// A client's session.
pub(crate) struct Door<'s> {
    session: &'s mut ServerSession,
    /// It waits to be told that its body is welcome.
    expects: bool,
    stray: u8,
}

impl<'s> Door<'s> {
    pub(crate) fn new(session: &'s mut ServerSession) -> Self {
        if session.get_keepalive() == Some(0) {
            session.set_keepalive(Some(KEEPALIVE_SECONDS));
        }
        let expects = session.get_header(header::EXPECT).is_some();
        Door { session, expects, stray: 0 }
    }

    /// No further request on this connection.
    pub(crate) fn last(&mut self) {
        self.session.set_keepalive(None);
    }

    /// Pingora keeps the bytes behind an upgrade apart from a body's.
    fn body(&self, chunk: Bytes, end: bool) -> HttpTask {
        match self.session.was_upgraded() {
            true => HttpTask::UpgradedBody(Some(chunk), end),
            false => HttpTask::Body(Some(chunk), end),
        }
    }

    /// Reads on what was refused, for a while.
    pub(crate) async fn linger(&mut self) {
        // Who has said goodbye on a WebSocket waits for the connection's end.
        if self.expects || self.session.is_body_done() || self.session.was_upgraded() {
            return;
        }
        let rest = async { while let Ok(Some(_)) = self.session.read_request_body().await {} };
        // What has not come by then is not waited for.
        let _ = timeout(LINGER, rest).await;
    }
}

impl Downstream for Door<'_> {
    async fn read(&mut self) -> Result<Option<Bytes>, BadBody> {
        if std::mem::take(&mut self.expects) {
            self.session.write_continue_response().await.map_err(|_| BadBody::Gone)?;
        }
        self.session.read_request_body().await.map_err(|e| match e.etype() {
            ErrorType::ConnectionClosed | ErrorType::ReadError | ErrorType::ReadTimedout => BadBody::Gone,
            _ => BadBody::Framing,
        })
    }

    async fn write_head(&mut self, head: Head, first: Bytes, end: bool) -> Result<(), Gone> {
        let head = response(self.session.req_header().version, head).map_err(|_| Gone)?;
        let mut tasks = vec![HttpTask::Header(Box::new(head), false)];
        // An empty chunk would end a chunked body.
        if end || !first.is_empty() {
            tasks.push(self.body(first, end));
        }
        self.session.response_duplex_vec(tasks).await.map(drop).map_err(|_| Gone)
    }

    async fn write(&mut self, chunk: Bytes, end: bool) -> Result<(), Gone> {
        let task = self.body(chunk, end);
        self.session.response_duplex_vec(vec![task]).await.map(drop).map_err(|_| Gone)
    }

    async fn gone(&mut self) {
        while let Err(e) = self.session.read_body_or_idle(true).await {
            // Pingora's word for bytes behind the request; all else means that the client is not there.
            if *e.etype() != ErrorType::ConnectError || self.stray >= STRAY {
                return;
            }
            self.stray += 1;
            self.session.set_keepalive(None);
        }
    }
}

fn response(client: Version, head: Head) -> pingora_core::Result<ResponseHeader> {
    let mut response = ResponseHeader::build(head.status, Some(head.headers.len() + 3))?;
    for (name, value) in &head.headers {
        response.append_header(name.clone(), value.clone())?;
    }
    match head.length {
        _ if head.status == StatusCode::SWITCHING_PROTOCOLS => {}
        Some(length) => response.insert_header(header::CONTENT_LENGTH, length)?,
        None if client == Version::HTTP_11 => response.insert_header(header::TRANSFER_ENCODING, "chunked")?,
        // HTTP/1.0 knows no chunks: its body ends with the connection.
        None => {}
    }
    Ok(response)
}
