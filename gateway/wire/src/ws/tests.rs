//! The RFC's examples, and what it forbids.

mod cuts;
mod differential;

use super::*;

const LIMITS: Limits = Limits { text: 1 << 20, frame: 1 << 20 };
const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

fn read(from: Sender, limits: Limits, pieces: &[&[u8]]) -> (Vec<Message>, Result<(), WsError>) {
    let mut reader = Reader::new(from, limits);
    let mut out = Vec::new();
    let end = pieces.iter().try_for_each(|piece| reader.push(piece, &mut out));
    (out, end)
}

fn server(bytes: &[u8]) -> (Vec<Message>, Result<(), WsError>) {
    read(Sender::Server, LIMITS, &[bytes])
}

fn refusal(from: Sender, bytes: &[u8]) -> u16 {
    read(from, LIMITS, &[bytes]).1.map_or_else(|error| error.code, |()| 0)
}

fn whole(data: Vec<u8>) -> Vec<Message> {
    vec![Message::Binary { data, first: true, last: true }]
}

#[test]
fn examples_of_section_5_7() {
    let hello = vec![Message::Text("Hello".into())];
    assert_eq!(server(b"\x81\x05Hello"), (hello.clone(), Ok(())));
    let masked = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
    assert_eq!(read(Sender::Client, LIMITS, &[masked]), (hello.clone(), Ok(())));
    assert_eq!(server(b"\x01\x03Hel\x80\x02lo"), (hello, Ok(())));
    assert_eq!(server(b"\x89\x05Hello").0, [Message::Ping(b"Hello".to_vec())]);
    let masked = b"\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
    assert_eq!(read(Sender::Client, LIMITS, &[masked]).0, [Message::Pong(b"Hello".to_vec())]);
    let data = vec![7; 256];
    assert_eq!(server(&[b"\x82\x7e\x01\x00", &data[..]].concat()).0, whole(data));
    let data = vec![7; 65536];
    assert_eq!(server(&[b"\x82\x7f\0\0\0\0\0\x01\0\0", &data[..]].concat()).0, whole(data));
}

#[test]
fn frames_are_written_as_in_section_5_7() {
    let mut out = Vec::new();
    text("Hello", None, &mut out);
    text("Hello", Some(KEY), &mut out);
    ping(b"Hello", None, &mut out);
    pong(b"Hello", Some(KEY), &mut out);
    binary(b"He", true, false, None, &mut out);
    binary(b"llo", false, true, None, &mut out);
    let expected: [&[u8]; 5] = [
        b"\x81\x05Hello\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
        b"\x89\x05Hello",
        b"\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
        b"\x02\x02He",
        b"\x80\x03llo",
    ];
    assert_eq!(out, expected.concat());
}

#[test]
fn what_the_protocol_forbids_is_refused() {
    let forbidden: [&[u8]; 20] = [
        b"\xc1\x05Hello",
        b"\xa1\x05Hello",
        b"\x91\x05Hello",
        b"\x83\x00",
        b"\x8b\x00",
        b"\x81\x85",
        b"\x09\x00",
        b"\x89\x7e",
        b"\x80\x00",
        b"\x01\x00\x81\x00",
        b"\x01\x00\x02\x00",
        b"\x82\x7e\x00\x7d",
        b"\x82\x7f\0\0\0\0\0\0\xff\xff",
        b"\x82\x7f\x80\0\0\0\0\0\0\0",
        b"\x88\x01\x03",
        b"\x88\x02\x03\xe7",
        b"\x88\x02\x03\xec",
        b"\x88\x02\x03\xed",
        b"\x88\x02\x03\xf7",
        b"\x88\x02\x13\x88",
    ];
    for bytes in forbidden {
        assert_eq!(refusal(Sender::Server, bytes), 1002, "{bytes:x?}");
    }
    assert_eq!(refusal(Sender::Client, b"\x81\x05"), 1002, "a client masks");
    for code in [1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999] {
        let mut out = Vec::new();
        close(Some(code), "bye", None, &mut out);
        assert_eq!(server(&out), (vec![Message::Close { code: Some(code), reason: "bye".into() }], Ok(())));
    }
}

#[test]
fn text_is_utf8_over_the_whole_message() {
    let byte_by_byte = b"\x01\x01\xf0\x00\x01\x9f\x00\x01\x98\x80\x01\x80";
    assert_eq!(server(byte_by_byte), (vec![Message::Text("\u{1f600}".into())], Ok(())));
    assert_eq!(server(b"\x01\x02\xf0\x9f").1, Ok(()), "the rest of the character may come");
    let refused: [&[u8]; 4] =
        [b"\x81\x7e\x10\x00ab\xff", b"\x81\x03\xed\xa0\x80", b"\x81\x02\xf0\x9f", b"\x88\x03\x03\xe8\xff"];
    for bytes in refused {
        assert_eq!(refusal(Sender::Server, bytes), 1007, "{bytes:x?}");
    }
}

#[test]
fn what_is_too_large_is_refused_by_its_header() {
    let limits = Limits { text: 200, frame: 1000 };
    let refused: [&[u8]; 4] =
        [b"\x82\x7e\x03\xe9", b"\x81\x7e\x00\xc9", b"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", b"\x01\x7d"];
    for bytes in &refused[..3] {
        assert_eq!(read(Sender::Server, limits, &[bytes]).1.map_err(|e| e.code), Err(1009), "{bytes:x?}");
    }
    let part = [refused[3], &[b'a'; 125]].concat();
    let mut reader = Reader::new(Sender::Server, limits);
    assert_eq!(reader.push(&part, &mut Vec::new()), Ok(()));
    assert_eq!(reader.held(), 125);
    let error = reader.push(b"\x80\x4c", &mut Vec::new()).unwrap_err();
    assert_eq!(error.code, 1009);
    assert_eq!(reader.push(b"\x81\x00", &mut Vec::new()), Err(error), "the same error again");
    // Binary messages are as long as they like, frame by frame.
    let mut many = [b"\x02\x7d", &[1; 125][..]].concat();
    many.extend([b"\x00\x7d", &[1; 125][..]].concat().repeat(99));
    assert_eq!(read(Sender::Server, limits, &[&many]).0.len(), 100);
}

#[test]
fn nothing_is_read_behind_a_close_frame() {
    let mut reader = Reader::new(Sender::Server, LIMITS);
    let mut out = Vec::new();
    assert_eq!(reader.push(b"\x88\x00\xff\xff\xff", &mut out), Ok(()));
    assert_eq!(reader.push(b"\xff\xff", &mut out), Ok(()));
    assert_eq!(out, [Message::Close { code: None, reason: String::new() }]);
}

#[test]
fn control_frames_are_cut_to_what_they_may_carry() {
    let mut out = Vec::new();
    ping(&[7; 200], None, &mut out);
    close(Some(1011), &"\u{e9}".repeat(100), None, &mut out);
    let close = Message::Close { code: Some(1011), reason: "\u{e9}".repeat(61) };
    assert_eq!(server(&out).0, [Message::Ping(vec![7; 125]), close]);
}
