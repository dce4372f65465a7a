//! What is found, and that it does not depend on how the text was cut.

use proptest::prelude::*;

use super::*;

/// Texts, with what is to be found in them.
const TEXTS: &[(&str, &[&str])] = &[
    ("hi, my name is sydni kawamoto and i lost my card", &["sydni kawamoto"]),
    ("My name is Grace.", &["Grace"]),
    ("um this is uh john smith speaking", &["john smith"]),
    ("i'm calling about my card, this is ridiculous", &[]),
    ("please transfer 500 dollars to rickelle goulet on friday", &["rickelle goulet"]),
    ("move 20 to savings", &[]),
    ("I met Mary-Jane O'Dell and J. P. Hartmann in Paris.", &["Mary-Jane O'Dell", "J. P. Hartmann"]),
    ("Maria van der Berg's card", &["Maria van der Berg"]),
    ("Dear Mr. Skj\u{e6}veland,\nregards, Honor\u{e9} Dubois Jr.", &["Mr. Skj\u{e6}veland", "Honor\u{e9} Dubois Jr."]),
    ("{\"name\": \"Zorblax Quint\", \"city\": \"Leeds\"}", &["Zorblax Quint"]),
    ("Wells Fargo, Morgan Stanley and Johnson Ltd are banks.", &[]),
    ("the price may rise in june, will you mark the bill?", &[]),
    ("What's your name? Rebecca Gairbekov", &["Rebecca Gairbekov"]),
    ("@mary_smith and john@example.com, see /house/mary", &[]),
    ("I live at 101 south valley drive camillus ny 13025", &["101 south valley drive camillus ny 13025"]),
    (
        "Send it to 12 Elm Street, Apt. 5,\nSpringfield, IL 62704 please",
        &["12 Elm Street, Apt. 5,\nSpringfield, IL 62704"],
    ),
    ("my address is twenty three elm street", &["twenty three elm street"]),
    ("Hauptstra\u{df}e 5 and P.O. Box 12", &["Hauptstra\u{df}e 5", "P.O. Box 12"]),
    ("Calle Mayor 12, Madrid", &["Calle Mayor 12, Madrid"]),
    ("I paid 12.50 for 3 coffees on 5 May 2020", &[]),
    ("my postcode is sw1a 1aa", &["sw1a 1aa"]),
    ("zip code 90210", &["90210"]),
];

/// Reads a text in pieces that end at these characters; `plain`: ASCII runs go the fast way.
fn read(before: &str, text: &str, cuts: &[usize], plain: bool) -> Vec<Found> {
    let mut names = Names::new(Gazetteer::built_in(), before);
    let (mut found, mut left) = (Vec::new(), 0);
    let mut run = 0..0;
    for (i, (at, c)) in text.char_indices().enumerate() {
        if plain && c.is_ascii() && !cuts.contains(&i) {
            run.end = at + 1;
        } else {
            names.push_plain(&text.as_bytes()[run.clone()], run.start, &mut found);
            left = check(&names, left, run.end);
            names.push(c, at..at + c.len_utf8(), &mut found);
            run = at + c.len_utf8()..at + c.len_utf8();
            left = check(&names, left, run.end);
        }
    }
    names.push_plain(&text.as_bytes()[run.clone()], run.start, &mut found);
    check(&names, left, run.end);
    names.finish(&mut found);
    assert!(names.pending().is_none());
    assert!(found.iter().all(|f| f.source.end <= text.len()), "{text:?}");
    found
}

/// What may have left stays so, and little is held; answers how much may have left.
fn check(names: &Names, left: usize, read: usize) -> usize {
    let now = names.pending().unwrap_or(read);
    assert!(now >= left, "{now} is before {left}");
    let longest = HELD + 2 * usize::from(words::LONGEST) + LONG_GAP;
    assert!(read - now <= 4 * longest, "{} held", read - now);
    now
}

/// Every finding starts where nothing had left yet.
fn read_watching(before: &str, text: &str) -> Vec<Found> {
    let mut names = Names::new(Gazetteer::built_in(), before);
    let (mut found, mut left) = (Vec::new(), 0);
    for (at, c) in text.char_indices() {
        let seen = found.len();
        names.push(c, at..at + c.len_utf8(), &mut found);
        assert!(found[seen..].iter().all(|f| f.source.start >= left), "{text:?}: {:?} after {left}", &found[seen..]);
        left = names.pending().unwrap_or(at + c.len_utf8());
    }
    let seen = found.len();
    names.finish(&mut found);
    assert!(found[seen..].iter().all(|f| f.source.start >= left), "{text:?}");
    assert!(found.windows(2).all(|two| two[0].source.end <= two[1].source.start), "{text:?}");
    found
}

#[test]
fn persons_and_addresses() {
    for (text, wanted) in TEXTS {
        let found = read("", text, &[], true);
        let spans: Vec<&str> = found.iter().map(|f| &text[f.source.clone()]).collect();
        assert_eq!(spans, *wanted, "{text}");
    }
}

#[test]
fn answers_to_the_message_before() {
    for (before, text, wanted) in [
        ("Can I have your full name, please?", "sure it's stphon edzon", &["stphon edzon"][..]),
        ("name on the card?", "grace", &["grace"]),
        ("name on the card?", "yes", &[]),
        ("what's your address?", "edson street", &["edson street"]),
        ("what is your postcode", "its ec1a 1bb", &["ec1a 1bb"]),
        ("How can I help?", "edson", &[]),
    ] {
        let found = read(before, text, &[], true);
        let spans: Vec<&str> = found.iter().map(|f| &text[f.source.clone()]).collect();
        assert_eq!(spans, wanted, "{before} {text}");
    }
}

#[test]
fn every_cut_finds_the_same() {
    for (text, _) in TEXTS {
        let whole = read("", text, &[], true);
        assert_eq!(read("", text, &[], false), whole, "{text}");
        assert_eq!(read_watching("", text), whole, "{text}");
        for cut in 0..text.chars().count() {
            assert_eq!(read("", text, &[cut], true), whole, "{text} at {cut}");
        }
    }
}

#[test]
fn source_bytes_are_as_many_as_the_writing_needs() {
    for (text, _) in TEXTS.iter().filter(|(text, _)| text.is_ascii()) {
        let mut names = Names::new(Gazetteer::built_in(), "");
        let mut found = Vec::new();
        for (i, c) in text.chars().enumerate() {
            names.push(c, 6 * i..6 * i + 6, &mut found);
        }
        names.finish(&mut found);
        let escaped =
            read("", text, &[], true).into_iter().map(|f| Found { source: 6 * f.source.start..6 * f.source.end, ..f });
        assert_eq!(found, escaped.collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn nothing_is_held_for_long() {
    for unit in ["a", "John ", "A. ", "12 ", "van ", " ", "\n", "Elm, ", "'", "o'", "-", "John-", "5 Elm ", "pay to "] {
        read_watching("", &format!("John {}", unit.repeat(600)));
        read("your name?", &format!("John {}", unit.repeat(600)), &[], false);
    }
}

#[test]
fn words_at_the_border_of_length() {
    for (length, start) in (36..44).flat_map(|n| [(n, "call John"), (n, "drucilla")]) {
        let text = format!("{start} {} now, John {}", "q".repeat(length), "q".repeat(length));
        let whole = read("", &text, &[], true);
        assert_eq!(read("", &text, &[], false), whole, "{length}");
        for cut in 0..text.len() {
            assert_eq!(read("", &text, &[cut], true), whole, "{length} at {cut}");
        }
    }
}

#[test]
fn a_handle_is_small() {
    assert!(size_of::<Names>() <= 256, "{}", size_of::<Names>());
    assert!(size_of::<Token>() <= 64, "{}", size_of::<Token>());
}

/// Words that take part in decisions.
const WORDS: &str = "john John SMITH Smith grace Mr dr van der de la O'Dell Mary-Jane J my name is and to pay transfer 12 \
                     221b Elm elm street St Road Apt NY ny 13025 Paris spain SW1A 1AA rue Hauptstrasse PO Box twenty three \
                     Wells Fargo Bank says the your address zip code qzx Skj\u{e6}r Nov\u{e1}k um wife \u{43f}\u{435}\u{442} i'm \
                     name's corner x 7004 unit live at calle university of first";

/// What may stand between words, parted by a bar.
const GAPS: &str = " | | | | |, |. |\n|\n\n|: |? |'s |-| - |@||\n> |\u{2019}| \"| (|     ";

fn salad() -> impl Strategy<Value = String> {
    let words = prop::sample::select(WORDS.split_whitespace().collect::<Vec<_>>());
    let gaps = prop::sample::select(GAPS.split('|').collect::<Vec<_>>());
    prop::collection::vec((words, gaps), 0..14)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, gap)| [word, gap]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn any_cut_of_any_salad_finds_the_same(
        text in salad(),
        before in prop::sample::select(vec!["", "your name?", "your address please", "postcode", "my name is"]),
        cuts in prop::collection::vec(0usize..90, 0..6),
    ) {
        let whole = read(before, &text, &[], true);
        prop_assert_eq!(&read(before, &text, &cuts, true), &whole);
        prop_assert_eq!(&read(before, &text, &[], false), &whole);
        prop_assert_eq!(&read_watching(before, &text), &whole);
    }
}
