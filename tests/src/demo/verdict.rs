//! Whether everything held, from the bytes on the wires and the gateway's own records.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::first_token::FirstToken;
use super::scenes::Turn;
use super::show::Played;
use crate::harness::{Gateway, Matcher};

/// What came out.
pub(super) struct Verdict {
    pub(super) ttft: FirstToken,
    pub(super) findings: BTreeMap<String, BTreeMap<String, u64>>,
    pub(super) restored: u64,
    pub(super) leaks: usize,
    /// Every assertion that did not hold.
    pub(super) broken: Vec<String>,
}

impl Verdict {
    pub(super) fn of(turns: &[Turn], played: &[Played], saw: &[u8], gateway: &Gateway, ttft: FirstToken) -> Self {
        let mut verdict = Self { ttft, findings: BTreeMap::new(), restored: 0, leaks: 0, broken: Vec::new() };
        for (turn, played) in turns.iter().zip(played) {
            verdict.judge(turn, played, saw);
            verdict.count(&gateway.record(&played.exchange));
        }
        if verdict.restored == 0 {
            verdict.broken.push("nothing was restored".into());
        }
        verdict
    }

    fn judge(&mut self, turn: &Turn, played: &Played, saw: &[u8]) {
        self.leaks += Matcher::of(turn.own).find(saw).len();
        self.leaks += Matcher::of(turn.made_up).find(played.answer.as_bytes()).len();
        // The same search must find the values where they are: in what the agent sent.
        let there = Matcher::of(turn.own).find(&played.sent.1).len();
        let checks = [
            (there == turn.own.len(), "the search does not find what is there"),
            (played.answer == turn.expected, "the agent got another text than expected"),
            (played.done, "the stream did not end with [DONE]"),
        ];
        let broken = checks.iter().filter(|(holds, _)| !holds);
        self.broken.extend(broken.map(|(_, what)| format!("{what}: {}", turn.title)));
    }

    fn count(&mut self, record: &Value) {
        self.restored += record["restored"].as_u64().unwrap_or(0);
        for direction in ["in", "out"] {
            let into = self.findings.entry(direction.into()).or_default();
            for (entity, count) in record["findings"][direction].as_object().into_iter().flatten() {
                *into.entry(entity.clone()).or_default() += count.as_u64().unwrap_or(0);
            }
        }
    }

    pub(super) fn holds(&self) -> bool {
        self.leaks == 0 && self.broken.is_empty()
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "ttft_us": {"direct": self.ttft.direct, "gateway": self.ttft.gateway},
            "findings": self.findings,
            "restored": self.restored,
            "leaks": self.leaks,
            "ok": self.holds(),
            "broken": self.broken,
        })
    }
}
