//! Addresses of crypto-currencies.

use ring::digest::{SHA256, digest};

/// Base58Check of 25 bytes: the last four are the first of a double SHA-256 of the rest.
pub(super) fn base58check(text: &[u8]) -> bool {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut bytes = [0u8; 25];
    for letter in text {
        let Some(value) = ALPHABET.iter().position(|a| a == letter) else { return false };
        let carry = bytes.iter_mut().rev().fold(value as u32, |carry, byte| {
            let sum = u32::from(*byte) * 58 + carry;
            *byte = sum as u8;
            sum >> 8
        });
        if carry != 0 {
            return false;
        }
    }
    let (payload, check) = bytes.split_at(21);
    digest(&SHA256, digest(&SHA256, payload).as_ref()).as_ref().starts_with(check)
}

/// Bech32 (BIP 173) and Bech32m (BIP 350): the polynomial of all characters leaves one of two constants.
pub(super) fn bech32(text: &[u8]) -> bool {
    const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let lower = text.to_ascii_lowercase();
    let Some(parted) = lower.iter().rposition(|&b| b == b'1') else { return false };
    let (head, data) = (&lower[..parted], &lower[parted + 1..]);
    let values: Option<Vec<u32>> =
        data.iter().map(|b| ALPHABET.iter().position(|a| a == b).map(|v| v as u32)).collect();
    let Some(values) = values else { return false };
    let high = head.iter().map(|b| u32::from(b >> 5));
    let low = head.iter().map(|b| u32::from(b & 31));
    let rest = high.chain([0]).chain(low).chain(values).fold(1u32, |rest, value| {
        let mixed = (rest & 0x01ff_ffff) << 5 ^ value;
        GENERATOR.iter().enumerate().filter(|(i, _)| rest >> (25 + i) & 1 == 1).fold(mixed, |m, (_, g)| m ^ g)
    });
    data.len() > 6 && matches!(rest, 1 | 0x2bc8_30a3)
}
