//! What is wrong with a pack, said so that it can be put right.

use std::fmt;

use serde::Serialize;
use serde_saphyr::Location;

/// A place in a file, both counted from one; zero where it is not known.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

impl From<Location> for Place {
    fn from(at: Location) -> Self {
        let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        if at == Location::UNKNOWN {
            return Place::default();
        }
        Place { line: small(at.line()), column: small(at.column()) }
    }
}

/// One thing that is wrong in a pack.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Wrong {
    /// Where.
    pub place: Place,
    /// The rule's id; empty if it is in none.
    pub rule: String,
    /// The pattern's name; empty if it is in none.
    pub pattern: String,
    /// The kind of mistake, for programs.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Wrong {
    /// Where a file starts.
    pub(crate) const START: Place = Place { line: 1, column: 1 };

    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Wrong { code, message: message.into(), ..Wrong::default() }
    }

    pub(crate) fn at(self, place: impl Into<Place>) -> Self {
        Wrong { place: place.into(), ..self }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Wrong { hint: Some(hint.into()), ..self }
    }

    /// The rule and pattern that it is in, then what is wrong, then what to do; not the place.
    pub fn said(&self) -> String {
        let mut said = String::new();
        if !self.rule.is_empty() {
            said.push_str(&format!("rule {}", self.rule));
            if !self.pattern.is_empty() {
                said.push_str(&format!(", pattern `{}`", self.pattern));
            }
            said.push_str(": ");
        }
        said.push_str(&self.message);
        if let Some(hint) = &self.hint {
            said.push_str(&format!(" ({hint})"));
        }
        said
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.line > 0 {
            write!(f, "line {}, column {}: ", self.place.line, self.place.column)?;
        }
        f.write_str(&self.said())
    }
}
