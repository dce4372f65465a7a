//! Packs: files of rules. First as written, then checked; only checked ones go any further.

use std::ops::Range;

use serde::Deserialize;

use crate::{
    context::Terms,
    pattern::{self, Border, Shape},
    validate::{self, Validator},
};

/// Longest hold of an open-ended rule, in bytes of decoded text, where the rule does not say.
pub const DEFAULT_HOLD: usize = 256;

/// Accepted from this score on, in hundredths.
pub const ACCEPT: u8 = 50;

/// What is wrong with a pack or policy, for the person who wrote it.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Not YAML, or not of the expected shape; the text has line and column.
    #[error("{0}")]
    Syntax(String),
    /// A rule that cannot work as written.
    #[error("pack {pack}, rule {rule}: {what}")]
    Rule {
        /// The pack's name.
        pack: String,
        /// The rule's id.
        rule: String,
        /// What is wrong and what to do.
        what: String,
    },
    /// Two rules share an id.
    #[error("rule {0} is in more than one pack: rename one of them")]
    Twice(String),
    /// The automaton could not be built.
    #[error("the rules do not fit into one automaton: {0}")]
    Automaton(String),
    /// A policy would keep what must not be kept.
    #[error("policy {policy}: `{entity}` may not be kept (PCI DSS 3.3.1): use replace, redact or block")]
    Kept {
        /// The policy's name.
        policy: String,
        /// The entity.
        entity: &'static str,
    },
    /// The policy says nothing of a leg and direction that is asked of it.
    #[error("policy {0} has no route for this leg and direction: add one")]
    NoRoute(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPack {
    pack: String,
    version: String,
    rules: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: String,
    version: u32,
    entity: String,
    label: Option<String>,
    owner: String,
    #[serde(default)]
    border: Border,
    #[serde(default)]
    canonical: Canonical,
    #[serde(default)]
    prefix: bool,
    max_hold: Option<usize>,
    #[serde(default)]
    context: Vec<String>,
    #[serde(default = "default_boost")]
    boost: f32,
    patterns: Vec<RawPattern>,
    cases: RawCases,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPattern {
    name: String,
    regex: String,
    score: f32,
    #[serde(default)]
    checks: Vec<String>,
    valid: Option<f32>,
    #[serde(default)]
    invalid: Invalid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCases {
    #[serde(rename = "match")]
    matching: Vec<String>,
    no_match: Vec<String>,
}

fn default_boost() -> f32 {
    0.4
}

/// What a failed check means.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Invalid {
    /// It is not this entity.
    #[default]
    Reject,
    /// The score stays as it is.
    Keep,
}

/// How two spellings of one value become equal.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Canonical {
    /// As it is.
    #[default]
    Exact,
    /// Its digits.
    Digits,
    /// In lower case.
    Lower,
    /// Letters and digits, in upper case.
    UpperAlphanumeric,
}

impl Canonical {
    /// The canonical form of a decoded text.
    pub fn of(self, text: &str) -> String {
        match self {
            Canonical::Exact => text.to_owned(),
            Canonical::Digits => text.chars().filter(char::is_ascii_digit).collect(),
            Canonical::Lower => text.to_lowercase(),
            Canonical::UpperAlphanumeric => {
                text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
            }
        }
    }
}

/// A checked pack.
#[derive(Clone)]
pub struct Pack {
    /// Its name, unique among the packs that are loaded.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// A checked rule: how one entity is recognised.
#[derive(Clone)]
pub struct Rule {
    /// Unique over all packs.
    pub id: String,
    /// Counted up with every change.
    pub version: u32,
    /// The entity; API.
    pub entity: String,
    /// What stands in the value's place, in brackets; letters only.
    pub label: String,
    /// Who answers for it.
    pub owner: String,
    pub(crate) border: Border,
    pub(crate) canonical: Canonical,
    pub(crate) prefix: bool,
    pub(crate) max_hold: usize,
    pub(crate) context: Terms,
    pub(crate) boost: u8,
    pub(crate) patterns: Vec<Pattern>,
    /// Its own cases.
    pub cases: Cases,
}

impl Rule {
    /// Whether some of its matches have no upper length.
    pub(crate) fn open(&self) -> bool {
        self.patterns.iter().any(|p| p.shape.longest.is_none())
    }
}

/// One expression of a rule and what its matches are worth.
#[derive(Clone)]
pub(crate) struct Pattern {
    pub(crate) name: String,
    pub(crate) regex: String,
    pub(crate) shape: Shape,
    pub(crate) score: u8,
    pub(crate) checks: Vec<Validator>,
    pub(crate) valid: u8,
    pub(crate) invalid: Invalid,
}

impl Pattern {
    /// The best score that a match can have without context.
    pub(crate) fn best_unnamed(&self) -> u8 {
        if self.checks.is_empty() { self.score } else { self.score.max(self.valid) }
    }
}

/// Texts that prove a rule.
#[derive(Clone, Debug)]
pub struct Cases {
    /// The rule finds exactly these ranges.
    pub matching: Vec<(String, Vec<Range<usize>>)>,
    /// The rule finds nothing here.
    pub no_match: Vec<String>,
}

/// The packs that are built in.
const BUILT_IN: [&str; 4] = [
    include_str!("../../packs/bank.yaml"),
    include_str!("../../packs/contact.yaml"),
    include_str!("../../packs/payment.yaml"),
    include_str!("../../packs/secrets.yaml"),
];

/// The packs that are built in, checked.
pub fn built_in() -> Result<Vec<Pack>, PackError> {
    BUILT_IN.iter().map(|text| Pack::parse(text)).collect()
}

impl Pack {
    /// Reads and checks a pack file.
    pub fn parse(text: &str) -> Result<Self, PackError> {
        let raw: RawPack = serde_saphyr::from_str(text).map_err(|e| PackError::Syntax(e.to_string()))?;
        let check = |rule: RawRule| {
            let id = rule.id.clone();
            check_rule(rule).map_err(|what| PackError::Rule { pack: raw.pack.clone(), rule: id, what })
        };
        let rules = raw.rules.into_iter().map(check).collect::<Result<_, _>>()?;
        Ok(Pack { name: raw.pack, version: raw.version, rules })
    }
}

fn check_rule(raw: RawRule) -> Result<Rule, String> {
    let patterns: Vec<Pattern> = raw.patterns.into_iter().map(check_pattern).collect::<Result<_, _>>()?;
    let label = raw.label.unwrap_or_else(|| raw.entity.to_uppercase().replace('_', ""));
    if label.is_empty() || !label.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(format!("label `{label}`: upper-case letters only"));
    }
    let max_hold = raw.max_hold.unwrap_or(DEFAULT_HOLD);
    let mut needs = 0;
    for p in &patterns {
        if p.shape.longest.is_none() && (!p.checks.is_empty() || p.score < ACCEPT) {
            return Err(format!("pattern `{}` is open-ended, so it must be accepted by its shape alone", p.name));
        }
        if !pattern::tail_meets(&p.regex, raw.border)? {
            return Err(format!(
                "pattern `{}`: its open part must hold all letters and digits that `border` keeps apart",
                p.name
            ));
        }
        needs = needs.max(p.shape.longest.unwrap_or(p.shape.settled + 1));
    }
    if needs > max_hold {
        return Err(format!("max_hold {max_hold} is too short for matches of up to {needs} bytes"));
    }
    let cases = Cases {
        matching: raw.cases.matching.iter().map(|c| marked(c)).collect::<Result<_, _>>()?,
        no_match: raw.cases.no_match,
    };
    if cases.matching.is_empty() || cases.no_match.is_empty() {
        return Err("needs at least one `match` and one `no_match` case".into());
    }
    Ok(Rule {
        id: raw.id,
        version: raw.version,
        entity: raw.entity,
        label,
        owner: raw.owner,
        border: raw.border,
        canonical: raw.canonical,
        prefix: raw.prefix,
        max_hold,
        context: Terms::new(&raw.context),
        boost: hundredths(raw.boost)?,
        patterns,
        cases,
    })
}

fn check_pattern(raw: RawPattern) -> Result<Pattern, String> {
    let at = |what: String| format!("pattern `{}`: {what}", raw.name);
    let shape = pattern::check(&raw.regex).map_err(at)?;
    let checks: Vec<Validator> = raw
        .checks
        .iter()
        .map(|name| {
            validate::by_name(name).ok_or_else(|| {
                let known: Vec<_> = validate::VALIDATORS.iter().map(|v| v.name).collect();
                at(format!("there is no check `{name}`; there are {}", known.join(", ")))
            })
        })
        .collect::<Result<_, _>>()?;
    let score = hundredths(raw.score).map_err(at)?;
    let valid = raw.valid.map_or(Ok(95), hundredths).map_err(at)?;
    Ok(Pattern { name: raw.name, regex: raw.regex, shape, score, checks, valid, invalid: raw.invalid })
}

fn hundredths(score: f32) -> Result<u8, String> {
    if (0.0..=1.0).contains(&score) {
        Ok((score * 100.0).round() as u8)
    } else {
        Err(format!("{score} is not within 0..1"))
    }
}

/// `card [[4111 1111 1111 1111]]`: the text, and the ranges that its brackets mark.
fn marked(case: &str) -> Result<(String, Vec<Range<usize>>), String> {
    let mut text = String::new();
    let mut ranges = Vec::new();
    let mut rest = case;
    while let Some((before, after)) = rest.split_once("[[") {
        let (inside, after) = after.split_once("]]").ok_or_else(|| format!("case `{case}`: `[[` without `]]`"))?;
        text.push_str(before);
        ranges.push(text.len()..text.len() + inside.len());
        text.push_str(inside);
        rest = after;
    }
    text.push_str(rest);
    if ranges.is_empty() {
        return Err(format!("case `{case}`: mark what must be found with [[ and ]]"));
    }
    Ok((text, ranges))
}
