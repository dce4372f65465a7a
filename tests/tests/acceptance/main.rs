//! Acceptance tests: the real programs over real sockets, in the order of the path.
#![allow(clippy::unwrap_used, reason = "what a test takes for granted, it fails without")]

// How a leak is looked for, and the proof that the search finds one.
mod leaks;

mod provider;

// The path, from start-up to the end of the process.
mod ready;

mod tls;

mod routes;

mod auth;

mod bodies;

mod headers;

mod stream;

mod sessions;

mod tools;

mod choices;

mod restore;

mod faults;

mod limits;

mod reload;

mod recogniser;

mod mask;

mod partials;

mod records;

mod drain;

// Across the path.
mod attacks;

mod demo;

mod tidy;
