//! Where a person or a machine is reached: telephone, e-mail, network address.

use super::{Part, Value, cut, name_and_surname};
use crate::corpus::prng::Prng;

/// A number in the form its country writes it, within the country or from abroad.
pub(super) fn phone(rng: &mut Prng) -> Value {
    let abroad = rng.chance(40);
    match rng.weighted(&[45, 25, 10, 10, 10]) {
        0 => american(rng),
        1 => european(rng, "44", abroad, &["7911", "7700", "20 7946", "161 496", "131 496"], 10),
        2 => european(rng, "49", abroad, &["30", "151", "89", "176"], 10),
        3 => european(rng, "33", abroad, &["6", "7", "1", "4"], 9),
        _ => {
            let digits = format!("{}{}", rng.one_of("6789"), rng.digits(9));
            let groups = cut(&digits, &[5]);
            if abroad { with_country("91", &groups, " ") } else { Value::run(groups.join(" "), groups) }
        }
    }
}

/// NANP: area and exchange begin with 2 to 9, and an exchange never ends in 11.
fn american(rng: &mut Prng) -> Value {
    let area = ["212", "415", "617", "303", "702", "305", "646", "512", "206", "404", "971", "281"][rng.below(12)];
    let exchange = format!("{}{}{}", rng.one_of("23456789"), rng.one_of("023456789"), rng.digit());
    let line = rng.digits(4);
    let groups = vec![area.to_owned(), exchange.clone(), line.clone()];
    match rng.below(9) {
        0 | 1 => Value::run(format!("({area}) {exchange}-{line}"), groups),
        2 | 3 => Value::run(format!("{area}-{exchange}-{line}"), groups),
        4 => Value::run(format!("{area}.{exchange}.{line}"), groups),
        5 => Value::run(format!("{area} {exchange} {line}"), groups),
        6 => Value::run(format!("{area}{exchange}{line}"), groups),
        7 => with_country("1", &groups, "-"),
        _ => with_country("1", &groups, ""),
    }
}

fn european(rng: &mut Prng, country: &str, abroad: bool, areas: &[&str], length: usize) -> Value {
    let area = rng.pick(areas);
    let rest = rng.digits(length - area.bytes().filter(u8::is_ascii_digit).count());
    let rest = match (country, rest.len()) {
        ("33", _) => cut(&rest, &[2, 2, 2]),
        (_, ..5) => vec![rest],
        _ => cut(&rest, &[3]),
    };
    let mut groups: Vec<String> = area.split(' ').map(str::to_owned).chain(rest).collect();
    if abroad {
        let joint = if rng.chance(30) { "" } else { " " };
        return with_country(country, &groups, joint);
    }
    groups[0].insert(0, '0');
    let joint = [" ", " ", "", "-"][rng.below(4)];
    Value::run(groups.join(joint), groups)
}

fn with_country(country: &str, groups: &[String], joint: &str) -> Value {
    let said = [&[country.to_owned()], groups].concat();
    Value::parts(format!("+{country}{joint}{}", groups.join(joint)), vec![Part::Sign('+'), Part::Run(said)])
}

/// An address of a person or a mailbox, with the provider's or a company's domain.
pub(super) fn email(rng: &mut Prng) -> Value {
    let mut parts = mailbox(rng);
    parts.push(Part::Sign('@'));
    let domains = [
        "gmail.com",
        "gmail.com",
        "gmail.com",
        "yahoo.com",
        "hotmail.com",
        "outlook.com",
        "icloud.com",
        "aol.com",
        "protonmail.com",
        "proton.me",
        "hotmail.co.uk",
        "btinternet.com",
        "gmx.de",
        "web.de",
        "orange.fr",
        "live.com",
        "yahoo.co.in",
        "comcast.net",
        "harborbank.example.com",
        "acme-tools.com",
        "mail.bristol.ac.uk",
        "example.org",
    ];
    let mut word = String::new();
    for letter in domains[rng.below(domains.len())].chars() {
        if letter.is_ascii_alphanumeric() {
            word.push(letter);
        } else {
            parts.extend([Part::Word(std::mem::take(&mut word)), Part::Sign(letter)]);
        }
    }
    parts.push(Part::Word(word));
    let written = parts.iter().map(Part::plain).collect::<String>();
    Value::parts(if rng.chance(8) { capital(&written) } else { written }, parts)
}

fn mailbox(rng: &mut Prng) -> Vec<Part> {
    let (name, surname) = name_and_surname(rng);
    let [name, surname] =
        [name, surname].map(|word| word.to_lowercase().replace(|c: char| !c.is_ascii_lowercase(), ""));
    let (name, surname) = (Part::Word(name), Part::Word(surname));
    let year = Part::Number(["42", "7", "99", "1984", "2001", "123", "007", "88", "65", "1990"][rng.below(10)].into());
    let initial = || Part::Letters(name.plain().chars().take(1).collect());
    match rng.below(11) {
        0 | 1 => vec![name, Part::Sign('.'), surname],
        2 => vec![name, Part::Sign('.'), surname, year],
        3 => vec![name, Part::Sign('_'), surname],
        4 => vec![initial(), Part::Sign('.'), surname],
        5 => vec![initial(), surname],
        6 => vec![name, year],
        7 => vec![name, surname, year],
        8 => vec![name, Part::Sign('-'), surname],
        9 => vec![Part::Word(rng.pick(&["billing", "accounts", "info", "contact", "office", "payroll"]).into())],
        _ => vec![name, Part::Sign('+'), Part::Word(rng.pick(&["bank", "work", "news", "cards"]).into())],
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Part {
    /// The characters it stands for.
    pub(in crate::corpus) fn plain(&self) -> String {
        match self {
            Self::Run(groups) => groups.concat(),
            Self::Number(text) | Self::Letters(text) | Self::Word(text) => text.clone(),
            Self::Sign(sign) => sign.to_string(),
        }
    }
}

/// An IPv4 address, and now and then an IPv6 address, which nobody says.
pub(super) fn ip(rng: &mut Prng) -> Value {
    if rng.chance(20) {
        let groups: Vec<String> = (0..8).map(|_| format!("{:x}", rng.below(0x10000))).collect();
        let written = match rng.below(3) {
            0 => groups.join(":"),
            1 => format!("2001:db8::{}:{}", groups[0], groups[1]),
            _ => format!("fe80::{}:{}:{}", groups[0], groups[1], groups[2]),
        };
        return Value { written, said: super::Said::Never };
    }
    let first = [10, 192, 172, 203, 198, 81, 8, 52, 34, 185][rng.below(10)];
    let bytes = [first, rng.below(256), rng.below(256), rng.between(1, 254)].map(|byte| byte.to_string());
    let written = bytes.join(".");
    Value::parts(written, bytes.into_iter().flat_map(|byte| [Part::Sign('.'), Part::Number(byte)]).skip(1).collect())
}
