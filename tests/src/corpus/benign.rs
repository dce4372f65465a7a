//! Sentences without a value: every finding in them is a false one.

use super::frame::{Frames, SHARED, Voice, fill_harmless};
use super::line::Line;
use super::prng::Prng;
use super::say::{Reading, Style};
use super::sentences::{Sentence, style};

pub(super) const FRAMES: Frames = Frames(include_str!("frames/benign.txt"));

/// Two of three are spoken: numbers in words are the harder ones to leave alone.
pub(super) fn benign(seed: u64, count: usize) -> impl Iterator<Item = Sentence> {
    let mut rng = Prng::new(seed, "benign");
    let (spoken, written) = (FRAMES.section("spoken"), FRAMES.section("written"));
    (0..count).map(move |number| {
        let voice = if rng.chance(66) { Voice::Spoken(style(&mut rng), Reading::Words) } else { Voice::Written };
        let mut line = Line::default();
        match voice {
            Voice::Written => fill_harmless(&mut rng, rng_pick(&written, number), voice, &mut line),
            Voice::Spoken(..) => around(&mut rng, rng_pick(&spoken, number), voice, &mut line),
        }
        line.finish(matches!(voice, Voice::Spoken(Style::Punctuated, _)));
        Sentence { id: format!("benign:{number}"), meta: serde_json::json!({"style": voice.name()}), line }
    })
}

/// Every frame in turn: none is left out by chance.
fn rng_pick(frames: &[&'static str], number: usize) -> &'static str {
    frames[number % frames.len()]
}

fn around(rng: &mut Prng, frame: &str, voice: Voice, line: &mut Line) {
    if rng.chance(30) {
        let opener = SHARED.draw(rng, "openers");
        fill_harmless(rng, opener, voice, line);
        line.space(true);
    }
    fill_harmless(rng, frame, voice, line);
    if rng.chance(30) {
        line.space(true);
        let closer = SHARED.draw(rng, "closers");
        fill_harmless(rng, closer, voice, line);
    }
}
