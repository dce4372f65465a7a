//! What the cases have tried: each pattern, and both answers of each check.

use std::collections::{BTreeMap, BTreeSet};

use rules::{
    Pack,
    explain::{Judgement, Verdict},
};
use serde::Serialize;

/// What was seen, by rule and pattern.
#[derive(Default)]
pub(super) struct Coverage {
    found: BTreeSet<(String, String)>,
    said: BTreeMap<(String, String, &'static str), [bool; 2]>,
}

/// What was tried, of what there is, and what was not.
#[derive(Serialize)]
pub(super) struct Report {
    pub(super) percent: f64,
    pub(super) tried: usize,
    pub(super) of: usize,
    /// Rules of which no pattern ever found anything.
    pub(super) rules: Vec<String>,
    pub(super) patterns: Vec<Untried>,
    pub(super) checks: Vec<Untried>,
}

/// A pattern that never found anything, or a check that never said `never`.
#[derive(Serialize)]
pub(super) struct Untried {
    pub(super) rule: String,
    pub(super) pattern: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) check: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) never: Option<&'static str>,
}

impl Report {
    /// The figure only.
    pub(super) fn shorten(&mut self) {
        self.rules.clear();
        self.patterns.clear();
        self.checks.clear();
    }
}

impl Coverage {
    pub(super) fn note(&mut self, judged: &[Judgement]) {
        for j in judged {
            let key = (j.rule.to_string(), j.pattern.to_string());
            if matches!(j.verdict, Verdict::Accepted | Verdict::Invalid) {
                for check in &j.checks {
                    let said = self.said.entry((key.0.clone(), key.1.clone(), check.name)).or_default();
                    said[usize::from(check.held)] = true;
                }
            }
            if j.verdict == Verdict::Accepted {
                self.found.insert(key);
            }
        }
    }

    pub(super) fn report(&self, packs: &[Pack]) -> Report {
        let mut report =
            Report { percent: 100.0, tried: 0, of: 0, rules: Vec::new(), patterns: Vec::new(), checks: Vec::new() };
        for rule in packs.iter().flat_map(|p| &p.rules) {
            let mut any = false;
            for (pattern, checks) in rule.patterns_and_checks() {
                any |= self.of_pattern(&rule.id, pattern, &checks, &mut report);
            }
            if !any && rule.patterns_and_checks().next().is_some() {
                report.rules.push(rule.id.clone());
            }
        }
        if report.of > 0 {
            report.percent = 100.0 * report.tried as f64 / report.of as f64;
        }
        report
    }

    /// Whether the pattern has found anything.
    fn of_pattern(&self, rule: &str, pattern: &str, checks: &[&'static str], report: &mut Report) -> bool {
        let untried = |check, never| Untried { rule: rule.into(), pattern: pattern.into(), check, never };
        let found = self.found.contains(&(rule.to_owned(), pattern.to_owned()));
        if !found {
            report.patterns.push(untried(None, None));
        }
        report.of += 1;
        report.tried += usize::from(found);
        for &check in checks {
            let said = self.said.get(&(rule.to_owned(), pattern.to_owned(), check)).copied().unwrap_or_default();
            for (said, word) in said.into_iter().zip(["no", "yes"]) {
                report.of += 1;
                report.tried += usize::from(said);
                if !said {
                    report.checks.push(untried(Some(check), Some(word)));
                }
            }
        }
        found
    }
}
