//! Names of persons and postal addresses in text that is still arriving, found without a model.
//!
//! Text is split into words ([`words`]); a window holds the few that are not decided yet. Whether the first of them starts
//! a person or an address is a pure function of the window and of what stood before it ([`left`]): [`person`] and
//! [`address`] say so, or that they must see one more word. So what is found cannot depend on how the text was cut.
//! What words are (names, towns, grammar) and which phrases announce a name is data: `rules/names/*.txt`.

use std::{ops::Range, sync::Arc};

mod address;
mod gazetteer;
mod left;
mod lexicon;
mod partial;
mod person;
mod place;
mod postcode;
mod run;
mod street;
mod view;
mod words;

pub use gazetteer::Gazetteer;
use left::Left;
use view::{Step, View};
use words::{Splitter, Token};

/// What was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Somebody's name, with title.
    Person,
    /// A postal address, as much of it as stands together.
    Address,
    /// A postcode that stands alone.
    Postcode,
}

/// What speaks for a finding.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Evidence {
    /// The lists and the shape of the words.
    Shape,
    /// A phrase, a title or a question before it.
    Context,
}

/// A span of the source; final when reported.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// Source bytes.
    pub source: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// How sure, in hundredths.
    pub score: u8,
    /// What speaks for it.
    pub class: Evidence,
}

/// Characters that are held at most before a decision is forced (one word and one gap come on top).
const HELD: usize = 180;

/// White space and quote marks after which nothing is waited for any more.
const LONG_GAP: usize = 24;

/// Bytes of the message before that are read.
const BEFORE: usize = 256;

/// Reads one text.
#[derive(Clone)]
pub struct Names {
    gazetteer: Arc<Gazetteer>,
    splitter: Splitter,
    left: Left,
    /// Words that are not decided yet.
    window: Vec<Token>,
}

impl Names {
    /// Starts a text; `before` is the end of the message before it, which may be a question.
    pub fn new(gazetteer: Arc<Gazetteer>, before: &str) -> Self {
        let mut names = Names { gazetteer, splitter: Splitter::default(), left: Left::default(), window: Vec::new() };
        names.restart(before);
        names
    }

    /// Starts another text.
    pub fn restart(&mut self, before: &str) {
        let cut = before.len().saturating_sub(BEFORE);
        let start = (cut..before.len()).find(|&i| before.is_char_boundary(i)).unwrap_or(before.len());
        self.left = Left::default();
        self.splitter = Splitter::default();
        self.window.clear();
        let Names { gazetteer, splitter, left, .. } = self;
        let mut read = |token: &Token| left.absorb(gazetteer, token);
        for c in before[start..].chars() {
            splitter.push(gazetteer, c, 0..0, &mut read);
        }
        splitter.finish(gazetteer, &mut read);
        self.left.next_message();
        self.splitter = Splitter::default();
    }

    /// Reads ASCII bytes that stand at `source` and after.
    pub fn push_plain(&mut self, ascii: &[u8], source: usize, found: &mut Vec<Found>) {
        let mut read = 0;
        while read < ascii.len() {
            // The common case, without a call a byte: a run of letters.
            read += self.splitter.push_letters(&ascii[read..], source + read);
            self.relieve(found);
            let Some(&byte) = ascii.get(read) else { break };
            if !byte.is_ascii_alphanumeric() && byte != b'\'' && self.pass_small_word() && byte == b' ' {
                self.splitter.pass_space();
                read += 1;
            } else {
                self.push(char::from(byte), source + read..source + read + 1, found);
                read += 1;
            }
        }
    }

    /// Reads one character, which the bytes `source` stand for.
    pub fn push(&mut self, c: char, source: Range<usize>, found: &mut Vec<Found>) {
        let Names { gazetteer, splitter, left, window } = self;
        splitter.push(gazetteer, c, source, &mut |token| {
            if window.is_empty() && !view::may_start(token, left) {
                left.absorb(gazetteer, token);
            } else {
                window.push(*token);
                decide(gazetteer, left, window, false, found);
            }
        });
        self.relieve(found);
    }

    /// A word in small letters that starts nothing: as `push` reads it when it ends, at less cost.
    #[inline(always)]
    fn pass_small_word(&mut self) -> bool {
        if !self.window.is_empty() || self.left.awaits() {
            return false;
        }
        let Some(hash) = self.splitter.small_word() else { return false };
        let Some(word) = self.gazetteer.look_up(hash) else { return false };
        if view::may_start_small(word.roles) {
            return false;
        }
        self.left.pass(&self.gazetteer, word, self.splitter.pass_word());
        true
    }

    /// Decides all, if what follows is too long to be waited for.
    #[inline(always)]
    fn relieve(&mut self, found: &mut Vec<Found>) {
        if !self.window.is_empty() && (self.splitter.gap() >= LONG_GAP || self.splitter.overlong()) {
            decide(&self.gazetteer, &mut self.left, &mut self.window, true, found);
        }
    }

    /// The text ends here.
    pub fn finish(&mut self, found: &mut Vec<Found>) {
        let Names { gazetteer, splitter, left, window } = self;
        splitter.finish(gazetteer, &mut |token| window.push(*token));
        decide(gazetteer, left, window, true, found);
    }

    /// Where the oldest character stands that may still become part of a finding.
    pub fn pending(&self) -> Option<usize> {
        self.window.first().map(|t| t.start).or_else(|| self.splitter.pending())
    }
}

/// Decides as many words of the window as can be, all of them if nothing more `ended` comes.
fn decide(gazetteer: &Gazetteer, left: &mut Left, window: &mut Vec<Token>, ended: bool, found: &mut Vec<Found>) {
    let mut done = 0;
    while let [first, .., last] | [first @ last] = &window[done..] {
        let full = last.at.saturating_sub(first.at) as usize > HELD;
        let view = View { gazetteer, left, tokens: &window[done..], ended: ended || full };
        let Ok(step) = view::step(&view) else { break };
        let taken = match step {
            Step::Skip(n) => n,
            Step::Take { tokens, kind, score, class } => {
                let source = first.start..window[done + tokens - 1].end;
                found.push(Found { source, kind, score, class });
                tokens
            }
        };
        for token in &window[done..done + taken] {
            left.absorb(gazetteer, token);
        }
        left.after(&step);
        done += taken;
    }
    window.drain(..done);
}

#[cfg(test)]
mod tests;
