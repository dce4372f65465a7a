//! The house rules that a compiler does not check.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use serde_json::Value;

const TOP: &[&str] = &[
    ".ci",
    ".git",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "Makefile",
    "NOTICE",
    "README.md",
    "SECURITY.md",
    "benches",
    "certs",
    "clippy.toml",
    "deny.toml",
    "gateway",
    "orchestrator",
    "rules",
    "rustfmt.toml",
    "target",
    "tests",
];
/// What `tidegate ca` makes on a machine: it stays there.
const MADE_HERE: &str = "certs/dev";
const MOST_LINES: usize = 600;
/// Who may use whom, of ours.
const USES: &[(&str, &[&str])] = &[
    ("wire", &[]),
    ("rules", &[]),
    ("guard", &["rules", "wire"]),
    ("tidegate", &["guard", "rules", "wire"]),
    ("acceptance", &["guard", "rules", "tidegate", "wire"]),
    ("benches", &["guard", "rules", "tidegate", "wire"]),
];
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
const BANNED: &[(&str, &str)] = &[
    ("actix-rt", "one runtime: tokio"),
    ("async-std", "one runtime: tokio"),
    ("aws-lc-sys", "one source of cryptography: ring"),
    ("boring-sys", "one TLS: rustls"),
    ("mimalloc", "one allocator: jemalloc"),
    ("native-tls", "one TLS: rustls"),
    ("openssl-sys", "one TLS: rustls"),
    ("reqwest", "requests leave through the gateway's own connector, which pins where they go"),
];

#[test]
fn the_top_level_is_what_the_design_says() {
    let known: BTreeSet<_> = TOP.iter().copied().map(str::to_owned).collect();
    let entries = std::fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let strangers: Vec<_> = entries.filter(|name| !known.contains(name)).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
}

#[test]
fn every_source_file_says_what_it_is_and_is_short() {
    let mut wrong = Vec::new();
    for (path, text) in texts(&["rs"]) {
        if !text.starts_with("//!") {
            wrong.push(format!("{} does not open with //!", path.display()));
        }
    }
    for (path, text) in texts(&["rs", "py", "sh"]) {
        let lines = text.lines().count();
        if lines > MOST_LINES {
            wrong.push(format!("{} has {lines} lines", path.display()));
        }
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if ["common", "helper", "helpers", "manager", "misc", "util", "utils"].contains(&stem.as_str()) {
            wrong.push(format!("{} is named after nothing", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_is_left_for_later_or_for_one_machine() {
    none_holds("a note for later", r"\bTOD[O]\b|\bFIXM[E]\b|\btod[o]!|\bunimplemente[d]!", &[]);
    none_holds("a path of one machine", r"(?:^|[^\w.-])/(?:hom[e]|User[s]|roo[t]|wor[k])/\w", &[]);
    none_holds("the host of a registry", r"crates\.io|pypi\.org|pythonhosted\.org|npmjs\.(?:com|org)", &["Cargo.lock"]);
}

#[test]
fn no_key_is_kept() {
    none_holds("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{64}", &[]);
    let kept = files().into_iter().filter(|path| {
        path.extension()
            .is_some_and(|kind| ["key", "p12", "pem", "pfx", "jks"].contains(&kind.to_str().unwrap_or_default()))
    });
    assert_eq!(kept.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

#[test]
fn keys_that_are_made_here_stay_here() {
    let ignored = std::fs::read_to_string(root().join(".gitignore")).unwrap();
    assert!(ignored.lines().any(|line| line == format!("/{MADE_HERE}/")), "{ignored}");
}

#[test]
fn pingora_stays_in_the_shell() {
    let used = Regex::new(r"\bpingora_(?:cache|core|error|http|pool|proxy|runtime|rustls)\b").unwrap();
    let shell = Regex::new(r"^(?:gateway/src/[a-z]+\.rs$|benches/)").unwrap();
    let wrong: Vec<_> = texts(&["rs"])
        .into_iter()
        .filter(|(path, text)| used.is_match(text) && !shell.is_match(&path.to_string_lossy()))
        .map(|(path, _)| path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn dependencies_point_one_way() {
    let metadata = metadata();
    let members: BTreeSet<_> = ours(&metadata).map(name).collect();
    for package in ours(&metadata) {
        let allowed = USES.iter().find(|(user, _)| *user == name(package));
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("say in USES what {} may use", name(package)));
        let used = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .map(name)
            .filter(|used| members.contains(used) && *used != name(package));
        let wrong: Vec<_> = used.filter(|used| !allowed.contains(used)).collect();
        assert!(wrong.is_empty(), "{} uses {wrong:?}", name(package));
    }
}

#[test]
fn dependencies_are_free_known_and_wanted() {
    let metadata = metadata();
    let known = Regex::new(r"^registry\+https://github\.com/rust-lang/crates\.io-index$").unwrap();
    let mut wrong = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let licence = package["license"].as_str().unwrap_or_default();
        if !is_free(licence) {
            wrong.push(format!("{}: licence {licence:?}", name(package)));
        }
        if package["source"].as_str().is_some_and(|source| !known.is_match(source)) {
            wrong.push(format!("{}: from {}", name(package), package["source"]));
        }
        if let Some((_, reason)) = BANNED.iter().find(|(banned, _)| *banned == name(package)) {
            wrong.push(format!("{}: {reason}", name(package)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn licence_expressions_are_read() {
    assert!(is_free("MIT/Apache-2.0") && is_free("(MIT OR GPL-3.0) AND Unicode-3.0"));
    assert!(!is_free("GPL-3.0") && !is_free("MIT AND GPL-3.0") && !is_free(""));
}

/// An expression of SPDX: one of several, all of several, or one licence.
fn is_free(expression: &str) -> bool {
    let expression = expression.trim().replace(" / ", " OR ").replace('/', " OR ");
    let ways = apart(&expression, " OR ");
    if ways.len() > 1 {
        return ways.iter().any(|way| is_free(way));
    }
    let parts = apart(&expression, " AND ");
    if parts.len() > 1 {
        return parts.iter().all(|part| is_free(part));
    }
    match expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => is_free(inner),
        None => LICENCES.contains(&expression.as_str()),
    }
}

/// Splits outside of parentheses.
fn apart<'a>(expression: &'a str, by: &str) -> Vec<&'a str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, letter) in expression.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && at >= start && expression[at..].starts_with(by) => {
                parts.push(&expression[start..at]);
                start = at + by.len();
            }
            _ => {}
        }
    }
    parts.push(&expression[start..]);
    parts
}

fn none_holds(what: &str, pattern: &str, except: &[&str]) {
    let pattern = Regex::new(pattern).unwrap();
    let found: Vec<_> = texts(&[])
        .into_iter()
        .filter(|(path, _)| !except.iter().any(|name| path.ends_with(name)))
        .filter_map(|(path, text)| pattern.find(&text).map(|hit| format!("{}: {}", path.display(), hit.as_str())))
        .collect();
    assert!(found.is_empty(), "{what}: {found:#?}");
}

fn metadata() -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let args = ["metadata", "--format-version", "1", "--offline", "--locked"];
    let output = Command::new(cargo).args(args).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn ours(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().unwrap().iter().filter(|package| package["source"].is_null())
}

fn name(package: &Value) -> &str {
    package["name"].as_str().unwrap()
}

/// Text files by kind of name, or all; by paths from the root.
fn texts(kinds: &[&str]) -> Vec<(PathBuf, String)> {
    let of_kind = |path: &PathBuf| {
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        kinds.is_empty() || kinds.contains(&kind)
    };
    let read = |path: PathBuf| std::fs::read_to_string(root().join(&path)).ok().map(|text| (path, text));
    files().into_iter().filter(of_kind).filter_map(read).collect()
}

/// Every file that belongs to the project.
fn files() -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![root()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            if ["target", ".git", "__pycache__", "node_modules"].contains(&name.as_str()) {
                continue;
            }
            if entry.path() == root().join(MADE_HERE) {
                continue;
            }
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path().strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    files.sort();
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
