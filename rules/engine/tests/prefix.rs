//! Every prefix of what an expression matches, as an expression: Pref(ab) = Pref(a) | a Pref(b), and so on.

use regex_syntax::hir::{Hir, HirKind, Repetition};

/// An expression that matches exactly the prefixes of what `regex` matches.
pub(crate) fn closed(regex: &str) -> String {
    let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(regex).unwrap();
    of(&hir).to_string()
}

fn of(hir: &Hir) -> Hir {
    let or_nothing = |hir: Hir| Hir::alternation(vec![Hir::empty(), hir]);
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Hir::empty(),
        HirKind::Class(_) => or_nothing(hir.clone()),
        HirKind::Literal(l) => Hir::alternation((0..=l.0.len()).map(|n| Hir::literal(&l.0[..n])).collect()),
        HirKind::Capture(c) => of(&c.sub),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(of).collect()),
        HirKind::Concat(parts) => {
            let first_n = |n: usize| Hir::concat(parts[..n].iter().cloned().chain([of(&parts[n])]).collect());
            Hir::alternation((0..parts.len()).map(first_n).collect())
        }
        HirKind::Repetition(r) if r.max == Some(0) => Hir::empty(),
        HirKind::Repetition(r) => {
            let before = Repetition { min: 0, max: r.max.map(|m| m - 1), greedy: true, sub: r.sub.clone() };
            Hir::concat(vec![Hir::repetition(before), of(&r.sub)])
        }
    }
}

#[test]
fn prefixes_and_nothing_else() {
    let closed = regex::bytes::Regex::new(&format!(r"\A(?:{})\z", closed("ab(?:-?c){2,3}|x+y"))).unwrap();
    for yes in ["", "a", "ab", "ab-", "abc", "abc-c", "abc-cc", "x", "xx", "xxy"] {
        assert!(closed.is_match(yes.as_bytes()), "{yes}");
    }
    for no in ["b", "ac", "abcccc", "y", "xyx", "ab--"] {
        assert!(!closed.is_match(no.as_bytes()), "{no}");
    }
}
