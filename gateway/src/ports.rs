//! The two ports of an exchange: what the pumps need of a client and of an upstream. No Pingora type stands here, so that
//! pumps run against doubles in memory.

use std::future::Future;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// The client has left, or its connection broke.
#[derive(Debug, PartialEq)]
pub(crate) struct Gone;

/// Why no more of a request's body can be read.
#[derive(Debug, PartialEq)]
pub(crate) enum BadBody {
    Gone,
    /// It is not framed as HTTP says.
    Framing,
}

/// Why no more of an answer can be read. An end before the framing's end is one of these, never a clean end.
#[derive(Debug, PartialEq)]
pub(crate) struct Broken;

/// The head of a response to the client.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Known for documents; without it the body is chunked.
    pub(crate) length: Option<usize>,
}

/// A client that waits for its answer.
pub(crate) trait Downstream: Send {
    /// The next bytes of the request's body; `None` at its end.
    fn read(&mut self) -> impl Future<Output = Result<Option<Bytes>, BadBody>> + Send;
    /// The head and the first bytes of the body, in one write where that is possible.
    fn write_head(&mut self, head: Head, first: Bytes, end: bool) -> impl Future<Output = Result<(), Gone>> + Send;
    /// More of the body; returns when the kernel has taken it.
    fn write(&mut self, chunk: Bytes, end: bool) -> impl Future<Output = Result<(), Gone>> + Send;
    /// Ends when the client has left; its request was read before.
    fn gone(&mut self) -> impl Future<Output = ()> + Send;
}

/// An upstream whose head has arrived.
pub(crate) trait Upstream: Send {
    /// The next bytes of its body; `None` at a clean end.
    fn chunk(&mut self) -> impl Future<Output = Result<Option<Bytes>, Broken>> + Send;
}

/// An upstream that takes more while it answers.
pub(crate) trait Duplex: Upstream {
    /// More for it; returns when the kernel has taken it.
    fn write(&mut self, chunk: Bytes) -> impl Future<Output = Result<(), Broken>> + Send;
}
