//! Packs that nobody should write: each is refused with its file, line and reason, within two seconds of processor time
//! and half a gigabyte of memory, by every command that reads packs.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const HEAD: &str = "pack: p\nversion: 1.0.0\nrules:\n";

fn rule(id: &str, regex: &str, more: &str) -> String {
    format!(
        "  - {{id: {id}, version: 1, entity: e, owner: me, patterns: [{{name: a, regex: '{regex}', score: 0.8}}], \
         cases: {{match: ['[[x123]]'], no_match: ['y']}}{more}}}\n"
    )
}

fn rules(n: usize, of: impl Fn(usize) -> String) -> String {
    (0..n).fold(HEAD.to_owned(), |text, i| text + &of(i))
}

fn one(regex: &str, more: &str) -> String {
    rules(1, |_| rule("r", regex, more))
}

fn laughs() -> String {
    let mut text = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for pair in "abcdefghij".as_bytes().windows(2) {
        let (from, to) = (char::from(pair[0]), char::from(pair[1]));
        writeln!(text, "{to}: &{to} [{}]", vec![format!("*{from}"); 9].join(",")).unwrap();
    }
    text
}

/// A name, the file, and what the message says; the line where it is.
fn hostile() -> Vec<(&'static str, Vec<u8>, u64, &'static str)> {
    let laughing = format!("{HEAD}  - &a {{id: r, context: &c [x, x]}}\n{}", "  - *a\n".repeat(150));
    let letters = |i: usize| char::from(b"abcd"[i % 4]);
    let of: Vec<(&str, String, u64, &str)> = vec![
        ("repeat", one("(a{1000}){1000}", ""), 4, "max_hold 256 is too short"),
        ("repeats", one("((((a{999}){999}){999}){999}){999}", ""), 4, "too short"),
        ("blow-up", one("[ab]{0,60}a[ab]{40}", ""), 4, "larger than 4 MiB"),
        ("blow-up-open", one("(a|b)*a(a|b){40}", ""), 4, "upper length"),
        (
            "blow-ups",
            rules(1990, |i| rule(&format!("r{i}"), &format!("[ab]{{0,8}}a[ab]{{{}}}", i % 9 + 1), "")),
            0,
            "32 MiB",
        ),
        (
            "together",
            rules(40, |i| rule(&format!("r{i}"), &format!("[a-d]{{0,{}}}{}[a-d]{{7}}", 30 - i / 4, letters(i)), "")),
            0,
            "do not fit",
        ),
        ("rules", rules(10_000, |i| rule(&format!("r{i}"), "x", "")), 0, "Nodes"),
        ("rules-few", rules(2_001, |i| rule(&format!("r{i}"), "x", "")), 1, "2001 rules; at most 2000"),
        ("deep", "[".repeat(100_000), 1, "recursion limit"),
        ("deep-flow", format!("{HEAD}  - {}", "{a: ".repeat(5_000)), 4, "recursion limit"),
        ("laughs", laughs(), 1, "unknown field"),
        ("laughing", laughing, 4, "missing field"),
        ("empty", String::new(), 1, "empty"),
        ("twice", rules(2, |_| rule("r", "x", "")), 5, "line 4 has a rule of this id"),
        ("include", format!("include: p.yaml\n{HEAD}"), 1, "packs include nothing"),
        ("long", one(&"a".repeat(5_000), ""), 4, "longer than 4096 bytes"),
        ("nested-less", one(&format!("{}a{}", "(".repeat(249), ")".repeat(249)), ""), 4, "nested"),
        ("then-repeat", one("x123', then: ' (a{1000}){1000}", ""), 4, "larger than 4 MiB"),
        ("then-open", one("x123)|(?:y', then: ' is", ""), 4, "unopened"),
        ("asked", one("x", ", asked: ['<card>']"), 4, "nothing that a question says"),
        ("context", one("x", ", context: [' <card>']"), 4, "is not known"),
        (
            "checks",
            one("x', checks: [luhn, luhn, luhn, luhn, luhn, luhn, luhn, luhn, luhn], invalid: 'keep", ""),
            4,
            "9 checks",
        ),
        ("nested", one(&format!("{}a{}", "(".repeat(2_000), ")".repeat(2_000)), ""), 4, "nested"),
        ("large", format!("#{}", "a".repeat(5 << 20)), 1, "larger than 4 MiB"),
        ("scalar", one("x", &format!(", status: {}", "a".repeat(3 << 20))), 4, "unknown variant"),
        ("label", one("x", &format!(", label: {}", "A".repeat(100_000))), 4, "label"),
        ("hold", one("x", ", max_hold: 100000000000"), 4, "more than 8192"),
        ("documents", "---\n".repeat(100_000), 1, "expected"),
    ];
    let mut all: Vec<_> =
        of.into_iter().map(|(name, text, line, says)| (name, text.into_bytes(), line, says)).collect();
    all.push(("bytes", b"pack: p\nversion: \xff\n".to_vec(), 2, "not UTF-8"));
    all
}

/// What the program says under limits of the system: seconds of processor time, kilobytes of address space.
fn limited(args: &str, folder: &Path) -> (Option<i32>, String) {
    let script = format!("ulimit -t 2; ulimit -v 524288; exec \"$0\" {args}");
    let ran = Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_rules")]).arg(folder).output().unwrap();
    (ran.status.code(), String::from_utf8(ran.stderr).unwrap() + &String::from_utf8(ran.stdout).unwrap())
}

fn folder(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hostile").join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("p.yaml"), bytes).unwrap();
    folder
}

#[test]
fn each_is_refused_with_its_place_and_its_reason() {
    for (name, bytes, line, says) in hostile() {
        let folder = folder(name, &bytes);
        let (code, said) = limited("mask --packs \"$1\" </dev/null", &folder);
        assert_eq!(code, Some(2), "{name}: {said}");
        assert!(said.contains(says), "{name}: {said}");
        assert!(said.len() < 2_000, "{name}: {} bytes", said.len());
        if name != "together" {
            let place = if line == 0 { "p.yaml:".into() } else { format!("p.yaml:{line}:") };
            assert!(said.contains(&place), "{name}: {said}");
        }
    }
}

#[test]
fn every_command_refuses_them() {
    let (_, bytes, ..) = hostile().into_iter().find(|h| h.0 == "blow-up").unwrap();
    let folder = folder("every", &bytes);
    for command in ["test", "scan - </dev/null", "explain text"] {
        let (code, said) = limited(&format!("{command} --packs \"$1\""), &folder);
        assert_eq!(code, Some(2), "{command}: {said}");
        assert!(said.contains("p.yaml:4:"), "{command}: {said}");
    }
}

#[test]
fn what_is_large_and_within_its_limits_is_taken() {
    let folder =
        folder("large-and-good", rules(1_500, |i| rule(&format!("r{i}"), &format!("x{i:04}y"), "")).as_bytes());
    let (code, said) = limited("mask --packs \"$1\" </dev/null", &folder);
    assert_eq!(code, Some(0), "{said}");
}
