//! `rules test`: every rule proves itself on the cases that its pack carries.

use std::{
    io::{self, Write},
    path::PathBuf,
    sync::Arc,
};

use clap::Args;
use rules::{Direction, Leg, Pack, Policy, Program, Rule, Scanner, Segment, pack::Case};
use serde::Serialize;

use super::{Failure, setup};

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// Folder of pack files (*.yaml) to test instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    packs: Option<PathBuf>,
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  rules test --packs rules/packs

A `match` case holds when the rule's entity is found exactly where [[ and ]] stand, a `no_match` case when it is not
found at all; findings of other entities do not count. All rules run together, as they do in the gateway. A case is
read as the middle of a longer text: a number that its end cuts off is no finding.";

/// Every entity is found, whatever a real policy allows.
const EVERYTHING: &str = "{policy: cases, version: 1, routes: [{leg: llm, direction: in, default: replace}]}";

#[derive(Serialize)]
struct Report {
    packs: Vec<PackReport>,
    passed: usize,
    failed: usize,
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
    failed: Vec<Miss>,
}

/// A case that does not hold; both texts mark ranges with `[[` and `]]`.
#[derive(Serialize)]
struct Miss {
    case: String,
    found: String,
    /// What else was found there, by entity.
    others: Vec<String>,
}

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let packs = setup::packs(options.packs.as_deref())?;
    let policy = Policy::parse(EVERYTHING).map_err(|e| Failure::Usage(e.to_string()))?;
    let program = Program::compile(&packs, &policy, Leg::Llm, Direction::In);
    let program = Arc::new(program.map_err(|e| Failure::Usage(e.to_string()))?);
    let report = report(&packs, &program);
    let mut out = io::stdout().lock();
    if options.json {
        serde_json::to_writer(&mut out, &report).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        write_table(&report, &mut out)?;
    }
    if report.failed == 0 { Ok(()) } else { Err(Failure::No(format!("{} cases failed", report.failed))) }
}

fn report(packs: &[Pack], program: &Arc<Program>) -> Report {
    let of_pack = |pack: &Pack| PackReport {
        pack: pack.name.clone(),
        version: pack.version.clone(),
        rules: pack.rules.iter().map(|rule| of_rule(rule, program)).collect(),
    };
    let packs: Vec<PackReport> = packs.iter().map(of_pack).collect();
    let rules = || packs.iter().flat_map(|p| &p.rules);
    let failed = rules().map(|r| r.failed.len()).sum();
    let cases: usize = rules().map(|r| r.matching + r.no_match).sum();
    Report { passed: cases - failed, failed, packs }
}

fn of_rule(rule: &Rule, program: &Arc<Program>) -> RuleReport {
    let cases = &rule.cases;
    let failed = cases.matching.iter().chain(&cases.no_match).filter_map(|case| {
        let (text, expected) = (&case.text, &case.marks);
        let (mine, others): (Vec<_>, Vec<_>) =
            findings(program, case).into_iter().partition(|(entity, _)| *entity == rule.entity);
        let found: Vec<_> = mine.into_iter().map(|(_, range)| range).collect();
        (found != *expected).then(|| Miss {
            case: marked(text, expected),
            found: marked(text, &found),
            others: others
                .iter()
                .map(|(entity, at)| format!("{entity} {}", marked(text, std::slice::from_ref(at))))
                .collect(),
        })
    });
    RuleReport {
        rule: rule.id.clone(),
        version: rule.version,
        matching: cases.matching.len(),
        no_match: cases.no_match.len(),
        failed: failed.collect(),
    }
}

fn findings(program: &Arc<Program>, case: &Case) -> Vec<(String, std::ops::Range<usize>)> {
    let mut scanner = Scanner::reading(program.clone(), case.reading, case.after.as_str().into());
    let mut segments = Vec::new();
    // No pattern goes on over a NUL, so what the text's end leaves unfinished is none.
    scanner.push(&case.text, &mut segments);
    scanner.push("\0", &mut segments);
    let mut found: Vec<(String, std::ops::Range<usize>)> = Vec::new();
    for segment in &segments {
        match (segment, found.last_mut()) {
            (Segment::Swallow(more), Some((_, range))) => range.end = more.end,
            _ => found.extend(segment.finding().map(|f| (f.entity.to_string(), f.span.clone()))),
        }
    }
    found
}

fn marked(text: &str, ranges: &[std::ops::Range<usize>]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for range in ranges {
        out.push_str(&format!("{}[[{}]]", &text[at..range.start], &text[range.clone()]));
        at = range.end;
    }
    out + &text[at..]
}

fn write_table(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for pack in &report.packs {
        writeln!(out, "{} {}", pack.pack, pack.version)?;
        for rule in &pack.rules {
            let verdict = if rule.failed.is_empty() { "ok" } else { "FAILED" };
            let name = format!("{}@{}", rule.rule, rule.version);
            writeln!(out, "  {name:<24} {:>3} match {:>3} no_match   {verdict}", rule.matching, rule.no_match)?;
            for miss in &rule.failed {
                writeln!(out, "      case   {}", miss.case)?;
                writeln!(out, "      found  {}", miss.found)?;
                for other in &miss.others {
                    writeln!(out, "      beside {other}")?;
                }
            }
        }
    }
    writeln!(out, "cases: {} passed, {} failed", report.passed, report.failed)
}
