//! Logs: lines on stderr, of what we say only.
//!
//! Nothing is installed for the `log` crate, so that Pingora's own lines, which quote requests, go nowhere.

use std::{
    fmt,
    io::Write,
    sync::atomic::{AtomicU8, Ordering},
};

static LEVEL: AtomicU8 = AtomicU8::new(Level::Warn as u8);

/// How much a line matters.
#[derive(Clone, Copy, Debug)]
pub enum Level {
    /// Something does not work.
    Error,
    /// Something should be changed.
    Warn,
    /// What happens.
    Info,
    /// What happens, in detail.
    Debug,
}

/// Takes the level from `TIDEGATE_LOG`, and keeps panics from quoting what they choked on.
pub fn init(level: Option<&str>) {
    let known = match level.map(str::to_ascii_lowercase).as_deref() {
        Some("error") => Some(Level::Error),
        None | Some("" | "warn") => Some(Level::Warn),
        Some("info") => Some(Level::Info),
        Some("debug") => Some(Level::Debug),
        Some(_) => None,
    };
    LEVEL.store(known.unwrap_or(Level::Warn) as u8, Ordering::Relaxed);
    if known.is_none() {
        write(Level::Warn, format_args!("TIDEGATE_LOG is one of error, warn, info, debug; taken as warn"));
    }
    std::panic::set_hook(Box::new(|panic| match panic.location() {
        Some(at) => write(Level::Error, format_args!("panic at {}:{}", at.file(), at.line())),
        None => write(Level::Error, format_args!("panic")),
    }));
}

/// Writes a line. Never pass it text of a request or an answer.
pub fn write(level: Level, what: fmt::Arguments<'_>) {
    if level as u8 <= LEVEL.load(Ordering::Relaxed) {
        let name = match level {
            Level::Error => " error",
            Level::Warn => " warn",
            Level::Info => " info",
            Level::Debug => " debug",
        };
        line(name, what);
    }
}

/// Writes what must be known at every start, whatever the level.
pub(crate) fn notice(what: fmt::Arguments<'_>) {
    line("", what);
}

fn line(name: &str, what: fmt::Arguments<'_>) {
    // Where stderr is closed, there is nobody to tell.
    let _ = std::io::stderr().lock().write_all(format!("tidegate{name}: {what}\n").as_bytes());
}
