//! The tellings of a message: transcripts and columns of words beside each other that say the same.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use wire::{
    dialect::{Reading as Roles, Role},
    json::{Document, Kind},
};

use crate::{Refusal, decide::Edit};

/// Texts beside each other.
#[derive(Default)]
pub(super) struct Telling {
    transcripts: Vec<Text>,
    /// Words by their array; of one array, a column for each key.
    words: BTreeMap<usize, Words>,
}

/// A string.
struct Text {
    node: usize,
    text: String,
    edits: Vec<Edit>,
}

/// An array of words.
#[derive(Default)]
struct Words {
    columns: BTreeMap<String, Vec<Word>>,
    /// By position in the array: what stands for a word that is hidden.
    hidden: BTreeMap<usize, Mark>,
}

struct Word {
    node: usize,
    position: usize,
    text: String,
}

#[derive(Clone)]
struct Mark {
    text: String,
    label: Arc<str>,
}

/// Reads a text: what of it is hidden. The flag says that its findings count.
type Read<'a> = &'a mut dyn FnMut(&str, bool) -> Result<Vec<Edit>, Refusal>;

/// The tellings of a message, in its order.
pub(super) fn of(document: &Document<'_>, roles: &Roles<'_>) -> Vec<Telling> {
    let mut tellings: BTreeMap<usize, Telling> = BTreeMap::new();
    for (index, node) in document.nodes().iter().enumerate() {
        let text = || document.string(&node.span);
        match roles.role(index) {
            Some(Role::Transcript) if node.kind == Kind::String => {
                let text = Text { node: index, text: text(), edits: Vec::new() };
                tellings.entry(node.parent).or_default().transcripts.push(text);
            }
            Some(Role::Word) if node.kind == Kind::String => {
                // A word is an element of its array, or a member of one.
                let (element, column) = match &node.key {
                    Some(key) => (node.parent, document.string(key)),
                    None => (index, String::new()),
                };
                let array = document.nodes()[element].parent;
                let telling = tellings.entry(document.nodes()[array].parent).or_default();
                let word = Word { node: index, position: document.nodes()[element].position, text: text() };
                telling.words.entry(array).or_default().columns.entry(column).or_default().push(word);
            }
            _ => {}
        }
    }
    tellings.into_values().collect()
}

/// Letters and digits only, as they compare.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Telling {
    /// Reads every text, and hides in each what another hides.
    pub(super) fn read(
        &mut self,
        mut read: impl FnMut(&str, bool) -> Result<Vec<Edit>, Refusal>,
    ) -> Result<(), Refusal> {
        let no_transcript = self.transcripts.is_empty();
        for (nth, text) in self.transcripts.iter_mut().enumerate() {
            text.edits = read(&text.text, nth == 0)?;
        }
        for words in self.words.values_mut() {
            words.read(no_transcript, &mut read)?;
            self.transcripts.iter().for_each(|text| words.hide_what(text));
        }
        for text in &mut self.transcripts {
            self.words.values().for_each(|words| words.hide_in(text));
        }
        Ok(())
    }

    /// Its first text, and what of it is hidden.
    pub(super) fn main(&self) -> (&str, Vec<Range<usize>>) {
        let first = self.transcripts.first();
        first.map_or(("", Vec::new()), |t| (&t.text, t.edits.iter().map(|e| e.span.clone()).collect()))
    }

    /// What to change in which string.
    pub(super) fn edits(&self) -> Vec<(usize, Vec<Edit>)> {
        let transcripts = self.transcripts.iter().map(|t| (t.node, t.edits.clone()));
        transcripts.chain(self.words.values().flat_map(Words::edits)).collect()
    }

    /// What is hidden somewhere, as it compares, and what stands there.
    pub(super) fn hidden(&self) -> Vec<(String, String)> {
        let values = |text: &Text| -> Vec<(String, String)> {
            text.edits.iter().map(|e| (plain(&text.text[e.span.clone()]), e.text.clone())).collect()
        };
        let said = self.transcripts.iter().flat_map(values);
        said.chain(self.words.values().flat_map(Words::values)).collect()
    }
}

impl Words {
    /// Reads each column as a text.
    fn read(&mut self, counted: bool, read: Read<'_>) -> Result<(), Refusal> {
        for (nth, column) in self.columns.values().enumerate() {
            let (text, spans) = joined(column);
            for edit in read(&text, counted && nth == 0)? {
                mark(&mut self.hidden, column, &spans, &edit);
            }
        }
        Ok(())
    }

    /// Hides the words of what a transcript hides, where they can be found in it.
    fn hide_what(&mut self, text: &Text) {
        for column in self.columns.values() {
            let Some(places) = places(column, &text.text) else { continue };
            text.edits.iter().for_each(|edit| mark(&mut self.hidden, column, &places, edit));
        }
    }

    /// Hides in a transcript the words that are hidden here.
    fn hide_in(&self, text: &mut Text) {
        for column in self.columns.values() {
            let Some(places) = places(column, &text.text) else { continue };
            for (word, place) in column.iter().zip(places) {
                let Some(Mark { text: said, label }) = self.hidden.get(&word.position) else { continue };
                if !text.edits.iter().any(|e| e.span.start < place.end && place.start < e.span.end) {
                    text.edits.push(Edit { span: place, text: said.clone(), label: label.clone() });
                }
            }
        }
        text.edits.sort_by_key(|edit| edit.span.start);
    }

    fn edits(&self) -> Vec<(usize, Vec<Edit>)> {
        let hidden = |word: &Word| {
            let mark = self.hidden.get(&word.position)?;
            let edit = Edit { span: 0..word.text.len(), text: mark.text.clone(), label: mark.label.clone() };
            Some((word.node, vec![edit]))
        };
        self.columns.values().flatten().filter_map(hidden).collect()
    }

    /// What runs of hidden words say, as it compares.
    fn values(&self) -> Vec<(String, String)> {
        let mut values: Vec<(String, String)> = Vec::new();
        for column in self.columns.values() {
            let mut before = None;
            for word in column {
                let Some(mark) = self.hidden.get(&word.position) else { continue };
                match values.last_mut() {
                    Some((value, _)) if before == Some(word.position) && mark.text.is_empty() => {
                        value.push_str(&plain(&word.text));
                    }
                    _ => values.push((plain(&word.text), mark.text.clone())),
                }
                before = Some(word.position + 1);
            }
        }
        values
    }
}

/// Marks the words that an edit touches: the first one says what was there, the others nothing.
fn mark(hidden: &mut BTreeMap<usize, Mark>, column: &[Word], places: &[Range<usize>], edit: &Edit) {
    let mut text = edit.text.clone();
    for (word, place) in column.iter().zip(places) {
        if place.start < edit.span.end && edit.span.start < place.end {
            let said = Mark { text: std::mem::take(&mut text), label: edit.label.clone() };
            hidden.entry(word.position).or_insert(said);
        }
    }
}

fn joined(column: &[Word]) -> (String, Vec<Range<usize>>) {
    let mut text = String::new();
    let mut spans = Vec::with_capacity(column.len());
    for word in column {
        if !text.is_empty() {
            text.push(' ');
        }
        spans.push(text.len()..text.len() + word.text.len());
        text.push_str(&word.text);
    }
    (text, spans)
}

/// Where each word stands in a text that says the same, case and marks between words aside.
fn places(column: &[Word], text: &str) -> Option<Vec<Range<usize>>> {
    let mut at = 0;
    let mut places = Vec::with_capacity(column.len());
    for word in column {
        let bare = word.text.trim_matches(|c: char| !c.is_alphanumeric());
        let rest = &text[at..];
        let skip = rest.find(|c: char| c.is_alphanumeric()).unwrap_or(rest.len());
        if bare.is_empty() {
            places.push(at..at);
            continue;
        }
        let start = at + skip;
        let found = text.get(start..start + bare.len()).filter(|said| said.eq_ignore_ascii_case(bare))?;
        at = start + found.len();
        places.push(start..at);
    }
    Some(places)
}
