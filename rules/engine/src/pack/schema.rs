//! The shape of a pack for editors and other programs, taken from the types that read it.

use super::raw::RawPack;

/// The JSON schema (draft 2020-12) of a pack file.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(RawPack);
    schema.insert("title".into(), "Tidegate rule pack".into());
    schema.to_value()
}
