//! How sessions end: by either side, by what is not allowed, and by what breaks.

use acceptance::harness::{Got, Socket, eventually};
use serde_json::json;

use super::{exchange, holds, listening, open, speaking};

/// What ends a session; messages before it are passed over.
fn ended(socket: &mut Socket) -> (u16, String) {
    loop {
        match socket.receive() {
            Got::Close(code, reason) => return (code.unwrap_or(0), reason),
            Got::Broken(why) => return (0, why),
            Got::Nothing => return (0, "it does not end".into()),
            _ => {}
        }
    }
}

#[test]
fn a_close_goes_through_with_its_code_and_what_may_be_seen_of_its_reason() {
    let (provider, gateway) = listening(json!({"updates": []}));
    let mut socket = open(&gateway, "/v1/listen");
    socket.close(4001, "bye 4111 1111 1111 1111");
    assert_eq!(ended(&mut socket).0, 4001, "the provider's own answer");
    let close = eventually("the close", || provider.messages("close").first().cloned());
    assert!(holds(&close, "bye [PAN]"), "{:?}", String::from_utf8_lossy(&close));
}

#[test]
fn a_providers_close_reaches_the_agent() {
    let (_provider, gateway) = listening(json!({"updates": [{"close": 1011}]}));
    let mut socket = open(&gateway, "/v1/listen");
    socket.binary(&[0; 10]);
    assert_eq!(ended(&mut socket).0, 1011);
}

#[test]
fn what_breaks_is_an_error_that_agents_retry() {
    for (fault, aborted) in
        [(json!({"drop": true}), Some("upstream")), (json!({"garbage": "4111 1111 1111 1111"}), Some("upstream"))]
    {
        let (_provider, gateway) = listening(json!({"updates": [fault]}));
        let mut socket = open(&gateway, "/v1/listen");
        let exchange = exchange(&socket);
        socket.binary(&[0; 10]);
        let (code, reason) = ended(&mut socket);
        assert_eq!(code, 1011, "{reason}");
        assert!(reason.starts_with("upstream_garbage"), "{reason}");
        assert!(!holds(socket.got(), "4111"));
        let record = gateway.record(&exchange);
        assert_eq!((&record["deny"], record["aborted"].as_str()), (&"upstream_garbage".into(), aborted));
    }
}

#[test]
fn frames_that_break_the_standard_end_the_session_with_their_code() {
    let unmasked = b"\x81\x02hi".to_vec();
    let reserved = b"\xc1\x80\0\0\0\0".to_vec();
    let not_utf8 = b"\x81\x81\0\0\0\0\xff".to_vec();
    let huge = b"\x82\xff\0\0\0\0\xff\0\0\0\0\0\0\0".to_vec();
    for (frames, code) in [(unmasked, 1002), (reserved, 1002), (not_utf8, 1007), (huge, 1009)] {
        let (_provider, gateway) = listening(json!({"updates": []}));
        let mut socket = open(&gateway, "/v1/listen");
        socket.raw(&frames);
        assert_eq!(ended(&mut socket).0, code, "{frames:?}");
    }
}

#[test]
fn what_is_no_message_of_the_service_is_refused() {
    let (provider, gateway) = speaking();
    let mut socket = open(&gateway, "/tts/websocket");
    socket.binary(b"audio where none belongs");
    assert_eq!(ended(&mut socket), (1008, "media_refused: binary messages cannot be inspected, and is refused".into()));
    let mut socket = open(&gateway, "/tts/websocket");
    socket.text("4111 1111 1111 1111");
    let (code, reason) = ended(&mut socket);
    assert_eq!(code, 1008);
    assert!(reason.starts_with("body_invalid") && !reason.contains("4111"), "{reason}");
    assert!(provider.messages("text").is_empty() && provider.messages("binary").is_empty());
}

#[test]
fn pings_are_answered_here_and_go_no_further() {
    let (provider, gateway) =
        listening(json!({"updates": [{"ping": "4111"}, {"transcript": "hello", "is_final": true}]}));
    let mut socket = open(&gateway, "/v1/listen");
    socket.ping(b"are you there");
    assert_eq!(socket.receive(), Got::Pong(b"are you there".to_vec()));
    socket.binary(&[0; 10]);
    socket.binary(&[0; 10]);
    assert_eq!(socket.message()["type"], "Results");
    assert!(provider.messages("ping").is_empty());
    let pongs = eventually("the gateway's pong", || provider.messages("pong").first().cloned());
    assert!(holds(&pongs, "4111"), "a pong says what its ping said");
    assert!(!holds(socket.got(), "4111"));
}

#[test]
fn a_session_in_pieces_is_the_same() {
    let update = json!({"transcript": "my card is 4111 1111 1111 1111 okay", "is_final": true, "speech_final": true});
    let (_provider, gateway) = listening(json!({"updates": [{"fragment": 7}, update]}));
    let mut socket = open(&gateway, "/v1/listen");
    socket.binary(&[0; 10]);
    socket.binary(&[0; 10]);
    let message = socket.message();
    assert_eq!(message["channel"]["alternatives"][0]["transcript"], "my card is [PAN] okay");
}

#[test]
fn an_agent_that_is_gone_takes_the_provider_with_it() {
    let (provider, gateway) = listening(json!({"updates": []}));
    let socket = open(&gateway, "/v1/listen");
    let exchange = exchange(&socket);
    socket.hang_up();
    let record = gateway.record(&exchange);
    assert_eq!(record["aborted"], "client");
    provider.hung_up();
}

#[test]
fn shutting_down_says_goodbye() {
    let (_provider, mut gateway) = listening(json!({"updates": []}));
    let mut socket = open(&gateway, "/v1/listen");
    gateway.program().terminate();
    gateway.program().terminate();
    assert_eq!(ended(&mut socket).0, 1001);
    let gone = eventually("the end", || gateway.program().line("drained"));
    assert_eq!(gone["open"], 0);
}
