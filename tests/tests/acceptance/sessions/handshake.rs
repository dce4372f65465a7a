//! Before a session: who is let in, and what a URL may ask for. Agents retry some refusals and not others, by status.

use acceptance::harness::{Gateway, Provider, Response, Socket};
use serde_json::json;

use super::{AGENT, holds, listening, open};

fn refused(gateway: &Gateway, path: &str, headers: &[(&str, &str)]) -> Response {
    Socket::connect(gateway.address(), path, headers).err().unwrap()
}

#[test]
fn keys_stand_where_the_providers_clients_put_them() {
    let (provider, gateway) = listening(json!({"updates": []}));
    for headers in [
        &[("authorization", "Token sk-dev")][..],
        &[("authorization", "Bearer sk-dev")],
        &[("sec-websocket-protocol", "token, sk-dev")],
    ] {
        let socket = Socket::connect(gateway.address(), "/v1/listen", headers).map_err(|answer| answer.text()).unwrap();
        let named = socket.answer().header("sec-websocket-protocol");
        assert_eq!(named, headers[0].0.starts_with("sec").then_some("token"));
        assert!(socket.answer().header("x-tidegate-guard").unwrap().starts_with("policy=default@3"));
    }
    assert!(!holds(&provider.saw(), "sk-dev"), "the provider gets its own key");
    for headers in [&[][..], &[("authorization", "Token sk-other")], &[("authorization", "sk-dev")]] {
        let answer = refused(&gateway, "/v1/listen", headers);
        assert_eq!((answer.status, answer.code()), (401, "unauthenticated".into()));
    }
    let both = [("authorization", "Token sk-dev"), ("sec-websocket-protocol", "token, sk-other")];
    assert_eq!(refused(&gateway, "/v1/listen", &both).status, 401);
}

#[test]
fn a_url_asks_for_what_its_table_takes() {
    let (provider, gateway) = listening(json!({"updates": []}));
    for (query, code) in [
        ("callback=https%3A%2F%2Fevil.example", "remote_refused"),
        ("call%62ack=x", "remote_refused"),
        ("made_up=1", "query_refused"),
        ("keyterm=4111111111111111", "blocked"),
        ("keyterm=4111+1111+1111+1111", "blocked"),
        ("tag=joe%40example.com", "blocked"),
    ] {
        let answer = refused(&gateway, &format!("/v1/listen?{query}"), AGENT);
        assert_eq!((answer.status, answer.code()), (400, code.into()), "{query}");
        assert!(!answer.text().contains("4111"), "a refusal quotes nothing");
    }
    assert!(provider.requests().is_empty(), "nothing has reached the provider");
    drop(open(&gateway, "/v1/listen?model=nova-3&keyterm=Tide%20Gate&keyterm=a+b"));
    let line = String::from_utf8(provider.requests()[0].bytes()).unwrap();
    assert!(line.starts_with("GET /v1/listen?model=nova-3&keyterm=Tide%20Gate&keyterm=a+b HTTP/1.1\r\n"), "{line}");
}

#[test]
fn no_extension_is_taken_or_offered() {
    let (provider, gateway) = listening(json!({"updates": []}));
    let headers = [AGENT, &[("sec-websocket-extensions", "permessage-deflate; client_max_window_bits")]].concat();
    let socket = Socket::connect(gateway.address(), "/v1/listen", &headers).map_err(|answer| answer.text()).unwrap();
    assert_eq!(socket.answer().header("sec-websocket-extensions"), None);
    assert!(provider.requests()[0].header("sec-websocket-extensions").is_empty());
}

#[test]
fn a_session_is_asked_for_as_the_standard_says() {
    let (_provider, gateway) = listening(json!({"updates": []}));
    let answer = gateway.client().get("/v1/listen");
    assert_eq!((answer.status, answer.code()), (426, "upgrade_required".into()));
    let odd = [AGENT, &[("sec-websocket-version", "8")]].concat();
    assert_eq!(refused(&gateway, "/v1/listen", &odd).code(), "handshake_invalid");
    assert_eq!(refused(&gateway, "/v1/chat/completions", AGENT).code(), "route_unknown");
}

#[test]
fn frames_behind_the_handshake_are_heard() {
    let (provider, gateway) = listening(json!({"updates": [{"transcript": "hello", "is_final": true}]}));
    let client = gateway.client();
    let mut handshake = b"GET /v1/listen HTTP/1.1\r\nhost: x\r\nauthorization: Token sk-dev\r\nconnection: Upgrade\r\n\
        upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        .to_vec();
    handshake.extend(b"\x82\x83\x00\x00\x00\x00abc");
    let mut connection = client.send(&handshake);
    connection.read_until("\"type\":\"Results\"");
    assert_eq!(provider.messages("binary"), [b"abc"]);
}

#[test]
fn a_provider_that_opens_none_is_said_so() {
    let provider = Provider::quoting();
    let gateway = Gateway::to(&[("deepgram", &provider.origin())]);
    let answer = refused(&gateway, "/v1/listen", AGENT);
    assert_eq!(answer.status, 404, "the provider's own status");
    assert_eq!(answer.code(), "upstream_error");
}
