//! Published test numbers pass; each with one digit changed does not.

use super::*;

fn holds(name: &str, text: &str) -> bool {
    by_name(name).is_some_and(|v| (v.holds)(text.as_bytes()))
}

#[test]
fn published_numbers() {
    for (name, numbers) in [
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
            ][..],
        ),
        ("iban", &["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "nl91abna0417164300", "NO9386011117947"]),
        ("aba", &["021000021", "011401533", "091000019", "1210-0024-8"]),
        ("ssn", &["123-45-6789", "078-05-1120", "001-01-0001"]),
        ("ipv4", &["192.168.0.1", "8.8.8.8"]),
        ("ipv6", &["2001:db8::1", "fe80::1:2:3:4"]),
        ("phone", &["+1 (415) 555-0100"]),
    ] {
        for number in numbers {
            assert!(holds(name, number), "{name} {number}");
        }
    }
}

#[test]
fn one_wrong_digit_is_noticed() {
    for (name, number) in [
        ("luhn", "4111111111111111"),
        ("pan", "2223003122003222"),
        ("iban", "DE89370400440532013000"),
        ("aba", "021000021"),
    ] {
        for i in 0..number.len() {
            let mut changed = number.as_bytes().to_vec();
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
        ("pan", "0000000000000000"),
        ("pan", "9999999999999995"),
        ("pan", "1111111111111117"),
        ("iban", "ZZ82WEST12345698765432"),
        ("iban", "GB82WEST1234569876543"),
        ("ipv4", "127.0.0.1"),
        ("aba", "501000021"),
    ] {
        assert!(!holds(name, number), "{name} {number}");
    }
}
