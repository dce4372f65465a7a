//! What was measured, as a table for people.

use std::{fs, io, path::Path};

use crate::machine;

/// One line of the table.
pub(crate) struct Row {
    what: String,
    bar: &'static str,
    measured: String,
    peer: &'static str,
    /// Why the bar is not held; empty where it is, or where there is none.
    limit: &'static str,
    held: Option<bool>,
}

impl Row {
    pub(crate) fn new(what: impl Into<String>, measured: impl Into<String>) -> Self {
        Row { what: what.into(), bar: "-", measured: measured.into(), peer: "-", limit: "", held: None }
    }

    /// The bar, whether it is held, and what limits it if it is not.
    pub(crate) fn bar(self, bar: &'static str, held: bool, limit: &'static str) -> Self {
        Row { bar, held: Some(held), limit, ..self }
    }

    /// The best that is known of others.
    pub(crate) fn peer(self, peer: &'static str) -> Self {
        Row { peer, ..self }
    }
}

/// The table and, below it, a sentence for each bar that is missed.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut text = String::from("| what | bar | measured | best peer known |\n| --- | --- | --- | --- |\n");
    for row in rows {
        let mark = if row.held == Some(false) { " **missed**" } else { "" };
        text += &format!("| {} | {} | {}{mark} | {} |\n", row.what, row.bar, row.measured, row.peer);
    }
    let missed: Vec<&Row> = rows.iter().filter(|r| r.held == Some(false)).collect();
    if !missed.is_empty() {
        text += "\nWhat limits the bars that are missed:\n\n";
        for row in missed {
            text += &format!("- **{}** ({} wanted): {}\n", row.what, row.bar, row.limit);
        }
    }
    text
}

/// Writes the whole page.
pub(crate) fn write(path: &Path, sections: &[(&str, Vec<Row>)]) -> io::Result<()> {
    let mut text = format!("{HEAD}\nMachine: {}.\nDate: {}.\n", machine::describe(), machine::date());
    for (title, rows) in sections {
        text += &format!("\n## {title}\n\n{}", table(rows));
    }
    fs::write(path, text)
}

const HEAD: &str = "\
# Measurements

What Tidegate costs, beside the bars it is held to. `make bench` measures again and writes this page; `bench engine`,
`bench guard` and `bench gateway` measure one part.

How to read it:
- Everything is measured five times. A cell shows the median, and in brackets the least and the most.
- *Engine* and *guard* run in one thread and are counted in its CPU time, so other work on the machine disturbs them
  little. MB/s are millions of source bytes a second on one core.
- *Gateway* runs the release program, alone on one core. The load and the upstream share the other core. Direct,
  Pingora's own passthrough, Tidegate without rules and Tidegate with every pack take turns within each round, so that
  they meet the same noise; *added* is the difference to direct in the same round, and ratios are to passthrough in the
  same round. Requests arrive at random (Poisson), at 30 % of what the guarded gateway can do, and wait for nobody.
- *No rules* is a policy that allows everything; *full* is every built-in pack under the built-in policy. Both read and
  write every byte the same way.
- *Processing* is the time from the upstream's sending of an event to the client's receiving of the text that it
  released. *Hold* is how many events (and milliseconds) later than the event that carried it a byte of text left,
  because it could still have become a value. The answers hold bank questions and values, one token an event, at 50
  events a second.
- A shared or virtual machine moves the 99th percentiles most: compare within a row, not between machines.
";
