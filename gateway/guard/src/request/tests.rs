//! What leaves for the provider, and what is refused.

use super::*;
use rules::{Direction, Leg, Policy};

fn program() -> Arc<Program> {
    static PROGRAM: std::sync::LazyLock<Arc<Program>> = std::sync::LazyLock::new(|| {
        let policy = Policy::parse(rules::policy::DEFAULT).unwrap();
        Arc::new(Program::compile(&rules::built_in().unwrap(), &policy, Leg::Llm, Direction::In).unwrap())
    });
    PROGRAM.clone()
}

fn screen(body: &str) -> Result<ScreenedRequest, Refusal> {
    screen_request(&wire::dialect::OPENAI_CHAT, &program(), &TokenKey::new(b"k"), body.as_bytes())
}

/// The body as it leaves, tokens shortened to `<LABEL>`.
fn masked(body: &str) -> String {
    let screened = screen(body).unwrap();
    let mut out = String::from_utf8(screened.body).unwrap();
    for minted in screened.minted {
        let label = minted.token.split('_').next().unwrap().to_owned();
        out = out.replace(&minted.token, &format!("<{label}>"));
    }
    out
}

#[test]
fn every_leaf_is_guarded() {
    for (body, expected) in [
        (
            r#"{"messages":[{"role":"user","content":"I am joe@example.com"}]}"#,
            r#"{"messages":[{"role":"user","content":"I am <EMAIL>"}]}"#,
        ),
        (r#"{"user":"joe@example.com", "x":{"y":["123-45-6789"]}}"#, r#"{"user":"<EMAIL>", "x":{"y":["<SSN>"]}}"#),
        (
            r#"{"metadata":{"card":4111111111111111,"n":4111111111111112}}"#,
            r#"{"metadata":{"card":"<PAN>","n":4111111111111112}}"#,
        ),
        (
            r#"{"metadata":{"routing":121000249,"order":121000248}}"#,
            r#"{"metadata":{"routing":121000249,"order":121000248}}"#,
        ),
        (r#"{"metadata":{"routing":121000248}}"#, r#"{"metadata":{"routing":"<ABA>"}}"#),
        (
            r#"{"messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"to\":\"joe\\u0040example.com\",\"n\":4111111111111111}"}}]}]}"#,
            r#"{"messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"to\":\"<EMAIL>\",\"n\":\"<PAN>\"}"}}]}]}"#,
        ),
        (
            r#"{"tools":[{"type":"function","function":{"name":"f","description":"e.g. joe@example.com","parameters":{"enum":["123-45-6789"]}}}]}"#,
            r#"{"tools":[{"type":"function","function":{"name":"f","description":"e.g. <EMAIL>","parameters":{"enum":["<SSN>"]}}}]}"#,
        ),
        (
            r#"{"messages":[{"role":"user","content":"cvv 123"}]}"#,
            r#"{"messages":[{"role":"user","content":"cvv [CVV]"}]}"#,
        ),
    ] {
        assert_eq!(masked(body), expected);
    }
}

#[test]
fn parts_and_messages_of_one_role_are_joined() {
    for (body, expected) in [
        (
            r#"{"messages":[{"role":"user","content":[{"type":"text","text":"joe@exam"},{"type":"text","text":"ple.com ok"}]}]}"#,
            r#"{"messages":[{"role":"user","content":[{"type":"text","text":"<EMAIL>"},{"type":"text","text":" ok"}]}]}"#,
        ),
        (
            r#"{"messages":[{"role":"user","content":"4111 1111"},{"role":"assistant","content":"go on"},{"role":"user","content":" 1111 1111"}]}"#,
            r#"{"messages":[{"role":"user","content":"<PAN>"},{"role":"assistant","content":"go on"},{"role":"user","content":"[PAN]"}]}"#,
        ),
        (
            r#"{"messages":[{"role":"assistant","content":"your CVV?"},{"role":"user","content":"123"}]}"#,
            r#"{"messages":[{"role":"assistant","content":"your CVV?"},{"role":"user","content":"[CVV]"}]}"#,
        ),
        (
            r#"{"messages":[{"role":"tool","content":"4111 1111"},{"role":"tool","content":"1111 1111"}]}"#,
            r#"{"messages":[{"role":"tool","content":"4111 1111"},{"role":"tool","content":"1111 1111"}]}"#,
        ),
        (
            r#"{"messages":[{"role":"user","content":"it is 4111 1111 1111 11"},{"role":"user","content":"ok"}]}"#,
            r#"{"messages":[{"role":"user","content":"it is [PAN]"},{"role":"user","content":"ok"}]}"#,
        ),
    ] {
        assert_eq!(masked(body), expected);
    }
}

#[test]
fn tokens_pass_untouched_and_equal_values_share_one() {
    let first =
        screen(r#"{"messages":[{"role":"user","content":"4111 1111 1111 1111 or 4111-1111-1111-1111"}]}"#).unwrap();
    assert_eq!(first.minted[0].token, first.minted[1].token);
    let body = format!(r#"{{"messages":[{{"role":"user","content":"use {}"}}]}}"#, first.minted[0].token);
    let second = screen(&body).unwrap();
    assert_eq!(String::from_utf8(second.body).unwrap(), body);
    assert!(second.minted.is_empty() && second.summary.findings.is_empty());
}

#[test]
fn refusals() {
    for (body, expected) in [
        ("[]", "the body must be a JSON object"),
        (r#"{"a":1,"a":1}"#, "a key that its object has already"),
        (r#"{"joe@example.com":1}"#, "an object key holds a value of type email"),
        (r#"{"logit_bias":{"4111111111111111":1}}"#, "an object key holds a value of type pan"),
        (
            r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}"#,
            "a content part",
        ),
        (r#"{"messages":[{"role":"user","content":[{"type":"text","file":{"x":1}}]}]}"#, "a file"),
        (r#"{"modalities":["text","audio"]}"#, "an answer other than text"),
        (r#"{"store":true}"#, "`store: true`"),
        (r#"{"previous_response_id":"r"}"#, "a stored response"),
    ] {
        let error = screen(body).unwrap_err().to_string();
        assert!(error.contains(expected), "{body}: {error}");
        assert!(!error.contains("example.com"), "errors never quote");
    }
    assert!(screen(r#"{"store":false,"previous_response_id":null}"#).is_ok());
}

#[test]
fn what_the_answer_must_know() {
    let screened = screen(r#"{"stream":true,"stop":["x"],"response_format":{"type":"json_schema"},"messages":[{"role":"user","content":"your pin?"}]}"#).unwrap();
    assert!(screened.stream && screened.context.stops && screened.context.json_content);
    assert_eq!(screened.context.before.text(), "your pin?");
}

#[test]
fn texts_are_read_as_the_policy_says_and_names_are_not() {
    const SAID: &str = "four one one one one one one one one one one one one one one one";
    let program = |reading: &str| {
        let route = format!("{{leg: llm, direction: in, default: replace, reading: {reading}}}");
        let policy = Policy::parse(&format!("policy: p\nversion: 1\nroutes: [{route}]")).unwrap();
        Arc::new(Program::compile(&rules::built_in().unwrap(), &policy, Leg::Llm, Direction::In).unwrap())
    };
    let found = |reading: &str, body: &str| {
        let body = body.replace("SAID", SAID);
        let key = TokenKey::new(b"k");
        let screened = screen_request(&wire::dialect::OPENAI_CHAT, &program(reading), &key, body.as_bytes()).unwrap();
        screened.summary.findings.values().sum::<u64>()
    };
    for text in [
        r#"{"messages":[{"role":"user","content":"SAID"}]}"#,
        r#"{"messages":[{"role":"user","content":[{"type":"text","text":"SAID"}]}]}"#,
        r#"{"messages":[{"role":"assistant","tool_calls":[{"function":{"arguments":"{\"a\":\"SAID\"}"}}]}]}"#,
        r#"{"metadata":{"note":"SAID"}}"#,
    ] {
        assert_eq!((found("written", text), found("spoken", text)), (0, 1), "{text}");
    }
    for name in [r#"{"model":"SAID"}"#, r#"{"tools":[{"function":{"name":"SAID"}}]}"#, r#"{"metadata":{"SAID":1}}"#] {
        assert_eq!(found("spoken", name), 0, "{name}");
    }
    let mut summary = Summary::default();
    assert_eq!(screen_text(&program("spoken"), SAID, &mut summary).unwrap(), SAID);
}
