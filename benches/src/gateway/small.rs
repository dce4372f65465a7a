//! Small requests: what each way adds to their time, and takes of a core.

use std::{error::Error, time::Duration};

use super::{DIRECT, FULL, NONE, PASSTHROUGH, Target, http, load, order};
use crate::{
    events,
    report::Row,
    sample::{ROUNDS, Sample, number, quantile},
    texts,
};

/// Of the guarded gateway's capacity, what the open loop asks for.
const SHARE: f64 = 0.3;

const OPEN: Duration = Duration::from_millis(1500);
const FLAT_OUT: Duration = Duration::from_millis(800);

const LIMIT_LATENCY: &str = "a request that meets others waits for the one core, for longer the more CPU each takes; \
    passthrough's row shows what any proxy on Pingora pays here.";
const LIMIT_CPU: &str = "the exchange is pumped by our own code between two sessions of Pingora, the body is read whole, \
    parsed, scanned and written again, and the guard's header and record are made; passthrough only moves bytes.";

/// What the rounds gave for one target.
#[derive(Default)]
struct Numbers {
    p50: Sample,
    p99: Sample,
    cpu: Sample,
    cpu_flat_out: Sample,
    rate_flat_out: Sample,
}

/// Measures it all.
pub(crate) fn measure(targets: &[Target]) -> Result<Vec<Row>, Box<dyn Error>> {
    let text = texts::clean(1 << 10, 8);
    let request = http::request(&events::chat("bench", &text, 1 << 10));
    let (count, seconds) = load::closed_loop(&targets[FULL].address, &request, FLAT_OUT)?;
    let rate = SHARE * count / seconds;
    let mut numbers: Vec<Numbers> = targets.iter().map(|_| Numbers::default()).collect();
    for round in 0..ROUNDS {
        for i in order(round) {
            numbers[i].open(&targets[i], &request, rate)?;
        }
        for i in order(round) {
            numbers[i].flat_out(&targets[i], &request)?;
        }
    }
    Ok(rows(&numbers, rate))
}

impl Numbers {
    fn open(&mut self, target: &Target, request: &[u8], rate: f64) -> Result<(), Box<dyn Error>> {
        let start = target.cpu()?;
        let told = |e| format!("{}: {e}", target.name);
        let mut latencies = load::open_loop(&target.address, request, rate, OPEN).map_err(told)?;
        self.cpu.push((target.cpu()? - start) / latencies.len() as f64 / 1e3);
        self.p50.push(quantile(&mut latencies, 0.5));
        self.p99.push(quantile(&mut latencies, 0.99));
        Ok(())
    }

    fn flat_out(&mut self, target: &Target, request: &[u8]) -> Result<(), Box<dyn Error>> {
        let start = target.cpu()?;
        let told = |e| format!("{}: {e}", target.name);
        let (count, seconds) = load::closed_loop(&target.address, request, FLAT_OUT).map_err(told)?;
        self.cpu_flat_out.push((target.cpu()? - start) / count / 1e3);
        self.rate_flat_out.push(count / seconds);
        Ok(())
    }
}

fn rows(numbers: &[Numbers], rate: f64) -> Vec<Row> {
    let added = |i: usize, of: fn(&Numbers) -> &Sample| of(&numbers[i]).with(of(&numbers[DIRECT]), |a, b| a - b);
    let ratio = |i: usize, of: fn(&Numbers) -> &Sample| of(&numbers[i]).with(of(&numbers[PASSTHROUGH]), |a, b| a / b);
    let mut rows = Vec::new();
    let latency = |i| {
        let (p99, p50) = (added(i, |n| &n.p99), added(i, |n| &n.p50));
        (p99.median(), format!("{}; p50 {}", p99.show(" us"), p50.show(" us")))
    };
    let what = |who| format!("added latency p99, chat of 1 KB, {who}, {rate:.0} a second");
    let (p99, shown) = latency(NONE);
    let row = Row::new(what("no rules"), shown).bar("<= 200 us", p99 <= 200.0, LIMIT_LATENCY);
    rows.push(row.peer("107 to 186 us"));
    let (p99, shown) = latency(FULL);
    rows.push(Row::new(what("full"), shown).bar("<= 1 ms", p99 <= 1000.0, LIMIT_LATENCY).peer("unpublished"));
    rows.push(Row::new(what("passthrough"), latency(PASSTHROUGH).1));
    let cpu = |i: usize| {
        let to = ratio(i, |n| &n.cpu);
        let shown = format!("{}, {} us", to.show(" times"), number(numbers[i].cpu.median()));
        (to.median(), shown)
    };
    let (times, shown) = cpu(FULL);
    let row = Row::new("CPU per small request, full, to passthrough", shown);
    rows.push(row.bar("<= 1.5 times", times <= 1.5, LIMIT_CPU).peer("prototype 1.4 to 1.9 times"));
    rows.push(Row::new("CPU per small request, no rules, to passthrough", cpu(NONE).1));
    for (i, name) in [(FULL, "full"), (NONE, "no rules"), (PASSTHROUGH, "passthrough")] {
        let rate = numbers[i].rate_flat_out.show(" a second");
        let times = ratio(i, |n| &n.cpu_flat_out).show(" times");
        let microseconds = number(numbers[i].cpu_flat_out.median());
        let shown = format!("{rate}; CPU {times} of passthrough, {microseconds} us each");
        rows.push(Row::new(format!("small requests flat out, {name}"), shown));
    }
    rows
}
