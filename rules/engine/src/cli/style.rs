//! Colour and progress: only where a person looks on.

use std::io::{self, IsTerminal, Write};

/// Whether what is written to standard output is coloured.
#[derive(Clone, Copy)]
pub(super) struct Style {
    colour: bool,
}

impl Style {
    /// Colour if standard output is a terminal and `NO_COLOR` is not set (<https://no-color.org>).
    pub(super) fn of_stdout() -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        Style { colour: io::stdout().is_terminal() && !unwanted }
    }

    pub(super) fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    pub(super) fn bad(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    pub(super) fn warn(self, text: &str) -> String {
        self.paint("33", text)
    }

    pub(super) fn strong(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(super) fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.into() }
    }
}

/// How far long work has come, on a line of standard error that is written over; nothing where nobody looks on.
pub(super) struct Progress {
    what: &'static str,
    every: usize,
    done: usize,
    shown: bool,
}

impl Progress {
    pub(super) fn of(what: &'static str, every: usize) -> Self {
        Progress { what, every, done: 0, shown: io::stderr().is_terminal() }
    }

    pub(super) fn step(&mut self) {
        self.done += 1;
        if self.shown && self.done.is_multiple_of(self.every) {
            // Progress that cannot be shown is no reason to stop.
            let _ = write!(io::stderr(), "\r{} {}", self.done, self.what);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown && self.done >= self.every {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
