//! Packs: files of rules. First as written, then checked; only checked ones go any further.

mod check;
mod hint;
pub mod limits;
mod raw;
mod schema;
mod wrong;

use std::ops::Range;

pub use schema::schema;
use schemars::JsonSchema;
use serde::Deserialize;
pub use wrong::{Place, Wrong};

use crate::{
    context::Terms,
    pattern::{Border, Shape},
    reading::Reading,
    validate::Validator,
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
    /// A pack that cannot work as written.
    #[error("{0}")]
    Pack(Box<Wrong>),
    /// More than the limits allow.
    #[error("{0} over all packs; at most {1} are allowed")]
    Many(String, usize),
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
    /// A policy names a language that there is no table for.
    #[error("there is no language `{0}`; there are: {1}")]
    Language(String, String),
    /// A policy has two routes for one leg, direction and caller.
    #[error("policy {policy} speaks twice of {flow}: keep one of them")]
    Repeated {
        /// The policy's name.
        policy: String,
        /// The leg, the direction and the caller.
        flow: String,
    },
    /// The policy says nothing of a leg and direction that is asked of it.
    #[error("policy {0} has no route for this leg and direction: add one")]
    NoRoute(String),
}

/// How far a rule is trusted.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It may change at any time.
    Experimental,
    /// It is being tried.
    Test,
    /// It is relied on.
    #[default]
    Stable,
}

/// Whether a rule acts.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// What it finds is masked as the policy says.
    #[default]
    Active,
    /// What it would have done is recorded, and nothing is done.
    Shadow,
}

/// A recogniser of what no expression can tell.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Recogniser {
    /// Names of people.
    Person,
    /// Postal addresses.
    Address,
    /// Postal codes that stand alone.
    Postcode,
}

impl From<crate::names::Kind> for Recogniser {
    fn from(kind: crate::names::Kind) -> Self {
        match kind {
            crate::names::Kind::Person => Recogniser::Person,
            crate::names::Kind::Address => Recogniser::Address,
            crate::names::Kind::Postcode => Recogniser::Postcode,
        }
    }
}

/// What a failed check means.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Invalid {
    /// It is not this entity.
    #[default]
    Reject,
    /// The score stays as it is.
    Keep,
}

/// How two spellings of one value become equal.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
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
    /// How far it is trusted.
    pub status: Status,
    /// Whether it acts.
    pub mode: Mode,
    pub(crate) border: Border,
    pub(crate) canonical: Canonical,
    pub(crate) prefix: bool,
    pub(crate) max_hold: usize,
    pub(crate) context: Terms,
    pub(crate) asked: Terms,
    pub(crate) boost: u8,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) recogniser: Option<Recogniser>,
    /// Values that are not masked.
    pub allow: Vec<Allow>,
    /// Its own cases.
    pub cases: Cases,
    /// Where it is written.
    pub place: Place,
}

impl Rule {
    /// The names of its patterns, each with those of its checks.
    pub fn patterns_and_checks(&self) -> impl Iterator<Item = (&str, Vec<&'static str>)> {
        self.patterns.iter().map(|p| (p.name.as_str(), p.checks.iter().map(|c| c.name).collect()))
    }

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
    pub(crate) level: u8,
    pub(crate) said: usize,
    pub(crate) singly: usize,
    pub(crate) on: Readings,
    pub(crate) place: Place,
}

/// The readings that a pattern is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Readings {
    pub(crate) written: bool,
    pub(crate) spoken: bool,
    pub(crate) partial: bool,
}

impl Readings {
    /// What is written only.
    pub(crate) const WRITTEN: Readings = Readings { written: true, spoken: false, partial: false };
}

impl Pattern {
    /// The best score that a match can have without context.
    pub(crate) fn best_unnamed(&self) -> u8 {
        if self.checks.is_empty() { self.score } else { self.score.max(self.valid) }
    }
}

/// A value that is not masked, and who says so until when.
#[derive(Clone, Debug)]
pub struct Allow {
    /// Its canonical form.
    pub(crate) canonical: String,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The day from which it is too old, as in `2027-01-31`.
    pub expires: String,
    /// Where it is written.
    pub place: Place,
}

/// Texts that prove a rule.
#[derive(Clone, Debug)]
pub struct Cases {
    /// The rule finds exactly the marked ranges.
    pub matching: Vec<Case>,
    /// The rule finds nothing here.
    pub no_match: Vec<Case>,
    /// The rule ought to find the marked ranges, and does not yet.
    pub known_gap: Vec<Case>,
}

/// A text in its conversation.
#[derive(Clone, Debug)]
pub struct Case {
    /// How the text is to be read.
    pub reading: Reading,
    /// The message before.
    pub after: String,
    /// The text.
    pub text: String,
    /// What is to be found in it, in bytes.
    pub marks: Vec<Range<usize>>,
}

/// The packs that are built in.
const BUILT_IN: [&str; 15] = [
    include_str!("../../packs/answers.yaml"),
    include_str!("../../packs/bank.yaml"),
    include_str!("../../packs/contact.yaml"),
    include_str!("../../packs/dates.yaml"),
    include_str!("../../packs/identity-eu.yaml"),
    include_str!("../../packs/identity-in.yaml"),
    include_str!("../../packs/identity-uk.yaml"),
    include_str!("../../packs/identity-us.yaml"),
    include_str!("../../packs/identity-world.yaml"),
    include_str!("../../packs/names.yaml"),
    include_str!("../../packs/network.yaml"),
    include_str!("../../packs/payment.yaml"),
    include_str!("../../packs/said.yaml"),
    include_str!("../../packs/secrets.yaml"),
    include_str!("../../packs/speech.yaml"),
];

/// The texts of the packs that are built in.
pub fn built_in_texts() -> &'static [&'static str] {
    &BUILT_IN
}

/// The packs that are built in, checked.
pub fn built_in() -> Result<Vec<Pack>, PackError> {
    BUILT_IN.iter().map(|text| Pack::parse(text)).collect()
}

/// Whether packs fit together: their number of rules and patterns; ids are compared when they are compiled.
pub(crate) fn together(packs: &[Pack]) -> Result<(), PackError> {
    let rules = || packs.iter().flat_map(|p| &p.rules);
    let patterns = rules().map(|r| r.patterns.len()).sum();
    for (what, n, most) in [("rules", rules().count(), limits::RULES), ("patterns", patterns, limits::PATTERNS)] {
        if n > most {
            return Err(PackError::Many(format!("{n} {what}"), most));
        }
    }
    Ok(())
}
