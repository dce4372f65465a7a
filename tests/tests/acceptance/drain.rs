//! Ending: what runs may end, nothing new begins, and what runs too long is cut with an error.

use acceptance::harness::{Chat, Gateway, Provider};
use serde_json::json;

#[test]
fn a_stream_that_runs_ends_well_and_the_process_with_it() {
    let provider = Provider::with(json!({"content": "word ", "repeat": 60, "delay_us": 10_000}));
    let mut gateway = Gateway::before(&provider);
    let mut connection = gateway.client().open(&Chat::user("hi").streamed());
    connection.read_until("word");
    gateway.program().terminate();
    let answer = connection.response();
    assert_eq!(answer.said(), "word ".repeat(60));
    assert!(answer.stream().is_done());
    assert!(gateway.program().ended().success());
    assert_eq!(gateway.program().line("drained").unwrap()["open"], 0);
}

#[test]
fn an_idle_process_ends_at_once() {
    let provider = Provider::quoting();
    let mut gateway = Gateway::before(&provider);
    let idle = gateway.client().connect();
    let started = std::time::Instant::now();
    gateway.program().terminate();
    assert!(gateway.program().ended().success());
    assert!(started.elapsed() < std::time::Duration::from_secs(3), "{:?}", started.elapsed());
    drop(idle);
}

#[test]
fn a_stream_that_never_ends_is_cut_with_an_error() {
    let provider = Provider::quoting();
    let mut gateway = Gateway::configured(&provider, "deadlines: {drain: 300ms}");
    let mut connection = gateway.client().open(&Chat::user("hi").streamed().meeting("hang-mid"));
    connection.read_until("data:");
    gateway.program().terminate();
    let answer = connection.response();
    assert!(!answer.stream().is_done(), "{}", answer.text());
    assert_eq!(answer.stream().error().as_deref(), Some("draining"), "{}", answer.text());
    gateway.program().ended();
}
