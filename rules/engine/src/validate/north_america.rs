//! The United States, Canada and Mexico.

use super::{
    date,
    number::{all_same, code, exactly, luhn, number, weighted},
};

/// US social security number: area, group and serial that can have been issued.
pub(super) fn ssn(text: &[u8]) -> bool {
    exactly::<9>(text).is_some_and(|d| {
        !matches!(number(&d[..3]), 0 | 666 | 900..) && number(&d[3..5]) != 0 && number(&d[5..]) != 0 && !all_same(&d)
    })
}

/// US individual taxpayer number: 9xx, and a group that the IRS uses.
pub(super) fn itin(text: &[u8]) -> bool {
    exactly::<9>(text).is_some_and(|d| d[0] == 9 && matches!(number(&d[3..5]), 50..=65 | 70..=88 | 90..=92 | 94..=99))
}

/// US employer number: a prefix that a campus of the IRS, or the internet, gives out.
pub(super) fn ein(text: &[u8]) -> bool {
    let not_issued = |prefix| matches!(prefix, 0 | 7..=9 | 17..=19 | 28 | 29 | 49 | 69 | 70 | 78 | 79 | 89 | 96 | 97);
    exactly::<9>(text).is_some_and(|d| !not_issued(number(&d[..2])) && !all_same(&d))
}

/// US national provider identifier: Luhn behind the prefix 80840.
pub(super) fn npi(text: &[u8]) -> bool {
    exactly::<10>(text).is_some_and(|d| {
        let mut whole = [8, 0, 8, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        whole[5..].copy_from_slice(&d);
        matches!(d[0], 1 | 2) && luhn(&whole)
    })
}

/// US medical licence of the DEA: the last digit is the odd ones plus twice the even ones.
pub(super) fn dea(text: &[u8]) -> bool {
    exactly::<7>(text).is_some_and(|d| weighted(&d, [1, 2, 1, 2, 1, 2]) % 10 == u32::from(d[6]) && !all_same(&d))
}

/// Canadian social insurance number: Luhn; none starts with 8.
pub(super) fn sin(text: &[u8]) -> bool {
    exactly::<9>(text).is_some_and(|d| d[0] != 8 && luhn(&d))
}

/// Mexican CURP: a date in it, and a check digit of weights 18 to 2 (RENAPO).
pub(super) fn curp(text: &[u8]) -> bool {
    code::<18>(text).is_some_and(|c| {
        // N is followed by a letter that ASCII has not, so what comes after N counts one more.
        let value = |b: u8| super::number::base_36(b) + u32::from(b > b'N');
        let sum: u32 = c[..17].iter().enumerate().map(|(i, &b)| value(b) * (18 - i as u32)).sum();
        exactly::<6>(&c[4..10]).is_some_and(|d| date::yymmdd(&d)) && (10 - sum % 10) % 10 == value(c[17])
    })
}

/// Mexican RFC of a person or a company: a date in it, and a check character modulo 11 (SAT).
pub(super) fn rfc(text: &[u8]) -> bool {
    // A company's has one letter less, which counts as a space.
    let mut whole = [b' '; 13];
    let Some(place) = 13usize.checked_sub(text.len()) else { return false };
    whole[place..].copy_from_slice(text);
    const ORDER: &[u8] = b"0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ ";
    let value = |b: u8| ORDER.iter().position(|o| *o == b.to_ascii_uppercase()).unwrap_or(0) as u32;
    let sum: u32 = whole[..12].iter().enumerate().map(|(i, &b)| value(b) * (13 - i as u32)).sum();
    let check = match 11 - sum % 11 {
        11 => b'0',
        10 => b'A',
        n => b'0' + n as u8,
    };
    text.len() >= 12
        && exactly::<6>(&whole[4..10]).is_some_and(|d| date::yymmdd(&d))
        && whole[12].to_ascii_uppercase() == check
}
