//! Bank accounts and the numbers that lead to them.

use super::{Part, Value, cut, mixed_parts};
use crate::corpus::checksum;
use crate::corpus::prng::{Prng, UPPER};

/// Country and the shape of its account part, from the IBAN registry: `n` a digit, `a` a letter, `c` either.
const IBANS: &[(&str, &str)] = &[
    ("GB", "aaaannnnnnnnnnnnnn"),
    ("DE", "nnnnnnnnnnnnnnnnnn"),
    ("FR", "nnnnnnnnnncccccccccccnn"),
    ("ES", "nnnnnnnnnnnnnnnnnnnn"),
    ("IT", "annnnnnnnnncccccccccccc"),
    ("NL", "aaaannnnnnnnnn"),
    ("BE", "nnnnnnnnnnnn"),
    ("CH", "nnnnncccccccccccc"),
    ("AT", "nnnnnnnnnnnnnnnn"),
    ("IE", "aaaannnnnnnnnnnnnn"),
    ("PT", "nnnnnnnnnnnnnnnnnnnnn"),
    ("SE", "nnnnnnnnnnnnnnnnnnnn"),
    ("NO", "nnnnnnnnnnn"),
    ("DK", "nnnnnnnnnnnnnn"),
    ("FI", "nnnnnnnnnnnnnn"),
    ("PL", "nnnnnnnnnnnnnnnnnnnnnnnn"),
    ("CZ", "nnnnnnnnnnnnnnnnnnnn"),
    ("HU", "nnnnnnnnnnnnnnnnnnnnnnnn"),
    ("GR", "nnnnnnncccccccccccccccc"),
    ("RO", "aaaacccccccccccccccc"),
    ("LU", "nnnccccccccccccc"),
    ("TR", "nnnnnncccccccccccccccc"),
    ("SA", "nncccccccccccccccccc"),
    ("AE", "nnnnnnnnnnnnnnnnnnn"),
    ("MT", "aaaannnnncccccccccccccccccc"),
];

pub(super) fn iban(rng: &mut Prng) -> Value {
    let (country, shape) = IBANS[rng.below(IBANS.len())];
    // Real accounts under a `c` are nearly all digits.
    let account: String = shape
        .chars()
        .map(|kind| match kind {
            'a' => rng.one_of(UPPER),
            'c' if rng.chance(10) => rng.one_of(UPPER),
            _ => rng.digit(),
        })
        .collect();
    let whole = format!("{country}{}{account}", checksum::iban(country, &account));
    let groups = cut(&whole, &[4; 8]);
    let written = match rng.weighted(&[45, 40, 10, 5]) {
        0 => groups.join(" "),
        1 => whole.clone(),
        2 => whole.to_lowercase(),
        _ => groups.join("-"),
    };
    Value::parts(written, mixed_parts(&whole))
}

/// A routing number of a Federal Reserve district, with its check digit.
pub(super) fn aba(rng: &mut Prng) -> Value {
    let mut digits = format!("{:02}{}", [1, 2, 3, 6, 7, 11, 12, 21, 26, 31, 32][rng.below(11)], rng.digits(6));
    digits.push(checksum::aba(&digits));
    let written = if rng.chance(10) { cut(&digits, &[4, 4]).join("-") } else { digits.clone() };
    Value::run(written, cut(&digits, &[3, 3, 3]))
}

/// An account number of 6 to 17 digits; eight and ten are the most frequent.
pub(super) fn account(rng: &mut Prng) -> Value {
    let length = [6, 7, 8, 8, 8, 8, 9, 9, 10, 10, 10, 11, 12, 12, 13, 14, 16, 17][rng.below(18)];
    let digits = rng.digits(length);
    let groups = cut(&digits, if length % 4 == 0 { &[4, 4, 4, 4] } else { &[3, 3, 3, 3, 3] });
    let written = match rng.weighted(&[75, 15, 10]) {
        0 => digits.clone(),
        1 => groups.join(" "),
        _ => groups.join("-"),
    };
    Value::run(written, groups)
}

/// Six digits that name a British branch.
pub(super) fn sort_code(rng: &mut Prng) -> Value {
    let groups = cut(&rng.digits(6), &[2, 2]);
    let written = groups.join(["-", "-", "-", "-", " ", ""][rng.below(6)]);
    if rng.chance(20) {
        let said = groups.into_iter().flat_map(|two| [Part::Sign('-'), Part::Run(vec![two])]).skip(1).collect();
        return Value::parts(written, said);
    }
    Value::run(written, groups)
}
