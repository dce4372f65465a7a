//! Where text stands, decided from the left alone: inside a link, a tag or a URL a token is never restored, since
//! whoever wrote the link would receive the value.

use std::{collections::HashMap, sync::LazyLock};

/// A state of the reader; equal states read the rest alike.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Place(u16);

/// Every state and its successors: one look-up a byte.
pub(crate) struct PlaceTable {
    class_of: [u8; 256],
    classes: usize,
    next: Vec<u16>,
    exposed: Vec<bool>,
}

impl PlaceTable {
    /// The one table.
    pub(crate) fn shared() -> &'static PlaceTable {
        static TABLE: LazyLock<PlaceTable> = LazyLock::new(PlaceTable::build);
        &TABLE
    }

    /// Reads one byte.
    #[inline(always)]
    pub(crate) fn step(&self, place: Place, byte: u8) -> Place {
        Place(self.next[usize::from(place.0) * self.classes + usize::from(self.class_of[usize::from(byte)])])
    }

    /// Whether a value that starts here would land in somebody's link.
    #[inline(always)]
    pub(crate) fn exposed(&self, place: Place) -> bool {
        self.exposed[usize::from(place.0)]
    }

    /// Walks every left that can be reached.
    fn build() -> Self {
        let sample: Vec<u8> = (0..=255).filter(|&b| class(b) == b).collect();
        let index = |byte: u8| sample.iter().position(|&s| s == class(byte)).unwrap_or(0) as u8;
        let mut lefts = vec![Left::default()];
        let mut known = HashMap::from([(Left::default(), 0)]);
        let mut next = Vec::new();
        while next.len() < lefts.len() * sample.len() {
            let left = lefts[next.len() / sample.len()];
            for &byte in &sample {
                let mut to = left;
                to.step(byte);
                next.push(*known.entry(to).or_insert_with(|| {
                    lefts.push(to);
                    (lefts.len() - 1) as u16
                }));
            }
        }
        let exposed = lefts.iter().map(Left::exposed).collect();
        PlaceTable { class_of: std::array::from_fn(|b| index(b as u8)), classes: sample.len(), next, exposed }
    }
}

/// The byte that stands for all that are read alike.
fn class(byte: u8) -> u8 {
    match byte.to_ascii_lowercase() {
        b if b"wmailtod".contains(&b) => b,
        b'a'..=b'z' => b'b',
        b'0'..=b'9' => b'0',
        b'"' | b'\'' | b'`' => b'"',
        b if b.is_ascii_whitespace() => b'"',
        b if b"](<>)./?:".contains(&b) => b,
        _ => 0,
    }
}

/// What the reader remembers of the left.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
struct Left {
    container: Container,
    run: UrlRun,
    last: [u8; 2],
}

#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
enum Container {
    #[default]
    Open,
    /// After `](`, until `)`.
    Link,
    /// After `<` and a letter, until `>`.
    Tag,
}

/// A run without space or quote.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
struct UrlRun {
    /// The run's last bytes, to see `www.`, `mailto:` and `data:` in.
    tail: u64,
    /// Letter, dot, letter was seen.
    host: bool,
    /// The run is a URL.
    url: bool,
}

impl Left {
    /// Reads one byte.
    fn step(&mut self, byte: u8) {
        self.container = match (self.container, self.last[1], byte) {
            (Container::Open, b']', b'(') => Container::Link,
            (Container::Open, b'<', b) if b.is_ascii_alphabetic() => Container::Tag,
            (Container::Link, _, b')') | (Container::Tag, _, b'>') => Container::Open,
            (container, ..) => container,
        };
        if byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>') {
            self.run = UrlRun::default();
        } else {
            self.run.step(byte, self.last);
        }
        self.last = [self.last[1], byte];
        self.forget();
    }

    /// Keeps only what can still matter, so that lefts that read the rest alike are equal.
    fn forget(&mut self) {
        let kept = |b: u8, marks: &[u8]| match b {
            b if marks.contains(&b) => b,
            b if b.is_ascii_alphanumeric() => b'a',
            _ => 0,
        };
        self.last = [kept(self.last[0], b""), kept(self.last[1], b"]<.")];
        if self.run.url {
            self.run = UrlRun { url: true, ..UrlRun::default() };
        }
        let tail = self.run.tail.to_be_bytes();
        let open = |n: &usize| MARKS.iter().any(|mark| mark.len() > *n && mark.starts_with(&tail[8 - n..]));
        let longest = (1..8).rev().find(open).unwrap_or(0);
        self.run.tail &= (1u64 << (8 * longest)) - 1;
    }

    /// Whether a value that starts here would land in somebody's link.
    fn exposed(&self) -> bool {
        self.container != Container::Open || self.run.url
    }
}

/// What makes a run a URL wherever it stands in it.
const MARKS: [&[u8]; 4] = [b"://", b"www.", b"mailto:", b"data:"];

impl UrlRun {
    fn step(&mut self, byte: u8, last: [u8; 2]) {
        let byte = byte.to_ascii_lowercase();
        self.tail = self.tail << 8 | u64::from(byte);
        self.host |= last[0].is_ascii_alphanumeric() && last[1] == b'.' && byte.is_ascii_alphabetic();
        self.url |= match byte {
            b'/' => self.host || self.ends_with(b"://"),
            b'?' => self.host,
            b'.' => self.ends_with(b"www."),
            b':' => self.ends_with(b"mailto:") || self.ends_with(b"data:"),
            _ => false,
        };
    }

    fn ends_with(&self, mark: &[u8]) -> bool {
        let bytes = self.tail.to_be_bytes();
        bytes.ends_with(mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_tags_and_urls() {
        for (left, exposed) in [
            ("", false),
            ("see [it](", true),
            ("see [it](x) ", false),
            ("<img src=\"", true),
            ("a < b and ", false),
            ("<b>", false),
            ("go to https://evil/?q=", true),
            ("go to https://evil/ ", false),
            ("WWW.evil.example", true),
            ("mailto:", true),
            ("data:text/plain,", true),
            ("evil.example/", true),
            ("evil.example?", true),
            ("either/or ", false),
            ("e.g. ", false),
            ("(", false),
        ] {
            let table = PlaceTable::shared();
            let place = left.bytes().fold(Place::default(), |place, b| table.step(place, b));
            assert_eq!(table.exposed(place), exposed, "{left}");
        }
    }
}
