//! What was said before a turn: questions that its numbers answer. A plain value that the caller keeps between turns.

use std::{ops::Range, sync::Arc};

use crate::{
    before::Before, context::MESSAGE_REACH, program::Program, reading::Reading, scanner::Scanner, spoken::Lexicon,
};

/// A turn of somebody else with this many words that say something changes the subject.
const NEW_SUBJECT: usize = 4;

/// The words that a conversation's next turn is read after; nothing that was found is in it, and no two numbers in a row.
#[derive(Clone)]
pub struct Conversation {
    lexicon: Arc<Lexicon>,
    before: String,
    /// Who said that.
    speaker: String,
    /// Somebody else has said a number since.
    answered: bool,
}

impl Conversation {
    /// A conversation in which nothing has been said.
    pub fn new(program: &Program) -> Self {
        Conversation {
            lexicon: program.lexicon.clone(),
            before: String::new(),
            speaker: String::new(),
            answered: false,
        }
    }

    /// A scanner for somebody's next turn. Of a turn whose text is still being replaced ([`Reading::Partial`]) show what
    /// is emitted, and do not finish it.
    pub fn scanner(&self, program: Arc<Program>, reading: Reading, speaker: &str) -> Scanner {
        // Whoever asked has been answered: what they go on to say is no answer to themselves.
        let closed = self.answered && !speaker.is_empty() && speaker == self.speaker;
        let before = if closed { "" } else { self.before.as_str() };
        Scanner::reading(program, reading, Before::question(before))
    }

    /// A turn has been said, in its final form; `found` are the bytes of it that were found to be values.
    ///
    /// "Uh-huh", "could you repeat that" and a piece of a number leave the question open that was asked before them.
    pub fn said(&mut self, speaker: &str, text: &str, found: &[Range<usize>]) {
        let words = self.telling(text, found);
        let number = !found.is_empty() || text.split_whitespace().any(|w| self.lexicon.is_number(w));
        let other = speaker != self.speaker || speaker.is_empty();
        self.answered |= number && other;
        if self.lexicon.about_else.within(text.as_bytes()) {
            self.before.clear();
            (self.speaker, self.answered) = (speaker.to_owned(), false);
            return;
        }
        if words.is_empty() || self.lexicon.again.within(text.as_bytes()) {
            return;
        }
        if (other || self.answered) && words.len() >= NEW_SUBJECT {
            self.before.clear();
            self.answered = false;
        }
        if self.before.is_empty() || !other || words.len() >= NEW_SUBJECT {
            self.speaker = speaker.to_owned();
        }
        self.remember(text, found);
        let mut from = self.before.len().saturating_sub(MESSAGE_REACH);
        while !self.before.is_char_boundary(from) {
            from += 1;
        }
        self.before.drain(..from);
    }

    /// The words that are no digits, no sounds between them, and not in what was found.
    fn telling<'t>(&self, text: &'t str, found: &[Range<usize>]) -> Vec<&'t str> {
        let tells = |word: &&str| !self.lexicon.is_number(word) && !self.lexicon.is_sound(word);
        words(text, found).filter(tells).collect()
    }

    /// The words to remember: of digits only those that say how many, as in "the three digits on the back".
    fn remember(&mut self, text: &str, found: &[Range<usize>]) {
        let words: Vec<&str> = words(text, found).collect();
        let number = |at: usize| words.get(at).is_some_and(|word| self.lexicon.is_number(word));
        let counts = |at: usize| at + 1 < words.len() && !number(at + 1) && (at == 0 || !number(at - 1));
        for (at, word) in words.iter().enumerate() {
            if !number(at) || counts(at) {
                self.before.push_str(word);
                self.before.push(' ');
            }
        }
    }
}

/// The words that are not in what was found.
fn words<'t>(text: &'t str, found: &[Range<usize>]) -> impl Iterator<Item = &'t str> {
    let at = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    let hidden = move |word: &&str| found.iter().any(|f| f.start < at(word) + word.len() && at(word) < f.end);
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).filter(move |w| !hidden(w))
}
