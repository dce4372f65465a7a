//! The United Kingdom.

use super::number::{all_same, code, exactly, weighted};

/// NHS number: weights 10 to 2, modulo 11.
pub(super) fn nhs(text: &[u8]) -> bool {
    exactly::<10>(text).is_some_and(|d| {
        let check = (11 - weighted(&d, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
        check == u32::from(d[9]) && !all_same(&d)
    })
}

/// National insurance number: prefixes that are given out, suffix A to D.
pub(super) fn nino(text: &[u8]) -> bool {
    code::<9>(text).is_some_and(|c| {
        !b"DFIQUV".contains(&c[0])
            && !b"DFIOQUV".contains(&c[1])
            && !matches!(&c[..2], b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ")
            && c[2..8].iter().all(u8::is_ascii_digit)
            && matches!(c[8], b'A'..=b'D')
    })
}

/// Unique taxpayer reference: its first digit checks the others.
pub(super) fn utr(text: &[u8]) -> bool {
    const CHECK: [u8; 11] = [2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    exactly::<10>(text)
        .is_some_and(|d| CHECK[weighted(&d[1..], [6, 7, 8, 9, 10, 5, 4, 3, 2]) as usize % 11] == d[0] && !all_same(&d))
}
