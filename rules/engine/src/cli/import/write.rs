//! A pack as people would write it.

use super::draft::{Draft, DraftPattern};

/// The pack's text.
pub(super) fn pack(name: &str, drafts: &[Draft]) -> String {
    let rules: String = drafts.iter().map(rule).collect();
    format!(
        "# Made by `rules import {name}`. Read it before it runs anywhere: `rules test`, `rules lint`, `rules eval`.\n\
         pack: {name}\nversion: 0.1.0\nrules:\n{rules}"
    )
}

/// A pack of one rule.
pub(super) fn alone(draft: &Draft) -> String {
    pack("alone", std::slice::from_ref(draft))
}

fn rule(draft: &Draft) -> String {
    let mut out =
        format!("  # {}\n  - id: {}\n    version: 1\n    entity: {}\n", one_line(&draft.about), draft.id, draft.entity);
    let mut line = |text: String| out.push_str(&format!("    {text}\n"));
    if let Some(label) = &draft.label {
        line(format!("label: {label}"));
    }
    line("owner: imported".into());
    line("status: test".into());
    if draft.shadow {
        line("mode: shadow".into());
    }
    line(format!("border: {}", draft.border));
    if draft.max_hold > rules::pack::DEFAULT_HOLD {
        line(format!("max_hold: {}", draft.max_hold));
    }
    if !draft.context.is_empty() {
        line(format!("context: [{}]", list(&draft.context)));
        line(format!("boost: {:.2}", draft.boost));
    }
    line("patterns:".into());
    draft.patterns.iter().for_each(|p| line(pattern(p)));
    line("cases:".into());
    line(format!("  match: [{}]", list(&draft.cases.matching)));
    line(format!("  no_match: [{}]", list(&draft.cases.no_match)));
    out
}

fn pattern(p: &DraftPattern) -> String {
    format!("  - {{name: {}, regex: {}, score: {:.2}}}", quoted(&p.name), quoted(&p.regex), p.score)
}

fn list(texts: &[String]) -> String {
    texts.iter().map(|t| quoted(t)).collect::<Vec<_>>().join(", ")
}

/// In single quotes, where nothing but the quote is special; in double quotes if a line or control character is in it.
fn quoted(text: &str) -> String {
    if text.chars().any(char::is_control) {
        // JSON strings are YAML's double-quoted ones.
        return serde_json::Value::from(text).to_string();
    }
    format!("'{}'", text.replace('\'', "''"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(110).collect()
}
