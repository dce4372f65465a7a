//! What each entity is called elsewhere: `rules/entities.yaml`, as it is built in.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::pack::{PackError, limits};

/// What others call an entity.
#[derive(Clone, Debug, Deserialize)]
pub struct Names {
    /// Microsoft Presidio.
    pub presidio: Vec<String>,
    /// Amazon Bedrock's guardrails.
    pub bedrock: Vec<String>,
    /// What a voice calls a value of it, e.g. `a card number`.
    pub said: Option<String>,
}

/// What a voice calls a value of an entity that is built in.
pub fn spoken(entity: &str) -> Option<&'static str> {
    static BUILT_IN: LazyLock<BTreeMap<String, Names>> = LazyLock::new(|| built_in().unwrap_or_default());
    BUILT_IN.get(entity)?.said.as_deref()
}

/// Every entity by our name of it.
pub fn built_in() -> Result<BTreeMap<String, Names>, PackError> {
    #[derive(Deserialize)]
    struct File {
        entities: BTreeMap<String, Names>,
    }
    let file: Result<File, _> =
        serde_saphyr::from_str_with_options(include_str!("../../entities.yaml"), limits::yaml());
    file.map(|file| file.entities).map_err(|e| PackError::Syntax(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_names_are_known() {
        let entities = built_in().unwrap();
        assert_eq!(entities["us_ssn"].presidio, ["US_SSN"]);
        assert_eq!(spoken("pan"), Some("a card number"));
        assert!(entities["address"].bedrock.contains(&"ADDRESS".to_owned()));
    }
}
