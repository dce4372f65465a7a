//! `rules scan`: lines of JSON in, for each the findings and the masked text out.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    sync::Arc,
};

use clap::Args;
use rules::{Program, Reading, Scanner, TokenKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Channel, Failure,
    masking::{Found, Masking, OnBlock},
    setup::Setup,
};

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// Files of JSON lines; `-` is standard input
    #[arg(required = true, value_name = "FILE.jsonl")]
    files: Vec<String>,
    /// How the text is to be read
    #[arg(long, value_enum, default_value = "text")]
    channel: Channel,
    /// Paths of conversation, turn and speaker in each object (not built yet)
    #[arg(long, value_name = "CONV,TURN[,SPEAKER]")]
    turns: Option<String>,
    /// Lines are partial transcripts (not built yet)
    #[arg(long)]
    partials: bool,
    #[command(flatten)]
    setup: Setup,
}

const EXAMPLES: &str = "\
Examples:
  rules scan chats.jsonl > found.jsonl
  echo '{\"id\":1,\"text\":\"my ssn is 123-45-6789\"}' | rules scan - --direction out

Each line is an object with a `text` and, if it has one, an `id`; each answer is
{\"id\", \"findings\": [{\"start\", \"end\", \"entity\", \"rule\", \"version\", \"score\", \"action\", \"tape\"}], \"masked\"}.
`start` and `end` count Unicode code points, the end exclusive. `tape` says whether it was found as written (`raw`) or
only when decoded. A value that the policy blocks stands as its label. Each line is a text of its own.";

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    text: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: Value,
    findings: &'a [Found],
    masked: String,
}

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    if options.turns.is_some() {
        return Err(Failure::not_built("`--turns`"));
    }
    if options.partials {
        return Err(Failure::not_built("`--partials`"));
    }
    let program = options.setup.program()?;
    let key = options.setup.key();
    let mut out = BufWriter::new(io::stdout().lock());
    for name in &options.files {
        let lines: Box<dyn BufRead> = if name == "-" {
            Box::new(io::stdin().lock())
        } else {
            let file = File::open(name).map_err(|e| Failure::Usage(format!("{name}: {e}")))?;
            Box::new(BufReader::new(file))
        };
        if let Err(failure) = scan(name, lines, &program, options.channel.reading(), &key, &mut out) {
            // What was answered before the bad line is still good.
            out.flush()?;
            return Err(failure);
        }
    }
    Ok(out.flush()?)
}

fn scan(
    name: &str,
    mut lines: impl BufRead,
    program: &Arc<Program>,
    reading: Reading,
    key: &TokenKey,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        if lines.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        let line: Line = serde_json::from_slice(&bytes).map_err(|e| {
            Failure::Usage(format!(
                "{name}:{number}: not an object with a `text`: {} (column {})",
                cause(&e),
                e.column()
            ))
        })?;
        let mut masked = String::new();
        let scanner = Scanner::reading(program.clone(), reading, "".into());
        let mut masking = Masking::new(scanner, key.clone(), OnBlock::Label);
        let done = masking.push(&line.text, &mut masked).and_then(|()| masking.finish(&mut masked));
        debug_assert!(done.is_ok(), "blocked values are labelled here");
        serde_json::to_writer(&mut *out, &Answer { id: line.id, findings: masking.found(), masked })
            .map_err(io::Error::from)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The kind of error only: its text may quote the line.
fn cause(e: &serde_json::Error) -> &'static str {
    match e.classify() {
        serde_json::error::Category::Io => "it cannot be read",
        serde_json::error::Category::Syntax => "it is not JSON",
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Data => "`text` must be a string",
    }
}
