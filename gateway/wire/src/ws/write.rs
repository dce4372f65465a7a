//! Frames to send. Each function appends one; `mask` is the masking key of a client's frame, none for a server's.

use super::head::{self, CONTROL, Opcode};

/// A whole text message in one frame.
pub fn text(text: &str, mask: Option<[u8; 4]>, out: &mut Vec<u8>) {
    frame(Opcode::Text, true, text.as_bytes(), mask, out);
}

/// One frame of a binary message, and whether it opens and ends it.
pub fn binary(data: &[u8], first: bool, last: bool, mask: Option<[u8; 4]>, out: &mut Vec<u8>) {
    let opcode = if first { Opcode::Binary } else { Opcode::Continuation };
    frame(opcode, last, data, mask, out);
}

/// A ping; its payload is cut to 125 bytes.
pub fn ping(payload: &[u8], mask: Option<[u8; 4]>, out: &mut Vec<u8>) {
    frame(Opcode::Ping, true, cut(payload), mask, out);
}

/// A pong; its payload is cut to 125 bytes.
pub fn pong(payload: &[u8], mask: Option<[u8; 4]>, out: &mut Vec<u8>) {
    frame(Opcode::Pong, true, cut(payload), mask, out);
}

/// A close frame, whose reason is cut to 123 bytes between characters. Without a code there is no body.
pub fn close(code: Option<u16>, reason: &str, mask: Option<[u8; 4]>, out: &mut Vec<u8>) {
    let mut body = Vec::new();
    if let Some(code) = code {
        body.extend_from_slice(&code.to_be_bytes());
        for c in reason.chars() {
            if body.len() + c.len_utf8() > CONTROL {
                break;
            }
            body.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    frame(Opcode::Close, true, &body, mask, out);
}

fn cut(payload: &[u8]) -> &[u8] {
    payload.get(..CONTROL).unwrap_or(payload)
}

fn frame(opcode: Opcode, last: bool, payload: &[u8], key: Option<[u8; 4]>, out: &mut Vec<u8>) {
    out.reserve(payload.len() + 14);
    out.push(u8::from(last) << 7 | opcode as u8);
    let masked = u8::from(key.is_some()) << 7;
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(len @ ..=125), _) => out.push(masked | len),
        (_, Ok(len)) => {
            out.push(masked | 126);
            out.extend_from_slice(&len.to_be_bytes());
        }
        _ => {
            out.push(masked | 127);
            out.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(key.as_ref().map_or(&[], |key| key.as_slice()));
    let from = out.len();
    out.extend_from_slice(payload);
    if let Some(key) = key {
        head::mask(out.split_at_mut(from).1, key, 0);
    }
}
