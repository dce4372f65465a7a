//! Payment cards: ISO/IEC 7812 ranges as the networks publish them, and ISO/IEC 7813 tracks.

use super::number::luhn;

/// Digits that name the issuer.
const ISSUER: usize = 6;

/// A card's number: an issuer's range, one of its lengths, and the check digit.
pub(crate) fn pan(text: &[u8]) -> bool {
    let mut digits = [0; 19];
    let mut len = 0;
    for digit in text.iter().filter(|b| b.is_ascii_digit()) {
        let Some(place) = digits.get_mut(len) else { return false };
        (*place, len) = (digit - b'0', len + 1);
        // Most numbers are nobody's: the first digits tell.
        if len == ISSUER && digits.first_chunk().and_then(issuer_lengths).is_none() {
            return false;
        }
    }
    let lengths = digits.first_chunk().and_then(issuer_lengths);
    len >= 12 && lengths.is_some_and(|lengths| lengths.contains(&len)) && luhn(&digits[..len])
}

/// Lengths that the issuer of the first six digits gives out.
fn issuer_lengths(d: &[u8; ISSUER]) -> Option<std::ops::RangeInclusive<usize>> {
    let head = |n: usize| d.iter().take(n).fold(0u32, |v, &x| v * 10 + u32::from(x));
    Some(match (head(1), head(2), head(3), head(4)) {
        (4, ..) => 13..=19,                    // Visa
        (_, 51..=55, ..) => 16..=16,           // Mastercard
        (.., 2221..=2720) => 16..=16,          // Mastercard, 2-series
        (_, 34 | 37, ..) => 15..=15,           // American Express
        (_, 30 | 36 | 38 | 39, ..) => 14..=19, // Diners Club
        (_, 35, ..) => 16..=19,                // JCB
        (.., 1800 | 2131) => 15..=15,          // JCB, older
        (.., 2200..=2204) => 16..=19,          // Mir
        (_, _, 508, _) => 16..=16,             // RuPay
        (_, 50 | 56..=58, ..) => 12..=19,      // Maestro
        (6, ..) => 12..=19,                    // Maestro, Discover, UnionPay, RuPay, Elo
        (_, 81 | 82, ..) => 16..=19,           // RuPay, UnionPay
        (.., 9792) => 16..=16,                 // Troy
        _ => return None,
    })
}

/// The number on a magnetic stripe: what stands before the first separator of track 1 or 2.
pub(super) fn track(text: &[u8]) -> bool {
    let number = text.split(|b| matches!(b, b'^' | b'=' | b'D')).next();
    number.is_some_and(pan)
}
