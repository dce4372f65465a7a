//! A sentence waits for its end and its judge, however it was cut.

use std::sync::Mutex;

use super::*;
use crate::{Before, Direction, End, Leg, Policy, Program, Reading, Scanner, Segment, built_in};

/// Finds "zorblax", and says what it was asked.
#[derive(Default)]
struct Model {
    asked: Mutex<Vec<String>>,
    silent: bool,
}

impl External for Model {
    fn find(&self, sentence: &str) -> Result<Vec<Told>, Silent> {
        self.asked.lock().unwrap().push(sentence.to_owned());
        let told = |entity: &str, start: usize| Told { start, end: start + 7, entity: entity.into() };
        let at = |found: &str| sentence.find(found).map(|at| sentence[..at].chars().count());
        match self.silent {
            true => Err(Silent),
            false => Ok(at("zorblax").into_iter().flat_map(|at| [told("PERSON", at), told("NRP", at)]).collect()),
        }
    }
}

/// What each push let through, and whether all was judged.
fn read(model: Arc<Model>, pieces: &[&str]) -> (Vec<String>, bool) {
    let names: Vec<_> = built_in().unwrap().into_iter().filter(|pack| pack.name == "names").collect();
    let policy = Policy::parse(crate::policy::DEFAULT).unwrap();
    let program = Program::compile(&names, &policy, Leg::Llm, Direction::In).unwrap();
    let program = Arc::new(program.with_external(model));
    let mut scanner = Scanner::reading(program, Reading::Written, Before::default()).asking();
    let (whole, mut said, mut out) = (pieces.concat(), Vec::new(), Vec::new());
    for nth in 0..=pieces.len() {
        match pieces.get(nth) {
            Some(piece) => scanner.push(piece, &mut out),
            None => scanner.finish(End { cut: false }, &mut out),
        }
        let shown = out.drain(..).map(|segment| match segment {
            Segment::Raw(span) => whole[span].to_owned(),
            other => format!("[{}]", other.finding().unwrap().label),
        });
        said.push(shown.collect());
    }
    (said, scanner.silent())
}

#[test]
fn a_sentence_waits_for_its_end_and_its_judge() {
    let model = Arc::new(Model::default());
    let (said, silent) = read(model.clone(), &["so zorblax écrit", "! But zorb", "lax.", " Bye"]);
    assert_eq!(said, ["", "so [PERSON] écrit! ", "", "But [PERSON]. ", "Bye"]);
    assert_eq!(*model.asked.lock().unwrap(), ["so zorblax écrit! ", "But zorblax. ", "Bye"]);
    assert!(!silent);
}

#[test]
fn where_a_text_is_cut_makes_no_difference() {
    let text = "é zorblax? \"No.\" says zorblax\nMary and zorblax";
    let whole = read(Arc::default(), &[text]).0.concat();
    assert_eq!(whole.matches("[PERSON]").count(), 4, "{whole}");
    for (at, _) in text.char_indices() {
        let (left, right) = text.split_at(at);
        assert_eq!(read(Arc::default(), &[left, right]).0.concat(), whole, "cut at {at}");
    }
}

#[test]
fn a_text_without_end_is_judged_in_pieces() {
    let model = Arc::new(Model::default());
    read(model.clone(), &["word ".repeat(1000).as_str(), &"x".repeat(5000)]);
    let asked = model.asked.lock().unwrap();
    assert!(asked.len() >= 14 && asked.iter().all(|s| s.chars().count() <= LONGEST), "{}", asked.len());
}

#[test]
fn silence_is_said() {
    let model = Model { silent: true, ..Model::default() };
    assert!(read(Arc::new(model), &["zorblax. Hi."]).1);
}
