//! `rules import`: rules of other programs become packs, as far as they can; the rest is listed with the reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, Write},
    path::PathBuf,
};

use clap::{Args, ValueEnum};
use draft::{Draft, Outcome};
use prove::Trouble;
use rules::{load, pack::limits};
use serde_json::json;

use super::{
    Failure,
    style::{Progress, Style},
};

mod draft;
mod expression;
mod gitleaks;
mod presidio;
mod prove;
mod sample;
mod write;

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// Whose rules
    #[arg(value_enum)]
    from: From,
    /// Their file: Presidio's recognizers as YAML, gitleaks' configuration as TOML
    file: PathBuf,
    /// Write the pack into this folder; without it only say what would become of each rule
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum From {
    Presidio,
    Gitleaks,
}

impl From {
    fn name(self) -> &'static str {
        match self {
            From::Presidio => "presidio",
            From::Gitleaks => "gitleaks",
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  rules import gitleaks gitleaks.toml                     what would become of each rule
  rules import gitleaks gitleaks.toml --out mypacks       writes mypacks/gitleaks.yaml
  rules test --packs mypacks                              proves it

Each rule is one of: converted, adapted (something of it has changed: the note says what), built in (a rule of ours does
it), left out (the note says why). Every rule that is written has cases made from its own expression, and has held them.
Look-around at the ends becomes `border`; words that must stand before a secret become `context`; what has no upper length
gets one unless it ends the expression. Exit code 1 if nothing could be converted.";

/// Rules that may be left out so that the others fit together.
const MOST_LEFT_OUT: usize = 16;

/// What a source says, rule by rule: a draft, or why there is none.
type Drafts = Vec<(String, Result<Draft, Outcome>)>;

/// A line of the report.
struct Told {
    source: String,
    /// The rule that was written.
    id: Option<String>,
    outcome: Outcome,
}

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let text = load::text(&options.file).map_err(|e| Failure::Usage(e.to_string()))?;
    let drafts = match options.from {
        From::Presidio => presidio::read(&text),
        From::Gitleaks => gitleaks::read(&text),
    };
    let drafts = drafts.map_err(|what| Failure::Usage(format!("{}: {what}", options.file.display())))?;
    if drafts.len() > limits::RULES {
        let what = format!("{} rules; at most {} fit into a pack: split the file", drafts.len(), limits::RULES);
        return Err(Failure::Usage(format!("{}: {what}", options.file.display())));
    }
    let (mut kept, mut told) = proved(drafts);
    let together = fitted(&mut kept, &mut told);
    let name = options.from.name();
    let pack = write::pack(name, &kept);
    if let (Some(folder), false) = (&options.out, kept.is_empty()) {
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(folder.join(format!("{name}.yaml")), &pack))
            .map_err(|e| Failure::Usage(format!("{}: {e}", folder.display())))?;
    }
    let mut out = io::stdout().lock();
    if options.json {
        let rules: Vec<_> = told.iter().map(Told::json).collect();
        writeln!(out, "{}", json!({"rules": rules, "counts": counts(&told), "together": together.err()}))?;
    } else {
        write_table(&told, together.err().as_deref(), Style::of_stdout(), &mut out)?;
    }
    let any = told.iter().any(|t| !matches!(t.outcome, Outcome::LeftOut(_)));
    if any { Ok(()) } else { Err(Failure::No("nothing could be converted".into())) }
}

/// The drafts that hold what they promise, and what is to be said of all.
fn proved(drafts: Drafts) -> (Vec<Draft>, Vec<Told>) {
    let (mut kept, mut told): (Vec<Draft>, Vec<Told>) = (Vec::new(), Vec::new());
    let mut progress = Progress::of("rules", 1);
    for (source, draft) in drafts {
        progress.step();
        let outcome = draft.map_or_else(|outcome| outcome, |draft| proved_alone(draft, &mut kept));
        let id = matches!(outcome, Outcome::Converted | Outcome::Adapted(_)).then(|| kept.last().map(|d| d.id.clone()));
        told.push(Told { source, id: id.flatten(), outcome });
    }
    (kept, told)
}

fn proved_alone(mut draft: Draft, kept: &mut Vec<Draft>) -> Outcome {
    draft.distinct(kept);
    if let Err(why) = prove::alone(&mut draft) {
        return Outcome::LeftOut(why);
    }
    let notes = draft.notes.clone();
    kept.push(draft);
    if notes.is_empty() { Outcome::Converted } else { Outcome::Adapted(notes) }
}

/// Makes what is kept run together: cases that other rules spoil go, and as long as one automaton cannot hold all rules, the
/// broadest goes. The error is what still does not hold.
fn fitted(kept: &mut Vec<Draft>, told: &mut [Told]) -> Result<(), String> {
    for _ in 0..MOST_LEFT_OUT {
        if kept.is_empty() {
            return Ok(());
        }
        match prove::together(kept) {
            Ok(()) => return Ok(()),
            Err(Trouble::Cases(spoiled)) => {
                if !without(kept, &spoiled) {
                    let rules: BTreeSet<&str> = spoiled.iter().map(|s| s.0.as_str()).collect();
                    let rules = rules.into_iter().collect::<Vec<_>>().join(", ");
                    return Err(format!("other rules find more or less in the cases of {rules}"));
                }
            }
            Err(Trouble::Size(why)) => {
                let breadth = |d: &Draft| d.patterns.iter().map(|p| expression::breadth(&p.regex)).max();
                let Some(at) = (0..kept.len()).max_by_key(|&at| breadth(&kept[at])) else { return Err(why) };
                let broad = kept.remove(at);
                let why =
                    "it starts with almost anything and has almost any length: with it, the rules do not fit together";
                let of = told.iter_mut().filter(|t| t.id.as_ref() == Some(&broad.id));
                of.for_each(|t| t.outcome = Outcome::LeftOut(why.into()));
            }
        }
    }
    Err("the rules do not fit into one automaton".into())
}

/// Without the `no_match` cases in which other rules find something; false if a `match` case is among the spoiled.
fn without(kept: &mut [Draft], spoiled: &[(String, bool, usize)]) -> bool {
    for (id, matching, at) in spoiled.iter().rev() {
        let Some(draft) = kept.iter_mut().find(|d| d.id == *id) else { return false };
        if *matching || draft.cases.no_match.len() < 2 {
            return false;
        }
        draft.cases.no_match.remove(*at);
    }
    true
}

fn counts(told: &[Told]) -> BTreeMap<&'static str, usize> {
    let mut counts: BTreeMap<_, _> = ["converted", "adapted", "built in", "left out"].map(|word| (word, 0)).into();
    for t in told {
        *counts.entry(t.outcome.word()).or_default() += 1;
    }
    counts
}

impl Told {
    fn json(&self) -> serde_json::Value {
        json!({"rule": self.source, "outcome": self.outcome.word(), "notes": self.outcome.notes()})
    }
}

/// A name of theirs as a terminal may have it.
fn shown(source: &str) -> String {
    source.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

fn write_table(told: &[Told], together: Option<&str>, style: Style, out: &mut impl Write) -> io::Result<()> {
    for t in told {
        let word = format!("{:<10}", t.outcome.word());
        let word = match &t.outcome {
            Outcome::Converted | Outcome::BuiltIn(_) => style.good(&word),
            Outcome::Adapted(_) => style.warn(&word),
            Outcome::LeftOut(_) => style.bad(&word),
        };
        writeln!(out, "{word} {:<40} {}", shown(&t.source), t.outcome.notes().join("; "))?;
    }
    let counts: Vec<String> = counts(told).iter().map(|(word, n)| format!("{n} {word}")).collect();
    writeln!(out, "of {} rules: {}", told.len(), counts.join(", "))?;
    match together {
        None if told.iter().all(|t| t.id.is_none()) => Ok(()),
        None => writeln!(out, "all of them run together, and every case holds"),
        Some(why) => writeln!(out, "together: {why}"),
    }
}
