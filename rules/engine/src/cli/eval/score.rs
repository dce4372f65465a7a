//! Counting: what is covered, what is found, and how sure one can be of either.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    super::masking::Found,
    lines::Line,
    map::{FileMap, Means},
};

/// The counts of one entity.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) covered: usize,
    pub(super) partial: usize,
    pub(super) missed: usize,
    /// Of the covered ones, those that bear their own name.
    pub(super) right: usize,
    pub(super) found: usize,
    pub(super) found_right: usize,
}

impl Counts {
    pub(super) fn n(&self) -> usize {
        self.covered + self.partial + self.missed
    }

    pub(super) fn recall(&self) -> Option<f64> {
        share(self.covered, self.n())
    }

    pub(super) fn precision(&self) -> Option<f64> {
        share(self.found_right, self.found)
    }

    /// F-measure that weighs recall four times as much as precision.
    pub(super) fn f2(&self) -> Option<f64> {
        let (p, r) = (self.precision()?, self.recall()?);
        (p + r > 0.0).then(|| 5.0 * p * r / (4.0 * p + r))
    }

    pub(super) fn ci95(&self) -> Option<(f64, f64)> {
        wilson(self.covered, self.n())
    }

    fn join(&mut self, other: &Counts) {
        self.covered += other.covered;
        self.partial += other.partial;
        self.missed += other.missed;
        self.right += other.right;
        self.found += other.found;
        self.found_right += other.found_right;
    }

    fn json(&self) -> Value {
        json!({
            "n": self.n(), "covered": self.covered, "partial": self.partial, "missed": self.missed,
            "recall": self.recall(), "ci95": self.ci95().map(|(low, high)| [low, high]),
            "right": self.right, "found": self.found, "found_right": self.found_right,
            "precision": self.precision(), "f2": self.f2(),
        })
    }
}

fn share(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

/// The 95 % interval of a share (Wilson 1927).
fn wilson(part: usize, of: usize) -> Option<(f64, f64)> {
    const Z: f64 = 1.959_963_984_540_054;
    let (p, n) = (share(part, of)?, of as f64);
    let centre = p + Z * Z / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    Some((((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0)))
}

/// By channel and entity.
#[derive(Default)]
pub(super) struct Score(BTreeMap<&'static str, BTreeMap<String, Counts>>);

impl Score {
    /// Takes a line in.
    pub(super) fn add(&mut self, channel: &'static str, map: &FileMap, line: &Line, found: &[Found]) {
        let masked = mask(line, found);
        let entities = self.0.entry(channel).or_default();
        for span in &line.spans {
            let Means::Entity(entity) = map.means(line, span) else { continue };
            let counts = entities.entry(entity.to_owned()).or_default();
            let hit = masked[span.start..span.end].iter().filter(|m| **m).count();
            let named = |f: &Found| f.entity == entity && f.start < span.end && span.start < f.end;
            match hit {
                0 => counts.missed += 1,
                n if n == span.end - span.start => {
                    counts.covered += 1;
                    counts.right += usize::from(found.iter().any(named));
                }
                _ => counts.partial += 1,
            }
        }
        for f in found.iter().filter(|f| map.knows(&f.entity)) {
            let right = line.spans.iter().filter(|s| f.start < s.end && s.start < f.end).any(|s| {
                let means = map.means(line, s);
                means == Means::Neutral || means == Means::Entity(&f.entity)
            });
            let counts = entities.entry(f.entity.clone()).or_default();
            counts.found += 1;
            counts.found_right += usize::from(right);
        }
    }

    /// By channel, then by entity.
    pub(super) fn channels(&self) -> &BTreeMap<&'static str, BTreeMap<String, Counts>> {
        &self.0
    }

    /// By entity, over all channels.
    pub(super) fn all(&self) -> Value {
        let mut all: BTreeMap<&str, Counts> = BTreeMap::new();
        for (entity, counts) in self.0.values().flatten() {
            all.entry(entity).or_default().join(counts);
        }
        json(all.into_iter())
    }

    pub(super) fn by_channel(&self) -> Value {
        let of = |entities: &BTreeMap<String, Counts>| json(entities.iter().map(|(e, c)| (e.as_str(), *c)));
        self.0
            .iter()
            .map(|(channel, entities)| ((*channel).to_owned(), of(entities)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }
}

fn json<'e>(entities: impl Iterator<Item = (&'e str, Counts)>) -> Value {
    entities.map(|(entity, counts)| (entity.to_owned(), counts.json())).collect::<serde_json::Map<_, _>>().into()
}

/// For each code point, whether it is masked.
fn mask(line: &Line, found: &[Found]) -> Vec<bool> {
    let mut masked = vec![false; line.len()];
    for f in found {
        let end = f.end.min(masked.len());
        masked[f.start.min(end)..end].fill(true);
    }
    masked
}

/// A span that is listed, in code points.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Change {
    pub(super) file: String,
    pub(super) id: Value,
    pub(super) entity: String,
    pub(super) start: usize,
    pub(super) end: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<String>,
}

impl Change {
    pub(super) fn of(line: &Line, file: &Path, found: &Found, show: bool) -> Self {
        Change {
            file: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            id: line.id.clone(),
            entity: found.entity.clone(),
            start: found.start,
            end: found.end,
            value: show.then(|| line.slice(found.start, found.end).to_owned()),
        }
    }
}

/// What is masked by `these` and not, or not all of it, by `those`.
pub(super) fn only<'l>(
    line: &'l Line,
    file: &'l Path,
    these: &'l [Found],
    those: &[Found],
    show: bool,
) -> impl Iterator<Item = Change> + 'l {
    let masked = mask(line, those);
    let more = move |f: &&Found| (f.start..f.end).any(|at| !masked.get(at).copied().unwrap_or(false));
    these.iter().filter(more).map(move |f| Change::of(line, file, f, show))
}

/// How many of each entity.
pub(super) fn counts(changes: &[Change]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for change in changes {
        *counts.entry(change.entity.as_str()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_as_published() {
        // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        let expected =
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)];
        for (part, of, low, high) in expected {
            let (l, h) = wilson(part, of).unwrap();
            assert!((l - low).abs() < 6e-5 && (h - high).abs() < 6e-5, "{part} of {of}: {l} {h}");
        }
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn f2_weighs_recall() {
        let counts = Counts { covered: 9, missed: 1, found: 10, found_right: 5, ..Counts::default() };
        assert!((counts.f2().unwrap() - 5.0 * 0.5 * 0.9 / (4.0 * 0.5 + 0.9)).abs() < 1e-12);
    }
}
