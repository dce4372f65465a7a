//! `rules eval`: how much of labelled text is masked, and how much else.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use rules::{Pack, Reading};
use serde_json::json;

use self::{
    lines::{Lines, Reader},
    map::{FileMap, Map},
    score::{Change, Score},
};
use super::{
    Channel, Failure,
    setup::{self, Setup},
    style::{Progress, Style},
};

mod html;
mod lines;
mod map;
mod score;
mod table;

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// Files of JSON lines: {"id", "text", "spans": [{"start", "end", "label"}], "meta"}, in code points
    #[arg(required = true, value_name = "FILE.jsonl")]
    files: Vec<PathBuf>,
    /// Which label of which file is which entity
    #[arg(long, value_name = "MAP.yaml")]
    map: PathBuf,
    /// How the texts are to be read; the report tells the channels of MAP apart
    #[arg(long, value_enum, default_value = "auto")]
    channel: Channel,
    /// Paths in each object, e.g. meta.conv,meta.turn: a turn is read after the one before it in its conversation
    #[arg(long, value_name = "CONV,TURN[,SPEAKER]")]
    turns: Option<String>,
    /// Files without anybody's data: whatever is masked there is wrong
    #[arg(long, value_name = "FILE.jsonl", num_args = 1..)]
    benign: Vec<PathBuf>,
    /// Also say what these packs mask otherwise
    #[arg(long, value_name = "DIR|built-in")]
    against: Option<String>,
    /// Show the text of what is listed; without it only where it is
    #[arg(long)]
    show_values: bool,
    /// Write a page for people to this file
    #[arg(long, value_name = "OUT.html")]
    report: Option<PathBuf>,
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    setup: Setup,
}

const EXAMPLES: &str = "\
Examples:
  rules eval labelled.jsonl --map rules/eval/map.yaml
  rules eval chats.jsonl --map map.yaml --turns meta.conv,meta.turn --benign questions.jsonl
  rules eval labelled.jsonl --map map.yaml --packs mypacks --against built-in --report change.html

A labelled value is covered when every character of it is masked, by whatever entity; partial when some are. Recall is
covered of all, with its 95 % interval (Wilson). `right` are the covered ones that bear their own name. A found value is
right when it overlaps a label of its entity or a neutral one: precision is right of found, in the files that label the
entity. F2 weighs recall four times. MAP is explained in rules/eval/map.yaml.";

/// All that is measured, for the table, the JSON and the page.
#[derive(Default)]
struct Measured {
    policy: String,
    packs: String,
    files: Vec<(String, usize)>,
    score: Score,
    benign: Benign,
    against: Option<Against>,
}

/// What was masked where nothing should be.
#[derive(Default)]
struct Benign {
    utterances: usize,
    masked: usize,
    spans: Vec<Change>,
}

/// What other packs mask otherwise.
#[derive(Default)]
struct Against {
    packs: String,
    masked: Vec<Change>,
    released: Vec<Change>,
}

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let map = Map::read(&options.map)?;
    let packs = options.setup.packs()?;
    let program = options.setup.compiled(&packs)?;
    let mut measured = Measured { policy: program.policy().to_owned(), packs: versions(&packs), ..Measured::default() };
    let mut reader = Reader::of(program, options.setup.key(), options.turns.as_deref())?;
    let mut other = match &options.against {
        None => None,
        Some(other) => {
            let packs = setup::packs((other != "built-in").then_some(Path::new(other)))?;
            measured.against = Some(Against { packs: versions(&packs), ..Against::default() });
            Some(Reader::of(options.setup.compiled(&packs)?, options.setup.key(), options.turns.as_deref())?)
        }
    };
    for file in &options.files {
        let of_file = map.of(file).ok_or_else(|| {
            Failure::Usage(format!("{}: {} says nothing of this file", file.display(), options.map.display()))
        })?;
        labelled(options, file, of_file, &mut reader, other.as_mut(), &mut measured)?;
    }
    for file in &options.benign {
        benign(options, file, &map, &mut reader, &mut measured.benign)?;
    }
    tell(options, &measured)
}

fn labelled(
    options: &Options,
    file: &Path,
    map: &FileMap,
    reader: &mut Reader,
    mut other: Option<&mut Reader>,
    measured: &mut Measured,
) -> Result<(), Failure> {
    let reading = options.channel.reading();
    let mut progress = Progress::of("lines", 500);
    let mut count = 0;
    reader.start();
    other.iter_mut().for_each(|o| o.start());
    for line in Lines::open(file)? {
        let line = line?;
        let found = reader.found(&line, reading)?;
        measured.score.add(if map.reading() == Reading::Spoken { "spoken" } else { "text" }, map, &line, &found);
        if let (Some(other), Some(against)) = (other.as_deref_mut(), &mut measured.against) {
            let before = other.found(&line, reading)?;
            against.masked.extend(score::only(&line, file, &found, &before, options.show_values));
            against.released.extend(score::only(&line, file, &before, &found, options.show_values));
        }
        count += 1;
        progress.step();
    }
    measured.files.push((file.display().to_string(), count));
    Ok(())
}

fn benign(options: &Options, file: &Path, map: &Map, reader: &mut Reader, benign: &mut Benign) -> Result<(), Failure> {
    let map = map.of(file);
    let reading = options.channel.reading();
    let mut progress = Progress::of("benign lines", 500);
    reader.start();
    for line in Lines::open(file)? {
        let line = line?;
        let mut found = reader.found(&line, reading)?;
        // What is labelled is somebody's data after all.
        found.retain(|f| {
            !line.spans.iter().any(|s| s.start < f.end && f.start < s.end && map.is_some_and(|m| m.labels(s)))
        });
        benign.utterances += 1;
        benign.masked += usize::from(!found.is_empty());
        benign.spans.extend(found.iter().map(|f| Change::of(&line, file, f, options.show_values)));
        progress.step();
    }
    Ok(())
}

fn versions(packs: &[Pack]) -> String {
    packs.iter().map(|p| format!("{}@{}", p.name, p.version)).collect::<Vec<_>>().join(", ")
}

fn tell(options: &Options, measured: &Measured) -> Result<(), Failure> {
    if let Some(path) = &options.report {
        fs::write(path, html::page(measured)).map_err(|e| Failure::Usage(format!("{}: {e}", path.display())))?;
    }
    let mut out = io::stdout().lock();
    if options.json {
        writeln!(out, "{}", measured.json())?;
    } else {
        table::write(measured, Style::of_stdout(), &mut out)?;
    }
    Ok(out.flush()?)
}

impl Measured {
    fn json(&self) -> serde_json::Value {
        let files: Vec<_> = self.files.iter().map(|(file, lines)| json!({"file": file, "lines": lines})).collect();
        let benign = &self.benign;
        let mut all = json!({
            "policy": self.policy,
            "packs": self.packs,
            "files": files,
            "entities": self.score.all(),
            "channels": self.score.by_channel(),
            "benign": {
                "utterances": benign.utterances,
                "masked_utterances": benign.masked,
                "false_spans": benign.spans.len(),
                "entities": score::counts(&benign.spans),
                "spans": benign.spans,
            },
        });
        if let Some(against) = &self.against {
            all["against"] = json!({
                "packs": against.packs,
                "newly_masked": {"entities": score::counts(&against.masked), "spans": against.masked},
                "newly_released": {"entities": score::counts(&against.released), "spans": against.released},
            });
        }
        all
    }
}
