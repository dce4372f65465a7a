//! The gateway: it stands between agents and model providers, and decides on every byte what may be seen.
//!
//! The rooms, in the order an exchange passes them; `edge` shows the whole path on one screen.

pub mod cli;
pub mod config;
pub mod log;
pub mod serve;

mod build;
mod ca;
mod event;
mod mask;
mod recogniser;
mod reload;
mod ruleset;
mod tls;

mod edge;

mod stage;

mod body;
mod headers;
mod vault;

mod attempt;
mod upstream;

mod answer;
mod pump;
mod session;

mod deny;
mod exchange;
mod record;

mod budget;
mod clock;
mod contain;
mod drain;

mod door;
mod ports;
