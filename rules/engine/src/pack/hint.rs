//! What to write instead of an expression that a pack may not use.

use crate::pattern::{LOOKS, group_end};

/// Says why an expression is refused, and what to write; both in one line.
pub(super) fn rewrite(regex: &str, message: String) -> (String, Option<String>) {
    let escapes: Vec<char> = escaped(regex).collect();
    let hint = if let Some(border) = border_of_guards(regex) {
        let inner = without_guards(regex);
        match parts(&inner, &LOOKS) {
            false => Some(format!("write `border: {border}` and `regex: '{inner}'`")),
            true => Some("list what may stand there, or let a check in `checks` refuse what may not".into()),
        }
    } else if escapes.iter().any(|c| c.is_ascii_digit() && *c != '0') {
        Some("back references are not regular: write each way as a pattern of its own, e.g. one for `-` and one for a space".into())
    } else if escapes.iter().any(|c| "bB".contains(*c)) {
        let border = if bounds_digits(regex) { "digit" } else { "word" };
        Some(format!("write `border: {border}` and `regex: '{}'`", regex.replace("\\b", "").replace("\\B", "")))
    } else if regex.starts_with('^') || regex.ends_with('$') {
        Some("leave `^` and `$` away: values stand in the middle of texts".into())
    } else if escapes.contains(&'S') {
        Some(
            "for `\\S` write what the value may hold, e.g. `[A-Za-z0-9_-]`, or `[!-~]` for every visible character"
                .into(),
        )
    } else if escapes.iter().any(|c| "DW".contains(*c)) || regex.contains("[^") {
        Some("for `[^...]`, `\\D` and `\\W` list what may stand there, e.g. `[ -~]` without what may not".into())
    } else if escapes.iter().any(|c| "pP".contains(*c)) {
        Some("leave `\\p{...}` away: letters and digits of other scripts are folded to ASCII before rules run".into())
    } else if unescaped(regex, '.') {
        Some("for `.` write what may stand there, e.g. `[A-Za-z0-9 ]`, or `[ -~]` for every printable character; `\\.` is a full stop".into())
    } else {
        None
    };
    (message, hint)
}

/// The border that look-around at both ends of an expression stands for.
fn border_of_guards(regex: &str) -> Option<&'static str> {
    let around = parts(regex, &LOOKS);
    around.then(|| if bounds_digits(regex) { "digit" } else { "word" })
}

fn bounds_digits(regex: &str) -> bool {
    let guards = ["(?<!\\d)", "(?!\\d)", "(?<![0-9])", "(?![0-9])"];
    parts(regex, &guards)
}

fn parts(regex: &str, any: &[&str]) -> bool {
    any.iter().any(|part| regex.contains(part))
}

/// Without look-around at its start and its end.
pub(crate) fn without_guards(regex: &str) -> String {
    let mut inner = regex;
    loop {
        let before = inner;
        for start in LOOKS {
            if inner.starts_with(start) {
                inner = group_end(inner).map_or(inner, |end| &inner[end..]);
            }
        }
        inner = inner.strip_prefix("\\b").unwrap_or(inner);
        inner = inner.strip_suffix("\\b").filter(|i| !i.ends_with('\\')).unwrap_or(inner);
        if let Some(start) = last_group(inner) {
            inner = &inner[..start];
        }
        if inner == before {
            return inner.to_owned();
        }
    }
}

/// Where the look-around starts that ends a text.
fn last_group(text: &str) -> Option<usize> {
    let starts = LOOKS.into_iter().filter_map(|s| text.rfind(s));
    starts.filter(|&at| group_end(&text[at..]).is_some_and(|end| at + end == text.len())).min()
}

/// The characters that stand behind a backslash.
fn escaped(regex: &str) -> impl Iterator<Item = char> {
    let mut escape = false;
    regex.chars().filter(move |&c| {
        let this = escape;
        escape = c == '\\' && !escape;
        this
    })
}

/// Whether a character stands outside of classes and without a backslash.
fn unescaped(regex: &str, wanted: char) -> bool {
    let (mut escape, mut class) = (false, false);
    regex.chars().any(|c| {
        let this = !escape && !class && c == wanted;
        if escape {
            escape = false;
        } else {
            escape = c == '\\';
            class = (class || c == '[') && c != ']';
        }
        this
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(regex: &str) -> String {
        rewrite(regex, String::new()).1.unwrap_or_default()
    }

    #[test]
    fn every_refused_construct_has_a_rewrite() {
        assert_eq!(hint(r"(?<!\d)\d{9}(?!\d)"), r"write `border: digit` and `regex: '\d{9}'`");
        assert_eq!(hint(r"(?<![A-Z(])[A-Z]\d{6}(?![)\w])"), r"write `border: word` and `regex: '[A-Z]\d{6}'`");
        assert_eq!(hint(r"\b[A-Z]\d{6}\b"), r"write `border: word` and `regex: '[A-Z]\d{6}'`");
        assert!(hint(r"(?!000)\d{3}").contains("border"));
        assert!(hint(r"\d{3}(?!000)-\d{3}").contains("check"));
        assert!(hint(r"\d([ -])\d\1\d").contains("back references"));
        assert!(hint(r"key=\S+").contains("[!-~]"));
        assert!(hint(r#""[^"]+""#).contains("list what may stand there"));
        assert!(hint("id.5").contains("full stop"));
        assert_eq!(hint(r"id\.5[.]"), "");
    }
}
