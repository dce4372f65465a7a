//! The two readings of a whole text, written without the engine: as it stands, and with escapes and scripts decoded.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;
use rules::TapeName;
use unicode_normalization::UnicodeNormalization;

/// Characters with the source bytes that each stands for.
pub(crate) type Glyphs = Vec<(char, Range<usize>)>;

pub(crate) fn raw(text: &str) -> Glyphs {
    text.char_indices().map(|(i, c)| (c, i..i + c.len_utf8())).collect()
}

pub(crate) fn decoded(text: &str) -> Glyphs {
    let twice = unescape(&unescape(&raw(text)));
    let folded = twice.into_iter().flat_map(|(c, at)| fold(c).into_iter().map(move |c| (c, at.clone())));
    let mut seen = Glyphs::new();
    for (c, at) in folded {
        let joins = seen.last().is_some_and(|(before, _)| before.is_alphabetic());
        if !"*~`".contains(c) && (c != '_' || joins) {
            seen.push((c, at));
        }
    }
    seen
}

/// Every run of base64 or hexadecimal, from each of its first characters on.
pub(crate) fn encoded(text: &str) -> Vec<Tape> {
    static RUN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[A-Za-z0-9+/_-]{16}(?:[\r\n]*[A-Za-z0-9+/_-])*").unwrap());
    let mut tapes = Vec::new();
    for run in RUN.find_iter(text) {
        let all: Vec<(usize, char)> = run
            .as_str()
            .char_indices()
            .filter(|(_, c)| !c.is_whitespace())
            .map(|(i, c)| (run.start() + i, c))
            .collect();
        tapes.extend((0..4).map(|skip| decoding(&all[skip..], 6)));
        let hexadecimal = all.iter().take_while(|(_, c)| c.is_ascii_hexdigit()).count();
        if hexadecimal >= 16 {
            tapes.extend((0..2).map(|skip| decoding(&all[skip..hexadecimal], 4)));
        }
    }
    tapes
}

fn decoding(run: &[(usize, char)], bits: usize) -> Tape {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |c: char| match bits {
        4 => c.to_digit(16).unwrap() as usize,
        _ => DIGITS
            .find(match c {
                '-' => '+',
                '_' => '/',
                c => c,
            })
            .unwrap(),
    };
    let (mut bytes, mut sources) = (Vec::new(), Vec::new());
    for group in run.chunks(if bits == 4 { 2 } else { 4 }) {
        let binary: String = group.iter().map(|(_, c)| format!("{:0bits$b}", digit(*c))).collect();
        let decoded = (0..binary.len() / 8).map(|i| u8::from_str_radix(&binary[8 * i..8 * i + 8], 2).unwrap());
        bytes.extend(decoded);
        sources.resize(bytes.len(), group[0].0..group[group.len() - 1].0 + 1);
    }
    Tape { name: TapeName::Encoded, bytes, sources }
}

fn unescape(glyphs: &[(char, Range<usize>)]) -> Glyphs {
    let Some(first) = glyphs.first() else { return Vec::new() };
    // No escape is longer than twenty characters.
    let ahead: String = glyphs.iter().take(20).map(|g| g.0).collect();
    let (c, n) = escape(&ahead).unwrap_or((first.0, 1));
    let mut out = vec![(c, first.1.start..glyphs[n - 1].1.end)];
    out.extend(unescape(&glyphs[n..]));
    out
}

/// The character that an escape at the start of `text` stands for, and the escape's length.
fn escape(text: &str) -> Option<(char, usize)> {
    static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        [
            r#"\A\\([!-/:-@\[-`{-~nrtbf])"#,
            r"\A\\x([0-9a-fA-F]{2})",
            r"\A\\u([0-9a-fA-F]{4})(?:\\u([0-9a-fA-F]{4}))?",
            r"\A((?:%[0-9a-fA-F]{2}){1,4})",
            r"\A&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?",
            r"\A&(amp|apos|colon|commat|gt|hyphen|lowbar|lt|nbsp|period|plus|quot);",
        ]
        .map(|form| Regex::new(form).unwrap())
        .into()
    });
    let form = FORMS.iter().position(|form| form.is_match(text))?;
    let found = FORMS[form].captures(text)?;
    let group = |i: usize| found.get(i).map_or("", |m| m.as_str());
    match form {
        0 => match "nrtbf".find(group(1)) {
            Some(i) => Some(("\n\r\t\u{8}\u{c}".chars().nth(i)?, 2)),
            None => Some((group(1).chars().next()?, 2)),
        },
        1 => Some((char::from_u32(u32::from_str_radix(group(1), 16).ok()?)?, 4)),
        2 => utf16(group(1), group(2)),
        3 => utf8(group(1)),
        4 => {
            let (digits, radix) = if group(1).is_empty() { (group(2), 10) } else { (group(1), 16) };
            Some((char::from_u32(u32::from_str_radix(digits, radix).ok()?)?, found[0].len()))
        }
        _ => {
            let names =
                ["amp", "apos", "colon", "commat", "gt", "hyphen", "lowbar", "lt", "nbsp", "period", "plus", "quot"];
            let at = names.iter().position(|n| *n == group(1))?;
            Some(("&':@>-_< .+\"".chars().nth(at)?, found[0].len()))
        }
    }
}

fn utf16(first: &str, second: &str) -> Option<(char, usize)> {
    let unit = |hex| u16::from_str_radix(hex, 16).ok();
    if let Some(Ok(c)) = char::decode_utf16([unit(first)?]).next() {
        return Some((c, 6));
    }
    Some((char::decode_utf16([unit(first)?, unit(second)?]).next()?.ok()?, 12))
}

fn utf8(percents: &str) -> Option<(char, usize)> {
    let bytes: Vec<u8> = percents.split('%').skip(1).map(|h| u8::from_str_radix(h, 16).unwrap()).collect();
    let lengths = 1..=bytes.len();
    let n = lengths.into_iter().find(|&n| std::str::from_utf8(&bytes[..n]).is_ok())?;
    Some((std::str::from_utf8(&bytes[..n]).unwrap().chars().next()?, 3 * n))
}

fn fold(c: char) -> Vec<char> {
    static CLASSES: LazyLock<[Regex; 4]> = LazyLock::new(|| {
        [
            r"\p{Default_Ignorable_Code_Point}",
            r"\p{Nd}",
            r"[\p{Pd}−]",
            r"[\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]",
        ]
        .map(|class| Regex::new(class).unwrap())
    });
    let is = |c: char, class: usize| CLASSES[class].is_match(c.encode_utf8(&mut [0; 4]));
    match c {
        _ if c.is_ascii() => return vec![c],
        '\u{E0020}'..='\u{E007E}' => return vec![char::from_u32(c as u32 - 0xE0000).unwrap()],
        _ if is(c, 0) => return vec![],
        _ => {}
    }
    let digit = |c: char| is(c, 1);
    let read = |c: char| match c {
        _ if c.is_ascii() => Some(c),
        _ if digit(c) => {
            let row = (1..).take_while(|i| char::from_u32(c as u32 - i).is_some_and(digit)).count();
            char::from_digit(row as u32 % 10, 10)
        }
        _ if is(c, 2) => Some('-'),
        _ if is(c, 3) => None,
        _ => Some(c),
    };
    std::iter::once(c).nfkd().filter_map(read).collect()
}

/// A reading as bytes, each with the source bytes that it stands for.
pub(crate) struct Tape {
    pub(crate) name: TapeName,
    pub(crate) bytes: Vec<u8>,
    sources: Vec<Range<usize>>,
}

impl Tape {
    pub(crate) fn new(name: TapeName, glyphs: &Glyphs) -> Self {
        let sources = glyphs.iter().flat_map(|(c, at)| std::iter::repeat_n(at.clone(), c.len_utf8())).collect();
        let bytes = glyphs.iter().map(|g| g.0).collect::<String>().into_bytes();
        Tape { name, bytes, sources }
    }

    /// The shortest source range that holds a part of the tape.
    pub(crate) fn source(&self, part: Range<usize>) -> Range<usize> {
        self.sources[part.start].start..self.sources[part.end - 1].end
    }

    /// What is read from a source range: of what begins in it.
    pub(crate) fn text(&self, at: &Range<usize>) -> String {
        let part = self.left_of(at.start).len()..self.left_of(at.end).len();
        String::from_utf8_lossy(&self.bytes[part]).into_owned()
    }

    /// What is read before a source offset.
    pub(crate) fn left_of(&self, at: usize) -> &[u8] {
        &self.bytes[..self.sources.iter().take_while(|s| s.start < at).count()]
    }
}

/// Whether a value would land in a link, a tag or a URL, right after `left`.
pub(crate) fn in_link(left: &[u8]) -> bool {
    static URL: LazyLock<regex::bytes::Regex> =
        LazyLock::new(|| regex::bytes::Regex::new(r"(?i-u)://|www\.|mailto:|data:|[a-z0-9]\.[a-z].*[/?]").unwrap());
    let breaks = |b: &u8| b.is_ascii_whitespace() || b"\"'`<>".contains(b);
    let run = left.rsplit(breaks).next().unwrap_or_default();
    let mut container = b' ';
    for pair in left.windows(2) {
        container = match (container, pair[0], pair[1]) {
            (b' ', b']', b'(') => b')',
            (b' ', b'<', b) if b.is_ascii_alphabetic() => b'>',
            (closer, _, b) if closer == b => b' ',
            (container, ..) => container,
        };
    }
    container != b' ' || URL.is_match(run)
}
