//! Dates: whether the parts of a number, or the words of a text, can be a day.

use super::number::number;

/// Years that people now living, or their papers, can have.
const YEARS: std::ops::RangeInclusive<u64> = 1900..=2099;

/// Whether month and day fit together in some year.
pub(super) fn fits(month: u64, day: u64) -> bool {
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// Whether `YYMMDD` can be a day.
pub(super) fn yymmdd(digits: &[u8]) -> bool {
    matches!(digits, [_, _, rest @ ..] if rest.len() == 4 && fits(number(&rest[..2]), number(&rest[2..])))
}

/// Whether `DDMMYY` can be a day.
pub(super) fn ddmmyy(digits: &[u8]) -> bool {
    matches!(digits, [day @ .., _, _] if day.len() == 4 && fits(number(&day[2..]), number(&day[..2])))
}

/// A day, in any order that people write: `3/14/1981`, `14.3.81`, `1981-03-14`, `14031981`, `March 14th, 1981`.
pub(super) fn day(text: &[u8]) -> bool {
    let numbers: Vec<&[u8]> = text.split(|b| !b.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
    let values: Vec<u64> = numbers.iter().map(|n| digits(n)).collect();
    let named = text.iter().filter(|b| b.is_ascii_alphabetic()).count() >= 3;
    match (values[..].as_ref(), numbers.as_slice()) {
        // A month's name says most; speech parts a year in two, as in `19 81` and `2,005`.
        (values, _) if named => values.len() <= 4 && values.iter().all(|&v| v <= 99 || YEARS.contains(&v)),
        (&[year, month, day], [first, ..]) if first.len() == 4 => YEARS.contains(&year) && fits(month, day),
        (&[a, b, year], [_, _, last]) if last.len() == 2 || YEARS.contains(&year) => fits(a, b) || fits(b, a),
        (&[a, b, century, year], [.., last]) => {
            (fits(a, b) || fits(b, a)) && matches!(century, 19 | 20) && year < 100 && last.len() == 2
        }
        (_, [all]) => undivided(all),
        _ => false,
    }
}

/// Six or eight digits without anything between them.
fn undivided(all: &[u8]) -> bool {
    let at = |range: std::ops::Range<usize>| all.get(range).map_or(0, digits);
    let first = fits(at(0..2), at(2..4)) || fits(at(2..4), at(0..2));
    match all.len() {
        6 => first || fits(at(2..4), at(4..6)),
        8 => first && YEARS.contains(&at(4..8)) || YEARS.contains(&at(0..4)) && fits(at(4..6), at(6..8)),
        _ => false,
    }
}

fn digits(text: &[u8]) -> u64 {
    text.iter().fold(0u64, |v, b| v.saturating_mul(10).saturating_add(u64::from(b.wrapping_sub(b'0'))))
}
