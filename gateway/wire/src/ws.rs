//! WebSocket frames (RFC 6455), without I/O: bytes in and messages out, and the frames that carry messages.
//!
//! The same messages come out however the stream was read. What the RFC forbids is refused from the header on, before
//! anything is kept for it; no extension is spoken, so the reserved bits stay clear.

mod head;
mod write;

use head::{Head, Opcode};
pub use write::{binary, close, ping, pong, text};

/// Who sent the frames that are read: a client masks its frames, a server does not (RFC 6455 section 5.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sender {
    /// The side that asked for the connection.
    Client,
    /// The side that accepted it.
    Server,
}

/// What frames carry. A text comes whole, binary data frame by frame, so that audio never waits for the rest of its
/// message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Message {
    /// A whole text, however many frames it came in.
    Text(String),
    /// The data of one frame.
    Binary {
        /// Its bytes, unmasked.
        data: Vec<u8>,
        /// Whether it opens its message.
        first: bool,
        /// Whether it ends its message.
        last: bool,
    },
    /// Asks for a pong with the same bytes, at most 125.
    Ping(Vec<u8>),
    /// The answer to a ping, or a sign of life.
    Pong(Vec<u8>),
    /// The last frame of this direction.
    Close {
        /// One that section 7.4 lets onto the wire; none where the frame had no body.
        code: Option<u16>,
        /// At most 123 bytes.
        reason: String,
    },
}

/// What is wrong with a stream of frames.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{what}")]
pub struct WsError {
    /// The close code that says it: 1002 (protocol), 1007 (not UTF-8) or 1009 (too large).
    pub code: u16,
    /// In words, without anything that was received.
    pub what: &'static str,
}

impl WsError {
    fn protocol(what: &'static str) -> Self {
        Self { code: 1002, what }
    }

    fn utf8() -> Self {
        Self { code: 1007, what: "a text that is not UTF-8" }
    }

    fn size(what: &'static str) -> Self {
        Self { code: 1009, what }
    }
}

/// How much is kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Bytes of a text message, at most.
    pub text: usize,
    /// Bytes of one binary frame, at most.
    pub frame: usize,
}

/// Cuts one direction of a connection into messages.
#[derive(Debug)]
pub struct Reader {
    from: Sender,
    limits: Limits,
    /// Bytes of a header that is not complete.
    head: Vec<u8>,
    frame: Option<Frame>,
    /// Payload of a binary or control frame that is not complete.
    payload: Vec<u8>,
    /// What has come of a text message, unmasked.
    text: Vec<u8>,
    /// Bytes of it that are whole characters.
    valid: usize,
    /// The message that frames may continue.
    open: Option<Kind>,
    /// Nothing is read behind a close frame or an error.
    end: Option<Result<(), WsError>>,
}

/// A frame whose payload is read.
#[derive(Clone, Copy, Debug)]
struct Frame {
    kind: Kind,
    first: bool,
    last: bool,
    key: Option<[u8; 4]>,
    /// Bytes that have come, and bytes that are still to come.
    come: usize,
    left: usize,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Reader {
    /// Reads what this side sends.
    pub fn new(from: Sender, limits: Limits) -> Self {
        let (head, payload, text) = (Vec::new(), Vec::new(), Vec::new());
        Self { from, limits, head, frame: None, payload, text, valid: 0, open: None, end: None }
    }

    /// Takes bytes as they come, appends what they complete, also where an error stands behind it. Behind a close frame
    /// bytes are ignored; behind an error the same error comes again.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Message>) -> Result<(), WsError> {
        let mut rest = bytes;
        while self.end.is_none() {
            match self.step(&mut rest, out) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => self.end = Some(Err(error)),
            }
        }
        self.end.unwrap_or(Ok(()))
    }

    /// Bytes that wait for the rest of their frame or message.
    pub fn held(&self) -> usize {
        self.head.len() + self.payload.len() + self.text.len()
    }

    /// Reads one byte of a header or one piece of a payload; false where more bytes must come.
    fn step(&mut self, rest: &mut &[u8], out: &mut Vec<Message>) -> Result<bool, WsError> {
        let Some(mut frame) = self.frame.take() else {
            let Some((&byte, tail)) = rest.split_first() else { return Ok(false) };
            *rest = tail;
            self.head.push(byte);
            if let Some(head) = Head::read(&self.head, self.from)? {
                self.head.clear();
                self.frame = Some(self.begin(head)?);
            }
            return Ok(true);
        };
        let (piece, tail) = rest.split_at(frame.left.min(rest.len()));
        *rest = tail;
        self.keep(&frame, piece)?;
        frame.come += piece.len();
        frame.left -= piece.len();
        if frame.left > 0 {
            self.frame = Some(frame);
            return Ok(false);
        }
        self.finish(frame, out)?;
        Ok(true)
    }

    /// Decides from its header what a frame is, and whether there is room for it.
    fn begin(&mut self, head: Head) -> Result<Frame, WsError> {
        let (kind, first) = match (head.opcode, self.open) {
            (Opcode::Close, _) => (Kind::Close, true),
            (Opcode::Ping, _) => (Kind::Ping, true),
            (Opcode::Pong, _) => (Kind::Pong, true),
            (Opcode::Continuation, Some(kind)) => (kind, false),
            (Opcode::Text, None) => (Kind::Text, true),
            (Opcode::Binary, None) => (Kind::Binary, true),
            (Opcode::Continuation, None) => return Err(WsError::protocol("a continuation of no message")),
            (_, Some(_)) => return Err(WsError::protocol("a message inside another")),
        };
        let too_large = match kind {
            Kind::Text => WsError::size("a text message above the limit"),
            _ => WsError::size("a frame above the limit"),
        };
        let room = match kind {
            Kind::Text => self.limits.text.saturating_sub(self.text.len()),
            Kind::Binary => self.limits.frame,
            // Their headers were read: at most 125 bytes.
            _ => usize::MAX,
        };
        let left = usize::try_from(head.len).ok().filter(|&len| len <= room).ok_or(too_large)?;
        if matches!(kind, Kind::Text | Kind::Binary) {
            self.open = (!head.last).then_some(kind);
        }
        Ok(Frame { kind, first, last: head.last, key: head.key, come: 0, left })
    }

    fn keep(&mut self, frame: &Frame, piece: &[u8]) -> Result<(), WsError> {
        let into = if frame.kind == Kind::Text { &mut self.text } else { &mut self.payload };
        let from = into.len();
        into.extend_from_slice(piece);
        if let Some(key) = frame.key {
            head::mask(into.split_at_mut(from).1, key, frame.come);
        }
        if frame.kind == Kind::Text { self.check() } else { Ok(()) }
    }

    /// Fails at the first byte that no character can have, without waiting for the rest of the text.
    fn check(&mut self) -> Result<(), WsError> {
        let unread = self.text.get(self.valid..).unwrap_or_default();
        match std::str::from_utf8(unread) {
            Ok(_) => self.valid = self.text.len(),
            Err(e) if e.error_len().is_none() => self.valid += e.valid_up_to(),
            Err(_) => return Err(WsError::utf8()),
        }
        Ok(())
    }

    fn finish(&mut self, frame: Frame, out: &mut Vec<Message>) -> Result<(), WsError> {
        let data = std::mem::take(&mut self.payload);
        out.push(match frame.kind {
            Kind::Text if !frame.last => return Ok(()),
            Kind::Text => {
                self.valid = 0;
                Message::Text(String::from_utf8(std::mem::take(&mut self.text)).map_err(|_| WsError::utf8())?)
            }
            Kind::Binary => Message::Binary { data, first: frame.first, last: frame.last },
            Kind::Ping => Message::Ping(data),
            Kind::Pong => Message::Pong(data),
            Kind::Close => {
                let (code, reason) = head::close(&data)?;
                self.end = Some(Ok(()));
                Message::Close { code, reason }
            }
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
