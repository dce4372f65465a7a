//! What each entity is called elsewhere: `rules/entities.yaml`, as it is built in.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::pack::{PackError, limits};

/// What others call an entity.
#[derive(Clone, Debug, Deserialize)]
pub struct Names {
    /// Microsoft Presidio.
    pub presidio: Vec<String>,
    /// Amazon Bedrock's guardrails.
    pub bedrock: Vec<String>,
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
        assert!(entities["address"].bedrock.contains(&"ADDRESS".to_owned()));
    }
}
