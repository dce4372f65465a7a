//! How a text is to be read.

use schemars::JsonSchema;
use serde::Deserialize;

/// How a text is to be read.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Letters and digits as they stand, decoded.
    Written,
    /// That, and words for digits, letters and signs read as those: what a speech recogniser writes down.
    Spoken,
    /// The same, of a text that another will replace: a number is hidden before it is known to be one.
    Partial,
}
