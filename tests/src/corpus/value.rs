//! A value of an entity: how it is written, and what there is to say when it is spoken.

use super::prng::Prng;

mod bank;
mod card;
mod contact;
mod date;
mod identity;
mod person;
mod secret;

pub(super) use date::{MONTHS, ending};
pub(super) use person::name_and_surname;

/// One invented value.
pub(super) struct Value {
    /// As people write it.
    pub(super) written: String,
    pub(super) said: Said,
}

/// What is said, before it is put into words.
pub(super) enum Said {
    /// Nobody says it: a secret key.
    Never,
    /// Pieces in order.
    Parts(Vec<Part>),
    Date(Date),
    /// Month and the last two digits of the year.
    Expiry {
        month: usize,
        year: usize,
    },
}

/// A piece of what is said.
#[derive(Clone)]
pub(super) enum Part {
    /// Digits that mean nothing but themselves, in the groups they are printed in.
    Run(Vec<String>),
    /// A short number that may be said as one: a house number, a byte of an address, the 42 of `jo42`.
    Number(String),
    Letters(String),
    Word(String),
    /// `. - _ @ + /`
    Sign(char),
}

#[derive(Clone, Copy)]
pub(super) struct Date {
    pub(super) day: usize,
    pub(super) month: usize,
    pub(super) year: usize,
}

/// An entity of the contract, with what the corpus knows of it.
pub(super) struct Entity {
    pub(super) id: &'static str,
    pub(super) make: fn(&mut Prng) -> Value,
    /// Its own sentences, `frames/*.txt`.
    pub(super) frames: &'static str,
    pub(super) spoken: bool,
    pub(super) alone: Alone,
}

/// Whether a value tells what it is, without a word beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Alone {
    /// By its checksum, or by letters and signs that are part of it: written and spoken.
    Known,
    /// Only where it is written with its signs: `123-45-6789`, `+44 ...`.
    Shaped,
    Never,
}

macro_rules! entity {
    ($id:literal, $make:path, $spoken:literal, $alone:ident) => {
        Entity {
            id: $id,
            make: $make,
            frames: include_str!(concat!("frames/", $id, ".txt")),
            spoken: $spoken,
            alone: Alone::$alone,
        }
    };
}

/// Every entity, in the order of the output.
pub(super) const ENTITIES: &[Entity] = &[
    entity!("pan", card::pan, true, Known),
    entity!("cvv", card::cvv, true, Never),
    entity!("card_expiry", card::expiry, true, Never),
    entity!("pin", card::pin, true, Never),
    entity!("otp", card::otp, true, Never),
    entity!("iban", bank::iban, true, Known),
    entity!("us_aba", bank::aba, true, Never),
    entity!("bank_account", bank::account, true, Never),
    entity!("sort_code", bank::sort_code, true, Never),
    entity!("us_ssn", identity::ssn, true, Shaped),
    entity!("uk_nino", identity::nino, true, Known),
    entity!("in_pan", identity::in_pan, true, Known),
    entity!("in_aadhaar", identity::aadhaar, true, Never),
    entity!("passport", identity::passport, true, Never),
    entity!("driver_license", identity::driver_license, true, Never),
    entity!("member_id", identity::member_id, true, Never),
    entity!("phone", contact::phone, true, Shaped),
    entity!("email", contact::email, true, Known),
    entity!("ip", contact::ip, true, Known),
    entity!("api_key", secret::api_key, false, Known),
    entity!("date_of_birth", date::birth, true, Never),
    entity!("person", person::person, true, Never),
    entity!("address", person::address, true, Never),
    entity!("postcode", person::postcode, true, Never),
];

impl Entity {
    pub(super) fn named(id: &str) -> Option<&'static Entity> {
        ENTITIES.iter().find(|entity| entity.id == id)
    }
}

impl Value {
    fn parts(written: impl Into<String>, parts: Vec<Part>) -> Self {
        Self { written: written.into(), said: Said::Parts(parts) }
    }

    /// Digits and nothing else, in groups.
    fn run(written: impl Into<String>, groups: Vec<String>) -> Self {
        Self::parts(written, vec![Part::Run(groups)])
    }
}

/// `text`, ASCII, cut into pieces of these lengths; what is left over is the last piece.
fn cut(text: &str, lengths: &[usize]) -> Vec<String> {
    let mut rest = text;
    let mut pieces = Vec::new();
    for length in lengths {
        let (piece, after) = rest.split_at((*length).min(rest.len()));
        pieces.push(piece.to_owned());
        rest = after;
    }
    pieces.push(rest.to_owned());
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Letters and digits as parts, each run of a kind a part of its own; anything else is not said.
fn mixed_parts(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for letter in text.chars() {
        match (parts.last_mut(), letter) {
            (Some(Part::Run(groups)), '0'..='9') => groups[0].push(letter),
            (_, '0'..='9') => parts.push(Part::Run(vec![letter.to_string()])),
            (Some(Part::Letters(letters)), 'A'..='Z' | 'a'..='z') => letters.push(letter),
            (_, 'A'..='Z' | 'a'..='z') => parts.push(Part::Letters(letter.to_string())),
            _ => {}
        }
    }
    parts
}
