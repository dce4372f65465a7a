//! Tokens: names for values, made without asking anybody.
//!
//! `PAN_bcdfg...`: the entity's label, then sixteen letters of an HMAC (64 bits), then a check letter. Letters only,
//! no vowels: no digit rule can match one, no tokeniser reads a word in it, case does not matter.

use ring::hmac;

use crate::pattern::Border;

const ALPHABET: &[u8; 16] = b"bcdfghjklmnpqrst";
const LETTERS: usize = 16;

/// A key that tokens are derived from; one for each tenant, caller and conversation.
#[derive(Clone)]
pub struct TokenKey(hmac::Key);

impl TokenKey {
    /// A key from secret bytes.
    pub fn new(secret: &[u8]) -> Self {
        TokenKey(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The key of a narrower scope; `parts` are length-prefixed, so that no two scopes meet.
    pub fn scoped(&self, parts: &[&str]) -> Self {
        TokenKey::new(self.tag(parts).as_ref())
    }

    /// The token for a value, by its entity's label and canonical form.
    pub fn mint(&self, label: &str, canonical: &str) -> String {
        let tag = self.tag(&[label, canonical]);
        let nibbles = tag.as_ref().iter().flat_map(|b| [b >> 4, b & 15]).take(LETTERS);
        let mut token = format!("{label}_");
        let letters: Vec<u8> = nibbles.map(|n| ALPHABET[usize::from(n)]).collect();
        token.extend(letters.iter().map(|&b| char::from(b)));
        token.push(char::from(check_letter(&letters)));
        token
    }

    /// A keyed hash of a value, for the action `hash`: equal values look equal, and nothing restores them.
    pub fn hash(&self, label: &str, canonical: &str) -> String {
        let minted = self.scoped(&["hash"]).mint(label, canonical);
        format!("[{label}#{}]", &minted[label.len() + 1..])
    }

    fn tag(&self, parts: &[&str]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        context.sign()
    }
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKey(..)")
    }
}

/// The expressions that recognise tokens of these labels, as models write them (any case, `\_`, broken over lines), and
/// what may stand before each. Only with its label in capitals is a token seen behind a letter: nearly every letter of
/// prose would start one otherwise.
pub(crate) fn grammars(labels: &[&str]) -> [(Border, String); 2] {
    let letter = format!("[{}]", std::str::from_utf8(ALPHABET).unwrap_or_default());
    let labels = labels.join("|");
    let letters = format!(r"(?i:\\?_{letter}(?:\r?\n?{letter}){{{LETTERS}}})");
    [(Border::Word, format!("(?i:{labels}){letters}")), (Border::None, format!("(?:{labels}){letters}"))]
}

/// The token as it was minted, if its check letter is right.
pub fn normalise(written: &[u8]) -> Option<String> {
    let text: String = written.iter().filter(|b| !matches!(b, b'\\' | b'\r' | b'\n')).map(|&b| char::from(b)).collect();
    let (label, letters) = text.split_once('_')?;
    let letters = letters.to_ascii_lowercase();
    let (body, check) = letters.as_bytes().split_at_checked(LETTERS)?;
    (check == [check_letter(body)]).then(|| format!("{}_{letters}", label.to_ascii_uppercase()))
}

/// Odd weights modulo sixteen: every single wrong letter and most swaps are noticed.
fn check_letter(letters: &[u8]) -> u8 {
    let value = |b: &u8| ALPHABET.iter().position(|a| a == b).unwrap_or(0);
    let sum: usize = letters.iter().enumerate().map(|(i, b)| (2 * i + 1) * value(b)).sum();
    ALPHABET[(sum + 7) % 16]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_a_token_and_scopes_do_not() {
        let key = TokenKey::new(b"k");
        let token = key.mint("PAN", "4111111111111111");
        assert_eq!(token, key.mint("PAN", "4111111111111111"));
        assert_ne!(token, key.mint("PAN", "4111111111111112"));
        assert_ne!(token, key.scoped(&["a", "bc"]).mint("PAN", "4111111111111111"));
        assert_ne!(key.scoped(&["a", "bc"]).mint("PAN", "1"), key.scoped(&["ab", "c"]).mint("PAN", "1"));
        assert_eq!(token.len(), "PAN_".len() + 17);
    }

    #[test]
    fn survives_what_models_do_to_it() {
        let token = TokenKey::new(b"k").mint("EMAIL", "joe@example.com");
        let broken = format!("{}\r\n{}", &token[..12], &token[12..]);
        for written in [token.clone(), token.to_lowercase(), token.to_uppercase(), token.replace('_', "\\_"), broken] {
            assert_eq!(normalise(written.as_bytes()).as_ref(), Some(&token), "{written}");
        }
    }

    #[test]
    fn a_wrong_letter_is_never_restored() {
        let token = TokenKey::new(b"k").mint("PAN", "4111111111111111");
        for i in 4..token.len() {
            for &other in ALPHABET {
                let mut changed = token.clone().into_bytes();
                if changed[i] != other {
                    changed[i] = other;
                    assert_eq!(normalise(&changed), None);
                }
            }
        }
    }
}
