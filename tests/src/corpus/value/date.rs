//! Days on which people were born.

use super::{Date, Said, Value};
use crate::corpus::prng::Prng;

/// Names of the months, as every room of the corpus uses them.
pub(in crate::corpus) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A birthday between 1935 and 2008, in one of the forms that people write.
pub(super) fn birth(rng: &mut Prng) -> Value {
    let date = Date { day: rng.between(1, 28), month: rng.between(1, 12), year: rng.between(1935, 2008) };
    let Date { day, month, year } = date;
    let (name, short) = (MONTHS[month - 1], &MONTHS[month - 1][..3]);
    let written = match rng.below(14) {
        0 | 1 => format!("{month:02}/{day:02}/{year}"),
        2 => format!("{month}/{day}/{:02}", year % 100),
        3 => format!("{day:02}/{month:02}/{year}"),
        4 => format!("{day}/{month}/{:02}", year % 100),
        5 => format!("{year}-{month:02}-{day:02}"),
        6 => format!("{day:02}.{month:02}.{year}"),
        7 => format!("{day} {name} {year}"),
        8 => format!("{name} {day}, {year}"),
        9 => format!("{day}{} {name} {year}", ending(day)),
        10 => format!("the {day}{} of {name} {year}", ending(day)),
        11 => format!("{short} {day}, {year}"),
        12 => format!("{day}-{short}-{year}"),
        _ => format!("{month:02}-{day:02}-{year}"),
    };
    Value { written, said: Said::Date(date) }
}

/// `st` of `1st`.
pub(in crate::corpus) fn ending(day: usize) -> &'static str {
    match (day % 10, day / 10) {
        (_, 1) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}
