//! Expressions of others made portable: no look-around, ASCII only, open at their end or not at all.

use regex_syntax::{
    ParserBuilder,
    hir::{Capture, Class, ClassBytes, ClassBytesRange, Hir, HirKind, Repetition},
};
use rules::pattern::{LOOKS, group_end};

/// An expression without look-around, and what that said.
pub(super) struct Bare {
    pub(super) regex: String,
    /// `digit` where it kept digits apart.
    pub(super) border: &'static str,
    /// Look-around that no border stands for.
    pub(super) lost: usize,
}

/// Takes look-around out. At the ends it is a border; inside, and where it says more than what may stand beside, it is lost.
pub(super) fn bare(regex: &str) -> Bare {
    let mut bare = Bare { regex: String::new(), border: "word", lost: 0 };
    let mut rest = regex;
    while let Some((at, _)) = LOOKS.iter().filter_map(|l| rest.find(l).map(|at| (at, l))).min() {
        let Some(len) = group_end(&rest[at..]) else { break };
        let look = &rest[at..at + len];
        bare.regex.push_str(&rest[..at]);
        rest = &rest[at + len..];
        let inside = look.trim_start_matches(|c| "(?<!=".contains(c)).trim_end_matches(')');
        if inside == "\\d" || inside == "[0-9]" {
            bare.border = "digit";
        }
        // A guard says what one character beside the value may not be.
        let at_end = bare.regex.is_empty() || rest.is_empty();
        bare.lost += usize::from(!at_end || !guard(inside));
    }
    bare.regex.push_str(rest);
    bare
}

fn guard(inside: &str) -> bool {
    matches!(inside, "\\d" | "\\w" | "\\S" | "[0-9]" | "\\W" | "\\s" | "^|\\s" | "\\s|$")
        || (inside.starts_with('[') && inside.ends_with(']') && inside.matches('[').count() == 1)
}

/// Parses as packs are parsed; the error is one line.
pub(super) fn parse(regex: &str) -> Result<Hir, String> {
    let parsed = ParserBuilder::new().unicode(false).utf8(false).build().parse(regex);
    parsed.map_err(|e| match e {
        regex_syntax::Error::Parse(e) => e.kind().to_string(),
        regex_syntax::Error::Translate(e) => e.kind().to_string(),
        e => e.to_string(),
    })
}

/// The part of an expression that is the secret, and whether something must stand before it.
pub(super) fn secret(hir: &Hir, group: u32) -> (Hir, bool) {
    let mut found = Vec::new();
    captures(hir, group, 0, &mut found);
    match found.len() {
        0 => (hir.clone(), false),
        _ => {
            let before = found.iter().map(|f| f.1).min().unwrap_or(0);
            (Hir::alternation(found.into_iter().map(|f| f.0).collect()), before > 1)
        }
    }
}

/// The outermost groups without a name (or the one that is asked for), and the bytes that must stand before each.
fn captures(hir: &Hir, wanted: u32, before: usize, found: &mut Vec<(Hir, usize)>) {
    match hir.kind() {
        HirKind::Capture(Capture { index, sub, .. }) if *index == wanted => found.push(((**sub).clone(), before)),
        HirKind::Capture(Capture { name: None, sub, .. }) if wanted == 0 => found.push(((**sub).clone(), before)),
        HirKind::Capture(Capture { name: None, sub, .. }) => captures(sub, wanted, before, found),
        HirKind::Concat(parts) => {
            let mut before = before;
            for part in parts {
                let known = found.len();
                captures(part, wanted, before, found);
                if found.len() > known {
                    return;
                }
                before += part.properties().minimum_len().unwrap_or(0);
            }
        }
        HirKind::Alternation(parts) => parts.iter().for_each(|p| captures(p, wanted, before, found)),
        _ => {}
    }
}

/// An expression that a pack may have. `open`: its last part may stay without an upper length; `most`: how often anything
/// else may be repeated beyond what it must.
pub(super) fn portable(hir: &Hir, open: bool, most: u32) -> Hir {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Hir::empty(),
        HirKind::Literal(l) if l.0.is_ascii() => hir.clone(),
        HirKind::Literal(_) => Hir::fail(),
        HirKind::Class(class) => Hir::class(Class::Bytes(visible(class))),
        HirKind::Capture(c) => portable(&c.sub, open, most),
        HirKind::Repetition(r) => {
            let sub = portable(&r.sub, false, most);
            let longest = r.min.saturating_add(most);
            let stays = open && r.max.is_none() && letters_and_digits(&sub);
            let max = if stays { None } else { Some(r.max.unwrap_or(u32::MAX).min(longest)) };
            Hir::repetition(Repetition { min: r.min, max, greedy: true, sub: Box::new(sub) })
        }
        HirKind::Concat(parts) => {
            let parts = joined_tail(parts);
            let last = parts.iter().rposition(|p| !matches!(p.kind(), HirKind::Look(_))).unwrap_or(0);
            let part = |(at, p): (usize, &Hir)| portable(p, open && at == last, most);
            Hir::concat(parts.iter().enumerate().map(part).collect())
        }
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(|p| portable(p, open, most)).collect()),
    }
}

/// `[a-z]{20,}={0,2}` is `[a-z=]{20,}`: padding behind an open part becomes part of it.
fn joined_tail(parts: &[Hir]) -> Vec<Hir> {
    if let [head @ .., body, tail] = parts
        && let (HirKind::Repetition(b), HirKind::Repetition(t)) = (body.kind(), tail.kind())
        && b.max.is_none()
        && t.min == 0
        && let (HirKind::Class(class), HirKind::Literal(pad)) = (b.sub.kind(), t.sub.kind())
        && let [byte] = pad.0[..]
    {
        let mut class = visible(class);
        class.push(ClassBytesRange::new(byte, byte));
        let sub = Box::new(Hir::class(Class::Bytes(class)));
        return head.iter().cloned().chain([Hir::repetition(Repetition { sub, ..b.clone() })]).collect();
    }
    parts.to_vec()
}

/// The ASCII part of a class; of what stands for everything else, what can be seen.
fn visible(class: &Class) -> ClassBytes {
    let mut bytes = match class {
        Class::Bytes(class) => class.clone(),
        Class::Unicode(class) => {
            let ascii = class.ranges().iter().filter(|r| r.start().is_ascii());
            let range =
                |r: &regex_syntax::hir::ClassUnicodeRange| (r.start() as u8, u8::try_from(r.end()).unwrap_or(0xff));
            ClassBytes::new(ascii.map(range).map(|(start, end)| ClassBytesRange::new(start, end)))
        }
    };
    let all = bytes.ranges().iter().any(|r| r.end() > 0x7f);
    let seen: &[(u8, u8)] = if all { &[(b' ', b'~'), (b'\t', b'\n'), (b'\r', b'\r')] } else { &[(0, 0x7f)] };
    bytes.intersect(&ClassBytes::new(seen.iter().map(|&(start, end)| ClassBytesRange::new(start, end))));
    bytes
}

fn letters_and_digits(hir: &Hir) -> bool {
    let HirKind::Class(Class::Bytes(class)) = hir.kind() else { return false };
    let holds = |b: u8| class.ranges().iter().any(|r| (r.start()..=r.end()).contains(&b));
    (0..=127u8).filter(u8::is_ascii_alphanumeric).all(holds)
}

/// How much an expression lets open: the bytes that it may start with, times the lengths that it may have. What is broad
/// multiplies the states of all others.
pub(super) fn breadth(regex: &str) -> usize {
    let Ok(hir) = parse(regex) else { return 0 };
    let shortest = hir.properties().minimum_len().unwrap_or(0);
    let longest = hir.properties().maximum_len().unwrap_or(shortest);
    starts(&hir) * (1 + longest - shortest.min(longest))
}

/// How many bytes it may start with.
fn starts(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Class(class) => visible(class).ranges().iter().map(ClassBytesRange::len).sum(),
        HirKind::Repetition(r) => starts(&r.sub),
        HirKind::Concat(parts) => parts.first().map_or(0, starts),
        HirKind::Alternation(parts) => parts.iter().map(starts).sum(),
        HirKind::Capture(c) => starts(&c.sub),
        HirKind::Literal(_) => 1,
        HirKind::Empty | HirKind::Look(_) => 0,
    }
}

/// Whether its matches have no upper length.
pub(super) fn is_open(hir: &Hir) -> bool {
    hir.properties().maximum_len().is_none()
}

/// The expression as it is written.
pub(super) fn print(hir: &Hir) -> String {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => String::new(),
        HirKind::Literal(l) => regex_syntax::escape(&String::from_utf8_lossy(&l.0)),
        HirKind::Class(Class::Bytes(class)) => print_class(class),
        HirKind::Class(class) => print_class(&visible(class)),
        HirKind::Capture(c) => print(&c.sub),
        HirKind::Repetition(r) => format!("{}{}", atom(&r.sub), times(r)),
        HirKind::Concat(parts) => parts.iter().map(part_of_concat).collect(),
        HirKind::Alternation(parts) => parts.iter().map(print).collect::<Vec<_>>().join("|"),
    }
}

fn part_of_concat(hir: &Hir) -> String {
    if matches!(hir.kind(), HirKind::Alternation(_)) { format!("(?:{})", print(hir)) } else { print(hir) }
}

fn atom(hir: &Hir) -> String {
    match hir.kind() {
        HirKind::Class(_) => print(hir),
        HirKind::Literal(l) if l.0.len() == 1 => print(hir),
        _ => format!("(?:{})", print(hir)),
    }
}

fn times(r: &Repetition) -> String {
    match (r.min, r.max) {
        (0, Some(1)) => "?".into(),
        (0, None) => "*".into(),
        (1, None) => "+".into(),
        (min, None) => format!("{{{min},}}"),
        (min, Some(max)) if min == max => format!("{{{min}}}"),
        (min, Some(max)) => format!("{{{min},{max}}}"),
    }
}

fn print_class(class: &ClassBytes) -> String {
    let one = |b: u8| match b {
        b'\t' => "\\t".to_owned(),
        b'\n' => "\\n".to_owned(),
        b'\r' => "\\r".to_owned(),
        b']' | b'[' | b'\\' | b'^' | b'-' | b'&' | b'~' => format!("\\{}", char::from(b)),
        b' '..=b'}' => char::from(b).to_string(),
        _ => format!("\\x{b:02X}"),
    };
    let range = |r: &ClassBytesRange| match r.end() - r.start() {
        0 => one(r.start()),
        1 => one(r.start()) + &one(r.end()),
        _ => format!("{}-{}", one(r.start()), one(r.end())),
    };
    match class.ranges() {
        [r] if (r.start(), r.end()) == (b'0', b'9') => "\\d".into(),
        [r] if r.start() == r.end() => regex_syntax::escape(&char::from(r.start()).to_string()),
        ranges => format!("[{}]", ranges.iter().map(range).collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ported(regex: &str, open: bool) -> String {
        print(&portable(&parse(regex).unwrap(), open, 64))
    }

    #[test]
    fn what_cannot_be_is_made_what_can() {
        for (regex, open, expected) in [
            (r"\bkey-[a-z]{3}\b", true, r"key\-[a-z]{3}"),
            (r"ops_[a-zA-Z0-9+/]{250,}={0,3}", true, r"ops_[+/-9=A-Za-z]{250,}"),
            (r"k[a-z0-9]{20,}", true, r"k[0-9a-z]{20,84}"),
            (r"k[a-zA-Z0-9]{20,}x", true, r"k[0-9A-Za-z]{20,84}x"),
            (r#"a[^"\s]{4}"#, true, r"a[!#-\~]{4}"),
            (r"(?i)ab\d", true, r"[Aa][Bb]\d"),
            (r"(a|bc)+", false, "(?:a|bc){1,65}"),
        ] {
            assert_eq!(ported(regex, open), expected);
        }
    }

    #[test]
    fn secrets_are_what_the_group_holds() {
        let secret = |regex: &str, group| {
            let (hir, before) = secret(&parse(regex).unwrap(), group);
            (print(&portable(&hir, false, 9)), before)
        };
        assert_eq!(secret(r"(?:foo)[ =]{0,5}([a-f]{8})(?:;|$)", 0), ("[a-f]{8}".into(), true));
        assert_eq!(secret(r"\b((live|test)_[a-f]{8})\b", 0), ("(?:live|test)_[a-f]{8}".into(), false));
        assert_eq!(secret(r"(a)(b)", 2), ("b".into(), false));
        assert_eq!(secret(r"x(?P<alg>a)y", 0), ("xay".into(), false));
    }

    #[test]
    fn look_around_at_the_ends_is_a_border() {
        let of = |regex| {
            let bare = bare(regex);
            (bare.regex, bare.border, bare.lost)
        };
        assert_eq!(of(r"(?<!\d)\d{9}(?!\d)"), (r"\d{9}".into(), "digit", 0));
        assert_eq!(of(r"\b(?!000|666)\d{3}\b"), (r"\b\d{3}\b".into(), "word", 1));
        assert_eq!(of(r"(?<![A-Z(])x(?![)\w])"), ("x".into(), "word", 0));
    }
}
