//! The map: which label of which file is which entity.

use std::{collections::BTreeMap, path::Path};

use regex_automata::{
    Anchored, Input,
    nfa::thompson::{self, pikevm::PikeVM},
    util::syntax,
};
use rules::{Reading, load};
use serde::Deserialize;

use super::{super::Failure, lines::Labelled, lines::Line};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    files: Vec<RawFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    file: String,
    #[serde(default)]
    channel: Spoken,
    labels: BTreeMap<String, RawTarget>,
    #[serde(default)]
    complete: Vec<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Spoken {
    #[default]
    Text,
    Spoken,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "an entity, `neutral`, or a list of {entity, shape}")]
enum RawTarget {
    Entity(String),
    Shaped(Vec<RawShaped>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawShaped {
    entity: String,
    shape: Option<String>,
}

/// The map of all files.
pub(super) struct Map(Vec<FileMap>);

/// The map of the files of one name.
pub(super) struct FileMap {
    file: String,
    channel: Spoken,
    labels: BTreeMap<String, Vec<Target>>,
    complete: Vec<String>,
}

/// An entity, or none if it is neutral, for texts of a shape.
type Target = (Option<PikeVM>, Option<String>);

/// What a label says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Means<'m> {
    /// It is this entity.
    Entity(&'m str),
    /// Masking it is neither right nor wrong.
    Neutral,
    /// Nothing.
    Nothing,
}

impl Map {
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let wrong = |what: &dyn std::fmt::Display| Failure::Usage(format!("{}: {what}", path.display()));
        let text = load::text(path).map_err(|e| Failure::Usage(format!("--map {e}")))?;
        let raw: Raw = serde_saphyr::from_str(&text).map_err(|e| wrong(&e.without_snippet()))?;
        let files = raw.files.into_iter().map(FileMap::of).collect::<Result<_, _>>();
        files.map(Map).map_err(|what| wrong(&what))
    }

    /// What it says of a file; the first name that fits counts.
    pub(super) fn of(&self, file: &Path) -> Option<&FileMap> {
        let name = file.file_name()?.to_string_lossy();
        self.0.iter().find(|m| fits(&m.file, &name))
    }
}

impl FileMap {
    fn of(raw: RawFile) -> Result<Self, String> {
        let mut labels = BTreeMap::new();
        for (label, target) in raw.labels {
            let shaped = match target {
                RawTarget::Entity(entity) => vec![(None, named(entity))],
                RawTarget::Shaped(all) => all
                    .into_iter()
                    .map(|s| Ok((s.shape.map(|p| shape(&p)).transpose()?, named(s.entity))))
                    .collect::<Result<_, String>>()?,
            };
            labels.insert(label, shaped);
        }
        Ok(FileMap { file: raw.file, channel: raw.channel, labels, complete: raw.complete })
    }

    pub(super) fn reading(&self) -> Reading {
        match self.channel {
            Spoken::Text => Reading::Written,
            Spoken::Spoken => Reading::Spoken,
        }
    }

    /// What a label of a line says.
    pub(super) fn means(&self, line: &Line, span: &Labelled) -> Means<'_> {
        let Some(targets) = self.labels.get(&span.label) else { return Means::Nothing };
        let text = line.slice(span.start, span.end);
        let fits = |shape: &Option<PikeVM>| shape.as_ref().is_none_or(|s| matches_whole(s, text));
        match targets.iter().find(|(shape, _)| fits(shape)) {
            Some((_, Some(entity))) => Means::Entity(entity),
            _ => Means::Neutral,
        }
    }

    /// Whether it says anything of this label.
    pub(super) fn labels(&self, span: &Labelled) -> bool {
        self.labels.contains_key(&span.label)
    }

    /// Whether all values of an entity are labelled in these files.
    pub(super) fn knows(&self, entity: &str) -> bool {
        let mut entities = self.labels.values().flatten().filter_map(|(_, e)| e.as_deref());
        entities.any(|e| e == entity) || self.complete.iter().any(|e| e == entity)
    }
}

fn named(entity: String) -> Option<String> {
    (entity != "neutral").then_some(entity)
}

fn shape(pattern: &str) -> Result<PikeVM, String> {
    PikeVM::builder()
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .thompson(thompson::Config::new().utf8(false).nfa_size_limit(Some(1 << 20)))
        .build(&format!("(?:{pattern})\\z"))
        .map_err(|e| format!("shape `{pattern}`: {e}"))
}

fn matches_whole(shape: &PikeVM, text: &str) -> bool {
    shape.is_match(&mut shape.create_cache(), Input::new(text).anchored(Anchored::Yes))
}

/// Whether a name fits a pattern in which `*` stands for anything.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            let cuts = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            cuts.into_iter().any(|at| fits(rest, &name[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, name, fit) in [
            ("a.jsonl", "a.jsonl", true),
            ("a_*.jsonl", "a_x.jsonl", true),
            ("a_*.jsonl", "b_x.jsonl", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, name), fit, "{pattern} {name}");
        }
    }

    #[test]
    fn shapes_are_of_the_whole_text() {
        let four = shape(r"\d{4}").unwrap();
        assert!(matches_whole(&four, "1234") && !matches_whole(&four, "12345") && !matches_whole(&four, "x1234"));
        assert!(shape("(").is_err());
    }
}
