//! Every way of writing a digit that Unicode knows reads as that digit.

use super::*;

fn folded(text: &str) -> String {
    let mut out = String::new();
    text.chars().for_each(|c| fold(c, &mut |d| out.push(d)));
    out
}

#[test]
fn scripts_forms_and_invisible_marks() {
    for (written, read) in [
        ("４１１１", "4111"),
        ("٤١١١", "4111"),
        ("𝟒𝟙𝟣𝟷", "4111"),
        ("④①①①", "4111"),
        ("4\u{AD}1\u{200B}1\u{FE0F}1", "4111"),
        ("4\u{20E3}1\u{336}11", "4111"),
        ("\u{E0034}\u{E0031}\u{E0031}\u{E0031}", "4111"),
        ("joe＠example．com", "joe@example.com"),
        ("123‑45–6789", "123-45-6789"),
        ("1\u{A0}2\u{202F}3", "1 2 3"),
        ("415·555•0132", "415.555.0132"),
        ("José", "Jose"),
        ("東京", "東京"),
    ] {
        assert_eq!(folded(written), read, "{written}");
    }
}

#[test]
fn every_decimal_digit_has_its_value() {
    let rows = &TABLES.digit.0;
    assert!(rows.len() > 60, "the Unicode table is there");
    for &(start, end) in rows {
        assert_eq!((end as u32 - start as u32 + 1) % 10, 0, "rows of ten from {start:?}");
    }
}
