//! The engine alone: bytes a second, what it holds back, and what its tables cost.

use std::{error::Error, sync::Arc, time::Instant};

use rules::{Before, Direction, End, Pack, Program, Scanner, Segment};

use crate::{
    cpu,
    programs::{self, Reads},
    report::Row,
    sample::{ROUNDS, Sample, number, quantile},
    texts,
};

/// Texts that are open at once.
const OPEN: usize = 20_000;

/// The chunk in which a hostile or slow stream arrives.
const SMALL: usize = 4;

const LIMIT_CLEAN: &str = "words that start nothing are passed over, but numbers are not, and here every second sentence has \
    one: each is stepped through four tables and looked up among the words before it.";
const LIMIT_SPOKEN: &str = "every word is looked up twice, as one that says a digit and as one of the lists of names.";
const LIMIT_LOAD: &str = "each expression becomes a table of its own before it is put together with others.";
const LIMIT_DENSE: &str = "each place where a pattern matches is judged on its own, with its checks and the words before \
    it, and each finding copies its rule's names.";
const LIMIT_WORST: &str = "each start stays a thread of its own until it dies and each possible end is judged on its own, \
    so that input on which every byte does both costs as much for each byte as some values do.";
const LIMIT_STATE: &str = "each reading keeps the bytes that context is read from, with where each of them came from.";
const LIMIT_HOLD: &str = "a run of letters may be the local part of an address, so the last word is held until a byte \
    that cannot follow comes.";

/// Measures it all; `beside` are packs to be measured together with the built-in ones.
pub(crate) fn run(beside: &[Pack]) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = clean()?;
    let dense = speed(&programs::reading(Reads::Written, &[])?, &texts::dense(1 << 18), usize::MAX)?;
    let row = Row::new("scanning, written, without names, a value every 30 bytes", dense.show(" MB/s"));
    rows.push(row.bar(">= 40 MB/s", dense.median() >= 40.0, LIMIT_DENSE));
    if !beside.is_empty() {
        rows.extend(imported(beside)?);
    }
    rows.extend(worst()?);
    rows.extend(held()?);
    rows.extend(state()?);
    rows.extend(tables()?);
    Ok(rows)
}

/// Clean text, by what is read of it.
fn clean() -> Result<Vec<Row>, Box<dyn Error>> {
    let text = texts::clean(1 << 20, 1);
    let mut rows = Vec::new();
    for (what, reads, bar, least) in [
        ("written, without names", Reads::Written, ">= 200 MB/s", 200.0),
        ("written, with names (the built-in policy)", Reads::Default, "-", 0.0),
        ("all packs, names and speech", Reads::Spoken, ">= 60 MB/s", 60.0),
    ] {
        let program = programs::reading(reads, &[])?;
        let whole = speed(&program, &text, usize::MAX)?;
        let row = Row::new(format!("scanning, {what}, clean bank questions"), whole.show(" MB/s"));
        let limit = if matches!(reads, Reads::Spoken) { LIMIT_SPOKEN } else { LIMIT_CLEAN };
        let row = if least > 0.0 { row.bar(bar, whole.median() >= least, limit) } else { row };
        rows.push(row.peer("Presidio 0.02 to 0.36 MB/s"));
        let small = speed(&program, &texts::clean(1 << 18, 1), SMALL)?;
        rows.push(Row::new(format!("scanning, {what}, clean, 4 bytes at a time"), small.show(" MB/s")));
    }
    Ok(rows)
}

/// Rules of somebody else beside ours.
fn imported(beside: &[Pack]) -> Result<Vec<Row>, Box<dyn Error>> {
    let count: usize = beside.iter().map(|pack| pack.rules.len()).sum();
    let mut took = Sample::default();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        programs::reading(Reads::Written, beside)?;
        took.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let program = programs::reading(Reads::Written, beside)?;
    let scanned = speed(&program, &texts::clean(1 << 20, 1), usize::MAX)?;
    let memory = format!("; {} MB of tables", number(program.memory() as f64 / 1e6));
    Ok(vec![
        Row::new(format!("loading with {count} more rules"), took.show(" ms") + &memory).bar(
            "< 1 s",
            took.median() < 1e3,
            LIMIT_LOAD,
        ),
        Row::new(format!("scanning with {count} more rules, clean bank questions"), scanned.show(" MB/s")).bar(
            ">= 40 MB/s",
            scanned.median() >= 40.0,
            LIMIT_CLEAN,
        ),
    ])
}

/// The slowest inputs, whole and in small chunks.
fn worst() -> Result<Vec<Row>, Box<dyn Error>> {
    let program = programs::full(Direction::Out)?;
    let mut rows = Vec::new();
    for (way, chunk) in [("whole", usize::MAX), ("4 bytes at a time", SMALL)] {
        let mut speeds = Vec::new();
        for (name, text) in texts::worst(1 << 15) {
            speeds.push((name, speed(&program, &text, chunk)?));
        }
        speeds.sort_by(|a, b| a.1.median().total_cmp(&b.1.median()));
        let others: Vec<String> =
            speeds.iter().skip(1).map(|(name, s)| format!("{name} {}", number(s.median()))).collect();
        let (name, slowest) = &speeds[0];
        let row = Row::new(format!("worst input found, {way}: {name}"), slowest.show(" MB/s"));
        rows.push(row.bar(">= 10 MB/s", slowest.median() >= 10.0, LIMIT_WORST));
        rows.push(Row::new(format!("the others, {way}, MB/s"), others.join("; ")));
    }
    Ok(rows)
}

/// What of a text is not decided after each small chunk.
fn held() -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    let program = programs::full(Direction::Out)?;
    for (name, text) in
        [("clean", texts::clean(1 << 17, 5)), ("a value every third question", texts::mixed(1 << 17, 6))]
    {
        let mut held = holds(&program, &text);
        let mean = held.iter().sum::<f64>() / held.len().max(1) as f64;
        let (p99, most) = (quantile(&mut held, 0.99), quantile(&mut held, 1.0));
        let row = Row::new(
            format!("held back at 4-byte chunks, {name}"),
            format!("mean {}, p99 {p99}, most {most} bytes", number(mean)),
        );
        let row = row.bar("mean <= 4, p99 <= 24 bytes", mean <= 4.0 && p99 <= 24.0, LIMIT_HOLD);
        rows.push(row.peer("50 characters to the whole answer"));
    }
    Ok(rows)
}

/// What many texts cost that are open at once, beside the bytes that they hold.
fn state() -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    // What a round leaves would be there for the next.
    let mut all = Vec::new();
    for (what, reads) in [("as the built-in policy reads", Reads::Default), ("with speech", Reads::Spoken)] {
        let program = programs::reading(reads, &[])?;
        let text = texts::clean(1 << 10, 7);
        let mut sample = Sample::default();
        for _ in 0..ROUNDS {
            let before = cpu::resident(std::process::id())?;
            let open: Vec<Scanner> = (0..OPEN)
                .map(|_| {
                    let mut scanner = Scanner::reading(program.clone(), program.reading(), Before::default());
                    pieces(&text, 64).for_each(|piece| scanner.push(piece, &mut Vec::new()));
                    scanner
                })
                .collect();
            let held: usize = open.iter().map(|scanner| scanner.fed() - scanner.clear()).sum();
            let each = (cpu::resident(std::process::id())? - before - held as f64) / OPEN as f64;
            all.push(open);
            sample.push(each / 1024.0);
        }
        rows.push(Row::new(format!("state of an open text after 1 KiB, {what}"), sample.show(" KiB")).bar(
            "<= 2 KiB",
            sample.median() <= 2.0,
            LIMIT_STATE,
        ));
    }
    Ok(rows)
}

/// The cost of having rules at all.
fn tables() -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    for (name, direction) in [("request", Direction::In), ("answer", Direction::Out)] {
        let mut took = Sample::default();
        let mut size = (0, 0);
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let program = programs::full(direction)?;
            took.push(start.elapsed().as_secs_f64() * 1e3);
            size = (program.memory(), program.states());
        }
        let (memory, states) = (size.0 as f64 / 1e6, size.1);
        rows.push(Row::new(
            format!("compiling the {name} rules"),
            format!("{}; {states} states, {} MB of tables", took.show(" ms"), number(memory)),
        ));
    }
    Ok(rows)
}

fn speed(program: &Arc<Program>, text: &str, chunk: usize) -> Result<Sample, Box<dyn Error>> {
    let mut sample = Sample::default();
    for _ in 0..ROUNDS {
        let nanoseconds = cpu::per_run(|| scan(program, text, chunk, |_| {}))?;
        sample.push(text.len() as f64 * 1e3 / nanoseconds);
    }
    Ok(sample)
}

fn holds(program: &Arc<Program>, text: &str) -> Vec<f64> {
    let mut held = Vec::new();
    scan(program, text, SMALL, |scanner| held.push((scanner.fed() - scanner.clear()) as f64));
    held
}

/// Reads a text in chunks, as a stream would come; `seen` looks on after each.
fn scan(program: &Arc<Program>, text: &str, chunk: usize, mut seen: impl FnMut(&Scanner)) {
    let mut scanner = Scanner::reading(program.clone(), program.reading(), Before::default());
    let mut out: Vec<Segment> = Vec::new();
    for piece in pieces(text, chunk) {
        scanner.push(piece, &mut out);
        out.clear();
        seen(&scanner);
    }
    scanner.finish(End { cut: false }, &mut out);
    std::hint::black_box(&out);
}

fn pieces(mut text: &str, size: usize) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (now, later) = text.split_at(texts::head(text, size).len().max(first(text)));
        text = later;
        (!now.is_empty()).then_some(now)
    })
}

fn first(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}
