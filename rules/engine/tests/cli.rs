//! The program itself: its lines, its exit codes, and that its output does not depend on its chunks.

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

fn rules(args: &[&str], input: &[u8]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rules"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input);
    let done = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: done.status.code(), out: text(done.stdout), err: text(done.stderr) }
}

/// A folder of its own for one test's files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    for (file, text) in files {
        fs::write(folder.join(file), text).unwrap();
    }
    folder
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

const TEXT: &str = "caf\u{e9}: card 4111 1111 1111 1111, joe\\u0040example.com; cvv 123 \u{1F600} and, as I said before, it is 4111 1111 11";

#[test]
fn every_chunking_masks_alike() {
    let whole = rules(&["mask"], TEXT.as_bytes());
    assert_eq!(whole.code, Some(0), "{}", whole.err);
    assert!(whole.out.starts_with("caf\u{e9}: card PAN_"), "{}", whole.out);
    assert!(whole.out.ends_with("cvv [CVV] \u{1F600} and, as I said before, it is [PAN]"), "{}", whole.out);
    let first = rules(&["mask", "--json"], TEXT.as_bytes());
    let end = json(first.out.lines().last().unwrap());
    for chunking in [["--chunk", "1"], ["--chunk", "4"], ["--chunk", "random:7"], ["--chunks", "4,9,1"]] {
        assert_eq!(rules(&["mask", chunking[0], chunking[1]], TEXT.as_bytes()).out, whole.out);
        let ran = rules(&["mask", "--json", chunking[0], chunking[1]], TEXT.as_bytes());
        let lines: Vec<Value> = ran.out.lines().map(json).collect();
        let out: String = lines.iter().map(|l| l["out"].as_str().unwrap()).collect();
        assert_eq!(out, whole.out);
        let last = lines.last().unwrap();
        assert_eq!((&last["sha256"], &last["findings"]), (&end["sha256"], &end["findings"]));
        assert_eq!(lines[lines.len() - 2]["in"], TEXT.len());
        let held: Vec<u64> = lines.iter().filter_map(|l| l["held"].as_u64()).collect();
        assert_eq!(last["hold"]["max"].as_u64(), held.iter().max().copied());
    }
}

#[test]
fn seeds_and_directions() {
    let text = b"joe@example.com";
    assert_eq!(rules(&["mask", "--seed", "0"], text).out, rules(&["mask"], text).out);
    assert_ne!(rules(&["mask", "--seed", "1"], text).out, rules(&["mask"], text).out);
    assert_eq!(rules(&["mask", "--direction", "out"], text).out, "[EMAIL]");
    let token = rules(&["mask"], text).out;
    assert_eq!(rules(&["mask", "--direction", "out"], token.as_bytes()).out, token);
}

#[test]
fn input_that_is_not_text_and_values_that_are_blocked() {
    for chunk in ["1", "2", "100"] {
        let ran = rules(&["mask", "--chunk", chunk], b"caf\xc3\xa9, \xff 4111111111111111");
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), "caf\u{e9}, "), "{}", ran.err);
        assert!(ran.err.contains("byte 7"), "{}", ran.err);
    }
    assert_eq!(rules(&["mask"], b"caf\xc3").code, Some(1));
    let policy = "{policy: p, version: 1, routes: [{leg: llm, direction: in, default: alert, entities: {email: block,
        cvv: redact, otp: replace, pin: replace, track: replace}}]}";
    let policy = folder("blocked", &[("policy.yaml", policy)]).join("policy.yaml");
    let policy = policy.to_str().unwrap();
    for chunk in ["1", "100"] {
        let ran = rules(&["mask", "--policy", policy, "--chunk", chunk], b"ok 4111111111111111 joe@x.io no");
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), "ok 4111111111111111 "));
        assert!(ran.err.contains("email") && !ran.err.contains("joe"), "{}", ran.err);
    }
    let ran = rules(&["scan", "--policy", policy, "-"], b"{\"text\":\"joe@x.io no\"}");
    assert_eq!((ran.code, &json(&ran.out)["masked"]), (Some(0), &Value::from("[EMAIL] no")));
}

#[test]
fn scan_answers_each_line_in_code_points() {
    let line = serde_json::json!({"id": {"any": 1}, "text": TEXT, "more": []}).to_string();
    let ran = rules(&["scan", "-"], format!("{line}\n{{\"text\":\"\"}}\n").as_bytes());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let answers: Vec<Value> = ran.out.lines().map(json).collect();
    assert_eq!(answers[1], serde_json::json!({"id": null, "findings": [], "masked": ""}));
    assert_eq!(answers[0]["id"], serde_json::json!({"any": 1}));
    let chars: Vec<char> = TEXT.chars().collect();
    let found = answers[0]["findings"].as_array().unwrap().iter().map(|f| {
        let at = |key: &str| f[key].as_u64().unwrap() as usize;
        (f["entity"].as_str().unwrap(), chars[at("start")..at("end")].iter().collect::<String>())
    });
    let found: Vec<_> = found.collect();
    let found: Vec<_> = found.iter().map(|(e, t)| (*e, t.as_str())).collect();
    let expected =
        [("pan", "4111 1111 1111 1111"), ("email", "joe\\u0040example.com"), ("cvv", "123"), ("pan", "4111 1111 11")];
    assert_eq!(found, expected);
    let email = &answers[0]["findings"][1];
    assert_eq!((&email["tape"], &email["score"], &email["action"]), (&"decoded".into(), &0.9.into(), &"token".into()));
    assert_eq!(answers[0]["masked"], rules(&["mask"], TEXT.as_bytes()).out);
}

#[test]
fn bad_lines_and_bad_arguments() {
    let ran = rules(&["scan", "-"], b"{\"text\":\"a\"}\n{\"text\":4111111111111111}\n");
    assert_eq!((ran.code, ran.out.lines().count()), (Some(2), 1));
    assert!(ran.err.contains("-:2") && !ran.err.contains("4111"), "{}", ran.err);
    for args in [
        &["mask", "--chunk", "0"][..],
        &["mask", "--chunk", "1", "--chunks", "2"],
        &["mask", "--policy", "nowhere.yaml"],
        &["mask", "--packs", "nowhere"],
        &["scan", "nowhere.jsonl"],
        &["scan"],
        &["what"],
        &[],
    ] {
        assert_eq!(rules(args, b"").code, Some(2), "{args:?}");
    }
    assert_eq!(rules(&["scan", "-", "--channel", "auto"], b"").code, Some(0));
    assert_eq!(rules(&["--help"], b"").code, Some(0));
}

#[test]
fn built_in_cases_hold() {
    let ran = rules(&["test"], b"");
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.lines().last().unwrap().ends_with(" passed, 0 failed"), "{}", ran.out);
    let report = json(&rules(&["test", "--json"], b"").out);
    assert_eq!(report["failed"], 0);
    assert!(report["packs"].as_array().unwrap().len() >= 4);
}

const MAP: &str = "
files:
  - file: a_*.jsonl
    labels: {CARD: pan, LAST: [{entity: pan, shape: '\\d{9,}'}], WHEN: neutral}
    complete: [email]
";

/// Of five cards one is half covered by its label and one is missed; a date is neutral; an address is not labelled.
const LABELLED: &str = r#"{"id":1,"text":"caf\u00e9 4111111111111111","spans":[{"start":5,"end":21,"label":"CARD"}]}
{"id":2,"text":"card 4111111111111111 x","spans":[{"start":5,"end":23,"label":"CARD"}],"meta":{"conv":"a","turn":1}}
{"id":3,"text":"none here","spans":[{"start":0,"end":4,"label":"CARD"},{"start":5,"end":9,"label":"LAST"}]}
{"id":4,"text":"joe@x.io","spans":[]}
"#;

#[test]
fn eval_counts_what_is_covered_and_what_else() {
    let dir = folder(
        "eval",
        &[("map.yaml", MAP), ("a_1.jsonl", LABELLED), ("b.jsonl", "{\"text\":\"joe@<b>.io x@y.io\"}\n")],
    );
    let at = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let (map, labelled, benign, page) = (at("map.yaml"), at("a_1.jsonl"), at("b.jsonl"), at("out.html"));
    let run = |more: &[&str]| rules(&[&["eval", &labelled, "--map", &map], more].concat(), b"");
    let ran = run(&["--json", "--benign", &benign, "--report", &page]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let all = json(&ran.out);
    let pan = &all["entities"]["pan"];
    let counts = ["n", "covered", "partial", "missed", "found", "found_right"].map(|k| pan[k].as_u64().unwrap());
    assert_eq!(counts, [3, 1, 1, 1, 2, 2], "{pan}");
    assert_eq!(all["channels"]["text"]["pan"], *pan);
    let email = &all["entities"]["email"];
    assert_eq!((&email["n"], &email["precision"], &email["recall"]), (&0.into(), &0.0.into(), &Value::Null));
    assert_eq!((&all["benign"]["utterances"], &all["benign"]["false_spans"]), (&1.into(), &1.into()));
    assert!(!ran.out.contains("4111") && !ran.out.contains("joe"), "no value unless asked for");
    let html = fs::read_to_string(page).unwrap();
    assert!(html.contains("<svg role=\"img\"") && !html.contains("joe") && !html.contains("://"), "{html}");
    assert!(run(&["--benign", &benign, "--show-values"]).out.contains("x@y.io"));
}

#[test]
fn lint_tells_all_and_fails_on_errors_only() {
    let ran = rules(&["lint", "--json"], b"");
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    let found = json(&ran.out);
    let costs = found.as_array().unwrap().iter().filter(|f| f["code"] == "cost").count();
    assert!(costs >= 10 && found.as_array().unwrap().iter().all(|f| f["level"] != "error"));
    let bad = "{pack: p, version: 1.0.0, rules: [\n{id: a, version: 1, entity: a, owner: me, patterns: [{name: a, regex: '\\bx', score: 2}],
      cases: {match: [], no_match: []}},\n{id: b, version: 1, entity: b, owner: me, patterns: [{name: a, regex: '(?<!\\d)\\d{3}', score: 0.6}],
      cases: {match: ['[[123]]'], no_match: ['x']}, allow: [{value: '123', owner: qa, reason: test, expires: 2020-01-01}]}]}";
    let folder = folder("lint", &[("p.yaml", bad)]);
    let ran = rules(&["lint", "--packs", folder.to_str().unwrap()], b"");
    assert_eq!(ran.code, Some(1));
    for said in ["p.yaml:2:", "p.yaml:4:", "write `border: digit` and `regex: '\\d{3}'`", "2 errors"] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    assert_eq!(rules(&["lint", "--today", "soon"], b"").code, Some(2));
}

#[test]
fn eval_compares_packs_and_reads_turns() {
    let none = "{pack: p, version: 1.0.0, rules: [{id: m, version: 1, entity: m, owner: me, context: [frobnication],
        patterns: [{name: a, regex: '\\d{4}', score: 0.2}], cases: {match: ['frobnication [[1234]]'], no_match: ['1234']}}]}";
    let turns = "{\"text\":\"your frobnication?\",\"meta\":{\"conv\":1,\"turn\":\"0.0\"}}\n{\"id\":7,\"text\":\"it is 4111\",\"meta\":{\"conv\":1,\"turn\":2}}\n";
    let dir = folder("eval-against", &[("p.yaml", none)]);
    let data = folder("eval-data", &[("map.yaml", MAP), ("a_1.jsonl", LABELLED), ("a_2.jsonl", turns)]);
    let at = |name: &str| data.join(name).to_str().unwrap().to_owned();
    let (map, first, second) = (at("map.yaml"), at("a_1.jsonl"), at("a_2.jsonl"));
    let packs = dir.to_str().unwrap();
    let ran = rules(&["eval", &first, "--map", &map, "--packs", packs, "--against", "built-in", "--json"], b"");
    let against = &json(&ran.out)["against"];
    assert_eq!(against["newly_released"]["entities"], serde_json::json!({"email": 1, "pan": 2}), "{}", ran.err);
    assert_eq!(against["newly_masked"]["spans"], serde_json::json!([]));
    let ran = |more: &[&str]| {
        let args = ["eval", &second, "--map", &map, "--packs", packs, "--against", "built-in", "--json"];
        json(&rules(&[&args, more].concat(), b"").out)["against"]["newly_masked"]["spans"].clone()
    };
    assert_eq!(ran(&[]), serde_json::json!([]));
    assert_eq!(ran(&["--turns", "meta.conv,meta.turn"])[0]["id"], 7);
    for wrong in [
        &["eval", "nowhere_1.jsonl", "--map", &map][..],
        &["eval", &first, "--map", &first],
        &["eval", packs, "--map", &map],
    ] {
        assert_eq!(rules(wrong, b"").code, Some(2), "{wrong:?}");
    }
}

#[test]
fn the_schema_that_is_kept_is_the_one_of_the_types() {
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/pack.schema.json");
    let kept = fs::read_to_string(kept).unwrap();
    assert_eq!(rules(&["schema"], b"").out, kept, "write it anew: rules schema > rules/schema/pack.schema.json");
    let schema = json(&kept);
    assert_eq!(schema["$defs"]["Pattern"]["properties"]["score"]["description"], "What a match is worth by its shape.");
}

#[test]
fn explain_says_why_and_why_not_and_shows_no_value() {
    let text = "my card is 4111 1111 1111 1111, not 4111111111111112.";
    let ran = rules(&["explain", text], b"");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(!ran.out.contains("4111") && ran.out.contains("dddd dddd dddd dddd"), "{}", ran.out);
    for said in ["pan@2", "pan holds 0.95", "`card` 2 words before: +0.40 1.00", "why not", "is below 0.50"] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    assert!(rules(&["explain", text, "--values"], b"").out.contains("4111 1111 1111 1111"));
    let answer = json(&rules(&["explain", "-", "--json"], text.as_bytes()).out);
    let found = &answer["findings"][0];
    assert_eq!((&found["rule"], &found["start"], &found["end"]), (&"pan".into(), &11.into(), &30.into()));
    assert_eq!((&found["action"], &found["score"]), (&"token".into(), &1.0.into()));
    assert!(found.get("value").is_none());
    let near = answer["near"].as_array().unwrap();
    assert!(near.iter().any(|n| n["why"] == "weak"), "{answer}");
    let asked = ["explain", "123", "--after", "your security code?", "--json"];
    assert_eq!(json(&rules(&asked, b"").out)["findings"][0]["entity"], "cvv");
    let said = ["explain", "four one one one one one one one one one one one one one one one", "--channel", "spoken"];
    assert!(rules(&said, b"").out.contains("as spoken"));
}

#[test]
fn gaps_that_are_closed_and_rules_that_nothing_tries() {
    let pack = "
pack: mine
version: 0.1.0
rules:
  - id: member
    version: 1
    entity: member_id
    owner: me
    context: [member]
    patterns:
      - {name: plain, regex: 'M-\\d{6}', score: 0.8}
      - {name: checked, regex: 'N\\d{9}', score: 0.2, checks: [luhn]}
    cases:
      match: ['is [[M-123456]]']
      no_match: [{after: 'member?', text: 'none'}]
      known_gap: ['em [[123456]]', 'is [[M-654321]]']
";
    let folder = folder("gaps", &[("mine.yaml", pack)]);
    let folder = folder.to_str().unwrap();
    let ran = rules(&["test", "--packs", folder, "--coverage"], b"");
    assert_eq!(ran.code, Some(1));
    for shown in
        ["move the case to `match`", "known gaps: 1; cases: 3 passed, 1 failed", "`checked`: luhn never said yes"]
    {
        assert!(ran.out.contains(shown), "{shown}: {}", ran.out);
    }
    let pack = pack.replace(", 'is [[M-654321]]'", "");
    fs::write(PathBuf::from(folder).join("mine.yaml"), pack).unwrap();
    let ran = rules(&["test", "--packs", folder, "--min-coverage", "50", "--json"], b"");
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert_eq!(json(&ran.out)["coverage"]["tried"], 1);
    assert_eq!(rules(&["test", "--packs", folder, "--min-coverage", "25"], b"").code, Some(0));
}

#[test]
fn a_case_that_fails_is_shown() {
    let pack = "
pack: mine
version: 0.1.0
rules:
  - id: member
    version: 1
    entity: member_id
    owner: me
    patterns: [{name: plain, regex: 'M-\\d{6}', score: 0.8}]
    cases:
      match: ['is [[M-123456]]', 'is [[M-1234567]]']
      no_match: ['M-12345', 'M-654321']
";
    let folder = folder("failing", &[("mine.yaml", pack)]);
    let folder = folder.to_str().unwrap();
    let ran = rules(&["test", "--packs", folder], b"");
    assert_eq!(ran.code, Some(1));
    for shown in ["member@1", "is [[M-1234567]]", "is M-1234567", "[[M-654321]]", "cases: 2 passed, 2 failed"] {
        assert!(ran.out.contains(shown), "{shown}: {}", ran.out);
    }
    let report = json(&rules(&["test", "--json", "--packs", folder], b"").out);
    assert_eq!(report["packs"][0]["rules"][0]["failed"][1]["found"], "[[M-654321]]");
}
