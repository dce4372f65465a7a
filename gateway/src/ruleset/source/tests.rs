//! What is wrong with packs and policies, and where it is said to be.

use std::fs;

use super::*;

const PACK: &str = "\
pack: staff
version: 1.0.0
rules:
  # staff_number
  - id: staff_number
    version: 1
    entity: staff_id
    owner: people
    patterns:
      - {name: written, regex: 'S-\\d{4}', score: 0.9}
    cases: {match: ['[[S-1234]]'], no_match: ['S-12']}
";

const POLICY: &str = "\
policy: strict
version: 3
routes:
  - {leg: llm, direction: in, default: token, entities: {cvv: redact, otp: redact, pin: redact, track: redact}}
  - {leg: llm, direction: out, default: replace, restore: true}
";

const OUT: &str = "  - {leg: llm, direction: out, default: replace, restore: true}\n";

/// A folder of packs and a policy beside it; gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("tidegate-ruleset-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("packs")).unwrap();
        let folder = Folder(root);
        folder.write("packs/staff.yaml", PACK);
        folder.write("policy.yaml", POLICY);
        folder
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    fn source(&self) -> Source {
        let at = |name| self.0.join(name).display().to_string();
        Source::new(Some(&at("packs")), Some(&at("policy.yaml"))).among(vec!["desk".into(), "night".into()])
    }

    fn made(&self) -> Result<Ruleset, Vec<Finding>> {
        let source = self.source();
        source.read().and_then(|texts| texts.compile(&source))
    }

    /// What is wrong, by the file's name.
    fn wrong(&self) -> Vec<String> {
        let said = self.made().err().unwrap_or_default();
        let root = format!("{}/", self.0.display());
        said.iter().map(|finding| finding.to_string().replace(&root, "")).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_make_a_ruleset() {
    let ruleset = Folder::new("good").made().unwrap();
    assert_eq!(ruleset.header(), "policy=strict@3; staff@1.0.0");
}

#[test]
fn what_is_wrong_has_a_file_and_a_line() {
    let folder = Folder::new("wrong");
    for (name, good, from, to, says) in [
        ("packs/staff.yaml", PACK, "id: staff_number", "id: [", "packs/staff.yaml:5:9: expected string"),
        ("packs/staff.yaml", PACK, "    owner: people\n", "", "packs/staff.yaml:10:5: missing field `owner`"),
        (
            "packs/staff.yaml",
            PACK,
            r"S-\d{4}",
            r"S-(\d",
            "packs/staff.yaml:10:32: rule staff_number, pattern `written`: unclosed group",
        ),
        ("packs/staff.yaml", PACK, "['S-12']", "[]", "packs/staff.yaml:11:12: rule staff_number: needs at least"),
        ("policy.yaml", POLICY, "default: token", "default: maybe", "policy.yaml:4:40: unknown variant"),
        ("policy.yaml", POLICY, "cvv: redact", "cvv: token", "policy.yaml:4: policy strict: `cvv` may not be kept"),
        (
            "policy.yaml",
            POLICY,
            "direction: out",
            "direction: in",
            "policy.yaml: policy strict speaks twice of llm, in",
        ),
        ("policy.yaml", POLICY, OUT, "", "policy.yaml: policy strict@3 has no route"),
    ] {
        folder.write(name, &good.replace(from, to));
        let wrong = folder.wrong();
        assert!(wrong.len() == 1 && wrong[0].starts_with(says), "{to}: {wrong:?}");
        assert!(!wrong[0].contains('\n'), "one line: {wrong:?}");
        folder.write(name, good);
    }
    folder.write("packs/staff2.yml", PACK);
    assert!(folder.wrong()[0].starts_with("packs/staff2.yml:5: rule staff_number is in more than one pack"));
    folder.write("packs/staff2.yml", "");
    folder.write("policy.yaml", "");
    assert_eq!(folder.wrong().len(), 2, "all files are judged: {:?}", folder.wrong());
}

#[test]
fn a_caller_may_have_actions_of_its_own() {
    let folder = Folder::new("callers");
    let own = |caller: &str| {
        format!(
            "{POLICY}  - {{leg: llm, direction: in, caller: {caller}, default: allow, entities: {{staff_id: redact}}}}\n"
        )
    };
    folder.write("policy.yaml", &own("desk"));
    let ruleset = folder.made().unwrap();
    let pair = |caller| ruleset.legs(caller).any();
    assert!(!Arc::ptr_eq(&pair(Some("desk")).request, &pair(None).request));
    assert!(Arc::ptr_eq(&pair(Some("night")).request, &pair(None).request), "it is not named");
    assert!(pair(Some("desk")).answer.restores(), "the other direction is everybody's");
    folder.write("policy.yaml", &own("dusk"));
    assert_eq!(folder.wrong(), ["policy.yaml:6: `dusk` is no caller that a key names (there are: desk, night)"]);
    folder.write("policy.yaml", &format!("{}{}", own("desk"), own("desk").replace(POLICY, "")));
    let wrong = folder.wrong();
    assert!(wrong[0].starts_with("policy.yaml: policy strict speaks twice of llm, in, desk"), "{wrong:?}");
}

#[test]
fn a_folder_must_hold_packs() {
    let folder = Folder::new("folder");
    // Locks and copies of editors are no packs, even where they lead nowhere.
    folder.write("packs/.#staff.yaml", "x");
    assert!(folder.made().is_ok());
    fs::remove_file(folder.0.join("packs/staff.yaml")).unwrap();
    assert_eq!(folder.wrong(), ["packs: holds no pack (a folder with rule packs, *.yaml)"]);
    folder.write("packs/large.yaml", &"#".repeat(5 << 20));
    assert!(folder.wrong()[0].starts_with("packs/large.yaml: is larger than 4 MiB"), "{:?}", folder.wrong());
    fs::remove_dir_all(folder.0.join("packs")).unwrap();
    fs::remove_file(folder.0.join("policy.yaml")).unwrap();
    let wrong = folder.wrong();
    assert!(wrong[0].starts_with("packs: cannot be read") && wrong[1].starts_with("policy.yaml: cannot be read"));
}

#[test]
fn what_is_built_in_cannot_change() {
    let source = Source::new(None, Some("default"));
    assert!(!source.is_files());
    assert!(Source::new(Some("packs"), None).is_files() && Source::new(None, Some("strict.yaml")).is_files());
    assert_eq!(source.read(), source.read());
}
