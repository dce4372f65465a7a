//! Checksums and registries, by name: what a pack may ask of a candidate beyond its shape.
//!
//! Each is a pure function over the candidate's decoded text, separators included.

mod asia_pacific;
mod bank;
mod britain;
mod country;
mod date;
mod document;
mod europe;
mod network;
mod north_america;
mod number;
mod payment;
mod south_america;
mod wallet;
mod word;

pub(crate) use number::luhn_weight;
pub(crate) use payment::pan as is_card;

/// Looks a validator up by the name that packs use.
pub fn by_name(name: &str) -> Option<Validator> {
    VALIDATORS.iter().find(|v| v.name == name).copied()
}

/// One named check.
#[derive(Clone, Copy)]
pub struct Validator {
    /// The name in packs.
    pub name: &'static str,
    /// What it checks, in words.
    pub about: &'static str,
    /// The check itself, over the candidate's decoded text.
    pub holds: fn(&[u8]) -> bool,
    /// Whether it is a proof of what the candidate is, and not only of its shape.
    pub proves: bool,
}

/// Every validator, by name.
pub const VALIDATORS: &[Validator] = &[
    check("aadhaar", "India: twelve digits and Verhoeff's", asia_pacific::aadhaar),
    check("aba", "US routing number: registered district and the 3-7-1 checksum", bank::aba),
    check("abn", "Australian business number: modulo 89", asia_pacific::abn),
    check("acn", "Australian company number: modulo 10", asia_pacific::acn),
    check("ahv", "Switzerland: 756 and EAN-13", europe::ahv),
    check("au_medicare", "Australian Medicare card: modulo 10", asia_pacific::au_medicare),
    check("base58check", "Bitcoin address: double SHA-256", wallet::base58check),
    check("be_nrn", "Belgian register number: modulo 97", europe::be_nrn),
    check("bech32", "Bitcoin address of BIP 173 or BIP 350", wallet::bech32),
    check("bic", "ISO 9362: the country's code", bank::bic),
    check("bsn", "Dutch citizen number: the eleven-test", europe::bsn),
    check("clabe", "Mexican account: the 3-7-1 checksum", bank::clabe),
    check("cn_id", "Chinese identity card: a day, ISO 7064 mod 11-2", asia_pacific::cn_id),
    check("cnpj", "Brazilian company: two digits modulo 11", south_america::cnpj),
    check("cpf", "Brazilian person: two digits modulo 11", south_america::cpf),
    check("cpr", "Danish number: a day", europe::cpr),
    check("creditor_id", "SEPA creditor: ISO 7064 mod 97-10 without the business code", bank::creditor_id),
    check("cuit", "Argentine tax number: a kind, modulo 11", south_america::cuit),
    check("curp", "Mexican population register: a day, modulo 10", north_america::curp),
    check("date", "a day, in any order that people write", date::day),
    check("de_social_security", "German pension insurance: a day, cross sums", europe::de_social_security),
    check("de_tax_id", "German tax number: ISO 7064 mod 11,10", europe::de_tax_id),
    check("dea", "US medical licence: modulo 10", north_america::dea),
    check("ein", "US employer number: a prefix in use", north_america::ein),
    check("emirates_id", "Emirates identity card: 784, a year, Luhn", asia_pacific::emirates_id),
    check("fiscal_code", "Italian fiscal code: modulo 26", europe::fiscal_code),
    check("gstin", "Indian goods and services tax: a state, modulo 36", bank::gstin),
    check("has_digit", "a digit somewhere", word::has_digit),
    check("hetu", "Finnish identity code: a day, modulo 31", europe::hetu),
    check("hkid", "Hong Kong identity card: modulo 11", asia_pacific::hkid),
    check("iban", "IBAN: length of its country and ISO 7064 mod 97-10", bank::iban),
    check("icao", "the last digit is ICAO 9303's of the rest", document::icao),
    check("il_id", "Israeli identity number: Luhn", asia_pacific::il_id),
    check("imei", "device: fifteen digits, Luhn", network::imei),
    check("ipv4", "four octets, not a loopback or unspecified address", network::ipv4),
    check("ipv6", "RFC 4291 text form, not a loopback or unspecified address", network::ipv6),
    check("itin", "US taxpayer number: 9xx and a group in use", north_america::itin),
    check("luhn", "ISO/IEC 7812-1 annex B check digit, digits not all the same", luhn),
    check("mrz_card", "ICAO 9303 TD1, second line", document::mrz_card),
    check("mrz_passport", "ICAO 9303 TD3, second line", document::mrz_passport),
    check("my_number", "Japanese Individual Number: modulo 11", asia_pacific::my_number),
    check("ng_nin", "Nigerian identity number: Verhoeff", asia_pacific::ng_nin),
    check("nhs", "British health service number: modulo 11", britain::nhs),
    check("nif", "Spanish DNI or NIE: modulo 23", europe::nif),
    check("nino", "British national insurance: prefixes and suffixes in use", britain::nino),
    check("nir", "French social security: modulo 97", europe::nir),
    check("no_fnr", "Norwegian birth number: a day, two digits modulo 11", europe::no_fnr),
    check("npi", "US health provider: Luhn behind 80840", north_america::npi),
    check("nric", "Singapore: the letter that weights ask for", asia_pacific::nric),
    check("pan", "payment card: an issuer's range and its lengths, and the Luhn digit", payment::pan),
    check("personnummer", "Swedish number: a day, Luhn", europe::personnummer),
    check("pesel", "Polish number: a day, modulo 10", europe::pesel),
    check("phone", "7 to 15 digits (E.164), not all the same", network::phone),
    check("ppsn", "Irish PPS number: modulo 23", europe::ppsn),
    check("pt_nif", "Portuguese tax number: modulo 11", europe::pt_nif),
    check("rfc", "Mexican taxpayer: a day, modulo 11", north_america::rfc),
    check("rrn", "Korean registration number: a day and a century", asia_pacific::rrn),
    check("rut", "Chilean number: modulo 11", south_america::rut),
    check("said_email", "an e-mail address read out: its first word is no word before it", word::said_email),
    check("secret", "six characters and more, not letters alone, not digits alone", word::secret),
    check("sin", "Canadian social insurance: Luhn", north_america::sin),
    shape("spelled_out", "a word, and its letters behind it", word::spelled_out),
    check("ssn", "US SSN: area, group and serial that can have been issued", north_america::ssn),
    check("tckn", "Turkish identity number: two check digits", europe::tckn),
    check("tfn", "Australian tax file number: modulo 11", asia_pacific::tfn),
    check("th_id", "Thai identity number: modulo 11", asia_pacific::th_id),
    check("track", "ISO/IEC 7813 track: a payment card's number first", payment::track),
    check("utr", "British taxpayer reference: modulo 11", britain::utr),
    check("vin", "vehicle: the check digit of ISO 3779", network::vin),
    check("za_id", "South African identity number: a day, Luhn", asia_pacific::za_id),
];

const fn check(name: &'static str, about: &'static str, holds: fn(&[u8]) -> bool) -> Validator {
    Validator { name, about, holds, proves: true }
}

const fn shape(name: &'static str, about: &'static str, holds: fn(&[u8]) -> bool) -> Validator {
    Validator { name, about, holds, proves: false }
}

/// Digits of any number, up to what a card may have.
fn luhn(text: &[u8]) -> bool {
    let digits: Vec<u8> = text.iter().filter(|b| b.is_ascii_digit()).map(|b| b - b'0').collect();
    number::luhn(&digits)
}

#[cfg(test)]
mod tests;
