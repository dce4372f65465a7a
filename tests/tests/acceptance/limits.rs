//! Bounds: each is reached, and what happens then is a refusal or a mask.

use std::thread;
use std::time::Duration;

use acceptance::harness::{Chat, Gateway, Provider, eventually};
use serde_json::json;

use crate::leaks::CARD;

const BACKPRESSURE: u64 = 64 << 20;

#[test]
fn open_exchanges() {
    let provider = Provider::quoting();
    let gateway = Gateway::configured(&provider, "limits: {open_streams: 2}");
    let hold = || {
        let mut connection = gateway.client().open(&Chat::user("hi").streamed().meeting("hang-mid"));
        connection.read_until("data:");
        connection
    };
    let (first, _second) = (hold(), hold());
    let refused = gateway.client().chat(&Chat::user("hi"));
    assert_eq!((refused.status, refused.code().as_str()), (503, "busy"));
    assert!(refused.header("retry-after").is_some());
    first.abort();
    eventually("a free place", || (gateway.client().chat(&Chat::user("hi")).status == 200).then_some(()));
}

#[test]
fn the_size_of_a_body() {
    let provider = Provider::quoting();
    let gateway = Gateway::configured(&provider, "limits: {max_body: 64KiB}");
    let fits = Chat::user(&"word ".repeat(12_000));
    assert_eq!(gateway.client().chat(&fits).status, 200);
    let too_large = Chat::user(&"word ".repeat(14_000));
    let answer = gateway.client().chat(&too_large);
    assert_eq!((answer.status, answer.code().as_str()), (413, "body_too_large"));
    assert_eq!(provider.requests().len(), 1);
}

#[test]
fn an_answer_in_one_document() {
    let provider = Provider::with(json!({"content": "word ", "repeat": 20_000}));
    let gateway = Gateway::configured(&provider, "limits: {max_body: 64KiB}");
    let answer = gateway.client().chat(&Chat::user("hi"));
    assert_eq!((answer.status, answer.code().as_str()), (502, "upstream_garbage"));
    // A stream has no end that a bound could be for.
    assert_eq!(gateway.client().chat(&Chat::user("hi").streamed()).said().len(), 100_000);
}

#[test]
fn a_large_request_passes_whole() {
    let provider = Provider::saying("ok");
    let gateway = Gateway::before(&provider);
    let said = format!("{}card {CARD} end", "some words without numbers. ".repeat(200_000));
    assert_eq!(gateway.client().chat(&Chat::user(&said)).said(), "ok");
    let seen = provider.body()["messages"][0]["content"].as_str().unwrap().to_owned();
    assert!(seen.starts_with("some words") && seen.ends_with(" end") && !seen.contains("4111"));
}

#[test]
fn a_full_vault_refuses_and_forgets_nothing() {
    let provider = Provider::quoting();
    let gateway = Gateway::configured(&provider, "vault: {max_bytes: 64KiB}");
    let cards: Vec<_> = (0..2000).map(|n| format!("m{n:04}@example.com")).collect();
    let answer = gateway.client().chat(&Chat::user(&cards.join(" ")));
    assert_eq!((answer.status, answer.code().as_str()), (503, "vault_full"));
    assert!(provider.requests().is_empty());
    // An exchange without a name takes its entries with it.
    assert_eq!(gateway.client().chat(&Chat::user(CARD)).said(), format!("You said: {CARD}"));
}

#[test]
fn a_client_that_does_not_read_stops_the_provider() {
    let provider = Provider::with(json!({"content": "word ", "repeat": 6_000_000, "chars": 4000}));
    let mut gateway = Gateway::before(&provider);
    let mut slow = gateway.client().open(&Chat::user("hi").streamed());
    slow.read_until("data:");
    let before = gateway.program().resident().unwrap_or(0);
    // 30 MB stand ready at the provider; the gateway must not take them in.
    for _ in 0..20 {
        thread::sleep(Duration::from_millis(50));
        let now = gateway.program().resident().unwrap_or(0);
        assert!(now < before + BACKPRESSURE / 4, "grew from {before} to {now} bytes");
    }
    // Others are served meanwhile, and nothing was lost.
    assert_eq!(gateway.client().get("/healthz").status, 200);
    let answer = slow.response();
    assert_eq!(answer.said().len(), 30_000_000);
    assert!(answer.stream().is_done());
}

#[test]
fn a_client_that_leaves_ends_the_providers_work() {
    let provider = Provider::with(json!({"content": "word ", "repeat": 1000, "delay_us": 5000}));
    let gateway = Gateway::before(&provider);
    let mut connection = gateway.client().open(&Chat::user("hi").streamed());
    connection.read_until("word");
    let left = connection.abort();
    let noticed = provider.hung_up();
    // The bar is 50 ms; a machine that runs every test at once gets more.
    assert!(noticed.saturating_sub(left) < 500_000, "{} us", noticed - left);
    let silent = Provider::quoting();
    let gateway = Gateway::before(&silent);
    let mut connection = gateway.client().open(&Chat::user("hi").streamed().meeting("hang-mid"));
    connection.read_until("data:");
    let left = connection.abort();
    let noticed = silent.hung_up();
    assert!(noticed.saturating_sub(left) < 500_000, "{} us while nothing comes", noticed - left);
}

#[test]
fn a_client_that_leaves_before_the_head_too() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let connection = gateway.client().open(&Chat::user("hi").streamed().meeting("hang-head"));
    eventually("the request at the provider", || (!provider.requests().is_empty()).then_some(()));
    let left = connection.abort();
    assert!(provider.hung_up().saturating_sub(left) < 500_000);
}

/// Five rounds of a thousand; the allocator purged, the least of three samples.
#[test]
fn clients_that_leave_leave_nothing_behind() {
    let provider = Provider::with(json!({"content": "word ", "repeat": 100, "delay_us": 1000}));
    let mut gateway = Gateway::purging("openai", &provider);
    let client = gateway.client();
    let mut round = || {
        for _ in 0..1000 {
            let mut connection = client.open(&Chat::user(CARD).streamed());
            connection.read_until("data:");
            connection.abort();
        }
        let sample = |_| {
            thread::sleep(Duration::from_millis(200));
            gateway.program().resident()
        };
        (0..3).filter_map(sample).min()
    };
    let sizes: Vec<u64> = (0..5).filter_map(|_| round()).collect();
    if let [_, second, .., last] = sizes[..] {
        assert!(last * 100 <= second * 105, "{sizes:?}");
    }
}
