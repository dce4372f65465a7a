//! Numbers and words that are nobody's: amounts, times, flights, ordinals.

use super::prng::Prng;
use super::say::cardinal;
use super::value::{MONTHS, ending};

/// A phrase of the kind that a frame names after `#`; the kind itself if there is no such kind (a test says so).
pub(super) fn phrase(rng: &mut Prng, kind: &str, spoken: bool) -> String {
    match kind {
        "amount" => amount(rng, spoken),
        "number" => count(rng, 2, 99, spoken),
        "big" => count(rng, 100, 9_000, spoken),
        "small" => count(rng, 2, 9, spoken),
        "percent" => percent(rng, spoken),
        "time" => time(rng, spoken),
        "day" => rng.pick(&["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "tomorrow", "next week"]).into(),
        "date" => date(rng, spoken),
        "month" => MONTHS[rng.below(12)].to_owned(),
        "year" => year(rng, spoken),
        "ordinal" => {
            let words = ["first", "second", "third", "fourth", "fifth", "tenth", "twenty first"];
            rng.pick(&words).into()
        }
        "flight" => flight(rng, spoken),
        "score" => {
            let (ours, theirs) = (count(rng, 0, 7, spoken), count(rng, 0, 7, spoken));
            format!("{ours}{}{theirs}", if spoken { " " } else { "-" })
        }
        "product" => {
            rng.pick(&["savings account", "credit card", "mortgage", "car loan", "debit card", "overdraft"]).into()
        }
        "shop" => {
            rng.pick(&["the grocery store", "a gas station", "the pharmacy", "an online shop", "the cinema"]).into()
        }
        _ => kind.to_owned(),
    }
}

fn count(rng: &mut Prng, low: usize, high: usize, spoken: bool) -> String {
    let number = rng.between(low, high);
    if spoken { cardinal(number) } else { number.to_string() }
}

fn amount(rng: &mut Prng, spoken: bool) -> String {
    let (whole, cents) =
        ([rng.between(2, 99), rng.between(100, 999), rng.between(10, 99) * 100][rng.below(3)], rng.below(100));
    let pounds = rng.chance(40);
    if spoken {
        let unit = if pounds { "pounds" } else { "dollars" };
        return match rng.below(3) {
            0 if cents > 9 => format!("{} {unit} and {} cents", cardinal(whole), cardinal(cents)),
            1 if cents > 9 => format!("{} {}", cardinal(whole), cardinal(cents)),
            _ => format!("{} {unit}", cardinal(whole)),
        };
    }
    let sign = if pounds { "£" } else { "$" };
    if rng.chance(50) { format!("{sign}{whole}.{cents:02}") } else { format!("{sign}{}", thousands(whole)) }
}

fn thousands(number: usize) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}

fn percent(rng: &mut Prng, spoken: bool) -> String {
    let (whole, part) = (rng.between(1, 29), rng.between(1, 99));
    match (spoken, rng.chance(50)) {
        (true, true) => format!("{} point {} percent", cardinal(whole), cardinal(part % 10)),
        (true, false) => format!("{} percent", cardinal(whole)),
        (false, true) => format!("{whole}.{part:02}%"),
        (false, false) => format!("{whole} %"),
    }
}

fn time(rng: &mut Prng, spoken: bool) -> String {
    let (hour, minute) = (rng.between(1, 12), [0, 5, 10, 15, 20, 30, 40, 45, 50][rng.below(9)]);
    if !spoken {
        return match rng.below(3) {
            0 => format!("{hour}:{minute:02}"),
            1 => format!("{hour}:{minute:02} pm"),
            _ => format!("{:02}:{minute:02}", hour + 11),
        };
    }
    match (minute, rng.below(3)) {
        (0, 0) => format!("{} o'clock", cardinal(hour)),
        (0, _) => format!("{} p m", cardinal(hour)),
        (5, _) => format!("five past {}", cardinal(hour)),
        (10, 0) => format!("ten to {}", cardinal(hour)),
        (15, 0) => format!("quarter past {}", cardinal(hour)),
        (minute, _) => format!("{} {}", cardinal(hour), cardinal(minute)),
    }
}

fn date(rng: &mut Prng, spoken: bool) -> String {
    let (day, month) = (rng.between(1, 28), MONTHS[rng.below(12)]);
    match (spoken, rng.below(3)) {
        (true, 0) => format!("{month} {}", cardinal(day)),
        (true, _) => format!("the {} of {month}", rng.pick(&["first", "third", "tenth", "fifteenth", "twenty eighth"])),
        (false, 0) => format!("{month} {day}"),
        (false, 1) => format!("{day}{} {month}", ending(day)),
        (false, _) => format!("{:02}/{day:02}", rng.between(1, 12)),
    }
}

fn year(rng: &mut Prng, spoken: bool) -> String {
    let year = rng.between(1990, 2026);
    match (spoken, year) {
        (false, year) => year.to_string(),
        (true, 2000..2010) => cardinal(year),
        (true, year) if year % 100 == 0 => cardinal(year),
        (true, year) => format!("{} {}", cardinal(year / 100), cardinal(year % 100)),
    }
}

fn flight(rng: &mut Prng, spoken: bool) -> String {
    let (line, number) = (["BA", "UA", "LH", "DL", "AF"][rng.below(5)], rng.between(100, 999));
    if spoken {
        let name = ["british airways", "united", "lufthansa", "delta", "air france"][rng.below(5)];
        return format!("{name} {}", cardinal(number).replace(" hundred and", ""));
    }
    format!("{line}{number}")
}
