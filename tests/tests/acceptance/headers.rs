//! Which headers cross.

use acceptance::harness::{Chat, Gateway, Provider};
use serde_json::json;

#[test]
fn to_the_provider_by_a_list() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let mut client = gateway.client();
    for (name, value) in [
        ("cookie", "session=x"),
        ("x-forwarded-for", "10.1.2.3"),
        ("forwarded", "for=10.1.2.3"),
        ("x-real-ip", "10.1.2.3"),
        ("baggage", "user=x"),
        ("x-tidegate-conversation", "c1"),
        ("referer", "http://inside.example/x"),
        ("accept-encoding", "gzip, br"),
        ("x-custom", "x"),
        ("user-agent", "agent/1"),
    ] {
        client = client.with_header(name, value);
    }
    client.chat(&Chat::user("hi"));
    let seen = &provider.requests()[0];
    let allowed = [
        "host",
        "authorization",
        "content-type",
        "content-length",
        "accept",
        "accept-encoding",
        "user-agent",
        "connection",
    ];
    let names = seen.header_names();
    assert!(names.iter().all(|name| allowed.contains(&name.as_str())), "{names:?}");
    assert_eq!(seen.header("user-agent"), ["agent/1"]);
    assert!(seen.header("accept-encoding").iter().all(|coding| coding == "identity"));
    assert_eq!(seen.header("host"), [provider.address()]);
}

#[test]
fn to_the_agent_by_a_list() {
    let headers = json!([
        ["set-cookie", "a=b"],
        ["etag", "\"x\""],
        ["digest", "x"],
        ["accept-ranges", "bytes"],
        ["server", "x"],
        ["openai-organization", "the-providers-account"],
        ["x-tidegate-guard", "policy=none"],
        ["retry-after", "7"],
        ["openai-processing-ms", "12"],
        ["x-ratelimit-remaining-tokens", "149984"]
    ]);
    let provider = Provider::with(json!({ "headers": headers }));
    let gateway = Gateway::before(&provider);
    for chat in [Chat::user("hi"), Chat::user("hi").streamed()] {
        let answer = gateway.client().chat(&chat);
        for gone in ["set-cookie", "etag", "digest", "accept-ranges", "openai-organization"] {
            assert_eq!(answer.header(gone), None, "{gone}");
        }
        assert_eq!(answer.header("openai-processing-ms"), Some("12"));
        assert_eq!(answer.header("x-ratelimit-remaining-tokens"), Some("149984"));
        assert!(answer.header("x-request-id").is_some());
        let guards: Vec<_> = answer.headers().iter().filter(|(name, _)| name == "x-tidegate-guard").collect();
        assert!(guards.len() == 1 && guards[0].1.starts_with("policy=default@3"), "{guards:?}");
    }
}

#[test]
fn the_guard_header_says_what_ran_and_what_was_found() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let said = "card 4111 1111 1111 1111 and 5555 5555 5555 4444, mail maria.lopez@example.com";
    let answer = gateway.client().chat(&Chat::user(said).streamed());
    let guard = answer.header("x-tidegate-guard").unwrap();
    for part in ["policy=default@3", "payment@2.0.0", "pan:2", "email:1"] {
        assert!(guard.contains(part), "{guard}");
    }
}
