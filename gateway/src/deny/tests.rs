//! What a caller sees of every refusal, word by word: outside scripts match on status and code.

use super::*;

/// Status, body and the two headers' causes.
#[test]
fn goldens() {
    let cases: Vec<(Deny, &str)> = vec![
        (Deny::RouteUnknown, "404 route_unknown invalid_request_error"),
        (Deny::MethodRefused, "405 route_unknown invalid_request_error"),
        (Deny::QueryRefused("x"), "400 query_refused invalid_request_error"),
        (Deny::UpgradeRefused, "400 upgrade_refused invalid_request_error"),
        (Deny::UpgradeRequired, "426 upgrade_required invalid_request_error"),
        (Deny::HandshakeInvalid("x"), "400 handshake_invalid invalid_request_error"),
        (Deny::Misframed { code: 1002, what: "x" }, "400 misframed invalid_request_error"),
        (Deny::Unauthenticated, "401 unauthenticated invalid_request_error"),
        (Deny::NotPermitted, "403 not_permitted invalid_request_error"),
        (Deny::ConversationInvalid, "400 conversation_invalid invalid_request_error"),
        (Deny::ContentType, "415 content_type invalid_request_error"),
        (Deny::ContentEncoding, "415 content_encoding invalid_request_error"),
        (Deny::BodyTimeout, "408 body_timeout invalid_request_error"),
        (Deny::BodyTooLarge { limit: 7 }, "413 body_too_large invalid_request_error"),
        (Deny::BodyInvalid("x".into()), "400 body_invalid invalid_request_error"),
        (Deny::MediaRefused("an image"), "400 media_refused invalid_request_error"),
        (Deny::RemoteRefused("a URL"), "400 remote_refused invalid_request_error"),
        (Deny::Blocked("pan".into()), "400 blocked invalid_request_error"),
        (Deny::ForeignToken, "502 foreign_token server_error hopeless"),
        (Deny::Busy, "503 busy server_error after 1"),
        (Deny::VaultFull, "503 vault_full server_error after 10"),
        (Deny::RecogniserSilent, "503 recogniser_silent server_error after 1"),
        (Deny::GuardFault, "500 guard_fault server_error hopeless"),
        (Deny::Draining, "503 draining server_error after 1"),
        (Deny::UpstreamAuth, "502 upstream_auth server_error hopeless"),
        (Deny::UpstreamUnreachable, "502 upstream_unreachable server_error"),
        (Deny::UpstreamTimeout, "504 upstream_timeout server_error"),
        (Deny::UpstreamGarbage("x"), "502 upstream_garbage server_error"),
        (Deny::UpstreamError(StatusCode::IM_A_TEAPOT), "418 upstream_error server_error"),
    ];
    for (deny, golden) in cases {
        let face = deny.face();
        let mut said = format!("{} {} {}", face.status.as_u16(), face.code, face.kind);
        if let Some(seconds) = face.retry_after {
            said.push_str(&format!(" after {seconds}"));
        }
        if face.hopeless {
            said.push_str(" hopeless");
        }
        assert_eq!(said, golden);
        let body: serde_json::Value = serde_json::from_slice(&deny.body()).unwrap();
        assert_eq!(body["error"]["code"], face.code);
        assert_eq!(body["error"]["param"], serde_json::Value::Null);
        assert!(body["error"]["message"].as_str().is_some_and(|m| m.len() > 10), "{deny:?}");
        assert_eq!(deny.by_upstream(), golden.contains(" upstream_"));
    }
}

#[test]
fn has_openais_shape() {
    let body = r#"{"error":{"message":"the body is larger than 7 bytes","type":"invalid_request_error","param":null,"code":"body_too_large"}}"#;
    let deny = Deny::BodyTooLarge { limit: 7 };
    assert_eq!(String::from_utf8(deny.body()).unwrap(), body);
    assert_eq!(String::from_utf8(deny.event()).unwrap(), format!("data: {body}\n\n"));
}

#[test]
fn refusals_of_the_guard_keep_their_side() {
    let json = || Refusal::Json(wire::json::JsonError { what: "x", at: 3 });
    assert!(matches!(Deny::of_request(json()), Deny::BodyInvalid(_)));
    assert!(matches!(Deny::of_answer(json()), Deny::UpstreamGarbage(_)));
    for side in [Deny::of_request, Deny::of_answer] {
        assert_eq!(side(Refusal::Blocked("pan".into())), Deny::Blocked("pan".into()));
        assert_eq!(side(Refusal::Key("pan".into())), Deny::Blocked("pan".into()));
        assert_eq!(side(Refusal::ForeignToken), Deny::ForeignToken);
        assert_eq!(side(Refusal::Media("an image")), Deny::MediaRefused("an image"));
    }
}

#[test]
fn a_session_is_closed_by_codes_that_agents_understand() {
    for (deny, code) in [
        (Deny::Misframed { code: 1007, what: "x" }, 1007),
        (Deny::Draining, 1001),
        (Deny::Busy, 1013),
        (Deny::Blocked("pan".into()), 1008),
        (Deny::MediaRefused("audio"), 1008),
        (Deny::UpstreamTimeout, 1011),
        (Deny::GuardFault, 1011),
    ] {
        let (close, reason) = deny.close();
        assert_eq!(close, code, "{deny:?}");
        assert!(reason.starts_with(&format!("{}: ", deny.face().code)), "{reason}");
    }
}
