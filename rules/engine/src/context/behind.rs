//! What speaks for a value without a word: that a card's number stands right before it, as in `4111 1111 1111 1111 12/28 918`.

use crate::validate::{is_card, luhn_weight};

/// Signs between two values of a row, at most: `", "`.
const SIGNS: usize = 4;

/// Letters of a name between two values of a row, at most.
const NAME: usize = 40;

/// Digits of a card's number.
const CARD: std::ops::RangeInclusive<usize> = 13..=19;

/// What must stand right before a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Behind {
    /// A card's number; between the two a name may stand, if signs of a row part them: `4111111111111111,J. SMITH,`.
    Card,
    /// A card's number, and month and year.
    Expiry,
}

impl Behind {
    pub(super) const ALL: [Behind; 2] = [Behind::Card, Behind::Expiry];

    /// What a pack calls so, in place of words.
    pub(super) fn named(term: &str) -> Option<Self> {
        Behind::ALL.into_iter().find(|b| b.name() == term)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Behind::Card => "<card>",
            Behind::Expiry => "<card expiry>",
        }
    }

    /// Whether it stands at the end of `text`, which ends where the value starts.
    pub(super) fn holds(self, text: &[u8]) -> bool {
        match self {
            Behind::Card => before_signs(text).is_some_and(ends_in_card) || before_name(text).is_some_and(ends_in_card),
            Behind::Expiry => {
                before_signs(text).filter(|t| t.last().is_some_and(u8::is_ascii_digit)).is_some_and(|text| {
                    let starts =
                        (text.len().saturating_sub("12 / 2028".len())..text.len()).filter(|&i| starts_number(text, i));
                    let mut split = starts.map(|i| text.split_at(i));
                    split.any(|(left, end)| is_month_of_year(end) && Behind::Card.holds(left))
                })
            }
        }
    }
}

/// The text without the signs at its end, if those are few and some.
fn before_signs(text: &[u8]) -> Option<&[u8]> {
    let signs = text.iter().rev().take_while(|b| super::part(**b)).count();
    (1..=SIGNS).contains(&signs).then(|| &text[..text.len() - signs])
}

/// The text without the field of a name at its end.
fn before_name(text: &[u8]) -> Option<&[u8]> {
    let parts_fields = |text: &[u8]| text.iter().rev().take(SIGNS).any(|b| b",;|\t".contains(b));
    let field = before_signs(text).filter(|field| parts_fields(&text[field.len()..]))?;
    let in_name = |b: &u8| !b.is_ascii() || b.is_ascii_alphabetic() || b" .'-".contains(b);
    let name = field.iter().rev().take_while(|b| in_name(b)).count();
    let left = (1..=NAME).contains(&name).then(|| &field[..field.len() - name])?;
    before_signs(left).filter(|before| parts_fields(&left[before.len()..]))
}

fn ends_in_card(text: &[u8]) -> bool {
    // The check digit is told on the way, so that few starts are looked at whole.
    let (mut digits, mut sum) = (0, 0);
    for (i, &b) in text.iter().enumerate().rev() {
        let split = matches!(b, b' ' | b'-') && text.get(i + 1).is_some_and(u8::is_ascii_digit);
        match b.is_ascii_digit() {
            true => {
                sum += luhn_weight(digits, b - b'0');
                digits += 1;
            }
            false if split => continue,
            false => return false,
        }
        if digits > *CARD.end() {
            return false;
        }
        if sum.is_multiple_of(10) && CARD.contains(&digits) && starts_number(text, i) && is_card(&text[i..]) {
            return true;
        }
    }
    false
}

fn starts_number(text: &[u8], at: usize) -> bool {
    text[at].is_ascii_digit() && !text[..at].last().is_some_and(u8::is_ascii_digit)
}

/// `12/28`, `1-2028`, `2028-01`, `12 | 28`.
fn is_month_of_year(text: &[u8]) -> bool {
    let mut numbers = text.split(|b| super::part(*b)).filter(|n| !n.is_empty());
    let (Some(first), Some(last), None) = (numbers.next(), numbers.next(), numbers.next()) else { return false };
    let month = |n: &[u8]| matches!(n, [b'1'..=b'9'] | [b'0', b'1'..=b'9'] | [b'1', b'0'..=b'2']);
    let year = |n: &[u8]| matches!(n, [_, _] | [b'2', b'0', _, _]) && n.iter().all(u8::is_ascii_digit);
    month(first) && year(last) || first.len() == 4 && year(first) && month(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_right_before() {
        for (text, found) in [
            ("4111 1111 1111 1111 ", true),
            ("paid with 4111-1111-1111-1111, ", true),
            ("\"378282246310005\",\"", true),
            ("id 17 4111111111111111 | ", true),
            ("94111111111111111 ", false),
            ("4111111111111112 ", false),
            ("4111111111111111", false),
            ("4111111111111111,J. D. SMITH,", true),
            ("\"4111111111111111\";\"Zoë O'Dell\";\"", true),
            ("4111111111111111 on ", false),
            ("4111111111111111, on ", false),
            ("4111111111111111,17,", false),
            ("4111111111111111 12/28 ", false),
            ("1111 ", false),
            ("", false),
        ] {
            assert_eq!(Behind::Card.holds(text.as_bytes()), found, "{text}");
        }
    }

    #[test]
    fn a_card_and_its_end_right_before() {
        for (text, found) in [
            ("4111 1111 1111 1111 12/28 ", true),
            ("4111111111111111|1|2028|", true),
            ("4111111111111111,2028-01,", true),
            ("4111111111111111; 12 / 28; ", true),
            ("4111111111111111,J. SMITH,12/28,", true),
            ("4111111111111111 on 12/28 ", false),
            ("4111111111111111 13/28 ", false),
            ("4111111111111111 12/28", false),
            ("4111111111111111 250.00 ", false),
            ("4111111111111112 12/28 ", false),
            ("12/28 ", false),
        ] {
            assert_eq!(Behind::Expiry.holds(text.as_bytes()), found, "{text}");
        }
    }
}
