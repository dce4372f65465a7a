//! From packs as written to packs that can run: all that can be wrong with a rule is found here.

use std::ops::Range;

use super::{
    ACCEPT, Allow, Case, Cases, DEFAULT_HOLD, Pack, PackError, Pattern, Readings, Rule,
    raw::{RawAllow, RawCase, RawPack, RawPattern, RawRule},
};
use crate::{
    context::Terms,
    pattern,
    reading::Reading,
    validate::{self, Validator},
};

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

/// Checks a rule as written.
fn check_rule(raw: RawRule) -> Result<Rule, String> {
    let patterns: Vec<Pattern> = raw.patterns.into_iter().map(check_pattern).collect::<Result<_, _>>()?;
    if patterns.is_empty() == raw.recogniser.is_none() {
        return Err("needs either `patterns` or a `recogniser`".into());
    }
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
    let marked = |cases: Vec<RawCase>| cases.into_iter().map(|c| case(c, true)).collect::<Result<Vec<_>, _>>();
    let cases = Cases {
        matching: marked(raw.cases.matching)?,
        no_match: raw.cases.no_match.into_iter().map(|c| case(c, false)).collect::<Result<_, _>>()?,
        known_gap: marked(raw.cases.known_gap)?,
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
        status: raw.status,
        mode: raw.mode,
        border: raw.border,
        canonical: raw.canonical,
        prefix: raw.prefix,
        max_hold,
        context: Terms::new(&raw.context),
        asked: Terms::new(&raw.asked),
        boost: hundredths(raw.boost)?,
        patterns,
        recogniser: raw.recogniser,
        allow: raw.allow.into_iter().map(|a| allow(a, raw.canonical)).collect::<Result<_, _>>()?,
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
    let level = raw.level.unwrap_or(1);
    if !(1..=3).contains(&level) {
        return Err(at(format!("level {level}: 1 (always), 2 (strict) or 3 (paranoid)")));
    }
    let on = |reading| raw.on.is_empty() || raw.on.contains(&reading);
    let spoken = on(Reading::Spoken);
    let on = Readings { written: on(Reading::Written), spoken, partial: spoken || on(Reading::Partial) };
    Ok(Pattern {
        name: raw.name,
        regex: raw.regex,
        shape,
        score,
        checks,
        valid,
        invalid: raw.invalid,
        level,
        said: raw.said,
        on,
    })
}

fn hundredths(score: f32) -> Result<u8, String> {
    if (0.0..=1.0).contains(&score) {
        Ok((score * 100.0).round() as u8)
    } else {
        Err(format!("{score} is not within 0..1"))
    }
}

fn allow(raw: RawAllow, canonical: super::Canonical) -> Result<Allow, String> {
    let parts: Vec<&str> = raw.expires.split('-').collect();
    let number = |i: usize, digits: usize| parts.get(i).filter(|p| p.len() == digits)?.parse::<u32>().ok();
    let day =
        (number(0, 4), number(1, 2).filter(|m| (1..=12).contains(m)), number(2, 2).filter(|d| (1..=31).contains(d)));
    if parts.len() != 3 || !matches!(day, (Some(_), Some(_), Some(_))) {
        return Err(format!("allow: expires `{}` is no day, as in 2027-01-31", raw.expires));
    }
    if raw.reason.trim().is_empty() || raw.owner.trim().is_empty() {
        return Err("allow: needs an owner and a reason".into());
    }
    Ok(Allow { canonical: canonical.of(&raw.value), owner: raw.owner, reason: raw.reason, expires: raw.expires })
}

fn case(raw: RawCase, with_marks: bool) -> Result<Case, String> {
    let (reading, after, written) = match raw {
        RawCase::Text(text) => (Reading::Written, String::new(), text),
        RawCase::Told(told) => match (told.text, told.spoken) {
            (Some(text), None) => (Reading::Written, told.after, text),
            (None, Some(text)) => (Reading::Spoken, told.after, text),
            _ => return Err("a case needs either `text` or `spoken`".into()),
        },
    };
    if !with_marks {
        return Ok(Case { reading, after, text: written, marks: Vec::new() });
    }
    let (text, marks) = marked(&written)?;
    Ok(Case { reading, after, text, marks })
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
