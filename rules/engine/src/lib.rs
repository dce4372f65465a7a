//! Recognises personal and payment data in text that is still arriving, and says what is to stand in its place.
//!
//! Pure: no I/O but in [`load`], no clock. Packs say how an entity looks, a policy says what happens to it, a [`Program`] is both
//! compiled for one leg and direction, and a [`Scanner`] reads one text with it:
//!
//! ```
//! use std::sync::Arc;
//! use rules::{Before, Direction, End, Leg, Policy, Program, Scanner, Segment};
//!
//! let policy = Policy::parse(rules::policy::DEFAULT)?;
//! let program = Program::compile(&rules::built_in()?, &policy, Leg::Llm, Direction::Out)?;
//! let mut scanner = Scanner::new(Arc::new(program), Before::default());
//! let mut out = Vec::new();
//! scanner.push("write to joe@exam", &mut out);
//! assert_eq!(out, [Segment::Raw(0..9)], "`joe@exam` can still become an address");
//! scanner.push("ple.com now", &mut out);
//! scanner.finish(End { cut: false }, &mut out);
//! assert!(matches!(&out[1], Segment::Replace { text, .. } if text == "[EMAIL]"));
//! # Ok::<(), rules::PackError>(())
//! ```
//!
//! When not to use it: to find names without context words, or anything in images and audio.

pub mod context;
mod conversation;
pub mod entities;
pub mod explain;
mod external;
#[doc(hidden)]
pub mod fault;
pub mod lint;
pub mod load;
#[doc(hidden)]
pub mod names;
pub mod pack;
pub mod pattern;
pub mod policy;
pub mod resolve;
pub mod token;
pub mod validate;

mod accept;
mod automaton;
mod before;
mod decode;
mod encoded;
mod end;
mod escape;
mod fold;
mod lane;
mod place;
mod program;
mod reading;
mod replacement;
mod scanner;
mod segment;
mod side;
mod spoken;
mod tape;

pub use before::Before;
pub use conversation::Conversation;
pub use end::{End, Seam};
pub use external::{External, Silent, Told};
pub use pack::{Pack, PackError, Rule, built_in};
pub use policy::{Action, Direction, Flow, Leg, Policy};
pub use program::Program;
pub use reading::Reading;
pub use resolve::{Class, TapeName};
pub use scanner::Scanner;
pub use segment::{Finding, Segment};
pub use token::TokenKey;
