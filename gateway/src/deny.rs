//! Every refusal, and the one place that says what a caller sees of it.
//!
//! A refusal holds nothing of what was refused: no text of a request, no URL, no part of a key. Where a number or an
//! entity's name helps, it holds that.

use std::borrow::Cow;

use guard::Refusal;
use http::StatusCode;
use serde_json::json;

#[cfg(test)]
mod tests;

/// Why an exchange does not go on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Deny {
    RouteUnknown,
    MethodRefused,
    QueryRefused(&'static str),
    UpgradeRefused,
    UpgradeRequired,
    HandshakeInvalid(&'static str),
    Misframed { code: u16, what: &'static str },
    Unauthenticated,
    NotPermitted,
    ConversationInvalid,
    ContentType,
    ContentEncoding,
    BodyTimeout,
    BodyTooLarge { limit: usize },
    BodyInvalid(String),
    MediaRefused(&'static str),
    RemoteRefused(&'static str),
    Blocked(String),
    ForeignToken,
    Busy,
    VaultFull,
    GuardFault,
    RecogniserSilent,
    Draining,
    UpstreamAuth,
    UpstreamUnreachable,
    UpstreamTimeout,
    UpstreamGarbage(&'static str),
    UpstreamError(StatusCode),
}

/// What a caller sees of a refusal.
pub(crate) struct Face {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    /// Seconds after which to come again.
    pub(crate) retry_after: Option<u32>,
    /// Sending it again cannot help, whatever the status says.
    pub(crate) hopeless: bool,
    kind: &'static str,
    message: Cow<'static, str>,
}

const INVALID: &str = "invalid_request_error";
const SERVER: &str = "server_error";

impl Deny {
    /// What a caller sees. Exhaustive on purpose: a new refusal does not compile until it stands here.
    pub(crate) fn face(&self) -> Face {
        use Deny::*;
        let plain = |status: u16, kind, code, message| face(status, kind, code, Cow::Borrowed(message));
        match self {
            RouteUnknown | MethodRefused | QueryRefused(_) | UpgradeRefused | UpgradeRequired => self.of_asking(),
            HandshakeInvalid(_) | Misframed { .. } => self.of_asking(),
            Unauthenticated => plain(
                401,
                INVALID,
                "unauthenticated",
                "send a key of this gateway where the provider's key would stand, e.g. Authorization: Bearer",
            ),
            NotPermitted => plain(403, INVALID, "not_permitted", "this key may not use this upstream"),
            ConversationInvalid => plain(
                400,
                INVALID,
                "conversation_invalid",
                "x-tidegate-conversation: 1 to 128 characters of A-Z a-z 0-9 . _ : - that are no personal data",
            ),
            ContentType => plain(415, INVALID, "content_type", "send the body as application/json in UTF-8"),
            ContentEncoding => plain(415, INVALID, "content_encoding", "send the body without a Content-Encoding"),
            BodyTimeout => plain(408, INVALID, "body_timeout", "the body did not arrive in time"),
            BodyTooLarge { limit } => {
                face(413, INVALID, "body_too_large", format!("the body is larger than {limit} bytes").into())
            }
            BodyInvalid(what) => face(400, INVALID, "body_invalid", format!("the body is not accepted: {what}").into()),
            MediaRefused(what) => {
                face(400, INVALID, "media_refused", format!("{what} cannot be inspected, and is refused").into())
            }
            RemoteRefused(what) => face(
                400,
                INVALID,
                "remote_refused",
                format!("{what} would bring in text that was never inspected, and is refused").into(),
            ),
            Blocked(entity) => face(400, INVALID, "blocked", format!("the policy blocks {entity}").into()),
            ForeignToken => {
                plain(502, SERVER, "foreign_token", "a tool call holds a token that is not the caller's").hopeless()
            }
            Busy => plain(503, SERVER, "busy", "the gateway has no room for this now").after(1),
            VaultFull => plain(503, SERVER, "vault_full", "the gateway can keep no more values now").after(10),
            RecogniserSilent => plain(503, SERVER, "recogniser_silent", "the recogniser did not answer").after(1),
            GuardFault => plain(500, SERVER, "guard_fault", "the guard failed, so the exchange was refused").hopeless(),
            Draining => plain(503, SERVER, "draining", "the gateway is shutting down").after(1),
            UpstreamAuth => {
                plain(502, SERVER, "upstream_auth", "the provider refused the gateway's own key").hopeless()
            }
            UpstreamUnreachable => plain(502, SERVER, "upstream_unreachable", "the provider could not be reached"),
            UpstreamTimeout => plain(504, SERVER, "upstream_timeout", "the provider did not answer in time"),
            UpstreamGarbage(what) => {
                face(502, SERVER, "upstream_garbage", format!("the provider's answer is not usable: {what}").into())
            }
            UpstreamError(status) => face(
                status.as_u16(),
                SERVER,
                "upstream_error",
                format!("the provider answered {} without a body that can be inspected", status.as_u16()).into(),
            ),
        }
    }

    /// What a caller sees who asked for another path than there is, or in another way than it is taken.
    fn of_asking(&self) -> Face {
        let plain = |status: u16, code, message| face(status, INVALID, code, Cow::Borrowed(message));
        match self {
            Deny::QueryRefused(what) => {
                face(400, INVALID, "query_refused", format!("the query is not accepted: {what}").into())
            }
            Deny::HandshakeInvalid(what) => {
                face(400, INVALID, "handshake_invalid", format!("no WebSocket handshake: {what}").into())
            }
            Deny::UpgradeRequired => {
                plain(426, "upgrade_required", "this path is a WebSocket: ask for an upgrade to it")
            }
            Deny::UpgradeRefused => plain(400, "upgrade_refused", "this path is not upgraded to another protocol"),
            Deny::Misframed { what, .. } => {
                face(400, INVALID, "misframed", format!("the WebSocket's frames are not accepted: {what}").into())
            }
            Deny::MethodRefused => plain(405, "route_unknown", "this path takes another method"),
            _ => plain(
                404,
                "route_unknown",
                "no such path here; those of the configured providers are taken, e.g. POST /v1/chat/completions",
            ),
        }
    }

    /// The body of a response that says this.
    pub(crate) fn body(&self) -> Vec<u8> {
        let Face { kind, message, code, .. } = self.face();
        json!({"error": {"message": message, "type": kind, "param": null, "code": code}}).to_string().into_bytes()
    }

    /// The close code and the reason that end a WebSocket with this (RFC 6455 section 7.4, and 1013 of its registry).
    pub(crate) fn close(&self) -> (u16, String) {
        let Face { status, code, message, .. } = self.face();
        let close = match self {
            Deny::Misframed { code, .. } => *code,
            Deny::Draining => 1001,
            _ if status == StatusCode::SERVICE_UNAVAILABLE => 1013,
            _ if status.is_client_error() => 1008,
            _ => 1011,
        };
        (close, format!("{code}: {message}"))
    }

    /// The last event of a stream that says this.
    pub(crate) fn event(&self) -> Vec<u8> {
        [b"data: ".as_slice(), &self.body(), b"\n\n"].concat()
    }

    /// Whether it is the upstream that failed.
    pub(crate) fn by_upstream(&self) -> bool {
        self.face().code.starts_with("upstream_")
    }

    /// What the guard refused of a request.
    pub(crate) fn of_request(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Json(e) => Deny::BodyInvalid(e.to_string()),
            Refusal::Framing(e) => Deny::BodyInvalid(e.to_string()),
            Refusal::Shape(what) => Deny::BodyInvalid(what.to_owned()),
            Refusal::Bound(what) => Deny::BodyInvalid(format!("more {what} than the guard follows")),
            Refusal::Key(entity) | Refusal::Blocked(entity) => Deny::Blocked(entity),
            Refusal::Media(what) => Deny::MediaRefused(what),
            Refusal::Remote(what) => Deny::RemoteRefused(what),
            Refusal::ForeignToken => Deny::ForeignToken,
            Refusal::Silent(_) => Deny::RecogniserSilent,
        }
    }

    /// What the guard refused of an answer. Its words are ours, but places in the provider's text help nobody.
    pub(crate) fn of_answer(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Json(_) => Deny::UpstreamGarbage("not JSON as the gateway reads it"),
            Refusal::Framing(_) => Deny::UpstreamGarbage("not an event stream as the gateway reads it"),
            Refusal::Shape(what) | Refusal::Bound(what) | Refusal::Remote(what) => Deny::UpstreamGarbage(what),
            Refusal::Key(entity) | Refusal::Blocked(entity) => Deny::Blocked(entity),
            Refusal::Media(what) => Deny::MediaRefused(what),
            Refusal::ForeignToken => Deny::ForeignToken,
            Refusal::Silent(_) => Deny::RecogniserSilent,
        }
    }
}

fn face(status: u16, kind: &'static str, code: &'static str, message: Cow<'static, str>) -> Face {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    Face { status, code, retry_after: None, hopeless: false, kind, message }
}

impl Face {
    fn after(self, seconds: u32) -> Self {
        Face { retry_after: Some(seconds), ..self }
    }

    fn hopeless(self) -> Self {
        Face { hopeless: true, ..self }
    }
}
