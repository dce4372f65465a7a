//! Streams to screen, and what came of them, read by a parser that is not ours.

#![allow(clippy::unwrap_used, reason = "what these functions cannot read is a failed test")]

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use guard::{ResponseContext, RestoreSet, StreamGuard};
use rules::{Direction, Leg, Policy, Program, TokenKey};
use serde_json::{Value, json};

/// A place in an answer where text streams.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Slot {
    Content,
    Second,
    Refusal,
    Reasoning,
    Arguments,
    Unnamed,
}

impl Slot {
    pub(crate) const ALL: [Slot; 6] =
        [Slot::Content, Slot::Second, Slot::Refusal, Slot::Reasoning, Slot::Arguments, Slot::Unnamed];

    /// The slots that a table names: the others are read event by event as well, so that cuts do show.
    pub(crate) const NAMED: [Slot; 5] = [Slot::Content, Slot::Second, Slot::Refusal, Slot::Reasoning, Slot::Arguments];

    fn choice(self) -> u64 {
        u64::from(self == Slot::Second)
    }

    fn event(self, text: &str) -> String {
        let delta = match self {
            Slot::Content | Slot::Second => json!({"content": text}),
            Slot::Refusal => json!({"refusal": text}),
            Slot::Reasoning => json!({"reasoning_content": text}),
            Slot::Arguments => json!({"tool_calls": [{"index": 0, "function": {"arguments": text}}]}),
            Slot::Unnamed => json!({"note": text}),
        };
        let choice = json!({"index": self.choice(), "delta": delta, "finish_reason": null});
        format!("data: {}\n\n", json!({"id": "c", "choices": [choice]}))
    }

    fn read(self, event: &Value) -> Option<&str> {
        let choices = event["choices"].as_array()?;
        let choice = choices.iter().find(|c| c["index"] == self.choice())?;
        let delta = &choice["delta"];
        match self {
            Slot::Content | Slot::Second => &delta["content"],
            Slot::Refusal => &delta["refusal"],
            Slot::Reasoning => &delta["reasoning_content"],
            Slot::Arguments => &delta["tool_calls"][0]["function"]["arguments"],
            Slot::Unnamed => &delta["note"],
        }
        .as_str()
    }
}

/// Text of one event.
#[derive(Clone, Debug)]
pub(crate) struct Delta {
    pub(crate) slot: Slot,
    pub(crate) text: String,
}

/// What a model says: a text for each slot.
#[derive(Clone, Debug)]
pub(crate) struct Answer(BTreeMap<Slot, String>);

impl Answer {
    pub(crate) fn new(texts: Vec<(Slot, String)>) -> Self {
        Answer(texts.into_iter().collect())
    }

    /// Each text in one event.
    pub(crate) fn whole(&self) -> String {
        finish(self.0.iter().map(|(&slot, text)| Delta { slot, text: text.clone() }).collect())
    }

    /// Each text cut at the characters that the numbers choose, its deltas interleaved with the others'.
    pub(crate) fn cut(&self, cuts: &[u16]) -> String {
        let mut pieces: Vec<Vec<Delta>> = self
            .0
            .iter()
            .map(|(&slot, text)| pieces(text, cuts).into_iter().rev().map(|text| Delta { slot, text }).collect())
            .collect();
        let mut deltas = Vec::new();
        while !pieces.is_empty() {
            let pick = usize::from(cuts.get(deltas.len() % cuts.len().max(1)).copied().unwrap_or(0)) + deltas.len();
            let pick = pick % pieces.len();
            deltas.extend(pieces[pick].pop());
            pieces.retain(|p| !p.is_empty());
        }
        finish(deltas)
    }
}

fn pieces(text: &str, cuts: &[u16]) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut at: Vec<usize> = cuts.iter().map(|&c| usize::from(c) % (chars.len() + 1)).collect();
    at.extend([0, chars.len()]);
    at.sort_unstable();
    at.windows(2).map(|w| chars[w[0]..w[1]].iter().collect()).collect()
}

fn finish(deltas: Vec<Delta>) -> String {
    let mut out: String = deltas.iter().map(|d| d.slot.event(&d.text)).collect();
    let mut choices: Vec<u64> = deltas.iter().map(|d| d.slot.choice()).collect();
    choices.sort_unstable();
    choices.dedup();
    for index in choices {
        let choice = json!({"index": index, "delta": {}, "finish_reason": "stop"});
        out += &format!("data: {}\n\n", json!({"id": "c", "choices": [choice]}));
    }
    out + "data: [DONE]\n\n"
}

/// What came of a stream.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) raw: String,
    pub(crate) texts: BTreeMap<Slot, String>,
    pub(crate) findings: BTreeMap<String, u64>,
    pub(crate) refused: Option<guard::Refusal>,
    /// No text comes after its choice's end, and nothing after `[DONE]`.
    pub(crate) ends_last: bool,
}

pub(crate) fn outcome(stream: &str) -> Outcome {
    let (raw, findings, refused) = run(&[stream.as_bytes()]);
    let mut ended = Vec::new();
    let mut ends_last = true;
    for data in raw.lines().filter_map(|l| l.strip_prefix("data: ")) {
        let Ok(event) = serde_json::from_str::<Value>(data) else {
            ends_last &= data == "[DONE]" && raw.ends_with("data: [DONE]\n\n");
            continue;
        };
        for slot in Slot::ALL {
            ends_last &= slot.read(&event).is_none() || !ended.contains(&slot.choice());
        }
        for choice in event["choices"].as_array().into_iter().flatten() {
            if choice["finish_reason"].is_string() {
                ended.extend(choice["index"].as_u64());
            }
        }
    }
    Outcome { texts: joined(&raw), raw, findings, refused, ends_last }
}

/// The joined texts after each event that went in.
pub(crate) fn shown(stream: &str) -> Vec<BTreeMap<Slot, String>> {
    let mut guard = self::guard();
    let mut out = Vec::new();
    let mut states = Vec::new();
    for event in stream.split_inclusive("\n\n") {
        if guard.push(event.as_bytes(), &mut out).is_err() {
            break;
        }
        states.push(joined(&String::from_utf8(out.clone()).unwrap()));
    }
    states
}

/// The bytes that leave when the stream is read in parts that the numbers choose.
pub(crate) fn reads(stream: &str, cuts: &[u16]) -> String {
    let mut at: Vec<usize> = cuts.iter().map(|&c| usize::from(c) % (stream.len() + 1)).collect();
    at.extend([0, stream.len()]);
    at.sort_unstable();
    let parts: Vec<&[u8]> = at.windows(2).map(|w| &stream.as_bytes()[w[0]..w[1]]).collect();
    run(&parts).0
}

pub(crate) fn run(reads: &[&[u8]]) -> (String, BTreeMap<String, u64>, Option<guard::Refusal>) {
    let mut guard = guard();
    let mut out = Vec::new();
    let mut result = Ok(());
    for read in reads {
        result = result.and_then(|()| guard.push(read, &mut out));
    }
    result = result.and_then(|()| guard.finish(&mut out));
    if result.is_err() {
        guard.abort(&mut out);
    }
    (String::from_utf8(out).unwrap(), guard.summary().findings.clone(), result.err())
}

/// Tokens that the caller may see restored; the values need escapes wherever they land.
pub(crate) fn tokens() -> Vec<String> {
    let key = TokenKey::new(b"key");
    vec![key.mint("PAN", "4111111111111111"), key.mint("EMAIL", "joe@example.com")]
}

fn guard() -> StreamGuard {
    let mut restore = RestoreSet::default();
    let [pan, email] = <[String; 2]>::try_from(tokens()).unwrap();
    restore.insert(pan, "4111 \"1111\" \\ 1111".into());
    restore.insert(email, "joe@example.com".into());
    with(default_program(), restore)
}

fn with(program: Arc<Program>, restore: RestoreSet) -> StreamGuard {
    StreamGuard::new(&wire::dialect::OPENAI_CHAT, program, Arc::new(restore), ResponseContext::default())
}

/// The texts that leave by a program, and what its rules found, acting and on trial.
pub(crate) fn texts_by(program: &Arc<Program>, stream: &str) -> (BTreeMap<Slot, String>, guard::Summary) {
    let mut guard = with(program.clone(), RestoreSet::default());
    let mut out = Vec::new();
    if guard.push(stream.as_bytes(), &mut out).and_then(|()| guard.finish(&mut out)).is_err() {
        guard.abort(&mut out);
    }
    (joined(&String::from_utf8(out).unwrap()), guard.summary().clone())
}

/// The default rules, and rules on trial that find what those find, and more.
pub(crate) fn trial_program() -> Arc<Program> {
    static PROGRAM: LazyLock<Arc<Program>> = LazyLock::new(|| {
        let rule = |id: &str, regex: &str| {
            format!(
                "  - id: {id}\n    version: 1\n    entity: {id}\n    label: TRIAL\n    owner: us\n    mode: shadow\n    border: none\n    \
                 patterns: [{{name: any, regex: '{regex}', score: 0.9}}]\n    cases: {{match: ['[[1111]]'], no_match: ['x']}}\n"
            )
        };
        let rules = rule("four_digits", r"\d{4}") + &rule("digits", r"\d{3,12}").replace("[[1111]]", "[[123]]");
        let trial = rules::Pack::parse(&format!("pack: trial\nversion: 1.0.0\nrules:\n{rules}")).unwrap();
        let packs = [rules::built_in().unwrap(), vec![trial]].concat();
        let policy = Policy::parse(rules::policy::DEFAULT).unwrap();
        Arc::new(Program::compile(&packs, &policy, Leg::Llm, Direction::Out).unwrap())
    });
    PROGRAM.clone()
}

pub(crate) fn default_program() -> Arc<Program> {
    program(Policy::parse(rules::policy::DEFAULT).unwrap())
}

fn program(policy: Policy) -> Arc<Program> {
    static PROGRAM: LazyLock<Arc<Program>> =
        LazyLock::new(|| compiled(&Policy::parse(rules::policy::DEFAULT).unwrap()));
    if policy.policy == "default" { PROGRAM.clone() } else { compiled(&policy) }
}

fn compiled(policy: &Policy) -> Arc<Program> {
    Arc::new(Program::compile(&rules::built_in().unwrap(), policy, Leg::Llm, Direction::Out).unwrap())
}

fn joined(raw: &str) -> BTreeMap<Slot, String> {
    let mut texts: BTreeMap<Slot, String> = BTreeMap::new();
    let events = raw.lines().filter_map(|l| l.strip_prefix("data: "));
    for event in events.filter_map(|d| serde_json::from_str::<Value>(d).ok()) {
        for slot in Slot::ALL {
            if let Some(text) = slot.read(&event) {
                texts.entry(slot).or_default().push_str(text);
            }
        }
    }
    texts
}

/// One stream with every kind of field, comments, line ends and values in it.
pub(crate) fn rich() -> String {
    let token = &tokens()[0];
    let deltas: Vec<Delta> = [
        (Slot::Content, "Your card 4111 11"),
        (Slot::Reasoning, "the user said joe@exam"),
        (Slot::Content, "11 1111 1111, and \u{e9}\u{1f600} "),
        (Slot::Unnamed, "123-4"),
        (Slot::Arguments, "{\"to\":\"joe\\u00"),
        (Slot::Second, token),
        (Slot::Unnamed, "5-6789"),
        (Slot::Arguments, "40example.com\",\"n\":41111111"),
        (Slot::Content, "a long run of clear words that is split, then sk-abcdefgh"),
        (Slot::Arguments, "11111111}"),
        (Slot::Reasoning, "ple.com"),
        (Slot::Content, "ijklmnopqrst done"),
    ]
    .into_iter()
    .map(|(slot, text)| Delta { slot, text: text.into() })
    .collect();
    let stream = finish(deltas);
    format!("\u{feff}: hello\n\n:\r\n\r\n{}", stream.replacen("\n\n", "\r\n\r\n", 3).replacen("data: ", "data:", 2))
}

/// Whether the texts leave in the order in which their events came, none of it twice.
pub(crate) fn in_order(answer: &Answer, cuts: &[u16]) -> bool {
    let outcome = outcome(&answer.cut(cuts));
    outcome.refused.is_none() && outcome.ends_last && outcome.texts == self::outcome(&answer.whole()).texts && {
        let arguments = outcome.texts.get(&Slot::Arguments);
        arguments.is_none_or(|a| serde_json::from_str::<Value>(a).is_ok())
    }
}

/// Whether a masked text takes its token probabilities with it.
pub(crate) fn logprobs_go_with_their_text() -> bool {
    let entry = json!({"token": "123-45-6789 ", "logprob": -0.5, "bytes": null, "top_logprobs": []});
    let choice = json!({"index": 0, "delta": {"content": "123-45-6789 "}, "logprobs": {"content": [entry]}});
    let stream = format!("data: {}\n\n", json!({"choices": [choice]}));
    !run(&[stream.as_bytes(), b"data: [DONE]\n\n"]).0.contains("6789")
}

/// Whether no part of a value that the policy blocks leaves with the events that were waiting.
pub(crate) fn blocked_values_stay() -> bool {
    let policy = "policy: strict\nversion: 1\nroutes:\n  - {leg: llm, direction: out, default: block}\n";
    let mut guard = with(program(Policy::parse(policy).unwrap()), RestoreSet::default());
    let mut out = Vec::new();
    let first = guard.push(Slot::Content.event("ssn 123-45").as_bytes(), &mut out);
    let second = guard.push(Slot::Content.event("-6789 ok").as_bytes(), &mut out);
    guard.abort(&mut out);
    first.is_ok() && second.is_err() && !String::from_utf8(out).unwrap().contains("123")
}

/// Whether a value is found that no table names and that comes in three events.
pub(crate) fn unnamed_values_are_read_on() -> bool {
    let answer = Answer::new(vec![(Slot::Unnamed, "123-45-6789".into())]);
    let outcome = outcome(&answer.cut(&[3, 6]));
    outcome.texts[&Slot::Unnamed] == "[SSN]"
}
