//! The standard's grammar, and that no way of reading the stream shows in its events.

use super::*;

fn events(reads: &[&[u8]]) -> Vec<Event> {
    let mut framer = Framer::default();
    let mut out = Vec::new();
    for read in reads {
        framer.push(read, &mut out).unwrap();
    }
    framer.finish(&mut out).unwrap();
    out
}

fn data(event: &Event) -> Option<String> {
    match &event.data {
        Data::None => None,
        Data::Line(range) => Some(String::from_utf8(event.bytes[range.clone()].to_vec()).unwrap()),
        Data::Lines(lines) => Some(lines.clone()),
    }
}

const STREAMS: [&[u8]; 6] = [
    b"data: a\n\ndata: b\n\n",
    b"\xEF\xBB\xBFdata: a\r\n\r\ndata:b\r\n\r\n",
    b"data: a\r\rdata: b\r\r",
    b": hello\ndata: a\nfoo: x\nretry: 10\n\n:\n\nevent: e\nid: 1\ndata: b\ndata\ndata: c\n\n",
    "data: \u{e9}\u{1f600}\n\n".as_bytes(),
    b"data: a\n\ndata: [DONE]\n",
];

#[test]
fn grammar() {
    let all: Vec<Vec<Option<String>>> = STREAMS.iter().map(|s| events(&[s]).iter().map(data).collect()).collect();
    let some = |texts: &[&str]| texts.iter().map(|t| Some(t.to_string())).collect::<Vec<_>>();
    assert_eq!(all[0], some(&["a", "b"]));
    assert_eq!(all[1], some(&["a", "b"]));
    assert_eq!(all[2], some(&["a", "b"]));
    assert_eq!(all[3], vec![Some("a".into()), None, Some("b\n\nc".into())]);
    assert_eq!(all[5], some(&["a", "[DONE]"]));
    let named = events(&[STREAMS[3]]);
    assert_eq!(named[0].bytes, b"data: a\nretry: 10\n\n");
    assert_eq!(named[2].names, ["e", "1"]);
}

#[test]
fn every_two_cuts_give_the_same_events() {
    for stream in STREAMS {
        let whole = events(&[stream]);
        for i in 0..=stream.len() {
            for j in i..=stream.len() {
                assert_eq!(events(&[&stream[..i], &stream[i..j], &stream[j..]]), whole, "{i} {j}");
            }
        }
    }
}

#[test]
fn an_endless_event_is_refused() {
    let mut framer = Framer::default();
    let line = [b'x'; 4096];
    let error = (0..).find_map(|_| framer.push(&line, &mut Vec::new()).err());
    assert_eq!(error, Some(SseError("an event of more than 1 MiB")));
    let mut framer = Framer::default();
    let error = (0..).find_map(|_| framer.push(b"foo: dropped, but not for ever\n", &mut Vec::new()).err());
    assert!(error.is_some());
}
