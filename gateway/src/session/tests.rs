//! Sessions against doubles in memory: every cut of what is read, silence, and ends.

use std::{
    collections::VecDeque,
    sync::{Arc, LazyLock},
};

use guard::SessionGuard;
use ring::rand::SystemRandom;
use rules::{Direction, Leg, Policy, Program};
use wire::{
    speech::{DEEPGRAM_LISTEN, DEEPGRAM_SPEAK, Service},
    ws::{Limits, Message, Reader, Sender},
};

use super::{masks::Masks, *};
use crate::{
    budget::Budget,
    clock::Clock,
    drain::Drain,
    ports::{Gone, Head},
    ruleset::{Legs, Pair, Ruleset},
};

fn program(leg: Leg, direction: Direction) -> Arc<Program> {
    let policy = Policy::parse(rules::policy::DEFAULT).unwrap();
    Arc::new(Program::compile(&rules::built_in().unwrap(), &policy, leg, direction).unwrap())
}

static STT: LazyLock<(Arc<Program>, Arc<Program>)> =
    LazyLock::new(|| (program(Leg::Stt, Direction::In), program(Leg::Stt, Direction::Out)));
static TTS: LazyLock<(Arc<Program>, Arc<Program>)> =
    LazyLock::new(|| (program(Leg::Tts, Direction::In), program(Leg::Tts, Direction::Out)));

fn ways(service: &'static Service) -> (Way, Way) {
    let (request, answer) = if service.leg == wire::speech::Leg::Stt { &*STT } else { &*TTS };
    let masks = || Masks::new(SystemRandom::new());
    let up = SessionGuard::new(&service.to_provider, request.clone(), Arc::default());
    let down = SessionGuard::new(&service.to_client, answer.clone(), Arc::default());
    (Way::to_upstream(up, masks()), Way::to_client(down, masks()))
}

fn messages(from: Sender, bytes: &[u8]) -> Vec<Message> {
    let mut out = Vec::new();
    Reader::new(from, Limits { text: 1 << 20, frame: 1 << 20 }).push(bytes, &mut out).unwrap();
    out
}

/// What a client sends: audio, a text in the middle of it, and goodbye.
fn clients_bytes() -> Vec<u8> {
    let (mut bytes, mask) = (Vec::new(), Some([1, 2, 3, 4]));
    ws::binary(&[7; 300], true, true, mask, &mut bytes);
    ws::text(r#"{"type":"Configure","keyterms":["4111 1111 1111 1111"]}"#, mask, &mut bytes);
    ws::ping(b"hi", mask, &mut bytes);
    ws::binary(&[9; 70], true, false, mask, &mut bytes);
    ws::binary(&[], false, true, mask, &mut bytes);
    ws::close(Some(1000), "joe@example.com", mask, &mut bytes);
    bytes
}

#[test]
fn no_cut_of_the_reads_shows() {
    let bytes = clients_bytes();
    let whole = ways(&DEEPGRAM_LISTEN).0.take(&bytes);
    let expected = (messages(Sender::Client, &whole.onward), messages(Sender::Server, &whole.back));
    assert_eq!(expected.1, [Message::Pong(b"hi".to_vec())]);
    assert_eq!(expected.0[1], Message::Text(r#"{"type":"Configure","keyterms":["[PAN]"]}"#.into()));
    assert_eq!(expected.0.last(), Some(&Message::Close { code: Some(1000), reason: "[EMAIL]".into() }));
    for cut in 1..bytes.len() {
        let mut way = ways(&DEEPGRAM_LISTEN).0;
        let (first, second) = (way.take(&bytes[..cut]), way.take(&bytes[cut..]));
        assert!(first.refused.is_none() && second.refused.is_none());
        let onward = messages(Sender::Client, &[first.onward, second.onward].concat());
        let back = messages(Sender::Server, &[first.back, second.back].concat());
        assert_eq!((onward, back), expected, "{cut}");
    }
}

#[test]
fn what_was_clear_leaves_before_what_is_refused() {
    let mut bytes = Vec::new();
    ws::text(r#"{"type":"Speak","text":"Good morning. "}"#, Some([0; 4]), &mut bytes);
    ws::text(r#"{"type":"Flush"}"#, Some([0; 4]), &mut bytes);
    ws::binary(b"audio", true, true, Some([0; 4]), &mut bytes);
    let step = ways(&DEEPGRAM_SPEAK).0.take(&bytes);
    assert_eq!(messages(Sender::Client, &step.onward).len(), 2);
    assert_eq!(step.refused, Some(Deny::MediaRefused("binary messages")));
}

#[test]
fn a_goodbye_lets_what_is_held_leave() {
    let mut bytes = Vec::new();
    ws::text(r#"{"type":"Speak","text":"write to joe@example.com"}"#, Some([0; 4]), &mut bytes);
    let mut way = ways(&DEEPGRAM_SPEAK).0;
    assert!(way.take(&bytes).onward.is_empty() && way.held() > 0);
    let mut goodbye = Vec::new();
    ws::close(None, "", Some([0; 4]), &mut goodbye);
    let left = messages(Sender::Client, &way.take(&goodbye).onward);
    assert_eq!(left[0], Message::Text(r#"{"type":"Speak","text":"write to an e-mail address"}"#.into()));
    assert!(way.closed() && left.len() == 2);
}

/// A side that says what it was given, and then nothing.
#[derive(Default)]
struct Side {
    says: VecDeque<Vec<u8>>,
    /// It ends when it has said everything.
    ends: bool,
    /// It answers every ping, and a close.
    answers: Option<Sender>,
    heard: Vec<u8>,
}

impl Side {
    async fn read(&mut self) -> Option<Bytes> {
        match self.says.pop_front() {
            Some(bytes) => Some(bytes.into()),
            None if self.ends => None,
            None => std::future::pending().await,
        }
    }

    fn hear(&mut self, bytes: &[u8]) {
        self.heard.extend_from_slice(bytes);
        let (Some(sender), mut answer) = (self.answers, Vec::new()) else { return };
        let mask = (sender == Sender::Server).then_some([0; 4]);
        for message in messages(sender, bytes) {
            match message {
                Message::Ping(payload) => ws::pong(&payload, mask, &mut answer),
                Message::Close { code, .. } => ws::close(code, "", mask, &mut answer),
                _ => {}
            }
        }
        self.says.extend((!answer.is_empty()).then_some(answer));
    }
}

impl crate::ports::Upstream for Side {
    async fn chunk(&mut self) -> Result<Option<Bytes>, Broken> {
        Ok(self.read().await)
    }
}

impl Duplex for Side {
    async fn write(&mut self, chunk: Bytes) -> Result<(), Broken> {
        self.hear(&chunk);
        Ok(())
    }
}

impl Downstream for Side {
    async fn read(&mut self) -> Result<Option<Bytes>, BadBody> {
        Ok(Side::read(self).await)
    }

    async fn write_head(&mut self, _: Head, _: Bytes, _: bool) -> Result<(), Gone> {
        Ok(())
    }

    async fn write(&mut self, chunk: Bytes, _: bool) -> Result<(), Gone> {
        self.hear(&chunk);
        Ok(())
    }

    async fn gone(&mut self) {
        std::future::pending().await
    }
}

const SILENCE: Duration = Duration::from_millis(60);

/// Runs a session; answers how it ended, and the record's word for who broke it.
async fn run(up: &mut Side, down: &mut Side, drain: Drain) -> (Result<(), Stop>, Option<&'static str>) {
    let pair = Pair { request: STT.0.clone(), answer: STT.1.clone() };
    let clock = Clock::new(|| Duration::ZERO);
    let ruleset = Arc::new(Ruleset::of(Legs::new(Leg::Stt, pair)));
    let mut exchange = Exchange::begin(ruleset, &clock, &SystemRandom::new()).unwrap();
    let mut room = Budget::new(1 << 20).reserve(0).unwrap();
    let (to_up, to_down) = ways(&DEEPGRAM_LISTEN);
    let pace = Pace { idle: Duration::from_secs(1), drain };
    let relay =
        Relay { up, down, to_up, to_down, pace: &pace, silence: SILENCE, room: &mut room, exchange: &mut exchange };
    let ended = relay.run().await;
    (ended, exchange.record.deny)
}

fn last(side: &Side, from: Sender) -> Option<Message> {
    messages(from, &side.heard).pop()
}

#[tokio::test]
async fn an_upstream_that_is_silent_is_asked_and_then_given_up() {
    let mut up = Side::default();
    // The client answers pings: its connection lives.
    let mut down = Side { answers: Some(Sender::Server), ..Side::default() };
    let (ended, deny) = run(&mut up, &mut down, Drain::new()).await;
    assert_eq!((ended, deny), (Ok(()), Some("upstream_timeout")));
    assert!(messages(Sender::Client, &up.heard).contains(&Message::Ping(Vec::new())));
    assert!(matches!(last(&down, Sender::Server), Some(Message::Close { code: Some(1011), .. })));
}

#[tokio::test]
async fn a_client_that_is_silent_is_given_up() {
    let mut up = Side { answers: Some(Sender::Client), ..Side::default() };
    let mut down = Side::default();
    assert_eq!(run(&mut up, &mut down, Drain::new()).await.0, Err(Stop::ClientLeft));
}

#[tokio::test]
async fn goodbyes_go_both_ways() {
    let mut goodbye = Vec::new();
    ws::close(Some(1000), "", Some([0; 4]), &mut goodbye);
    let mut up = Side { answers: Some(Sender::Client), ..Side::default() };
    let mut down = Side { says: [goodbye].into(), ..Side::default() };
    let (ended, deny) = run(&mut up, &mut down, Drain::new()).await;
    assert_eq!((ended, deny), (Ok(()), None));
    assert_eq!(last(&down, Sender::Server), Some(Message::Close { code: Some(1000), reason: String::new() }));
}

#[tokio::test]
async fn a_cut_tells_both_sides() {
    let drain = Drain::new();
    drain.cut();
    let (mut up, mut down) = (Side::default(), Side::default());
    assert_eq!(run(&mut up, &mut down, drain).await, (Ok(()), Some("draining")));
    assert!(matches!(last(&up, Sender::Client), Some(Message::Close { code: Some(1001), .. })));
    assert!(matches!(last(&down, Sender::Server), Some(Message::Close { code: Some(1001), .. })));
}
