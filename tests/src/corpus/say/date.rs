//! Dates as they are said: words, digits, and what formatters make of them.

use super::Reading;
use super::digits::{cardinal, number, singles};
use crate::corpus::prng::Prng;
use crate::corpus::value::{Date, MONTHS, ending};

const ORDINALS: [&str; 32] = [
    "",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty first",
    "twenty second",
    "twenty third",
    "twenty fourth",
    "twenty fifth",
    "twenty sixth",
    "twenty seventh",
    "twenty eighth",
    "twenty ninth",
    "thirtieth",
    "thirty first",
];

/// A day of birth.
pub(super) fn day(rng: &mut Prng, date: Date, reading: Reading) -> Vec<String> {
    let Date { day, month, year } = date;
    let (name, nth, end) = (MONTHS[month - 1], ORDINALS[day], ending(day));
    let said = if reading == Reading::Mixed {
        match rng.below(8) {
            0 => format!("{name} {day}{end} {year}"),
            1 => format!("the {day}{end} of {name} {year}"),
            2 => format!("{month}/{day}/{:02}", year % 100),
            3 => format!("{month:02} {day:02} {year}"),
            4 => format!("{name} {day}, {year}"),
            5 => format!("{name} {nth} {year}"),
            6 => format!("{day} {name} {}", spoken_year(rng, year)),
            _ => format!("{month} {day} {:02}", year % 100),
        }
    } else {
        let year = spoken_year(rng, year);
        match rng.below(8) {
            0 => format!("{name} {nth} {year}"),
            1 => format!("the {nth} of {name} {year}"),
            2 => format!("{nth} of {name} {year}"),
            3 => format!("{nth} {name} {year}"),
            4 => format!("{name} the {nth} {year}"),
            5 => format!("{} {} {year}", two(rng, month), two(rng, day)),
            6 => format!("{} {} {year}", two(rng, day), two(rng, month)),
            _ => format!("{name} {} {year}", cardinal(day)),
        }
    };
    said.split(' ').map(str::to_owned).collect()
}

/// `twelve`, `one two`, `oh three`, `three`.
fn two(rng: &mut Prng, value: usize) -> String {
    if value > 9 {
        return if rng.chance(80) { cardinal(value) } else { singles(&value.to_string(), "oh").join(" ") };
    }
    format!("{}{}", ["oh ", "zero ", ""][rng.below(3)], cardinal(value))
}

fn spoken_year(rng: &mut Prng, year: usize) -> String {
    let last = year % 100;
    let pair = if last < 10 { format!("oh {}", cardinal(last)) } else { cardinal(last) };
    match (year / 100, rng.below(10)) {
        (_, 0..4) => pair,
        (_, 4) => singles(&year.to_string(), "oh").join(" "),
        (20, _) if rng.chance(70) => format!("two thousand {}{}", ["and ", ""][rng.below(2)], cardinal(last)),
        (19, _) if last == 0 => "nineteen hundred".to_owned(),
        (century, _) => format!("{} {pair}", cardinal(century)),
    }
}

/// The month a card ends.
pub(super) fn expiry(rng: &mut Prng, month: usize, year: usize, zero: &str, reading: Reading) -> Vec<String> {
    let name = MONTHS[month - 1];
    let said = if reading == Reading::Mixed {
        match rng.below(5) {
            0 => format!("{month:02} {year}"),
            1 => format!("{month}/{year}"),
            2 => format!("{name} 20{year}"),
            3 => format!("{month:02}, {year}"),
            _ => format!("{name} {year}"),
        }
    } else {
        let numeral = if month > 9 { cardinal(month) } else { format!("{zero} {}", cardinal(month)) };
        let digits = singles(&year.to_string(), zero).join(" ");
        let two = number(rng, &year.to_string(), zero).join(" ");
        match rng.below(9) {
            0 => format!("{numeral} {two}"),
            1 => format!("{numeral} slash {two}"),
            2 => format!("{name} twenty {}", cardinal(year)),
            3 => format!("{name} {}", cardinal(year)),
            4 => format!("{numeral} twenty {}", cardinal(year)),
            5 => format!("{} {digits}", singles(&format!("{month:02}"), zero).join(" ")),
            6 => format!("{} of {}", cardinal(month), cardinal(year)),
            7 => format!("{name} of twenty {}", cardinal(year)),
            _ => format!("{name} two thousand {}{}", ["and ", ""][rng.below(2)], cardinal(year)),
        }
    };
    said.split(' ').map(str::to_owned).collect()
}
