//! Rules that change while the gateway runs: swapped whole, for new exchanges only, or refused.

mod load;

use std::fs;
use std::path::{Path, PathBuf};

use acceptance::harness::{Chat, Gateway, Provider, Scratch, eventually};
use serde_json::{Value, json};

use crate::leaks::CARD;

/// A value that no built-in rule knows.
const BADGE: &str = "S-1234";

/// A gateway that reads its rules from files, and those files: the built-in packs, and a policy.
struct Site {
    gateway: Gateway,
    files: Scratch,
}

impl Site {
    fn before(provider: &Provider) -> Self {
        let files = Scratch::new();
        fs::create_dir(files.path("packs")).unwrap();
        for pack in fs::read_dir(rules().join("packs")).unwrap().map(|entry| entry.unwrap().path()) {
            fs::copy(&pack, files.path("packs").join(pack.file_name().unwrap())).unwrap();
        }
        fs::copy(rules().join("policies/default.yaml"), files.path("policy.yaml")).unwrap();
        let (packs, policy) = (files.path("packs"), files.path("policy.yaml"));
        let flags = ["--packs", packs.to_str().unwrap(), "--policy", policy.to_str().unwrap()];
        let gateway = Gateway::start(&[("openai", &provider.origin())], &flags);
        Self { gateway, files }
    }

    /// Puts a file in its place at once, as whoever deploys would.
    fn put(&self, name: &str, text: &str) {
        let beside = self.files.file("beside", text);
        fs::rename(beside, self.files.path(name)).unwrap();
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.files.path(name)).unwrap();
    }

    fn hang_up(&self) {
        self.gateway.hang_up();
    }

    fn count(&self, event: &str) -> usize {
        self.gateway.count(event)
    }

    /// Does something and waits for the event that comes of it.
    fn seeing(&mut self, event: &str, act: impl FnOnce(&Self)) -> Value {
        let before = self.gateway.program().count(event);
        act(self);
        let program = self.gateway.program();
        eventually(event, || program.stdout_lines().into_iter().filter(|line| line["event"] == event).nth(before))
    }

    /// What the first choice says, and the version of the pack of badges that ran, by header and record.
    fn ask(&self, chat: &Chat) -> (String, Option<String>) {
        let answer = self.gateway.client().chat(chat);
        let record = self.gateway.record(&answer.exchange());
        let recorded = record["packs"]["badges"].as_str().map(str::to_owned);
        let header = answer.header("x-tidegate-guard").unwrap();
        let headed = header.split("badges@").nth(1).map(|rest| rest.split(';').next().unwrap().to_owned());
        assert_eq!(recorded, headed, "{header}");
        (answer.said(), recorded)
    }
}

fn rules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules")
}

/// A pack that finds badges.
fn badges(version: &str, label: &str) -> String {
    format!(
        "pack: badges\nversion: {version}\nrules:\n  - id: badge\n    version: 1\n    entity: badge\n    label: {label}\n    \
         owner: people\n    border: word\n    patterns:\n      - {{name: written, regex: 'S-\\d{{4}}', score: 0.9}}\n    \
         cases: {{match: ['[[S-1234]]'], no_match: ['S-12']}}\n"
    )
}

fn made_up(answer: &str) -> (String, Option<String>) {
    (format!("You said: hi {answer}"), None)
}

#[test]
fn a_new_pack_guards_the_next_exchange() {
    let provider = Provider::making_up(&format!(" {BADGE}"));
    let mut site = Site::before(&provider);
    assert_eq!(site.ask(&Chat::user("hi")), made_up(BADGE));
    let event = site.seeing("reloaded", |site| site.put("packs/badges.yaml", &badges("1.0.0", "BADGE")));
    assert_eq!((&event["policy"], &event["packs"]["badges"]), (&"default@3".into(), &"1.0.0".into()), "{event}");
    assert!(event["packs"]["payment"].is_string(), "{event}");
    assert_eq!(site.ask(&Chat::user("hi")), ("You said: hi [BADGE]".into(), Some("1.0.0".into())));
    site.seeing("reloaded", |site| site.remove("packs/badges.yaml"));
    assert_eq!(site.ask(&Chat::user("hi").streamed()), made_up(BADGE));
}

#[test]
fn a_rule_on_trial_is_counted_and_changes_nothing() {
    let provider = Provider::making_up(&format!(" {BADGE}, {BADGE}"));
    let mut site = Site::before(&provider);
    let trial = badges("0.9.0", "BADGE").replace("    border: word\n", "    border: word\n    mode: shadow\n");
    site.seeing("reloaded", |site| site.put("packs/badges.yaml", &trial));
    for chat in [Chat::user(BADGE), Chat::user(BADGE).streamed()] {
        let answer = site.gateway.client().chat(&chat);
        assert_eq!(answer.said(), format!("You said: {BADGE} {BADGE}, {BADGE}"));
        let record = site.gateway.record(&answer.exchange());
        assert_eq!(record["shadow"], json!({"in": {"badge": 1}, "out": {"badge": 3}}));
        assert_eq!(record["findings"], json!({"in": {}, "out": {}}));
    }
    assert!(String::from_utf8_lossy(&provider.saw()).contains(BADGE));
}

#[test]
fn a_changed_policy_is_in_force_for_the_next_exchange() {
    let provider = Provider::making_up(" 5555-5555-5555-4444");
    let mut site = Site::before(&provider);
    let policy = fs::read_to_string(rules().join("policies/default.yaml")).unwrap();
    let next = policy.replace("version: 1", "version: 2").replace("default: replace", "default: redact");
    let event = site.seeing("reloaded", |site| site.put("policy.yaml", &next));
    assert_eq!(event["policy"], "default@3");
    let answer = site.gateway.client().chat(&Chat::user("hi"));
    assert_eq!(answer.said(), "You said: hi ");
    assert_eq!(site.gateway.record(&answer.exchange())["policy"], "default@3");
}

#[test]
fn a_stream_keeps_the_rules_of_its_start() {
    let slow = r#"{"name": "slow", "content": "S-1234 ", "repeat": 400, "delay_us": 10000}"#;
    let provider = Provider::following(&format!("{slow}\n{{\"content\": \"{BADGE}\"}}"));
    let mut site = Site::before(&provider);
    let slow = Chat::user("hi").streamed().meeting("slow");
    // One stream begins without the pack, another with it; each outlives the rules that it began with.
    let mut without = site.gateway.client().open(&slow);
    without.read_until("S-12");
    site.seeing("reloaded", |site| site.put("packs/badges.yaml", &badges("1.0.0", "BADGE")));
    let mut with = site.gateway.client().open(&slow);
    with.read_until("[BADGE]");
    assert!(without.so_far().is_some_and(|answer| !answer.whole), "the first stream ended too early to tell");
    assert_eq!(site.ask(&Chat::user("hi")).0, "[BADGE]");
    site.seeing("reloaded", |site| site.remove("packs/badges.yaml"));
    assert!(with.so_far().is_some_and(|answer| !answer.whole), "the second stream ended too early to tell");
    assert_eq!(site.ask(&Chat::user("hi")).0, BADGE);

    let (without, with) = (without.response(), with.response());
    assert_eq!(without.said(), "S-1234 ".repeat(400));
    assert_eq!(with.said(), "[BADGE] ".repeat(400));
    assert!(without.stream().is_done() && with.stream().is_done());
    let ran =
        |answer: &acceptance::harness::Response| site.gateway.record(&answer.exchange())["packs"]["badges"].clone();
    assert_eq!((ran(&without), ran(&with)), (Value::Null, "1.0.0".into()));
}

#[test]
fn what_is_broken_is_refused_and_the_old_rules_serve_on() {
    let provider = Provider::making_up(&format!(" 5555-5555-5555-4444, {BADGE}"));
    let mut site = Site::before(&provider);
    site.seeing("reloaded", |site| site.put("packs/badges.yaml", &badges("1.0.0", "BADGE")));
    let good = badges("1.0.1", "BADGE");
    let broken = [
        ("packs/badges.yaml", good.replace("rules:", "rules: ["), "packs/badges.yaml", 4),
        ("packs/badges.yaml", good.replace(r"S-\d{4}", r"S-(\d"), "packs/badges.yaml", 11),
        ("packs/badges.yaml", String::new(), "packs/badges.yaml", 0),
        ("packs/twice.yaml", good.replace("pack: badges", "pack: twice"), "packs/twice.yaml", 4),
        ("policy.yaml", "policy: default\nversion: 2\nroutes: none\n".into(), "policy.yaml", 3),
        ("policy.yaml", "policy: default\nversion: 2\nroutes: []\n".into(), "policy.yaml", 0),
    ];
    for (name, text, file, line) in broken {
        let before = fs::read_to_string(site.files.path(name)).ok();
        let event = site.seeing("reload_refused", |site| {
            site.put(name, &text);
            site.hang_up();
        });
        assert!(event["file"].as_str().unwrap().ends_with(file) && !event["message"].as_str().unwrap().is_empty());
        assert!(line == 0 || event["line"] == line, "{text}: {event}");
        let (said, version) = site.ask(&Chat::user(CARD));
        assert_eq!((said, version), (format!("You said: {CARD} [PAN], [BADGE]"), Some("1.0.0".into())), "{event}");
        // Back to what runs: all is well again, and said so.
        site.seeing("reloaded", |site| {
            before.as_ref().map_or_else(|| site.remove(name), |text| site.put(name, text));
            site.hang_up();
        });
    }
    // Two pipes have no order between them: the last event may be read before its line.
    let told = |errors: &str| errors.matches("tidegate error: rules not reloaded").count();
    eventually("six lines", || (told(&site.gateway.program().stderr()) >= 6).then_some(()));
    assert_eq!(told(&site.gateway.program().stderr()), 6);
    assert!(!String::from_utf8_lossy(&provider.saw()).contains(CARD));
}

#[test]
fn files_that_are_gone_are_refused() {
    let provider = Provider::making_up(" 5555-5555-5555-4444");
    let mut site = Site::before(&provider);
    let event = site.seeing("reload_refused", |site| site.remove("policy.yaml"));
    assert!(event["file"].as_str().unwrap().ends_with("policy.yaml"), "{event}");
    let packs = site.files.path("packs");
    let event = site.seeing("reload_refused", |site| fs::rename(&packs, site.files.path("away")).unwrap());
    assert_eq!(event["file"], packs.to_str().unwrap());
    let event = site.seeing("reload_refused", |_| fs::create_dir(&packs).unwrap());
    assert_eq!((&event["file"], &event["message"]), (&packs.to_str().into(), &"holds no pack".into()));
    assert_eq!(site.ask(&Chat::user("hi")).0, "You said: hi [PAN]");
}

#[test]
fn a_signal_reloads_at_once_and_is_always_answered() {
    let provider = Provider::quoting();
    let mut site = Site::before(&provider);
    let event = site.seeing("reloaded", |site| {
        site.put("packs/badges.yaml", &badges("1.0.0", "BADGE"));
        site.hang_up();
    });
    assert_eq!(event["packs"]["badges"], "1.0.0");
    site.seeing("reload_refused", |site| {
        site.put("packs/badges.yaml", "pack: [");
        site.hang_up();
    });
    // Nothing has changed since; who asks is told again.
    site.seeing("reload_refused", Site::hang_up);

    let mut built_in = Gateway::before(&provider);
    built_in.program().hang_up();
    eventually("the answer to a signal", || built_in.program().line("reloaded"));
    assert_eq!(built_in.client().chat(&Chat::user(CARD)).said(), format!("You said: {CARD}"));
}

#[test]
fn rules_that_change_without_their_version_are_warned_of() {
    let provider = Provider::quoting();
    let mut site = Site::before(&provider);
    site.seeing("reloaded", |site| site.put("packs/badges.yaml", &badges("1.0.0", "BADGE")));
    let warned = |site: &mut Site| site.gateway.program().stderr().contains("their versions did not").then_some(());
    assert_eq!(warned(&mut site), None);
    site.seeing("reloaded", |site| site.put("packs/badges.yaml", &badges("1.0.0", "CHIP")));
    eventually("the warning", || warned(&mut site));
}
