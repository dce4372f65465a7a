//! WebSocket frames: every cut reads alike, and what was read, written again, reads as it did.

use wire::ws::{self, Limits, Message, Reader, Sender, WsError};

use super::{cuts, fuzz};

const LIMITS: Limits = Limits { text: 4096, frame: 1024 };
const KEY: [u8; 4] = *b"mask";

#[test]
fn sockets() {
    for (from, key) in [(Sender::Server, None), (Sender::Client, Some(KEY))] {
        fuzz("sockets", seeds(key), |input, random| {
            let (messages, end) = read(from, &[input]);
            let at = cuts(input.len(), random);
            let parts: Vec<&[u8]> = at.windows(2).map(|w| &input[w[0]..w[1]]).collect();
            assert_eq!(read(from, &parts), (messages.clone(), end));
            let again = write(&messages, key);
            assert_eq!(read(from, &[&again]), (messages, Ok(())));
        });
    }
}

fn seeds(key: Option<[u8; 4]>) -> Vec<Vec<u8>> {
    let binary = |len: usize, first, last| Message::Binary { data: vec![7; len], first, last };
    let streams = [
        vec![Message::Text(r#"{"type":"KeepAlive"}"#.into()), binary(320, true, true)],
        vec![binary(10, true, false), Message::Ping(b"p".to_vec()), binary(0, false, false), binary(900, false, true)],
        vec![Message::Text("\u{e9}\u{1f600}".repeat(60)), Message::Close { code: Some(1000), reason: "bye".into() }],
        vec![Message::Pong(Vec::new()), Message::Close { code: None, reason: String::new() }],
    ];
    let mut seeds: Vec<Vec<u8>> = streams.iter().map(|messages| write(messages, key)).collect();
    // A text in three frames, cut inside a character: frames of binary data but for the first one's opcode.
    let mut parts = Vec::new();
    for (i, part) in [&b"caf\xc3"[..], b"\xa9 \xf0\x9f", b"\x98\x80"].into_iter().enumerate() {
        ws::binary(part, i == 0, i == 2, key, &mut parts);
    }
    parts[0] ^= 3;
    seeds.push(parts);
    seeds
}

fn read(from: Sender, pieces: &[&[u8]]) -> (Vec<Message>, Result<(), WsError>) {
    let mut reader = Reader::new(from, LIMITS);
    let mut out = Vec::new();
    let end = pieces.iter().try_for_each(|piece| reader.push(piece, &mut out));
    assert!(reader.held() <= LIMITS.text + LIMITS.frame + 14);
    (out, end)
}

fn write(messages: &[Message], key: Option<[u8; 4]>) -> Vec<u8> {
    let mut out = Vec::new();
    for message in messages {
        match message {
            Message::Text(text) => ws::text(text, key, &mut out),
            Message::Binary { data, first, last } => ws::binary(data, *first, *last, key, &mut out),
            Message::Ping(data) => ws::ping(data, key, &mut out),
            Message::Pong(data) => ws::pong(data, key, &mut out),
            Message::Close { code, reason } => ws::close(*code, reason, key, &mut out),
        }
    }
    out
}
