//! People and where they live.

use super::{Part, Value};
use crate::corpus::prng::{Prng, UPPER};
use crate::corpus::words;

/// A given name and a surname, from lists of this program.
pub(in crate::corpus) fn name_and_surname(rng: &mut Prng) -> (&'static str, &'static str) {
    (words::GIVEN.pick(rng), words::SURNAMES.pick(rng))
}

/// A full name in most cases; with a middle name, an initial or a title in some.
pub(super) fn person(rng: &mut Prng) -> Value {
    let (name, surname) = name_and_surname(rng);
    let middle = words::GIVEN.pick(rng);
    let word = |text: &str| Part::Word(text.to_owned());
    match rng.below(10) {
        0 => Value::parts(format!("{name} {middle} {surname}"), vec![word(name), word(middle), word(surname)]),
        1 => {
            let initial = rng.one_of(UPPER).to_string();
            let said = vec![word(name), Part::Letters(initial.clone()), word(surname)];
            Value::parts(format!("{name} {initial}. {surname}"), said)
        }
        2 => {
            let other = words::SURNAMES.pick(rng);
            Value::parts(format!("{name} {surname}-{other}"), vec![word(name), word(surname), word(other)])
        }
        _ => Value::parts(format!("{name} {surname}"), vec![word(name), word(surname)]),
    }
}

/// A street with its number, mostly with flat, city and code.
pub(super) fn address(rng: &mut Prng) -> Value {
    let american = rng.chance(60);
    let number = rng.between(1, if american { 9999 } else { 240 }).to_string();
    let street = words::STREETS.pick(rng);
    let kinds: &[&str] = if american {
        &["Street", "Avenue", "Drive", "Road", "Lane", "Court", "Boulevard", "Way", "Place", "Circle"]
    } else {
        &["Street", "Road", "Lane", "Close", "Avenue", "Gardens", "Crescent", "Way", "Terrace", "Grove"]
    };
    let kind = rng.pick(kinds);
    let mut written = format!("{number} {street} {kind}");
    let mut said = vec![Part::Number(number)];
    said.extend(format!("{street} {kind}").split(' ').map(|word| Part::Word(word.to_owned())));
    if rng.chance(25) {
        let (what, which) = (if american { "Apt" } else { "Flat" }, rng.between(1, 40).to_string());
        written.push_str(&format!(", {what} {which}"));
        said.extend([Part::Word(if american { "apartment" } else { "flat" }.into()), Part::Number(which)]);
    }
    if rng.chance(70) {
        let city = if american { words::US_CITIES } else { words::UK_CITIES }.pick(rng);
        written.push_str(&format!(", {city}"));
        said.extend(city.split(' ').filter(|word| word.len() > 2).map(|word| Part::Word(word.to_owned())));
        said.extend(city.split(' ').filter(|word| word.len() == 2).map(|word| Part::Word(state(word).to_owned())));
        if rng.chance(60) {
            let code = code(rng, american);
            written.push_str(&format!(" {}", code.0));
            said.extend(code.1);
        }
    }
    Value::parts(written, said)
}

/// How a state is said; only those of the list of cities.
fn state(short: &str) -> &'static str {
    match short {
        "CA" => "California",
        "TX" => "Texas",
        "IL" => "Illinois",
        "OH" => "Ohio",
        "FL" => "Florida",
        "WA" => "Washington",
        "CO" => "Colorado",
        "GA" => "Georgia",
        "MA" => "Massachusetts",
        "NY" => "New York",
        _ => "Oregon",
    }
}

/// A British postcode or an American ZIP code.
pub(super) fn postcode(rng: &mut Prng) -> Value {
    let american = rng.chance(40);
    let (written, said) = code(rng, american);
    Value::parts(written, said)
}

fn code(rng: &mut Prng, american: bool) -> (String, Vec<Part>) {
    if american {
        let digits = format!("{:05}", rng.between(1001, 99_950));
        if rng.chance(15) {
            let four = rng.digits(4);
            return (format!("{digits}-{four}"), vec![Part::Run(vec![digits, four])]);
        }
        return (digits.clone(), vec![Part::Run(vec![digits])]);
    }
    let area =
        rng.pick(&["SW", "M", "B", "LS", "G", "EH", "BS", "CF", "NE", "E", "N", "SE", "W", "L", "RG", "CB", "OX"]);
    let district = if area == "SW" && rng.chance(40) { "1A".to_owned() } else { rng.between(1, 20).to_string() };
    let inward = format!("{}{}", rng.digit(), rng.string("ABDEFGHJLNPQRSTUWXYZ", 2));
    let joint = if rng.chance(85) { " " } else { "" };
    let said = super::mixed_parts(&format!("{area}{district}{inward}"));
    let written = format!("{area}{district}{joint}{inward}");
    (if rng.chance(12) { written.to_lowercase() } else { written }, said)
}
