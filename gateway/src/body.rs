//! Reading a request's body: whole, bounded, and only as fast as there is room for it.

#[cfg(test)]
pub(crate) mod tests;

use std::time::Duration;

use http::{
    HeaderMap,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
};
use tokio::time::timeout;

use crate::{
    budget::Reservation,
    deny::Deny,
    exchange::Stop,
    ports::{BadBody, Downstream},
};

/// Whether the headers announce a body that can be read.
pub(crate) fn announced(headers: &HeaderMap, limit: usize) -> Result<(), Deny> {
    let text = |value: &http::HeaderValue| value.to_str().unwrap_or_default().to_ascii_lowercase();
    if headers.get_all(CONTENT_ENCODING).iter().any(|v| !matches!(text(v).trim(), "" | "identity")) {
        return Err(Deny::ContentEncoding);
    }
    let mut types = headers.get_all(CONTENT_TYPE).iter().map(text);
    if !types.next().is_some_and(|t| is_json(&t)) || types.next().is_some() {
        return Err(Deny::ContentType);
    }
    let length = headers.get(CONTENT_LENGTH).and_then(|v| text(v).parse::<usize>().ok());
    if length.is_some_and(|n| n > limit) { Err(Deny::BodyTooLarge { limit }) } else { Ok(()) }
}

/// Reads it. Room is reserved as bytes come, not as they are announced: an announcement costs a client nothing.
pub(crate) async fn read(
    down: &mut impl Downstream,
    room: &mut Reservation,
    limit: usize,
    idle: Duration,
) -> Result<Vec<u8>, Stop> {
    let mut body = Vec::new();
    loop {
        let chunk = match timeout(idle, down.read()).await {
            Err(_) => return Err(Deny::BodyTimeout.into()),
            Ok(Err(BadBody::Gone)) => return Err(Stop::ClientLeft),
            Ok(Err(BadBody::Framing)) => return Err(Deny::BodyInvalid("not framed as HTTP says".into()).into()),
            Ok(Ok(None)) => return Ok(body),
            Ok(Ok(Some(chunk))) => chunk,
        };
        if body.len() + chunk.len() > limit {
            return Err(Deny::BodyTooLarge { limit }.into());
        }
        room.grow(chunk.len())?;
        body.extend_from_slice(&chunk);
    }
}

/// `application/json`, in UTF-8 if it says.
pub(crate) fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let named = parts.next().is_some_and(|t| t.eq_ignore_ascii_case("application/json"));
    named && parts.all(|p| p.is_empty() || is_utf8(p))
}

fn is_utf8(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, value)| {
        let value = value.trim().trim_matches('"');
        let utf8 = value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8");
        !name.trim().eq_ignore_ascii_case("charset") || utf8
    })
}
