//! Speech: all packs loaded, however a text is cut, the same is decided; and what a partial shows, the final shows.

use std::{
    ops::Range,
    sync::{Arc, LazyLock},
};

use proptest::prelude::*;
use rules::{Before, Conversation, Direction, End, Leg, Policy, Program, Reading, Scanner, Segment};

use crate::{
    cuts::cases,
    grammar::{Cuts, any_cuts},
};

static PROGRAM: LazyLock<Arc<Program>> = LazyLock::new(|| {
    let policy = Policy::parse(rules::policy::DEFAULT).unwrap();
    Arc::new(Program::compile(&rules::built_in().unwrap(), &policy, Leg::Llm, Direction::In).unwrap())
});

/// Said, written and mixed.
const TEXTS: &[&str] = &[
    "",
    "one",
    "hello, how can i help you today?",
    "my card is four one one one um one one one one, one one one one uh huh one one one one thanks",
    "my card is 4111 one one one one 1111, 1111. And that's it",
    "forty one eleven eleven eleven eleven eleven eleven eleven",
    "it's double four, triple seven five okay no wait seven seven six six six one two",
    "account number eight hundred five five five one two one two please",
    "transfer twelve thousand five hundred and sixty dollars to one hundred and one people",
    "my social is oh seven eight, oh five, one one two oh",
    "four for won to too ate eight eight one",
    "john dot smith at gmail dot com or j o h n underscore d at example dot co dot uk",
    "b as in boy, c as in, d for delta one two three four five six a",
    "november seven alpha bravo charlie one niner",
    "look at the bank at noon, dash it, plus one, plus forty four twenty seven nine four six oh nine five eight",
    "joe@gmail dot com, joe at example.com, o'dell at home",
    "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 is 12.50 at 10:30 on 4/5",
    "caf\u{e9} \u{ff14}111 one one \u{e9}ight \\u0066our one",
    "one moment, let me get it, one second: four. five? six! seven",
    "four five (six seven) eight... nine -- oh oh oh oh",
    "-\u{ad}-(",
    "fo\u{ad}ur on\u{200b}e 4\u{ad}1\u{ad}1 ssn since 1999 is 536228143",
    "IBAN is G B eight two W E S T one two three four five six nine eight seven six five four three two",
];

/// What is decided: the pieces that are not raw, and the text's length.
fn decided(pieces: &[&str], before: &str) -> (Vec<String>, usize) {
    let mut scanner = Scanner::reading(PROGRAM.clone(), Reading::Spoken, Before::question(before));
    let mut segments = Vec::new();
    pieces.iter().for_each(|p| scanner.push(p, &mut segments));
    scanner.finish(End { cut: false }, &mut segments);
    let mut end = 0;
    let mut said: Vec<String> = Vec::new();
    for segment in &segments {
        assert_eq!(segment.span().start, end, "no gap, no overlap");
        end = segment.span().end;
        match segment {
            Segment::Raw(_) => {}
            Segment::Swallow(more) => said.push(format!("to {}", more.end)),
            other => said.push(format!("{other:?}")),
        }
    }
    (joined(said), end)
}

/// Where a span that outgrew its hold ends is told piece by piece.
fn joined(said: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for piece in said {
        if piece.starts_with("to ") && out.last().is_some_and(|l| l.starts_with("to ")) {
            out.pop();
        }
        out.push(piece);
    }
    out
}

fn same_at_every_cut(text: &str) -> Result<(), String> {
    let whole = decided(&[text], "");
    assert_eq!(whole.1, text.len());
    for (i, _) in text.char_indices() {
        let (left, right) = text.split_at(i);
        if decided(&[left, right], "") != whole {
            return Err(format!("{left:?} | {right:?}: {:?} for {whole:?}", decided(&[left, right], "")));
        }
    }
    if decided(&Cuts::Singly.of(text), "") == whole { Ok(()) } else { Err(format!("{text:?} singly")) }
}

/// What is masked in a whole text.
fn masked(text: &str, conversation: &Conversation) -> Vec<Range<usize>> {
    let mut scanner = conversation.scanner(PROGRAM.clone(), Reading::Spoken, "customer");
    let mut segments = Vec::new();
    scanner.push(text, &mut segments);
    scanner.finish(End { cut: false }, &mut segments);
    segments.iter().filter(|s| !matches!(s, Segment::Raw(_))).map(|s| s.span().clone()).collect()
}

/// What a partial shows.
fn shown(partial: &str, conversation: &Conversation) -> Vec<Range<usize>> {
    let mut scanner = conversation.scanner(PROGRAM.clone(), Reading::Partial, "customer");
    let mut segments = Vec::new();
    scanner.push(partial, &mut segments);
    segments.iter().filter(|s| matches!(s, Segment::Raw(_))).map(|s| s.span().clone()).collect()
}

fn no_partial_shows_more(text: &str, conversation: &Conversation) -> Result<(), String> {
    let hidden = masked(text, conversation);
    for (i, _) in text.char_indices() {
        for raw in shown(&text[..i], conversation) {
            if let Some(value) = hidden.iter().find(|h| h.start < raw.end && raw.start < h.end) {
                return Err(format!("{:?} shows {raw:?} of {value:?}", &text[..i]));
            }
        }
    }
    Ok(())
}

#[test]
fn hand_picked_texts_at_every_cut() {
    let wrong: Vec<String> = TEXTS.iter().filter_map(|t| same_at_every_cut(t).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_prefix_as_a_partial_shows_what_the_final_masks() {
    let asked = |question: &str| {
        let mut conversation = Conversation::new(&PROGRAM);
        conversation.said("agent", question, &[]);
        conversation
    };
    for question in ["", "what is your card number?", "the last four of your social?", "name on the card?"] {
        for text in TEXTS {
            no_partial_shows_more(text, &asked(question)).unwrap_or_else(|e| panic!("after {question:?}: {e}"));
        }
    }
}

#[test]
fn a_piece_of_a_number_and_a_sound_leave_the_question_open() {
    let mut conversation = Conversation::new(&PROGRAM);
    conversation.said("agent", "could you read me the account number please?", &[]);
    for (speaker, text) in [("customer", "seven seven one"), ("agent", "uh-huh"), ("customer", "four five six okay")] {
        conversation.said(speaker, text, &[]);
    }
    assert_eq!(masked("oh nine eight two three one", &conversation).len(), 1);
    conversation.said("agent", "sorry, could you repeat that?", &[]);
    assert_eq!(masked("oh nine eight", &conversation).len(), 1);
    conversation.said("agent", "thanks, and how much would you like to transfer today?", &[]);
    assert!(masked("200 and 300", &conversation).is_empty());
}

const WORDS: &[&str] = &[
    "one",
    "two",
    "four",
    "nine",
    "oh",
    "o",
    "zero",
    "ten",
    "eleven",
    "twenty",
    "ninety",
    "hundred",
    "thousand",
    "and",
    "a",
    "i",
    "b",
    "c",
    "as",
    "in",
    "boy",
    "for",
    "to",
    "double",
    "triple",
    "at",
    "the",
    "dot",
    "com",
    "gmail",
    "dash",
    "underscore",
    "point",
    "plus",
    "um",
    "uh-huh",
    "no wait",
    "sorry",
    "okay",
    "one moment",
    "second",
    "alpha",
    "bravo",
    "november",
    "card",
    "account number",
    "social",
    "cvv",
    "4111",
    "1111",
    "7",
    "12.50",
    "it's",
    "john",
    "o'dell",
    "sign",
    "Four",
    "\u{e9}",
    "joe@x.io",
    "sk-abcdefghijklmnopqrst",
    "\\u0066our",
];

fn any_speech() -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS);
    let gap = prop::sample::select(vec![" ", " ", " ", " ", ", ", ". ", "-", "\n", "", " (", "? ", "  ", "...   "]);
    prop::collection::vec((word, gap), 0..24).prop_map(|all| all.into_iter().flat_map(|(w, g)| [w, g]).collect())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn random_speech_at_random_cuts(text in any_speech(), cuts in prop::collection::vec(any_cuts(), 3)) {
        let whole = decided(&[&text], "");
        for cuts in cuts.iter().chain([&Cuts::Singly]) {
            let pieces = cuts.of(&text);
            prop_assert_eq!(&decided(&pieces, ""), &whole, "{:?}", pieces);
        }
    }

    #[test]
    fn random_speech_as_partials(text in any_speech()) {
        let shown = no_partial_shows_more(&text, &Conversation::new(&PROGRAM));
        prop_assert!(shown.is_ok(), "{}", shown.unwrap_err());
    }
}

/// What is found in writing where nobody listens is found where somebody does.
#[test]
fn listening_loses_nothing_that_is_written() {
    for text in [
        "my ssn since 1999 is 536228143",
        "my pin, since you asked, 4471",
        "cvv since the renewal 918",
        "card number since you asked 123456789012",
    ] {
        let found = |reading| {
            let mut scanner = Scanner::reading(PROGRAM.clone(), reading, Before::default());
            let mut segments = Vec::new();
            scanner.push(text, &mut segments);
            scanner.finish(End { cut: false }, &mut segments);
            segments.iter().filter_map(|s| s.finding().map(|f| f.span.clone())).collect::<Vec<_>>()
        };
        let written = found(Reading::Written);
        assert!(!written.is_empty(), "{text}");
        let said = found(Reading::Spoken);
        assert!(written.iter().all(|w| said.iter().any(|s| s.start <= w.start && w.end <= s.end)), "{text}: {said:?}");
    }
}

/// A card in a run of digits that is only counted, and longer than any hold, does not pass with it.
#[test]
fn nothing_passes_with_what_is_only_counted() {
    let policy = Policy::parse(rules::policy::DEFAULT).unwrap();
    let program = Program::compile(&rules::built_in().unwrap(), &policy, Leg::Llm, Direction::Out).unwrap();
    let program = Arc::new(program);
    let text = format!("my card is 4111 1111 1111 1111 {}end", "1 2 3 4 5 ".repeat(60));
    for piece in [1, 7, 300, text.len()] {
        let mut scanner = Scanner::reading(program.clone(), Reading::Spoken, Before::default());
        let (mut segments, mut rest) = (Vec::new(), text.as_str());
        while !rest.is_empty() {
            let (now, later) = rest.split_at(piece.min(rest.len()));
            scanner.push(now, &mut segments);
            rest = later;
        }
        scanner.finish(End { cut: false }, &mut segments);
        let shown = segments.iter().filter(|s| matches!(s, Segment::Raw(_) | Segment::Alert(_)));
        let shown: String = shown.map(|s| &text[s.span().clone()]).collect();
        assert_eq!(shown, "my card is  end", "in pieces of {piece}");
    }
}
