//! What a voice says where a value stood: what it was, and of some values how they end.

use rules::{Action, Program, entities};

/// What is said of an entity that no table names.
const ANYTHING: &str = "something private";

/// What is said in place of a finding that in writing would be `text`, e.g. `[PAN]` or `[PAN *1111]`.
pub(crate) fn said(entity: &str, text: &str) -> String {
    let name = entities::spoken(entity).unwrap_or(ANYTHING);
    match text.strip_suffix(']').and_then(|text| text.rsplit_once(" *")) {
        Some((_, last)) => ending_in(name, last),
        None if text.is_empty() => String::new(),
        None => name.to_owned(),
    }
}

/// What is said of the value that a token stands for: as much of it as the policy lets a voice say.
pub(crate) fn restored(program: &Program, token: &str, value: &str) -> String {
    let label = token.split_once('_').map_or(token, |(label, _)| label);
    let (entity, action) = program.acting_on(label).unwrap_or(("", Action::Allow));
    let name = || entities::spoken(entity).unwrap_or(ANYTHING);
    match action {
        Action::Allow | Action::Alert => value.to_owned(),
        Action::KeepLast => {
            let all: Vec<char> = value.chars().filter(|c| c.is_alphanumeric()).collect();
            let skip = all.len().saturating_sub(4).max(1).min(all.len());
            ending_in(name(), &all[skip..].iter().collect::<String>())
        }
        Action::Redact => String::new(),
        Action::Token | Action::Hash | Action::Replace | Action::Block => name().to_owned(),
    }
}

/// Character by character: a voice would read "1111" as a number.
fn ending_in(name: &str, last: &str) -> String {
    let letters: Vec<String> = last.chars().map(String::from).collect();
    format!("{name} ending in {}", letters.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_said_in_words() {
        assert_eq!(said("pan", "[PAN]"), "a card number");
        assert_eq!(said("pan", "[PAN *1234]"), "a card number ending in 1 2 3 4");
        assert_eq!(said("no_such", "[X]"), ANYTHING);
        assert_eq!(said("pan", ""), "");
    }
}
