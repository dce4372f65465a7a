//! What a formatter makes of spoken digits: some in digits, some in words, in groups nobody would print.

use super::digits::singles;
use super::{Group, Speech};
use crate::corpus::prng::Prng;
use crate::corpus::value::{Part, Said, Value};

/// Writes some or all of the groups in digits.
pub(super) fn write_digits(rng: &mut Prng, speech: &mut Speech, value: &Value) {
    let Said::Parts(parts) = &value.said else {
        speech.traits.insert("smart date");
        return;
    };
    let email = parts.iter().any(|part| matches!(part, Part::Sign('@')));
    if email || parts.iter().any(|part| matches!(part, Part::Word(_) | Part::Number(_))) {
        speech.groups = vec![Group { source: String::new(), words: half_written(rng, parts, email) }];
        speech.traits = ["half written"].into();
        return;
    }
    let digits_only = matches!(parts.as_slice(), [Part::Run(_)]);
    if digits_only && rng.chance(45) {
        let digits = parts.iter().map(Part::plain).collect::<String>();
        speech.groups = vec![Group { source: String::new(), words: odd_groups(rng, &digits) }];
        speech.traits = ["odd groups"].into();
        return;
    }
    speech.traits.insert("digits among words");
    let digits = |group: &&mut Group| !group.source.is_empty() && group.source.bytes().all(|b| b.is_ascii_digit());
    for (at, group) in speech.groups.iter_mut().filter(digits).enumerate() {
        // At least the first group, or nothing would be mixed.
        match rng.below(3) {
            0 => group.words = vec![group.source.clone()],
            1 => group.words = one_by_one(rng, &group.source),
            _ if at == 0 => group.words = one_by_one(rng, &group.source),
            _ => {}
        }
    }
}

/// `4 one one 1`
fn one_by_one(rng: &mut Prng, digits: &str) -> Vec<String> {
    let words = singles(digits, "zero");
    digits.chars().zip(words).map(|(digit, word)| if rng.chance(50) { digit.to_string() } else { word }).collect()
}

/// `4111 1111 1111, 1111`, `411-111-1111-1111 1`, `4 1 1 1`.
fn odd_groups(rng: &mut Prng, digits: &str) -> Vec<String> {
    let sizes: &[usize] = [&[4, 4, 4, 4, 4][..], &[3, 3, 4, 4, 4, 4], &[1; 20], &[2; 10], &[8, 8, 8], &[5, 2, 3, 4, 6]]
        [rng.weighted(&[40, 20, 12, 10, 8, 10])];
    let joints: &[&str] = [&[" ", " ", ","][..], &[" ", "."], &["-", "-", " "], &[" "], &[","]][rng.below(5)];
    let (mut text, mut rest) = (String::new(), digits);
    for size in sizes.iter().cycle() {
        let (group, after) = rest.split_at((*size).min(rest.len()));
        text.push_str(group);
        if after.is_empty() {
            break;
        }
        text.push_str(match rng.pick(joints) {
            "," => ", ",
            "." => ". ",
            joint => joint,
        });
        rest = after;
    }
    text.split(' ').map(str::to_owned).collect()
}

/// `john.smith42 at gmail dot com`, `42 Maple street`, `192.168 dot 1 dot 10`.
fn half_written(rng: &mut Prng, parts: &[Part], email: bool) -> Vec<String> {
    let (mut text, mut word_before) = (String::new(), false);
    for part in parts {
        let written = match part {
            Part::Sign(sign) if rng.chance(50) => format!(" {} ", super::letters::sign(rng, *sign).join(" ")),
            part => part.plain(),
        };
        let word = !matches!(part, Part::Sign(_));
        if word && word_before && !email {
            text.push(' ');
        }
        text.push_str(&written);
        word_before = word;
    }
    if !text.contains(' ') {
        text = text.replace('@', " at ");
    }
    text.split(' ').map(str::to_owned).collect()
}
