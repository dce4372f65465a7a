//! Numbers with units: `5s`, `32MiB`.

use std::time::Duration;

use super::find::Wrong;

/// A span of time, longer than none.
pub(super) fn span(text: &str) -> Result<Duration, Wrong> {
    let wrong = || Wrong::new("is no span of time", "e.g. 250ms, 5s, 30m, 1h");
    let (number, unit) = split(text);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(wrong()),
    };
    // Beyond a year a timer means nothing, and adding to it could overflow.
    let span = number.checked_mul(millis).filter(|ms| (1..=366 * 24 * 3_600_000).contains(ms));
    span.map(Duration::from_millis).ok_or_else(wrong)
}

/// A size in bytes, larger than none.
pub(super) fn size(text: &str) -> Result<usize, Wrong> {
    let wrong = || Wrong::new("is no size", "e.g. 512KiB, 32MiB, 1GiB");
    let (number, unit) = split(text);
    let number: usize = number.parse().map_err(|_| wrong())?;
    let factor = match unit {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(wrong()),
    };
    number.checked_mul(factor).filter(|&n| n > 0).ok_or_else(wrong)
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (&text[..digits], text[digits..].trim_start())
}
