//! Check digits, computed here and not by the engine's code, so that one mistake cannot hide the other.

/// The digit that makes `digits` + it pass Luhn (ISO/IEC 7812-1 annex B).
pub(super) fn luhn(digits: &str) -> char {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0');
            match at % 2 {
                0 if digit > 4 => digit * 2 - 9,
                0 => digit * 2,
                _ => digit,
            }
        })
        .sum();
    digit((10 - sum % 10) % 10)
}

/// The two check digits of an IBAN (ISO 13616): mod 97 of account, country and `00`, letters as 10 to 35.
pub(super) fn iban(country: &str, account: &str) -> String {
    let mut rest = 0_u32;
    for letter in account.chars().chain(country.chars()).chain("00".chars()) {
        let value = letter.to_digit(36).unwrap_or(0);
        rest = (rest * if value > 9 { 100 } else { 10 } + value) % 97;
    }
    format!("{:02}", 98 - rest)
}

/// The ninth digit of an American routing number: weights 3, 7, 1.
pub(super) fn aba(eight: &str) -> char {
    let sum: u32 = eight.bytes().zip([3, 7, 1].into_iter().cycle()).map(|(byte, by)| u32::from(byte - b'0') * by).sum();
    digit((10 - sum % 10) % 10)
}

/// Verhoeff's check digit, as Aadhaar uses it: the dihedral group D5, written as arithmetic instead of tables.
pub(super) fn verhoeff(digits: &str) -> char {
    let folded = digits.bytes().rev().enumerate().fold(0, |sum, (at, byte)| times(sum, turned(byte - b'0', at + 1)));
    // Rotations have their opposite as inverse, reflections are their own.
    digit(u32::from(if folded < 5 { (5 - folded) % 5 } else { folded }))
}

/// Product in D5: 0 to 4 are rotations, 5 to 9 reflections.
fn times(left: u8, right: u8) -> u8 {
    match (left < 5, right < 5) {
        (true, true) => (left + right) % 5,
        (true, false) => 5 + (left + right - 5) % 5,
        (false, true) => 5 + (left - right) % 5,
        (false, false) => (left + 5 - right) % 5,
    }
}

/// Verhoeff's permutation, applied `turns` times.
fn turned(digit: u8, turns: usize) -> u8 {
    const ONCE: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    (0..turns % 8).fold(digit, |digit, _| ONCE[usize::from(digit)])
}

fn digit(value: u32) -> char {
    char::from_digit(value, 10).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers() {
        assert_eq!(luhn("411111111111111"), '1');
        assert_eq!(luhn("37828224631000"), '5');
        assert_eq!(iban("GB", "WEST12345698765432"), "82");
        assert_eq!(iban("DE", "370400440532013000"), "89");
        assert_eq!(aba("02100002"), '1');
        assert_eq!(aba("12100024"), '8');
        assert_eq!(verhoeff("236"), '3');
        assert_eq!(verhoeff("12345"), '1');
    }
}
