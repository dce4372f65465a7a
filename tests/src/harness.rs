//! Starts the real programs, speaks raw HTTP and WebSocket to them, and looks for what must not be there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a harness fails as a test fails")]

mod chat;
mod client;
mod gateway;
mod matcher;
mod program;
mod provider;
mod response;
mod scratch;
mod socket;
mod speech;
mod stream;
mod tls;

pub use chat::{Chat, function};
pub use client::{Client, Connection};
pub use gateway::{AGENT_KEY, Gateway, PROVIDER_KEY, SECOND_KEY};
pub use matcher::Matcher;
pub use program::{Program, binary, built, eventually};
pub use provider::{Provider, Seen};
pub use response::Response;
pub use scratch::Scratch;
pub use socket::{Got, Socket};
pub use stream::Stream;
pub use tls::{TlsClient, TlsConnection};
