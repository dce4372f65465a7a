//! What a recogniser says while somebody speaks: each partial replaces the one before it, the final decides.

use serde_json::{Value as Json, json};

use super::dialogues::TALK;
use super::frame::{Frames, SHARED, Voice, fill, fill_harmless};
use super::line::{Line, Span};
use super::prng::Prng;
use super::say::{Reading, Style};
use super::value::{ENTITIES, Entity};

/// Sequences for every entity that is spoken, as lines of JSON. Spans of a partial label what of the value is said.
pub(super) fn partials(seed: u64, count: usize) -> impl Iterator<Item = Json> {
    ENTITIES.iter().filter(|entity| entity.spoken).flat_map(move |entity| {
        let mut rng = Prng::new(seed, &format!("partials {}", entity.id));
        (0..count).flat_map(move |number| {
            let conversation = format!("p-{}-{number}", entity.id);
            loop {
                if let Some(lines) = conversation_of(&mut rng, entity, &conversation) {
                    break lines;
                }
            }
        })
    })
}

/// What the agent says as one final, then the customer's turn as it grows.
fn conversation_of(rng: &mut Prng, entity: &'static Entity, conversation: &str) -> Option<Vec<Json>> {
    let asked = rng.chance(60);
    let frames = if asked { SHARED.section("answers") } else { Frames(entity.frames).section("spoken") };
    let one_hole: Vec<&str> = frames.into_iter().filter(|frame| frame.matches('{').count() == 1).collect();
    let frame = rng.pick(&one_hole);
    let before = if asked { Frames(entity.frames).draw(rng, "asks") } else { TALK.draw(rng, "greetings") };
    let mut agent = Line::default();
    fill_harmless(rng, before, Voice::Spoken(Style::Punctuated, Reading::Words), &mut agent);
    let mut lines = vec![record(conversation, 0, 0, true, "agent", &agent.text, &agent.spans)];

    let (heard, settled) = heard_and_settled(rng, entity, frame)?;
    let grown = grow(rng, &words(&heard));
    for (seq, (text, spans)) in grown.iter().enumerate() {
        lines.push(record(conversation, 1, seq, false, "customer", text, spans));
    }
    lines.push(record(conversation, 1, grown.len(), true, "customer", &settled.text, &settled.spans));
    Some(lines)
}

/// One value twice: in plain words, and as the final has it: the same words, written out, or half of each.
fn heard_and_settled(rng: &mut Prng, entity: &'static Entity, frame: &str) -> Option<(Line, Line)> {
    // Both fillings begin at one state of chance: the value, drawn before anything else, is the same.
    let mut again = rng.clone();
    let mut heard = Line::default();
    fill(rng, frame, entity, Voice::Spoken(Style::Bare, Reading::Words), &mut heard)?;
    heard.finish(false);
    let voice = match rng.below(10) {
        0..4 => return Some((heard.clone(), heard)),
        4..7 => Voice::Written,
        _ => Voice::Spoken(Style::Punctuated, Reading::Mixed),
    };
    let mut settled = Line::default();
    fill(&mut again, frame, entity, voice, &mut settled)?;
    settled.finish(true);
    Some((heard, settled))
}

fn record(conversation: &str, turn: usize, seq: usize, last: bool, speaker: &str, text: &str, spans: &[Span]) -> Json {
    json!({
        "id": format!("{conversation}:{turn}:{seq}"), "conv": conversation, "turn": turn, "seq": seq, "final": last,
        "text": text, "spans": spans, "meta": {"conv": conversation, "turn": turn, "speaker": speaker},
    })
}

/// A word and the label of the value it belongs to.
type Word = (String, Option<&'static str>);

fn words(line: &Line) -> Vec<Word> {
    let mut start = 0;
    let mut words = Vec::new();
    for word in line.text.split(' ') {
        let end = start + word.chars().count();
        let span = line.spans.iter().find(|span| start < span.end && span.start < end);
        words.push((word.to_owned(), span.map(|span| span.label)));
        start = end + 1;
    }
    words
}

/// Longer and longer beginnings, by one to three words; the newest word is sometimes heard as another one.
fn grow(rng: &mut Prng, words: &[Word]) -> Vec<(String, Vec<Span>)> {
    let (mut grown, mut count) = (Vec::new(), 0);
    while count < words.len() {
        count = (count + rng.between(1, 3)).min(words.len());
        let mut said = words[..count].to_vec();
        if let Some((word, Some(_))) = said.last_mut().filter(|_| rng.chance(25)) {
            *word = misheard(word);
        }
        grown.push(labelled(&said));
        // Now and then the recogniser takes a word back before it goes on.
        if rng.chance(8) && count > 2 {
            grown.push(labelled(&words[..count - 1]));
        }
    }
    grown
}

fn misheard(word: &str) -> String {
    let other = match word {
        "four" => "for",
        "two" => "to",
        "eight" => "ate",
        "one" => "won",
        "six" => "sick",
        "nine" => "mine",
        "five" => "fine",
        "oh" => "o",
        word => word,
    };
    other.to_owned()
}

fn labelled(words: &[Word]) -> (String, Vec<Span>) {
    let (mut text, mut spans, mut chars): (String, Vec<Span>, usize) = (String::new(), Vec::new(), 0);
    for (word, label) in words {
        if !text.is_empty() {
            text.push(' ');
            chars += 1;
        }
        let end = chars + word.chars().count();
        match (spans.last_mut(), label) {
            (Some(span), Some(label)) if span.label == *label && span.end + 1 == chars => span.end = end,
            (_, Some(label)) => spans.push(Span { start: chars, end, label }),
            _ => {}
        }
        text.push_str(word);
        chars = end;
    }
    (text, spans)
}
