//! `rules mask`: standard input, cut into chunks of any size, masked as it comes.

use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
    str::FromStr,
};

use clap::Args;
use ring::digest;
use rules::{Before, Scanner};
use serde_json::json;

use super::{
    Channel, Failure,
    masking::{Blocked, Masking, OnBlock},
    setup::Setup,
};

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// Chunks of N bytes, or `random:SEED` for sizes from 1 to 16; without it, as input arrives
    #[arg(long, value_name = "N|random:SEED", conflicts_with = "chunks")]
    chunk: Option<Chunking>,
    /// Chunks of these sizes, then the rest as one
    #[arg(long, value_name = "N,N,...", value_delimiter = ',', value_parser = size)]
    chunks: Vec<usize>,
    /// How the text is to be read
    #[arg(long, value_enum, default_value = "text")]
    channel: Channel,
    #[command(flatten)]
    setup: Setup,
    /// One line of JSON for each chunk, and one for the end
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  rules mask < chat.txt
  rules mask --chunk 4 --json < chat.txt | tail -1          what was found, what was held back, the output's sha256
  rules mask --chunks 17 --direction out < answer.txt       cut once, after byte 17

With --json each chunk gives {\"in\": bytes read so far, \"out\": what left, \"held\": bytes read but not decided},
and the end gives {\"out\", \"findings\", \"hold\": {\"mean\", \"p99\", \"max\"} of `held` over the chunks, \"sha256\" of all output}.
The output never depends on the chunks. Chunks may cut characters. Input that is not UTF-8 ends it with exit code 1,
and so does a value that the policy blocks; what is still held then never leaves.";

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let program = options.setup.program()?;
    let mut chunks = match &options.chunk {
        Some(chunking) => chunking.clone(),
        None if options.chunks.is_empty() => Chunking::Arriving,
        None => Chunking::Listed(options.chunks.clone().into_iter()),
    };
    let scanner = Scanner::reading(program, options.channel.reading(), Before::default());
    let masking = Masking::new(scanner, options.setup.key(), OnBlock::Stop);
    let mut run = Run {
        masking,
        partial: Vec::new(),
        read: 0,
        held: BTreeMap::new(),
        digest: digest::Context::new(&digest::SHA256),
        json: options.json,
        out: io::stdout().lock(),
    };
    let mut input = io::stdin().lock();
    let mut chunk = Vec::new();
    while chunks.fill(&mut input, &mut chunk)? {
        run.chunk(&chunk)?;
    }
    run.end()
}

/// The sizes of the pieces that input is read in.
#[derive(Clone)]
enum Chunking {
    Arriving,
    Every(usize),
    Random(u64),
    Listed(std::vec::IntoIter<usize>),
}

impl FromStr for Chunking {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("random:") {
            Some(seed) => seed.parse().map(Chunking::Random).map_err(|_| format!("`{seed}` is not a seed: a number")),
            None => size(text).map(Chunking::Every),
        }
    }
}

fn size(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| "a number of bytes from 1 on, or random:SEED".into())
}

impl Chunking {
    /// Reads the next chunk; false at the end of input.
    fn fill(&mut self, input: &mut impl Read, chunk: &mut Vec<u8>) -> io::Result<bool> {
        chunk.clear();
        let size = match self {
            Chunking::Arriving => {
                chunk.resize(1 << 16, 0);
                let n = input.read(chunk)?;
                chunk.truncate(n);
                return Ok(n > 0);
            }
            Chunking::Every(n) => *n,
            Chunking::Random(state) => 1 + (split_mix(state) % 16) as usize,
            Chunking::Listed(sizes) => sizes.next().unwrap_or(usize::MAX),
        };
        input.take(size as u64).read_to_end(chunk)?;
        Ok(!chunk.is_empty())
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same sizes for a seed on every machine.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

struct Run<W: Write> {
    masking: Masking,
    /// The first bytes of a character that the chunks have cut.
    partial: Vec<u8>,
    read: usize,
    /// How often how many bytes were held after a chunk.
    held: BTreeMap<usize, u64>,
    digest: digest::Context,
    json: bool,
    out: W,
}

impl<W: Write> Run<W> {
    fn chunk(&mut self, chunk: &[u8]) -> Result<(), Failure> {
        self.partial.extend_from_slice(chunk);
        self.read += chunk.len();
        let (whole, invalid) = match std::str::from_utf8(&self.partial) {
            Ok(text) => (text.len(), false),
            Err(e) => (e.valid_up_to(), e.error_len().is_some()),
        };
        let bytes: Vec<u8> = self.partial.drain(..whole).collect();
        let mut out = String::new();
        let pushed = self.masking.push(&String::from_utf8_lossy(&bytes), &mut out);
        let held = self.read - self.masking.decided();
        *self.held.entry(held).or_default() += 1;
        self.leave(&out)?;
        if self.json {
            writeln!(self.out, "{}", json!({"in": self.read, "out": out, "held": held}))?;
        }
        self.out.flush()?;
        pushed.map_err(refused)?;
        if invalid { Err(self.not_utf8()) } else { Ok(()) }
    }

    fn end(mut self) -> Result<(), Failure> {
        if !self.partial.is_empty() {
            return Err(self.not_utf8());
        }
        let mut out = String::new();
        let pushed = self.masking.finish(&mut out);
        self.leave(&out)?;
        if pushed.is_ok() && self.json {
            let hold = hold(&self.held);
            let sha256: String = self.digest.clone().finish().as_ref().iter().map(|b| format!("{b:02x}")).collect();
            let line = json!({"out": out, "findings": self.masking.found(), "hold": hold, "sha256": sha256});
            writeln!(self.out, "{line}")?;
        }
        self.out.flush()?;
        pushed.map_err(refused)
    }

    fn leave(&mut self, text: &str) -> Result<(), Failure> {
        self.digest.update(text.as_bytes());
        if !self.json {
            self.out.write_all(text.as_bytes())?;
        }
        Ok(())
    }

    fn not_utf8(&self) -> Failure {
        Failure::No(format!("the input is not UTF-8 at byte {}", self.read - self.partial.len()))
    }
}

fn refused(blocked: Blocked) -> Failure {
    Failure::No(format!("blocked: {} at character {}", blocked.entity, blocked.at))
}

/// Mean, 99th percentile (nearest rank) and maximum.
fn hold(held: &BTreeMap<usize, u64>) -> serde_json::Value {
    let count: u64 = held.values().sum();
    let sum: f64 = held.iter().map(|(&bytes, &n)| bytes as f64 * n as f64).sum();
    let rank = (count * 99).div_ceil(100);
    let mut seen = 0;
    let p99 = held.iter().find_map(|(&bytes, &n)| {
        seen += n;
        (seen >= rank).then_some(bytes)
    });
    let max = held.last_key_value().map_or(0, |(&bytes, _)| bytes);
    json!({"mean": sum / count.max(1) as f64, "p99": p99.unwrap_or(0), "max": max})
}
