//! The demo: it asserts what it shows.

use std::process::Command;

use acceptance::harness::{Matcher, Scratch, binary};
use serde_json::Value;

use crate::leaks::{CARD, EMAIL, IBAN, PHONE, SSN};

#[test]
fn it_holds_and_writes_down_what_went_over_the_wires() {
    let scratch = Scratch::new();
    let output = Command::new(binary("demo")).args(["--once", "--json", "--out"]).arg(scratch.root()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&said["ok"], &said["leaks"]), (&true.into(), &0.into()));
    assert!(said["restored"].as_u64().unwrap() >= 6 && said["ttft_us"]["gateway"].as_u64().unwrap() > 0, "{said}");
    let matcher = Matcher::of(&[CARD, EMAIL, PHONE, SSN, IBAN]);
    matcher.find_none_in("provider_saw.jsonl", &bytes(&scratch, "provider_saw.jsonl"));
    matcher.find_all_in("agent_sent.jsonl", &bytes(&scratch, "agent_sent.jsonl"));
    assert!(bytes(&scratch, "agent_got.jsonl").starts_with(b"HTTP/1.1 200"));
}

#[test]
fn without_a_terminal_it_is_plain_text_of_a_hundred_columns() {
    let output = Command::new(binary("demo")).arg("--once").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(!text.contains('\x1b'));
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    for column in ["AGENT SENT", "PROVIDER SAW", "AGENT GOT BACK", "time to first token"] {
        assert!(text.contains(column), "{text}");
    }
}

fn bytes(scratch: &Scratch, name: &str) -> Vec<u8> {
    let text = std::fs::read_to_string(scratch.path(name)).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.flat_map(|line| acceptance::base64::decode(line["bytes_b64"].as_str().unwrap()).unwrap()).collect()
}
