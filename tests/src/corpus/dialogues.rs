//! Calls and chats: a value whose meaning comes from the question before it, and values said over several turns.

use serde_json::json;

use super::frame::{Frames, SHARED, Voice, fill, fill_harmless};
use super::line::Line;
use super::prng::Prng;
use super::say::{self, Reading, Speech, Style};
use super::sentences::{Sentence, style};
use super::value::{ENTITIES, Entity, Part, Said, Value};

pub(super) const TALK: Frames = Frames(include_str!("frames/dialogue.txt"));

/// What somebody said.
struct Turn {
    speaker: &'static str,
    what: &'static str,
    line: Line,
}

/// A conversation while it grows.
struct Scene {
    voice: Voice,
    turns: Vec<Turn>,
}

/// Every turn of `count` conversations; two of three are spoken.
pub(super) fn dialogues(seed: u64, count: usize) -> impl Iterator<Item = Sentence> {
    let mut rng = Prng::new(seed, "dialogues");
    (0..count).flat_map(move |conversation| {
        let reading = if rng.chance(75) { Reading::Words } else { Reading::Mixed };
        let voice = if rng.chance(66) { Voice::Spoken(style(&mut rng), reading) } else { Voice::Written };
        let scene = Scene::play(&mut rng, voice);
        scene.turns.into_iter().enumerate().map(move |(number, turn)| Sentence {
            id: format!("dialogues:{conversation}:{number}"),
            meta: json!({"conv": format!("d{conversation}"), "turn": number, "speaker": turn.speaker,
                         "what": turn.what, "style": voice.name(), "traits": turn.line.traits}),
            line: turn.line,
        })
    })
}

impl Scene {
    fn play(rng: &mut Prng, voice: Voice) -> Self {
        let mut scene = Self { voice, turns: Vec::new() };
        scene.talk(rng, "agent", "greetings");
        scene.talk(rng, "customer", "problems");
        scene.talk(rng, "agent", "verify");
        for _ in 0..rng.between(2, 4) {
            match rng.weighted(&[48, 17, 15, 8, 12]) {
                0 => scene.question(rng),
                1 => scene.in_pieces(rng),
                2 => scene.last_four(rng),
                3 => scene.spelled(rng),
                _ => scene.harmless(rng),
            }
            if rng.chance(40) {
                scene.talk(rng, "agent", "acks");
            }
        }
        scene.talk(rng, "agent", "closings");
        scene.talk(rng, "customer", "thanks");
        scene
    }

    fn talk(&mut self, rng: &mut Prng, speaker: &'static str, section: &str) {
        let frame = TALK.draw(rng, section);
        let mut line = Line::default();
        fill_harmless(rng, frame, self.voice, &mut line);
        self.say(speaker, "talk", line);
    }

    fn say(&mut self, speaker: &'static str, what: &'static str, mut line: Line) {
        line.finish(matches!(self.voice, Voice::Spoken(Style::Punctuated, _)));
        self.turns.push(Turn { speaker, what, line });
    }

    fn ask(&mut self, rng: &mut Prng, frames: Frames, section: &str) {
        let question = frames.draw(rng, section);
        let mut line = Line::default();
        fill_harmless(rng, question, self.voice, &mut line);
        self.say("agent", "question", line);
    }

    /// The agent asks, the customer answers, now and then twice.
    fn question(&mut self, rng: &mut Prng) {
        let entity = askable(rng);
        self.ask(rng, Frames(entity.frames), "asks");
        if rng.chance(10) {
            self.talk(rng, "customer", "stalls");
            self.talk(rng, "agent", "listening");
        }
        self.answer(rng, entity);
        if rng.chance(10) {
            self.talk(rng, "agent", "refused");
            self.answer(rng, entity);
        }
    }

    fn answer(&mut self, rng: &mut Prng, entity: &'static Entity) {
        let frame = if rng.chance(40) { "{}" } else { SHARED.draw(rng, "answers") };
        loop {
            let mut line = Line::default();
            if fill(rng, frame, entity, self.voice, &mut line).is_some() {
                return self.say("customer", "answer", line);
            }
        }
    }

    /// A question whose answer is a number that is nobody's.
    fn harmless(&mut self, rng: &mut Prng) {
        let pair = TALK.draw(rng, "harmless");
        let (question, answer) = pair.split_once(" | ").unwrap_or((pair, ""));
        for (speaker, text) in [("agent", question), ("customer", answer)] {
            let mut line = Line::default();
            fill_harmless(rng, text, self.voice, &mut line);
            self.say(speaker, "harmless", line);
        }
    }

    /// A long number over two to four turns, the agent's `uh-huh` between.
    fn in_pieces(&mut self, rng: &mut Prng) {
        let entity =
            entity(rng.pick(&["pan", "pan", "bank_account", "iban", "us_ssn", "phone", "us_aba", "in_aadhaar"]));
        self.ask(rng, Frames(entity.frames), "asks");
        let value = (entity.make)(rng);
        let Some(pieces) = self.pieces(rng, &value) else { return };
        let count = pieces.len();
        for (at, piece) in pieces.into_iter().enumerate() {
            let mut line = Line::default();
            if at == 0 && rng.chance(30) {
                let lead = rng.pick(&["it's ", "sure, ", "okay so ", "um, "]);
                fill_harmless(rng, lead, self.voice, &mut line);
                line.space(true);
            }
            line.value(entity.id, &piece);
            line.traits.insert("in pieces");
            self.say("customer", "piece", line);
            if at + 1 < count {
                self.talk(rng, "agent", "listening");
            }
        }
    }

    /// What the customer says in each turn.
    fn pieces(&self, rng: &mut Prng, value: &Value) -> Option<Vec<String>> {
        let turns = rng.between(2, 4);
        let Voice::Spoken(style, reading) = self.voice else {
            let Said::Parts(parts) = &value.said else { return None };
            return Some(chunks(&printed(parts), turns).into_iter().map(|groups| groups.join(" ")).collect());
        };
        let speech = say::say(rng, value, style, reading)?;
        let traits = speech.traits;
        let texts = chunks_owned(speech.groups, turns)
            .into_iter()
            .map(|groups| Speech { groups, traits: traits.clone() }.text(rng, style).0)
            .collect();
        Some(texts)
    }

    fn last_four(&mut self, rng: &mut Prng) {
        let (id, asks) = [
            ("us_ssn", "last_four_us_ssn"),
            ("us_ssn", "last_four_us_ssn"),
            ("bank_account", "last_four_bank_account"),
            ("pan", "last_four_pan"),
        ][rng.below(4)];
        self.ask(rng, TALK, asks);
        let digits = rng.digits(4);
        let value = Value { written: digits.clone(), said: Said::Parts(vec![Part::Run(vec![digits])]) };
        self.say_value(rng, id, &value, "last four");
    }

    fn spelled(&mut self, rng: &mut Prng) {
        let person = entity("person");
        self.ask(rng, Frames(person.frames), "asks");
        self.answer(rng, person);
        self.ask(rng, TALK, "spell");
        let surname = super::value::name_and_surname(rng).1.replace(|letter: char| !letter.is_ascii_alphabetic(), "");
        let written = surname.chars().map(String::from).collect::<Vec<_>>().join(["", " ", "-"][rng.below(3)]);
        self.say_value(rng, "person", &Value { written, said: Said::Parts(vec![Part::Letters(surname)]) }, "spelled");
    }

    fn say_value(&mut self, rng: &mut Prng, label: &'static str, value: &Value, what: &'static str) {
        let mut line = Line::default();
        if rng.chance(40) {
            let lead = rng.pick(&["it's ", "that's ", "sure, ", "um ", "yeah, ", "okay "]);
            fill_harmless(rng, lead, self.voice, &mut line);
            line.space(true);
        }
        match self.voice {
            Voice::Written => line.value(label, &value.written),
            Voice::Spoken(style, reading) => {
                let Some(speech) = say::say(rng, value, style, reading) else { return };
                line.traits.extend(&speech.traits);
                line.value(label, &speech.text(rng, style).0);
            }
        }
        line.traits.insert(what);
        self.say("customer", what, line);
    }
}

/// An entity that an agent asks a customer for.
fn askable(rng: &mut Prng) -> &'static Entity {
    loop {
        let entity = &ENTITIES[rng.below(ENTITIES.len())];
        if entity.spoken {
            return entity;
        }
    }
}

/// One of the ids of this file; the first entity if it were none, which a test would see.
fn entity(id: &str) -> &'static Entity {
    Entity::named(id).unwrap_or(&ENTITIES[0])
}

/// The groups as somebody types them: four characters each where the print has no groups.
fn printed(parts: &[Part]) -> Vec<String> {
    let plain: Vec<char> = parts.iter().flat_map(|part| part.plain().chars().collect::<Vec<_>>()).collect();
    match parts {
        [Part::Run(groups)] if groups.len() > 1 => groups.clone(),
        _ => plain.chunks(4).map(|group| group.iter().collect()).collect(),
    }
}

fn chunks(groups: &[String], turns: usize) -> Vec<Vec<String>> {
    chunks_owned(groups.to_vec(), turns)
}

/// The groups over at most `turns` turns, none empty, in order.
fn chunks_owned<T>(groups: Vec<T>, turns: usize) -> Vec<Vec<T>> {
    let size = groups.len().div_ceil(turns.max(1)).max(1);
    let mut turns: Vec<Vec<T>> = Vec::new();
    for group in groups {
        match turns.last_mut() {
            Some(turn) if turn.len() < size => turn.push(group),
            _ => turns.push(vec![group]),
        }
    }
    turns
}
