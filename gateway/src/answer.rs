//! What an upstream's answer becomes: a guarded stream, a guarded document, or a refusal.

use guard::{StreamGuard, Summary, screen_body};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio::time::timeout;

use crate::{
    attempt::AnswerHead,
    body::is_json,
    contain,
    deny::Deny,
    exchange::{Exchange, Stop},
    headers,
    ports::{Broken, Downstream, Head, Upstream},
    pump::{Pace, Pump},
    stage::screen::Screened,
};

/// What guarding an answer needs.
pub(crate) struct Answering {
    pub(crate) pace: Pace,
    /// A document is read whole, up to this.
    pub(crate) max_body: usize,
}

/// What comes.
#[derive(Debug, Eq, PartialEq)]
enum Kind {
    Stream,
    Document,
    /// The provider's own error, as a document.
    Failure,
}

impl Answering {
    /// Takes an answer to the client. True if the upstream's connection can serve again.
    pub(crate) async fn answer(
        &self,
        from: &AnswerHead,
        quotes_key: impl Fn(&[u8]) -> bool,
        up: &mut impl Upstream,
        down: &mut impl Downstream,
        screened: &mut Screened,
        exchange: &mut Exchange,
    ) -> Result<bool, Stop> {
        let mut summary = Summary::default();
        exchange.passed =
            headers::cross(&screened.provider().to_client, &from.headers, &exchange.guards()?.answer, &mut summary)?;
        exchange.record.count_answer(&summary);
        match kind(from)? {
            Kind::Stream => self.stream(up, down, screened, exchange).await,
            Kind::Document => {
                let body = self.whole(up, down, screened, exchange).await?;
                self.document(StatusCode::OK, body, down, screened, exchange).await
            }
            Kind::Failure => {
                // A body that cannot be shown leaves the status as all that can be told.
                let status_only = |stop| match stop {
                    Stop::Refused(Deny::UpstreamGarbage(_)) => Deny::UpstreamError(from.status).into(),
                    stop => stop,
                };
                let body = self.whole(up, down, screened, exchange).await.map_err(status_only)?;
                if quotes_key(&body) {
                    return Err(Deny::UpstreamError(from.status).into());
                }
                self.document(from.status, body, down, screened, exchange).await.map_err(status_only)
            }
        }
    }

    async fn stream(
        &self,
        up: &mut impl Upstream,
        down: &mut impl Downstream,
        screened: &mut Screened,
        exchange: &mut Exchange,
    ) -> Result<bool, Stop> {
        let (dialect, program) = (screened.dialect()?, exchange.guards()?.answer.clone());
        let (restore, context) = (screened.restore().clone(), screened.context().clone());
        let filter = contain::contained(|| StreamGuard::new(dialect, program, restore, context))?;
        let head = Some(head(StatusCode::OK, "text/event-stream", None, exchange));
        let room = screened.admitted().buffered();
        Pump { up, down, filter, head, pace: &self.pace, room, exchange }.run().await
    }

    async fn document(
        &self,
        status: StatusCode,
        body: Vec<u8>,
        down: &mut impl Downstream,
        screened: &mut Screened,
        exchange: &mut Exchange,
    ) -> Result<bool, Stop> {
        screened.admitted().buffered().grow(body.len())?;
        let (dialect, program) = (screened.dialect()?, exchange.guards()?.answer.clone());
        let (restore, context) = (screened.restore().clone(), screened.context().clone());
        let guarded = contain::scan(body.len(), program.asks(), move || {
            screen_body(dialect, &program, &restore, &context, &body)
        })
        .await?;
        let (body, summary) = guarded.map_err(Deny::of_answer)?;
        exchange.record.count_answer(&summary);

        let head = head(status, "application/json", Some(body.len()), exchange);
        let size = body.len();
        exchange.record.status = Some(status.as_u16());
        let written = timeout(self.pace.idle, down.write_head(head, body.into(), true)).await;
        if !written.is_ok_and(|written| written.is_ok()) {
            return Err(Stop::ClientLeft);
        }
        exchange.sent(size);
        Ok(true)
    }

    /// Reads a body to its clean end.
    async fn whole(
        &self,
        up: &mut impl Upstream,
        down: &mut impl Downstream,
        screened: &mut Screened,
        exchange: &mut Exchange,
    ) -> Result<Vec<u8>, Stop> {
        let mut body = Vec::new();
        loop {
            let chunk = tokio::select! {
                chunk = timeout(self.pace.idle, up.chunk()) => chunk.map_err(|_| Deny::UpstreamTimeout)?,
                () = down.gone() => return Err(Stop::ClientLeft),
                () = self.pace.drain.cut_off() => return Err(Deny::Draining.into()),
            };
            let Some(chunk) = chunk.map_err(|Broken| Deny::UpstreamGarbage("it was cut off"))? else { return Ok(body) };
            exchange.received();
            if body.len() + chunk.len() > self.max_body {
                return Err(Deny::UpstreamGarbage("it is larger than the gateway reads").into());
            }
            screened.admitted().buffered().grow(chunk.len())?;
            body.extend_from_slice(&chunk);
        }
    }
}

fn kind(from: &AnswerHead) -> Result<Kind, Deny> {
    let encoded = from.headers.get_all(header::CONTENT_ENCODING).iter().any(|v| v != "identity" && !v.is_empty());
    let content_type = from.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    match from.status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            Err(Deny::UpstreamAuth)
        }
        s if s.is_client_error() || s.is_server_error() => {
            if is_json(content_type) && !encoded {
                Ok(Kind::Failure)
            } else {
                Err(Deny::UpstreamError(s))
            }
        }
        s if s != StatusCode::OK => Err(Deny::UpstreamGarbage("a status that no dialect's table claims")),
        _ if encoded => Err(Deny::UpstreamGarbage("an encoding that was not asked for")),
        _ if is_json(content_type) => Ok(Kind::Document),
        _ if is_events(content_type) => Ok(Kind::Stream),
        _ => Err(Deny::UpstreamGarbage("a content type that no dialect's table claims")),
    }
}

fn is_events(content_type: &str) -> bool {
    let plain = content_type.split(';').next().unwrap_or_default().trim();
    // An event stream is UTF-8 whatever it says; the guard refuses what is not.
    plain.eq_ignore_ascii_case("text/event-stream")
}

fn head(status: StatusCode, content_type: &'static str, length: Option<usize>, exchange: &Exchange) -> Head {
    let mut headers: HeaderMap = exchange.passed.clone();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    exchange.sign(&mut headers);
    Head { status, headers, length }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, lines: &[(&str, &str)]) -> Result<Kind, Deny> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap());
        }
        kind(&AnswerHead { status: StatusCode::from_u16(status).unwrap(), headers })
    }

    #[test]
    fn what_comes() {
        let (json, events) =
            (("content-type", "application/json"), ("content-type", "text/event-stream; charset=utf-8"));
        assert_eq!(of(200, &[json]), Ok(Kind::Document));
        assert_eq!(of(200, &[events]), Ok(Kind::Stream));
        assert_eq!(of(429, &[json]), Ok(Kind::Failure));
        assert_eq!(of(429, &[]), Err(Deny::UpstreamError(StatusCode::TOO_MANY_REQUESTS)));
        assert_eq!(
            of(500, &[json, ("content-encoding", "gzip")]),
            Err(Deny::UpstreamError(StatusCode::INTERNAL_SERVER_ERROR))
        );
        for status in [401, 403, 407] {
            assert_eq!(of(status, &[json]), Err(Deny::UpstreamAuth));
        }
        for status in [101, 201, 204, 206, 301, 304] {
            assert!(matches!(of(status, &[json]), Err(Deny::UpstreamGarbage(_))), "{status}");
        }
        for line in [("content-type", "text/html"), ("content-type", "application/json; charset=latin1"), ("x", "y")] {
            assert!(matches!(of(200, &[line]), Err(Deny::UpstreamGarbage(_))), "{line:?}");
        }
        assert!(matches!(of(200, &[events, ("content-encoding", "br")]), Err(Deny::UpstreamGarbage(_))));
    }
}
