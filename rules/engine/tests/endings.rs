//! Where a text ends in the middle of a value: what must not be shown in part, and what may.

use proptest::{prelude::*, sample::select};

use crate::{
    grammar::{Cuts, any_cuts},
    run::subjects,
};

const LEADS: &[&str] = &["", "it is ", "account ", "card number ", "ssn: ", "iban ", "cvv ", "x", "1 ", "4111 "];

const VALUES: &[&str] = &[
    "4111 1111 1111 1111 123",
    "4111111111111111999",
    "3782-822463-10005",
    "123-45-6789-0123",
    "123456789",
    "GB82 WEST 1234 5698 7654 32 AB",
    "de89370400440532013000",
    "0001-234567 89",
    "415-555-0100",
    "\u{664}\u{661}\u{661}\u{661} 1111\\u00201111&#32;1111",
    "%34%31%31%31111111111111",
];

/// Every value stopped at every character, said to be cut and said to be whole.
#[test]
fn every_unfinished_value() {
    for (lead, value) in LEADS.iter().flat_map(|lead| VALUES.iter().map(move |value| (lead, value))) {
        for (stop, _) in value.char_indices().chain([(value.len(), ' ')]) {
            let text = format!("{lead}{}", &value[..stop]);
            for (subject, cut) in subjects().iter().flat_map(|s| [(s, false), (s, true)]) {
                let expected = subject.reference.pieces(&text, "", cut);
                for pieces in [vec![text.as_str()], Cuts::Singly.of(&text)] {
                    let checked = subject.check(&pieces, "", cut, &expected);
                    checked.unwrap_or_else(|e| panic!("{pieces:?}, cut {cut}: {e}"));
                }
            }
        }
    }
}

/// The reference's own bearings: what the design says of ends, in plain words.
#[test]
fn ten_digits_or_six_that_something_speaks_for() {
    for (text, cut, masked) in [
        ("it is 4111 1111 11", false, true),
        ("it is 4111 1111 1", false, false),
        ("it is 4111 1111 1", true, true),
        ("it is 4111 1", true, false),
        ("account 4111 1", false, false),
        ("account 4111 11", false, true),
        ("it is 4111 1111 11 ok", true, false),
    ] {
        let found = !subjects()[0].reference.pieces(text, "", cut).is_empty();
        assert_eq!(found, masked, "{text:?}, cut {cut}");
    }
}

proptest! {
    #![proptest_config(crate::cuts::cases())]

    #[test]
    fn random_ends(
        lead in select(LEADS),
        digits in prop::collection::vec((0..10u8, select(vec!["", "", "", " ", "-", ".", "\u{ad}", "\\u0020"])), 0..24),
        cuts in any_cuts(),
        cut: bool,
    ) {
        let text = digits.iter().fold(String::from(lead), |text, (digit, mark)| format!("{text}{digit}{mark}"));
        let subject = &subjects()[1];
        let expected = subject.reference.pieces(&text, "", cut);
        for pieces in [cuts.of(&text), Cuts::Singly.of(&text)] {
            let checked = subject.check(&pieces, "", cut, &expected);
            prop_assert!(checked.is_ok(), "{pieces:?}: {}", checked.unwrap_err());
        }
    }
}
