//! `rules scan`: lines of JSON in, for each the findings and the masked text out.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    sync::Arc,
};

use clap::Args;
use rules::{Conversation, Program, Reading, TokenKey};
use serde::Serialize;
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
    /// Paths of conversation, turn and speaker in each object, as in `meta.conv,meta.turn,meta.speaker`: what was said
    /// earlier in a conversation is context for what follows
    #[arg(long, value_name = "CONV,TURN[,SPEAKER]", value_delimiter = ',', num_args = 1)]
    turns: Vec<String>,
    /// Lines are transcripts that replace one another: {"id", "conv", "turn", "seq", "final", "text"}
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
only when decoded or spoken. A value that the policy blocks stands as its label. Each line is a text of its own, or with
--turns a turn of its conversation, in the order of the lines. With --partials a line that is not `final` is answered with
what may be shown of it before the final is known.";

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a Value,
    findings: &'a [Found],
    masked: String,
}

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    if options.turns.len() == 1 || options.turns.len() > 3 {
        return Err(Failure::Usage(
            "--turns needs two or three paths, as in `meta.conv,meta.turn,meta.speaker`".into(),
        ));
    }
    let program = options.setup.program()?;
    let mut reader = Reader {
        reading: if options.partials { Reading::Spoken } else { options.channel.reading() },
        turns: Turns::of(&options.turns, options.partials),
        partials: options.partials,
        fresh: Conversation::new(&program),
        conversations: HashMap::new(),
        program,
        key: options.setup.key(),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    for name in &options.files {
        let lines: Box<dyn BufRead> = if name == "-" {
            Box::new(io::stdin().lock())
        } else {
            let file = File::open(name).map_err(|e| Failure::Usage(format!("{name}: {e}")))?;
            Box::new(BufReader::new(file))
        };
        if let Err(failure) = reader.scan(name, lines, &mut out) {
            // What was answered before the bad line is still good.
            out.flush()?;
            return Err(failure);
        }
    }
    Ok(out.flush()?)
}

/// What lines are read with, and what earlier ones said.
struct Reader {
    program: Arc<Program>,
    reading: Reading,
    key: TokenKey,
    turns: Option<Turns>,
    partials: bool,
    /// A conversation in which nothing has been said.
    fresh: Conversation,
    conversations: HashMap<String, Conversation>,
}

impl Reader {
    fn scan(&mut self, name: &str, mut lines: impl BufRead, out: &mut impl Write) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        for number in 1.. {
            bytes.clear();
            if lines.read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
            let wrong = |what: &str| Failure::Usage(format!("{name}:{number}: not an object with a `text`: {what}"));
            let line: Value =
                serde_json::from_slice(&bytes).map_err(|e| wrong(&format!("{} (column {})", cause(&e), e.column())))?;
            let text = line.get("text").and_then(Value::as_str).ok_or_else(|| wrong("`text` must be a string"))?;
            self.answer(&line, text, out)?;
        }
        Ok(())
    }

    fn answer(&mut self, line: &Value, text: &str, out: &mut impl Write) -> Result<(), Failure> {
        let partial = self.partials && !line.get("final").and_then(Value::as_bool).unwrap_or(false);
        let reading = if partial { Reading::Partial } else { self.reading };
        let place = self.turns.as_ref().and_then(|t| t.place(line));
        let conversation = match &place {
            Some(p) => self.conversations.entry(p.conversation.clone()).or_insert_with(|| self.fresh.clone()),
            None => &mut self.fresh.clone(),
        };
        let speaker = place.as_ref().map_or("", |p| p.speaker.as_str());
        let scanner = conversation.scanner(self.program.clone(), reading, speaker);
        let mut masking = Masking::new(scanner, self.key.clone(), OnBlock::Label);
        let mut masked = String::new();
        let mut done = masking.push(text, &mut masked);
        if !partial {
            done = done.and_then(|()| masking.finish(&mut masked));
            conversation.said(speaker, text, masking.bytes());
        }
        debug_assert!(done.is_ok(), "blocked values are labelled here");
        let id = line.get("id").unwrap_or(&Value::Null);
        serde_json::to_writer(&mut *out, &Answer { id, findings: masking.found(), masked }).map_err(io::Error::from)?;
        Ok(out.write_all(b"\n")?)
    }
}

/// Where a line says which conversation it belongs to.
struct Turns {
    conversation: Vec<String>,
    speaker: Vec<String>,
}

/// A line's place in its conversation.
struct Place {
    conversation: String,
    speaker: String,
}

impl Turns {
    fn of(paths: &[String], partials: bool) -> Option<Turns> {
        let path = |p: &str| p.split('.').map(String::from).collect();
        let speaker = paths.get(2).map_or("speaker", String::as_str);
        let conversation = paths.first().map(String::as_str).or(partials.then_some("conv"))?;
        Some(Turns { conversation: path(conversation), speaker: path(speaker) })
    }

    /// Nothing for a line that names no conversation: it is a text of its own.
    fn place(&self, line: &Value) -> Option<Place> {
        let at = |path: &[String]| path.iter().try_fold(line, |value, key| value.get(key)).filter(|v| !v.is_null());
        let speaker = at(&self.speaker).map(Value::to_string).unwrap_or_default();
        Some(Place { conversation: at(&self.conversation)?.to_string(), speaker })
    }
}

/// The kind of error only: its text may quote the line.
fn cause(e: &serde_json::Error) -> &'static str {
    match e.classify() {
        serde_json::error::Category::Io => "it cannot be read",
        serde_json::error::Category::Syntax => "it is not JSON",
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Data => "it is not JSON that can be read",
    }
}
