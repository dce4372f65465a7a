//! Digits in words: one by one, doubled, in pairs, in hundreds.

use crate::corpus::prng::Prng;

/// How somebody reads digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::corpus) enum How {
    Singles,
    /// `double four`, `triple one`
    Repeats,
    /// `forty one eleven`
    Pairs,
    /// `eight hundred`, `twelve hundred`
    Hundreds,
    /// Each group as it comes.
    Any,
}

impl How {
    pub(super) fn draw(rng: &mut Prng) -> Self {
        [Self::Singles, Self::Repeats, Self::Pairs, Self::Hundreds, Self::Any][rng.weighted(&[48, 16, 16, 8, 12])]
    }
}

pub(super) const ONES: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const TEENS: [&str; 10] =
    ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// Any number below a million, as a number.
pub(in crate::corpus) fn cardinal(number: usize) -> String {
    match number {
        0..10 => ONES[number].to_owned(),
        10..20 => TEENS[number - 10].to_owned(),
        20..100 if number.is_multiple_of(10) => TENS[number / 10].to_owned(),
        20..100 => format!("{} {}", TENS[number / 10], ONES[number % 10]),
        100..1000 if number.is_multiple_of(100) => format!("{} hundred", ONES[number / 100]),
        100..1000 => format!("{} hundred and {}", ONES[number / 100], cardinal(number % 100)),
        _ if number.is_multiple_of(1000) => format!("{} thousand", cardinal(number / 1000)),
        _ => format!("{} thousand {}", cardinal(number / 1000), cardinal(number % 1000)),
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

pub(super) fn one(digit: char, zero: &str) -> String {
    match digit.to_digit(10) {
        Some(0) | None => zero.to_owned(),
        Some(value) => ONES[value as usize].to_owned(),
    }
}

/// One by one.
pub(super) fn singles(digits: &str, zero: &str) -> Vec<String> {
    digits.chars().map(|digit| one(digit, zero)).collect()
}

/// The groups somebody reads, which are not always the printed ones.
pub(super) fn regroup(rng: &mut Prng, printed: &[String]) -> Vec<String> {
    let digits = printed.concat();
    if digits.len() < 5 {
        return vec![digits];
    }
    let step = match rng.weighted(&[58, 10, 10, 8, 6, 8]) {
        0 => return printed.to_vec(),
        1 => 3,
        2 => 4,
        3 => 2,
        4 => digits.len(),
        _ => 0,
    };
    let (mut groups, mut rest) = (Vec::new(), digits.as_str());
    while !rest.is_empty() {
        let size = if step == 0 { rng.between(2, 5) } else { step };
        let (group, after) = rest.split_at(size.min(rest.len()));
        groups.push(group.to_owned());
        rest = after;
    }
    groups
}

/// A group in words, and the trait to note. `next` is the digit that follows: a bare `twenty` before it would be
/// heard as one number.
pub(in crate::corpus) fn spell(
    rng: &mut Prng,
    digits: &str,
    how: How,
    zero: &str,
    next: Option<char>,
) -> (Vec<String>, Option<&'static str>) {
    let how = if how == How::Any { [How::Singles, How::Repeats, How::Pairs, How::Hundreds][rng.below(4)] } else { how };
    let open = next.is_some_and(|next| next != '0');
    let said = match how {
        How::Repeats => repeats(digits, zero).map(|words| (words, "double")),
        How::Pairs => pairs(digits, zero, open).map(|words| (words, "pairs")),
        How::Hundreds => hundreds(rng, digits, zero, open).map(|words| (words, "hundred")),
        How::Singles | How::Any => None,
    };
    match said {
        Some((words, name)) => (words, Some(name)),
        None => (singles(digits, zero), None),
    }
}

fn repeats(digits: &str, zero: &str) -> Option<Vec<String>> {
    let (mut said, mut rest, mut any) = (Vec::new(), digits, false);
    while let Some(first) = rest.chars().next() {
        let run = rest.chars().take_while(|digit| *digit == first).count();
        let (name, taken) = match run {
            1 => (None, 1),
            3 => (Some("triple"), 3),
            _ => (Some("double"), 2),
        };
        any |= name.is_some();
        said.extend(name.map(str::to_owned));
        said.push(one(first, zero));
        rest = &rest[taken..];
    }
    any.then_some(said)
}

fn pairs(digits: &str, zero: &str, open: bool) -> Option<Vec<String>> {
    if digits.len() < 2 || open && digits.ends_with('0') {
        return None;
    }
    let (odd, rest) = digits.split_at(digits.len() % 2);
    let mut said = singles(odd, zero);
    for at in (0..rest.len()).step_by(2) {
        let pair = &rest[at..at + 2];
        if pair.starts_with('0') {
            said.extend(singles(pair, zero));
        } else {
            said.extend(words(&cardinal(pair.parse().unwrap_or(0))));
        }
    }
    Some(said)
}

/// `800` as `eight hundred`, `1200` as `twelve hundred`, `4000` as `four thousand`, `256` as `two fifty six`.
fn hundreds(rng: &mut Prng, digits: &str, zero: &str, open: bool) -> Option<Vec<String>> {
    let value: usize = digits.parse().ok()?;
    if digits.starts_with('0') || open && digits.ends_with('0') && !digits.ends_with("00") {
        return None;
    }
    match digits.len() {
        3 if digits.ends_with("00") => Some(words(&cardinal(value))),
        3 if rng.chance(15) => Some(words(&cardinal(value))),
        3 => pairs(digits, zero, open),
        4 if digits.ends_with("000") => Some(words(&cardinal(value))),
        4 if digits.ends_with("00") && !(value / 100).is_multiple_of(10) => {
            Some([words(&cardinal(value / 100)), words("hundred")].concat())
        }
        4 if rng.chance(8) => Some(words(&cardinal(value))),
        4 => pairs(digits, zero, open),
        _ => None,
    }
}

/// A short number that is one: `forty two`, `one ninety two`, `nineteen eighty four`, or digit by digit.
pub(super) fn number(rng: &mut Prng, digits: &str, zero: &str) -> Vec<String> {
    let value: usize = digits.parse().unwrap_or(0);
    if digits.starts_with('0') || digits.len() > 4 || rng.chance(25) {
        return singles(digits, zero);
    }
    match digits.len() {
        1 | 2 => words(&cardinal(value)),
        3 if digits.ends_with("00") || rng.chance(25) => words(&cardinal(value)),
        _ => pairs(digits, zero, false).unwrap_or_else(|| singles(digits, zero)),
    }
}
