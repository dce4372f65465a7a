//! Who calls: the agent's key opens the gateway, the gateway's own opens the provider, and they never meet.

use acceptance::harness::{AGENT_KEY, Chat, Client, Gateway, PROVIDER_KEY, Provider, SECOND_KEY, Scratch};

#[test]
fn without_the_key_nothing_passes() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let stranger = Client::of(gateway.address());
    let strangers = [
        stranger.clone(),
        stranger.clone().with_key("sk-other"),
        stranger.clone().with_key("sk-de"),
        stranger.clone().with_key("sk-dev1"),
        stranger.clone().with_key(""),
        stranger.clone().with_header("authorization", "Basic c2stZGV2Og=="),
        stranger.clone().with_header("authorization", AGENT_KEY),
    ];
    for stranger in strangers {
        let refused = stranger.chat(&Chat::user("hi"));
        assert_eq!((refused.status, refused.code().as_str()), (401, "unauthenticated"));
        assert_eq!(refused.json()["error"]["type"], "invalid_request_error");
    }
    assert!(provider.requests().is_empty());
}

#[test]
fn two_keys_are_no_key() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let client = gateway.client();
    let request = String::from_utf8(client.request("POST", "/v1/chat/completions", Chat::user("hi").body().as_bytes()));
    let twice = request.unwrap().replacen("authorization:", "authorization: Bearer sk-other\r\nauthorization:", 1);
    assert_eq!(client.send(twice.as_bytes()).response().status, 401);
    assert!(provider.requests().is_empty());
}

#[test]
fn the_key_is_swapped() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let answer = gateway.client().chat(&Chat::user("hi"));
    let seen = &provider.requests()[0];
    assert_eq!(seen.header("authorization"), [format!("Bearer {PROVIDER_KEY}")]);
    assert!(!String::from_utf8_lossy(&seen.bytes()).contains(AGENT_KEY));
    assert!(!String::from_utf8_lossy(answer.raw()).contains(PROVIDER_KEY));
    assert!(!gateway.wrote().contains(PROVIDER_KEY) && !gateway.wrote().contains(AGENT_KEY));
}

#[test]
fn an_agent_never_thinks_that_its_own_key_failed() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    for status in ["status-401", "status-403"] {
        let answer = gateway.client().chat(&Chat::user("hi").meeting(status));
        assert_eq!((answer.status, answer.code().as_str()), (502, "upstream_auth"));
        assert!(!answer.text().contains("simulated"), "the provider's words stay behind");
    }
}

#[test]
fn a_caller_may_have_actions_of_its_own() {
    let provider = Provider::quoting();
    let scratch = Scratch::new();
    let policy = "\
policy: shared
version: 1
routes:
  - {leg: llm, direction: in, default: replace}
  - {leg: llm, direction: in, caller: second, default: redact, entities: {email: allow}}
  - {leg: llm, direction: out, default: allow}
";
    let policy = scratch.file("policy.yaml", policy);
    let gateway = Gateway::configured(&provider, &format!("policy: {}", policy.display()));
    let asked = Chat::user("card 4111 1111 1111 1111, mail maria.lopez@example.com");
    let seen = |key: &str| {
        let answer = Client::of(gateway.address()).with_key(key).chat(&asked);
        assert_eq!(gateway.record(&answer.exchange())["policy"], "shared@1");
        provider.requests().pop().unwrap().body()["messages"][0]["content"].as_str().unwrap().to_owned()
    };
    assert_eq!(seen(AGENT_KEY), "card [PAN], mail [EMAIL]");
    assert_eq!(seen(SECOND_KEY), "card , mail maria.lopez@example.com");
    assert_eq!(seen(AGENT_KEY), "card [PAN], mail [EMAIL]");
}
