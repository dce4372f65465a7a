//! Published test numbers pass; each with one digit changed does not.

use super::*;

fn holds(name: &str, text: &str) -> bool {
    by_name(name).is_some_and(|v| (v.holds)(text.as_bytes()))
}

/// Numbers that registries, standards and their documentation print as examples.
const PUBLISHED: &[(&str, &[&str])] = &[
    ("aadhaar", &["2341 2341 2346", "499118665246"]),
    ("aba", &["021000021", "011401533", "091000019", "1210-0024-8"]),
    ("abn", &["51 824 753 556", "53004085616"]),
    ("acn", &["004 085 616", "000 000 019", "000 250 000"]),
    ("ahv", &["756.1234.5678.97", "756.9217.0769.85"]),
    ("au_medicare", &["2123 45670 1", "2123 45670 1 1"]),
    ("base58check", &["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"]),
    ("be_nrn", &["85.07.30-033.28", "17073003384"]),
    (
        "bech32",
        &[
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ],
    ),
    ("bic", &["DEUTDEFF", "DEUTDEFF500", "NEDSZAJJXXX"]),
    ("bsn", &["111222333", "123456782"]),
    ("clabe", &["032180000118359719", "002010077777777771"]),
    ("cn_id", &["11010519491231002X", "440524188001010014"]),
    ("cnpj", &["11.222.333/0001-81", "16.727.230/0001-97"]),
    ("cpf", &["111.444.777-35", "390.533.447-05"]),
    ("cpr", &["070761-4285", "211062-5629"]),
    ("creditor_id", &["DE98ZZZ09999999999", "DE98 ABC0 9999 9999 99"]),
    ("cuit", &["20-05536168-2", "20-12345678-6"]),
    ("curp", &["BOXW310820HNERXN09", "HEGG560427MVZRRL04"]),
    (
        "date",
        &["3/14/1981", "31.12.81", "1981-03-14", "14031981", "March 14th, 1981", "third of march 19 81", "03 14 19 81"],
    ),
    ("de_social_security", &["15 070649 C 103", "65 170839 J 003"]),
    ("de_tax_id", &["86095742719", "47036892816", "65929970489", "36574261809"]),
    ("dea", &["AB1234563", "BB1388568"]),
    ("ein", &["12-3456789", "91-1144442"]),
    ("emirates_id", &["784-1968-6570305-0"]),
    ("fiscal_code", &["RSSMRA85T10A562S", "MRTMTT25D09F205Z", "rccmnl83s18d969h"]),
    ("gstin", &["27AAPFU0939F1ZV", "27AASCS2460H1Z0"]),
    ("has_digit", &["AB 12"]),
    ("hetu", &["131052-308T", "010594Y9032"]),
    ("hkid", &["A123456(3)", "AB987654(3)", "C668668(9)"]),
    ("iban", &["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "nl91abna0417164300", "NO9386011117947"]),
    ("icao", &["L01X00T471", "T220001293", "C01X00T478"]),
    ("il_id", &["123456782", "39337423-6"]),
    ("imei", &["49-015420-323751-8", "35-209900-176148-1"]),
    ("ipv4", &["192.168.0.1", "8.8.8.8"]),
    ("ipv6", &["2001:db8::1", "fe80::1:2:3:4"]),
    ("itin", &["912-70-1234", "900-50-0000", "999-94-1234"]),
    ("luhn", &["79927398713", "0000 0000 0000 18"]),
    ("mrz_card", &["7408122F1204159UTO<<<<<<<<<<<6"]),
    ("mrz_passport", &["L898902C36UTO7408122F1204159ZE184226B<<<<<10"]),
    ("my_number", &["123456789018", "6214 9832 0257"]),
    ("ng_nin", &["12345678902"]),
    ("nhs", &["943 476 5919", "401 023 2137", "9876543210"]),
    ("nif", &["12345678Z", "X1234567L", "Y1234567X", "54362315-K"]),
    ("nino", &["AB123456C", "JG103759A"]),
    ("nir", &["2 55 08 14 168 025 38", "1 84 12 76 451 089 46"]),
    ("no_fnr", &["15108695088", "151086 95088"]),
    ("npi", &["1234567893", "1245319599"]),
    ("nric", &["S1234567D", "T1234567J", "F1234567N", "G1234567X", "M1234567K"]),
    (
        "pan",
        &[
            "4111 1111 1111 1111",
            "5555555555554444",
            "2223003122003222",
            "2720990000000007",
            "378282246310005",
            "6011111111111117",
            "3530111333300000",
            "30569309025904",
            "6304000000000000",
            "4222222222222",
            "6212345678901232",
            "180000000000002",
        ],
    ),
    ("personnummer", &["811228-9874", "670919-9530", "19811228-9874"]),
    ("pesel", &["44051401359", "02070803628"]),
    ("phone", &["+1 (415) 555-0100"]),
    ("ppsn", &["6433435F", "6433435FW", "6433435OA"]),
    ("pt_nif", &["501964843", "123456789"]),
    ("rfc", &["GODE561231GR8"]),
    ("rrn", &["900101-1234567"]),
    ("rut", &["12.345.678-5", "11.111.111-1", "125319092"]),
    ("said_email", &["lisa plus news@outlook.com", "billing BILLING@orange.FR", "a torres@gmail.com"]),
    ("secret", &["hunter2", "Tr0ub4dor", "correct!horse"]),
    ("sin", &["046 454 286", "130 692 544"]),
    ("spelled_out", &["patel PA-TEL", "o'dell, ODELL"]),
    ("ssn", &["123-45-6789", "078-05-1120", "001-01-0001"]),
    ("tckn", &["10000000146", "17291716060"]),
    ("tfn", &["123 456 782", "876543210"]),
    ("th_id", &["1-2345-67890-12-1"]),
    ("track", &["%B4111111111111111^DOE/JOHN^2512101?", ";4111111111111111=25121010000000000?"]),
    ("utr", &["1955839661"]),
    ("vin", &["1M8GDM9AXKP042788", "1HGCM82633A004352"]),
    ("za_id", &["8001015009087", "7503305044089"]),
];

#[test]
fn published_numbers() {
    let wrong: Vec<_> = PUBLISHED
        .iter()
        .flat_map(|(name, numbers)| numbers.iter().map(move |n| (name, n)))
        .filter(|(name, number)| !holds(name, number))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_validator_has_published_numbers() {
    let names: Vec<_> = VALIDATORS.iter().map(|v| v.name).collect();
    assert_eq!(names, PUBLISHED.iter().map(|p| p.0).collect::<Vec<_>>());
    assert!(names.is_sorted());
}

/// Checksums of these notice any single wrong digit; the places that they do not cover are said.
#[test]
fn one_wrong_digit_is_noticed() {
    for (name, number) in [
        ("aadhaar", "234123412346"),
        ("aba", "021000021"),
        ("abn", "51824753556"),
        ("acn", "004085616"),
        ("ahv", "7569217076985"),
        ("be_nrn", "85073003328"),
        ("bsn", "111222333"),
        ("clabe", "032180000118359719"),
        ("cn_id", "11010519491231002X"),
        ("cnpj", "11222333000181"),
        ("cpf", "11144477735"),
        ("creditor_id", "DE98ZZZ09999999999"),
        ("cuit", "20055361682"),
        ("de_tax_id", "86095742719"),
        ("dea", "AB1234563"),
        ("emirates_id", "784196865703050"),
        ("gstin", "27AAPFU0939F1ZV"),
        ("hetu", "131052-308T"),
        ("hkid", "A1234563"),
        ("iban", "DE89370400440532013000"),
        ("icao", "L01X00T471"),
        ("il_id", "123456782"),
        ("imei", "490154203237518"),
        ("luhn", "4111111111111111"),
        ("mrz_card", "7408122F1204159"),
        ("my_number", "123456789018"),
        ("ng_nin", "12345678902"),
        ("nhs", "9434765919"),
        ("nif", "12345678Z"),
        ("nir", "255081416802538"),
        ("no_fnr", "15108695088"),
        ("npi", "1234567893"),
        ("nric", "S1234567D"),
        ("pan", "2223003122003222"),
        ("personnummer", "8112289874"),
        ("pesel", "44051401359"),
        ("ppsn", "6433435F"),
        ("pt_nif", "501964843"),
        ("rut", "123456785"),
        ("sin", "130692544"),
        ("tckn", "17291716060"),
        ("tfn", "123456782"),
        ("za_id", "8001015009087"),
    ] {
        let padded = if name == "mrz_card" { "UTO<<<<<<<<<<<6" } else { "" };
        for i in 0..number.len() {
            let mut changed = format!("{number}{padded}").into_bytes();
            if changed[i].is_ascii_digit() {
                changed[i] = b'0' + (changed[i] - b'0' + 1) % 10;
                assert!(!holds(name, std::str::from_utf8(&changed).unwrap()), "{name} {number} at {i}");
            }
        }
    }
}

#[test]
fn what_nobody_issues() {
    for (name, number) in [
        ("ssn", "000-12-3456"),
        ("ssn", "666-12-3456"),
        ("ssn", "900-12-3456"),
        ("ssn", "123-00-3456"),
        ("ssn", "123-45-0000"),
        ("itin", "912-66-1234"),
        ("itin", "812-70-1234"),
        ("ein", "00-3456789"),
        ("ein", "07-3456789"),
        ("pan", "0000000000000000"),
        ("pan", "9999999999999995"),
        ("pan", "1111111111111117"),
        ("iban", "ZZ82WEST12345698765432"),
        ("iban", "GB82WEST1234569876543"),
        ("bic", "DEUTZZFF"),
        ("bic", "DEUTDEF"),
        ("creditor_id", "DE97ZZZ09999999999"),
        ("clabe", "032180000118359718"),
        ("nino", "DA123456C"),
        ("nino", "GB123456C"),
        ("nino", "AB123456E"),
        ("npi", "3234567893"),
        ("dea", "AB1234564"),
        ("rrn", "971313-1019902"),
        ("cpr", "320761-4285"),
        ("hetu", "321052-308T"),
        ("za_id", "8013015009087"),
        ("cn_id", "11010519491331002X"),
        ("curp", "BOXW310820HNERXN08"),
        ("curp", "BOXW311320HNERXN09"),
        ("rfc", "GODE561231GR7"),
        ("de_social_security", "15 070649 C 104"),
        ("fiscal_code", "RSSMRA85T10A562T"),
        ("mrz_passport", "L898902C36UTO7408122F1204159ZE184226B<<<<<11"),
        ("vin", "11111111111111111"),
        ("vin", "1M8GDM9A1KP042788"),
        ("base58check", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"),
        ("bech32", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"),
        ("track", "%B4111111111111112^DOE/JOHN^2512101?"),
        ("date", "31/31/1981"),
        ("date", "3/14/1781"),
        ("date", "99999999"),
        ("date", "March 1981 12345"),
        ("said_email", "is smith@gmail.com"),
        ("spelled_out", "the BBC"),
        ("secret", "password"),
        ("secret", "1234567"),
        ("secret", "a1"),
        ("phone", "1111111111"),
        ("th_id", "1-2345-67890-12-2"),
        ("au_medicare", "2123 45671 1"),
        ("ahv", "757.9217.0769.85"),
        ("ipv4", "127.0.0.1"),
        ("ipv6", "::1"),
        ("aba", "501000021"),
    ] {
        assert!(!holds(name, number), "{name} {number}");
    }
}

#[test]
fn any_bytes_are_answered() {
    for text in
        ["", "A", "9", "<", "%B^", "1-", "ZZZZZZZZZZZZZZZZZZZZZZZZ", "999999999999999999999999999999", "\u{e9}\u{664}"]
    {
        VALIDATORS.iter().for_each(|v| {
            (v.holds)(text.as_bytes());
        });
    }
}
