//! Where packs and policy come from: files, read as text first and compiled then, so that a look at the files can be
//! compared with the one before.

#[cfg(test)]
mod tests;

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use rules::{Direction, Flow, Leg, Pack, PackError, Policy, Program, pack::Wrong};

use super::{Legs, Pair, Ruleset};
use crate::{config::Finding, recogniser::Recogniser};

/// A pack or policy file is no larger: what is read every second is bounded.
const LARGEST: u64 = 4 << 20;
/// Files of packs, at most.
const MOST: usize = 256;
/// Of what is wrong in one pack, so much is said.
const MOST_SAID: usize = 20;

const PACKS_HINT: &str = "a folder with rule packs, *.yaml";
const POLICY_HINT: &str = "`default`, or a YAML file";

/// A folder of packs and a policy file; those that are built in where there is none.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    packs: Option<PathBuf>,
    policy: Option<PathBuf>,
    /// The callers there are; a policy may name no other.
    callers: Vec<String>,
    /// The legs there are.
    legs: Vec<Leg>,
    /// Who reads what people and agents write as well.
    recogniser: Option<Arc<Recogniser>>,
}

/// A file as it was read.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Text {
    file: PathBuf,
    text: String,
}

/// All of them, in the order of their names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Texts {
    packs: Option<Vec<Text>>,
    policy: Option<Text>,
}

impl Source {
    /// By the configuration's words.
    pub(crate) fn new(packs: Option<&str>, policy: Option<&str>) -> Self {
        let policy = policy.filter(|name| *name != "default");
        Source {
            packs: packs.map(PathBuf::from),
            policy: policy.map(PathBuf::from),
            callers: Vec::new(),
            legs: vec![Leg::Llm],
            recogniser: None,
        }
    }

    /// For these callers.
    pub(crate) fn among(self, callers: Vec<String>) -> Self {
        Source { callers, ..self }
    }

    /// For these legs, which are one or more.
    pub(crate) fn on(self, legs: Vec<Leg>) -> Self {
        Source { legs, ..self }
    }

    /// With a recogniser beside the rules.
    pub(crate) fn beside(self, recogniser: Option<Arc<Recogniser>>) -> Self {
        Source { recogniser, ..self }
    }

    /// Whether there are files that can change.
    pub(crate) fn is_files(&self) -> bool {
        self.packs.is_some() || self.policy.is_some()
    }

    /// Reads every file, or says which cannot be.
    pub(crate) fn read(&self) -> Result<Texts, Vec<Finding>> {
        let packs = self.packs.as_deref().map(read_folder).transpose();
        let policy = self.policy.as_deref().map(|file| read(file, POLICY_HINT)).transpose();
        match (packs, policy) {
            (Ok(packs), Ok(policy)) => Ok(Texts { packs, policy }),
            (packs, policy) => Err([packs.err(), policy.err()].into_iter().flatten().collect()),
        }
    }

    fn of_packs(&self, message: String) -> Finding {
        Finding::new(self.packs.as_deref().unwrap_or(Path::new("built-in packs")), "", message)
    }

    fn of_policy(&self, message: String) -> Finding {
        Finding::new(self.policy.as_deref().unwrap_or(Path::new("default")), "", message)
    }
}

impl Texts {
    /// Checks each file for itself.
    pub(crate) fn parse(&self, source: &Source) -> Result<(Vec<Pack>, Policy), Vec<Finding>> {
        match (self.packs(source), self.policy(source)) {
            (Ok(packs), Ok(policy)) => Ok((packs, policy)),
            (packs, policy) => Err(packs.err().into_iter().flatten().chain(policy.err()).collect()),
        }
    }

    /// Checks and compiles them. It takes its time: on no worker that serves streams.
    pub(crate) fn compile(&self, source: &Source) -> Result<Ruleset, Vec<Finding>> {
        let (packs, policy) = self.parse(source)?;
        let compile = |sibling: Option<&Program>, leg, direction, caller| {
            let flow = Flow { leg, direction, caller };
            // An answer is a stream, and does not wait for its sentences.
            let recogniser = source.recogniser.clone().filter(|_| direction == Direction::In);
            let program = Program::compile_beside(sibling, &packs, &policy, &flow).map(|program| match recogniser {
                Some(recogniser) => program.with_external(recogniser),
                None => program,
            });
            program.map(Arc::new).map_err(|error| vec![self.of_both(source, &packs, &error, &flow)])
        };
        let pair = |sibling: Option<&Pair>, leg, caller| -> Result<Pair, Vec<Finding>> {
            let request = compile(sibling.map(|s| &*s.request), leg, Direction::In, caller)?;
            let answer = compile(Some(&request), leg, Direction::Out, caller)?;
            Ok(Pair { request, answer })
        };
        let legs = |sibling: Option<&Legs>, caller| -> Result<Legs, Vec<Finding>> {
            let (&first, others) = source.legs.split_first().unwrap_or((&Leg::Llm, &[]));
            let mut legs = Legs::new(first, pair(sibling.map(Legs::any), first, caller)?);
            for &leg in others {
                let own = pair(Some(sibling.unwrap_or(&legs).any()), leg, caller)?;
                legs.add(leg, own);
            }
            Ok(legs)
        };
        let mut ruleset = Ruleset::of(legs(None, None)?);
        for caller in policy.callers() {
            if !source.callers.iter().any(|known| known == caller) {
                return Err(vec![self.unknown(source, caller)]);
            }
            let own = legs(Some(ruleset.legs(None)), Some(caller))?;
            ruleset.add(caller, own);
        }
        Ok(ruleset)
    }

    fn packs(&self, source: &Source) -> Result<Vec<Pack>, Vec<Finding>> {
        let Some(files) = &self.packs else {
            return rules::built_in().map_err(|e| vec![source.of_packs(e.to_string())]);
        };
        let (mut packs, mut wrong) = (Vec::new(), Vec::new());
        for file in files {
            match Pack::check(&file.text) {
                (Some(pack), found) if found.is_empty() => packs.push(pack),
                (_, found) => wrong.extend(found.into_iter().take(MOST_SAID).map(|one| file.wrong(one))),
            }
        }
        if wrong.is_empty() { Ok(packs) } else { Err(wrong) }
    }

    fn policy(&self, source: &Source) -> Result<Policy, Finding> {
        match &self.policy {
            Some(file) => Policy::parse(&file.text).map_err(|error| file.finding(&error)),
            None => Policy::parse(rules::policy::DEFAULT).map_err(|e| source.of_policy(e.to_string())),
        }
    }

    /// A name that is mistyped would quietly get the actions for everybody.
    fn unknown(&self, source: &Source, caller: &str) -> Finding {
        let hint = match source.callers.is_empty() {
            true => "there are no callers".into(),
            false => format!("there are: {}", source.callers.join(", ")),
        };
        let finding = source.of_policy(format!("`{caller}` is no caller that a key names"));
        let line = self.policy.as_ref().and_then(|file| file.line_of(caller)).unwrap_or(0);
        Finding { line, hint: Some(hint), ..finding }
    }

    /// What only shows when packs and policy meet.
    fn of_both(&self, source: &Source, packs: &[Pack], error: &PackError, flow: &Flow<'_>) -> Finding {
        let message = format!("{error} ({flow})");
        match error {
            PackError::NoRoute(_) => source.of_policy(message),
            PackError::Language(..) => {
                self.policy.as_ref().map_or_else(|| source.of_policy(message), |file| file.finding(error))
            }
            PackError::Twice(id) => {
                let second = packs.iter().rposition(|pack| pack.rules.iter().any(|rule| rule.id == *id));
                let file = second.and_then(|at| self.packs.as_ref()?.get(at));
                file.map_or_else(|| source.of_packs(message), |file| file.finding(error))
            }
            _ => source.of_packs(message),
        }
    }
}

impl Text {
    fn wrong(&self, mut wrong: Wrong) -> Finding {
        let (line, column) = (wrong.place.line.into(), wrong.place.column.into());
        let hint = wrong.hint.take();
        Finding { line, column, hint, ..Finding::new(&self.file, "", wrong.said()) }
    }

    /// An error of the file, at its line as far as that can be told.
    fn finding(&self, error: &PackError) -> Finding {
        let said = error.to_string();
        // A parser's error goes on with the lines around the place, which are in the file as well.
        let message = said.lines().next().unwrap_or_default();
        if let (PackError::Syntax(_), Some((line, column, message))) = (error, place(message)) {
            return Finding { line, column, ..Finding::new(&self.file, "", message) };
        }
        let line = match error {
            PackError::Twice(rule) => self.line_of(rule),
            PackError::Kept { entity, .. } => self.line_of(entity),
            PackError::Language(name, _) => self.line_of(name),
            PackError::Pack(_) | PackError::Many(..) => None,
            PackError::Syntax(_) | PackError::Automaton(_) | PackError::NoRoute(_) | PackError::Repeated { .. } => None,
        };
        Finding { line: line.unwrap_or(0), ..Finding::new(&self.file, "", message) }
    }

    /// The first line that has this word and is no comment.
    fn line_of(&self, word: &str) -> Option<u64> {
        let is_part = |c: char| c.is_alphanumeric() || "_-.".contains(c);
        let holds = |line: &str| !line.trim_start().starts_with('#') && line.split(|c| !is_part(c)).any(|w| w == word);
        self.text.lines().position(holds).map(|at| at as u64 + 1)
    }
}

/// Line, column and words of a parser's message: `what is wrong at line 3, column 5`.
fn place(message: &str) -> Option<(u64, u64, &str)> {
    let (words, place) = message.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(", column ")?;
    Some((line.parse().ok()?, column.parse().ok()?, words))
}

fn read_folder(folder: &Path) -> Result<Vec<Text>, Finding> {
    let wrong = |what: String| Finding::new(folder, "", what).hint(PACKS_HINT);
    let unreadable = |e: io::Error| wrong(format!("cannot be read: {}", e.kind()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if is_pack(&path) {
            files.push(path);
        }
    }
    files.sort();
    match files.len() {
        0 => Err(wrong("holds no pack".into())),
        1..=MOST => files.iter().map(|file| read(file, PACKS_HINT)).collect(),
        n => Err(wrong(format!("holds {n} packs: {MOST} at most"))),
    }
}

/// Editors keep locks and copies in names that begin with a dot.
fn is_pack(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
    !hidden && path.extension().is_some_and(|kind| kind == "yaml" || kind == "yml")
}

fn read(file: &Path, hint: &str) -> Result<Text, Finding> {
    let unreadable = |e: io::Error| Finding::new(file, "", format!("cannot be read: {}", e.kind())).hint(hint);
    let mut text = String::new();
    File::open(file).and_then(|f| f.take(LARGEST + 1).read_to_string(&mut text)).map_err(unreadable)?;
    if text.len() as u64 > LARGEST {
        return Err(Finding::new(file, "", format!("is larger than {} MiB", LARGEST >> 20)).hint(hint));
    }
    Ok(Text { file: file.to_owned(), text })
}
