//! What words chosen or read out by a person look like.

use crate::names::Gazetteer;

/// Six characters or more, a letter among them, and a digit or sign: no word of a sentence.
pub(super) fn secret(text: &[u8]) -> bool {
    let letter = text.iter().any(u8::is_ascii_alphabetic);
    let other =
        text[..text.len().saturating_sub(1)].iter().any(|b| !b.is_ascii_alphabetic() && !matches!(b, b'.' | b'-'));
    let last = text.last().is_some_and(u8::is_ascii_digit);
    text.len() >= 6 && letter && (other || last)
}

/// A digit somewhere.
pub(super) fn has_digit(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_digit)
}

/// Words before "at" and a host's name that are nobody's there: "bought it at", "have a look at".
const NOBODY: &[&str] = &[
    "available",
    "bought",
    "buy",
    "check",
    "found",
    "he",
    "her",
    "here",
    "him",
    "is",
    "it",
    "listed",
    "look",
    "looked",
    "looking",
    "me",
    "one",
    "order",
    "ordered",
    "out",
    "saw",
    "see",
    "shop",
    "shopping",
    "stuff",
    "that",
    "them",
    "there",
    "they",
    "things",
    "this",
    "up",
    "us",
    "was",
    "we",
    "were",
    "you",
];

/// An e-mail address as it is read out: its first word is part of it, and no word before it.
pub(super) fn said_email(text: &[u8]) -> bool {
    let Some(local) = std::str::from_utf8(text).ok().and_then(|t| t.split('@').next()) else { return false };
    if local.rsplit(' ').next().is_some_and(|last| NOBODY.contains(&last)) {
        return false;
    }
    let mut words = local.split(' ');
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return true };
    let small = first.bytes().all(|b| b.is_ascii_lowercase());
    // "smith S M I T H"
    let spelled = first.len() > 2 && second.get(..3).is_some_and(|s| s.eq_ignore_ascii_case(&first[..3]));
    let initial = matches!(first, "a" | "i");
    let part = second == "plus" || spelled || first.len() > 1 && !Gazetteer::built_in().is_ordinary(first);
    !small || initial || part
}

/// A word and its letters behind it: `patel PA-TEL`.
pub(super) fn spelled_out(text: &[u8]) -> bool {
    let word = text.iter().position(|b| !b.is_ascii_lowercase() && *b != b'\'').unwrap_or(text.len());
    let letters = |part: &[u8]| -> Vec<u8> {
        part.iter().filter(|b| b.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect()
    };
    let (said, spelled) = (letters(&text[..word]), letters(&text[word..]));
    // A letter may be misheard.
    let same = said.iter().zip(&spelled).filter(|(a, b)| a == b).count();
    said.first() == spelled.first() && said.len().abs_diff(spelled.len()) <= 1 && same + 2 >= said.len() && same >= 3
}
