//! A client that reads a streamed answer and works out what the way took of its time.

use std::{
    error::Error,
    io::{self, Write},
    sync::Arc,
    thread,
    time::Duration,
};

use super::{
    clock,
    http::{self, Reader},
    load::connect,
    script::Script,
    upstream::{Answer, Upstream},
};
use crate::events;

/// Streams under way at once, and their pace.
pub(crate) struct Crowd {
    pub(crate) streams: usize,
    pub(crate) gap: Duration,
    /// The time over which they begin.
    pub(crate) begin: Duration,
}

/// What was seen of some streams.
#[derive(Default)]
pub(crate) struct Seen {
    /// Microseconds from the sending of the event that released the first text to its coming.
    pub(crate) first: Vec<f64>,
    /// The same for the texts after it.
    pub(crate) between: Vec<f64>,
    /// Events that each byte was held.
    pub(crate) held_events: Vec<f64>,
    /// Milliseconds that each byte was held.
    pub(crate) held_ms: Vec<f64>,
    /// Events that the upstream sent.
    pub(crate) events: usize,
}

/// Streams every script to a client of its own, all at once.
pub(crate) fn watch(
    upstream: &Upstream,
    address: &str,
    scripts: &[Arc<Script>],
    crowd: &Crowd,
) -> Result<Seen, Box<dyn Error>> {
    let start = clock::now() + 5_000_000;
    let stagger = crowd.begin.as_nanos() as u64 / crowd.streams as u64;
    let mut threads = Vec::new();
    for number in 0..crowd.streams {
        let script = scripts[number % scripts.len()].clone();
        let answer = Arc::new(Answer::streamed(script.events.clone(), crowd.gap));
        let request = http::request(&events::chat(&upstream.plan(&answer), &script.question, 1 << 10));
        let mut stream = connect(address)?;
        threads.push(thread::spawn(move || {
            clock::sleep_until(start + number as u64 * stagger);
            stream.write_all(&request)?;
            let came = read(Reader::new(stream))?;
            Ok::<_, io::Error>((came, answer, script))
        }));
    }
    let mut seen = Seen::default();
    for thread in threads {
        let (came, answer, script) = thread.join().map_err(|_| "a stream thread died")??;
        seen.events += script.events.len();
        seen.judge(&came, &answer, &script)?;
    }
    Ok(seen)
}

/// Texts in the order in which they came, and when.
struct Came {
    texts: Vec<(u64, String)>,
}

fn read(mut reader: Reader) -> io::Result<Came> {
    let status = reader.head()?;
    let mut came = Came { texts: Vec::new() };
    let mut waiting = Vec::new();
    while reader.some(&mut waiting)? {
        while let Some(end) = waiting.windows(2).position(|w| w == b"\n\n") {
            let event: Vec<u8> = waiting.drain(..end + 2).collect();
            let event = String::from_utf8_lossy(&event);
            let text = event.split_once("\"content\":\"").and_then(|(_, rest)| rest.split_once('"'));
            match text {
                Some((text, _)) if !text.is_empty() => came.texts.push((reader.stamp, text.to_owned())),
                _ if event.contains("\"error\"") => return Err(io::Error::other(event.into_owned())),
                _ => {}
            }
        }
    }
    if status.contains(" 200") { Ok(came) } else { Err(io::Error::other(status)) }
}

impl Seen {
    fn judge(&mut self, came: &Came, answer: &Answer, script: &Script) -> Result<(), Box<dyn Error>> {
        let all: String = came.texts.iter().map(|(_, text)| text.as_str()).collect();
        let carriers = script.carriers(&all).ok_or_else(|| format!("an answer came that is wrong: {all:?}"))?;
        let mut at = 0;
        for (number, (stamp, text)) in came.texts.iter().enumerate() {
            let (releasing, sent) = answer.last_sent(*stamp).ok_or("text came before it was sent")?;
            let processing = (stamp - sent) as f64 / 1e3;
            if number == 0 { &mut self.first } else { &mut self.between }.push(processing);
            for &carrier in &carriers[at..at + text.len()] {
                self.held_events.push(releasing.saturating_sub(carrier) as f64);
                self.held_ms.push(sent.saturating_sub(answer.sent(carrier)) as f64 / 1e6);
            }
            at += text.len();
        }
        Ok(())
    }
}
