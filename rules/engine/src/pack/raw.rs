//! A pack as its file says it: the shape, nothing checked yet.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{Canonical, Invalid, Mode, Recogniser, Status};
use crate::{pattern::Border, reading::Reading};

/// A file of rules.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Pack")]
#[serde(deny_unknown_fields)]
pub(super) struct RawPack {
    /// Its name, unique among the packs that are loaded.
    pub(super) pack: String,
    /// Its version, as in `1.0.0`.
    pub(super) version: String,
    /// Its rules.
    #[schemars(with = "Vec<RawRule>")]
    pub(super) rules: Vec<Spanned<RawRule>>,
}

/// How one entity is recognised.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Rule")]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    /// Unique over all packs.
    #[schemars(with = "String")]
    pub(super) id: Spanned<String>,
    /// Counted up with every change.
    pub(super) version: u32,
    /// What is found; policies speak of it.
    pub(super) entity: String,
    /// What stands in its place: upper-case letters; the entity's own name if there is none.
    pub(super) label: Option<String>,
    /// Who answers for it.
    pub(super) owner: String,
    /// How far it is trusted.
    #[serde(default)]
    pub(super) status: Status,
    /// `shadow`: what it would have done is recorded, and nothing is done.
    #[serde(default)]
    pub(super) mode: Mode,
    /// What may not touch a match.
    #[serde(default)]
    pub(super) border: Border,
    /// How two spellings of one value become equal.
    #[serde(default)]
    pub(super) canonical: Canonical,
    /// An unfinished value at a text's end is masked too.
    #[serde(default)]
    pub(super) prefix: bool,
    /// Bytes after which an open-ended match is masked before it ends.
    pub(super) max_hold: Option<usize>,
    /// Words that speak for it: shortly before it, or in the message before.
    #[serde(default)]
    pub(super) context: Vec<String>,
    /// Words that speak for it in the message before only: the question that it answers.
    #[serde(default)]
    pub(super) asked: Vec<String>,
    /// What such words add to the score.
    #[serde(default = "default_boost")]
    pub(super) boost: f32,
    /// What it looks like.
    #[serde(default)]
    #[schemars(with = "Vec<RawPattern>")]
    pub(super) patterns: Vec<Spanned<RawPattern>>,
    /// A built-in recogniser in place of patterns.
    pub(super) recogniser: Option<Recogniser>,
    /// Values that are not masked.
    #[serde(default)]
    #[schemars(with = "Vec<RawAllow>")]
    pub(super) allow: Vec<Spanned<RawAllow>>,
    /// Texts that prove it.
    #[schemars(with = "RawCases")]
    pub(super) cases: Spanned<RawCases>,
}

/// One expression and what its matches are worth.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Pattern")]
#[serde(deny_unknown_fields)]
pub(super) struct RawPattern {
    /// Its name, for `rules explain`.
    pub(super) name: String,
    /// ASCII characters, no look-around.
    #[schemars(with = "String")]
    pub(super) regex: Spanned<String>,
    /// What must follow, which is no part of the value: ` is my code`.
    pub(super) then: Option<String>,
    /// What a match is worth by its shape.
    pub(super) score: f32,
    /// Validators that a match is put to, all of them.
    #[serde(default)]
    pub(super) checks: Vec<String>,
    /// What a match is worth that all checks hold for.
    pub(super) valid: Option<f32>,
    /// What a failed check means.
    #[serde(default)]
    pub(super) invalid: Invalid,
    /// The strictness from which it takes part: 1 always, 2 strict, 3 paranoid.
    pub(super) level: Option<u8>,
    /// How many digits of a match must be said, in words, and not written.
    #[serde(default)]
    pub(super) said: usize,
    /// How many of them must be said one by one: "four four", not "forty four".
    #[serde(default)]
    pub(super) singly: usize,
    /// The readings that it is for; all of them if none is named.
    #[serde(default)]
    pub(super) on: Vec<Reading>,
}

/// A value that is not masked, and who says so until when.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Allow")]
#[serde(deny_unknown_fields)]
pub(super) struct RawAllow {
    /// The value; spellings with one canonical form are equal.
    pub(super) value: String,
    /// Who answers for it.
    pub(super) owner: String,
    /// Why.
    pub(super) reason: String,
    /// The day, as in `2027-01-31`, from which `rules lint` refuses it.
    pub(super) expires: String,
}

/// Texts that prove a rule.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Cases")]
#[serde(deny_unknown_fields)]
pub(super) struct RawCases {
    /// Texts with what the rule finds between `[[` and `]]`.
    #[serde(rename = "match")]
    #[schemars(with = "Vec<RawCase>")]
    pub(super) matching: Vec<Spanned<RawCase>>,
    /// Texts in which it finds nothing.
    #[schemars(with = "Vec<RawCase>")]
    pub(super) no_match: Vec<Spanned<RawCase>>,
    /// Texts with what it ought to find, and does not yet.
    #[serde(default)]
    #[schemars(with = "Vec<RawCase>")]
    pub(super) known_gap: Vec<Spanned<RawCase>>,
}

/// A text, or a text with what was said before it.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Case")]
#[serde(untagged, expecting = "a case is a text, `{after, text}` or `{after, spoken}`")]
pub(super) enum RawCase {
    /// A written text.
    Text(String),
    /// A text of a channel, in a conversation.
    Told(RawTold),
}

/// A text of a channel, in a conversation.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Told")]
#[serde(deny_unknown_fields)]
pub(super) struct RawTold {
    /// The message before.
    #[serde(default)]
    pub(super) after: String,
    /// A written text.
    pub(super) text: Option<String>,
    /// A spoken text.
    pub(super) spoken: Option<String>,
}

fn default_boost() -> f32 {
    0.4
}
