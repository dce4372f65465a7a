//! Card numbers and the numbers that go with them.

use super::{Said, Value, cut};
use crate::corpus::checksum::luhn;
use crate::corpus::prng::Prng;

/// First digits of a network's cards, and their lengths (ISO/IEC 7812, and what the networks publish).
struct Network {
    weight: usize,
    first: &'static [(usize, usize)],
    lengths: &'static [usize],
}

const NETWORKS: &[Network] = &[
    Network { weight: 34, first: &[(4, 4)], lengths: &[16, 16, 16, 16, 16, 16, 16, 19, 13] },
    Network { weight: 20, first: &[(51, 55)], lengths: &[16] },
    Network { weight: 10, first: &[(2221, 2720)], lengths: &[16] },
    Network { weight: 14, first: &[(34, 34), (37, 37)], lengths: &[15] },
    Network { weight: 7, first: &[(6011, 6011), (644, 649), (65, 65)], lengths: &[16] },
    Network { weight: 3, first: &[(3528, 3589)], lengths: &[16] },
    Network { weight: 3, first: &[(300, 305), (36, 36), (38, 39)], lengths: &[14] },
    Network {
        weight: 5,
        first: &[(5018, 5018), (5020, 5020), (5038, 5038), (6759, 6759)],
        lengths: &[12, 13, 16, 18, 19],
    },
    Network { weight: 3, first: &[(622_126, 622_925)], lengths: &[16, 19] },
    Network { weight: 2, first: &[(60, 60), (81, 82), (508, 508)], lengths: &[16] },
];

/// A primary account number; one of twenty has a wrong check digit and is written as cards are.
pub(super) fn pan(rng: &mut Prng) -> Value {
    let network = &NETWORKS[rng.weighted(&NETWORKS.iter().map(|network| network.weight).collect::<Vec<_>>())];
    let (low, high) = network.first[rng.below(network.first.len())];
    let length = network.lengths[rng.below(network.lengths.len())];
    let mut digits = rng.between(low, high).to_string();
    digits.push_str(&rng.digits(length - 1 - digits.len()));
    let right = luhn(&digits);
    let wrong = length == 16 && rng.chance(5);
    digits.push(if wrong { next_digit(right) } else { right });
    let groups = match length {
        14 => cut(&digits, &[4, 6]),
        15 => cut(&digits, &[4, 6, 5]),
        _ => cut(&digits, &[4, 4, 4, 4]),
    };
    let joint = if wrong { rng.weighted(&[0, 60, 40]) } else { rng.weighted(&[40, 45, 15]) };
    Value::run(groups.join(["", " ", "-"][joint]), groups)
}

fn next_digit(digit: char) -> char {
    if digit == '9' { '0' } else { char::from(digit as u8 + 1) }
}

/// Three digits, four on an American Express card.
pub(super) fn cvv(rng: &mut Prng) -> Value {
    let length = if rng.chance(20) { 4 } else { 3 };
    short(rng.digits(length))
}

pub(super) fn pin(rng: &mut Prng) -> Value {
    let length = if rng.chance(15) { 6 } else { 4 };
    short(rng.digits(length))
}

/// A one-time code of four to eight digits, some with a space or hyphen in the middle.
pub(super) fn otp(rng: &mut Prng) -> Value {
    let length = [4, 5, 6, 6, 6, 6, 7, 8][rng.below(8)];
    let digits = rng.digits(length);
    if length % 2 == 0 && length > 4 && rng.chance(25) {
        let groups = cut(&digits, &[length / 2]);
        let joint = if rng.chance(50) { " " } else { "-" };
        return Value::run(groups.join(joint), groups);
    }
    short(digits)
}

fn short(digits: String) -> Value {
    Value::run(digits.clone(), vec![digits])
}

/// The month a card ends, 2024 to 2035.
pub(super) fn expiry(rng: &mut Prng) -> Value {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (month, year) = (rng.between(1, 12), rng.between(24, 35));
    let written = match rng.weighted(&[50, 15, 10, 8, 7, 5, 5]) {
        0 => format!("{month:02}/{year}"),
        1 => format!("{month:02}/20{year}"),
        2 => format!("{month}/{year}"),
        3 => format!("{month:02}-{year}"),
        4 => format!("{month:02} / {year}"),
        5 => format!("{} 20{year}", MONTHS[month - 1]),
        _ => format!("20{year}-{month:02}"),
    };
    Value { written, said: Said::Expiry { month, year } }
}
