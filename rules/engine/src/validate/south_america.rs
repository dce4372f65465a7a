//! Brazil, Argentina and Chile.

use super::number::{all_same, code, exactly, weighted};

/// Remainder of a weighted sum as Brazil makes a check digit of it.
fn brazil(sum: u32) -> u8 {
    if sum % 11 < 2 { 0 } else { (11 - sum % 11) as u8 }
}

pub(super) fn cpf(text: &[u8]) -> bool {
    exactly::<11>(text).is_some_and(|d| {
        brazil(weighted(&d, [10, 9, 8, 7, 6, 5, 4, 3, 2])) == d[9]
            && brazil(weighted(&d, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) == d[10]
            && !all_same(&d)
    })
}

pub(super) fn cnpj(text: &[u8]) -> bool {
    exactly::<14>(text).is_some_and(|d| {
        brazil(weighted(&d, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == d[12]
            && brazil(weighted(&d, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == d[13]
            && !all_same(&d)
    })
}

pub(super) fn cuit(text: &[u8]) -> bool {
    exactly::<11>(text).is_some_and(|d| {
        let check = 11 - weighted(&d, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
        matches!(d[0] * 10 + d[1], 20 | 23..=27 | 30 | 33 | 34) && check % 11 == u32::from(d[10])
    })
}

/// Chilean RUT of eight digits, or seven, and a check character that may be `K`.
pub(super) fn rut(text: &[u8]) -> bool {
    let padded = [b"0".as_slice(), text].concat();
    code::<9>(text).or_else(|| code::<9>(&padded)).is_some_and(|c| {
        let sum: u32 =
            c[..8].iter().zip([3, 2, 7, 6, 5, 4, 3, 2]).map(|(&b, w)| u32::from(b.wrapping_sub(b'0')) * w).sum();
        let check = match 11 - sum % 11 {
            11 => b'0',
            10 => b'K',
            n => b'0' + n as u8,
        };
        c[..8].iter().all(u8::is_ascii_digit) && c[8] == check
    })
}
