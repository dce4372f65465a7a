//! However a text is cut, the same is decided, and it is what the reference says.

use proptest::{prelude::*, test_runner::Config};

use crate::{
    grammar::{Cuts, any_cuts, any_text},
    run::{Subject, subjects},
    texts::TEXTS,
};

/// Random texts in a run; `TIDEGATE_CASES` asks for more.
pub(crate) fn cases() -> Config {
    let cases = std::env::var("TIDEGATE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(512);
    Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() }
}

/// Every cut in two, and a character at a time.
pub(crate) fn every_cut(subject: &Subject, text: &str) -> Result<(), String> {
    for cut in [false, true] {
        let expected = subject.reference.pieces(text, "", cut);
        for (i, _) in text.char_indices() {
            let (left, right) = text.split_at(i);
            subject.check(&[left, right], "", cut, &expected).map_err(|e| format!("{left:?} | {right:?}: {e}"))?;
        }
        let singly = Cuts::Singly.of(text);
        subject.check(&singly, "", cut, &expected).map_err(|e| format!("{text:?} singly: {e}"))?;
    }
    Ok(())
}

#[test]
fn hand_picked_texts_at_every_cut() {
    let mut wrong = Vec::new();
    for text in TEXTS {
        for (i, subject) in subjects().iter().enumerate() {
            wrong.extend(every_cut(subject, text).err().map(|e| format!("policy {i}: {e}")));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn long_texts_at_every_cut() {
    for text in long_texts() {
        for subject in subjects() {
            every_cut(subject, &text).unwrap_or_else(|e| panic!("{e}"));
        }
    }
}

/// Values longer than their hold, and words that must be remembered from further back than is kept.
pub(crate) fn long_texts() -> Vec<String> {
    let key = format!("see sk-{} and {} done", "a1b2".repeat(80), "joe@example.com");
    let jwt = format!("x@eyJ{}.joe@x.io, 4111 1111 1111 1111", "a-b_".repeat(75));
    let marked = format!("sk-abcdefghijklmnopqrst{}1b2 x", "a\u{301}1b2a1b2a1b2a1b2".repeat(16));
    let escaped = format!("sk-{}\\u0041{}-4111111111111111.", "a".repeat(250), "b".repeat(20));
    let far = format!("{}by my card number 123456789012 ok", "and so on ".repeat(50));
    vec![key, jwt, marked, escaped, far]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn random_texts_at_random_cuts(
        text in any_text(),
        cuts in prop::collection::vec(any_cuts(), 4),
        before in prop::sample::select(vec!["", "", "what is your CVV?", "Your account number, please"]),
        end_cut: bool,
        subject in 0..3usize,
    ) {
        let subject = &subjects()[subject];
        let expected = subject.reference.pieces(&text, before, end_cut);
        for cuts in cuts.iter().chain([&Cuts::Whole, &Cuts::Singly]) {
            let pieces = cuts.of(&text);
            let checked = subject.check(&pieces, before, end_cut, &expected);
            prop_assert!(checked.is_ok(), "{pieces:?}: {}", checked.unwrap_err());
        }
    }
}
