//! Proof that streaming is exact: another algorithm, every cut, random texts, and faults that must be noticed.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test program throughout")]

mod cli;
mod cuts;
mod endings;
mod faults;
mod grammar;
mod hostile;
mod import;
mod prefix;
mod reading;
mod reference;
mod resolution;
mod run;
mod spoken;
mod texts;
mod tokens;
mod written;
