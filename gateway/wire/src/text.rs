//! The inside of a JSON string: escapes undone, escapes made, and offsets from one to the other.

/// A run of a string's source.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Piece<'a> {
    /// Characters that stand for themselves.
    Plain(&'a str),
    /// A character, and the bytes of source that spell it.
    Escaped(char, usize),
}

/// What starts at a backslash.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Escape {
    /// A character, spelled by this many bytes.
    Char(char, usize),
    /// More bytes are needed.
    Open,
    /// No escape.
    None,
}

/// Reads the escape that `bytes` starts with (RFC 8259 section 7); lone surrogates are none.
pub fn escape(bytes: &[u8]) -> Escape {
    let simple = match bytes.get(1) {
        None => return Escape::Open,
        Some(b'u') => return unicode(bytes),
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b @ (b'"' | b'\\' | b'/')) => char::from(*b),
        Some(_) => return Escape::None,
    };
    Escape::Char(simple, 2)
}

fn unicode(bytes: &[u8]) -> Escape {
    let high = match unit(&bytes[2..]) {
        Ok(unit) => unit,
        Err(escape) => return escape,
    };
    if let Some(char) = char::from_u32(high) {
        return Escape::Char(char, 6);
    }
    if high >= 0xDC00 {
        return Escape::None;
    }
    match &bytes[6..] {
        [] | [b'\\'] => return Escape::Open,
        [b'\\', b'u', ..] => {}
        _ => return Escape::None,
    }
    match unit(&bytes[8..]) {
        Ok(low @ 0xDC00..0xE000) => match char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)) {
            Some(char) => Escape::Char(char, 12),
            None => Escape::None,
        },
        Ok(_) => Escape::None,
        Err(escape) => escape,
    }
}

/// Four hexadecimal digits.
fn unit(bytes: &[u8]) -> Result<u32, Escape> {
    let mut value = 0;
    for i in 0..4 {
        let digit = bytes.get(i).ok_or(Escape::Open)?;
        value = value * 16 + char::from(*digit).to_digit(16).ok_or(Escape::None)?;
    }
    Ok(value)
}

/// The runs of a valid string's source.
pub fn pieces(raw: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = raw;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let plain = rest.find('\\').unwrap_or(rest.len());
        if plain > 0 {
            let (run, later) = rest.split_at(plain);
            rest = later;
            return Some(Piece::Plain(run));
        }
        match escape(rest.as_bytes()) {
            Escape::Char(char, len) => {
                rest = &rest[len..];
                Some(Piece::Escaped(char, len))
            }
            // Not reached by strings that were parsed; a lone backslash then stands for itself.
            Escape::Open | Escape::None => Some(Piece::Plain(std::mem::take(&mut rest))),
        }
    })
}

/// The characters of a valid string's source.
pub fn unescaped(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for piece in pieces(raw) {
        match piece {
            Piece::Plain(run) => out.push_str(run),
            Piece::Escaped(char, _) => out.push(char),
        }
    }
    out
}

/// Length of the text that a valid string's source spells, in bytes of UTF-8.
pub fn unescaped_len(raw: &str) -> usize {
    pieces(raw)
        .map(|piece| match piece {
            Piece::Plain(run) => run.len(),
            Piece::Escaped(char, _) => char.len_utf8(),
        })
        .sum()
}

/// Walks a valid string's source, from offsets of its text to offsets of the source.
pub struct Cursor<'a> {
    rest: &'a str,
    text: usize,
    source: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor at the string's start.
    pub fn new(raw: &'a str) -> Self {
        Cursor { rest: raw, text: 0, source: 0 }
    }

    /// Where in the source the byte of text at `offset` is spelled; inside an escape, where the escape ends. Offsets
    /// must not decrease from call to call.
    pub fn source(&mut self, offset: usize) -> usize {
        while self.text < offset && !self.rest.is_empty() {
            // Only as far as asked: whoever asks often must not search the whole rest each time.
            let wanted = (offset - self.text).min(self.rest.len());
            let plain = self.rest.as_bytes()[..wanted].iter().position(|&b| b == b'\\').unwrap_or(wanted);
            let (text, source) = match escape(self.rest.as_bytes()) {
                _ if plain > 0 => (plain, plain),
                Escape::Char(char, len) => (char.len_utf8(), len),
                Escape::Open | Escape::None => (1, 1),
            };
            self.text += text;
            self.source += source;
            self.rest = &self.rest[source..];
        }
        self.source
    }
}

/// Appends text as the inside of a JSON string.
pub fn escape_into(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_fall_between_characters() {
        let raw = r"a\u0040\n\ud83d\ude00b";
        assert_eq!(unescaped(raw), "a@\n😀b");
        assert_eq!(unescaped_len(raw), 8);
        let mut cursor = Cursor::new(raw);
        let ends: Vec<usize> = [0, 1, 2, 3, 7, 8].iter().map(|&t| cursor.source(t)).collect();
        assert_eq!(ends, [0, 1, 7, 9, 21, 22]);
    }

    #[test]
    fn escaping_is_undone_by_unescaping() {
        let text = "a\"\\\n\r\t\u{1}é😀/";
        let mut raw = String::new();
        escape_into(text, &mut raw);
        assert_eq!(unescaped(&raw), text);
    }
}
