//! Numbers of devices, networks and lines.

use super::number::{all_same, base_36, code, exactly, luhn};

fn count(text: &[u8]) -> usize {
    text.iter().filter(|b| b.is_ascii_digit()).count()
}

fn varied(text: &[u8]) -> bool {
    let mut digits = text.iter().filter(|b| b.is_ascii_digit());
    let first = digits.next();
    digits.any(|d| Some(d) != first)
}

/// As many digits as E.164 allows, not all the same, and no day at its start (`2026-03-14 10`).
pub(super) fn phone(text: &[u8]) -> bool {
    (7..=15).contains(&count(text)) && varied(text) && !starts_with_day(text)
}

/// Whether it starts with a day whose year has four digits: no part of a telephone number is written so.
fn starts_with_day(text: &[u8]) -> bool {
    let parts = text.iter().filter(|b| !b.is_ascii_digit()).take(2).count();
    let end = text.iter().enumerate().filter(|(_, b)| !b.is_ascii_digit()).nth(2).map_or(text.len(), |(i, _)| i);
    parts == 2 && end >= "1/3/2026".len() && super::date::day(&text[..end]) && has_year(&text[..end])
}

fn has_year(day: &[u8]) -> bool {
    day.split(|b| !b.is_ascii_digit()).any(|n| n.len() == 4)
}

pub(super) fn ipv4(text: &[u8]) -> bool {
    let address = std::str::from_utf8(text).ok().and_then(|t| t.parse::<std::net::Ipv4Addr>().ok());
    address.is_some_and(|a| !a.is_loopback() && !a.is_unspecified())
}

pub(super) fn ipv6(text: &[u8]) -> bool {
    let address = std::str::from_utf8(text).ok().and_then(|t| t.parse::<std::net::Ipv6Addr>().ok());
    address.is_some_and(|a| !a.is_loopback() && !a.is_unspecified())
}

/// 3GPP TS 23.003: fifteen digits, the last of them Luhn's.
pub(super) fn imei(text: &[u8]) -> bool {
    exactly::<15>(text).is_some_and(|d| luhn(&d))
}

/// ISO 3779 with the North American check digit; digits alone are no vehicle.
pub(super) fn vin(text: &[u8]) -> bool {
    code::<17>(text).is_some_and(|c| {
        // Letters count 1 to 9 by their place in groups of nine; I, O and Q do not occur.
        let value = |b: u8| match b {
            b'0'..=b'9' => u32::from(b - b'0'),
            b'A'..=b'I' => base_36(b) - 9,
            b'J'..=b'R' => base_36(b) - 18,
            _ => base_36(b) - 26,
        };
        let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
        let rest = c.iter().zip(weights).map(|(&b, w)| value(b) * w).sum::<u32>() % 11;
        let check = if c[8] == b'X' { 10 } else { u32::from(c[8].wrapping_sub(b'0')) };
        rest == check && c.iter().any(u8::is_ascii_alphabetic) && !all_same(&c)
    })
}
