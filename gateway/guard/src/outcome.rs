//! What the guard says beside the bytes: refusals, and counts for the record.

use std::collections::BTreeMap;

/// Why a request or a response cannot pass. Never holds a byte of what was refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// Not a JSON document as RFC 8259 and this gateway's bounds have it.
    #[error("{0}")]
    Json(#[from] wire::json::JsonError),
    /// Not an event stream as the HTML standard has it, or beyond its bounds.
    #[error("{0}")]
    Framing(#[from] wire::sse::SseError),
    /// The document lacks what the dialect needs, or has it in another type.
    #[error("{0}")]
    Shape(&'static str),
    /// An object key holds a value that must not pass.
    #[error("an object key holds a value of type {0}")]
    Key(String),
    /// Images, audio and files pass no guard.
    #[error("{0} cannot be inspected, and is refused")]
    Media(&'static str),
    /// The provider would fetch a URL or use state that it stored.
    #[error("{0} would bring in text that was never inspected, and is refused")]
    Remote(&'static str),
    /// The policy blocks an entity that was found.
    #[error("the policy blocks {0}")]
    Blocked(String),
    /// A tool call holds a token of somebody else.
    #[error("a tool call holds a token that is not the caller's")]
    ForeignToken,
    /// Who was to read it as well did not answer.
    #[error("{0}")]
    Silent(#[from] rules::Silent),
    /// A bound of the guard was reached.
    #[error("more {0} than the guard follows")]
    Bound(&'static str),
}

/// Counts for the record; never a value.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Summary {
    /// Findings by entity.
    pub findings: BTreeMap<String, u64>,
    /// The same of rules in `mode: shadow`, which leave every byte as it is.
    pub shadow: BTreeMap<String, u64>,
    /// Tokens that became values again.
    pub restored: u64,
    /// Alerts by code, e.g. `foreign_token`, `token_in_url`.
    pub alerts: BTreeMap<&'static str, u64>,
}

impl Summary {
    /// Adds the counts of another part.
    pub fn add(&mut self, other: &Summary) {
        other.findings.iter().for_each(|(entity, n)| *self.findings.entry(entity.clone()).or_default() += n);
        other.shadow.iter().for_each(|(entity, n)| *self.shadow.entry(entity.clone()).or_default() += n);
        other.alerts.iter().for_each(|(code, n)| *self.alerts.entry(code).or_default() += n);
        self.restored += other.restored;
    }
}
