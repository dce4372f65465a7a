//! Single texts: one or a few values, each in a sentence that stands alone.

use super::frame::{Frames, SHARED, Voice, fill};
use super::line::Line;
use super::prng::Prng;
use super::say::{Reading, Style};
use super::value::{ENTITIES, Entity};

/// A finished text with its id and what it was made from.
pub(super) struct Sentence {
    pub(super) id: String,
    pub(super) entity: &'static str,
    pub(super) style: &'static str,
    pub(super) line: Line,
}

pub(super) fn written(seed: u64, count: usize) -> impl Iterator<Item = Sentence> {
    each(seed, count, "written", |_| true, |_| Voice::Written)
}

pub(super) fn spoken(seed: u64, count: usize) -> impl Iterator<Item = Sentence> {
    each(seed, count, "spoken", |entity| entity.spoken, |rng| Voice::Spoken(style(rng), Reading::Words))
}

pub(super) fn mixed(seed: u64, count: usize) -> impl Iterator<Item = Sentence> {
    each(seed, count, "mixed", |entity| entity.spoken, |rng| Voice::Spoken(style(rng), Reading::Mixed))
}

pub(super) fn style(rng: &mut Prng) -> Style {
    if rng.chance(50) { Style::Bare } else { Style::Punctuated }
}

fn each(
    seed: u64,
    count: usize,
    file: &'static str,
    has: fn(&Entity) -> bool,
    voice: fn(&mut Prng) -> Voice,
) -> impl Iterator<Item = Sentence> {
    ENTITIES.iter().filter(move |entity| has(entity)).flat_map(move |entity| {
        let mut rng = Prng::new(seed, &format!("{file} {}", entity.id));
        (0..count).map(move |number| {
            let voice = voice(&mut rng);
            let line = loop {
                if let Some(line) = sentence(&mut rng, entity, voice) {
                    break line;
                }
            };
            Sentence { id: format!("{file}:{}:{number}", entity.id), entity: entity.id, style: voice.name(), line }
        })
    })
}

/// One sentence. `None` where the value drawn is one that nobody says.
fn sentence(rng: &mut Prng, entity: &'static Entity, voice: Voice) -> Option<Line> {
    let mut line = Line::default();
    let spoken = matches!(voice, Voice::Spoken(..));
    if spoken && rng.chance(30) {
        let opener = rng_line(rng, SHARED, "openers");
        fill(rng, opener, entity, voice, &mut line)?;
        line.space(true);
    }
    let frame = frame(rng, entity, spoken);
    fill(rng, frame, entity, voice, &mut line)?;
    if spoken && rng.chance(25) {
        line.space(true);
        let closer = rng_line(rng, SHARED, "closers");
        fill(rng, closer, entity, voice, &mut line)?;
    }
    line.trim();
    if matches!(voice, Voice::Spoken(Style::Punctuated, _)) {
        line.capitals();
    }
    Some(line)
}

fn rng_line(rng: &mut Prng, frames: Frames, section: &str) -> &'static str {
    rng.pick(&frames.section(section))
}

/// Half of the sentences are the entity's own; the others say its name, or nothing if it needs none.
fn frame(rng: &mut Prng, entity: &Entity, spoken: bool) -> &'static str {
    let own = Frames(entity.frames);
    let plain = usize::from(entity.plain) * 12;
    if spoken {
        return match rng.weighted(&[50, 30, 8, plain]) {
            0 => rng_line(rng, own, "spoken"),
            1 => rng_line(rng, SHARED, "spoken_noun"),
            2 => rng_line(rng, own, "heard"),
            _ => rng_line(rng, SHARED, "spoken_plain"),
        };
    }
    match rng.weighted(&[50, 25, 13, plain]) {
        0 => rng_line(rng, own, "written"),
        1 => rng_line(rng, SHARED, "written_noun"),
        2 => rng_line(rng, SHARED, "written_key"),
        _ => rng_line(rng, SHARED, "written_plain"),
    }
}
