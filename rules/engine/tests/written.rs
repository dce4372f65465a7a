//! Rules as their files say them, read without the engine.

use regex::bytes::Regex;
use rules::{Action, Class, context::Terms, policy::RoutePolicy, validate};
use serde_json::Value;

use crate::{prefix, reading::Tape};

/// A rule of a pack file.
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) context: Terms,
    /// Words that count in the message before only.
    pub(crate) asked: Terms,
    pub(crate) action: Action,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) about: Value,
}

/// One of its patterns.
pub(crate) struct Pattern {
    /// Matches where a match starts.
    pub(crate) starts: Regex,
    /// Matches a whole match.
    pub(crate) whole: Regex,
    /// Matches what must follow the value, and is no part of it.
    pub(crate) then: Option<Regex>,
    /// Matches what can become one, if the rule's unfinished values are masked.
    pub(crate) prefix: Option<Regex>,
    pub(crate) open: bool,
    about: Value,
}

pub(crate) fn rules(packs: &[&str], route: &RoutePolicy) -> Vec<Rule> {
    let packs: Vec<Value> = packs.iter().map(|p| serde_saphyr::from_str(p).unwrap()).collect();
    let mut rules: Vec<Rule> = packs.iter().flat_map(|p| list(&p["rules"])).map(|r| rule(r, route)).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules
}

/// Matches a whole token of these labels.
pub(crate) fn token(labels: &[String]) -> Regex {
    let letter = "[bcdfghjklmnpqrst]";
    regex(&format!(r"\A(?i:(?:{})\\?_{letter}(?:\r?\n?{letter}){{16}})\z", labels.join("|")))
}

fn regex(expression: &str) -> Regex {
    regex::bytes::RegexBuilder::new(expression).unicode(false).build().unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn rule(about: &Value, route: &RoutePolicy) -> Rule {
    let terms = |key: &str| -> Vec<String> { list(&about[key]).iter().map(|t| t.as_str().unwrap().into()).collect() };
    let unfinished = about["prefix"].as_bool().unwrap_or(false);
    let pattern = |about: &Value| {
        let written = about["regex"].as_str().unwrap();
        let then = about["then"].as_str();
        let written = &then.map_or(written.into(), |then| format!("(?:{written})(?:{then})"));
        let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(written).unwrap();
        Pattern {
            starts: regex(&format!(r"\A(?:{written})")),
            whole: regex(&format!(r"\A(?:{written})\z")),
            then: then.map(|then| regex(&format!(r"\A(?:{then})\z"))),
            prefix: unfinished.then(|| regex(&format!(r"\A(?:{})\z", prefix::closed(written)))),
            open: hir.properties().maximum_len().is_none(),
            about: about.clone(),
        }
    };
    Rule {
        id: about["id"].as_str().unwrap().into(),
        context: Terms::new(&terms("context")),
        asked: Terms::new(&terms("asked")),
        action: route.action(about["entity"].as_str().unwrap()),
        patterns: list(&about["patterns"]).iter().filter(|p| written(p)).map(pattern).collect(),
        about: about.clone(),
    }
}

/// Whether a pattern is for written text, however mild the policy.
fn written(pattern: &Value) -> bool {
    let on = list(&pattern["on"]);
    (on.is_empty() || on.contains(&"written".into())) && pattern["level"].as_u64().is_none_or(|level| level == 1)
}

fn hundredths(value: &Value) -> Option<u64> {
    value.as_f64().map(|score| (score * 100.0).round() as u64)
}

impl Rule {
    pub(crate) fn label(&self) -> String {
        let entity = self.about["entity"].as_str().unwrap();
        self.about["label"].as_str().map_or_else(|| entity.to_uppercase().replace('_', ""), String::from)
    }

    /// What counts as an ASCII neighbour that glues a match to its surroundings.
    fn glues(&self, b: u8) -> bool {
        match self.about["border"].as_str() {
            Some("digit") => b.is_ascii_digit(),
            Some("none") => false,
            _ => b.is_ascii_alphanumeric(),
        }
    }

    /// Whether a match may start here.
    pub(crate) fn opens(&self, tape: &Tape, start: usize) -> bool {
        start == 0 || !self.glues(tape.bytes[start - 1])
    }

    /// Whether a match may end here.
    pub(crate) fn closes(&self, tape: &Tape, end: usize) -> bool {
        !(self.glues(tape.bytes[end - 1]) && tape.bytes.get(end).is_some_and(|b| self.glues(*b)))
    }

    pub(crate) fn hold(&self) -> usize {
        self.about["max_hold"].as_u64().unwrap_or(256) as usize
    }

    pub(crate) fn boost(&self) -> u64 {
        hundredths(&self.about["boost"]).unwrap_or(40)
    }

    /// Nothing of its shape is accepted without words before it.
    pub(crate) fn only_named(&self) -> bool {
        self.patterns.iter().all(|p| {
            let checked = !list(&p.about["checks"]).is_empty();
            p.score().max(if checked { p.valid() } else { 0 }) < 50
        })
    }

    pub(crate) fn canonical(&self, text: &str) -> String {
        match self.about["canonical"].as_str() {
            Some("digits") => text.chars().filter(char::is_ascii_digit).collect(),
            Some("lower") => text.to_lowercase(),
            Some("upper_alphanumeric") => text.to_uppercase().chars().filter(char::is_ascii_alphanumeric).collect(),
            _ => text.into(),
        }
    }
}

impl Pattern {
    fn score(&self) -> u64 {
        hundredths(&self.about["score"]).unwrap()
    }

    fn valid(&self) -> u64 {
        hundredths(&self.about["valid"]).unwrap_or(95)
    }

    /// Score and class of a match without context; none if a check refuses it.
    pub(crate) fn judge(&self, value: &[u8]) -> Option<(u64, Class)> {
        let checks = list(&self.about["checks"]);
        let holds = |check: &Value| (validate::by_name(check.as_str().unwrap()).unwrap().holds)(value);
        match (checks.is_empty(), checks.iter().all(holds)) {
            (true, _) => Some((self.score(), Class::Shape)),
            (false, true) => Some((self.score().max(self.valid()), Class::Validated)),
            (false, false) => (self.about["invalid"] == "keep").then(|| (self.score(), Class::Shape)),
        }
    }
}
