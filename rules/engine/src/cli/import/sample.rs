//! Texts that an expression matches, made from it: letters and digits where it leaves a choice, so that no text looks like
//! an escape.

use regex_syntax::hir::{Class, ClassBytes, Hir, HirKind};

/// A text that it matches; equal seeds give equal texts.
pub(super) fn sample(hir: &Hir, seed: u64) -> String {
    let mut state = seed;
    let mut text = String::new();
    write(hir, &mut state, &mut text);
    text
}

fn write(hir: &Hir, state: &mut u64, text: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(l) => text.push_str(&String::from_utf8_lossy(&l.0)),
        HirKind::Class(Class::Bytes(class)) => text.push(choose(class, state)),
        HirKind::Class(Class::Unicode(class)) => {
            text.extend(class.to_byte_class().map(|class| choose(&class, state)));
        }
        HirKind::Repetition(r) => (0..r.min).for_each(|_| write(&r.sub, state, text)),
        HirKind::Capture(c) => write(&c.sub, state, text),
        HirKind::Concat(parts) => parts.iter().for_each(|p| write(p, state, text)),
        HirKind::Alternation(parts) => {
            let some = parts.iter().filter(|p| p.properties().minimum_len() != Some(0)).collect::<Vec<_>>();
            let at = draw(state, some.len().max(1));
            some.get(at).into_iter().for_each(|p| write(p, state, text));
        }
    }
}

/// One byte of a class: a letter or digit if it has one.
fn choose(class: &ClassBytes, state: &mut u64) -> char {
    let all: Vec<u8> = class.ranges().iter().flat_map(|r| r.start()..=r.end()).filter(u8::is_ascii).collect();
    let of = |fits: fn(&u8) -> bool| all.iter().copied().filter(fits).collect::<Vec<u8>>();
    let letters = of(u8::is_ascii_alphanumeric);
    let seen = of(u8::is_ascii_graphic);
    let from = [letters, seen, all].into_iter().find(|v| !v.is_empty()).unwrap_or_else(|| vec![b'?']);
    from.get(draw(state, from.len())).map_or('?', |&b| char::from(b))
}

/// A number below `n` (SplitMix64; Steele, Lea, Flood 2014).
fn draw(state: &mut u64, n: usize) -> usize {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) % n.max(1) as u64) as usize
}

/// A seed for a name (FNV-1a).
pub(super) fn seed(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}
