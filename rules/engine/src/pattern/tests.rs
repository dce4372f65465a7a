//! What a pack may write, and what it is told otherwise.

use super::*;

#[test]
fn bounded_and_open_shapes() {
    for (regex, longest, settled) in
        [(r"\d{3}-\d{2}-\d{4}", Some(11), 0), (r"sk-[a-z]{20,}", None, 23), (r"(?:ghp|gho)_[A-Za-z0-9]{36,}", None, 40)]
    {
        assert_eq!(check(regex), Ok(Shape { longest, settled }), "{regex}");
    }
}

#[test]
fn refused_with_a_hint() {
    for (regex, hint) in [
        (r"\b\d+", "border"),
        (r"^\d{4}", "border"),
        (r"a.{3}", "not ASCII"),
        (r"[^ ]{3}", "not ASCII"),
        (r"[a-z]+@[a-z]{2}", "open part"),
        (r"\d*", "nothing at all"),
        (r"(", "unclosed"),
    ] {
        let error = check(regex).unwrap_err();
        assert!(error.contains(hint), "{regex}: {error}");
    }
}

#[test]
fn open_tails_reach_their_border() {
    for (regex, border, meets) in [
        ("k-[a-z]{20,}", Border::Word, false),
        ("k-[A-Za-z0-9_]{20,}", Border::Word, true),
        ("k-[a-z]{20,}", Border::None, true),
        ("k-[0-9a-z]{20,}", Border::Digit, true),
        ("[a-z]{3}", Border::Word, true),
    ] {
        assert_eq!(tail_meets(regex, border), Ok(meets), "{regex} {border:?}");
    }
}
