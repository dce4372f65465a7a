//! One labelled text, as it goes into a file.

use std::collections::BTreeSet;

use serde::Serialize;

/// A text that grows, and the values in it.
#[derive(Default, Clone, Debug)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) spans: Vec<Span>,
    pub(super) traits: BTreeSet<&'static str>,
    chars: usize,
}

/// Start and exclusive end, in Unicode code points.
#[derive(Serialize, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) label: &'static str,
}

impl Line {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.chars += text.chars().count();
    }

    /// One space, unless there is one already or nothing stands before it.
    pub(super) fn space(&mut self, wanted: bool) {
        if wanted && !self.text.is_empty() && !self.text.ends_with(' ') {
            self.push(" ");
        }
    }

    pub(super) fn value(&mut self, label: &'static str, text: &str) {
        let start = self.chars;
        self.push(text);
        self.spans.push(Span { start, end: self.chars, label });
    }

    /// Upper case at the start and after what ends a sentence. Letters that become longer stay as they are.
    fn capitals(&mut self) {
        let mut before = ['.', ' '];
        let capital = |letter: char| {
            let starts = matches!(before, ['.' | '?' | '!', ' ']);
            before = [before[1], letter];
            if starts { one_upper(letter) } else { letter }
        };
        self.text = self.text.chars().map(capital).collect();
    }

    /// No space at the end, and capitals if it is a sentence.
    pub(super) fn finish(&mut self, sentence: bool) {
        while self.text.ends_with(' ') {
            self.text.pop();
            self.chars -= 1;
        }
        if sentence {
            self.capitals();
        }
    }
}

fn one_upper(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => letter,
    }
}
