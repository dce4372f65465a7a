//! The spoken tape's writer: words for digits, letters and signs become those, everything else is copied in lower case.
//!
//! | said | written |
//! | --- | --- |
//! | four one one one | `4111` |
//! | double four, oh, b as in boy | `44`, `0`, `B` |
//! | forty one eleven | `41 11` |
//! | four five, um, six seven | `45-67` |
//! | four five, no wait, four six | `45~46` |
//! | twelve thousand five hundred | `12,500` |
//! | j o e dot smith at example dot com | `JOE.smith@example.com` |
//!
//! Invariant: what is written never depends on what follows the words that are pending.

mod grammar;
mod lexicon;
mod part;

use std::{ops::Range, sync::Arc};

pub(crate) use lexicon::Lexicon;

use crate::side::Output;
use grammar::{Before, Join, LOOK_AHEAD, Step, Window, Word};
use part::{Gap, Part};

/// A longer word is no word for a digit, letter or sign, and no e-mail part is read from it here.
const LONGEST_WORD: usize = 32;

/// What stands between two words, at most, for them to belong together.
const LONGEST_GAP: usize = 4;

/// The transducer's state.
#[derive(Clone)]
pub(crate) struct Spoken {
    lexicon: Arc<Lexicon>,
    /// Words that what comes may still change.
    waiting: Vec<Word>,
    gap: Part,
    word: Part,
    /// The lexicon's words that the current one can still become.
    among: Range<usize>,
    /// The current word stands for itself: its bytes pass as they come.
    passing: bool,
    /// The same, of what is no word.
    gap_passing: bool,
    before: Before,
    /// Digits and letters since a run of them began.
    run: usize,
}

impl Spoken {
    pub(crate) fn new(lexicon: Arc<Lexicon>) -> Self {
        Spoken {
            lexicon,
            waiting: Vec::new(),
            gap: Part::default(),
            word: Part::default(),
            among: 0..0,
            passing: false,
            gap_passing: false,
            before: Before::Start,
            run: 0,
        }
    }

    /// Reads ASCII that stands in the source as it is.
    pub(crate) fn plain(&mut self, bytes: &[u8], source: usize, out: &mut Output) {
        let mut at = 0;
        while at < bytes.len() {
            if self.passing {
                let word = bytes[at..].iter().take_while(|b| in_word(char::from(**b))).count();
                out.plain(&bytes[at..at + word], source + at);
                at += word;
                self.passing = at == bytes.len();
                if self.passing {
                    break;
                }
            }
            let copied = self.copy(&bytes[at..], source + at, out);
            if copied == 0 {
                self.char(char::from(bytes[at]), source + at..source + at + 1, out);
            }
            at += copied.max(1);
        }
    }

    /// The common case, without a decision on every word: whole words that mean nothing here.
    fn copy(&mut self, bytes: &[u8], source: usize, out: &mut Output) -> usize {
        if !self.waiting.is_empty() || !self.word.is_empty() || self.before.runs() || self.before.glues() {
            return 0;
        }
        let mut end = 0;
        while let Some(len) = self.ordinary(&bytes[end..]) {
            end += len;
        }
        if end > 0 {
            self.gap.flush(out);
            out.plain(&bytes[..end], source);
            (self.gap_passing, self.before) = (false, Before::Word);
        }
        end
    }

    /// The length of the next whole word, with what stands before it, if it stands for itself.
    fn ordinary(&self, bytes: &[u8]) -> Option<usize> {
        let (gap, len) = next_word(bytes)?;
        let word = &bytes[gap..gap + len];
        let passes = self.lexicon.passes(word) || {
            // "a card": letters that are words are letters beside letters only.
            let rest = &bytes[gap + len..];
            self.lexicon.is_word_letter(word)
                && next_word(rest).is_some_and(|(gap, len)| self.lexicon.parts(&rest[gap..gap + len]))
        };
        passes.then_some(gap + len)
    }

    /// Reads one decoded character.
    pub(crate) fn char(&mut self, c: char, source: Range<usize>, out: &mut Output) {
        if in_word(c) && !(apostrophe(c) && !self.passing && self.word.text.is_empty()) {
            self.in_word(c, source, out);
        } else {
            self.between_words(c, source, out);
        }
    }

    /// The text ends, or something begins that no word goes on into.
    pub(crate) fn finish(&mut self, out: &mut Output) {
        self.end_word(out);
        self.decide(true, out);
        self.gap.flush(out);
        (self.passing, self.gap_passing, self.before) = (false, false, Before::Start);
    }

    /// Source offset of what is not written yet.
    pub(crate) fn pending(&self) -> Option<usize> {
        let first = self.waiting.first().map(|w| [&w.gap, &w.said]).unwrap_or([&self.gap, &self.word]);
        first.into_iter().find(|p| !p.is_empty()).map(|p| p.source.start)
    }

    fn in_word(&mut self, c: char, source: Range<usize>, out: &mut Output) {
        self.gap_passing = false;
        if self.passing {
            return out.char(c, source);
        }
        let at = self.word.text.len();
        self.word.push(c.to_ascii_lowercase(), source);
        let digits = self.word.text.bytes().all(|b| b.is_ascii_digit());
        self.among = match u8::try_from(c.to_ascii_lowercase()) {
            _ if !c.is_ascii() && c.len_utf8() > 1 => self.narrow_all(at),
            Ok(byte) if at == 0 => self.lexicon.starting(byte),
            Ok(byte) => self.lexicon.narrowed(self.among.clone(), at, byte),
            Err(_) => 0..0,
        };
        let open = digits || !self.among.is_empty() || self.may_be_swallowed();
        if !open || self.word.text.len() > LONGEST_WORD {
            self.end_word(out);
            // A word that stands for itself leaves nothing undecided.
            self.decide(true, out);
            self.passing = true;
        }
    }

    /// A character of several bytes narrows by each of them.
    fn narrow_all(&self, at: usize) -> Range<usize> {
        let bytes = self.word.text.as_bytes();
        let start = if at == 0 { self.lexicon.starting(bytes[0]) } else { self.among.clone() };
        let rest = at.max(1)..bytes.len();
        rest.fold(start, |among, i| self.lexicon.narrowed(among, i, bytes[i]))
    }

    /// After "b as in" the whole word says no more than the letter; after "at the" the word behind it decides.
    fn may_be_swallowed(&self) -> bool {
        self.waiting.iter().any(|w| w.meaning.letter.is_some() || w.meaning.sign == Some((b'@', false)))
    }

    fn between_words(&mut self, c: char, source: Range<usize>, out: &mut Output) {
        self.passing = false;
        self.end_word(out);
        if self.gap_passing {
            return out.char(c, source);
        }
        self.gap.push(c, source);
        let hard = self.gap.text.len() > LONGEST_GAP || self.gap.kind() == Gap::Hard;
        self.decide(hard, out);
        if hard {
            self.gap.flush(out);
            (self.gap_passing, self.before) = (true, Before::Start);
        }
    }

    fn end_word(&mut self, out: &mut Output) {
        if self.word.text.is_empty() {
            return;
        }
        let meaning = self.lexicon.meaning(&self.among, self.word.text.len());
        let written = self.word.text.bytes().all(|b| b.is_ascii_digit());
        if self.waiting.is_empty() && !self.before.runs() && !meaning.opens() && !written {
            return self.copy_word(out);
        }
        let (gap, said) = (std::mem::take(&mut self.gap), std::mem::take(&mut self.word));
        self.waiting.push(Word { gap, said, meaning });
    }

    /// A word that means nothing here, whatever follows.
    fn copy_word(&mut self, out: &mut Output) {
        if self.before.glues() {
            self.gap.text.clear();
        }
        self.gap.flush(out);
        self.word.flush(out);
        self.before = Before::Word;
    }

    /// Writes what can be decided.
    fn decide(&mut self, ended: bool, out: &mut Output) {
        while !self.waiting.is_empty() {
            let words = &self.waiting[..];
            let ended = ended || words.len() > LOOK_AHEAD;
            let window =
                Window { lexicon: &self.lexicon, words, run: if self.before.runs() { self.run } else { 0 }, ended };
            match window.step(self.before) {
                Step::Wait => return,
                Step::Word => {
                    let word = self.waiting.remove(0);
                    // A sign takes the space around it with it.
                    if !self.before.glues() {
                        word.gap.write(out);
                    }
                    word.said.write(out);
                    self.before = Before::Word;
                }
                Step::Element { words, text, kind, join } => {
                    let goes_on = self.before.runs() || self.before.glues();
                    self.run =
                        if goes_on { self.run } else { 0 } + text.bytes().filter(u8::is_ascii_alphanumeric).count();
                    self.element(words, &text, join, out);
                    self.before = kind;
                }
            }
        }
    }

    fn element(&mut self, words: usize, text: &str, join: Join, out: &mut Output) {
        let taken: Vec<Word> = self.waiting.drain(..words.min(self.waiting.len())).collect();
        let skipped = if let Join::By { interrupted, .. } = join { interrupted } else { 0 };
        let (Some(first), Some(last), Some(start)) = (taken.first(), taken.last(), taken.get(skipped)) else { return };
        match join {
            Join::Glued => {}
            Join::AsWritten => first.gap.write(out),
            Join::By { byte, .. } => out.atom(&[byte], first.from()..start.said.source.start),
        }
        let from = if join == Join::Glued && !text.bytes().any(|b| b.is_ascii_alphanumeric()) {
            first.from()
        } else {
            start.said.source.start
        };
        // A digit beside a digit, each a word of its own, is read out like "four one".
        if join != Join::Glued && taken.len() == skipped + 1 && start.said.plain && start.said.text == text {
            out.plain(text.as_bytes(), start.said.source.start);
        } else {
            out.atom(text.as_bytes(), from..last.said.source.end);
        }
    }
}

/// What stands before the next word, and that word's length; nothing if its end has not come.
fn next_word(bytes: &[u8]) -> Option<(usize, usize)> {
    let gap = bytes.iter().position(u8::is_ascii_alphanumeric)?;
    let len = bytes[gap..].iter().position(|b| !b.is_ascii_alphanumeric() && *b != b'\'')?;
    Some((gap, len))
}

/// Letters and digits, and the apostrophe of `o'dell`.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() || apostrophe(c)
}

fn apostrophe(c: char) -> bool {
    c == '\'' || c == '’'
}

#[cfg(test)]
mod tests;
