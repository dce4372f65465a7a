//! The command line: which part is measured, and where the numbers go.

use std::{
    error::Error,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use rules::Pack;

use crate::{
    engine, events, gateway,
    report::{self, Row},
};

const EXAMPLES: &str = "\
Examples:
  cargo run --release -p benches -- engine                how fast texts are scanned, half a minute
  cargo build --release && target/release/bench gateway   the whole gateway against Pingora's passthrough
  target/release/bench all                                everything, into benches/README.md

Measure release builds on a quiet machine. `gateway` needs the programs `tidegate` and `passthrough` beside `bench`,
two cores, and `taskset`. It talks to the loopback interface only and ends all that it starts.
Exit codes: 0 measured (a missed bar is a result, not a failure), 2 usage, 3 it could not measure.";

/// Measures what the engine, the guard and the gateway cost, beside the bars they are held to.
#[derive(Parser)]
#[command(name = "bench", version, after_help = EXAMPLES, disable_help_subcommand = true)]
struct Bench {
    #[command(subcommand)]
    part: Part,
}

#[derive(Subcommand)]
enum Part {
    /// Scanning: MB/s on clean, dense and worst texts, bytes held back, size of the tables
    Engine {
        /// A folder of packs to be measured beside the built-in ones, e.g. what `rules import` wrote
        #[arg(long, value_name = "DIR")]
        packs: Option<PathBuf>,
    },
    /// Guarding: CPU per event of a streamed answer, and of a request's body
    Guard,
    /// The whole gateway beside Pingora's passthrough: latency, CPU, hold, memory
    Gateway,
    /// Everything, written down as a page
    All {
        /// The page
        #[arg(long, default_value = "benches/README.md")]
        out: PathBuf,
        /// A folder of packs to be measured beside the built-in ones, e.g. what `rules import` wrote
        #[arg(long, value_name = "DIR")]
        packs: Option<PathBuf>,
    },
}

/// Reads the arguments, measures, and prints the table.
pub(crate) fn run() -> ExitCode {
    let asked = match Bench::try_parse() {
        Ok(asked) => asked,
        Err(usage) => {
            // Nothing is left to tell anybody when even this cannot be written.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    match measure(&asked.part) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "bench: {failure}");
            ExitCode::from(3)
        }
    }
}

fn measure(part: &Part) -> Result<(), Box<dyn Error>> {
    match part {
        Part::Engine { packs } => show("Engine", &engine::run(&beside(packs.as_deref())?)?),
        Part::Guard => show("Guard", &events::run()?),
        Part::Gateway => show("Gateway", &gateway::run()?),
        Part::All { out, packs } => {
            let beside = beside(packs.as_deref())?;
            let sections = [("Engine", engine::run(&beside)?), ("Guard", events::run()?), ("Gateway", gateway::run()?)];
            for (title, rows) in &sections {
                show(title, rows)?;
            }
            report::write(out, &sections).map_err(|e| format!("{}: {e}", out.display()).into())
        }
    }
}

fn beside(folder: Option<&Path>) -> Result<Vec<Pack>, Box<dyn Error>> {
    Ok(folder.map(rules::load::packs).transpose()?.unwrap_or_default())
}

fn show(title: &str, rows: &[Row]) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(io::stdout(), "\n## {title}\n\n{}", report::table(rows))?)
}
