//! What the provider saw: one JSON line a request, one a message of a WebSocket, one a connection that ended.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::request::Request;
use crate::base64;

pub(super) struct Log {
    lines: Mutex<Lines>,
}

struct Lines {
    file: File,
    count: u64,
}

impl Log {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { lines: Mutex::new(Lines { file: File::create(path)?, count: 0 }) })
    }

    /// A whole request, as it came off the wire.
    pub(super) fn request(&self, conn: u64, request: &Request) {
        self.line("request", conn, &request.raw, Some(&request.headers));
    }

    /// What one message of a WebSocket carried, unmasked; `kind` is that of the message.
    pub(super) fn message(&self, conn: u64, kind: &str, payload: &[u8]) {
        self.line(kind, conn, payload, None);
    }

    /// The peer closed; the bytes are those of a request that never became whole.
    pub(super) fn closed(&self, conn: u64, unread: &[u8]) {
        self.line("closed", conn, unread, None);
    }

    fn line(&self, kind: &str, conn: u64, bytes: &[u8], headers: Option<&[(String, String)]>) {
        // A log that a panicking thread left behind is still a log.
        let mut lines = self.lines.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        lines.count += 1;
        let line = json!({
            "t_us": now_us(),
            "event": lines.count,
            "kind": kind,
            "conn": conn,
            "headers": headers,
            "bytes_b64": base64::encode(bytes),
        });
        let _ = writeln!(lines.file, "{line}");
    }
}

/// Microseconds since 1970, the one clock that several processes share.
pub(super) fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}
