//! What the cases of all rules say when all rules read them: patterns that nothing tries, rules that find the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Level, Lint, Read, said};
use crate::{
    Rule,
    explain::{Told, Verdict, judgements},
    pack::Pack,
    policy::{Direction, Leg, Policy},
    program::Program,
};

/// Every entity is found, by patterns of every level.
const EVERYTHING: &str = "{policy: lint, version: 1, routes: [{leg: llm, direction: in, default: replace, level: 3}]}";

/// For each rule what it finds: the case's number and bytes.
type Found<'r> = BTreeMap<&'r str, BTreeSet<(usize, usize, usize)>>;

pub(super) fn cases(read: &[Read<'_>], found: &mut Vec<Lint>) {
    let packs: Vec<Pack> = read.iter().map(|r| r.pack.clone()).collect();
    let program = Policy::parse(EVERYTHING).and_then(|p| Program::compile(&packs, &p, Leg::Llm, Direction::In));
    let program = match program {
        Ok(program) => Arc::new(program),
        Err(e) => {
            let file = read.first().map_or("", |r| r.file).to_owned();
            let (line, column, rule) = (0, 0, String::new());
            found.push(Lint {
                file,
                line,
                column,
                rule,
                level: Level::Error,
                code: "size",
                message: e.to_string(),
                hint: None,
            });
            return;
        }
    };
    let mut patterns = BTreeSet::new();
    let mut spans = Found::new();
    let rules = || packs.iter().flat_map(|p| &p.rules);
    let every = |r: &'_ Rule| {
        r.cases.matching.iter().chain(&r.cases.no_match).chain(&r.cases.known_gap).cloned().collect::<Vec<_>>()
    };
    for (number, case) in rules().flat_map(every).enumerate() {
        let told = Told { reading: case.reading, after: &case.after, text: &case.text, goes_on: true };
        for j in judgements(&program, told).2.into_iter().filter(|j| j.verdict == Verdict::Accepted) {
            let of_rule = rules().find(|r| *r.id == *j.rule).map_or("", |r| r.id.as_str());
            spans.entry(of_rule).or_default().insert((number, j.span.start, j.span.end));
            patterns.insert((j.rule.to_string(), j.pattern.to_string()));
        }
    }
    for Read { file, pack } in read {
        pack.rules.iter().for_each(|rule| untried(file, rule, &patterns, found));
    }
    overlaps(read, &spans, found);
    let message = format!("all rules together: {} states, {} KiB", program.states(), program.memory() >> 10);
    let (file, rule) = ("all packs".to_owned(), String::new());
    found.push(Lint { file, line: 0, column: 0, rule, level: Level::Note, code: "total", message, hint: None });
}

fn untried(file: &str, rule: &Rule, patterns: &BTreeSet<(String, String)>, found: &mut Vec<Lint>) {
    for p in rule.patterns.iter().filter(|p| !patterns.contains(&(rule.id.clone(), p.name.clone()))) {
        let message = format!("no case makes pattern `{}` find anything", p.name);
        let hint = Some("add a `match` case for it".into());
        let (line, column) = (p.place.line, p.place.column);
        found.push(Lint { line, column, hint, ..said(file, rule, Level::Warning, "untried", message) });
    }
}

/// Pairs of rules for different entities that cannot be told apart.
fn overlaps(read: &[Read<'_>], spans: &Found<'_>, found: &mut Vec<Lint>) {
    let rules: Vec<(&str, &Rule)> = read.iter().flat_map(|r| r.pack.rules.iter().map(|rule| (r.file, rule))).collect();
    let mut by_regex: BTreeMap<&str, &Rule> = BTreeMap::new();
    let mut by_spans: BTreeMap<&BTreeSet<(usize, usize, usize)>, &Rule> = BTreeMap::new();
    for (file, rule) in rules {
        for p in &rule.patterns {
            let other = *by_regex.entry(&p.regex).or_insert(rule);
            // Words before them, or checks, can still tell them apart.
            let same = |q: &&crate::pack::Pattern| q.regex == p.regex;
            let checks =
                |r: &Rule| r.patterns.iter().find(same).map(|q| q.checks.iter().map(|c| c.name).collect::<Vec<_>>());
            let alike = other.entity != rule.entity && checks(other) == checks(rule);
            if alike && (other.context.is_empty() || rule.context.is_empty()) {
                let message =
                    format!("pattern `{}` is the same as one of rule {} for `{}`", p.name, other.id, other.entity);
                let (line, column) = (p.place.line, p.place.column);
                found.push(Lint { line, column, ..said(file, rule, Level::Warning, "overlap", message) });
            }
        }
        let Some(mine) = spans.get(rule.id.as_str()).filter(|s| s.len() > 1) else { continue };
        let other = *by_spans.entry(mine).or_insert(rule);
        if other.entity != rule.entity {
            let message = format!("over all cases it finds the same as rule {} for `{}`", other.id, other.entity);
            let hint = Some("add cases that only one of them finds, or make them one rule".into());
            found.push(Lint { hint, ..said(file, rule, Level::Warning, "overlap", message) });
        }
    }
}
