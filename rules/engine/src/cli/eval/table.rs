//! What `rules eval` prints for people.

use std::io::{self, Write};

use super::{
    Measured,
    score::{self, Change, Counts},
};
use crate::cli::style::Style;

/// Spans that are listed one by one.
const LISTED: usize = 20;

pub(super) fn write(measured: &Measured, style: Style, out: &mut impl Write) -> io::Result<()> {
    for (channel, entities) in measured.score.channels() {
        writeln!(
            out,
            "{:<16} {:>6} {:>7} {:>7} {:>7}  {:>6} {:<15} {:>6} {:>6} {:>6}",
            style.strong(&format!("{channel:<16}")),
            "n",
            "covered",
            "partial",
            "missed",
            "recall",
            "95 %",
            "right",
            "prec.",
            "F2"
        )?;
        entities.iter().try_for_each(|(entity, counts)| write_entity(entity, counts, out))?;
    }
    let benign = &measured.benign;
    if benign.utterances > 0 {
        let (spans, masked, of) = (benign.spans.len(), benign.masked, benign.utterances);
        writeln!(out, "{} {spans} spans in {masked} of {of} utterances", style.strong("benign, falsely masked"))?;
        write_changes(&benign.spans, out)?;
    }
    if let Some(against) = &measured.against {
        writeln!(out, "{} {}", style.strong("against"), against.packs)?;
        writeln!(out, "newly masked: {}", against.masked.len())?;
        write_changes(&against.masked, out)?;
        writeln!(out, "newly released: {}", style.bad(&against.released.len().to_string()))?;
        write_changes(&against.released, out)?;
    }
    Ok(())
}

fn write_entity(entity: &str, counts: &Counts, out: &mut impl Write) -> io::Result<()> {
    let interval = counts.ci95().map_or("-".into(), |(low, high)| format!("[{low:.3}, {high:.3}]"));
    let right = (counts.covered > 0).then(|| counts.right as f64 / counts.covered as f64);
    let Counts { covered, partial, missed, .. } = counts;
    writeln!(
        out,
        "{entity:<16} {:>6} {covered:>7} {partial:>7} {missed:>7}  {:>6} {interval:<15} {:>6} {:>6} {:>6}",
        counts.n(),
        three(counts.recall()),
        three(right),
        three(counts.precision()),
        three(counts.f2())
    )
}

pub(super) fn three(share: Option<f64>) -> String {
    share.map_or("-".into(), |s| format!("{s:.3}"))
}

fn write_changes(changes: &[Change], out: &mut impl Write) -> io::Result<()> {
    for (entity, count) in score::counts(changes) {
        writeln!(out, "  {entity:<16} {count}")?;
    }
    for change in changes.iter().take(LISTED) {
        let value = change.value.as_ref().map(|v| format!("  {}", v.escape_debug())).unwrap_or_default();
        writeln!(out, "    {} {} {}..{} {}{value}", change.file, change.id, change.start, change.end, change.entity)?;
    }
    if changes.len() > LISTED {
        writeln!(out, "    and {} more: --json lists all", changes.len() - LISTED)?;
    }
    Ok(())
}
