//! `rules test`: every rule proves itself on the cases that its pack carries.

use std::{
    io::{self, Write},
    ops::Range,
    path::PathBuf,
    sync::Arc,
};

use clap::Args;
use coverage::Coverage;
use rules::{
    Direction, Leg, Pack, Policy, Program, Rule, Segment,
    explain::{Told, judgements},
    pack::Case,
};
use serde::Serialize;

use super::{Failure, setup, style::Style};

mod coverage;
mod table;

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// Folder of pack files (*.yaml) to test instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    packs: Option<PathBuf>,
    /// Also say which rules, patterns and checks no case has tried
    #[arg(long)]
    coverage: bool,
    /// Fail if less than N percent of patterns and checks are tried
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=100))]
    min_coverage: Option<u8>,
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  rules test                                        the built-in packs
  rules test --packs mypacks --coverage             and what no case of theirs has tried
  rules test --packs mypacks --min-coverage 90      for a build: exit code 1 below 90 %

A `match` case holds when the rule's entity is found exactly where [[ and ]] stand, a `no_match` case when it is not
found at all; findings of other entities do not count. A `known_gap` case is one that ought to hold and does not: once it
holds, the test fails until you move it to `match`. All rules run together, as they do in the gateway. A case is read as
the middle of a longer text: a number that its end cuts off is no finding.

A case is a text, or {after: QUESTION, text: ...}, or {after: QUESTION, spoken: ...} for what a speech recogniser wrote.
Coverage counts each pattern (did it ever find something?) and each check of each pattern twice (did it ever say yes, did
it ever say no?).";

/// Every entity is found, whatever a real policy allows.
const EVERYTHING: &str = "{policy: cases, version: 1, routes: [{leg: llm, direction: in, default: replace}]}";

#[derive(Serialize)]
struct Report {
    packs: Vec<PackReport>,
    passed: usize,
    failed: usize,
    known_gaps: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<coverage::Report>,
}

#[derive(Serialize)]
struct PackReport {
    pack: String,
    version: String,
    rules: Vec<RuleReport>,
}

#[derive(Serialize)]
struct RuleReport {
    rule: String,
    version: u32,
    #[serde(rename = "match")]
    matching: usize,
    no_match: usize,
    known_gap: usize,
    failed: Vec<Miss>,
}

/// A case that does not hold; both texts mark ranges with `[[` and `]]`.
#[derive(Serialize)]
struct Miss {
    kind: Kind,
    #[serde(skip_serializing_if = "String::is_empty")]
    after: String,
    case: String,
    found: String,
    /// What else was found there, by entity.
    others: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'static str>,
}

#[derive(Clone, Copy, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Match,
    NoMatch,
    KnownGap,
}

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let packs = setup::packs(options.packs.as_deref())?;
    let program = everything(&packs)?;
    let wanted = options.coverage || options.min_coverage.is_some();
    let mut report = report(&packs, &program, wanted);
    if wanted && !options.coverage {
        report.coverage.iter_mut().for_each(coverage::Report::shorten);
    }
    let mut out = io::stdout().lock();
    if options.json {
        serde_json::to_writer(&mut out, &report).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        table::write(&report, Style::of_stdout(), &mut out)?;
    }
    if report.failed > 0 {
        return Err(Failure::No(format!("{} cases failed", report.failed)));
    }
    match (options.min_coverage, &report.coverage) {
        (Some(least), Some(c)) if c.percent < f64::from(least) => {
            Err(Failure::No(format!("coverage is {:.1} %, below {least} %", c.percent)))
        }
        _ => Ok(()),
    }
}

/// The packs compiled to find everything.
pub(super) fn everything(packs: &[Pack]) -> Result<Arc<Program>, Failure> {
    let policy = Policy::parse(EVERYTHING).map_err(|e| Failure::Usage(e.to_string()))?;
    let program = Program::compile(packs, &policy, Leg::Llm, Direction::In);
    Ok(Arc::new(program.map_err(|e| Failure::Usage(e.to_string()))?))
}

fn report(packs: &[Pack], program: &Arc<Program>, covering: bool) -> Report {
    let mut coverage = Coverage::default();
    let mut of_pack = |pack: &Pack| PackReport {
        pack: pack.name.clone(),
        version: pack.version.clone(),
        rules: pack.rules.iter().map(|rule| of_rule(rule, program, &mut coverage)).collect(),
    };
    let reports: Vec<PackReport> = packs.iter().map(&mut of_pack).collect();
    let rules = || reports.iter().flat_map(|p| &p.rules);
    let failed = rules().map(|r| r.failed.len()).sum();
    let cases: usize = rules().map(|r| r.matching + r.no_match + r.known_gap).sum();
    let closed = rules().flat_map(|r| &r.failed).filter(|m| m.kind == Kind::KnownGap).count();
    Report {
        passed: cases - failed,
        failed,
        known_gaps: rules().map(|r| r.known_gap).sum::<usize>() - closed,
        coverage: covering.then(|| coverage.report(packs)),
        packs: reports,
    }
}

fn of_rule(rule: &Rule, program: &Arc<Program>, coverage: &mut Coverage) -> RuleReport {
    let cases = &rule.cases;
    let kinds = [(Kind::Match, &cases.matching), (Kind::NoMatch, &cases.no_match), (Kind::KnownGap, &cases.known_gap)];
    let all = kinds.into_iter().flat_map(|(kind, cases)| cases.iter().map(move |case| (kind, case)));
    RuleReport {
        rule: rule.id.clone(),
        version: rule.version,
        matching: cases.matching.len(),
        no_match: cases.no_match.len(),
        known_gap: cases.known_gap.len(),
        failed: all.filter_map(|(kind, case)| missed(rule, kind, case, program, coverage)).collect(),
    }
}

fn missed(rule: &Rule, kind: Kind, case: &Case, program: &Arc<Program>, coverage: &mut Coverage) -> Option<Miss> {
    let told = Told { reading: case.reading, after: &case.after, text: &case.text, goes_on: true };
    let (segments, shadows, judged) = judgements(program, told);
    coverage.note(&judged);
    let mut findings = findings(&segments);
    // What another rule would do if it acted is nothing that this one has to answer for.
    findings.extend(shadows.iter().filter(|f| *f.rule == rule.id).map(|f| (f.entity.to_string(), f.span.clone())));
    findings.sort_by_key(|(_, span)| span.start);
    let (mine, others): (Vec<_>, Vec<_>) = findings.into_iter().partition(|(entity, _)| *entity == rule.entity);
    let found: Vec<_> = mine.into_iter().map(|(_, range)| range).collect();
    let holds = found == case.marks;
    let expected = kind != Kind::KnownGap;
    let beside =
        |(entity, at): &(String, Range<usize>)| format!("{entity} {}", marked(&case.text, std::slice::from_ref(at)));
    (holds != expected).then(|| Miss {
        kind,
        after: case.after.clone(),
        case: marked(&case.text, &case.marks),
        found: marked(&case.text, &found),
        others: others.iter().map(beside).collect(),
        hint: (kind == Kind::KnownGap).then_some("this gap is closed: move the case to `match`"),
    })
}

/// Entities and bytes of what was found.
pub(super) fn findings(segments: &[Segment]) -> Vec<(String, Range<usize>)> {
    let mut found: Vec<(String, Range<usize>)> = Vec::new();
    for segment in segments {
        match (segment, found.last_mut()) {
            (Segment::Swallow(more), Some((_, range))) => range.end = more.end,
            _ => found.extend(segment.finding().map(|f| (f.entity.to_string(), f.span.clone()))),
        }
    }
    found
}

fn marked(text: &str, ranges: &[Range<usize>]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for range in ranges {
        // Findings of a rule that only watches may overlap those of one that acts.
        let (Some(before), Some(inside)) = (text.get(at..range.start), text.get(range.clone())) else { continue };
        out.push_str(&format!("{before}[[{inside}]]"));
        at = range.end;
    }
    out + text.get(at..).unwrap_or_default()
}
