//! What a request may be. Everything else is refused, and nothing of it reaches the provider.

use acceptance::harness::{Chat, Gateway, Provider};
use serde_json::{Value, json};

use crate::leaks::{CARD, EMAIL};

const CHAT: &str = "/v1/chat/completions";

struct Desk {
    provider: Provider,
    gateway: Gateway,
}

impl Desk {
    fn open() -> Self {
        let provider = Provider::quoting();
        Self { gateway: Gateway::before(&provider), provider }
    }

    /// Refused with this status and code, in the dialect's shape, without a word of what was sent.
    fn refuses(&self, body: &[u8], status: u16, code: &str) {
        let answer = self.gateway.client().post(CHAT, body);
        let shown = String::from_utf8_lossy(&body[..body.len().min(200)]);
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{shown}: {}", answer.text());
        let error = &answer.json()["error"];
        assert!(error["message"].is_string() && error["type"].is_string() && error.get("param").is_some());
        assert!(answer.header("x-tidegate-exchange").is_some());
        for word in ["planted", CARD, EMAIL] {
            assert!(!answer.text().contains(word), "{shown} is quoted: {}", answer.text());
        }
    }

    fn forwarded_nothing(&self) {
        assert!(self.provider.requests().is_empty(), "something reached the provider");
    }
}

#[test]
fn what_is_no_json_object() {
    let desk = Desk::open();
    let deep = format!(r#"{{"model":"sim","planted":{}{}}}"#, "[".repeat(1000), "]".repeat(1000));
    let rows: &[&[u8]] = &[
        b"",
        b"planted",
        b"[]",
        b"null",
        b"\"planted\"",
        br#"{"model":"sim","messages":[{"role":"user","content":"planted"}]"#,
        br#"{"model":"sim","messages":[]} planted"#,
        br#"{"model":"sim","messages":[],}"#,
        br#"{'model':'planted'}"#,
        br#"{"model":"sim","temperature":NaN}"#,
        br#"{"model":"sim","temperature":01}"#,
        br#"{"model":"sim","temperature":+1}"#,
        b"\xef\xbb\xbf{\"model\":\"sim\",\"messages\":[]}",
        b"{\"model\":\"sim\",\"planted\":\"\x01\"}",
        b"{\"model\":\"sim\",\"planted\":\"\xff\xfe\"}",
        b"{\"model\":\"sim\",\"planted\":\"\xed\xa0\x80\"}",
        br#"{"model":"sim","planted":"\x41"}"#,
        br#"{"model":"sim","planted":"\ud800"}"#,
        br#"{"model":"sim","planted":1,"planted":2}"#,
        br#"{"model":"sim","planted":1,"pl\u0061nted":2}"#,
        br#"{"model":"sim","messages":[{"role":"user","content":"a","content":"b"}]}"#,
        deep.as_bytes(),
    ];
    for row in rows {
        desk.refuses(row, 400, "body_invalid");
    }
    let utf16: Vec<u8> = Chat::user("hi").body().encode_utf16().flat_map(u16::to_le_bytes).collect();
    desk.refuses(&utf16, 400, "body_invalid");
    desk.forwarded_nothing();
}

#[test]
fn what_cannot_be_inspected() {
    let desk = Desk::open();
    let part = |part: Value| Chat::user("").with("messages", json!([{"role": "user", "content": [part]}])).body();
    let rows = [
        part(json!({"type": "image_url", "image_url": {"url": "https://planted.example/x.png"}})),
        part(json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}})),
        part(json!({"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}})),
        part(json!({"type": "file", "file": {"file_data": "JVBERi0=", "filename": "planted.pdf"}})),
        part(json!({"type": "hologram", "hologram": "planted"})),
        Chat::user("hi").with("modalities", json!(["text", "audio"])).body(),
        Chat::user("hi").with("audio", json!({"voice": "alloy", "format": "wav"})).body(),
    ];
    for row in rows {
        desk.refuses(row.as_bytes(), 400, "media_refused");
    }
    let remote = [
        Chat::user("hi").with("store", true).body(),
        Chat::user("hi").with("previous_response_id", "resp_planted").body(),
        Chat::user("hi").with("web_search_options", json!({})).body(),
    ];
    for row in remote {
        desk.refuses(row.as_bytes(), 400, "remote_refused");
    }
    desk.forwarded_nothing();
}

#[test]
fn what_is_declared_as_something_else() {
    let desk = Desk::open();
    let client = desk.gateway.client();
    let body = Chat::user("hi").body();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "",
    ] {
        let answer = client.clone().with_header("content-type", kind).post(CHAT, body.as_bytes());
        assert_eq!(answer.status, 415, "{kind}");
    }
    for coding in ["gzip", "br", "deflate", "identity, gzip"] {
        let answer = client.clone().with_header("content-encoding", coding).post(CHAT, body.as_bytes());
        assert_eq!(answer.status, 415, "{coding}");
    }
    desk.forwarded_nothing();
}

#[test]
fn what_is_framed_badly() {
    let desk = Desk::open();
    let client = desk.gateway.client();
    let body = Chat::user("hi").body();
    let request = String::from_utf8(client.request("POST", CHAT, body.as_bytes())).unwrap();
    let length = format!("content-length: {}\r\n", body.len());
    let frames = [
        request.replace(&length, &format!("{length}transfer-encoding: chunked\r\n")),
        request.replace(&length, &format!("{length}content-length: 3\r\n")),
        request.replace(&length, "content-length: -1\r\n"),
        request.replace(&length, "content-length: 5 5\r\n"),
        request.replace(&length, "transfer-encoding: gzip, chunked\r\n"),
        request.replace(&length, "transfer-encoding: chunked\r\n").replace(&body, "zz\r\nplanted\r\n0\r\n\r\n"),
    ];
    for frame in frames {
        let mut connection = client.send(frame.as_bytes());
        connection.finish_writing();
        let answer = connection.rest();
        let refused = answer.is_empty() || answer.starts_with(b"HTTP/1.1 4");
        assert!(refused, "{frame}\n{}", String::from_utf8_lossy(&answer));
    }
    desk.forwarded_nothing();
}

#[test]
fn what_is_too_large() {
    let desk = Desk::open();
    let client = desk.gateway.client();
    let announced = String::from_utf8(client.request("POST", CHAT, b"")).unwrap();
    let announced = announced.replace("content-length: 0", "content-length: 33554433");
    let answer = client.send(announced.as_bytes()).response();
    assert_eq!((answer.status, answer.code().as_str()), (413, "body_too_large"));
    desk.forwarded_nothing();
}

#[test]
fn what_a_client_abandons() {
    let desk = Desk::open();
    let client = desk.gateway.client();
    let request = client.request("POST", CHAT, Chat::user("hi").body().as_bytes());
    client.send(&request[..request.len() - 5]).abort();
    assert_eq!(client.chat(&Chat::user("still there?")).said(), "You said: still there?");
    assert_eq!(desk.provider.requests().len(), 1);
}

#[test]
fn everything_else_arrives_as_it_was_sent() {
    let desk = Desk::open();
    let odd = "{ \"model\" : \"sim\",\n\t\"messages\": [ {\"role\":\"user\", \"content\": \"t\\u00e4g \\ud83d\\ude00 \\/ ü\"} ],\r\n \
        \"temperature\":1.50e+1, \"seed\":12345678901234567890123, \"x\":{\"y\":[null,true,\"z\"]}, \"empty\":\"\", \"messages2\":[]}";
    let answer = desk.gateway.client().post(CHAT, odd.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let raw = desk.provider.requests()[0].bytes();
    assert!(raw.ends_with(odd.as_bytes()), "{}", String::from_utf8_lossy(&raw));
}
