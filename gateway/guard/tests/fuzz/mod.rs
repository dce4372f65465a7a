//! Fuzz targets on stable Rust: seeds mutated at random for a few seconds, each checked against another reading of it.
//! The seed is printed; `TIDEGATE_FUZZ_SEED` runs it again, `TIDEGATE_SLOW` runs a minute each.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what fails here is a failed test")]

use std::{
    io::Write,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use guard::{RestoreSet, screen_body, screen_request};
use rules::{Before, End, Scanner, Segment, TokenKey};
use serde_json::Value;
use wire::{
    json::Document,
    sse::{Event, Framer},
};

use crate::streams;

mod sockets;

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        // xorshift64*: enough to mutate with.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// Pieces that matter to a parser or a rule.
const PIECES: [&[u8]; 24] = [
    b"\"",
    b"\\",
    b"\\u0034",
    b"\\ud83d",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\r",
    b"\n",
    b"\n\n",
    b"\r\n",
    b"data: ",
    b"%40",
    b"&#52;",
    b"4111 1111 1111 1111",
    b"joe@example.com",
    "\u{ff14}".as_bytes(),
    "\u{ad}".as_bytes(),
    b"\xff",
    b"null",
    b"1e9",
];

fn mutate(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut input = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(6) {
        let at = random.below(input.len() + 1);
        match random.below(5) {
            0 => drop(input.splice(at..at, PIECES[random.below(PIECES.len())].iter().copied())),
            1 if at < input.len() => input[at] ^= 1 << random.below(8),
            2 => drop(input.drain(at..(at + random.below(16)).min(input.len()))),
            3 => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len() + 1);
                let piece = other[from..(from + random.below(64)).min(other.len())].to_vec();
                drop(input.splice(at..at, piece));
            }
            _ => input.truncate(at.max(input.len() / 2)),
        }
    }
    input
}

fn cuts(len: usize, random: &mut Random) -> Vec<usize> {
    let mut at: Vec<usize> = (0..random.below(8)).map(|_| random.below(len + 1)).collect();
    at.extend([0, len]);
    at.sort_unstable();
    at
}

fn fuzz(name: &str, seeds: Vec<Vec<u8>>, mut target: impl FnMut(&[u8], &mut Random)) {
    let seconds = if std::env::var_os("TIDEGATE_SLOW").is_some() { 60 } else { 5 };
    let given = std::env::var("TIDEGATE_FUZZ_SEED").ok().and_then(|s| s.parse().ok());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |d| d.as_nanos() as u64);
    let seed: u64 = given.unwrap_or(now | 1);
    let started = Instant::now();
    let mut random = Random(seed);
    let mut executions = 0u64;
    // Straight to stderr: a failing run's seed must be seen, and so must a passing run's count.
    let say = |text: String| writeln!(std::io::stderr(), "{text}");
    say(format!("fuzz {name}: seed {seed}")).unwrap();
    while started.elapsed() < Duration::from_secs(seconds) {
        for _ in 0..32 {
            let input = mutate(&seeds, &mut random);
            target(&input, &mut random);
            executions += 1;
        }
    }
    say(format!("fuzz {name}: {executions} executions in {seconds} s")).unwrap();
    assert!(executions > 100, "{name} is too slow to be fuzzed");
}

fn documents() -> Vec<Vec<u8>> {
    let bodies = [
        r#"{"model":"m","stream":true,"messages":[{"role":"user","content":"I am joe@example.com, card 4111 1111 1111 1111"},{"role":"user","content":[{"type":"text","text":"1234"},{"type":"text","text":"5678"}]}],"stop":["x"],"user":"u"}"#,
        r#"{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"hi 123-45-6789","tool_calls":[{"id":"t","function":{"name":"f","arguments":"{\"n\":4111111111111111}"}}]},"finish_reason":"stop","logprobs":null}]}"#,
        r#"{"error":{"message":"no \ud83d\ude00","code":null},"n":[1,-0.5e3,{"a":[]}]}"#,
    ];
    bodies.iter().map(|b| b.as_bytes().to_vec()).collect()
}

#[test]
fn wire() {
    let mut seeds = documents();
    seeds.push(streams::rich().into_bytes());
    fuzz("wire", seeds, |input, random| {
        if let Ok(document) = Document::parse(input) {
            match serde_json::from_slice::<Value>(input) {
                Ok(other) => assert_eq!(document.nodes().len(), count(&other)),
                // No number is too large to be passed on.
                Err(e) => assert!(e.to_string().contains("number out of range"), "what we accept, others do: {e}"),
            }
        }
        let whole = frames(&[input]);
        let at = cuts(input.len(), random);
        let parts: Vec<&[u8]> = at.windows(2).map(|w| &input[w[0]..w[1]]).collect();
        assert_eq!(frames(&parts), whole);
    });
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

fn frames(reads: &[&[u8]]) -> (Vec<Event>, bool) {
    let mut framer = Framer::default();
    let mut events = Vec::new();
    let read = reads.iter().try_for_each(|read| framer.push(read, &mut events));
    let ended = read.and_then(|()| framer.finish(&mut events));
    (events, ended.is_ok())
}

#[test]
fn guard() {
    let program = streams::default_program();
    let key = TokenKey::new(b"fuzz");
    let mut seeds = documents();
    seeds.extend((0..4).map(|_| streams::rich().into_bytes()));
    fuzz("guard", seeds, |input, random| {
        let (whole, findings, refused) = streams::run(&[input]);
        let at = cuts(input.len(), random);
        let parts: Vec<&[u8]> = at.windows(2).map(|w| &input[w[0]..w[1]]).collect();
        assert_eq!(streams::run(&parts), (whole, findings, refused));
        let dialect = &wire::dialect::OPENAI_CHAT;
        if let Ok(screened) = screen_request(dialect, &program, &key, input) {
            Document::parse(&screened.body).expect("what leaves is JSON");
        }
        let restore = RestoreSet::default();
        if let Ok((body, _)) = screen_body(dialect, &program, &restore, &Default::default(), input) {
            Document::parse(&body).expect("what leaves is JSON");
        }
    });
}

#[test]
fn engine() {
    let program = streams::default_program();
    let mut seeds: Vec<Vec<u8>> = documents();
    seeds.extend(PIECES.iter().map(|p| p.repeat(3)));
    fuzz("engine", seeds, |input, random| {
        let text = String::from_utf8_lossy(input);
        let decided = |at: &[usize]| {
            let mut scanner = Scanner::new(Arc::clone(&program), Before::default());
            let mut out = Vec::new();
            at.windows(2).for_each(|w| scanner.push(&text[w[0]..w[1]], &mut out));
            scanner.finish(End { cut: false }, &mut out);
            let mut end = 0;
            for segment in &out {
                assert_eq!(segment.span().start, end, "no gap, no overlap");
                end = segment.span().end;
            }
            assert_eq!(end, text.len());
            out.into_iter().filter(|s| !matches!(s, Segment::Raw(_) | Segment::Swallow(_))).collect::<Vec<_>>()
        };
        let mut at = cuts(text.len(), random);
        at.retain(|&i| text.is_char_boundary(i));
        let whole = decided(&[0, text.len()]);
        // A label that left before its span's end was known says a shorter span.
        let starts = |s: &Segment| (s.span().start, s.finding().map(|f| (f.entity.clone(), f.action)));
        let whole: Vec<_> = whole.iter().map(starts).collect();
        assert_eq!(decided(&at).iter().map(starts).collect::<Vec<_>>(), whole);
    });
}
