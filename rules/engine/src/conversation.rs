//! What was said before a turn: questions that its numbers answer. A plain value that the caller keeps between turns.

use std::{ops::Range, sync::Arc};

use crate::{
    before::Before, context::MESSAGE_REACH, program::Program, reading::Reading, scanner::Scanner, spoken::Lexicon,
};

/// A turn of somebody else with this many words that say something changes the subject.
const NEW_SUBJECT: usize = 4;

/// Words of a number that is being said, at most.
const LONGEST_RUN: usize = 64;

/// Words before a number that may say what it is.
const WORDS_BEFORE: usize = 8;

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

    /// The end of a text that its speaker may go on with: a number that is being said, and a few words before it that say
    /// what it is. Empty if the text does not end with a number.
    pub fn open_end<'t>(&self, text: &'t str) -> &'t str {
        let mut words = words(text, &[]).collect::<Vec<_>>();
        words.drain(..words.len().saturating_sub(LONGEST_RUN));
        let within = |word: &&&str| self.lexicon.is_number(word) || self.lexicon.is_sound(word);
        let run = words.iter().rev().take_while(within).count();
        if !words[words.len() - run..].iter().any(|word| self.lexicon.is_number(word)) {
            return "";
        }
        let first = words[(words.len() - run).saturating_sub(WORDS_BEFORE)];
        &text[first.as_ptr() as usize - text.as_ptr() as usize..]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Direction, Leg, Policy, built_in, policy::DEFAULT};

    #[test]
    fn a_number_goes_on_with_the_words_before_it() {
        let policy = Policy::parse(DEFAULT).unwrap();
        let program = Program::compile(&built_in().unwrap(), &policy, Leg::Stt, Direction::Out).unwrap();
        let said = |text| Conversation::new(&program).open_end(text).to_owned();
        assert_eq!(
            said("yes it's my card number is four one, uh, one"),
            "yes it's my card number is four one, uh, one"
        );
        assert_eq!(
            said("hello, could you please tell me whether this is my card 4111"),
            "please tell me whether this is my card 4111"
        );
        assert_eq!(said("four one one one for the rent"), "");
        assert_eq!(said("that was all, um"), "");
        assert_eq!(said(""), "");
    }
}
