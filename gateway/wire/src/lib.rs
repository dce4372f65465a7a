//! Wire formats, read strictly: JSON, server-sent events, WebSocket frames, and the tables that say what a provider's
//! fields mean.
//!
//! Pure and fuzzed; no I/O; uses nothing of ours.

pub mod dialect;
pub mod json;
pub mod provider;
pub mod speech;
pub mod sse;
pub mod text;
pub mod ws;
