//! What is wrong with a configuration, said so that it can be put right.

use std::{fmt, path::Path};

use serde::Serialize;
use serde_saphyr::{Location, Spanned};

/// One thing that is wrong.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Finding {
    /// The file, or `command line`.
    pub file: String,
    /// Counted from one; zero if it is in no line.
    pub line: u64,
    /// Counted from one; zero if only the line is known.
    pub column: u64,
    /// Where in the document, e.g. `upstreams[0].url`.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Finding {
    pub(crate) fn new(file: impl AsRef<Path>, key: impl Into<String>, message: impl Into<String>) -> Self {
        Finding {
            file: file.as_ref().display().to_string(),
            key: key.into(),
            message: message.into(),
            ..Finding::default()
        }
    }

    pub(super) fn at(self, location: Location) -> Self {
        let known = location != Location::UNKNOWN;
        let (line, column) = if known { (location.line(), location.column()) } else { (0, 0) };
        Finding { line, column, ..self }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Finding { hint: Some(hint.into()), ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ":{}", self.column)?;
        }
        f.write_str(": ")?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, " ({hint})"))
    }
}

/// Collects what is wrong, so that one run names all of it.
pub(super) struct Findings<'f> {
    file: &'f str,
    pub(super) found: Vec<Finding>,
}

impl<'f> Findings<'f> {
    pub(super) fn of(file: &'f str) -> Self {
        Findings { file, found: Vec::new() }
    }

    pub(super) fn add(&mut self, location: Location, key: impl Into<String>, wrong: impl Into<Wrong>) {
        let Wrong { message, hint } = wrong.into();
        self.found.push(Finding { hint, ..Finding::new(self.file, key, message).at(location) });
    }

    /// What is wrong with a file that is named here: at the name if the file is not there, else where it is wrong.
    pub(super) fn of_file(&mut self, key: &str, name: &Spanned<String>, wrong: Finding) {
        if wrong.line > 0 || wrong.file != name.value {
            return self.found.push(wrong);
        }
        let message = format!("`{}`: {}", wrong.file, wrong.message);
        self.add(name.referenced, key, Wrong { message, hint: wrong.hint });
    }

    /// The value, or a finding at its place.
    pub(super) fn take<T, U, W: Into<Wrong>>(
        &mut self,
        key: &str,
        value: &Spanned<T>,
        read: impl FnOnce(&T) -> Result<U, W>,
    ) -> Option<U> {
        read(&value.value).map_err(|wrong| self.add(value.referenced, key, wrong)).ok()
    }
}

/// A message and a hint.
#[derive(Debug)]
pub(super) struct Wrong {
    message: String,
    hint: Option<String>,
}

impl Wrong {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Wrong { message: message.into(), hint: Some(hint.into()) }
    }
}

impl From<&str> for Wrong {
    fn from(message: &str) -> Self {
        Wrong { message: message.into(), hint: None }
    }
}

impl From<String> for Wrong {
    fn from(message: String) -> Self {
        Wrong { message, hint: None }
    }
}
