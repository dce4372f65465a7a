//! Streams of every shape, cut in every way: the same texts, findings and ends, and no byte of a value before its time.

mod fuzz;
mod pieces;
mod streams;

use guard::fault::{self, Fault};
use proptest::prelude::*;
use streams::{Answer, Delta, Slot, outcome, reads, shown};

/// Cases of each property: enough to catch every fault below; more with `TIDEGATE_SLOW`.
fn cases() -> u32 {
    if std::env::var_os("TIDEGATE_SLOW").is_some() { 4096 } else { 256 }
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() }
}

/// What a model might say, in pieces that make values when they meet.
fn fragment() -> impl Strategy<Value = String> {
    let fixed = [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111",
        " 1111",
        "123-45-6789",
        "joe@example.com",
        "joe",
        "@",
        ".com",
        "415-555-0100",
        "DE89 3704 0044 0532 0130 00",
        "sk-abcdefghijklmnopqrst",
        "cvv 123",
        " ",
        ", ",
        ". ",
        "\n",
        "hello ",
        "the card ",
        "\u{e9}",
        "\u{1f600}",
        "\"",
        "\\",
        "%40",
        "\\u0040",
        "&#52;",
        "１２３",
        "\u{ad}",
        "https://e.x/?q=",
        "](",
        ")",
    ];
    let token = streams::tokens();
    prop_oneof![
        8 => proptest::sample::select(fixed.to_vec()).prop_map(String::from),
        2 => proptest::sample::select(token),
        1 => "[a-z ]{1,12}",
        1 => "[0-9]{1,6}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(fragment(), 1..8).prop_map(|f| f.concat())
}

/// Texts for several of these slots of an answer.
fn answer(slots: &[Slot]) -> impl Strategy<Value = Answer> + use<> {
    let slot = proptest::sample::select(slots.to_vec());
    proptest::collection::vec((slot, text()), 1..4).prop_map(Answer::new)
}

/// Numbers that choose where texts are cut and how their deltas interleave.
fn cuts() -> impl Strategy<Value = Vec<u16>> {
    proptest::collection::vec(any::<u16>(), 0..24)
}

fn check_delta(answer: &Answer, cuts: &[u16]) -> Result<(), TestCaseError> {
    let whole = outcome(&answer.whole());
    let cut = outcome(&answer.cut(cuts));
    prop_assert_eq!(&cut.texts, &whole.texts);
    prop_assert_eq!(&cut.findings, &whole.findings);
    prop_assert_eq!(&cut.refused, &whole.refused);
    prop_assert!(cut.ends_last, "finish_reason and [DONE] come last: {}", cut.raw);
    Ok(())
}

fn check_early(answer: &Answer, cuts: &[u16]) -> Result<(), TestCaseError> {
    let stream = answer.cut(cuts);
    let whole = outcome(&stream);
    if whole.refused.is_some() {
        return Ok(());
    }
    for prefix in shown(&stream) {
        for (slot, text) in prefix {
            let full = whole.texts.get(&slot).cloned().unwrap_or_default();
            prop_assert!(full.starts_with(&text), "{slot:?} showed {text:?}, which is no beginning of {full:?}");
        }
    }
    Ok(())
}

fn check_transport(answer: &Answer, cuts: &[u16]) -> Result<(), TestCaseError> {
    let stream = answer.cut(cuts);
    let whole = outcome(&stream);
    let read = reads(&stream, cuts);
    prop_assert_eq!(read, whole.raw);
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn delta_cuts_do_not_show(answer in answer(&Slot::NAMED), cuts in cuts()) {
        check_delta(&answer, &cuts)?;
    }

    #[test]
    fn nothing_is_shown_before_it_is_decided(answer in answer(&Slot::ALL), cuts in cuts()) {
        check_early(&answer, &cuts)?;
    }

    #[test]
    fn rules_on_trial_change_no_text(answer in answer(&Slot::ALL), cuts in cuts()) {
        let stream = answer.cut(&cuts);
        let (texts, without) = streams::texts_by(&streams::default_program(), &stream);
        let (same, with) = streams::texts_by(&streams::trial_program(), &stream);
        prop_assert_eq!(&same, &texts);
        prop_assert_eq!(with.findings, without.findings);
        prop_assert!(without.shadow.is_empty());
        let plain = texts.get(&Slot::Content).is_some_and(|text| text.contains("1111"));
        prop_assert!(!plain || !with.shadow.is_empty(), "four digits that passed were seen");
    }

    #[test]
    fn pieces_of_values_are_masked(list in pieces::list()) {
        pieces::are_masked(&list)?;
    }

    #[test]
    fn cuts_do_not_show_in_pieces(list in pieces::list(), cuts in cuts()) {
        let answer = Answer::new(vec![(Slot::Arguments, format!("{{\"a\":{list},\"b\":\"joe\"}}"))]);
        check_delta(&answer, &cuts)?;
        check_early(&answer, &cuts)?;
        check_transport(&answer, &cuts)?;
    }

    #[test]
    fn transport_cuts_do_not_show(answer in answer(&Slot::ALL), cuts in cuts()) {
        check_transport(&answer, &cuts)?;
    }
}

#[test]
fn every_transport_cut_of_a_rich_stream() {
    let stream = streams::rich();
    let whole = outcome(&stream).raw;
    for i in 0..=stream.len() {
        let (a, b) = stream.as_bytes().split_at(i);
        assert_eq!(streams::run(&[a, b]).0, whole, "cut at byte {i}");
    }
    let bytes: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
    assert_eq!(streams::run(&bytes).0, whole);
    let rounds = if std::env::var_os("TIDEGATE_SLOW").is_some() { 10_000 } else { 2_000 };
    let mut seed = 1u64;
    for round in 0..rounds {
        let cuts: Vec<u16> = (0..1 + round % 40)
            .map(|_| {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (seed >> 33) as u16
            })
            .collect();
        assert_eq!(reads(&stream, &cuts), whole, "cuts {cuts:?}");
    }
}

/// Cases that bring out each fault; with none, all hold.
fn witnesses() -> Vec<(Answer, Vec<u16>)> {
    let words = "some clear words before it, enough of them: ";
    let token = &streams::tokens()[0];
    let every: Vec<u16> = (0..200).collect();
    let answer = |slot, text: &str| Answer::new(vec![(slot, text.to_owned())]);
    vec![
        (answer(Slot::Content, &format!("{words}joe@example.com")), every.clone()),
        (answer(Slot::Content, &format!("{words}joe")), Vec::new()),
        (answer(Slot::Content, "a 4111 1111 1111 1111 b"), every.clone()),
        (answer(Slot::Arguments, &format!("{{\"a\":\"{token}\"}}")), Vec::new()),
        (answer(Slot::Content, &format!("{token}, yes {token}")), every),
    ]
}

#[test]
fn every_fault_is_noticed() {
    let all_hold = || {
        let properties = witnesses().iter().all(|(answer, cuts)| {
            check_delta(answer, cuts).and_then(|()| check_early(answer, cuts)).is_ok()
                && streams::in_order(answer, cuts)
        });
        properties
            && streams::logprobs_go_with_their_text()
            && streams::blocked_values_stay()
            && streams::unnamed_values_are_read_on()
            && pieces::are_masked(r#"[4111,"1111","1111",1111]"#).is_ok()
    };
    assert!(all_hold(), "without a fault everything holds");
    for fault in Fault::ALL {
        // A fault may also end in a panic: offsets that no longer fit.
        let holds = std::panic::catch_unwind(|| fault::with(fault, all_hold)).unwrap_or(false);
        assert!(!holds, "{fault:?} goes unnoticed");
    }
}

#[test]
fn deltas_of_a_text_and_its_parts_agree_with_the_engine() {
    let delta = Delta { slot: Slot::Content, text: "my card is 4111 1111 1111 1111 ok".into() };
    let answer = Answer::new(vec![(delta.slot, delta.text)]);
    assert_eq!(outcome(&answer.whole()).texts[&Slot::Content], "my card is [PAN] ok");
}
