//! The values that an exchange may show its caller again.

use std::collections::HashMap;

/// Tokens and their values: those of this request, and of the conversation that it names.
#[derive(Clone, Default)]
pub struct RestoreSet(HashMap<String, String>);

impl RestoreSet {
    /// Adds a token and the value that it stands for; a later spelling replaces an earlier one.
    pub fn insert(&mut self, token: String, value: String) {
        self.0.insert(token, value);
    }

    /// The value of a token.
    pub fn get(&self, token: &str) -> Option<&str> {
        self.0.get(token).map(String::as_str)
    }
}
