//! Edits carried into the bytes of a document: what is not edited stays as it came.

use std::ops::Range;

use wire::text;

use crate::decide::Edit;

/// A change to a document's source.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Splice {
    pub(crate) at: Range<usize>,
    pub(crate) text: String,
}

/// Applies splices, which must not overlap.
pub(crate) fn apply(source: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|s| (s.at.start, s.at.end));
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    for splice in splices {
        out.push_str(&source[at..splice.at.start]);
        out.push_str(&splice.text);
        at = splice.at.end;
    }
    out.push_str(&source[at..]);
    out
}

/// Edits of a string's text as splices of its source: `raw` is the string's inside, which starts at `base`.
pub(crate) fn in_string(raw: &str, base: usize, edits: impl IntoIterator<Item = Edit>) -> Vec<Splice> {
    let mut cursor = text::Cursor::new(raw);
    let splice = |edit: Edit| {
        let mut spelled = String::with_capacity(edit.text.len());
        text::escape_into(&edit.text, &mut spelled);
        let start = base + cursor.source(edit.span.start);
        Splice { at: start..base + cursor.source(edit.span.end), text: spelled }
    };
    edits.into_iter().map(splice).collect()
}
