//! Row 15: around the guard. What no table claims does not pass, and the provider never hears of it.

use acceptance::harness::{Chat, Client, Gateway, Provider};
use serde_json::json;

use crate::leaks::{CARD, Twins};

const CHAT: &str = "/v1/chat/completions";

#[test]
fn other_content() {
    let twins = Twins::quoting();
    let body = Chat::user(CARD).body();
    for client in [twins.unguarded(), twins.gateway.client()] {
        for (name, value) in [
            ("content-encoding", "gzip"),
            ("content-type", "text/plain"),
            ("content-type", "multipart/form-data; boundary=x"),
        ] {
            let answer = client.clone().with_header(name, value).post(CHAT, body.as_bytes());
            assert!(client.clone().with_header(name, value).post(CHAT, b"").status >= 400 || answer.status == 200);
        }
    }
    assert!(twins.provider.requests().is_empty());
    twins.hid_from_the_provider(&[CARD]);
}

#[test]
fn other_protocols() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let address = gateway.address();
    let requests = [
        format!("CONNECT {} HTTP/1.1\r\nhost: {}\r\n\r\n", provider.address(), provider.address()),
        format!(
            "GET {CHAT} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer sk-dev\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: x\r\nsec-websocket-version: 13\r\n\r\n"
        ),
        format!(
            "POST http://{}{CHAT} HTTP/1.1\r\nhost: {}\r\ncontent-length: 0\r\n\r\n",
            provider.address(),
            provider.address()
        ),
        format!("TRACE {CHAT} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer sk-dev\r\n\r\n"),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
    ];
    for request in requests {
        let mut connection = Client::of(address).send(request.as_bytes());
        connection.finish_writing();
        let answer = String::from_utf8_lossy(&connection.rest()).into_owned();
        assert!(!answer.starts_with("HTTP/1.1 2") && !answer.starts_with("HTTP/1.1 101"), "{request}\n{answer}");
    }
    assert!(provider.requests().is_empty());
}

#[test]
fn smuggling() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let hidden = format!("POST {CHAT} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{{}}");
    let head = |lines: &str| {
        format!(
            "POST {CHAT} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-dev\r\ncontent-type: application/json\r\n{lines}\r\n"
        )
    };
    let requests = [
        head(&format!("content-length: {}\r\ntransfer-encoding: chunked\r\n", hidden.len() + 5))
            + "0\r\n\r\n"
            + &hidden,
        head(&format!("content-length: 0\r\ncontent-length: {}\r\n", hidden.len())) + &hidden,
        head("transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n") + "0\r\n\r\n" + &hidden,
        head("transfer-encoding: xchunked\r\n") + "0\r\n\r\n" + &hidden,
        head("transfer-encoding : chunked\r\n") + "0\r\n\r\n" + &hidden,
        head("x: y\r\n content-length: 2\r\n") + "{}" + &hidden,
    ];
    for request in requests {
        // The gateway must answer and close by itself: what follows has no beginning that both sides agree on.
        let answer = Client::of(gateway.address()).send(request.as_bytes()).rest();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(!answer.contains("HTTP/1.1 200"), "{request}\n{answer}");
    }
    assert!(provider.requests().is_empty(), "{:?}", String::from_utf8_lossy(&provider.saw()));
}

#[test]
fn stored_and_remote_state() {
    let twins = Twins::quoting();
    let chats = [
        Chat::user(CARD).with("store", true),
        Chat::user(CARD).with("previous_response_id", "resp_abc"),
        Chat::user(CARD).with("web_search_options", json!({})),
        Chat::user("").with("messages", json!([{"role": "user", "content": [{"type": "file", "file": {"file_id": CARD}}]}])),
        Chat::user("").with("messages", json!([{"role": "user", "content": [{"type": "input_file", "file_url": format!("https://example.com/{CARD}")}]}])),
    ];
    for chat in chats {
        let answer = twins.ask(&chat);
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
    assert!(twins.provider.requests().is_empty());
    twins.hid_from_the_provider(&[CARD]);
    // What is said to be off is off.
    assert_eq!(twins.ask(&Chat::user("hi").with("store", false)).status, 200);
}
