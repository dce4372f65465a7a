//! Which parts of a text are values, tokens or labels, and their colours.

/// A character and how it is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ink {
    Plain,
    Faint,
    /// A raw value where it belongs.
    Value,
    /// A raw value where it does not belong.
    Leak,
    /// A stand-in.
    Token,
    /// A value that is gone for good.
    Label,
}

impl Ink {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Plain => "0",
            Self::Faint => "2",
            Self::Value => "1;32",
            Self::Leak => "1;31",
            Self::Token => "33",
            Self::Label => "1;35",
        }
    }
}

/// A text, character by character.
pub(super) type Painted = Vec<(char, Ink)>;

pub(super) fn plain(text: &str, ink: Ink) -> Painted {
    text.chars().map(|letter| (letter, ink)).collect()
}

/// The values stand out, and so do labels.
pub(super) fn values(text: &str, values: &[&str]) -> Painted {
    marked(text, values, Ink::Value)
}

/// The same in the colour of what must not get through.
pub(super) fn leaks(text: &str, values: &[&str]) -> Painted {
    marked(text, values, Ink::Leak)
}

fn marked(text: &str, values: &[&str], of_value: Ink) -> Painted {
    let mut painted = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let found = values.iter().find(|value| rest.starts_with(**value)).map(|value| (value.len(), of_value));
        let label = label(rest).map(|length| (length, Ink::Label));
        let letter = rest.chars().next().map_or(1, char::len_utf8);
        let (length, ink) = found.or(label).unwrap_or((letter, Ink::Plain));
        painted.extend(plain(&rest[..length], ink));
        rest = &rest[length..];
    }
    painted
}

/// What differs from the text that was sent stands for a value of it.
pub(super) fn stand_ins(seen: &str, sent: &str, values: &[&str]) -> Painted {
    let mut painted = Vec::new();
    let mut rest = seen;
    for literal in between(sent, values).into_iter().filter(|literal| !literal.is_empty()) {
        let Some(at) = rest.find(literal) else { continue };
        painted.extend(self::plain(&rest[..at], Ink::Token));
        painted.extend(self::values(literal, &[]));
        rest = &rest[at + literal.len()..];
    }
    painted.extend(plain(rest, Ink::Token));
    painted
}

/// The pieces of a text that are not values.
fn between<'a>(text: &'a str, values: &[&str]) -> Vec<&'a str> {
    let mut pieces = vec![text];
    for value in values {
        pieces = pieces.into_iter().flat_map(|piece| piece.split(*value)).collect();
    }
    pieces
}

/// The length of a label such as `[PAN]` at the start.
fn label(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('[')?;
    let end = inside.find(']')?;
    let is_label = end > 1 && inside[..end].bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    is_label.then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inked(painted: &Painted, ink: Ink) -> String {
        painted.iter().filter(|(_, of)| *of == ink).map(|(letter, _)| letter).collect()
    }

    #[test]
    fn tells_values_tokens_and_labels_apart() {
        let got = values("card 4111, cvv [CVV].", &["4111"]);
        assert_eq!((inked(&got, Ink::Value), inked(&got, Ink::Label)), ("4111".into(), "[CVV]".into()));
        let saw = stand_ins("card pan_xyz, ok", "card 4111, ok", &["4111"]);
        assert_eq!((inked(&saw, Ink::Token), inked(&saw, Ink::Plain)), ("pan_xyz".into(), "card , ok".into()));
    }
}
