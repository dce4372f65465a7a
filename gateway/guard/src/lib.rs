//! The guard of an exchange: bytes of a dialect in, bytes that may be seen out. Pure: no I/O, no clock.
//!
//! `wire` says what a message's fields mean, `rules` what their texts hold; here the two meet. A request and an answer
//! in one document are screened whole ([`screen_request`], [`screen_body`]); a streamed answer event by event
//! ([`StreamGuard`]), with the result that reading it whole would have had.

mod channel;
mod decide;
mod elements;
mod heard;
mod jsontext;
mod leaf;
mod logprobs;
mod made;
mod messages;
mod path;
mod queue;
mod said;
mod session;
mod splice;
mod voice;

pub mod fault;
pub mod outcome;
pub mod request;
pub mod response;
pub mod restore;
pub mod stream;

pub use heard::Heard;
pub use outcome::{Refusal, Summary};
pub use request::{Minted, ScreenedRequest, screen_request, screen_text};
pub use response::{ResponseContext, screen_body};
pub use restore::RestoreSet;
pub use said::Said;
pub use session::SessionGuard;
pub use stream::StreamGuard;
