//! Numbers that a state, an insurer or a bank gives to a person.

use super::{Value, cut, mixed_parts};
use crate::corpus::checksum::verhoeff;
use crate::corpus::prng::{Prng, UPPER};

/// A social security number that can be issued (not 000, 666 or 9xx, no zero group); one of twenty cannot.
pub(super) fn ssn(rng: &mut Prng) -> Value {
    let wrong = rng.chance(5);
    let area = if wrong {
        [0, 666, 900 + rng.below(70)][rng.below(3)]
    } else {
        match rng.between(1, 898) {
            666 => 665,
            area => area,
        }
    };
    let groups =
        vec![format!("{area:03}"), format!("{:02}", rng.between(1, 99)), format!("{:04}", rng.between(1, 9999))];
    let joint = if wrong { rng.below(2) } else { rng.weighted(&[65, 15, 20]) };
    Value::run(groups.join(["-", " ", ""][joint]), groups)
}

/// A National Insurance number: the letters HMRC uses, six digits, a letter from A to D.
pub(super) fn nino(rng: &mut Prng) -> Value {
    const NEVER: [&str; 7] = ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"];
    let mut prefix = format!("{}{}", rng.one_of("ABCEGHJKLMNOPRSTWXYZ"), rng.one_of("ABCEGHJKLMNPRSTWXYZ"));
    if NEVER.contains(&prefix.as_str()) {
        "AB".clone_into(&mut prefix);
    }
    let whole = format!("{prefix}{}{}", rng.digits(6), rng.one_of("ABCD"));
    let written = match rng.weighted(&[45, 45, 10]) {
        0 => whole.clone(),
        1 => cut(&whole, &[2, 2, 2, 2]).join(" "),
        _ => whole.to_lowercase(),
    };
    Value::parts(written, mixed_parts(&whole))
}

/// A permanent account number of India: the fourth letter says what the holder is.
pub(super) fn in_pan(rng: &mut Prng) -> Value {
    let whole = format!(
        "{}{}{}{}{}",
        rng.string(UPPER, 3),
        rng.one_of("PPPPPCHFAT"),
        rng.one_of(UPPER),
        rng.digits(4),
        rng.one_of(UPPER)
    );
    Value::parts(if rng.chance(10) { whole.to_lowercase() } else { whole.clone() }, mixed_parts(&whole))
}

/// Twelve digits, the first from 2 to 9, with Verhoeff's check digit.
pub(super) fn aadhaar(rng: &mut Prng) -> Value {
    let mut digits = format!("{}{}", rng.one_of("23456789"), rng.digits(10));
    digits.push(verhoeff(&digits));
    let groups = cut(&digits, &[4, 4]);
    Value::run(groups.join([" ", " ", "", "-"][rng.below(4)]), groups)
}

/// A passport number in the shape of one of six countries.
pub(super) fn passport(rng: &mut Prng) -> Value {
    let whole = match rng.below(6) {
        // United Kingdom, United States (older), United States (since 2021), Germany, India, France.
        0 | 1 => rng.digits(9),
        2 => format!("{}{}", rng.one_of("AXY"), rng.digits(8)),
        3 => format!("{}{}", rng.one_of("CFGHJK"), rng.string("CFGHJKLMNPRTVWXYZ0123456789", 8)),
        4 => format!("{}{}", rng.one_of("JKLMNPRSTUVZ"), rng.digits(7)),
        _ => format!("{}{}{}", rng.digits(2), rng.string(UPPER, 2), rng.digits(5)),
    };
    Value::parts(whole.clone(), mixed_parts(&whole))
}

/// A driving licence of California, Texas, New York, Florida, Great Britain or Ireland.
pub(super) fn driver_license(rng: &mut Prng) -> Value {
    let written = match rng.below(6) {
        0 => format!("{}{}", rng.one_of(UPPER), rng.digits(7)),
        1 => rng.digits(8),
        2 => cut(&rng.digits(9), &[3, 3]).join(" "),
        3 => format!(
            "{}{}-{}-{}-{}-{}",
            rng.one_of(UPPER),
            rng.digits(3),
            rng.digits(3),
            rng.digits(2),
            rng.digits(3),
            rng.digits(1)
        ),
        4 => british(rng),
        _ => format!("{}{}", rng.digits(3), rng.digits(6)),
    };
    let parts = mixed_parts(&written);
    Value::parts(written, parts)
}

/// Five letters of the surname (short ones end in 9s), decade, month, day, year, two initials, three more.
fn british(rng: &mut Prng) -> String {
    let surname = format!("{:9<5}", rng.pick(&["MORGA", "SMITH", "PATEL", "JONES", "LEE", "KHAN", "OCONN", "WRIGH"]));
    let born = format!("{}{:02}{:02}{}", rng.digit(), rng.between(1, 12), rng.between(1, 28), rng.digit());
    format!("{surname}{born}{}{}{}", rng.string(UPPER, 2), rng.digit(), rng.string(UPPER, 2))
}

/// A number of an insurer, a building society or a loyalty programme: no common shape.
pub(super) fn member_id(rng: &mut Prng) -> Value {
    let written = match rng.below(6) {
        0 => format!("{}{}", rng.string(UPPER, 3), rng.digits(9)),
        1 => format!("{}{}", rng.one_of("WHUKR"), rng.digits(8)),
        2 => rng.digits(9),
        3 => cut(&rng.digits(10), &[3, 3]).join(" "),
        4 => format!("MB-{}", rng.digits(6)),
        _ => format!("{}{}{}", rng.string(UPPER, 2), rng.digits(6), rng.one_of(UPPER)),
    };
    let parts = mixed_parts(&written);
    Value::parts(written, parts)
}
