//! Where a secret is kept, and reading it.

use std::path::PathBuf;

use secrecy::SecretString;

/// A place where a secret is; the secret itself only where the configuration holds it.
#[derive(Debug)]
pub(crate) enum Secret {
    Environment(String),
    File(PathBuf),
    Here(SecretString),
}

impl Secret {
    /// The secret, without the line break that files end with.
    pub(crate) fn read(&self) -> Result<SecretString, String> {
        match self {
            Secret::Here(secret) => Ok(secret.clone()),
            Secret::Environment(name) => match std::env::var(name) {
                Ok(value) if !value.trim().is_empty() => Ok(value.trim().to_owned().into()),
                _ => Err(format!("the environment variable {name} is not set")),
            },
            Secret::File(path) => match std::fs::read_to_string(path) {
                Ok(text) if !text.trim().is_empty() => Ok(text.trim().to_owned().into()),
                Ok(_) => Err(format!("{} is empty", path.display())),
                Err(e) => Err(format!("{} cannot be read: {}", path.display(), e.kind())),
            },
        }
    }

    /// The secret as bytes: hex if it is hex throughout, else raw.
    pub(crate) fn read_bytes(&self) -> Result<Vec<u8>, String> {
        let bytes = match self {
            Secret::File(path) => {
                std::fs::read(path).map_err(|e| format!("{} cannot be read: {}", path.display(), e.kind()))?
            }
            Secret::Environment(_) | Secret::Here(_) => return Err("it must be a file".into()),
        };
        Ok(unhex(bytes.trim_ascii()).unwrap_or(bytes))
    }
}

fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let (pairs, rest) = text.as_chunks::<2>();
    let bytes = pairs.iter().map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?));
    if rest.is_empty() && !text.is_empty() { bytes.collect() } else { None }
}
