//! One left-to-right pass that decodes whatever JSON, `\x`, Markdown, percent or HTML escape starts at each place.
//!
//! The pass holds the characters of an escape that is not complete; when they turn out to be none, the first is let
//! through as it is and the rest are read again.

use std::ops::Range;

/// A character of the pass's input or output, with the source span it stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) char: char,
    pub(crate) source: Range<usize>,
}

/// The pass; [`Unescape::pending`] says from where on its output is still open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unescape {
    held: Vec<Glyph>,
}

/// The longest escape: `&#0000000000000064;`, a JSON surrogate pair, or four percent-encoded bytes, and one to spare.
const LONGEST: usize = 20;

enum Reading {
    /// No escape starts with these characters.
    None,
    /// More characters are needed.
    Open,
    /// The first `usize` characters are an escape for the character.
    Decoded(char, usize),
}

impl Unescape {
    /// Where the oldest held character starts in the source.
    pub(crate) fn pending(&self) -> Option<usize> {
        self.held.first().map(|g| g.source.start)
    }

    /// Reads one character and emits what is decided.
    pub(crate) fn push(&mut self, glyph: Glyph, emit: &mut impl FnMut(Glyph)) {
        if self.held.is_empty() && !matches!(glyph.char, '\\' | '%' | '&') {
            return emit(glyph);
        }
        self.held.push(glyph);
        self.settle(false, emit);
    }

    /// The text ends: what is held is no escape.
    pub(crate) fn finish(&mut self, emit: &mut impl FnMut(Glyph)) {
        self.settle(true, emit);
    }

    fn settle(&mut self, ended: bool, emit: &mut impl FnMut(Glyph)) {
        while !self.held.is_empty() {
            let mut ascii = [0u8; LONGEST];
            let len = self.held.len().min(LONGEST);
            for (to, from) in ascii.iter_mut().zip(&self.held) {
                *to = if from.char.is_ascii() { from.char as u8 } else { 0 };
            }
            match read(&ascii[..len], ended || len == LONGEST) {
                Reading::Open => return,
                Reading::None => emit(self.held.remove(0)),
                Reading::Decoded(char, n) => {
                    let source = self.held[0].source.start..self.held[n - 1].source.end;
                    self.held.drain(..n);
                    emit(Glyph { char, source });
                }
            }
        }
    }
}

fn read(text: &[u8], ended: bool) -> Reading {
    match text[0] {
        b'\\' => json(&text[1..], ended),
        b'%' => percent(text, ended),
        b'&' => html(&text[1..], ended),
        _ => Reading::None,
    }
}

fn open(ended: bool) -> Reading {
    if ended { Reading::None } else { Reading::Open }
}

/// RFC 8259 section 7 and its kin; a lone surrogate is no character and stays as it is.
fn json(text: &[u8], ended: bool) -> Reading {
    let Some(&kind) = text.first() else { return open(ended) };
    let simple = match kind {
        b'u' => return json_unicode(text, ended),
        b'x' => return hexadecimal(text, ended),
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        // Markdown puts a backslash before any sign (CommonMark 0.31, section 2.4).
        sign if sign.is_ascii_punctuation() => char::from(sign),
        _ => return Reading::None,
    };
    Reading::Decoded(simple, 2)
}

/// `\x40`, as many languages write it.
fn hexadecimal(text: &[u8], ended: bool) -> Reading {
    match hex(&text[1..], 2).map(|byte| byte.and_then(char::from_u32)) {
        Ok(Some(char)) => Reading::Decoded(char, 4),
        Ok(None) => open(ended),
        Err(()) => Reading::None,
    }
}

fn json_unicode(text: &[u8], ended: bool) -> Reading {
    let high = match hex(&text[1..], 4) {
        Ok(Some(unit)) => unit,
        Ok(None) => return open(ended),
        Err(()) => return Reading::None,
    };
    if let Some(char) = char::from_u32(high) {
        return Reading::Decoded(char, 6);
    }
    if !(0xD800..0xDC00).contains(&high) {
        return Reading::None;
    }
    for (i, expected) in b"\\u".iter().enumerate() {
        match text.get(5 + i) {
            None => return open(ended),
            Some(b) if b != expected => return Reading::None,
            Some(_) => {}
        }
    }
    match hex(&text[7..], 4) {
        Ok(None) => open(ended),
        Ok(Some(low @ 0xDC00..0xE000)) => match char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)) {
            Some(char) => Reading::Decoded(char, 12),
            None => Reading::None,
        },
        _ => Reading::None,
    }
}

/// RFC 3986 section 2.1, the bytes of one UTF-8 character.
fn percent(text: &[u8], ended: bool) -> Reading {
    let mut bytes = [0u8; 4];
    let mut need = 1;
    let mut got = 0;
    while got < need {
        match text.get(3 * got) {
            None => return open(ended),
            Some(b'%') => {}
            Some(_) => return Reading::None,
        }
        bytes[got] = match hex(&text[3 * got + 1..], 2) {
            Ok(Some(byte)) => byte as u8,
            Ok(None) => return open(ended),
            Err(()) => return Reading::None,
        };
        if got == 0 {
            need = match bytes[0] {
                0x00..=0x7F => 1,
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => return Reading::None,
            };
        }
        got += 1;
    }
    match std::str::from_utf8(&bytes[..need]).ok().and_then(|s| s.chars().next()) {
        Some(char) => Reading::Decoded(char, 3 * need),
        None => Reading::None,
    }
}

/// Numeric references, with or without the semicolon (browsers accept both), and the names of what PII is made of.
fn html(text: &[u8], ended: bool) -> Reading {
    const NAMES: [(&[u8], char); 12] = [
        (b"amp;", '&'),
        (b"apos;", '\''),
        (b"colon;", ':'),
        (b"commat;", '@'),
        (b"gt;", '>'),
        (b"hyphen;", '-'),
        (b"lowbar;", '_'),
        (b"lt;", '<'),
        (b"nbsp;", ' '),
        (b"period;", '.'),
        (b"plus;", '+'),
        (b"quot;", '"'),
    ];
    if text.first() == Some(&b'#') {
        return html_numeric(&text[1..], ended);
    }
    for (name, char) in NAMES {
        if text.starts_with(name) {
            return Reading::Decoded(char, 1 + name.len());
        }
    }
    if NAMES.iter().any(|(name, _)| name.starts_with(text)) { open(ended) } else { Reading::None }
}

fn html_numeric(text: &[u8], ended: bool) -> Reading {
    let (radix, prefix) = if matches!(text.first(), Some(b'x' | b'X')) { (16, 1) } else { (10, 0) };
    let digits = &text[prefix..];
    let len = digits.iter().take_while(|b| char::from(**b).is_digit(radix)).count();
    if len == digits.len() && !ended {
        return Reading::Open;
    }
    let value = digits[..len]
        .iter()
        .fold(0u32, |v, b| v.saturating_mul(radix).saturating_add(char::from(*b).to_digit(radix).unwrap_or(0)));
    let semicolon = usize::from(digits.get(len) == Some(&b';'));
    match char::from_u32(value) {
        Some(char) if len > 0 => Reading::Decoded(char, 2 + prefix + len + semicolon),
        _ => Reading::None,
    }
}

/// `n` hexadecimal digits; `None` while fewer are there, an error when one is none.
fn hex(text: &[u8], n: usize) -> Result<Option<u32>, ()> {
    let mut value = 0;
    for &b in text.iter().take(n) {
        value = value * 16 + char::from(b).to_digit(16).ok_or(())?;
    }
    Ok((text.len() >= n).then_some(value))
}

#[cfg(test)]
mod tests;
