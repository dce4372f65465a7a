//! Where text stands, decided from the left alone: inside a link, a tag or a URL a token is never restored, since
//! whoever wrote the link would receive the value.

/// The state of the reader; equal states read the rest alike.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Place {
    container: Container,
    run: UrlRun,
    last: [u8; 2],
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Container {
    #[default]
    Open,
    /// After `](`, until `)`.
    Link,
    /// After `<` and a letter, until `>`.
    Tag,
}

/// A run without space or quote.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct UrlRun {
    /// The run's last bytes, to see `www.`, `mailto:` and `data:` in.
    tail: u64,
    /// Letter, dot, letter was seen.
    host: bool,
    /// The run is a URL.
    url: bool,
}

impl Place {
    /// Reads one byte.
    pub(crate) fn step(&mut self, byte: u8) {
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
    }

    /// Whether a value that starts here would land in somebody's link.
    pub(crate) fn exposed(&self) -> bool {
        self.container != Container::Open || self.run.url
    }
}

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
            let mut place = Place::default();
            left.bytes().for_each(|b| place.step(b));
            assert_eq!(place.exposed(), exposed, "{left}");
        }
    }
}
