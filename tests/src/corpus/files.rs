//! Lines of JSON, in files.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::sentences::Sentence;

/// Writes every sentence as a line.
pub(super) fn write(path: &Path, sentences: impl Iterator<Item = Sentence>) -> io::Result<()> {
    write_json(
        path,
        sentences
            .map(|Sentence { id, line, meta }| json!({"id": id, "text": line.text, "spans": line.spans, "meta": meta})),
    )
}

pub(super) fn write_json(path: &Path, lines: impl Iterator<Item = Value>) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()
}
