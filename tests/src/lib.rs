//! Simulated providers, the demo, a corpus of labelled text, and the harness of the acceptance tests.
//!
//! The harness, the matcher and the corpus know nothing of the gateway's code: what they find, and how they say a
//! number, is found by other means than what the gateway masks with.

pub mod base64;
pub mod corpus;
pub mod demo;
pub mod harness;
pub mod sim;
