//! Presidio: recognizers as YAML.
//!
//! There a match counts from any score on; here it counts from 0.50 on, alone or with context. A recognizer that has no
//! context words and a lower score is raised to 0.50, which is said.

use std::collections::BTreeMap;

use rules::entities;
use serde::Deserialize;

use super::{
    Drafts,
    draft::{Cases, Draft, DraftPattern, Outcome, identifier},
    expression::{bare, parse, portable, print},
    sample::{sample, seed},
};

#[derive(Deserialize)]
struct File {
    #[serde(default = "all_flags")]
    global_regex_flags: u32,
    #[serde(default)]
    recognizers: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "the name of a recognizer, or what it is")]
enum Listed {
    Name(String),
    Whole(Box<Recognizer>),
}

#[derive(Default, Deserialize)]
struct Recognizer {
    #[serde(default)]
    name: String,
    class_name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    enabled: Option<bool>,
    supported_languages: Option<Vec<Language>>,
    supported_entity: Option<String>,
    #[serde(default)]
    patterns: Vec<Pattern>,
    #[serde(default)]
    deny_list: Vec<String>,
    deny_list_score: Option<f64>,
    #[serde(default)]
    context: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Language {
    Name(#[allow(dead_code, reason = "only its words are wanted")] String),
    Whole {
        #[serde(default)]
        context: Vec<String>,
    },
}

#[derive(Deserialize)]
struct Pattern {
    name: String,
    regex: String,
    score: f64,
}

/// Python's DOTALL, MULTILINE and IGNORECASE, which Presidio uses where a file says nothing.
fn all_flags() -> u32 {
    26
}

/// Python's IGNORECASE.
const IGNORE_CASE: u32 = 2;

/// The score from which a match counts.
const COUNTS: f64 = 0.5;

/// How often a part may be repeated beyond what it must.
const REPEATS: u32 = 64;

/// Recognizers that are not named after what they find; models find more than one thing, names first.
const OTHERWISE: [(&str, &str); 4] =
    [("USLICENSE", "US_DRIVER_LICENSE"), ("SPACY", "PERSON"), ("STANZA", "PERSON"), ("TRANSFORMERS", "PERSON")];

/// Our entity for each of Presidio's.
struct Entities(BTreeMap<String, String>);

impl Entities {
    fn built_in() -> Result<Self, String> {
        let entities = entities::built_in().map_err(|e| format!("the built-in entities.yaml: {e}"))?;
        let of = |(ours, names): (String, entities::Names)| names.presidio.into_iter().map(move |n| (n, ours.clone()));
        Ok(Entities(entities.into_iter().flat_map(of).collect()))
    }

    /// What we have for a recognizer that Presidio brings along: named after its entity, as in `CreditCardRecognizer`.
    fn predefined(&self, name: &str, entity: Option<&str>) -> Outcome {
        let guess = name.trim_end_matches("Recognizer").to_uppercase();
        let known = OTHERWISE.iter().find(|(bare, _)| *bare == guess).map(|(_, theirs)| *theirs);
        let entity = entity.or(known);
        let bare = |theirs: &str| theirs.replace('_', "");
        let find = |fits: &dyn Fn(&str) -> bool| self.0.iter().find(|(theirs, _)| fits(theirs)).map(|(_, ours)| ours);
        let named = entity.and_then(|e| self.0.get(e)).or_else(|| find(&|theirs| bare(theirs) == guess));
        match named
            .or_else(|| find(&|theirs| guess.len() > 1 && bare(theirs).starts_with(&guess)))
            .or_else(|| find(&|theirs| guess.len() > 2 && bare(theirs).ends_with(&guess)))
        {
            Some(ours) => Outcome::BuiltIn(format!("rules for `{ours}` are built in")),
            None => Outcome::LeftOut("it is a part of Presidio, and there is no rule like it here".into()),
        }
    }
}

/// The recognizers of a file.
pub(super) fn read(text: &str) -> Result<Drafts, String> {
    let file: File = serde_saphyr::from_str(text).map_err(|e| e.without_snippet().to_string())?;
    if file.recognizers.is_empty() {
        return Err("has no `recognizers`".into());
    }
    let entities = Entities::built_in()?;
    let fold = file.global_regex_flags & IGNORE_CASE != 0;
    let each = |listed: &Listed| match listed {
        Listed::Name(name) => (name.clone(), Err(entities.predefined(name, None))),
        Listed::Whole(r) => (r.name.clone(), draft(r, fold, &entities)),
    };
    Ok(file.recognizers.iter().map(each).collect())
}

fn draft(r: &Recognizer, fold: bool, entities: &Entities) -> Result<Draft, Outcome> {
    if r.enabled == Some(false) {
        return Err(Outcome::LeftOut("it is switched off".into()));
    }
    let custom = !r.patterns.is_empty() || !r.deny_list.is_empty();
    if r.kind.as_deref() == Some("predefined") || !custom {
        return Err(entities.predefined(r.class_name.as_deref().unwrap_or(&r.name), r.supported_entity.as_deref()));
    }
    let theirs = r.supported_entity.clone().unwrap_or_else(|| r.name.clone());
    let entity = entities.0.get(&theirs).cloned().unwrap_or_else(|| identifier(&theirs));
    let mut made = Made { name: r.name.clone(), fold, border: "none", notes: Vec::new(), patterns: Vec::new() };
    r.patterns.iter().for_each(|p| made.pattern(p));
    if !r.deny_list.is_empty() {
        made.deny_list(&r.deny_list, r.deny_list_score.unwrap_or(1.0));
    }
    if made.patterns.is_empty() {
        return Err(Outcome::LeftOut(made.notes.join("; ")));
    }
    let context = contexts(r);
    let boost = made.boost(&context);
    let longest = made.patterns.iter().map(|p| p.1).max().unwrap_or(0);
    Ok(Draft {
        id: identifier(&r.name),
        label: entity.bytes().all(|b| b.is_ascii_digit() || b == b'_').then(|| "VALUE".into()),
        entity,
        about: r.name.clone(),
        border: made.border,
        context,
        boost,
        max_hold: longest,
        shadow: false,
        patterns: made.patterns.into_iter().map(|p| p.0).collect(),
        cases: Cases::default(),
        notes: made.notes,
    })
}

/// The words of all languages that it has.
fn contexts(r: &Recognizer) -> Vec<String> {
    let of_languages = r.supported_languages.iter().flatten().flat_map(|l| match l {
        Language::Whole { context } => context.clone(),
        Language::Name(_) => Vec::new(),
    });
    let mut context: Vec<String> = r.context.iter().cloned().chain(of_languages).collect();
    context.retain(|term| term.chars().any(char::is_alphanumeric));
    context.dedup();
    context
}

/// A recognizer under way.
struct Made {
    name: String,
    fold: bool,
    border: &'static str,
    notes: Vec<String>,
    /// With the bytes of the longest match.
    patterns: Vec<(DraftPattern, usize)>,
}

impl Made {
    fn pattern(&mut self, p: &Pattern) {
        let bare = bare(&p.regex);
        let guarded = bare.regex.len() != p.regex.len() || p.regex.contains("\\b");
        let folded = if self.fold { format!("(?i:{})", bare.regex) } else { bare.regex.clone() };
        let hir = match parse(&folded) {
            Ok(hir) => portable(&hir, false, REPEATS),
            Err(why) => return self.notes.push(format!("pattern `{}` is left out: {why}", p.name)),
        };
        let (Some(longest), 1..) = (hir.properties().maximum_len(), hir.properties().minimum_len().unwrap_or(0)) else {
            return self.notes.push(format!("pattern `{}` is left out: it can match nothing at all", p.name));
        };
        let regex = print(&hir);
        if !rules::pack::limits::affordable(&regex) {
            return self.notes.push(format!("pattern `{}` is left out: its automaton would be too large", p.name));
        }
        if bare.lost > 0 {
            self.notes.push(format!("pattern `{}`: what its look-around refuses is no longer refused", p.name));
        }
        if guarded && self.border != "word" {
            self.border = bare.border;
        }
        let sample = sample(&hir, seed(&self.name) ^ seed(&p.name));
        self.patterns.push((DraftPattern { name: p.name.clone(), regex, score: p.score, sample }, longest));
    }

    fn deny_list(&mut self, words: &[String], score: f64) {
        let (ascii, other): (Vec<&String>, Vec<&String>) = words.iter().partition(|w| w.is_ascii() && !w.is_empty());
        if !other.is_empty() {
            self.notes.push(format!("{} words of its deny list are not ASCII and left out", other.len()));
        }
        let Some(first) = ascii.first() else { return };
        self.border = "word";
        let all: Vec<String> = ascii.iter().map(|w| regex_syntax::escape(w)).collect();
        let regex = if self.fold { format!("(?i:{})", all.join("|")) } else { all.join("|") };
        if !rules::pack::limits::affordable(&regex) {
            return self.notes.push("its deny list is left out: it is too long for one expression".into());
        }
        let longest = ascii.iter().map(|w| w.len()).max().unwrap_or(0);
        let sample = (*first).clone();
        self.patterns.push((DraftPattern { name: "deny list".into(), regex, score, sample }, longest));
    }

    /// What words add, so that with them every pattern counts; without words every pattern counts alone.
    fn boost(&mut self, context: &[String]) -> f64 {
        let lowest = self.patterns.iter().map(|p| p.0.score).fold(1.0, f64::min);
        if context.is_empty() && lowest < COUNTS {
            self.notes.push(format!("its score of {lowest} is raised to {COUNTS}: it has no context words"));
            self.patterns.iter_mut().for_each(|p| p.0.score = p.0.score.max(COUNTS));
        } else if lowest < COUNTS {
            self.notes.push("below 0.5 it counts with context words only".into());
        }
        (COUNTS - lowest).clamp(0.4, 1.0)
    }
}
