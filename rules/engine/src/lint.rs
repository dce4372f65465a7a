//! Rules that cannot work, will not act, or cost more than they should: all that can be said without data.

use serde::Serialize;

use crate::{
    pack::{Mode, Pack, Status, Wrong},
    policy::Policy,
};

mod cases;
mod cost;
mod routes;

/// How bad it is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// It cannot stay.
    Error,
    /// It is likely not what was meant.
    Warning,
    /// It is good to know.
    Note,
}

/// One thing that was found.
#[derive(Clone, Debug, Serialize)]
pub struct Lint {
    /// The file.
    pub file: String,
    /// Counted from one; zero if it is in no line.
    pub line: u32,
    /// Counted from one.
    pub column: u32,
    /// The rule's id, if it is in one.
    pub rule: String,
    /// How bad it is.
    pub level: Level,
    /// The kind of finding, for programs.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

/// A file's name and its text.
#[derive(Clone, Debug)]
pub struct Source {
    /// As it is to be named in findings.
    pub file: String,
    /// All of it.
    pub text: String,
}

/// A pack and the file that it is from.
struct Read<'s> {
    file: &'s str,
    pack: Pack,
}

/// Looks at packs and, if one is given, at a policy for them; `today` is a day as in `2027-01-31`. Errors come first.
pub fn lint(packs: &[Source], policy: Option<&Source>, today: &str) -> Vec<Lint> {
    let mut found = Vec::new();
    let mut read = Vec::new();
    for source in packs {
        let (pack, wrong) = Pack::check(&source.text);
        found.extend(wrong.into_iter().map(|w| refused(&source.file, w)));
        read.extend(pack.map(|pack| Read { file: &source.file, pack }));
    }
    twice(&read, &mut found);
    for Read { file, pack } in &read {
        for rule in &pack.rules {
            notes(file, rule, today, &mut found);
        }
    }
    let whole = !found.iter().any(|f| f.level == Level::Error && f.code != "expired");
    if whole {
        cases::cases(&read, &mut found);
        cost::cost(&read, &mut found);
    }
    if let Some(source) = policy {
        routes(source, &read, &mut found);
    }
    found.sort_by(|a, b| (a.level, &a.file, a.line).cmp(&(b.level, &b.file, b.line)));
    found
}

fn routes(source: &Source, read: &[Read<'_>], found: &mut Vec<Lint>) {
    match Policy::parse(&source.text) {
        Ok(policy) => routes::routes(source, &policy, read, found),
        Err(e) => found.push(Lint {
            file: source.file.clone(),
            line: 1,
            column: 1,
            rule: String::new(),
            level: Level::Error,
            code: "policy",
            message: e.to_string().lines().next().unwrap_or_default().to_owned(),
            hint: None,
        }),
    }
}

fn refused(file: &str, wrong: Wrong) -> Lint {
    let place = wrong.place;
    let pattern = if wrong.pattern.is_empty() { String::new() } else { format!("pattern `{}`: ", wrong.pattern) };
    Lint {
        file: file.to_owned(),
        line: place.line,
        column: place.column,
        rule: wrong.rule,
        level: Level::Error,
        code: wrong.code,
        message: pattern + &wrong.message,
        hint: wrong.hint,
    }
}

/// Ids that two files have.
fn twice(read: &[Read<'_>], found: &mut Vec<Lint>) {
    let rules = || read.iter().flat_map(|r| r.pack.rules.iter().map(|rule| (r.file, rule)));
    for (at, (file, rule)) in rules().enumerate() {
        let first = rules().take(at).find(|(other, r)| r.id == rule.id && *other != file);
        if let Some((other, _)) = first {
            let hint = Some("rename one of them".into());
            found.push(Lint {
                hint,
                ..said(file, rule, Level::Error, "duplicate", format!("{other} has a rule of this id, too"))
            });
        }
    }
}

/// What can be said of one rule alone.
fn notes(file: &str, rule: &crate::Rule, today: &str, found: &mut Vec<Lint>) {
    for allow in rule.allow.iter().filter(|a| a.expires.as_str() <= today) {
        let message = format!("an exception by {} has expired on {}: {}", allow.owner, allow.expires, allow.reason);
        let hint = Some("remove it, or ask its owner for a new day".into());
        let (line, column) = (allow.place.line, allow.place.column);
        found.push(Lint { line, column, hint, ..said(file, rule, Level::Error, "expired", message) });
    }
    let mut names: Vec<&str> = rule.patterns.iter().map(|p| p.name.as_str()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|w| w[0] == w[1]) {
        let message = format!("two patterns are named `{}`: reports cannot tell them apart", twice[0]);
        found.push(said(file, rule, Level::Warning, "name", message));
    }
    if rule.context.is_empty() && rule.asked.is_empty() {
        for p in rule.patterns.iter().filter(|p| p.best_unnamed() < crate::pack::ACCEPT) {
            let message = format!("pattern `{}` can never reach 0.50: it has no context words", p.name);
            let hint = Some("add `context`, `checks`, or a higher `score`".into());
            let (line, column) = (p.place.line, p.place.column);
            found.push(Lint { line, column, hint, ..said(file, rule, Level::Warning, "dead", message) });
        }
    }
    if rule.status == Status::Experimental {
        found.push(said(file, rule, Level::Note, "experimental", "it may change at any time".into()));
    }
    if rule.mode == Mode::Shadow {
        found.push(said(file, rule, Level::Note, "shadow", "it only watches: what it finds passes".into()));
    }
}

fn said(file: &str, rule: &crate::Rule, level: Level, code: &'static str, message: String) -> Lint {
    let (line, column) = (rule.place.line, rule.place.column);
    Lint { file: file.to_owned(), line, column, rule: rule.id.clone(), level, code, message, hint: None }
}

#[cfg(test)]
mod tests;
