//! The message before a text: words in it say what the text's numbers are.

use std::sync::Arc;

/// The end of what was said before a text. A question also gives a meaning to what has none by itself: after "the last
/// four of your social?", `4577` is a value, and so is a name after "who is calling?".
#[derive(Clone, Debug, Default)]
pub struct Before {
    text: Arc<str>,
    asks: bool,
}

impl Before {
    /// Somebody else may have asked for what follows.
    pub fn question(text: impl Into<Arc<str>>) -> Self {
        Before { text: text.into(), asks: true }
    }

    /// A heading, a tool's answer, a question to a model: nobody answers it with values of their own.
    pub fn statement(text: impl Into<Arc<str>>) -> Self {
        Before { text: text.into(), asks: false }
    }

    /// Its end.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is a question.
    pub(crate) fn asks(&self) -> bool {
        self.asks
    }

    /// What was asked, if anything was.
    pub(crate) fn asked(&self) -> &str {
        if self.asks { &self.text } else { "" }
    }
}
