//! Escapes decode wherever they start; what is none stays as it is.

use super::*;

fn pass(text: &str) -> (String, Vec<Range<usize>>) {
    let mut pass = Unescape::default();
    let mut out: Vec<Glyph> = Vec::new();
    for (i, char) in text.char_indices() {
        pass.push(Glyph { char, source: i..i + char.len_utf8() }, &mut |g| out.push(g));
    }
    pass.finish(&mut |g| out.push(g));
    (out.iter().map(|g| g.char).collect(), out.into_iter().map(|g| g.source).collect())
}

#[test]
fn each_family() {
    for (written, read) in [
        (r"joe\u0040x", "joe@x"),
        (r"\ud83d\ude00!", "😀!"),
        (r"a\/b\n\q", "a/b\n\\q"),
        (r"\ud83d x \u12", r"\ud83d x \u12"),
        ("joe%40x 50% off %ef%bc%94", "joe@x 50% off ４"),
        ("%zz %4", "%zz %4"),
        ("&#52;&#x34;&#0000052;&#521", "444ȉ"),
        ("joe&commat;x &amp &bogus; &", "joe@x &amp &bogus; &"),
        ("&&#52;&#;", "&4&#;"),
        (r"\\u0040", r"\u0040"),
    ] {
        assert_eq!(pass(written).0, read, "{written}");
    }
}

#[test]
fn spans_hold_whole_escapes() {
    assert_eq!(pass("a%40b").1, [0..1, 1..4, 4..5]);
    assert_eq!(pass("&#52;x").1, [0..5, 5..6]);
}
