//! Simulated providers, the demo, and the harness of the acceptance tests.
//!
//! The harness and the matcher know nothing of the gateway's code: what they find is found by other means than what
//! the gateway masks with.

pub mod base64;
pub mod demo;
pub mod harness;
pub mod sim;
