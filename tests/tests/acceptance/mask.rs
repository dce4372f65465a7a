//! `tidegate mask`: the guard without a socket, from stdin to stdout.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use acceptance::harness::binary;

const STREAM: &str = concat!(
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"mail maria.lopez@exam\"}}]}\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ple.com ok\"}}]}\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
    "data: [DONE]\n\n",
);

fn mask(arguments: &[&str], stream: &str) -> Output {
    let mut command = Command::new(binary("tidegate"));
    command.arg("mask").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that refuses its arguments reads nothing, and may be gone already.
    let _ = child.stdin.take().unwrap().write_all(stream.as_bytes());
    child.wait_with_output().unwrap()
}

#[test]
fn every_way_of_reading_gives_the_same() {
    let whole = mask(&["--dialect", "openai.chat", "--chunk", "4096"], STREAM);
    assert!(whole.status.success());
    let out = String::from_utf8(whole.stdout.clone()).unwrap();
    assert!(out.contains("mail [EMAIL]") && out.contains(" ok") && out.ends_with("data: [DONE]\n\n"), "{out}");
    for chunk in ["1", "7", "random:1", "random:2"] {
        assert_eq!(mask(&["--chunk", chunk], STREAM).stdout, whole.stdout, "{chunk}");
    }
}

#[test]
fn a_line_for_each_read() {
    let out = String::from_utf8(mask(&["--chunk", "40", "--json"], STREAM).stdout).unwrap();
    let lines: Vec<serde_json::Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let (last, reads) = lines.split_last().unwrap();
    assert_eq!(reads.len(), STREAM.len().div_ceil(40));
    assert!(reads.iter().any(|r| r["held"].as_u64() > Some(0)), "something is held on the way");
    assert_eq!(last["findings"]["email"], 1);
}

#[test]
fn what_is_broken_says_so() {
    let broken = mask(&[], &STREAM[..STREAM.len() / 2]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(!String::from_utf8(broken.stdout).unwrap().contains("maria"));
    assert_eq!(mask(&["--dialect", "nobody"], STREAM).status.code(), Some(2));
    assert_eq!(mask(&["--chunk", "0"], STREAM).status.code(), Some(2));
}
