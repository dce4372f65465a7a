//! `rules lint`: what is wrong with packs and a policy, without running them on anything.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use clap::Args;
use rules::{
    lint::{Level, Lint, Source, lint},
    load, pack, policy,
};

use super::{Failure, style::Style};

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// Folder of pack files (*.yaml) to look at instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    packs: Option<PathBuf>,
    /// `default`, or the path of a policy file
    #[arg(long, value_name = "NAME", default_value = "default")]
    policy: String,
    /// The day by which exceptions may have expired, as in 2027-01-31; today if it is not given
    #[arg(long, value_name = "DAY", value_parser = day)]
    today: Option<String>,
    /// One JSON array
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  rules lint --packs mypacks
  rules lint --packs mypacks --policy strict.yaml --json

error: a rule that cannot work, an exception that has expired. warning: a pattern that no case tries or that can never
count, rules that find the same, a rule that no route of the policy lets act, an entity that no rule finds, a rule that
holds back much. note: what a rule costs. Held back: the rule alone reads a sample of prose in steps of four bytes;
after each step the bytes that it has read and not let go are counted. Exit code 1 if there is an error.";

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let today = options.today.clone().unwrap_or_else(today);
    let found = match sources(options.packs.as_deref())? {
        Sources::Read(packs) => lint(&packs, Some(&policy_source(&options.policy)?), &today),
        Sources::Refused(refused) => vec![*refused],
    };
    let mut out = io::stdout().lock();
    if options.json {
        serde_json::to_writer(&mut out, &found).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        write(&found, Style::of_stdout(), &mut out)?;
    }
    match found.iter().filter(|f| f.level == Level::Error).count() {
        0 => Ok(()),
        n => Err(Failure::No(format!("{n} errors"))),
    }
}

enum Sources {
    Read(Vec<Source>),
    /// A file that is not even text.
    Refused(Box<Lint>),
}

fn sources(folder: Option<&Path>) -> Result<Sources, Failure> {
    let Some(folder) = folder else {
        let name = |text: &str| text.lines().find_map(|l| l.strip_prefix("pack: ")).unwrap_or_default().to_owned();
        let named = |text: &&str| Source { file: format!("built-in/{}.yaml", name(text)), text: (*text).to_owned() };
        return Ok(Sources::Read(pack::built_in_texts().iter().map(named).collect()));
    };
    let mut read = Vec::new();
    for path in load::files(folder).map_err(|e| Failure::Usage(e.to_string()))? {
        match load::text(&path) {
            Ok(text) => read.push(Source { file: path.display().to_string(), text }),
            Err(load::LoadError::Pack(path, wrong)) => {
                return Ok(Sources::Refused(Box::new(Lint {
                    file: path.display().to_string(),
                    line: wrong.place.line,
                    column: wrong.place.column,
                    rule: String::new(),
                    level: Level::Error,
                    code: wrong.code,
                    message: wrong.message,
                    hint: wrong.hint,
                })));
            }
            Err(e) => return Err(Failure::Usage(e.to_string())),
        }
    }
    Ok(Sources::Read(read))
}

fn policy_source(name: &str) -> Result<Source, Failure> {
    if name == "default" {
        return Ok(Source { file: "default policy".into(), text: policy::DEFAULT.into() });
    }
    let text = load::text(Path::new(name))
        .map_err(|e| Failure::Usage(format!("--policy {e} (`default`, or a file's path)")))?;
    Ok(Source { file: name.to_owned(), text })
}

fn write(found: &[Lint], style: Style, out: &mut impl Write) -> io::Result<()> {
    for f in found {
        let level = match f.level {
            Level::Error => style.bad("error"),
            Level::Warning => style.warn("warning"),
            Level::Note => style.faint("note"),
        };
        let place = if f.line > 0 { format!("{}:{}:{}", f.file, f.line, f.column) } else { f.file.clone() };
        let rule = if f.rule.is_empty() { String::new() } else { format!("rule {}: ", f.rule) };
        let hint = f.hint.as_ref().map(|h| format!(" ({h})")).unwrap_or_default();
        writeln!(out, "{place}: {level}[{}]: {rule}{}{hint}", f.code, f.message)?;
    }
    let count = |level| found.iter().filter(|f| f.level == level).count();
    let (errors, warnings, notes) = (count(Level::Error), count(Level::Warning), count(Level::Note));
    writeln!(out, "lint: {errors} errors, {warnings} warnings, {notes} notes")
}

fn day(text: &str) -> Result<String, String> {
    let digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
    match text.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => Ok(text.into()),
        _ => Err("a day, as in 2027-01-31".into()),
    }
}

/// The day by the system's clock (UTC), in the proleptic Gregorian calendar.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    civil(seconds / 86_400)
}

/// The day that is so many days after 1970-01-01; years are reckoned from March on, so that leap days come last.
fn civil(days: u64) -> String {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", era * 400 + year + next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar() {
        for (days, day) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (19_782, "2024-02-29"),
            (20_819, "2027-01-01"),
        ] {
            assert_eq!(civil(days), day);
        }
        assert!(super::day("2027-1-31").is_err() && super::day("2027-01-31").is_ok());
    }
}
