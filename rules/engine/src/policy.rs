//! What happens to an entity once recognised. Packs never say; policies never recognise.

use std::{collections::BTreeSet, fmt};

use serde::Deserialize;

use crate::reading::Reading;

/// What happens to a value, mildest first: in a cluster the strictest wins.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Passes; its rules are not even compiled.
    Allow,
    /// Passes, and is counted.
    Alert,
    /// A label and the last four characters.
    KeepLast,
    /// A token that stands for the value and can be restored.
    Token,
    /// A keyed hash: equal values stay equal.
    Hash,
    /// The label, `[PAN]`.
    Replace,
    /// Nothing in its place.
    Redact,
    /// The exchange is refused.
    Block,
}

impl Action {
    /// The action where the whole value is not at hand (cut off, or longer than its hold): its label, unless stricter.
    pub(crate) fn without_value(self) -> Action {
        match self {
            Action::Token | Action::Hash | Action::KeepLast => Action::Replace,
            other => other,
        }
    }
}

/// Where text comes from.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    /// A language model.
    Llm,
    /// A recogniser of speech.
    Stt,
    /// A voice.
    Tts,
}

/// Which way it goes.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the agent to the provider.
    In,
    /// From the provider to the agent.
    Out,
}

/// Text of one leg that goes one way, and whose exchange it belongs to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Flow<'c> {
    /// Where it comes from or goes to.
    pub leg: Leg,
    /// Which way it goes.
    pub direction: Direction,
    /// Who calls, if that is known.
    pub caller: Option<&'c str>,
}

impl fmt::Display for Flow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let leg = match self.leg {
            Leg::Llm => "llm",
            Leg::Stt => "stt",
            Leg::Tts => "tts",
        };
        let direction = match self.direction {
            Direction::In => "in",
            Direction::Out => "out",
        };
        write!(f, "{leg}, {direction}, {}", self.caller.unwrap_or("every caller"))
    }
}

/// A policy as its file says it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Name, as in `default@1`.
    pub policy: String,
    /// Version, counted up with every change.
    pub version: u32,
    /// The languages whose words for digits, letters and signs are known, in speech.
    #[serde(default = "english")]
    pub languages: Vec<String>,
    /// One entry for each leg and direction that it speaks of.
    pub routes: Vec<RoutePolicy>,
}

/// The actions on one leg in one direction.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoutePolicy {
    /// The leg it is for.
    pub leg: Leg,
    /// The direction it is for.
    pub direction: Direction,
    /// The caller it is for; every caller that no other entry names, if it names none.
    #[serde(default)]
    pub caller: Option<String>,
    /// Whether words for digits, letters and signs are read as those.
    #[serde(default = "written")]
    pub reading: Reading,
    /// What happens to every entity not named.
    pub default: Action,
    /// Exceptions to it, by entity.
    #[serde(default)]
    pub entities: std::collections::BTreeMap<String, Action>,
    /// How strict rules are: patterns up to this level take part.
    #[serde(default = "lowest")]
    pub level: u8,
    /// Exceptions to it, by entity.
    #[serde(default)]
    pub levels: std::collections::BTreeMap<String, u8>,
    /// Whether the caller's own tokens become values again.
    #[serde(default)]
    pub restore: bool,
}

fn written() -> Reading {
    Reading::Written
}

fn english() -> Vec<String> {
    vec!["en".into()]
}

fn lowest() -> u8 {
    1
}

/// The policy that is built in.
pub const DEFAULT: &str = include_str!("../../policies/default.yaml");

/// Entities that PCI DSS 3.3.1 forbids to keep: never tokenised, whatever a policy says.
pub const NEVER_KEPT: [&str; 4] = ["cvv", "otp", "pin", "track"];

impl Policy {
    /// Reads a policy file; the error says line and column.
    pub fn parse(text: &str) -> Result<Self, crate::PackError> {
        let policy: Policy = serde_saphyr::from_str_with_options(text, crate::pack::limits::yaml())
            .map_err(|e| crate::PackError::Syntax(e.to_string()))?;
        for (nth, route) in policy.routes.iter().enumerate() {
            if policy.routes[..nth].iter().any(|before| before.flow() == route.flow()) {
                return Err(crate::PackError::Repeated {
                    policy: policy.policy.clone(),
                    flow: route.flow().to_string(),
                });
            }
            for entity in NEVER_KEPT {
                if matches!(route.action(entity), Action::Token | Action::KeepLast | Action::Hash) {
                    return Err(crate::PackError::Kept { policy: policy.policy.clone(), entity });
                }
            }
        }
        Ok(policy)
    }

    /// `default@1`.
    pub fn id(&self) -> String {
        format!("{}@{}", self.policy, self.version)
    }

    /// The actions for a leg and direction, if it speaks of them.
    pub fn route(&self, leg: Leg, direction: Direction) -> Option<&RoutePolicy> {
        self.route_of(&Flow { leg, direction, caller: None })
    }

    /// The actions for what flows: its caller's own, or those for every caller.
    pub fn route_of(&self, flow: &Flow<'_>) -> Option<&RoutePolicy> {
        let routes = || self.routes.iter().filter(|r| r.leg == flow.leg && r.direction == flow.direction);
        let own = routes().find(|r| r.caller.is_some() && r.caller.as_deref() == flow.caller);
        own.or_else(|| routes().find(|r| r.caller.is_none()))
    }

    /// The callers with actions of their own.
    pub fn callers(&self) -> BTreeSet<&str> {
        self.routes.iter().filter_map(|r| r.caller.as_deref()).collect()
    }
}

impl RoutePolicy {
    fn flow(&self) -> Flow<'_> {
        Flow { leg: self.leg, direction: self.direction, caller: self.caller.as_deref() }
    }

    /// What happens to an entity.
    pub fn action(&self, entity: &str) -> Action {
        self.entities.get(entity).copied().unwrap_or(self.default)
    }

    /// How strict the rules for an entity are.
    pub fn level(&self, entity: &str) -> u8 {
        self.levels.get(entity).copied().unwrap_or(self.level)
    }
}
