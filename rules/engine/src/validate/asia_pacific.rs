//! Asia, Australia, the Near East and South Africa.

use super::{
    date,
    number::{all_same, base_36, code, exactly, luhn, number, verhoeff, weighted},
};

/// Indian Aadhaar: no 0 or 1 first, and the Verhoeff digit.
pub(super) fn aadhaar(text: &[u8]) -> bool {
    exactly::<12>(text).is_some_and(|d| d[0] > 1 && verhoeff(&d) && !all_same(&d))
}

/// Australian tax file number, of nine digits.
pub(super) fn tfn(text: &[u8]) -> bool {
    exactly::<9>(text).is_some_and(|d| weighted(&d, [1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11) && !all_same(&d))
}

/// Australian business number: one less in the first place, and modulo 89.
pub(super) fn abn(text: &[u8]) -> bool {
    exactly::<11>(text).is_some_and(|d| {
        let sum = weighted(&d, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
        d[0] > 0 && (sum - 10) % 89 == 0
    })
}

/// Australian company number.
pub(super) fn acn(text: &[u8]) -> bool {
    exactly::<9>(text).is_some_and(|d| {
        let sum = weighted(&d, [8, 7, 6, 5, 4, 3, 2, 1]);
        (10 - sum % 10) % 10 == u32::from(d[8]) && !all_same(&d)
    })
}

/// Australian Medicare card; with the holder's place on it, if that is there.
pub(super) fn au_medicare(text: &[u8]) -> bool {
    let ten = exactly::<10>(text).or_else(|| exactly::<11>(text).and_then(|d| d[..10].try_into().ok()));
    ten.is_some_and(|d: [u8; 10]| {
        matches!(d[0], 2..=6) && weighted(&d, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 == u32::from(d[8])
    })
}

/// South African identity number: a day, a citizenship, and Luhn.
pub(super) fn za_id(text: &[u8]) -> bool {
    exactly::<13>(text).is_some_and(|d| date::yymmdd(&d[..6]) && d[10] < 3 && luhn(&d))
}

/// Singapore NRIC or FIN: the letter that weights and the first letter ask for.
pub(super) fn nric(text: &[u8]) -> bool {
    code::<9>(text).is_some_and(|c| {
        let Some(d) = exactly::<7>(&c[1..8]) else { return false };
        let sum = weighted(&d, [2, 7, 6, 5, 4, 3, 2]) as usize;
        let letter = match c[0] {
            b'S' => b"JZIHGFEDCBA"[sum % 11],
            b'T' => b"JZIHGFEDCBA"[(sum + 4) % 11],
            b'F' => b"XWUTRQPNMLK"[sum % 11],
            b'G' => b"XWUTRQPNMLK"[(sum + 4) % 11],
            b'M' => b"KLJNPQRTUWX"[10 - (sum + 3) % 11],
            _ => return false,
        };
        letter == c[8]
    })
}

/// Hong Kong identity card: letters count from 10, a missing one 36, modulo 11.
pub(super) fn hkid(text: &[u8]) -> bool {
    let short = code::<8>(text).map(|c| (36, c));
    let found = short.or_else(|| code::<9>(text).and_then(|c| Some((base_36(c[0]), c[1..].try_into().ok()?))));
    found.is_some_and(|(first, c): (u32, [u8; 8])| {
        let check = if c[7] == b'A' { 10 } else { base_36(c[7]) };
        let sum: u32 = c[..7].iter().zip([8, 7, 6, 5, 4, 3, 2]).map(|(&b, w)| base_36(b) * w).sum();
        c[0].is_ascii_uppercase() && (first * 9 + sum + check).is_multiple_of(11)
    })
}

/// Japanese Individual Number.
pub(super) fn my_number(text: &[u8]) -> bool {
    exactly::<12>(text).is_some_and(|d| {
        let rest = weighted(&d, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
        (if rest < 2 { 0 } else { 11 - rest }) == u32::from(d[11]) && !all_same(&d)
    })
}

/// Korean registration number: a day and a century; its checksum is not kept to since 2020.
pub(super) fn rrn(text: &[u8]) -> bool {
    exactly::<13>(text).is_some_and(|d| date::yymmdd(&d[..6]) && matches!(d[6], 1..=8))
}

/// Chinese identity card: a day, and ISO 7064 mod 11-2.
pub(super) fn cn_id(text: &[u8]) -> bool {
    code::<18>(text).is_some_and(|c| {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let Some(d) = exactly::<17>(&c[..17]) else { return false };
        let day = matches!(number(&d[6..10]), 1800..=2099) && date::fits(number(&d[10..12]), number(&d[12..14]));
        day && b"10X98765432"[weighted(&d, weights) as usize % 11] == c[17]
    })
}

/// Israeli identity number: Luhn over nine digits.
pub(super) fn il_id(text: &[u8]) -> bool {
    exactly::<9>(text).is_some_and(|d| luhn(&d))
}

/// Emirates identity card: 784, a year, and Luhn.
pub(super) fn emirates_id(text: &[u8]) -> bool {
    exactly::<15>(text).is_some_and(|d| number(&d[..3]) == 784 && matches!(number(&d[3..7]), 1900..=2099) && luhn(&d))
}

/// Thai identity number.
pub(super) fn th_id(text: &[u8]) -> bool {
    exactly::<13>(text).is_some_and(|d| {
        let sum = weighted(&d, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
        matches!(d[0], 1..=8) && (11 - sum % 11) % 10 == u32::from(d[12])
    })
}

/// Nigerian identity number: eleven digits, the last of them Verhoeff's.
pub(super) fn ng_nin(text: &[u8]) -> bool {
    exactly::<11>(text).is_some_and(|d| verhoeff(&d) && !all_same(&d))
}
