//! Checksums and registries, by name: what a pack may ask of a candidate beyond its shape.
//!
//! Each is a pure function over the candidate's decoded text, separators included.

/// Looks a validator up by the name that packs use.
pub fn by_name(name: &str) -> Option<Validator> {
    VALIDATORS.iter().find(|v| v.name == name).copied()
}

/// Every validator, by name.
pub const VALIDATORS: &[Validator] = &[
    Validator { name: "aba", about: "US routing number: registered district and the 3-7-1 checksum", holds: aba },
    Validator { name: "iban", about: "IBAN: length of its country and ISO 7064 mod 97-10", holds: iban },
    Validator { name: "ipv4", about: "four octets, not a loopback or unspecified address", holds: ipv4 },
    Validator { name: "ipv6", about: "RFC 4291 text form, not a loopback or unspecified address", holds: ipv6 },
    Validator { name: "luhn", about: "ISO/IEC 7812-1 annex B check digit, digits not all the same", holds: luhn },
    Validator { name: "pan", about: "payment card: an issuer's range and its lengths, and the Luhn digit", holds: pan },
    Validator { name: "phone", about: "7 to 15 digits (E.164), not all the same", holds: phone },
    Validator { name: "ssn", about: "US SSN: area, group and serial that can have been issued", holds: ssn },
];

/// One named check.
#[derive(Clone, Copy)]
pub struct Validator {
    /// The name in packs.
    pub name: &'static str,
    /// What it checks, in words.
    pub about: &'static str,
    /// The check itself, over the candidate's decoded text.
    pub holds: fn(&[u8]) -> bool,
}

fn digits(text: &[u8]) -> Vec<u8> {
    text.iter().filter(|b| b.is_ascii_digit()).map(|b| b - b'0').collect()
}

fn all_same(digits: &[u8]) -> bool {
    digits.windows(2).all(|w| w[0] == w[1])
}

/// The digits of a text, on the stack: longer numbers than this have no check here.
struct Digits {
    digits: [u8; 40],
    len: usize,
}

impl Digits {
    fn of(text: &[u8]) -> Option<Self> {
        let mut found = Digits { digits: [0; 40], len: 0 };
        for digit in text.iter().filter(|b| b.is_ascii_digit()) {
            *found.digits.get_mut(found.len)? = digit - b'0';
            found.len += 1;
        }
        Some(found)
    }

    fn luhn(&self) -> bool {
        let digits = &self.digits[..self.len];
        let weighed = digits.iter().rev().enumerate().map(|(i, &d)| match (i % 2, d) {
            (0, d) => u32::from(d),
            (_, d) if d < 5 => u32::from(d) * 2,
            (_, d) => u32::from(d) * 2 - 9,
        });
        self.len > 1 && weighed.sum::<u32>().is_multiple_of(10) && !all_same(digits)
    }
}

fn luhn(text: &[u8]) -> bool {
    Digits::of(text).is_some_and(|d| d.luhn())
}

fn pan(text: &[u8]) -> bool {
    Digits::of(text).is_some_and(|d| {
        let lengths = d.digits.first_chunk().and_then(issuer_lengths);
        d.len >= 12 && lengths.is_some_and(|lengths| lengths.contains(&d.len)) && d.luhn()
    })
}

/// Lengths that the issuer of the first six digits gives out (ISO/IEC 7812 ranges as the networks publish them).
fn issuer_lengths(d: &[u8; 6]) -> Option<std::ops::RangeInclusive<usize>> {
    let head = |n: usize| d.iter().take(n).fold(0u32, |v, &x| v * 10 + u32::from(x));
    Some(match (head(1), head(2), head(3), head(4), head(6)) {
        (4, ..) => 13..=19,                    // Visa
        (_, 51..=55, ..) => 16..=16,           // Mastercard
        (_, _, _, 2221..=2720, _) => 16..=16,  // Mastercard, 2-series
        (_, 34 | 37, ..) => 15..=15,           // American Express
        (_, 30 | 36 | 38 | 39, ..) => 14..=19, // Diners Club
        (_, 35, ..) => 16..=19,                // JCB
        (_, _, _, 1800 | 2131, _) => 15..=15,  // JCB, older
        (_, _, _, 2200..=2204, _) => 16..=19,  // Mir
        (_, 50 | 56..=58, ..) => 12..=19,      // Maestro
        (6, ..) => 12..=19,                    // Maestro, Discover, UnionPay, RuPay
        (_, 81 | 82, ..) => 16..=19,           // RuPay, UnionPay
        (_, _, _, 9792, _) => 16..=16,         // Troy
        _ => return None,
    })
}

fn iban(text: &[u8]) -> bool {
    let code: Vec<u8> = text.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase).collect();
    let Some(country) = code.get(..2) else { return false };
    let expected = IBAN_LENGTHS.iter().find(|(c, _)| c.as_bytes() == country).map(|&(_, n)| n);
    if expected != Some(code.len()) {
        return false;
    }
    let rearranged = code[4..].iter().chain(&code[..4]);
    let rest = rearranged.fold(0u32, |rest, &b| match b {
        b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
        _ => (rest * 100 + u32::from(b - b'A') + 10) % 97,
    });
    rest == 1
}

/// ISO 13616 registry: country and total length.
const IBAN_LENGTHS: [(&str, usize); 88] = [
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BI", 27),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DJ", 27),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FK", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HN", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MN", 20),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NI", 28),
    ("NL", 18),
    ("NO", 15),
    ("OM", 23),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("RU", 33),
    ("SA", 24),
    ("SC", 31),
    ("SD", 18),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("SO", 23),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
];

fn ssn(text: &[u8]) -> bool {
    let d = digits(text);
    let number = |r: std::ops::Range<usize>| d[r].iter().fold(0u32, |v, &x| v * 10 + u32::from(x));
    d.len() == 9 && !matches!(number(0..3), 0 | 666 | 900..) && number(3..5) != 0 && number(5..9) != 0 && !all_same(&d)
}

fn aba(text: &[u8]) -> bool {
    let d = digits(text);
    let weighted = |weight: u32, at: [usize; 3]| weight * at.iter().map(|&i| u32::from(d[i])).sum::<u32>();
    d.len() == 9
        && matches!(d[0] * 10 + d[1], 0..=12 | 21..=32 | 61..=72 | 80)
        && !all_same(&d)
        && (weighted(3, [0, 3, 6]) + weighted(7, [1, 4, 7]) + weighted(1, [2, 5, 8])) % 10 == 0
}

fn phone(text: &[u8]) -> bool {
    let d = digits(text);
    (7..=15).contains(&d.len()) && !all_same(&d)
}

fn ipv4(text: &[u8]) -> bool {
    let address = std::str::from_utf8(text).ok().and_then(|t| t.parse::<std::net::Ipv4Addr>().ok());
    address.is_some_and(|a| !a.is_loopback() && !a.is_unspecified())
}

fn ipv6(text: &[u8]) -> bool {
    let address = std::str::from_utf8(text).ok().and_then(|t| t.parse::<std::net::Ipv6Addr>().ok());
    address.is_some_and(|a| !a.is_loopback() && !a.is_unspecified())
}

#[cfg(test)]
mod tests;
