//! Labelled lines, and what is found in each.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use rules::{Before, Conversation, Program, Reading, Scanner, TokenKey};
use serde::Deserialize;
use serde_json::Value;

use super::super::{
    Failure,
    masking::{Found, Masking, OnBlock},
};

/// A line of a labelled file.
#[derive(Deserialize)]
pub(super) struct Line {
    #[serde(default)]
    pub(super) id: Value,
    pub(super) text: String,
    #[serde(default)]
    pub(super) spans: Vec<Labelled>,
    /// Everything else, for `--turns`.
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
    /// Byte offset of every character and of the end.
    #[serde(skip)]
    offsets: Vec<usize>,
}

/// A labelled value, in code points.
#[derive(Deserialize)]
pub(super) struct Labelled {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) label: String,
}

impl Line {
    /// Number of code points.
    pub(super) fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// What stands between two code points.
    pub(super) fn slice(&self, start: usize, end: usize) -> &str {
        let at = |point: usize| self.offsets.get(point).copied().unwrap_or(self.text.len());
        self.text.get(at(start)..at(end)).unwrap_or_default()
    }

    fn at(&self, path: &[String]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        let mut value = if first == "id" { &self.id } else { self.rest.get(first)? };
        for key in rest {
            value = value.get(key)?;
        }
        Some(value)
    }
}

/// The lines of a file.
pub(super) struct Lines {
    path: PathBuf,
    reader: BufReader<File>,
    number: usize,
}

impl Lines {
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let file = File::open(path).map_err(|e| Failure::Usage(format!("{}: {e}", path.display())))?;
        Ok(Lines { path: path.into(), reader: BufReader::new(file), number: 0 })
    }

    fn read(&mut self) -> Result<Option<Line>, Failure> {
        let mut bytes = Vec::new();
        self.number += 1;
        if self.reader.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        let wrong = |what: &str| Failure::Usage(format!("{}:{}: {what}", self.path.display(), self.number));
        // The error's own text may quote the line.
        let mut line: Line =
            serde_json::from_slice(&bytes).map_err(|_| wrong("not an object with a `text` and labelled `spans`"))?;
        line.offsets = line.text.char_indices().map(|(at, _)| at).chain([line.text.len()]).collect();
        if line.spans.iter().any(|s| s.start > s.end || s.end > line.len()) {
            return Err(wrong("a span ends behind the text; spans count code points, the end exclusive"));
        }
        line.spans.retain(|s| s.start < s.end);
        Ok(Some(line))
    }
}

impl Iterator for Lines {
    type Item = Result<Line, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

/// Reads lines as `rules scan` does, one after the other.
pub(super) struct Reader {
    program: Arc<Program>,
    key: TokenKey,
    turns: Option<Vec<Vec<String>>>,
    /// What was said before in each conversation.
    said: HashMap<String, Conversation>,
}

impl Reader {
    pub(super) fn of(program: Arc<Program>, key: TokenKey, turns: Option<&str>) -> Result<Self, Failure> {
        let paths = |turns: &str| -> Vec<Vec<String>> {
            turns.split(',').map(|path| path.trim().split('.').map(str::to_owned).collect()).collect()
        };
        let turns = turns.map(paths);
        if turns.as_ref().is_some_and(|t| !(2..=3).contains(&t.len())) {
            return Err(Failure::Usage("--turns names two or three paths, e.g. meta.conv,meta.turn".into()));
        }
        Ok(Reader { program, key, turns, said: HashMap::new() })
    }

    /// Another file: its conversations are others.
    pub(super) fn start(&mut self) {
        self.said.clear();
    }

    /// What is masked of a line, in code points.
    pub(super) fn found(&mut self, line: &Line, reading: Reading) -> Result<Vec<Found>, Failure> {
        let (conversation, speaker) = self.place(line)?;
        let fresh = || Conversation::new(&self.program);
        let said = conversation.map(|c| self.said.entry(c).or_insert_with(fresh));
        let scanner = match &said {
            Some(said) => said.scanner(self.program.clone(), reading, &speaker),
            None => Scanner::reading(self.program.clone(), reading, Before::default()),
        };
        let mut masking = Masking::new(scanner, self.key.clone(), OnBlock::Label);
        let mut masked = String::new();
        let done = masking.push(&line.text, &mut masked).and_then(|()| masking.finish(&mut masked));
        debug_assert!(done.is_ok(), "blocked values are labelled here");
        if let Some(said) = said {
            said.said(&speaker, &line.text, masking.bytes());
        }
        Ok(masking.into_found())
    }

    /// The line's conversation and speaker, where turns are read.
    fn place(&self, line: &Line) -> Result<(Option<String>, String), Failure> {
        let Some([conversation, turn, speaker @ ..]) = self.turns.as_deref() else { return Ok((None, String::new())) };
        let (Some(conversation), Some(_)) = (line.at(conversation), line.at(turn)) else {
            return Err(Failure::Usage(format!("--turns: the line with id {} has no such path", line.id)));
        };
        let speaker = speaker.first().and_then(|path| line.at(path)).map(|s| s.to_string()).unwrap_or_default();
        Ok((Some(conversation.to_string()), speaker))
    }
}
