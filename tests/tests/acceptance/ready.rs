//! Starting: the ready line, health, and what is refused before anything listens.

use std::path::Path;
use std::process::{Command, Output};

use acceptance::harness::{Client, Gateway, Provider, Scratch, binary};
use serde_json::{Value, json};

#[test]
fn the_ready_line_says_what_runs() {
    let provider = Provider::quoting();
    let mut gateway = Gateway::before(&provider);
    let ready = gateway.program().ready().clone();
    assert_eq!(ready["pid"], gateway.program().pid());
    assert_eq!(ready["policy"], "default@3");
    assert!(ready["packs"]["payment"].is_string() && ready["version"].is_string(), "{ready}");
    assert!(ready["listen"].as_str().unwrap().starts_with("127.0.0.1:"));
}

#[test]
fn health_needs_no_key_and_no_provider() {
    let gateway = Gateway::to(&[("openai", "http://127.0.0.1:9")]);
    let health = Client::of(gateway.address()).get("/healthz");
    assert_eq!(health.status, 200);
}

#[test]
fn stdout_carries_events_only() {
    let provider = Provider::quoting();
    let mut gateway = Gateway::before(&provider);
    gateway.client().get("/nowhere");
    gateway.program().terminate();
    assert!(gateway.program().ended().success());
    let events: Vec<_> = gateway.program().stdout_lines().iter().map(|line| line["event"].clone()).collect();
    assert_eq!(events, ["ready", "drained"]);
}

#[test]
fn an_upstream_that_ends_in_v1_is_an_error_with_a_hint() {
    let output = refused(&["run", "--upstream", "openai=http://127.0.0.1:9/v1", "--key", "sk-dev"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("/v1"), "{output:?}");
}

#[test]
fn a_start_that_cannot_be_meant_is_usage() {
    refused(&["run"]);
    refused(&["run", "--upstream", "openai=not a url", "--key", "sk-dev"]);
    refused(&["run", "--upstream", "openai=http://127.0.0.1:9"]);
    refused(&["run", "--upstream", "openai=http://127.0.0.1:9", "--key", "sk-dev", "--policy", "nobody-wrote-it"]);
    refused(&["run", "/nonexistent/tidegate.yaml"]);
    refused(&["frobnicate"]);
}

#[test]
fn the_default_configuration_is_one() {
    let scratch = Scratch::new();
    let printed = Command::new(binary("tidegate")).arg("config").output().unwrap();
    assert!(printed.status.success());
    let file = scratch.file("gateway.yaml", std::str::from_utf8(&printed.stdout).unwrap());
    let (code, findings) = check(&file);
    assert_eq!((code, findings), (Some(0), json!([])));
}

#[test]
fn a_wrong_configuration_is_pointed_at() {
    let scratch = Scratch::new();
    let file = scratch
        .file("gateway.yaml", "listen: 127.0.0.1:0\nupstreams:\n  - name: openai\n    ulr: http://127.0.0.1:9\n");
    let (code, findings) = check(&file);
    assert_eq!(code, Some(1), "{findings}");
    let finding = &findings[0];
    assert_eq!(finding["line"], 4, "{findings}");
    for field in ["file", "column", "key", "message", "hint"] {
        assert!(finding.get(field).is_some(), "{field} is missing: {findings}");
    }
    assert!(finding["hint"].as_str().unwrap().contains("url"), "{findings}");
}

/// The exit code of `check --json`, and its findings.
fn check(file: &Path) -> (Option<i32>, Value) {
    let output = Command::new(binary("tidegate")).arg("check").arg(file).arg("--json").output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

fn refused(args: &[&str]) -> Output {
    let output = Command::new(binary("tidegate"))
        .args(args)
        .env("TIDEGATE_PROVIDER_KEY", "sk-x")
        .args(if args[0] == "run" && args.len() > 2 { &["--listen", "127.0.0.1:0"][..] } else { &[] })
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {output:?}");
    assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{output:?}");
    output
}
