//! Streams that are held open: what they weigh, and how soon it is noticed that nobody reads them.

use std::{error::Error, io::Write, net::TcpStream, sync::Arc, time::Duration};

use rules::Direction;

use super::{
    Policies, clock,
    http::{self, Reader},
    load::connect,
    process::Process,
    upstream::{Answer, Upstream},
};
use crate::{
    cpu, events, programs,
    report::Row,
    sample::{ROUNDS, Sample, number, quantile},
    texts,
};

/// Streams held open at once.
const HELD: usize = 1000;

/// How long a closing may take to be noticed, in nanoseconds.
const PATIENCE: u64 = 5_000_000_000;

/// Times that a client leaves, in each round.
const LEAVES: usize = 40;

const LIMIT_IDLE: &str = "building the tables takes more than they do, and is not given back to the system at once.";
const LIMIT_HELD: &str = "most of it is what Pingora keeps for two sessions and their buffers, as passthrough shows; \
    what the guard adds has not been taken apart.";
const LIMIT_LEFT: &str = "the gateway sees a client's leaving only when it reads from or writes to it.";
const LIMIT_AFTER: &str =
    "what stays has not been taken apart; the allocator was told to give freed pages back at once.";

/// Measures it all.
pub(crate) fn measure(upstream: &Upstream, policies: &Policies) -> Result<Vec<Row>, Box<dyn Error>> {
    // Both directions share them.
    let tables = programs::full(Direction::In)?.memory();
    let (mut idle, mut each, mut last) = (Sample::default(), Sample::default(), Sample::default());
    for _ in 0..ROUNDS {
        idle.push(cpu::resident(policies.full(upstream)?.pid())?);
        let gateway = policies.purging(upstream)?;
        let (mut after, mut first) = (Vec::new(), 0.0);
        let before = warm(upstream, &gateway)?;
        for round in 0..ROUNDS {
            let (held, left) = weigh(upstream, gateway.address(), gateway.pid())?;
            first = if round == 0 { held } else { first };
            after.push(left);
        }
        each.push((first - before) / HELD as f64 / 1e3);
        last.push(after[ROUNDS - 1] / after[1]);
    }
    let passthrough = Process::purging("passthrough", &[upstream.address()])?;
    let before = warm(upstream, &passthrough)?;
    let (held, _) = weigh(upstream, passthrough.address(), passthrough.pid())?;
    let passthrough = (held - before) / HELD as f64 / 1e3;

    let beside = idle.with(&idle, |all, _| (all - tables as f64) / 1e6);
    let shown = format!("{}, and {} MB of tables", beside.show(" MB"), number(tables as f64 / 1e6));
    let rows = vec![
        Row::new("idle memory beside the tables", shown)
            .bar("<= 40 MB", beside.median() <= 40.0, LIMIT_IDLE)
            .peer("7 to 34 MB"),
        Row::new(
            format!("memory of a held stream, {HELD} open"),
            format!("{}; passthrough {} KB", each.show(" KB"), number(passthrough)),
        )
        .bar("<= 60 KB", each.median() <= 60.0, LIMIT_HELD)
        .peer("prototype 62 to 100 KB"),
        Row::new(format!("resident after five rounds of {HELD} aborted streams, to after two"), last.show(" times"))
            .bar("<= 1.05 times", last.median() <= 1.05, LIMIT_AFTER),
    ];
    Ok(rows)
}

/// How soon the upstream's connection closes when a client leaves.
pub(crate) fn leaving(upstream: &Upstream, address: &str) -> Result<Row, Box<dyn Error>> {
    let body = texts::clean(1 << 10, 8);
    let (mut p50, mut most) = (Sample::default(), Sample::default());
    for _ in 0..ROUNDS {
        let leave = |_| Open::new(upstream, address, &body)?.leave();
        let mut took: Vec<f64> = (0..LEAVES).map(leave).collect::<Result<_, Box<dyn Error>>>()?;
        p50.push(quantile(&mut took, 0.5));
        most.push(quantile(&mut took, 1.0));
    }
    let shown = format!("{}; p50 {}", most.show(" ms"), p50.show(" ms"));
    Ok(Row::new("client gone, until the upstream is closed, longest", shown).bar(
        "<= 50 ms",
        most.median() <= 50.0,
        LIMIT_LEFT,
    ))
}

/// Bytes resident once the first exchange has made what exchanges need.
fn warm(upstream: &Upstream, process: &Process) -> Result<f64, Box<dyn Error>> {
    Open::new(upstream, process.address(), &texts::clean(1 << 10, 8))?.leave()?;
    Ok(cpu::resident(process.pid())?)
}

/// A stream that has begun and will never go on.
struct Open {
    client: TcpStream,
    answer: Arc<Answer>,
}

impl Open {
    fn new(upstream: &Upstream, address: &str, body: &str) -> Result<Self, Box<dyn Error>> {
        let answer = Arc::new(Answer::hanging(events::usual(" Hello, you. ")));
        let request = http::request(&events::chat(&upstream.plan(&answer), body, 1 << 10));
        let mut client = connect(address)?;
        client.write_all(&request)?;
        let mut reader = Reader::new(client.try_clone()?);
        let status = reader.head().map_err(|e| format!("a stream did not begin: {e}"))?;
        let mut first = Vec::new();
        if !status.contains(" 200") || !reader.some(&mut first)? {
            return Err(format!("a stream did not begin: {status}").into());
        }
        Ok(Open { client, answer })
    }

    /// Leaves; answers milliseconds until the upstream's connection was closed.
    fn leave(self) -> Result<f64, Box<dyn Error>> {
        let left = clock::now();
        drop(self.client);
        closed(&self.answer, left)
    }
}

/// Bytes resident with all streams open, and after all clients have left.
fn weigh(upstream: &Upstream, address: &str, pid: u32) -> Result<(f64, f64), Box<dyn Error>> {
    let body = texts::clean(1 << 10, 8);
    let open: Vec<Open> = (0..HELD).map(|_| Open::new(upstream, address, &body)).collect::<Result<_, _>>()?;
    let held = cpu::resident(pid)?;
    let left = clock::now();
    let answers: Vec<Arc<Answer>> = open.into_iter().map(|o| o.answer).collect();
    for answer in &answers {
        closed(answer, left)?;
    }
    std::thread::sleep(Duration::from_millis(100));
    Ok((held, cpu::resident(pid)?))
}

fn closed(answer: &Answer, left: u64) -> Result<f64, Box<dyn Error>> {
    loop {
        match answer.closed() {
            0 if clock::now() > left + PATIENCE => return Err("a client left and the upstream was not told".into()),
            0 => std::thread::sleep(Duration::from_micros(200)),
            at => return Ok(at.saturating_sub(left) as f64 / 1e6),
        }
    }
}
