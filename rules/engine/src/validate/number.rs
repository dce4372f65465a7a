//! What checksums have in common: digits without their separators, weighted sums, remainders.

/// The digits of a text, if there are exactly `N`.
pub(super) fn exactly<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let mut found = [0; N];
    let mut len = 0;
    for digit in text.iter().filter(|b| b.is_ascii_digit()) {
        *found.get_mut(len)? = digit - b'0';
        len += 1;
    }
    (len == N).then_some(found)
}

/// The letters and digits of a text in upper case, if there are exactly `N`.
pub(super) fn code<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let mut found = [0; N];
    let mut len = 0;
    for byte in text.iter().filter(|b| b.is_ascii_alphanumeric()) {
        *found.get_mut(len)? = byte.to_ascii_uppercase();
        len += 1;
    }
    (len == N).then_some(found)
}

/// Each digit times its weight, added up.
pub(super) fn weighted<const N: usize>(digits: &[u8], weights: [u32; N]) -> u32 {
    digits.iter().zip(weights).map(|(&d, w)| u32::from(d) * w).sum()
}

/// Digits as a number.
pub(super) fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |v, &d| v.wrapping_mul(10).wrapping_add(d.into()))
}

pub(super) fn all_same(digits: &[u8]) -> bool {
    digits.windows(2).all(|w| w[0] == w[1])
}

/// ISO/IEC 7812-1 annex B.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let weighed = digits.iter().rev().enumerate().map(|(i, &d)| luhn_weight(i, d));
    digits.len() > 1 && weighed.sum::<u32>().is_multiple_of(10) && !all_same(digits)
}

/// What a digit adds to Luhn's sum, by its place from the end.
pub(crate) fn luhn_weight(place: usize, digit: u8) -> u32 {
    match (place % 2, u32::from(digit)) {
        (0, d) => d,
        (_, d) if d < 5 => d * 2,
        (_, d) => d * 2 - 9,
    }
}

/// ISO 7064 mod 97-10 over letters (`A` = 10) and digits; a right code leaves 1.
pub(super) fn mod_97<'t>(code: impl Iterator<Item = &'t u8>) -> u32 {
    code.fold(0, |rest, &b| match b {
        b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
        _ => (rest * 100 + u32::from(b.to_ascii_uppercase().wrapping_sub(b'A')) + 10) % 97,
    })
}

/// ISO 7064 mod 11,10: the check digit of these digits.
pub(super) fn mod_11_10(digits: &[u8]) -> u8 {
    let product = digits.iter().fold(10u8, |product, &d| {
        let sum = (product + d) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10
}

/// The Verhoeff scheme: products in the dihedral group of order ten leave nothing.
pub(super) fn verhoeff(digits: &[u8]) -> bool {
    let product = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    const TURN: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let turned = |d: u8, times: usize| (0..times % 8).fold(d, |d, _| TURN[usize::from(d % 10)]);
    digits.iter().rev().enumerate().fold(0, |sum, (i, &d)| product(sum, turned(d, i))) == 0
}

/// The value of a letter or digit, `A` being 10.
pub(super) fn base_36(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        _ => u32::from(byte.to_ascii_uppercase().wrapping_sub(b'A')) + 10,
    }
}
