//! What the process says on stdout, for programs: one JSON line an event, and nothing else but records.

use std::{
    io::{self, Write},
    net::SocketAddr,
};

use serde_json::{Value, json};

use crate::{config::Finding, log, ruleset::Ruleset};

/// It serves.
pub(crate) fn ready(listen: SocketAddr, rules: &Ruleset) {
    say(&json!({"event": "ready", "listen": listen.to_string(), "pid": std::process::id(),
        "version": env!("CARGO_PKG_VERSION"), "policy": **rules.policy(), "packs": **rules.packs()}));
}

/// It has ended what it could, and ends.
pub(crate) fn drained(open: usize) {
    say(&json!({"event": "drained", "open": open}));
}

/// From now on new exchanges take this ruleset.
pub(crate) fn reloaded(rules: &Ruleset) {
    say(&json!({"event": "reloaded", "policy": **rules.policy(), "packs": **rules.packs()}));
}

/// The files hold no ruleset; the one before stays.
pub(crate) fn reload_refused(wrong: &Finding) {
    say(&json!({"event": "reload_refused", "file": wrong.file, "line": wrong.line, "message": wrong.message}));
}

fn say(event: &Value) {
    let mut out = io::stdout().lock();
    if out.write_all(format!("{event}\n").as_bytes()).and_then(|()| out.flush()).is_err() {
        log::write(log::Level::Warn, format_args!("stdout is closed"));
    }
}
