//! Another implementation of the RFC reads what we write, writes what we read, and refuses what we refuse.
//!
//! Deliberate differences: lengths must be as short as they go, which the other does not ask; and close code 1014, which
//! the registry has given since, may be sent.

use std::io::{self, Read, Write};

use proptest::prelude::*;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode};
use tungstenite::{Error, Message as Other, WebSocket};

use super::*;

/// A stream in memory: what may be read, what was written.
#[derive(Default)]
struct Memory {
    input: io::Cursor<Vec<u8>>,
    output: Vec<u8>,
}

impl Read for Memory {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.input.read(into)? {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            count => Ok(count),
        }
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn other(role: Role, input: Vec<u8>) -> WebSocket<Memory> {
    let config = WebSocketConfig::default().max_frame_size(Some(1 << 20)).max_message_size(Some(1 << 20));
    WebSocket::from_raw_socket(Memory { input: io::Cursor::new(input), output: Vec::new() }, role, Some(config))
}

/// What the other reads, and whether it refuses. A forbidden close code is told only by the close frame it makes of it.
fn others_reading(from: Sender, bytes: &[u8]) -> (Vec<Message>, bool) {
    let role = if from == Sender::Client { Role::Server } else { Role::Client };
    let mut socket = other(role, bytes.to_vec());
    let mut out = Vec::new();
    loop {
        out.push(match socket.read() {
            Ok(Other::Text(text)) => Message::Text(text.to_string()),
            Ok(Other::Binary(data)) => Message::Binary { data: data.to_vec(), first: true, last: true },
            Ok(Other::Ping(data)) => Message::Ping(data.to_vec()),
            Ok(Other::Pong(data)) => Message::Pong(data.to_vec()),
            Ok(Other::Close(Some(close))) if close.reason.as_str() == "Protocol violation" => return (out, true),
            Ok(Other::Close(close)) => {
                let (code, reason) =
                    close.map_or((None, String::new()), |c| (Some(c.code.into()), c.reason.to_string()));
                out.push(Message::Close { code, reason });
                return (out, false);
            }
            Ok(Other::Frame(_)) => continue,
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => return (out, false),
            Err(_) => return (out, true),
        });
    }
}

/// Binary messages put together, as the other gives them; one that is not whole is left out.
fn joined(messages: Vec<Message>) -> Vec<Message> {
    let (mut out, mut open) = (Vec::new(), Vec::new());
    for message in messages {
        match message {
            Message::Binary { data, last, .. } => {
                open.extend(data);
                if last {
                    out.push(Message::Binary { data: std::mem::take(&mut open), first: true, last: true });
                }
            }
            message => out.push(message),
        }
    }
    out
}

/// A frame whose length is right, but nothing else need be.
#[derive(Clone, Debug)]
struct Frame {
    first: u8,
    payload: Vec<u8>,
    wrongly_masked: bool,
}

fn frame() -> impl Strategy<Value = Frame> {
    let first = prop_oneof![
        12 => prop::sample::select(vec![0x81, 0x82, 0x01, 0x02, 0x80, 0x80, 0x00, 0x89, 0x8a]),
        1 => prop::sample::select(vec![0x88, 0xc1, 0x83, 0x09]),
        1 => any::<u8>(),
    ];
    let payload = prop_oneof![
        6 => any::<String>().prop_map(String::into_bytes),
        2 => prop::collection::vec(any::<u8>(), 0..200),
        2 => (990..5010u16, any::<String>()).prop_map(|(code, why)| [&code.to_be_bytes(), why.as_bytes()].concat()),
        1 => Just("\u{20ac}".as_bytes()[..2].to_vec()),
        1 => Just("\u{20ac}".as_bytes()[2..].to_vec()),
        1 => Just(vec![b'a'; 66_000]),
    ];
    (first, payload, prop::bool::weighted(0.05)).prop_map(|(first, payload, wrongly_masked)| Frame {
        first,
        payload,
        wrongly_masked,
    })
}

fn written(frames: &[Frame], from: Sender, key: [u8; 4]) -> Vec<u8> {
    let mut out = Vec::new();
    for Frame { first, payload, wrongly_masked } in frames {
        let start = out.len();
        let masks = (from == Sender::Client) != *wrongly_masked;
        binary(payload, true, true, masks.then_some(key), &mut out);
        out[start] = *first;
    }
    out
}

fn compare(from: Sender, bytes: &[u8]) -> Result<(), TestCaseError> {
    let (messages, end) = read(from, LIMITS, &[bytes]);
    let messages = joined(messages);
    let (others, refused) = others_reading(from, bytes);
    if messages.last().is_some_and(|last| matches!(last, Message::Close { code: Some(1014), .. })) {
        return Ok(());
    }
    prop_assert_eq!(end.is_err(), refused, "{:?}", end);
    prop_assert_eq!(messages, others);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn both_read_and_refuse_alike(frames in prop::collection::vec(frame(), 1..6), key in any::<[u8; 4]>()) {
        compare(Sender::Server, &written(&frames, Sender::Server, key))?;
        compare(Sender::Client, &written(&frames, Sender::Client, key))?;
    }

    #[test]
    fn what_the_other_writes_we_read(
        texts in prop::collection::vec(any::<String>(), 0..4),
        data in prop::collection::vec(any::<u8>(), 0..70_000),
        client in any::<bool>(),
    ) {
        let (role, from) = if client { (Role::Client, Sender::Client) } else { (Role::Server, Sender::Server) };
        let mut socket = other(role, Vec::new());
        let mut expected = Vec::new();
        for text in texts {
            socket.send(Other::text(text.clone())).unwrap();
            expected.push(Message::Text(text));
        }
        socket.send(Other::binary(data.clone())).unwrap();
        socket.send(Other::Ping(b"p".to_vec().into())).unwrap();
        socket.close(Some(CloseFrame { code: CloseCode::Away, reason: "bye".into() })).unwrap();
        expected.extend(whole(data));
        expected.push(Message::Ping(b"p".to_vec()));
        expected.push(Message::Close { code: Some(1001), reason: "bye".into() });
        prop_assert_eq!(read(from, LIMITS, &[&socket.get_ref().output]), (expected, Ok(())));
    }
}

#[test]
fn lengths_longer_than_they_must_be_are_ours_alone_to_refuse() {
    for bytes in [&b"\x82\x7e\x00\x01a"[..], b"\x82\x7f\0\0\0\0\0\0\0\x01a"] {
        assert_eq!(server(bytes).1.unwrap_err().code, 1002);
        assert_eq!(others_reading(Sender::Server, bytes), (whole(b"a".to_vec()), false));
    }
}

#[test]
fn both_let_the_same_close_codes_through() {
    for code in (0..=u16::MAX).filter(|&code| code != 1014) {
        let mut out = Vec::new();
        close(Some(code), "", None, &mut out);
        let (messages, end) = server(&out);
        assert_eq!((messages, end.is_err()), others_reading(Sender::Server, &out), "{code}");
    }
}
