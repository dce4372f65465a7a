//! Random texts: values, parts of values, words that speak for them, escapes of any of their characters, separators.

use proptest::prelude::*;

/// Where a text is cut.
#[derive(Clone, Debug)]
pub(crate) enum Cuts {
    Whole,
    Singly,
    /// At these parts of 65,536 of its length.
    At(Vec<u16>),
}

impl Cuts {
    pub(crate) fn of<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let mut at: Vec<usize> = match self {
            Cuts::Whole => Vec::new(),
            Cuts::Singly => (0..text.len()).collect(),
            Cuts::At(parts) => parts.iter().map(|&p| (usize::from(p) * text.len()) >> 16).collect(),
        };
        at.extend([0, text.len()]);
        at.retain(|&i| text.is_char_boundary(i));
        at.sort_unstable();
        at.windows(2).map(|w| &text[w[0]..w[1]]).collect()
    }
}

pub(crate) fn any_cuts() -> impl Strategy<Value = Cuts> {
    prop::collection::vec(any::<u16>(), 0..8).prop_map(Cuts::At)
}

pub(crate) fn any_text() -> impl Strategy<Value = String> {
    let fragment = (any_fragment(), any_way()).prop_map(|(fragment, way)| way.write(&fragment));
    prop::collection::vec(fragment, 0..7).prop_map(|fragments| fragments.concat())
}

fn any_fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(SEPARATORS).prop_map(String::from),
        2 => prop::sample::select(WORDS).prop_map(String::from),
        4 => prop::sample::select(VALUES).prop_map(String::from),
        1 => (prop::sample::select(VALUES), 1..20usize).prop_map(|(v, n)| v.chars().take(n).collect()),
        2 => digits(),
        1 => Just("a1b2".repeat(65)),
    ]
}

/// Digits in groups, so that they look like many things at once.
fn digits() -> impl Strategy<Value = String> {
    let group = (0..100_000u32, prop::sample::select(vec!["", " ", "-", ".", "/"]));
    prop::collection::vec(group, 1..5).prop_map(|groups| groups.iter().map(|(n, s)| format!("{n}{s}")).collect())
}

const SEPARATORS: &[&str] = &[
    "", " ", " ", "  ", "-", ".", ",", ". ", ", ", ": ", "\n", "/", "@", "(", ")", "[", "](", "<a ", ">", "_", "+",
    "\"", "'", "*", "**", "`", "~", "|", "\\", "\\x4", "\\u", "\\u00", "%", "%3", "&", "&#", "&#5", ";", "%25", "\\\\",
    "&amp;", "\u{ad}", "\u{200b}", "\u{301}", "\u{e9}", "://", "www.", "1", "0",
];

const WORDS: &[&str] = &[
    "card ",
    "cvv ",
    "account number ",
    "routing ",
    "iban ",
    "ssn",
    "phone: ",
    "expires ",
    "the ",
    "hello",
    "and so on ",
    "security code ",
    "social",
    "x",
    "e.g. ",
    "one two three four five ",
    "https://e.io/?q=",
    "sk-",
    "-----BEGIN ",
];

const VALUES: &[&str] = &[
    "4111111111111111",
    "4111 1111 1111 1111",
    "5555-5555-5555-4444",
    "378282246310005",
    "4111 1111 1111 1112",
    "1234-5678-9012-3456",
    "123",
    "1234",
    "09/27",
    "GB82WEST12345698765432",
    "GB82 WEST 1234 5698 7654 32",
    "de89370400440532013000",
    "123-45-6789",
    "123 45 6789",
    "123456789",
    "021000021",
    "12345678",
    "415-555-0100",
    "(415) 555-0100",
    "+44 20 7946 0958",
    "192.168.10.20",
    "2001:db8::1",
    "joe@example.com",
    "a.b+c@d-e.co.uk",
    "sk-abcdefghijklmnopqrst",
    "AKIAIOSFODNN7EXAMPLE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n",
    "NDExMTExMTExMTExMTExMQ",
    "am9lLnNtaXRoQGV4YW1wbGUuY29t",
    "34313131313131313131313131313131",
    "dGhlIGN2diBpcyAxMjMgb2s=",
    "PAN_bcdfghjklmnpqrstt",
    "email_bcdfghjklmnpqrstt",
    "PAN\\_bcdfghjklmnpqrstb",
];

/// How the characters of a fragment are written.
#[derive(Clone, Debug)]
struct Way {
    form: u8,
    /// Which characters: bit `i % 16` for the `i`th.
    which: u16,
    again: bool,
}

fn any_way() -> impl Strategy<Value = Way> {
    let plain = Just(Way { form: 0, which: 0, again: false });
    let escaped = (1..9u8, any::<u16>(), any::<bool>()).prop_map(|(form, which, again)| Way { form, which, again });
    prop_oneof![3 => plain, 1 => escaped]
}

impl Way {
    fn write(&self, text: &str) -> String {
        let escape = |(i, c): (usize, char)| match self.which >> (i % 16) & 1 {
            1 => self.escaped(c),
            _ => c.into(),
        };
        text.chars().enumerate().map(escape).collect()
    }

    fn escaped(&self, c: char) -> String {
        let code = c as u32;
        let outer = |s: String, mark: char, by: &str| if self.again { s.replace(mark, by) } else { s };
        match self.form {
            1 => outer(format!("\\u{code:04x}"), '\\', "\\\\"),
            2 if c.is_ascii() => outer(format!("%{code:02X}"), '%', "%25"),
            3 => outer(format!("&#{code};"), '&', "&amp;"),
            4 => outer(format!("&#x{code:x}"), '&', "\\u0026"),
            5 => format!("{c}\u{ad}"),
            6 => char::from_u32(code + 0xFEE0).filter(|_| ('!'..='~').contains(&c)).unwrap_or(c).into(),
            7 if c.is_ascii_digit() => char::from_u32(0x660 + code - 48).unwrap_or(c).into(),
            8 => format!("{c}\u{301}"),
            _ => c.into(),
        }
    }
}
