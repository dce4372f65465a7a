//! The European Union, Norway, Switzerland and Turkey.

use super::{
    date,
    number::{all_same, base_36, code, exactly, luhn, mod_11_10, number, weighted},
};

/// German tax number: one of the first ten digits is there two or three times, and ISO 7064 mod 11,10.
pub(super) fn de_tax_id(text: &[u8]) -> bool {
    exactly::<11>(text).is_some_and(|d| {
        let times = |n: u8| d[..10].iter().filter(|&&x| x == n).count();
        let repeated = (0..10).filter(|&n| times(n) > 1).count();
        d[0] != 0 && repeated == 1 && (0..10).all(|n| times(n) <= 3) && mod_11_10(&d[..10]) == d[10]
    })
}

/// German pension insurance number: a day of birth, a letter, and weighted cross sums.
pub(super) fn de_social_security(text: &[u8]) -> bool {
    code::<12>(text).is_some_and(|c| {
        let letter = c[8].wrapping_sub(b'A') + 1;
        let mut d = [0; 13];
        for (i, &b) in c.iter().enumerate() {
            d[i + usize::from(i > 8)] = b.wrapping_sub(b'0');
        }
        (d[8], d[9]) = (letter / 10, letter % 10);
        let cross = |v: u32| v / 10 + v % 10;
        let weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
        let sum: u32 = d.iter().zip(weights).map(|(&d, w)| cross(u32::from(d) * w)).sum();
        // Whoever is without a known day of birth gets a day above 31.
        let day = date::ddmmyy(&d[2..8]) || matches!(number(&d[2..4]), 0 | 32..);
        c[8].is_ascii_uppercase()
            && day
            && d[..8].iter().chain(&d[10..]).all(|d| *d < 10)
            && sum % 10 == u32::from(d[12])
    })
}

/// French social security number: 97 less the remainder of the rest; Corsica's departments count as 19 and 18.
pub(super) fn nir(text: &[u8]) -> bool {
    code::<15>(text).is_some_and(|c| {
        let corsica: u64 = match &c[5..7] {
            b"2A" => 1_000_000,
            b"2B" => 2_000_000,
            _ => 0,
        };
        let value =
            |b: &[u8]| b.iter().fold(0u64, |v, b| v * 10 + if b.is_ascii_digit() { u64::from(b - b'0') } else { 0 });
        let month = matches!(value(&c[3..5]), 1..=12 | 20..=42 | 50..=99);
        matches!(c[0], b'1'..=b'4' | b'7' | b'8') && month && 97 - (value(&c[..13]) - corsica) % 97 == value(&c[13..])
    })
}

/// Spanish DNI, or NIE (`X`, `Y`, `Z` for 0, 1, 2): the number modulo 23 says the letter.
pub(super) fn nif(text: &[u8]) -> bool {
    code::<9>(text).is_some_and(|c| {
        let first = match c[0] {
            b'X'..=b'Z' => c[0] - b'X',
            b => b.wrapping_sub(b'0'),
        };
        let rest = c[1..8].iter().fold(u64::from(first), |v, b| v * 10 + u64::from(b.wrapping_sub(b'0')));
        first < 10 && c[1..8].iter().all(u8::is_ascii_digit) && b"TRWAGMYFPDXBNJZSQVHLCKE"[(rest % 23) as usize] == c[8]
    })
}

/// Italian fiscal code: odd and even places count differently, and the sum modulo 26 is the last letter.
pub(super) fn fiscal_code(text: &[u8]) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    code::<16>(text).is_some_and(|c| {
        let value = |b: u8| if b.is_ascii_digit() { b - b'0' } else { b - b'A' };
        let place = |(i, &b): (usize, &u8)| if i % 2 == 0 { ODD[usize::from(value(b)) % 26] } else { value(b).into() };
        c[..15].iter().enumerate().map(place).sum::<u32>() % 26 == u32::from(c[15].wrapping_sub(b'A'))
    })
}

/// Portuguese tax number.
pub(super) fn pt_nif(text: &[u8]) -> bool {
    exactly::<9>(text).is_some_and(|d| {
        let check = 11 - weighted(&d, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        !matches!(d[0], 0 | 4) && !all_same(&d) && (if check > 9 { 0 } else { check }) == u32::from(d[8])
    })
}

/// Dutch citizen number: the eleven-test.
pub(super) fn bsn(text: &[u8]) -> bool {
    exactly::<9>(text).is_some_and(|d| {
        let sum = weighted(&d, [9, 8, 7, 6, 5, 4, 3, 2]);
        sum % 11 == u32::from(d[8]) && !all_same(&d)
    })
}

/// Belgian register number: 97 less the remainder; those born since 2000 count with a 2 before it.
pub(super) fn be_nrn(text: &[u8]) -> bool {
    exactly::<11>(text).is_some_and(|d| {
        let (rest, check) = (number(&d[..9]), number(&d[9..]));
        let month = number(&d[2..4]);
        let right = |n: u64| 97 - n % 97 == check;
        (right(rest) || right(2_000_000_000 + rest)) && matches!(month, 0..=12 | 20..=32 | 40..=52)
    })
}

/// Polish PESEL: the century is in the month.
pub(super) fn pesel(text: &[u8]) -> bool {
    exactly::<11>(text).is_some_and(|d| {
        let sum = weighted(&d, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
        date::fits(number(&d[2..4]) % 20, number(&d[4..6])) && (10 - sum % 10) % 10 == u32::from(d[10])
    })
}

/// Swedish personal number, or coordination number (day plus 60): Luhn over the last ten digits.
pub(super) fn personnummer(text: &[u8]) -> bool {
    let ten = exactly::<10>(text).or_else(|| exactly::<12>(text).and_then(|d| d[2..].try_into().ok()));
    ten.is_some_and(|d: [u8; 10]| date::fits(number(&d[2..4]), number(&d[4..6]) % 60) && luhn(&d))
}

/// Norwegian birth number, or D-number (day plus 40): two digits modulo 11.
pub(super) fn no_fnr(text: &[u8]) -> bool {
    exactly::<11>(text).is_some_and(|d| {
        let check = |sum: u32| (11 - sum % 11) % 11;
        date::fits(number(&d[2..4]) % 40, number(&d[..2]) % 40)
            && check(weighted(&d, [3, 7, 6, 1, 8, 9, 4, 5, 2])) == u32::from(d[9])
            && check(weighted(&d, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) == u32::from(d[10])
    })
}

/// Danish CPR number: a day; its checksum is not kept to since 2007.
pub(super) fn cpr(text: &[u8]) -> bool {
    exactly::<10>(text).is_some_and(|d| date::ddmmyy(&d[..6]))
}

/// Finnish identity code: a day, and a check character modulo 31.
pub(super) fn hetu(text: &[u8]) -> bool {
    let digits = |r: std::ops::Range<usize>| text.get(r).and_then(exactly::<3>).map(|d| number(&d));
    let (Some(first), Some(second), Some(serial)) = (digits(0..3), digits(3..6), digits(7..10)) else { return false };
    let day = text.get(..6).and_then(exactly::<6>).is_some_and(|d| date::ddmmyy(&d));
    let check = b"0123456789ABCDEFHJKLMNPRSTUVWXY"[((first * 1000 + second) * 1000 + serial) as usize % 31];
    day && text.len() == 11 && text[10].to_ascii_uppercase() == check
}

/// Swiss AHV number: 756 and an EAN-13 check digit.
pub(super) fn ahv(text: &[u8]) -> bool {
    exactly::<13>(text).is_some_and(|d| {
        let sum = weighted(&d, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]);
        number(&d[..3]) == 756 && (10 - sum % 10) % 10 == u32::from(d[12])
    })
}

/// Turkish identity number.
pub(super) fn tckn(text: &[u8]) -> bool {
    exactly::<11>(text).is_some_and(|d| {
        let sum = |places: [usize; 5]| places.iter().map(|&i| i32::from(d[i])).sum::<i32>();
        let even: i32 = [1, 3, 5, 7].iter().map(|&i| i32::from(d[i])).sum();
        let tenth = (sum([0, 2, 4, 6, 8]) * 7 - even).rem_euclid(10);
        let last = d[..10].iter().map(|&d| i32::from(d)).sum::<i32>() % 10;
        d[0] != 0 && tenth == i32::from(d[9]) && last == i32::from(d[10])
    })
}

/// Irish PPS number: weights 8 to 2 and a letter modulo 23; a second letter counts nine times.
pub(super) fn ppsn(text: &[u8]) -> bool {
    let padded = [text, b"W"].concat();
    code::<9>(text).or_else(|| code::<9>(&padded)).is_some_and(|c| {
        let digits: u32 =
            c[..7].iter().zip([8, 7, 6, 5, 4, 3, 2]).map(|(&b, w)| u32::from(b.wrapping_sub(b'0')) * w).sum();
        let second = if c[8] == b'W' { 0 } else { base_36(c[8]) - 9 };
        c[..7].iter().all(u8::is_ascii_digit)
            && b"WABCDEFGHIJKLMNOPQRSTUV"[((digits + 9 * second) % 23) as usize] == c[7]
    })
}
