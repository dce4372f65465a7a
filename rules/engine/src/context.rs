//! Words that say what a number is: up to five before the candidate, or anywhere in the message before it.

/// How many words before a candidate are read.
pub const WORDS: usize = 5;

/// How many bytes before a candidate are read for them.
pub const REACH: usize = 128;

/// How many bytes of the message before are read.
pub const MESSAGE_REACH: usize = 256;

/// The terms of one rule: each a sequence of words, in lower case.
#[derive(Clone, Debug, Default)]
pub struct Terms(Vec<Vec<String>>);

impl Terms {
    /// Splits each term into words.
    pub fn new(terms: &[String]) -> Self {
        Terms(terms.iter().map(|t| words(t.as_bytes())).filter(|t| !t.is_empty()).collect())
    }

    /// Whether a term stands among the last [`WORDS`] words of `text`, which ends where the candidate starts.
    pub fn before(&self, text: &[u8]) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let words = words(text);
        self.in_words(&words[words.len().saturating_sub(WORDS)..])
    }

    /// Whether a term stands anywhere in `text`.
    pub fn within(&self, text: &[u8]) -> bool {
        !self.0.is_empty() && self.in_words(&words(text))
    }

    fn in_words(&self, words: &[String]) -> bool {
        self.0.iter().any(|term| words.windows(term.len()).any(|w| w == term))
    }
}

/// A word is a run of letters and digits; `_`, `-` and `'` part words, so that `card_number` reads as two.
fn words(text: &[u8]) -> Vec<String> {
    text.split(|b| !b.is_ascii_alphanumeric() && b.is_ascii())
        .filter(|w| !w.is_empty())
        .map(|w| String::from_utf8_lossy(w).to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_words_whole_words_and_phrases() {
        let terms = Terms::new(&["cvv".into(), "security code".into()]);
        for (text, found) in [
            ("my CVV is ", true),
            ("cvv one two three four ", true),
            ("cvv one two three four five ", false),
            ("the security_code: ", true),
            ("security of the code ", false),
            ("cvvs ", false),
        ] {
            assert_eq!(terms.before(text.as_bytes()), found, "{text}");
        }
    }
}
