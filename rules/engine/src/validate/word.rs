//! What a word chosen by a person looks like.

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
