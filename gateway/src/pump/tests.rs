//! The pump against doubles in memory: what is sent when all goes well, and what when it does not.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use http::{HeaderMap, StatusCode};
use ring::rand::SystemRandom;

use super::*;
use crate::{
    budget::Budget,
    clock::Clock,
    ruleset::{Legs, Pair, Ruleset},
};

/// What the upstream does next.
enum Step {
    Chunk(&'static str),
    Cut,
    Hang,
    Wait(u64),
}

struct Script {
    steps: VecDeque<Step>,
    taken: Arc<AtomicUsize>,
}

impl Upstream for Script {
    async fn chunk(&mut self) -> Result<Option<Bytes>, Broken> {
        loop {
            match self.steps.pop_front() {
                None => return Ok(None),
                Some(Step::Cut) => return Err(Broken),
                Some(Step::Hang) => std::future::pending::<()>().await,
                Some(Step::Wait(ms)) => tokio::time::sleep(Duration::from_millis(ms)).await,
                Some(Step::Chunk(text)) => {
                    self.taken.fetch_add(text.len(), Ordering::Relaxed);
                    return Ok(Some(text.into()));
                }
            }
        }
    }
}

#[derive(Default)]
struct Client {
    got: String,
    heads: usize,
    ended: bool,
    /// It leaves after so long.
    leaves: Option<Duration>,
    /// It takes nothing after so many bytes.
    stalls_at: Option<usize>,
}

impl Downstream for Client {
    async fn read(&mut self) -> Result<Option<Bytes>, crate::ports::BadBody> {
        Ok(None)
    }

    async fn write_head(&mut self, _: Head, first: Bytes, end: bool) -> Result<(), crate::ports::Gone> {
        self.heads += 1;
        self.write(first, end).await
    }

    async fn write(&mut self, chunk: Bytes, end: bool) -> Result<(), crate::ports::Gone> {
        if self.stalls_at.is_some_and(|limit| self.got.len() >= limit) {
            std::future::pending::<()>().await;
        }
        assert!(!self.ended, "nothing is written after the end");
        self.got.push_str(std::str::from_utf8(&chunk).unwrap());
        self.ended = end;
        Ok(())
    }

    async fn gone(&mut self) {
        match self.leaves {
            Some(after) => tokio::time::sleep(after).await,
            None => std::future::pending().await,
        }
    }
}

/// Holds back from `<` on, is done at `[DONE]`, chokes on `!`, panics on `?`; complete if it ended with `.`.
#[derive(Default)]
struct Holding {
    held: String,
    last: Option<char>,
    done: bool,
    summary: Summary,
}

impl Filter for Holding {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let text = std::str::from_utf8(bytes).unwrap();
        assert!(!text.contains('?'), "the guard fails");
        if text.contains('!') {
            return Err(Refusal::Shape("!"));
        }
        self.held.push_str(text);
        self.last = text.chars().last();
        self.done = text.contains("[DONE]");
        let clear = self.held.find('<').unwrap_or(self.held.len());
        out.extend(self.held.drain(..clear).collect::<String>().as_bytes());
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Refusal> {
        out.extend(std::mem::take(&mut self.held).as_bytes());
        if self.last == Some('.') { Ok(()) } else { Err(Refusal::Shape("not complete")) }
    }

    fn abort(&mut self, out: &mut Vec<u8>) {
        if self.held.contains("<safe>") {
            out.extend(b"safe ");
        }
    }

    fn done(&self) -> bool {
        self.done
    }

    fn failed(&self) -> bool {
        false
    }

    fn held(&self) -> usize {
        self.held.len()
    }

    fn summary(&self) -> &Summary {
        &self.summary
    }
}

struct Ran {
    ended: Result<bool, Stop>,
    client: Client,
    exchange: Exchange,
    taken: usize,
    took: Duration,
}

struct Setting {
    pace: Pace,
    room: usize,
}

impl Default for Setting {
    fn default() -> Self {
        Setting { pace: Pace { idle: Duration::from_millis(80), drain: Drain::new() }, room: 1000 }
    }
}

async fn run(steps: Vec<Step>, mut client: Client, setting: Setting) -> Ran {
    let program = rules::Program::compile(
        &[],
        &rules::Policy::parse(rules::policy::DEFAULT).unwrap(),
        rules::Leg::Llm,
        rules::Direction::Out,
    );
    let program = Arc::new(program.unwrap());
    let ruleset = Arc::new(Ruleset::of(Legs::new(rules::Leg::Llm, Pair { request: program.clone(), answer: program })));
    let started = Instant::now();
    let clock = Clock::new(move || started.elapsed());
    let mut exchange = Exchange::begin(ruleset, &clock, &SystemRandom::new()).unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    let mut up = Script { steps: steps.into(), taken: taken.clone() };
    let mut room = Budget::new(setting.room).reserve(0).unwrap();
    let pump = Pump {
        up: &mut up,
        down: &mut client,
        filter: Holding::default(),
        head: Some(Head { status: StatusCode::OK, headers: HeaderMap::new(), length: None }),
        pace: &setting.pace,
        room: &mut room,
        exchange: &mut exchange,
    };
    let ended = pump.run().await;
    Ran { ended, client, exchange, taken: taken.load(Ordering::Relaxed), took: started.elapsed() }
}

fn error(code: &str) -> String {
    format!(r#""code":"{code}"}}}}{}"#, "\n\n")
}

#[tokio::test]
async fn a_clean_end() {
    let ran = run(vec![Step::Chunk("a<b"), Step::Chunk("c.")], Client::default(), Setting::default()).await;
    assert_eq!(ran.ended, Ok(true));
    assert_eq!(ran.client.got, "a<bc.");
    assert!(ran.client.ended && ran.client.heads == 1);
    assert_eq!(ran.exchange.record.bytes.answer, 5);
    assert_eq!((ran.exchange.record.status, ran.exchange.record.deny), (Some(200), None));
}

#[tokio::test]
async fn the_end_mark_ends_it_and_what_follows_is_dropped() {
    let ran = run(vec![Step::Chunk("a.[DONE]"), Step::Chunk("more")], Client::default(), Setting::default()).await;
    assert_eq!(ran.ended, Ok(false), "an upstream that goes on is not used again");
    assert_eq!(ran.client.got, "a.[DONE]");
    let ran = run(vec![Step::Chunk("a.[DONE]"), Step::Hang], Client::default(), Setting::default()).await;
    assert_eq!(ran.ended, Ok(false));
    let ran = run(vec![Step::Chunk("a.[DONE]")], Client::default(), Setting::default()).await;
    assert_eq!(ran.ended, Ok(true));
}

#[tokio::test]
async fn a_failure_before_the_first_byte_has_a_status_of_its_own() {
    let steps = [
        (vec![Step::Cut], "upstream_garbage"),
        (vec![Step::Chunk("<held"), Step::Cut], "upstream_garbage"),
        (vec![Step::Chunk("!")], "upstream_garbage"),
        (vec![Step::Hang], "upstream_timeout"),
        (vec![Step::Chunk("?")], "guard_fault"),
        (vec![], "upstream_garbage"),
    ];
    for (steps, code) in steps {
        let ran = run(steps, Client::default(), Setting::default()).await;
        let Err(Stop::Refused(deny)) = ran.ended else { panic!("{code}: {:?}", ran.ended) };
        assert_eq!((deny.face().code, ran.client.heads), (code, 0));
    }
}

#[tokio::test]
async fn a_failure_later_is_an_error_event_and_nothing_held_leaves() {
    let steps = [
        (vec![Step::Chunk("a<held"), Step::Cut], "upstream_garbage"),
        (vec![Step::Chunk("a<held"), Step::Chunk("!")], "upstream_garbage"),
        (vec![Step::Chunk("a<held"), Step::Hang], "upstream_timeout"),
        (vec![Step::Chunk("a<held"), Step::Chunk("?")], "guard_fault"),
    ];
    for (steps, code) in steps {
        let ran = run(steps, Client::default(), Setting::default()).await;
        assert_eq!(ran.ended, Ok(false));
        assert!(ran.client.got.starts_with(r#"adata: {"error":{"#), "{}", ran.client.got);
        assert!(ran.client.got.ends_with(&error(code)) && ran.client.ended, "{}", ran.client.got);
        assert_eq!(ran.exchange.record.deny, Some(code));
        assert_eq!(ran.exchange.record.aborted, code.starts_with("upstream").then_some("upstream"));
    }
}

#[tokio::test]
async fn an_answer_that_ends_too_early_is_not_taken_for_complete() {
    let ran = run(vec![Step::Chunk("a")], Client::default(), Setting::default()).await;
    assert!(ran.client.got.ends_with(&error("upstream_garbage")), "{}", ran.client.got);
}

#[tokio::test]
async fn what_is_clear_leaves_before_the_error() {
    let ran = run(vec![Step::Chunk("<safe>"), Step::Cut], Client::default(), Setting::default()).await;
    assert!(ran.client.got.starts_with("safe data: "), "{}", ran.client.got);
}

#[tokio::test]
async fn a_client_that_leaves_ends_it_at_once() {
    let client = Client { leaves: Some(Duration::from_millis(20)), ..Client::default() };
    let setting = Setting { pace: Pace { idle: Duration::from_secs(10), drain: Drain::new() }, room: 1000 };
    let ran = run(vec![Step::Chunk("a"), Step::Hang], client, setting).await;
    assert_eq!(ran.ended, Err(Stop::ClientLeft));
    assert!(ran.took < Duration::from_millis(70), "{:?}", ran.took);
}

#[tokio::test]
async fn a_client_that_takes_nothing_stops_the_upstream() {
    let steps: Vec<Step> = (0..100).map(|_| Step::Chunk("0123456789")).collect();
    let client = Client { stalls_at: Some(30), ..Client::default() };
    let ran = run(steps, client, Setting::default()).await;
    assert_eq!(ran.ended, Err(Stop::ClientLeft), "after the idle deadline");
    assert_eq!((ran.client.got.len(), ran.taken), (30, 40), "one chunk is in hand, no more are asked for");
}

#[tokio::test]
async fn a_drain_that_is_over_cuts_with_an_error_event() {
    let setting = Setting { pace: Pace { idle: Duration::from_secs(10), drain: Drain::new() }, room: 1000 };
    let drain = setting.pace.drain.clone();
    let cut = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        drain.cut();
    };
    let (ran, ()) = tokio::join!(run(vec![Step::Chunk("a<b"), Step::Hang], Client::default(), setting), cut);
    assert!(ran.client.got.ends_with(&error("draining")) && ran.client.ended, "{}", ran.client.got);
    assert!(ran.took < Duration::from_secs(1));
}

#[tokio::test]
async fn what_is_held_counts_against_the_budget() {
    let setting = Setting { room: 8, ..Setting::default() };
    let ran = run(vec![Step::Chunk("a<234"), Step::Chunk("56789")], Client::default(), setting).await;
    assert!(ran.client.got.ends_with(&error("busy")), "{}", ran.client.got);
}

#[tokio::test]
async fn the_longest_hold_is_recorded() {
    let steps = vec![Step::Chunk("a<"), Step::Wait(30), Step::Chunk("b.")];
    let ran = run(steps, Client::default(), Setting::default()).await;
    let held = ran.exchange.record.us.hold_max;
    assert!((29_000..79_000).contains(&held), "{held}");
    assert!(ran.exchange.record.us.upstream_first.is_some() && ran.exchange.record.us.added_first.is_some());
}

#[tokio::test]
async fn the_head_does_not_wait_for_ever_for_what_is_held() {
    let setting = Setting { pace: Pace { idle: Duration::from_secs(5), drain: Drain::new() }, ..Setting::default() };
    let steps = vec![Step::Chunk("<held"), Step::Wait(1200), Step::Cut];
    let ran = run(steps, Client::default(), setting).await;
    assert_eq!(ran.ended, Ok(false), "the head is out, so the failure is an event");
    assert_eq!(ran.client.heads, 1);
    assert!(ran.client.got.ends_with(&error("upstream_garbage")) && !ran.client.got.contains("held"));
}
