//! What leaves, and what is kept before it leaves.

use std::sync::LazyLock;

use http::header::{AUTHORIZATION, CONTENT_TYPE};
use ring::rand::SystemRandom;
use rules::{Direction, Leg, Policy};

use super::*;
use crate::{
    body::tests::Sender,
    budget::Budget,
    clock::Clock,
    ruleset::{Legs, Pair, Ruleset},
    stage::{
        admit::{Admitted, Capacity},
        authorise::tests::permit,
    },
};

const BODY: &str = r#"{"model":"m","messages":[{"role":"user","content":"card 4111 1111 1111 1111"}]}"#;

/// Compiled once: it takes a while.
static PROGRAM: LazyLock<Arc<Program>> = LazyLock::new(|| {
    let policy = Policy::parse(rules::policy::DEFAULT).unwrap();
    Arc::new(Program::compile(&rules::built_in().unwrap(), &policy, Leg::Llm, Direction::In).unwrap())
});

fn screening(vault: usize) -> Screening {
    Screening {
        tokens: TokenKey::new(b"k"),
        vault: Vault::open(Clock::new(|| Duration::ZERO), Duration::from_secs(60), vault).unwrap(),
        max_body: 1000,
        idle: Duration::from_secs(1),
    }
}

fn admitted() -> Admitted {
    let capacity = Capacity { exchanges: Budget::new(1), bytes: Budget::new(1000) };
    capacity.admit(permit("sk-dev").unwrap()).unwrap()
}

fn headers(more: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, "application/json".parse().unwrap());
    headers.insert(AUTHORIZATION, "Bearer sk-dev".parse().unwrap());
    for (name, value) in more {
        headers.append(*name, value.parse().unwrap());
    }
    headers
}

async fn screen(by: &Screening, more: &[(&'static str, &str)]) -> (Result<Screened, Stop>, Exchange) {
    let clock = Clock::new(|| Duration::ZERO);
    let ruleset =
        Arc::new(Ruleset::of(Legs::new(Leg::Llm, Pair { request: PROGRAM.clone(), answer: PROGRAM.clone() })));
    let mut exchange = Exchange::begin(ruleset, &clock, &SystemRandom::new()).unwrap();
    let mut down = Sender([Ok(&BODY[..20]), Ok(&BODY[20..])].into(), false);
    let screened = by.screen(admitted(), (&headers(more), None), &mut down, &mut exchange).await;
    (screened, exchange)
}

fn token(screened: &Screened) -> String {
    let body = std::str::from_utf8(screened.body()).unwrap();
    let from = body.find("PAN_").unwrap();
    body[from..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

#[tokio::test]
async fn a_value_leaves_as_a_token_that_is_kept() {
    let (screened, exchange) = screen(&screening(10_000), &[("x-stainless-lang", "python"), ("cookie", "a=b")]).await;
    let screened = screened.ok().unwrap();
    assert!(!screened.body().windows(4).any(|w| w == b"4111"));
    assert_eq!(screened.restore().get(&token(&screened)), Some("4111 1111 1111 1111"));
    assert_eq!(screened.headers().iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>(), ["x-stainless-lang"]);
    assert_eq!(exchange.record.findings.request["pan"], 1);
    assert_eq!(exchange.record.bytes.request, BODY.len() as u64);
}

#[tokio::test]
async fn tokens_stay_from_turn_to_turn_and_differ_between_conversations() {
    let by = screening(10_000);
    let mut tokens = Vec::new();
    for more in [&[][..], &[], &[("x-tidegate-conversation", "c1")], &[("x-tidegate-conversation", "c2")]] {
        tokens.push(token(&screen(&by, more).await.0.ok().unwrap()));
    }
    assert_eq!(tokens[0], tokens[1], "a provider's prompt cache stays warm");
    assert_ne!(tokens[0], tokens[2]);
    assert_ne!(tokens[2], tokens[3]);
}

#[tokio::test]
async fn a_full_vault_lets_nothing_leave() {
    let (screened, _) = screen(&screening(10), &[]).await;
    assert_eq!(screened.err(), Some(Stop::Refused(Deny::VaultFull)));
}

#[tokio::test]
async fn a_conversations_name_is_a_name() {
    let by = screening(10_000);
    let long = "a".repeat(129);
    for bad in ["", "a b", "a/b", &long, "4111111111111111", "joe@example.com"] {
        let (screened, exchange) = screen(&by, &[("x-tidegate-conversation", bad)]).await;
        assert_eq!(screened.err(), Some(Stop::Refused(Deny::ConversationInvalid)), "{bad}");
        assert_eq!(exchange.record.conversation, None, "it goes into no record");
    }
    let twice = [("x-tidegate-conversation", "a"), ("x-tidegate-conversation", "b")];
    assert_eq!(screen(&by, &twice).await.0.err(), Some(Stop::Refused(Deny::ConversationInvalid)));
    let (screened, exchange) = screen(&by, &[("x-tidegate-conversation", "thread-1:a.b_c")]).await;
    assert!(screened.is_ok());
    assert_eq!(exchange.record.conversation.as_deref(), Some("thread-1:a.b_c"));
}
