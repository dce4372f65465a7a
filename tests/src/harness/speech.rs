//! What words say: digits, letters and signs, for the search of planted values. Simple where the rules are careful: it
//! only has to read what the tests plant.

const DIGITS: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const TEENS: [&str; 10] =
    ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
/// Words for signs, which a search passes over, and words around them.
const SIGNS: [&str; 7] = ["at", "dot", "dash", "hyphen", "underscore", "um", "uh"];

/// The text with its spoken digits as digits, without its spoken signs.
pub(super) fn heard(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let mut out = String::new();
    let mut at = 0;
    while let Some(&word) = words.get(at) {
        let next = words.get(at + 1).copied().unwrap_or_default();
        at += 1;
        if let Some(times) = ["double", "triple"].iter().position(|w| *w == word)
            && let Some(digit) = place(&DIGITS, next)
        {
            out += &digit.to_string().repeat(times + 2);
            at += 1;
        } else if let Some(tens) = place(&TENS, word) {
            let unit = place(&DIGITS[1..], next);
            out += &((tens + 2) * 10 + unit.map_or(0, |u| u + 1)).to_string();
            at += usize::from(unit.is_some());
        } else if let Some(teen) = place(&TEENS, word) {
            out += &(teen + 10).to_string();
        } else if let Some(digit) = place(&DIGITS, word).or((word == "oh").then_some(0)) {
            out += &digit.to_string();
        } else if !SIGNS.contains(&word) {
            out += word;
        }
    }
    out
}

fn place(words: &[&str], word: &str) -> Option<usize> {
    words.iter().position(|known| *known == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hears_numbers_and_addresses() {
        assert_eq!(heard("Four double one, ONE; forty one eleven twenty oh"), "411141112 00".replace(' ', ""));
        assert_eq!(heard("j o e dot smith at example dot com"), "joesmithexamplecom");
    }
}
