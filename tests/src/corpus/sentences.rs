//! Single texts: one or a few values, each in a sentence that stands alone.

use serde_json::json;

use super::frame::{Frames, SHARED, Voice, fill};
use super::line::Line;
use super::prng::Prng;
use super::say::{Reading, Style};
use super::value::{Alone, ENTITIES, Entity};

/// A finished text with its id and what it was made from.
pub(super) struct Sentence {
    pub(super) id: String,
    pub(super) line: Line,
    /// For the one who reads the misses.
    pub(super) meta: serde_json::Value,
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
            let meta = json!({"entity": entity.id, "style": voice.name(), "traits": line.traits});
            Sentence { id: format!("{file}:{}:{number}", entity.id), line, meta }
        })
    })
}

/// One sentence. `None` where nobody would say the value drawn, or nobody could know it in that frame.
fn sentence(rng: &mut Prng, entity: &'static Entity, voice: Voice) -> Option<Line> {
    let mut line = Line::default();
    let spoken = matches!(voice, Voice::Spoken(..));
    if spoken && rng.chance(30) {
        let opener = SHARED.draw(rng, "openers");
        fill(rng, opener, entity, voice, &mut line)?;
        line.space(true);
    }
    let frame = frame(rng, entity, spoken);
    fill(rng, frame, entity, voice, &mut line)?;
    if entity.alone == Alone::Shaped && SHARED.section("written_plain").contains(&frame) && !shaped(&line) {
        return None;
    }
    if spoken && rng.chance(25) {
        line.space(true);
        let closer = SHARED.draw(rng, "closers");
        fill(rng, closer, entity, voice, &mut line)?;
    }
    line.finish(matches!(voice, Voice::Spoken(Style::Punctuated, _)));
    Some(line)
}

/// Every value has signs that tell it from a count of something.
fn shaped(line: &Line) -> bool {
    line.spans.iter().all(|span| {
        let value = line.text.chars().skip(span.start).take(span.end - span.start);
        value.into_iter().any(|letter| "+(-.".contains(letter))
    })
}

/// Half of the sentences are the entity's own; the others say its name, or nothing if it needs none.
fn frame(rng: &mut Prng, entity: &Entity, spoken: bool) -> &'static str {
    let own = Frames(entity.frames);
    let plain = match entity.alone {
        Alone::Known => 12,
        Alone::Shaped if !spoken => 12,
        Alone::Shaped | Alone::Never => 0,
    };
    if spoken {
        return match rng.weighted(&[50, 30, 8, plain]) {
            0 => own.draw(rng, "spoken"),
            1 => SHARED.draw(rng, "spoken_noun"),
            2 => own.draw(rng, "heard"),
            _ => SHARED.draw(rng, "spoken_plain"),
        };
    }
    match rng.weighted(&[50, 25, 13, plain]) {
        0 => own.draw(rng, "written"),
        1 => SHARED.draw(rng, "written_noun"),
        2 => SHARED.draw(rng, "written_key"),
        _ => SHARED.draw(rng, "written_plain"),
    }
}
