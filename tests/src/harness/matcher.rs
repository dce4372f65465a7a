//! Finds planted values however they are written. Shares no code with what masks them.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::speech;
use crate::base64;

/// How often what was decoded is decoded again.
const ROUNDS: usize = 3;
/// The shortest run that is tried as base64 or hex.
const CODED: usize = 12;
/// Digits zero of the scripts whose digits no compatibility form folds.
const ZEROS: [u32; 20] = [
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0,
    0x0f20, 0x1040, 0x17e0, 0x1810, 0xa620, 0xe0030,
];

/// Values that must not be somewhere.
pub struct Matcher {
    planted: Vec<(String, String)>,
}

impl Matcher {
    /// Of these values; each has to be long enough to mean something.
    pub fn of(values: &[&str]) -> Self {
        let planted: Vec<_> = values.iter().map(|value| ((*value).to_owned(), fold(value))).collect();
        assert!(planted.iter().all(|(_, folded)| folded.len() >= 6), "a planted value is too short to be found by");
        Self { planted }
    }

    /// Which of the values are there, in any disguise.
    pub fn find(&self, bytes: &[u8]) -> Vec<&str> {
        let views: Vec<_> = views(&String::from_utf8_lossy(bytes)).iter().map(|view| fold(view)).collect();
        let there = |folded: &str| views.iter().any(|view| view.contains(folded));
        self.planted.iter().filter(|(_, folded)| there(folded)).map(|(value, _)| value.as_str()).collect()
    }

    /// Fails where one of them is there.
    pub fn find_none_in(&self, place: &str, bytes: &[u8]) {
        let found = self.find(bytes);
        assert!(found.is_empty(), "{place} holds {found:?}: {}", String::from_utf8_lossy(bytes));
    }

    /// Fails where one of them is not there.
    pub fn find_all_in(&self, place: &str, bytes: &[u8]) {
        let found = self.find(bytes);
        assert_eq!(found.len(), self.planted.len(), "{place} lacks some: {}", String::from_utf8_lossy(bytes));
    }
}

/// The text, and everything that decoding makes of it.
fn views(text: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::from([text.to_owned()]);
    let mut fresh = all.clone();
    for _ in 0..ROUNDS {
        let decoded = fresh.iter().flat_map(|view| {
            let plain = [unescape(view), percent(view), entities(view), speech::heard(view)];
            plain.into_iter().chain(coded(view)).chain(coded(&view.replace(['\r', '\n'], "")))
        });
        fresh = decoded.filter(|view| !all.contains(view)).collect();
        all.extend(fresh.iter().cloned());
    }
    all
}

/// Letters and digits only, in one case and one alphabet of digits.
fn fold(text: &str) -> String {
    text.nfkd().map(digit).filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn digit(letter: char) -> char {
    let code = u32::from(letter);
    let value = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)).map(|zero| code - zero);
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(letter)
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = if rest.starts_with('x') { 2 } else { 4 };
        let code = rest.strip_prefix(['u', 'x']).and_then(|hex| hex.get(..digits));
        if let Some(letter) = code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32) {
            out.push(letter);
            rest = &rest[1 + digits..];
        } else if rest.starts_with(['n', 'r', 't', 'b', 'f']) {
            out.push('\n');
            rest = &rest[1..];
        }
    }
    out + rest
}

fn percent(text: &str) -> String {
    let (mut out, mut bytes) = (Vec::new(), text.bytes().enumerate());
    while let Some((at, byte)) = bytes.next() {
        let coded = text.as_bytes().get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match coded.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(value) if byte == b'%' => {
                out.push(value);
                bytes.nth(1);
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn entities(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("&#") {
        out.push_str(&rest[..at]);
        let body = &rest[at + 2..];
        let end = body.find(';').unwrap_or(0);
        let code = match body[..end].strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => body[..end].parse().ok(),
        };
        match code.and_then(char::from_u32) {
            Some(letter) => {
                out.push(letter);
                rest = &body[end + 1..];
            }
            None => rest = body,
        }
    }
    out + rest
}

/// Runs of base64 at each alignment, and of hex.
fn coded(text: &str) -> Vec<String> {
    let is_coded = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '-' | '_');
    let runs = text.split(|letter| !is_coded(letter)).filter(|run| run.len() >= CODED);
    let mut out = Vec::new();
    for run in runs {
        let plain = (0..4).filter_map(|skip| base64::decode(&run[skip..])).chain(hex(run));
        out.extend(plain.filter_map(|bytes| String::from_utf8(bytes).ok()));
    }
    out
}

fn hex(run: &str) -> Option<Vec<u8>> {
    let pairs = run.as_bytes().chunks_exact(2);
    pairs.map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_through_disguises() {
        let matcher = Matcher::of(&["4111 1111 1111 1111", "joe@example.com"]);
        let disguised = [
            "4111-1111-1111-1111 JOE%40EXAMPLE.COM",
            "４１１１１１１１１１１１１１１１ joe\\u0040example.com",
            "٤١١١ ١١١١ ١١١١ ١١١١ joe%2540example.com",
            "4\u{ad}111**1111**1111\n1111 joe&#64;example.com",
            "NDExMTExMTExMTExMTExMQ== am9lQGV4YW1wbGUuY29t",
            "34313131313131313131313131313131 6a6f65406578616d706c652e636f6d",
            "NDExMTExMTEx\nMTExMTExMQ== joe\\x40example.com",
            "four triple one eleven eleven one one, eleven eleven eleven. j o e at example dot com",
        ];
        for text in disguised {
            assert_eq!(matcher.find(text.as_bytes()).len(), 2, "{text}");
        }
        assert!(matcher.find(b"4111 1111 1111 111 joe@example.org").is_empty());
    }
}
