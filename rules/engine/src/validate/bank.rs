//! Accounts and the banks that keep them.

use super::{
    country,
    number::{all_same, code, exactly, mod_97, weighted},
};

pub(super) fn iban(text: &[u8]) -> bool {
    let code: Vec<u8> = text.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase).collect();
    let Some((head, rest)) = code.split_at_checked(4) else { return false };
    country::iban_length(&head[..2]) == Some(code.len()) && mod_97(rest.iter().chain(head)) == 1
}

pub(super) fn bic(text: &[u8]) -> bool {
    matches!(text.len(), 8 | 11) && text.get(4..6).is_some_and(country::known)
}

/// EPC262-08: mod 97-10 over all but the three characters of the business code.
pub(super) fn creditor_id(text: &[u8]) -> bool {
    let code: Vec<u8> = text.iter().filter(|b| b.is_ascii_alphanumeric()).copied().collect();
    let Some((head, rest)) = code.split_at_checked(7) else { return false };
    country::known(&head[..2].to_ascii_uppercase()) && mod_97(rest.iter().chain(&head[..4])) == 1
}

/// ABA: a Federal Reserve district, then weights 3-7-1.
pub(super) fn aba(text: &[u8]) -> bool {
    exactly::<9>(text).is_some_and(|d| {
        matches!(d[0] * 10 + d[1], 0..=12 | 21..=32 | 61..=72 | 80)
            && !all_same(&d)
            && weighted(&d, [3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
    })
}

/// Banco de México: each digit by 3-7-1, of which only the last digit counts.
pub(super) fn clabe(text: &[u8]) -> bool {
    exactly::<18>(text).is_some_and(|d| {
        let sum: u32 = d[..17].iter().zip([3, 7, 1].iter().cycle()).map(|(&d, w)| u32::from(d) * w % 10).sum();
        (10 - sum % 10) % 10 == u32::from(d[17]) && !all_same(&d)
    })
}

/// An Indian goods-and-services-tax number: a state, a PAN, an entity, `Z`, and a check character modulo 36.
pub(super) fn gstin(text: &[u8]) -> bool {
    code::<15>(text).is_some_and(|c| {
        let state = (u32::from(c[0] - b'0')) * 10 + u32::from(c[1].wrapping_sub(b'0'));
        let sum: u32 = c[..14]
            .iter()
            .enumerate()
            .map(|(i, &b)| super::number::base_36(b) * if i % 2 == 0 { 1 } else { 2 })
            .map(|v| v / 36 + v % 36)
            .sum();
        matches!(state, 1..=38 | 97 | 99) && (36 - sum % 36) % 36 == super::number::base_36(c[14])
    })
}
