//! What the process says on stdout, for programs: one JSON line an event, and nothing else but records.

use std::{
    io::{self, Write},
    path::Path,
};

use serde_json::{Value, json};

use crate::{
    config::Finding,
    log,
    ruleset::Ruleset,
    serve::Addresses,
    tls::{
        certificate::{Certificate, moment},
        pair::NoPair,
    },
};

/// It serves. `listen` is null where only TLS is served; `listen_tls` is there where TLS is.
pub(crate) fn ready(addresses: &Addresses, rules: &Ruleset) {
    let mut event = json!({"event": "ready", "listen": addresses.plain.map(|a| a.to_string()),
        "pid": std::process::id(), "version": env!("CARGO_PKG_VERSION"), "policy": **rules.policy(),
        "packs": **rules.packs()});
    if let Some(tls) = addresses.tls {
        event["listen_tls"] = tls.to_string().into();
    }
    say(&event);
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

/// The next handshake shows this certificate.
pub(crate) fn certificate_reloaded(file: &Path, certificate: &Certificate) {
    say(&json!({"event": "certificate_reloaded", "file": file.display().to_string(), "names": certificate.names,
        "not_after": moment(certificate.not_after), "sha256": certificate.sha256}));
}

/// The files hold no pair that could be shown; the one before is shown on.
pub(crate) fn certificate_refused(file: &Path, wrong: &NoPair) {
    say(&json!({"event": "certificate_refused", "file": file.display().to_string(), "message": wrong.to_string()}));
}

fn say(event: &Value) {
    let mut out = io::stdout().lock();
    if out.write_all(format!("{event}\n").as_bytes()).and_then(|()| out.flush()).is_err() {
        log::write(log::Level::Warn, format_args!("stdout is closed"));
    }
}
