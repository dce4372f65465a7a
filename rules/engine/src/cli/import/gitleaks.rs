//! gitleaks: rules for secrets in source code, as TOML.
//!
//! Most find `NAME ... = "SECRET"`. Here the name becomes a context word and the secret alone is the value, so that it is
//! masked wherever it stands after its name, and not only in assignments.

use regex_syntax::hir::{Hir, HirKind};
use rules::{pack::limits, validate};
use serde::Deserialize;

use super::{
    Drafts,
    draft::{Cases, Draft, DraftPattern, Outcome, identifier},
    expression::{is_open, parse, portable, print, secret},
    sample::{sample, seed},
};

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    #[serde(default)]
    description: String,
    regex: Option<String>,
    #[serde(default)]
    secret_group: u32,
    entropy: Option<f64>,
    #[serde(default)]
    keywords: Vec<String>,
    path: Option<String>,
    #[serde(default, alias = "allowlist")]
    allowlists: Option<toml::Value>,
}

/// A value that only words tell from others must be at least this long, or it only watches.
const TELLING: usize = 16;

/// How often a part may be repeated beyond what it must; the first that fits is taken.
const REPEATS: [u32; 4] = [400, 160, 64, 16];

/// What a shape is worth that tells itself.
const TELLS_ITSELF: f64 = 0.8;

/// What it is worth where words must say what it is.
const NEEDS_A_NAME: f64 = 0.2;

/// The rules of a file.
pub(super) fn read(text: &str) -> Result<Drafts, String> {
    let file: File = toml::from_str(text).map_err(|e| {
        let line = e.span().map_or(1, |s| 1 + text.bytes().take(s.start).filter(|&b| b == b'\n').count());
        format!("line {line}: {}", e.message())
    })?;
    if file.rules.is_empty() {
        return Err("has no [[rules]]".into());
    }
    Ok(file.rules.iter().map(|rule| (rule.id.clone(), draft(rule).map_err(Outcome::LeftOut))).collect())
}

fn draft(rule: &Rule) -> Result<Draft, String> {
    let regex = rule.regex.as_ref().ok_or("it looks at names of files only")?;
    let (hir, named) = secret(&parse(regex)?, rule.secret_group);
    let mut made = Made { rule, notes: Vec::new(), patterns: Vec::new(), max_hold: 0, shortest: usize::MAX };
    let (telling, others) = branches(&hir).into_iter().partition::<Vec<_>, _>(|branch| made.tells_itself(branch));
    made.add("telling", telling, TELLS_ITSELF)?;
    made.add("named", others, NEEDS_A_NAME)?;
    let needs_name = made.patterns.iter().any(|p| p.score < TELLS_ITSELF);
    if needs_name && rule.keywords.iter().all(|k| !k.chars().any(char::is_alphanumeric)) {
        return Err("its keywords are no words".into());
    }
    let short = made.shortest < TELLING && rule.entropy.is_some() && needs_name;
    made.say(named, needs_name, short);
    Ok(Draft {
        id: identifier(&rule.id),
        entity: "api_key".into(),
        label: Some("KEY".into()),
        about: rule.description.clone(),
        border: "word",
        context: if needs_name { rule.keywords.clone() } else { Vec::new() },
        boost: 0.4,
        max_hold: made.max_hold,
        shadow: short,
        patterns: made.patterns,
        cases: Cases::default(),
        notes: made.notes,
    })
}

/// The ways that an expression leaves.
fn branches(hir: &Hir) -> Vec<Hir> {
    match hir.kind() {
        HirKind::Alternation(parts) => parts.clone(),
        HirKind::Capture(c) => branches(&c.sub),
        _ => vec![hir.clone()],
    }
}

/// A rule under way.
struct Made<'r> {
    rule: &'r Rule,
    notes: Vec<String>,
    patterns: Vec<DraftPattern>,
    max_hold: usize,
    shortest: usize,
}

impl Made<'_> {
    /// Whether one of the keywords is a part of the value itself.
    fn tells_itself(&self, branch: &Hir) -> bool {
        let shown = sample(&portable(branch, false, REPEATS[0]), seed(&self.rule.id)).to_lowercase();
        self.rule.keywords.is_empty() || self.rule.keywords.iter().any(|k| shown.contains(&k.to_lowercase()))
    }

    fn add(&mut self, name: &str, branches: Vec<Hir>, score: f64) -> Result<(), String> {
        if branches.is_empty() {
            return Ok(());
        }
        let whole = Hir::alternation(branches);
        let fitting = fitting(&whole, score >= TELLS_ITSELF);
        let (regex, hir, most) = fitting.ok_or("no expression within the limits says the same")?;
        if is_open(&whole) && !is_open(&hir) {
            self.notes.push(format!("no more than {most} characters where it had no limit"));
        }
        // What is open is certain at the latest where its longest closed form ends.
        let closed = portable(&hir, false, REPEATS[0]);
        let longest = hir.properties().maximum_len().or(closed.properties().maximum_len()).unwrap_or(0);
        self.max_hold = self.max_hold.max(longest);
        self.shortest = self.shortest.min(hir.properties().minimum_len().unwrap_or(0));
        let sample = sample(&hir, seed(&self.rule.id));
        self.patterns.push(DraftPattern { name: name.into(), sample, regex, score });
        Ok(())
    }

    fn say(&mut self, named: bool, needs_name: bool, short: bool) {
        let rule = self.rule;
        let notes = [
            (needs_name, "its keywords became context words"),
            (named && !needs_name, "the secret alone is enough"),
            (rule.entropy.is_some() && validate::by_name("entropy").is_none(), "without entropy"),
            (rule.path.is_some(), "in every text, not in some files only"),
            (rule.allowlists.is_some(), "without its allow list"),
            (short, "in `mode: shadow`: without entropy it would mask ordinary words"),
        ];
        self.notes.extend(notes.into_iter().filter(|n| n.0).map(|n| n.1.to_owned()));
    }
}

/// The expression within the limits, repeated as often as may be, and how often that is.
fn fitting(hir: &Hir, open: bool) -> Option<(String, Hir, u32)> {
    REPEATS.iter().find_map(|&most| {
        let hir = portable(hir, open, most);
        let regex = print(&hir);
        let long = hir.properties().maximum_len().unwrap_or(0) <= limits::HOLD;
        (long && limits::affordable(&regex) && (open || !is_open(&hir))).then_some((regex, hir, most))
    })
}
