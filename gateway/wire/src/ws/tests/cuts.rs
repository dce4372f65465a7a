//! No way of reading a stream shows in its messages.

use proptest::prelude::*;

use super::*;

/// One frame, or one cut of a text message into frames.
#[derive(Clone, Debug)]
enum Sent {
    Text { text: String, cuts: Vec<usize>, ping: bool },
    Binary { parts: Vec<Vec<u8>> },
    Control(Message),
    Raw(Vec<u8>),
}

fn sent() -> impl Strategy<Value = Sent> {
    let bytes = |max| prop::collection::vec(any::<u8>(), 0..max);
    let text = (any::<String>(), prop::collection::vec(any::<usize>(), 0..4), any::<bool>());
    prop_oneof![
        4 => text.prop_map(|(text, cuts, ping)| Sent::Text { text, cuts, ping }),
        4 => prop::collection::vec(bytes(300), 1..4).prop_map(|parts| Sent::Binary { parts }),
        2 => bytes(126).prop_map(|data| Sent::Control(Message::Ping(data))),
        1 => bytes(126).prop_map(|data| Sent::Control(Message::Pong(data))),
        1 => bytes(20).prop_map(Sent::Raw),
        1 => Just(Sent::Binary { parts: vec![vec![7; 66_000]] }),
    ]
}

fn write(sent: &[Sent], key: Option<[u8; 4]>) -> Vec<u8> {
    let mut out = Vec::new();
    for one in sent {
        match one {
            Sent::Text { text, cuts, ping } => write_text(text, cuts, *ping, key, &mut out),
            Sent::Binary { parts } => {
                for (i, part) in parts.iter().enumerate() {
                    binary(part, i == 0, i + 1 == parts.len(), key, &mut out);
                }
            }
            Sent::Control(Message::Ping(data)) => ping(data, key, &mut out),
            Sent::Control(Message::Pong(data)) => pong(data, key, &mut out),
            Sent::Control(_) => {}
            Sent::Raw(bytes) => out.extend_from_slice(bytes),
        }
    }
    out
}

/// Cuts anywhere, also inside characters: a frame of text is a frame of binary data but for its opcode.
fn write_text(text: &str, cuts: &[usize], between: bool, key: Option<[u8; 4]>, out: &mut Vec<u8>) {
    let mut at: Vec<usize> = cuts.iter().map(|cut| cut % (text.len() + 1)).chain([0, text.len()]).collect();
    at.sort_unstable();
    for (i, pair) in at.windows(2).enumerate() {
        let start = out.len();
        binary(&text.as_bytes()[pair[0]..pair[1]], i == 0, i + 2 == at.len(), key, out);
        out[start] ^= if i == 0 { 3 } else { 0 };
        if between {
            ping(b"still here", key, out);
        }
    }
}

/// What was sent, where all of it is as the RFC has it.
fn expected(sent: &[Sent]) -> Vec<Message> {
    let mut out = Vec::new();
    for one in sent {
        match one {
            Sent::Text { text, cuts, ping } => {
                let pings = usize::from(*ping) * cuts.len();
                out.extend(vec![Message::Ping(b"still here".to_vec()); pings]);
                out.push(Message::Text(text.clone()));
                out.extend(ping.then(|| Message::Ping(b"still here".to_vec())));
            }
            Sent::Binary { parts } => out.extend(parts.iter().enumerate().map(|(i, part)| Message::Binary {
                data: part.clone(),
                first: i == 0,
                last: i + 1 == parts.len(),
            })),
            Sent::Control(message) => out.push(message.clone()),
            Sent::Raw(_) => {}
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_cut_gives_the_same_messages(
        sent in prop::collection::vec(sent(), 0..6),
        key in any::<Option<[u8; 4]>>(),
        at in prop::collection::vec(any::<usize>(), 0..12),
    ) {
        let from = if key.is_some() { Sender::Client } else { Sender::Server };
        let stream = write(&sent, key);
        let whole = read(from, LIMITS, &[&stream]);
        if !sent.iter().any(|one| matches!(one, Sent::Raw(_))) {
            prop_assert_eq!(&whole, &(expected(&sent), Ok(())));
        }
        let mut at: Vec<usize> = at.iter().map(|at| at % (stream.len() + 1)).chain([0, stream.len()]).collect();
        at.sort_unstable();
        let pieces: Vec<&[u8]> = at.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect();
        prop_assert_eq!(&read(from, LIMITS, &pieces), &whole);
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert_eq!(&read(from, LIMITS, &bytes), &whole);
    }

    #[test]
    fn what_is_held_stays_within_the_limits(noise in prop::collection::vec(any::<u8>(), 0..4000), start in 0..3usize) {
        let limits = Limits { text: 300, frame: 200 };
        let start: &[u8] = [&b"\x01\x7e\x01\x00"[..], b"\x02\x7e\x00\xc8", b""][start];
        let mut reader = Reader::new(Sender::Server, limits);
        for byte in start.iter().chain(&noise) {
            if reader.push(&[*byte], &mut Vec::new()).is_err() {
                break;
            }
            prop_assert!(reader.held() <= 300 + 200 + 14);
        }
    }
}
