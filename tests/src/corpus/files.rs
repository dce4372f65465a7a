//! Lines of JSON, in files.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::json;

use super::sentences::Sentence;

/// Writes every sentence as a line.
pub(super) fn write(path: &Path, sentences: impl Iterator<Item = Sentence>) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for Sentence { id, entity, style, line } in sentences {
        let meta = json!({"entity": entity, "style": style, "traits": line.traits});
        writeln!(out, "{}", json!({"id": id, "text": line.text, "spans": line.spans, "meta": meta}))?;
    }
    out.flush()
}
