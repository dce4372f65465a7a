//! Rules of other programs: what becomes a pack proves itself, what does not is named with its reason.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("import").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn rules(args: &[&str]) -> (Option<i32>, String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_rules")).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (ran.status.code(), text(ran.stdout), text(ran.stderr))
}

/// The report, and the folder that holds the pack.
fn imported(from: &str, text: &str) -> (Value, PathBuf) {
    let folder = folder(from);
    let file = folder.join("source.txt");
    fs::write(&file, text).unwrap();
    let out = folder.join("packs");
    let (code, said, wrong) =
        rules(&["import", from, file.to_str().unwrap(), "--json", "--out", out.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{wrong}");
    (serde_json::from_str(&said).unwrap(), out)
}

fn outcome<'r>(report: &'r Value, rule: &str) -> (&'r str, String) {
    let rules = report["rules"].as_array().unwrap();
    let found = rules.iter().find(|r| r["rule"] == rule).unwrap();
    (found["outcome"].as_str().unwrap(), found["notes"].to_string())
}

fn masked(packs: &Path, text: &str) -> bool {
    let (code, said, wrong) = rules(&["explain", text, "--json", "--packs", packs.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{wrong}");
    !serde_json::from_str::<Value>(&said).unwrap()["findings"].as_array().unwrap().is_empty()
}

fn proves_itself(packs: &Path) {
    let (code, said, wrong) = rules(&["test", "--packs", packs.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{said}{wrong}");
}

const GITLEAKS: &str = r#"
[[rules]]
id = "acme-token"
description = "A token of Acme's"
regex = '''(?i)[\w.-]{0,50}?(?:acme)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:=)[\x60'"\s=]{0,5}([a-z0-9]{24})(?:[\x60'"\s;]|$)'''
entropy = 3.5
keywords = ["acme"]

[[rules]]
id = "plain-prefix"
regex = '''\b(zq_(?i)[a-z0-9+/]{20,}={0,2})(?:[\x60'"\s;]|$)'''
keywords = ["zq_"]

[[rules]]
id = "either"
regex = '''\b(zz_[a-f0-9]{8}|[a-f0-9]{30})\b'''
keywords = ["zz_", "zedzed"]

[[rules]]
id = "files"
path = '''\.p12$'''
"#;

#[test]
fn secrets_of_gitleaks() {
    let (report, packs) = imported("gitleaks", GITLEAKS);
    assert_eq!(outcome(&report, "plain-prefix"), ("converted", "[]".into()));
    let (word, notes) = outcome(&report, "acme-token");
    assert!(word == "adapted" && notes.contains("context words"), "{notes}");
    assert_eq!(outcome(&report, "either").0, "adapted");
    assert!(outcome(&report, "files").1.contains("names of files"));
    assert_eq!((&report["counts"]["left out"], &report["together"]), (&1.into(), &Value::Null));
    proves_itself(&packs);
    for (text, found) in [
        ("acme_api_key: abcdefghij0123456789abcd!", true),
        ("other_api_key: abcdefghij0123456789abcd!", false),
        ("zq_0123456789abcdefghijKLMNOP== ok", true),
        ("zq_0123456789 ok", false),
        ("zz_01234567 ok", true),
        ("0123456789abcdef0123456789abcd ok", false),
        ("zedzed 0123456789abcdef0123456789abcd ok", true),
    ] {
        assert_eq!(masked(&packs, text), found, "{text}");
    }
}

const PRESIDIO: &str = r"
supported_languages: [en]
recognizers:
  - CreditCardRecognizer
  - GermanWineRecognizer
  - name: SpacyRecognizer
    type: predefined
  - name: Switched off
    type: custom
    enabled: false
    supported_entity: X
    patterns: [{name: a, regex: 'a', score: 1}]
  - name: Member number
    type: custom
    supported_entity: MEMBER_NO
    supported_languages: [{language: en, context: [member, club]}, de]
    patterns:
      - {name: guarded, regex: '(?<!\d)M\d{7}(?!\d)', score: 0.3}
      - {name: repeated, regex: '(\d)([- ])\d\2\d', score: 0.6}
  - name: Room
    type: custom
    supported_entity: ROOM
    patterns: [{name: room, regex: '\b(?!000)R\d{3}\b', score: 0.1}]
  - name: Titles
    type: custom
    supported_entity: TITLE
    deny_list: [Dr., Professor, Dürr]
";

#[test]
fn recognizers_of_presidio() {
    let (report, packs) = imported("presidio", PRESIDIO);
    assert_eq!(outcome(&report, "CreditCardRecognizer").0, "built in");
    assert!(outcome(&report, "CreditCardRecognizer").1.contains("`pan`"));
    assert_eq!(outcome(&report, "SpacyRecognizer").0, "built in");
    assert_eq!(outcome(&report, "GermanWineRecognizer").0, "left out");
    assert!(outcome(&report, "Switched off").1.contains("switched off"));
    let member = outcome(&report, "Member number").1;
    assert!(member.contains("`repeated` is left out") && member.contains("context words"), "{member}");
    assert!(outcome(&report, "Room").1.contains("no longer refused"));
    assert!(outcome(&report, "Room").1.contains("raised to 0.5"));
    assert!(outcome(&report, "Titles").1.contains("not ASCII"));
    proves_itself(&packs);
    for (text, found) in [
        ("member m1234567 ok", true),
        ("m1234567 ok", false),
        ("member M12345678 ok", false),
        ("R123 ok", true),
        ("Hello dr. Who", true),
    ] {
        assert_eq!(masked(&packs, text), found, "{text}");
    }
}

#[test]
fn files_that_are_none() {
    let file = folder("none").join("x.toml");
    let at = file.to_str().unwrap();
    for (text, from, says) in [
        ("[[rules]]\nid = 3\n", "gitleaks", "line 2"),
        ("title = 'x'\n", "gitleaks", "[[rules]]"),
        ("a: [", "presidio", "line"),
        ("supported_languages: [en]\n", "presidio", "recognizers"),
    ] {
        fs::write(&file, text).unwrap();
        let (code, _, wrong) = rules(&["import", from, at]);
        assert_eq!(code, Some(2), "{text}: {wrong}");
        assert!(wrong.contains(says) && wrong.lines().count() == 1, "{text}: {wrong}");
    }
    fs::write(&file, "[[rules]]\nid = 'a'\npath = 'b'\n").unwrap();
    let (code, said, _) = rules(&["import", "gitleaks", at]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("names of files"), "{said}");
}
