//! What a reader sees: digits of every script, compatibility forms and tag characters read as ASCII, invisible
//! characters not read at all (Unicode 17: `Nd`, NFKD, `Default_Ignorable_Code_Point`, `Mn`, `Me`, `Pd`).

use std::sync::LazyLock;

use regex_syntax::{
    Parser,
    hir::{Class, HirKind},
};
use unicode_normalization::char::decompose_compatible;

/// Emits the characters that `c` reads as; none for an invisible one.
pub(crate) fn fold(c: char, emit: &mut impl FnMut(char)) {
    if let Some(tag) = tag(c) {
        return emit(tag);
    }
    if !TABLES.ignorable.contains(c) {
        decompose_compatible(c, |d| fold_one(d, emit));
    }
}

fn fold_one(c: char, emit: &mut impl FnMut(char)) {
    if c.is_ascii() {
        emit(c);
    } else if let Some(digit) = TABLES.digit.offset_in_range(c) {
        emit(char::from(b'0' + (digit % 10) as u8));
    } else if TABLES.dash.contains(c) {
        emit('-');
    } else if matches!(c, '\u{B7}' | '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22C5}') {
        // Dots at half height, as letterheads part the groups of a number.
        emit('.');
    } else if !TABLES.ignorable.contains(c) && !TABLES.mark.contains(c) {
        emit(c);
    }
}

/// Tag characters (U+E0020 to U+E007E) mirror ASCII, invisibly.
fn tag(c: char) -> Option<char> {
    (0xE0020..=0xE007E).contains(&(c as u32)).then(|| char::from((c as u32 - 0xE0000) as u8))
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    digit: Ranges::of(r"\p{Nd}"),
    dash: Ranges::of(r"[\p{Pd}\u2212]"),
    ignorable: Ranges::of(r"\p{Default_Ignorable_Code_Point}"),
    mark: Ranges::of(r"[\p{Mn}\p{Me}]"),
});

struct Tables {
    digit: Ranges,
    dash: Ranges,
    ignorable: Ranges,
    mark: Ranges,
}

/// Sorted, disjoint ranges of code points.
struct Ranges(Vec<(char, char)>);

impl Ranges {
    /// The Unicode tables come from `regex-syntax`: no second copy of them in the binary.
    fn of(class: &str) -> Self {
        let hir = Parser::new().parse(class).map(|h| h.into_kind());
        match hir {
            Ok(HirKind::Class(Class::Unicode(c))) => Ranges(c.iter().map(|r| (r.start(), r.end())).collect()),
            _ => Ranges(Vec::new()),
        }
    }

    fn contains(&self, c: char) -> bool {
        self.offset_in_range(c).is_some()
    }

    /// Decimal digits stand in rows of ten, so a digit's value is its offset modulo ten.
    fn offset_in_range(&self, c: char) -> Option<u32> {
        let i = self.0.partition_point(|&(_, end)| end < c);
        self.0.get(i).filter(|&&(start, _)| start <= c).map(|&(start, _)| c as u32 - start as u32)
    }
}

#[cfg(test)]
mod tests;
