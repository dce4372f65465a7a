//! Cases for a rule that was converted, made from its own expressions and tried before it is written.

use std::{ops::Range, sync::Arc};

use rules::{
    Direction, Leg, Pack, Policy, Program, Reading,
    explain::{Told, judgements},
};

use super::{super::cases::findings, draft::Draft, write};

/// Every entity is found, by patterns of every level.
const EVERYTHING: &str =
    "{policy: import, version: 1, routes: [{leg: llm, direction: in, default: replace, level: 3}]}";

/// Gives a draft its cases, which it then has held; the error says why it cannot be a rule.
pub(super) fn alone(draft: &mut Draft) -> Result<(), String> {
    let word = draft.context.first().cloned().unwrap_or_default();
    let frame = |draft: &Draft, score: f64| match (draft.context.is_empty(), score < 0.5) {
        (false, true) => format!("{word} = \""),
        _ => "it says \"".to_owned(),
    };
    let text = |p: &super::draft::DraftPattern| format!("{}[[{}]]\" there", frame(draft, p.score), p.sample);
    draft.cases.matching = draft.patterns.iter().map(text).collect();
    draft.cases.no_match = vec!["nothing of this kind".into()];
    let pack = write::alone(draft);
    let program = compiled(&pack)?;
    let checked = Pack::parse(&pack).map_err(|e| e.to_string())?;
    for (case, pattern) in checked.rules.iter().flat_map(|r| &r.cases.matching).zip(&draft.patterns) {
        let spans: Vec<_> = found(&program, &case.text).into_iter().map(|f| f.1).collect();
        if spans != case.marks {
            return Err(format!("what pattern `{}` describes is not found as it stands", pattern.name));
        }
    }
    let Some(first) = draft.patterns.first().map(|p| p.sample.as_str()) else { return Err("it has no pattern".into()) };
    let short: String = first.chars().take(first.chars().count() / 2).collect();
    let tries = match draft.only_named() {
        true => vec![format!("it says \"{first}\" there")],
        false => vec![format!("it says \"{short}\" there")],
    };
    let nothing = |text: &String| found(&program, text).is_empty();
    draft.cases.no_match.splice(0..0, tries.into_iter().filter(nothing));
    Ok(())
}

/// Why rules that hold alone do not hold together.
pub(super) enum Trouble {
    /// They cannot be compiled together.
    Size(String),
    /// Cases that others spoil: the rule, whether it is a `match` case, and which.
    Cases(Vec<(String, bool, usize)>),
}

/// Whether all rules of a pack run together, and every case holds.
pub(super) fn together(drafts: &[Draft]) -> Result<(), Trouble> {
    let pack = write::pack("together", drafts);
    let program = compiled(&pack).map_err(Trouble::Size)?;
    let checked = Pack::parse(&pack).map_err(|e| Trouble::Size(e.to_string()))?;
    let mut spoiled = Vec::new();
    for rule in &checked.rules {
        for (matching, cases) in [(true, &rule.cases.matching), (false, &rule.cases.no_match)] {
            for (at, case) in cases.iter().enumerate() {
                let found = found_by(&program, &case.text, Some(&rule.id));
                let mine: Vec<_> = found.into_iter().filter(|f| f.0 == rule.entity).map(|f| f.1).collect();
                if mine != case.marks {
                    spoiled.push((rule.id.clone(), matching, at));
                }
            }
        }
    }
    if spoiled.is_empty() { Ok(()) } else { Err(Trouble::Cases(spoiled)) }
}

fn compiled(pack: &str) -> Result<Arc<Program>, String> {
    let pack = Pack::parse(pack).map_err(|e| match e {
        rules::PackError::Pack(wrong) => wrong.message + &wrong.hint.map(|h| format!(" ({h})")).unwrap_or_default(),
        e => e.to_string(),
    })?;
    let policy = Policy::parse(EVERYTHING).map_err(|e| e.to_string())?;
    Program::compile(&[pack], &policy, Leg::Llm, Direction::In).map(Arc::new).map_err(|e| e.to_string())
}

fn found(program: &Arc<Program>, text: &str) -> Vec<(String, Range<usize>)> {
    found_by(program, text, None)
}

/// Entities and bytes, also of rules that only watch: of one of them, or of all.
fn found_by(program: &Arc<Program>, text: &str, watching: Option<&str>) -> Vec<(String, Range<usize>)> {
    let told = Told { reading: Reading::Written, after: "", text, goes_on: true };
    let (segments, shadows, _) = judgements(program, told);
    let mut found = findings(&segments);
    let shadows = shadows.iter().filter(|f| watching.is_none_or(|id| *f.rule == *id));
    found.extend(shadows.map(|f| (f.entity.to_string(), f.span.clone())));
    found
}
