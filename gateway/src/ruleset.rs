//! What guards: packs and a policy, compiled for both directions. An exchange takes the ruleset of its first moment and
//! keeps it to its end; a reload changes what the next one takes.

pub(crate) mod source;
pub(crate) mod watch;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use rules::{Leg, Program};

use crate::log;

/// What guards a caller's exchanges, in each direction.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) request: Arc<Program>,
    pub(crate) answer: Arc<Program>,
}

/// Packs and policy of one version.
pub(crate) struct Ruleset {
    everyone: Legs,
    /// Of the callers that the policy names.
    callers: BTreeMap<String, Legs>,
    policy: Arc<str>,
    packs: Arc<BTreeMap<String, String>>,
    header: String,
}

/// What guards each leg that is configured; never empty.
#[derive(Clone)]
pub(crate) struct Legs(Vec<(Leg, Pair)>);

/// The ruleset that new exchanges take.
#[derive(Debug)]
pub(crate) struct Live(RwLock<Arc<Ruleset>>);

impl Ruleset {
    /// Programs of the same packs and policy, for every caller.
    pub(crate) fn of(everyone: Legs) -> Self {
        let of_all = &everyone.0[0].1.request;
        let mut header = format!("policy={}", of_all.policy());
        for (name, version) in of_all.packs() {
            header.push_str(&format!("; {name}@{version}"));
        }
        let (policy, packs) = (of_all.policy().into(), Arc::new(of_all.packs().clone()));
        Ruleset { everyone, callers: BTreeMap::new(), policy, packs, header }
    }

    /// Programs of the same packs and policy, for one caller.
    pub(crate) fn add(&mut self, caller: &str, own: Legs) {
        self.callers.insert(caller.to_owned(), own);
    }

    /// What guards a caller; before one is known, what guards everybody.
    pub(crate) fn legs(&self, caller: Option<&str>) -> &Legs {
        caller.and_then(|name| self.callers.get(name)).unwrap_or(&self.everyone)
    }

    /// `default@1`.
    pub(crate) fn policy(&self) -> &Arc<str> {
        &self.policy
    }

    /// The packs' names and versions.
    pub(crate) fn packs(&self) -> &Arc<BTreeMap<String, String>> {
        &self.packs
    }

    /// What whoever starts the process, or reloads it, has to know.
    pub(crate) fn notice_restoring(&self) {
        let restores = |legs: &Legs| legs.0.iter().any(|(leg, pair)| *leg == Leg::Llm && pair.answer.restores());
        if [&self.everyone].into_iter().chain(self.callers.values()).any(restores) {
            log::notice(format_args!(
                "a caller's own values come back to it in answers, arguments of tool calls included"
            ));
        }
    }

    /// All of it, as responses say it: `policy=default@1; payment@1.0.0`.
    pub(crate) fn header(&self) -> &str {
        &self.header
    }
}

impl Legs {
    /// The first leg's programs.
    pub(crate) fn new(leg: Leg, pair: Pair) -> Self {
        Legs(vec![(leg, pair)])
    }

    /// Another leg's.
    pub(crate) fn add(&mut self, leg: Leg, pair: Pair) {
        self.0.push((leg, pair));
    }

    /// The programs of a leg.
    pub(crate) fn of(&self, leg: Leg) -> Option<&Pair> {
        self.0.iter().find(|(known, _)| *known == leg).map(|(_, pair)| pair)
    }

    /// Any of its programs: they are of the same packs.
    pub(crate) fn any(&self) -> &Pair {
        &self.0[0].1
    }
}

impl fmt::Debug for Ruleset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.header)
    }
}

impl Live {
    pub(crate) fn new(ruleset: Ruleset) -> Self {
        Live(RwLock::new(Arc::new(ruleset)))
    }

    /// The ruleset of now. Taken once an exchange; the lock is held for a count and never across an await.
    pub(crate) fn now(&self) -> Arc<Ruleset> {
        // Nothing can panic under the lock, so that it is never poisoned with half a ruleset in it.
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another in its place; answers the one before.
    pub(crate) fn replace(&self, next: Ruleset) -> Arc<Ruleset> {
        let next = Arc::new(next);
        std::mem::replace(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner), next)
    }
}
