//! What surrounds a payload: the header of a frame, its mask, and the body of a close frame (RFC 6455 sections 5.2, 5.3,
//! 5.5.1 and 7.4).

use super::{Sender, WsError};

/// Bytes of a control frame's payload, at most (section 5.5).
pub(super) const CONTROL: usize = 125;

/// A frame's header.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) opcode: Opcode,
    /// Whether it is the last frame of its message.
    pub(super) last: bool,
    /// The masking key of a client's frame.
    pub(super) key: Option<[u8; 4]>,
    /// Bytes of the payload.
    pub(super) len: u64,
}

/// Section 11.8; the others are reserved.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Opcode {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

impl Head {
    /// Reads a header, refused as early as its bytes allow; none where they are not enough.
    pub(super) fn read(bytes: &[u8], from: Sender) -> Result<Option<Self>, WsError> {
        let Some((&[first, second], rest)) = bytes.split_first_chunk() else { return Ok(None) };
        let (last, short) = (first & 0x80 != 0, second & 0x7f);
        if first & 0x70 != 0 {
            return Err(WsError::protocol("a frame with reserved bits"));
        }
        let opcode = Opcode::read(first & 0x0f)?;
        if (second & 0x80 != 0) != (from == Sender::Client) {
            return Err(WsError::protocol(match from {
                Sender::Client => "a client's frame without a mask",
                Sender::Server => "a server's frame with a mask",
            }));
        }
        if opcode.is_control() && (!last || usize::from(short) > CONTROL) {
            return Err(WsError::protocol("a control frame in parts, or of more than 125 bytes"));
        }
        let Some((len, rest)) = length(short, rest)? else { return Ok(None) };
        let key = match from {
            Sender::Server => None,
            Sender::Client => match rest.first_chunk() {
                Some(key) => Some(*key),
                None => return Ok(None),
            },
        };
        Ok(Some(Self { opcode, last, key, len }))
    }
}

impl Opcode {
    fn read(bits: u8) -> Result<Self, WsError> {
        const ALL: [Opcode; 6] =
            [Opcode::Continuation, Opcode::Text, Opcode::Binary, Opcode::Close, Opcode::Ping, Opcode::Pong];
        let known = ALL.into_iter().find(|&opcode| opcode as u8 == bits);
        known.ok_or(WsError::protocol("a frame with a reserved opcode"))
    }

    fn is_control(self) -> bool {
        self as u8 >= 8
    }
}

/// The length of a payload and the bytes behind it; it must be written as short as it goes (section 5.2).
fn length(short: u8, rest: &[u8]) -> Result<Option<(u64, &[u8])>, WsError> {
    let (len, least, rest) = match short {
        126 => match rest.split_first_chunk() {
            Some((long, rest)) => (u64::from(u16::from_be_bytes(*long)), 126, rest),
            None => return Ok(None),
        },
        127 => match rest.split_first_chunk() {
            Some((long, rest)) => (u64::from_be_bytes(*long), 1 << 16, rest),
            None => return Ok(None),
        },
        short => (u64::from(short), 0, rest),
    };
    if len < least || len >> 63 != 0 {
        return Err(WsError::protocol("a length that is not written as it must be"));
    }
    Ok(Some((len, rest)))
}

/// Masks or unmasks data that stands `at` bytes into its payload.
pub(super) fn mask(data: &mut [u8], mut key: [u8; 4], at: usize) {
    key.rotate_left(at % 4);
    let [a, b, c, d] = key;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, tail) = data.as_chunks_mut::<8>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, key) in tail.iter_mut().zip(wide.to_ne_bytes()) {
        *byte ^= key;
    }
}

/// What a close frame says.
pub(super) fn close(body: &[u8]) -> Result<(Option<u16>, String), WsError> {
    let Some((code, reason)) = body.split_first_chunk() else {
        return if body.is_empty() { Ok((None, String::new())) } else { Err(WsError::protocol("half a close code")) };
    };
    let code = u16::from_be_bytes(*code);
    // 1004, 1005, 1006 and 1015 never travel; what is below 3000 otherwise is the registry's to give.
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(WsError::protocol("a close code that may not be sent"));
    }
    let reason = std::str::from_utf8(reason).map_err(|_| WsError::utf8())?;
    Ok((Some(code), reason.to_owned()))
}
