//! From packs as written to packs that can run: all that can be wrong with a rule is found here.

use std::{collections::HashMap, sync::Arc};

use case::{case, marked_cases};
use serde_saphyr::Spanned;

use super::{
    ACCEPT, Allow, Canonical, Cases, DEFAULT_HOLD, Pack, PackError, Pattern, Place, Readings, Rule, Wrong, hint,
    limits,
    raw::{RawAllow, RawCases, RawPack, RawPattern, RawRule},
};
use crate::{
    context::Terms,
    pattern::{self, Tail},
    reading::Reading,
    validate::{self, Validator},
};

mod case;

impl Pack {
    /// Reads and checks a pack file; the error is the first of what is wrong.
    pub fn parse(text: &str) -> Result<Self, PackError> {
        match Pack::check(text) {
            (Some(pack), wrong) if wrong.is_empty() => Ok(pack),
            (_, wrong) => Err(PackError::Pack(Box::new(wrong.into_iter().next().unwrap_or_default()))),
        }
    }

    /// Reads a pack file: the rules that can run, and all that is wrong with the others. There is no pack where the file
    /// has not the shape of one.
    pub fn check(text: &str) -> (Option<Self>, Vec<Wrong>) {
        let raw = match read(text) {
            Ok(raw) => raw,
            Err(wrong) => return (None, vec![wrong]),
        };
        let mut checked = Checked::default();
        for rule in raw.rules {
            checked.rule(rule);
        }
        (Some(Pack { name: raw.pack, version: raw.version, rules: checked.rules }), checked.wrong)
    }
}

/// Reads the shape; what is too large for it is refused before anything is built.
fn read(text: &str) -> Result<RawPack, Wrong> {
    if text.len() > limits::FILE {
        let wrong = Wrong::new("limit", format!("the file is larger than {} MiB", limits::FILE >> 20));
        return Err(wrong.at(Wrong::START));
    }
    if text.trim().is_empty() {
        return Err(Wrong::new("yaml", "the file is empty").at(Wrong::START).hint("start with `pack: NAME`"));
    }
    let raw: RawPack = serde_saphyr::from_str_with_options(text, limits::yaml()).map_err(unreadable)?;
    limits::name("pack", &raw.pack).map_err(|w| w.at(Wrong::START))?;
    limits::note("version", &raw.version).map_err(|w| w.at(Wrong::START))?;
    limits::at_most("rules", raw.rules.len(), limits::RULES).map_err(|w| w.at(Wrong::START))?;
    let patterns = raw.rules.iter().map(|r| r.value.patterns.len()).sum();
    limits::at_most("patterns", patterns, limits::PATTERNS).map_err(|w| w.at(Wrong::START))?;
    Ok(raw)
}

fn unreadable(error: serde_saphyr::Error) -> Wrong {
    let place = error.location().map_or(Wrong::START, Place::from);
    let message = error.without_snippet().to_string();
    // The place is told apart from the text.
    let message = message.split(" at line ").next().unwrap_or_default();
    let place = if place.line == 0 { Wrong::START } else { place };
    let message: String = message.lines().next().unwrap_or_default().chars().take(300).collect();
    let wrong = Wrong::new("yaml", message.as_str()).at(place);
    if message.contains("`include") {
        return wrong.hint("packs include nothing: put the files beside each other in one folder");
    }
    wrong
}

/// The rules of a pack, checked one by one.
#[derive(Default)]
struct Checked {
    rules: Vec<Rule>,
    wrong: Vec<Wrong>,
    ids: HashMap<String, Place>,
    /// Bytes of the automata of all patterns, each alone.
    automata: usize,
}

impl Checked {
    fn rule(&mut self, raw: Spanned<RawRule>) {
        let place = Place::from(raw.value.id.referenced);
        let id = limits::start(&raw.value.id.value);
        if let Some(first) = self.ids.insert(raw.value.id.value.clone(), place) {
            let wrong = Wrong::new("duplicate", format!("line {} has a rule of this id, too", first.line));
            self.wrong.push(Wrong { rule: id, ..wrong.at(place).hint("rename one of them") });
            return;
        }
        // Once the budget is spent, further automata are not even tried.
        if self.automata > limits::AUTOMATA {
            return;
        }
        match check_rule(raw.value, place, &mut self.automata) {
            Ok(rule) => self.rules.push(rule),
            Err(wrong) => {
                let at = if wrong.place.line == 0 { place } else { wrong.place };
                self.wrong.push(Wrong { rule: id, place: at, ..wrong });
            }
        }
    }
}

/// Checks a rule as written; `spent` are the bytes that automata of this pack take so far.
fn check_rule(raw: RawRule, place: Place, spent: &mut usize) -> Result<Rule, Wrong> {
    check_names(&raw)?;
    let label = raw.label.unwrap_or_else(|| raw.entity.to_uppercase().replace(|c: char| !c.is_alphabetic(), ""));
    if label.is_empty() || label.len() > limits::NAME || !label.bytes().all(|b| b.is_ascii_uppercase()) {
        let wrong = Wrong::new("label", format!("label `{}` is none", limits::start(&label)));
        return Err(wrong.hint(format!("1 to {} upper-case letters", limits::NAME)));
    }
    let max_hold = raw.max_hold.unwrap_or(DEFAULT_HOLD);
    if max_hold > limits::HOLD {
        return Err(Wrong::new("hold", format!("max_hold {max_hold} is more than {}", limits::HOLD)));
    }
    let mut patterns = Vec::new();
    for pattern in raw.patterns {
        let (name, at) = (limits::start(&pattern.value.name), Place::from(pattern.value.regex.referenced));
        let checked = check_pattern(pattern.value, raw.border, max_hold, spent);
        patterns.push(checked.map_err(|wrong| Wrong { pattern: name, ..wrong.at(at) })?);
    }
    if patterns.is_empty() == raw.recogniser.is_none() {
        return Err(Wrong::new("rule", "needs either `patterns` or a `recogniser`"));
    }
    let canonical = raw.canonical;
    Ok(Rule {
        id: raw.id.value,
        version: raw.version,
        entity: raw.entity,
        label,
        owner: raw.owner,
        status: raw.status,
        mode: raw.mode,
        border: raw.border,
        canonical,
        prefix: raw.prefix,
        max_hold,
        context: Terms::new(&raw.context),
        asked: Terms::new(&raw.asked),
        boost: hundredths("boost", raw.boost)?,
        patterns,
        recogniser: raw.recogniser,
        allow: raw.allow.into_iter().map(|a| allow(a, canonical)).collect::<Result<_, _>>()?,
        cases: cases(raw.cases)?,
        place,
    })
}

fn check_names(raw: &RawRule) -> Result<(), Wrong> {
    limits::name("id", &raw.id.value)?;
    limits::name("entity", &raw.entity)?;
    limits::note("owner", &raw.owner)?;
    limits::at_most("exceptions", raw.allow.len(), limits::ALLOWED)?;
    limits::at_most("context terms", raw.context.len() + raw.asked.len(), limits::TERMS)?;
    let long = raw.context.iter().chain(&raw.asked).find(|t| t.chars().nth(limits::TERM).is_some());
    if let Some(term) = long {
        let what = format!("context term `{}...` is longer than {} characters", limits::start(term), limits::TERM);
        return Err(Wrong::new("limit", what));
    }
    let placed = |t: &&String| t.trim_start().starts_with('<');
    if let Some(term) = raw.asked.iter().find(placed) {
        let what = format!("`{}` is nothing that a question says", limits::start(term));
        return Err(Wrong::new("context", what).hint("put it under `context`"));
    }
    if let Some(term) = raw.context.iter().filter(placed).find(|t| !Terms::knows(t)) {
        let what =
            format!("context term `{}` is not known: there are `<card>` and `<card expiry>`", limits::start(term));
        return Err(Wrong::new("context", what));
    }
    Ok(())
}

fn check_pattern(
    raw: RawPattern,
    border: pattern::Border,
    max_hold: usize,
    spent: &mut usize,
) -> Result<Pattern, Wrong> {
    limits::note("pattern name", &raw.name)?;
    let place = Place::from(raw.regex.referenced);
    let (regex, then) = match raw.then {
        Some(then) => {
            // Each alone, or a bracket of one could close in the other.
            pattern::check(&raw.regex.value).map_err(|said| refused(&raw.regex.value, said))?;
            (format!("(?:{})(?:{then})", raw.regex.value), Some(tail(&then)?))
        }
        None => (raw.regex.value, None),
    };
    if regex.len() > limits::REGEX {
        return Err(Wrong::new("limit", format!("its expression is longer than {} bytes", limits::REGEX)));
    }
    limits::at_most("checks", raw.checks.len(), limits::CHECKS)?;
    let checks: Vec<Validator> = raw.checks.iter().map(|name| check_named(name)).collect::<Result<_, _>>()?;
    let score = hundredths("score", raw.score)?;
    let valid = raw.valid.map_or(Ok(95), |valid| hundredths("valid", valid))?;
    let level = raw.level.unwrap_or(1);
    if !(1..=3).contains(&level) {
        return Err(
            Wrong::new("level", format!("level {level} is none")).hint("1 (always), 2 (strict) or 3 (paranoid)")
        );
    }
    let shape = pattern::check(&regex).map_err(|said| refused(&regex, said))?;
    if shape.longest.is_none() && (!checks.is_empty() || score < ACCEPT) {
        let wrong = Wrong::new("open", "an open-ended expression must be accepted by its shape alone");
        return Err(wrong.hint("give it a `score` of 0.5 or more and no checks, or an upper length as in `{20,80}`"));
    }
    if !pattern::tail_meets(&regex, border).map_err(|said| refused(&regex, said))? {
        let wrong = Wrong::new("open", "its open part must hold all letters and digits that `border` keeps apart");
        return Err(wrong.hint("e.g. `[A-Za-z0-9]{20,}` with `border: word`"));
    }
    let needs = shape.longest.unwrap_or(shape.settled + 1);
    if needs > max_hold {
        let wrong = Wrong::new("hold", format!("max_hold {max_hold} is too short for matches of up to {needs} bytes"));
        return Err(wrong.hint("raise `max_hold`, or repeat less"));
    }
    *spent += limits::cost(&regex)?;
    if *spent > limits::AUTOMATA {
        let what = format!("the automata of this pack's patterns take more than {} MiB", limits::AUTOMATA >> 20);
        return Err(Wrong::new("size", what).hint("split the pack, or repeat less"));
    }
    let on = |reading| raw.on.is_empty() || raw.on.contains(&reading);
    let spoken = on(Reading::Spoken);
    let on = Readings { written: on(Reading::Written), spoken, partial: spoken || on(Reading::Partial) };
    let (name, invalid, said, singly) = (raw.name, raw.invalid, raw.said, raw.singly);
    Ok(Pattern { name, regex, then, shape, score, checks, valid, invalid, level, said, singly, on, place })
}

/// The automaton of what must follow a value.
fn tail(then: &str) -> Result<Arc<Tail>, Wrong> {
    pattern::check(then).map_err(|said| refused(then, said))?;
    limits::cost(then)?;
    Tail::new(then).map(Arc::new).map_err(|said| refused(then, said))
}

fn refused(regex: &str, said: String) -> Wrong {
    let (message, hint) = hint::rewrite(regex, said);
    Wrong { hint, ..Wrong::new("regex", message) }
}

fn check_named(name: &str) -> Result<Validator, Wrong> {
    validate::by_name(name).ok_or_else(|| {
        let known: Vec<_> = validate::VALIDATORS.iter().map(|v| v.name).collect();
        let wrong = Wrong::new("check", format!("there is no check `{}`", limits::start(name)));
        wrong.hint(format!("there are {}", known.join(", ")))
    })
}

fn hundredths(what: &str, score: f32) -> Result<u8, Wrong> {
    if (0.0..=1.0).contains(&score) {
        Ok((score * 100.0).round() as u8)
    } else {
        Err(Wrong::new("score", format!("{what} {score} is not within 0..1")))
    }
}

fn allow(raw: Spanned<RawAllow>, canonical: Canonical) -> Result<Allow, Wrong> {
    let place = Place::from(raw.referenced);
    let raw = raw.value;
    let parts: Vec<&str> = raw.expires.split('-').collect();
    let number = |i: usize, digits: usize| parts.get(i).filter(|p| p.len() == digits)?.parse::<u32>().ok();
    let day =
        (number(0, 4), number(1, 2).filter(|m| (1..=12).contains(m)), number(2, 2).filter(|d| (1..=31).contains(d)));
    if parts.len() != 3 || !matches!(day, (Some(_), Some(_), Some(_))) {
        let wrong = Wrong::new("allow", format!("expires `{}` is no day", limits::start(&raw.expires)));
        return Err(wrong.at(place).hint("as in 2027-01-31"));
    }
    limits::note("an exception's owner", &raw.owner).map_err(|w| w.at(place))?;
    limits::note("an exception's reason", &raw.reason).map_err(|w| w.at(place))?;
    let canonical = canonical.of(&raw.value);
    Ok(Allow { canonical, owner: raw.owner, reason: raw.reason, expires: raw.expires, place })
}

fn cases(raw: Spanned<RawCases>) -> Result<Cases, Wrong> {
    let (place, raw) = (Place::from(raw.referenced), raw.value);
    let count = raw.matching.len() + raw.no_match.len() + raw.known_gap.len();
    limits::at_most("cases", count, limits::CASES).map_err(|w| w.at(place))?;
    let cases = Cases {
        matching: marked_cases(raw.matching)?,
        no_match: raw.no_match.into_iter().map(|c| case(c, false)).collect::<Result<_, _>>()?,
        known_gap: marked_cases(raw.known_gap)?,
    };
    if cases.matching.is_empty() || cases.no_match.is_empty() {
        let wrong = Wrong::new("case", "needs at least one `match` and one `no_match` case").at(place);
        return Err(wrong.hint("a text that it must find, with [[ and ]] around the value, and one that it must not"));
    }
    Ok(cases)
}
