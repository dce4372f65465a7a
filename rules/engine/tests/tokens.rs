//! Tokens look like nothing else, and are known again after whatever a model does to them.

use std::collections::BTreeSet;

use rules::{Before, End, Scanner, Segment, TokenKey};

use crate::run::{PACKS, subjects};

/// Tokens of each label; with `TIDEGATE_SLOW` the full number.
fn count() -> usize {
    if std::env::var_os("TIDEGATE_SLOW").is_some() { 100_000 } else { 2_000 }
}

fn labels() -> BTreeSet<String> {
    let packs = PACKS.iter().map(|p| rules::Pack::parse(p).unwrap());
    let kept = packs.flat_map(|p| p.rules).filter(|r| !rules::policy::NEVER_KEPT.contains(&r.entity.as_str()));
    kept.map(|r| r.label).collect()
}

fn tokens() -> impl Iterator<Item = String> {
    let key = TokenKey::new(b"test").scoped(&["a caller", "a conversation"]);
    let mint = move |label: String| {
        let key = key.clone();
        (0..count()).map(move |i| key.mint(&label, &i.to_string()))
    };
    labels().into_iter().flat_map(mint)
}

/// The tokens that the engine sees in a text, or what it takes for a value.
fn seen(text: &str) -> Result<Vec<String>, String> {
    let mut scanner =
        Scanner::new(subjects()[0].program.clone(), Before::question("your card and account number, please"));
    let mut segments = Vec::new();
    scanner.push(text, &mut segments);
    scanner.finish(End { cut: true }, &mut segments);
    let mut tokens = Vec::new();
    for segment in segments {
        match segment {
            Segment::Raw(_) => {}
            Segment::Token { token, .. } => tokens.push(token),
            other => return Err(format!("{other:?}")),
        }
    }
    Ok(tokens)
}

#[test]
fn no_rule_matches_a_token() {
    for token in tokens() {
        for text in [token.clone(), format!("card {token}, cvv {token}. SSN: {token}")] {
            let seen = seen(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert!(!seen.is_empty() && seen.iter().all(|t| *t == token), "{text}: {seen:?}");
        }
    }
}

#[test]
fn tokens_survive_what_is_done_to_them() {
    let wrap = |t: &str, by: &str| format!("{}{by}{}", &t[..t.len() - 7], &t[t.len() - 7..]);
    let every = |t: &str, write: fn(u8) -> String| t.bytes().map(write).collect::<String>();
    for token in tokens().step_by(7) {
        for text in [
            token.to_lowercase(),
            token.to_uppercase(),
            token.replace('_', "\\_"),
            token.replace('_', "%5F"),
            token.replace('_', "%255f"),
            token.replace('_', "\\u005f"),
            token.replace('_', "&#95;"),
            every(&token, |b| format!("%{b:02X}")),
            every(&token, |b| format!("\\u{b:04x}")),
            wrap(&token, "\n"),
            wrap(&token, "\r\n"),
            wrap(&token, "\\n"),
            wrap(&token, "\u{ad}"),
            format!("`{token}`"),
            format!("**{token}**"),
            format!("\"{token}\""),
            format!("\\\"{token}\\\""),
            format!("{{\"to\":\"{token}\"}}"),
            format!("{token}'s"),
            format!("{token}\u{2019}s"),
            format!("({token}), {{x:{token}}}"),
            format!("Sure! The value you gave me, {token}, is fine; {token}?"),
        ] {
            let seen = seen(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert!(!seen.is_empty() && seen.iter().all(|t| *t == token), "{text}: {seen:?}");
        }
    }
}

#[test]
fn a_wrong_letter_is_no_token() {
    for token in tokens().step_by(997) {
        let wrong = if token.ends_with('b') { 'c' } else { 'b' };
        assert_eq!(seen(&format!("{}{wrong} ok", &token[..token.len() - 1])), Ok(vec![]), "{token}");
    }
}
