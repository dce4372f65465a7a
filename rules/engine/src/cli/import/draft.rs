//! A rule on its way into a pack.

/// A rule as it will be written.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) entity: String,
    pub(super) label: Option<String>,
    /// What it was made from, for the pack's comment.
    pub(super) about: String,
    pub(super) border: &'static str,
    pub(super) context: Vec<String>,
    pub(super) boost: f64,
    pub(super) max_hold: usize,
    pub(super) shadow: bool,
    pub(super) patterns: Vec<DraftPattern>,
    pub(super) cases: Cases,
    /// What has changed on the way.
    pub(super) notes: Vec<String>,
}

/// An expression of it.
#[derive(Clone)]
pub(super) struct DraftPattern {
    pub(super) name: String,
    pub(super) regex: String,
    pub(super) score: f64,
    /// A text that it matches.
    pub(super) sample: String,
}

/// Texts that prove it, as a pack has them.
#[derive(Clone, Default)]
pub(super) struct Cases {
    pub(super) matching: Vec<String>,
    pub(super) no_match: Vec<String>,
}

/// What became of a rule.
pub(super) enum Outcome {
    Converted,
    /// Not quite the same.
    Adapted(Vec<String>),
    /// A rule of ours does it.
    BuiltIn(String),
    /// It cannot be had.
    LeftOut(String),
}

impl Outcome {
    pub(super) fn word(&self) -> &'static str {
        match self {
            Outcome::Converted => "converted",
            Outcome::Adapted(_) => "adapted",
            Outcome::BuiltIn(_) => "built in",
            Outcome::LeftOut(_) => "left out",
        }
    }

    pub(super) fn notes(&self) -> Vec<String> {
        match self {
            Outcome::Converted => Vec::new(),
            Outcome::Adapted(notes) => notes.clone(),
            Outcome::BuiltIn(note) | Outcome::LeftOut(note) => vec![note.clone()],
        }
    }
}

impl Draft {
    /// Whether words must stand before it.
    pub(super) fn only_named(&self) -> bool {
        self.patterns.iter().all(|p| p.score < 0.5)
    }

    /// Gives it an id that none of the others has.
    pub(super) fn distinct(&mut self, others: &[Draft]) {
        let first = self.id.clone();
        let mut number = 1;
        while others.iter().any(|o| o.id == self.id) {
            number += 1;
            self.id = format!("{first}_{number}");
        }
    }
}

/// A name as packs have them.
pub(super) fn identifier(text: &str) -> String {
    let id: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    let id = id.trim_matches('_');
    id.chars().take(60).collect()
}
