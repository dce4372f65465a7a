//! Labelled text, written and above all spoken, all of it invented: what the rules are measured on.
//!
//! `corpus --out DIR` writes the same files for the same seed on every machine. Labels are the entity ids of the
//! engine; a span runs from the first to the last character that says the value, with the fillers and corrections
//! inside it.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

mod benign;
mod checksum;
mod dialogues;
mod files;
mod frame;
mod harmless;
mod line;
mod partials;
mod prng;
mod say;
mod sentences;
#[cfg(test)]
mod tests;
mod value;
mod words;

#[derive(Parser)]
#[command(
    name = "corpus",
    about = "Writes labelled text, written and spoken, to measure the rules on",
    after_help = "Each line is {\"id\", \"text\", \"spans\": [{\"start\", \"end\", \"label\"}], \"meta\"}; start and end count Unicode code points,\n\
                  the end exclusive. Score it with:\n  \
                  corpus --out corpus && rules eval corpus/*.jsonl --map rules/eval/generated-map.yaml"
)]
struct Args {
    /// Folder for the files; made if it is not there.
    #[arg(long)]
    out: PathBuf,
    /// Equal seeds give equal files.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Lines of each entity in each of the written, spoken and mixed files; the other files follow from it.
    #[arg(long, default_value_t = 2_000)]
    per_entity: usize,
}

/// Entry of the program `corpus`.
pub fn main() -> ExitCode {
    let args = Args::parse();
    match write(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let folder = args.out.display();
            let _ = writeln!(io::stderr(), "corpus: {folder}: {error}; name a folder that can be written with --out");
            ExitCode::from(3)
        }
    }
}

fn write(args: &Args) -> io::Result<()> {
    std::fs::create_dir_all(&args.out)?;
    let (seed, count) = (args.seed, args.per_entity);
    files::write(&args.out.join("written.jsonl"), sentences::written(seed, count))?;
    files::write(&args.out.join("spoken.jsonl"), sentences::spoken(seed, count))?;
    files::write(&args.out.join("mixed.jsonl"), sentences::mixed(seed, count))?;
    files::write(&args.out.join("dialogues.jsonl"), dialogues::dialogues(seed, count))?;
    files::write_json(&args.out.join("partials.jsonl"), partials::partials(seed, count.div_ceil(10)))?;
    files::write(&args.out.join("benign.jsonl"), benign::benign(seed, count * 5 / 2))
}
