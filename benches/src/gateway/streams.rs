//! Streamed answers: CPU per event, and how long text takes and is held.

use std::{error::Error, sync::Arc, time::Duration};

use rules::Direction;

use super::{
    DIRECT, FULL, NONE, PASSTHROUGH, Target, order,
    script::Script,
    upstream::Upstream,
    watch::{Crowd, Seen, watch},
};
use crate::{
    events, programs,
    report::Row,
    sample::{ROUNDS, Sample, number, quantile},
    texts,
};

/// For CPU: many events.
const FAST: Crowd = Crowd { streams: 50, gap: Duration::from_millis(5), begin: Duration::from_millis(5) };
const FAST_TOKENS: usize = 200;

/// For times: as a model speaks.
const SPOKEN: Crowd = Crowd { streams: 90, gap: Duration::from_millis(20), begin: Duration::from_millis(800) };
const SPOKEN_TOKENS: usize = 40;
const SPOKEN_TIMES: usize = 2;

const LIMIT_CPU: &str = "each event is a read, a parse of its JSON, a look at each of its strings, and a write of its \
    own; passthrough writes whatever a read brought.";
const LIMIT_TIME: &str = "most of it is waiting for a core that other work holds, which passthrough (its row) meets as \
    well; the guard itself takes microseconds an event.";
const LIMIT_HOLD: &str = "the last word of an event may go on in the next, and digits may become a card's, so that \
    they wait for the event that decides.";

/// What the rounds gave for one target.
#[derive(Default)]
struct Numbers {
    cpu_usual: Sample,
    cpu_small: Sample,
    first: Times,
    between: Times,
    held_mean: Sample,
    held_p99: Sample,
    held_ms: Sample,
}

#[derive(Default)]
struct Times {
    p50: Sample,
    p99: Sample,
}

/// Measures it all.
pub(crate) fn measure(upstream: &Upstream, targets: &[Target]) -> Result<Vec<Row>, Box<dyn Error>> {
    let program = programs::full(Direction::Out)?;
    let script = |text: &str, tokens, event| Arc::new(Script::new(&program, text, tokens, event));
    let fast = |event| -> Vec<Arc<Script>> {
        (0..8).map(|seed| script(&texts::clean(4096, seed), FAST_TOKENS, event)).collect()
    };
    let (usual, small) = (fast(events::usual), fast(events::small));
    let spoken: Vec<_> =
        (0..20).map(|seed| script(&texts::mixed(2048, 100 + seed), SPOKEN_TOKENS, events::usual)).collect();
    let mut numbers: Vec<Numbers> = targets.iter().map(|_| Numbers::default()).collect();
    for round in 0..ROUNDS {
        for i in order(round) {
            let (target, numbers) = (&targets[i], &mut numbers[i]);
            numbers.cpu_usual.push(cpu(upstream, target, &usual)?);
            numbers.cpu_small.push(cpu(upstream, target, &small)?);
            numbers.timed(upstream, target, &spoken)?;
        }
    }
    Ok(rows(&numbers))
}

/// CPU microseconds per event.
fn cpu(upstream: &Upstream, target: &Target, scripts: &[Arc<Script>]) -> Result<f64, Box<dyn Error>> {
    let start = target.cpu()?;
    let seen = watch(upstream, &target.address, scripts, &FAST).map_err(|e| format!("{}: {e}", target.name))?;
    Ok((target.cpu()? - start) / seen.events as f64 / 1e3)
}

impl Numbers {
    fn timed(&mut self, upstream: &Upstream, target: &Target, scripts: &[Arc<Script>]) -> Result<(), Box<dyn Error>> {
        let mut all = Seen::default();
        for _ in 0..SPOKEN_TIMES {
            let seen = watch(upstream, &target.address, scripts, &SPOKEN);
            let seen = seen.map_err(|e| format!("{}: {e}", target.name))?;
            all.first.extend(seen.first);
            all.between.extend(seen.between);
            all.held_events.extend(seen.held_events);
            all.held_ms.extend(seen.held_ms);
        }
        self.first.push(&mut all.first);
        self.between.push(&mut all.between);
        self.held_mean.push(mean(&all.held_events));
        self.held_p99.push(quantile(&mut all.held_events, 0.99));
        self.held_ms.push(mean(&all.held_ms));
        Ok(())
    }
}

impl Times {
    fn push(&mut self, microseconds: &mut [f64]) {
        self.p50.push(quantile(microseconds, 0.5));
        self.p99.push(quantile(microseconds, 0.99));
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn rows(numbers: &[Numbers]) -> Vec<Row> {
    let mut rows = Vec::new();
    let cpu = |i: usize, of: fn(&Numbers) -> &Sample| {
        let ratio = of(&numbers[i]).with(of(&numbers[PASSTHROUGH]), |a, b| a / b);
        let shown = format!(
            "{}, {} us; passthrough {} us",
            ratio.show(" times"),
            number(of(&numbers[i]).median()),
            number(of(&numbers[PASSTHROUGH]).median())
        );
        (ratio.median(), shown)
    };
    for (size, of) in
        [("usual (270-byte)", (|n| &n.cpu_usual) as fn(&Numbers) -> &Sample), ("smallest (64-byte)", |n| &n.cpu_small)]
    {
        let (times, shown) = cpu(FULL, of);
        let row = Row::new(format!("CPU per {size} event, full, to passthrough"), shown);
        rows.push(row.bar("<= 1.15 times", times <= 1.15, LIMIT_CPU).peer("prototype about 1.0 times"));
        rows.push(Row::new(format!("CPU per {size} event, no rules, to passthrough"), cpu(NONE, of).1));
    }
    for (what, of) in [("first token", (|n| &n.first) as fn(&Numbers) -> &Times), ("between tokens", |n| &n.between)] {
        rows.extend(times(numbers, what, of));
    }
    let held = &numbers[FULL];
    let shown = format!(
        "mean {}, p99 {}; mean {}",
        held.held_mean.show(""),
        held.held_p99.show(" events"),
        held.held_ms.show(" ms")
    );
    let held = held.held_mean.median() <= 1.2 && held.held_p99.median() <= 3.0;
    let row = Row::new("hold, full", shown).bar("mean <= 1.2, p99 <= 3 events", held, LIMIT_HOLD);
    rows.push(row.peer("50 characters to the whole answer"));
    let none = &numbers[NONE];
    rows.push(Row::new(
        "hold, no rules",
        format!("mean {}, p99 {}", none.held_mean.show(""), none.held_p99.show(" events")),
    ));
    rows
}

fn times(numbers: &[Numbers], what: &str, of: fn(&Numbers) -> &Times) -> Vec<Row> {
    let direct = of(&numbers[DIRECT]);
    let added = |i: usize| {
        let p99 = of(&numbers[i]).p99.with(&direct.p99, |a, b| a - b);
        let p50 = of(&numbers[i]).p50.with(&direct.p50, |a, b| a - b);
        (p99.median(), format!("{}; p50 {}", p99.show(" us"), p50.show(" us")))
    };
    let name = |who| format!("processing p99, {what}, {who}");
    let ((none, none_shown), (full, full_shown)) = (added(NONE), added(FULL));
    vec![
        Row::new(name("no rules"), none_shown).bar("<= 350 us", none <= 350.0, LIMIT_TIME).peer("219 to 332 us"),
        Row::new(name("full"), full_shown).bar("<= 1 ms", full <= 1000.0, LIMIT_TIME).peer("unpublished"),
        Row::new(name("passthrough"), added(PASSTHROUGH).1),
    ]
}
