//! Papers that travel: ICAO 9303.

use super::number::base_36;

/// ICAO 9303 check digit: weights 7-3-1, `<` counts nothing.
fn check(text: &[u8]) -> u32 {
    let value = |b: u8| if b == b'<' { 0 } else { base_36(b) };
    text.iter().zip([7, 3, 1].iter().cycle()).map(|(&b, w)| value(b) * w).sum::<u32>() % 10
}

fn holds(text: &[u8], digit: u8) -> bool {
    check(text) == u32::from(digit.wrapping_sub(b'0'))
}

/// The second line of a passport's machine-readable zone: number, birth, expiry, and all of them.
pub(super) fn mrz_passport(text: &[u8]) -> bool {
    let whole = |t: &[u8; 44]| [&t[..10], &t[13..20], &t[21..43]].concat();
    text.first_chunk::<44>().is_some_and(|t| {
        holds(&t[..9], t[9]) && holds(&t[13..19], t[19]) && holds(&t[21..27], t[27]) && holds(&whole(t), t[43])
    })
}

/// The second line of an identity card's: birth and expiry.
pub(super) fn mrz_card(text: &[u8]) -> bool {
    text.first_chunk::<30>().is_some_and(|t| holds(&t[..6], t[6]) && holds(&t[8..14], t[14]))
}

/// A number whose last digit is the check digit of the rest, as on German cards and passports.
pub(super) fn icao(text: &[u8]) -> bool {
    text.split_last().is_some_and(|(last, rest)| rest.len() >= 8 && holds(rest, *last))
}
