//! One request and its answer, as it is known so far: its name, its times, its record.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, header::HeaderName};
use ring::rand::{SecureRandom, SystemRandom};
use rules::Leg;

use crate::{
    clock::Clock,
    deny::Deny,
    record::Record,
    ruleset::{Pair, Ruleset},
};

const EXCHANGE: HeaderName = HeaderName::from_static("x-tidegate-exchange");
const GUARD: HeaderName = HeaderName::from_static("x-tidegate-guard");

/// Why an exchange ended before its answer was complete.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Stop {
    /// It is refused, and the caller has not been told yet.
    Refused(Deny),
    /// There is nobody left to tell.
    ClientLeft,
}

impl From<Deny> for Stop {
    fn from(deny: Deny) -> Self {
        Stop::Refused(deny)
    }
}

/// The exchange.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) record: Record,
    /// What guards it, both ways, from its first byte to its last.
    ruleset: Arc<Ruleset>,
    leg: Leg,
    /// Headers of the upstream that the client may see.
    pub(crate) passed: HeaderMap,
    clock: Clock,
    started: Duration,
    upstream_first: Option<Duration>,
    held_since: Option<Duration>,
}

impl Exchange {
    pub(crate) fn begin(ruleset: Arc<Ruleset>, clock: &Clock, random: &SystemRandom) -> Result<Self, Deny> {
        let mut id = [0; 16];
        // An exchange without a name of its own would share its vault with another.
        random.fill(&mut id).map_err(|_| Deny::GuardFault)?;
        let record = Record {
            exchange: format!("ex_{:032x}", u128::from_be_bytes(id)),
            policy: ruleset.policy().clone(),
            packs: ruleset.packs().clone(),
            ..Record::default()
        };
        Ok(Exchange {
            record,
            ruleset,
            leg: Leg::Llm,
            passed: HeaderMap::new(),
            clock: clock.clone(),
            started: clock.now(),
            upstream_first: None,
            held_since: None,
        })
    }

    /// It goes this way.
    pub(crate) fn takes(&mut self, leg: Leg) {
        self.leg = leg;
        self.record.leg = Some(match leg {
            Leg::Llm => "llm",
            Leg::Stt => "stt",
            Leg::Tts => "tts",
        });
    }

    /// The programs that guard this caller on its leg. Those of another leg would be another policy: only a leg that is
    /// configured is ever taken, and its programs are there.
    pub(crate) fn guards(&self) -> Result<&Pair, Deny> {
        self.ruleset.legs(self.record.caller.as_deref()).of(self.leg).ok_or(Deny::GuardFault)
    }

    /// What every response says of itself.
    pub(crate) fn sign(&self, headers: &mut HeaderMap) {
        let found = self.record.findings.request.iter().map(|(entity, n)| format!("{entity}:{n}"));
        let found = found.collect::<Vec<_>>().join(",");
        let guard = match found.is_empty() {
            true => self.ruleset.header().to_owned(),
            false => format!("{}; in={found}", self.ruleset.header()),
        };
        for (name, value) in [(EXCHANGE, &self.record.exchange), (GUARD, &guard)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
    }

    /// Bytes of the answer arrived.
    pub(crate) fn received(&mut self) -> Duration {
        let now = self.clock.now();
        if self.upstream_first.is_none() {
            self.upstream_first = Some(now);
            self.record.us.upstream_first = Some(micros(now - self.started));
        }
        now
    }

    /// The client's socket took so many bytes of the body.
    pub(crate) fn sent(&mut self, bytes: usize) {
        self.record.bytes.answer += bytes as u64;
        let now = self.clock.now();
        if let (Some(first), None) = (self.upstream_first, self.record.us.added_first) {
            self.record.us.added_first = Some(micros(now - first));
        }
        if let Some(since) = self.held_since.take() {
            self.record.us.hold_max = self.record.us.hold_max.max(micros(now - since));
        }
    }

    /// Something that arrived then is still held back.
    pub(crate) fn holds(&mut self, arrived: Duration) {
        self.held_since.get_or_insert(arrived);
    }

    pub(crate) fn refused(&mut self, deny: &Deny) {
        self.record.deny = Some(deny.face().code);
    }

    /// The last word: the record is complete.
    pub(crate) fn end(&mut self) -> &Record {
        self.record.us.total = micros(self.clock.now() - self.started);
        &self.record
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}
