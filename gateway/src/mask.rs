//! `tidegate mask`: a provider's stream on stdin, what a caller would get on stdout; the guard without a socket.

use std::{
    io::{self, Read, Write},
    str::FromStr,
    sync::Arc,
};

use guard::{ResponseContext, RestoreSet, StreamGuard};
use rules::{Direction, Leg, Policy, Program};
use serde_json::json;

/// How the stream is cut into reads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Chunks {
    /// So many bytes each.
    Of(usize),
    /// 1 to 64 bytes, by a seed.
    Random(u64),
}

impl FromStr for Chunks {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let hint = || format!("`{text}` is neither a number of bytes nor random:SEED");
        match text.strip_prefix("random:") {
            Some(seed) => seed.parse().map(Chunks::Random).map_err(|_| hint()),
            None => text.parse().ok().filter(|&n| n > 0).map(Chunks::Of).ok_or_else(hint),
        }
    }
}

impl Chunks {
    fn next(&mut self) -> usize {
        match self {
            Chunks::Of(n) => *n,
            Chunks::Random(state) => {
                *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                1 + (*state >> 58) as usize
            }
        }
    }
}

/// What stopped it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MaskError {
    /// There is no such dialect.
    #[error("there is no dialect `{0}`; there are {1}")]
    Dialect(String, String),
    /// The built-in rules do not compile.
    #[error("{0}")]
    Rules(#[from] rules::PackError),
    /// A stream could not be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The guard stopped the answer; what was clear has been written.
    #[error("the answer was stopped: {0}")]
    Refused(guard::Refusal),
}

/// Screens stdin in chunks.
pub(crate) fn run(dialect: &str, mut chunks: Chunks, json: bool) -> Result<(), MaskError> {
    let names = || wire::dialect::DIALECTS.iter().map(|d| d.name).collect::<Vec<_>>().join(", ");
    let found = wire::dialect::by_name(dialect).ok_or_else(|| MaskError::Dialect(dialect.into(), names()))?;
    let policy = Policy::parse(rules::policy::DEFAULT)?;
    let program = Arc::new(Program::compile(&rules::built_in()?, &policy, Leg::Llm, Direction::Out)?);
    let restore = Arc::new(RestoreSet::default());
    let mut guard = StreamGuard::new(found, program, restore, ResponseContext::default());
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut read = 0;
    let ended = loop {
        let mut chunk = Vec::new();
        input.by_ref().take(chunks.next() as u64).read_to_end(&mut chunk)?;
        let mut out = Vec::new();
        let step = if chunk.is_empty() { guard.finish(&mut out) } else { guard.push(&chunk, &mut out) };
        if step.is_err() {
            guard.abort(&mut out);
        }
        read += chunk.len();
        let last = chunk.is_empty() || step.is_err();
        write(&mut output, &guard, read, &out, last, json)?;
        if last {
            break step;
        }
    };
    output.flush()?;
    ended.map_err(MaskError::Refused)
}

fn write(to: &mut impl Write, guard: &StreamGuard, read: usize, out: &[u8], last: bool, json: bool) -> io::Result<()> {
    if !json {
        return to.write_all(out);
    }
    let out = String::from_utf8_lossy(out);
    let line = if last {
        let summary = guard.summary();
        json!({"out": out, "findings": summary.findings, "shadow": summary.shadow, "restored": summary.restored, "alerts": summary.alerts})
    } else {
        json!({"in": read, "out": out, "held": guard.held()})
    };
    writeln!(to, "{line}")
}
