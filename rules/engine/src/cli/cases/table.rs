//! The report of `rules test` for people.

use std::io::{self, Write};

use super::{Miss, Report, coverage};
use crate::cli::style::Style;

pub(super) fn write(report: &Report, style: Style, out: &mut impl Write) -> io::Result<()> {
    for pack in &report.packs {
        writeln!(out, "{} {}", style.strong(&pack.pack), pack.version)?;
        for rule in &pack.rules {
            let name = format!("{}@{}", rule.rule, rule.version);
            let gaps = if rule.known_gap == 0 { String::new() } else { format!(" {:>3} known_gap", rule.known_gap) };
            let verdict = if rule.failed.is_empty() { style.good("ok") } else { style.bad("FAILED") };
            writeln!(out, "  {name:<24} {:>3} match {:>3} no_match{gaps}   {verdict}", rule.matching, rule.no_match)?;
            rule.failed.iter().try_for_each(|miss| write_miss(miss, out))?;
        }
    }
    if let Some(coverage) = &report.coverage {
        write_coverage(coverage, style, out)?;
    }
    let gaps = if report.known_gaps == 0 { String::new() } else { format!("known gaps: {}; ", report.known_gaps) };
    writeln!(out, "{gaps}cases: {} passed, {} failed", report.passed, report.failed)
}

fn write_miss(miss: &Miss, out: &mut impl Write) -> io::Result<()> {
    if !miss.after.is_empty() {
        writeln!(out, "      after  {}", miss.after)?;
    }
    writeln!(out, "      case   {}", miss.case)?;
    writeln!(out, "      found  {}", miss.found)?;
    for other in &miss.others {
        writeln!(out, "      beside {other}")?;
    }
    miss.hint.iter().try_for_each(|hint| writeln!(out, "      hint   {hint}"))
}

fn write_coverage(coverage: &coverage::Report, style: Style, out: &mut impl Write) -> io::Result<()> {
    for rule in &coverage.rules {
        writeln!(out, "  {} rule {rule}: no case of any rule makes it find anything", style.warn("untried"))?;
    }
    for p in &coverage.patterns {
        writeln!(out, "  {} {}, pattern `{}`: found nothing", style.warn("untried"), p.rule, p.pattern)?;
    }
    for c in &coverage.checks {
        let (check, never) = (c.check.unwrap_or_default(), c.never.unwrap_or_default());
        writeln!(out, "  {} {}, pattern `{}`: {check} never said {never}", style.warn("untried"), c.rule, c.pattern)?;
    }
    writeln!(out, "coverage: {:.1} % ({} of {} tried)", coverage.percent, coverage.tried, coverage.of)
}
