//! A recogniser outside: a model that reads whole sentences. Off unless a program is given one, because a sentence is
//! held until its end, and because what it reads leaves the process.

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt, ops::Range, sync::Arc};

use serde::Deserialize;

use crate::{
    entities,
    pack::ACCEPT,
    resolve::{Accepted, Class, Kind, TapeName},
};

/// Characters after which a sentence ends at the next space, and at which it ends anyhow.
const LONG: usize = 512;
const LONGEST: usize = 1024;

/// Finds what rules cannot.
pub trait External: Send + Sync {
    /// What is in a sentence; an error refuses the text. It is asked from within a scan: it must bound its own time.
    fn find(&self, sentence: &str) -> Result<Vec<Told>, Silent>;
}

/// What was found, as [`External`] says it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Told {
    /// The first character of it, counted in Unicode code points.
    pub start: usize,
    /// The first that is not.
    pub end: usize,
    /// Ours, or what Presidio or Bedrock call it; others, and those the policy allows, are passed over.
    pub entity: String,
}

/// It did not answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the external recogniser did not answer")]
pub struct Silent;

/// An [`External`], and which of a program's rules speaks for what it calls an entity.
pub(crate) struct Outside {
    external: Arc<dyn External>,
    rule_of: BTreeMap<String, u16>,
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outside").field("entities", &self.rule_of.keys()).finish_non_exhaustive()
    }
}

impl Outside {
    /// `of_entity` answers the rule whose label and version stand for an entity.
    pub(crate) fn new(external: Arc<dyn External>, of_entity: impl Fn(&str) -> Option<u16>) -> Self {
        let mut rule_of = BTreeMap::new();
        for (entity, names) in entities::built_in().unwrap_or_default() {
            if let Some(rule) = of_entity(&entity) {
                rule_of.extend(names.presidio.into_iter().chain(names.bedrock).map(|name| (name, rule)));
                rule_of.insert(entity, rule);
            }
        }
        Outside { external, rule_of }
    }
}

/// The sentence that is being read.
#[derive(Clone, Default)]
pub(crate) struct Sentence {
    text: String,
    /// Source bytes of each character.
    sources: Vec<Range<usize>>,
    /// The last character may end it.
    closing: bool,
    found: Vec<Accepted>,
    silent: bool,
}

impl Sentence {
    /// Reads a character, and has a sentence that it ends judged.
    pub(crate) fn push(&mut self, outside: &Outside, c: char, source: Range<usize>) {
        self.text.push(c);
        self.sources.push(source);
        let over = match self.sources.len() {
            LONGEST.. => true,
            LONG.. => c.is_whitespace(),
            _ => c == '\n' || self.closing && c.is_whitespace(),
        };
        self.closing = matches!(c, '.' | '!' | '?' | '…' | '。') || self.closing && matches!(c, '"' | '\'' | ')' | '”');
        if over {
            self.finish(outside);
        }
    }

    /// The text ends, or the sentence.
    pub(crate) fn finish(&mut self, outside: &Outside) {
        self.closing = false;
        let (text, sources) = (std::mem::take(&mut self.text), std::mem::take(&mut self.sources));
        if self.silent || !text.contains(char::is_alphanumeric) {
            return;
        }
        let Ok(told) = outside.external.find(&text) else {
            self.silent = true;
            return;
        };
        let spans = told.iter().filter_map(|told| {
            let within = sources.get(told.start..told.end)?;
            let (first, last) = (within.first()?, within.last()?);
            let kind = Kind::Value { rule: *outside.rule_of.get(&told.entity)?, class: Class::Context };
            Some(Accepted { source: first.start..last.end, tape: TapeName::Raw, kind, score: ACCEPT })
        });
        self.found.extend(spans);
    }

    /// Where the source of what is not judged yet begins.
    pub(crate) fn pending(&self) -> Option<usize> {
        self.sources.first().map(|source| source.start)
    }

    /// What was found since this was last asked.
    pub(crate) fn take(&mut self) -> Vec<Accepted> {
        std::mem::take(&mut self.found)
    }

    /// Whether some sentence was not judged.
    pub(crate) fn silent(&self) -> bool {
        self.silent
    }
}
