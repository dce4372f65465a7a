//! A policy and the rules that it is for: names that no rule has, rules that no route lets act.

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_saphyr::Spanned;

use super::{Level, Lint, Read, Source, said};
use crate::{
    Rule,
    pack::Place,
    policy::{Action, NEVER_KEPT, Policy},
};

pub(super) fn routes(source: &Source, policy: &Policy, read: &[Read<'_>], found: &mut Vec<Lint>) {
    let rules = || read.iter().flat_map(|r| r.pack.rules.iter().map(|rule| (r.file, rule)));
    for (entity, place) in names(&source.text) {
        let known = rules().any(|(_, r)| r.entity == entity);
        if !known {
            // To name what must never be kept does no harm where no rule finds it yet.
            let level = if NEVER_KEPT.contains(&entity.as_str()) { Level::Note } else { Level::Warning };
            let mut entities: Vec<&str> = rules().map(|(_, r)| r.entity.as_str()).collect();
            entities.sort_unstable();
            entities.dedup();
            found.push(Lint {
                file: source.file.clone(),
                line: place.line,
                column: place.column,
                rule: String::new(),
                level,
                code: "entity",
                message: format!("no rule finds `{entity}`"),
                hint: Some(format!("there are {}", entities.join(", "))),
            });
        }
    }
    for (file, rule) in rules() {
        if let Some(why) = never_acts(policy, rule) {
            found.push(said(file, rule, Level::Warning, "inert", format!("policy {}: {why}", policy.id())));
        }
    }
}

/// Why a rule acts on no route.
fn never_acts(policy: &Policy, rule: &Rule) -> Option<String> {
    let asked = |r: &&crate::policy::RoutePolicy| r.action(&rule.entity) != Action::Allow;
    let strictest = policy.routes.iter().filter(asked).map(|r| r.level(&rule.entity)).max();
    let Some(strictest) = strictest else { return Some(format!("{} is allowed on every route", rule.entity)) };
    let lowest = rule.patterns.iter().map(|p| p.level).min().unwrap_or(1);
    (lowest > strictest)
        .then(|| format!("its patterns are for level {lowest}, the strictest route asks for {strictest}"))
}

/// The entities that a policy names, and where.
fn names(text: &str) -> Vec<(String, Place)> {
    #[derive(Deserialize)]
    struct Placed {
        routes: Vec<PlacedRoute>,
    }
    #[derive(Deserialize)]
    struct PlacedRoute {
        #[serde(default)]
        entities: Keys,
        #[serde(default)]
        levels: Keys,
    }
    let placed: Result<Placed, _> = serde_saphyr::from_str_with_options(text, crate::pack::limits::yaml());
    let routes = placed.map(|p| p.routes).unwrap_or_default();
    routes.into_iter().flat_map(|r| r.entities.0.into_iter().chain(r.levels.0)).collect()
}

/// The keys of a map, and where they stand.
#[derive(Default)]
struct Keys(Vec<(String, Place)>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfMap;
        impl<'de> Visitor<'de> for OfMap {
            type Value = Keys;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map of entities")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Keys, M::Error> {
                let mut keys = Vec::new();
                while let Some(key) = map.next_key::<Spanned<String>>()? {
                    map.next_value::<IgnoredAny>()?;
                    keys.push((key.value, Place::from(key.referenced)));
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(OfMap)
    }
}
