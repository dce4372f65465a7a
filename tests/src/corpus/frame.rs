//! Sentences with holes, and the filling of them.
//!
//! A file of frames has sections; a line of a section is one frame. `{}` is the value of the entity the file is of,
//! `{pan}` a value of another entity, `{noun}` and `{key}` a line of that section, `{#amount}` something harmless.
//! `\n` is a line break.

use super::harmless;
use super::line::Line;
use super::prng::Prng;
use super::say::{self, Reading, Style};
use super::value::{Entity, Value};

/// One file of frames.
#[derive(Clone, Copy)]
pub(super) struct Frames(pub(super) &'static str);

/// Frames that serve every entity.
pub(super) const SHARED: Frames = Frames(include_str!("frames/shared.txt"));

impl Frames {
    /// The lines of `[name]`; none if there is no such section.
    pub(super) fn section(self, name: &str) -> Vec<&'static str> {
        let mut lines =
            self.0.lines().skip_while(|line| line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) != Some(name));
        lines.next();
        lines.take_while(|line| !is_heading(line)).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
    }

    /// One line of `[name]`; nothing if there is no such section, which a test would see.
    pub(super) fn draw(self, rng: &mut Prng, name: &str) -> &'static str {
        let lines = self.section(name);
        lines.get(rng.below(lines.len())).copied().unwrap_or_default()
    }
}

fn is_heading(line: &str) -> bool {
    line.starts_with('[')
        && line.ends_with(']')
        && line[1..].bytes().all(|byte| byte.is_ascii_lowercase() || byte == b']' || byte == b'_')
}

/// In which voice a frame is filled.
#[derive(Clone, Copy)]
pub(super) enum Voice {
    Written,
    Spoken(Style, Reading),
}

impl Voice {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Spoken(Style::Bare, _) => "bare",
            Self::Spoken(Style::Punctuated, _) => "punctuated",
        }
    }
}

/// Fills the holes of `frame`. `None` if it asks for a value that nobody says.
pub(super) fn fill(rng: &mut Prng, frame: &str, entity: &Entity, voice: Voice, line: &mut Line) -> Option<()> {
    walk(rng, frame, Some(entity), voice, line)
}

/// Fills a frame that has only harmless holes.
pub(super) fn fill_harmless(rng: &mut Prng, frame: &str, voice: Voice, line: &mut Line) {
    let _: Option<()> = walk(rng, frame, None, voice, line);
}

fn walk(rng: &mut Prng, frame: &str, entity: Option<&Entity>, voice: Voice, line: &mut Line) -> Option<()> {
    let mut rest = frame;
    while let Some((before, after)) = rest.split_once('{') {
        literal(line, voice, before);
        match after.split_once('}').filter(|(slot, _)| is_slot(slot)) {
            Some((slot, after)) => {
                hole(rng, slot, entity, voice, line)?;
                rest = after;
            }
            None => {
                line.push("{");
                rest = after;
            }
        }
    }
    literal(line, voice, rest);
    Some(())
}

/// A brace of JSON is no hole.
fn is_slot(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte == b'#')
}

fn hole(rng: &mut Prng, slot: &str, own: Option<&Entity>, voice: Voice, line: &mut Line) -> Option<()> {
    if let Some(kind) = slot.strip_prefix('#') {
        literal(line, voice, &harmless::phrase(rng, kind, matches!(voice, Voice::Spoken(..))));
        return Some(());
    }
    match (slot, own, Entity::named(slot)) {
        ("noun" | "key", Some(own), _) => {
            let words = Frames(own.frames).section(if slot == "noun" { "nouns" } else { "keys" });
            literal(line, voice, rng.pick(&words));
        }
        ("", Some(entity), _) | (_, _, Some(entity)) => value(rng, entity, voice, line)?,
        _ => line.push(slot),
    }
    Some(())
}

fn value(rng: &mut Prng, entity: &Entity, voice: Voice, line: &mut Line) -> Option<()> {
    let value: Value = (entity.make)(rng);
    match voice {
        Voice::Written => line.value(entity.id, &value.written),
        Voice::Spoken(style, reading) => {
            let speech = say::say(rng, &value, style, reading)?;
            let (text, filler) = speech.text(rng, style);
            line.traits.extend(&speech.traits);
            line.traits.extend(filler);
            line.value(entity.id, &text);
        }
    }
    Some(())
}

fn literal(line: &mut Line, voice: Voice, text: &str) {
    match voice {
        Voice::Written => line.push(&text.replace("\\n", "\n")),
        Voice::Spoken(Style::Punctuated, _) => line.push(text),
        Voice::Spoken(Style::Bare, _) => {
            // A comma goes, the space behind it stays; `'s` belongs to the word before.
            line.space(text.trim_start_matches([',', '.', '?', '!', ':', ';']).starts_with(' '));
            let words: Vec<String> =
                text.split_whitespace().map(|word| bare(word, false)).filter(|word| !word.is_empty()).collect();
            line.push(&words.join(" "));
            line.space(text.ends_with(' '));
        }
    }
}

/// A word as a recogniser without formatting writes it.
pub(super) fn bare(word: &str, keep_case: bool) -> String {
    let word = if word == "-" { "" } else { word };
    let word = word.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '\'' && letter != '+');
    if keep_case { word.to_owned() } else { word.to_lowercase() }
}
