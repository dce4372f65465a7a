//! Letters: plain, by spelling words, and as in "b as in boy".

use super::{
    super::{
        lexicon::{Letter, Meaning, Number, Phrase},
        part::Gap,
    },
    Known, Window, Word,
    step::{Before, Parse, spelled},
};

/// Behind so many digits and letters, a month's name is a letter.
const MONTH_FREE: usize = 4;

/// A number of so many digits that is written counts for any number of them.
const WRITTEN: usize = 5;

/// Words of thinking between a letter and the digits behind it, at most.
const SOUNDS: usize = 3;

impl Window<'_> {
    /// "b as in boy": the words that say a letter.
    pub(super) fn as_in(&self, at: usize) -> Parse {
        let Some(Letter::Plain(c) | Letter::Word(c)) = self.words[at].meaning.letter else { return Parse::Nothing };
        let (words, sure) = match self.phrase(at + 1, |p| p == Phrase::AsIn) {
            Known::Wait => return Parse::Wait,
            Known::Yes(words, _) => (words, words > 1),
            Known::No => return Parse::Nothing,
        };
        let after = at + 1 + words;
        let Some(word) = self.words.get(after) else { return self.unknown() };
        if word.gap() != Gap::Plain {
            return Parse::Nothing;
        }
        let long = word.text().len() > 1;
        if long && (word.text().as_bytes()[0] == c || sure && !word.meaning.not_after_sign && !word.is_written()) {
            return Parse::Element(spelled(2 + words, c));
        }
        // "x as in x ray"
        match self.phrase(after, |p| p == Phrase::Letter(c)) {
            Known::Wait => Parse::Wait,
            Known::Yes(more, _) => Parse::Element(spelled(1 + words + more, c)),
            Known::No => Parse::Nothing,
        }
    }

    pub(super) fn letter(&self, at: usize, before: Before, letter: Letter) -> Parse {
        let (Letter::Plain(c) | Letter::Word(c) | Letter::Spelling(c)) = letter;
        match self.as_in(at) {
            Parse::Nothing => {}
            said => return said,
        }
        match letter {
            Letter::Plain(_) => Parse::Element(spelled(1, c)),
            Letter::Word(_) => self.word_letter(at, before, c),
            Letter::Spelling(_) => self.spelling(at, before, c),
        }
    }

    /// "a" and "i": letters beside what is spelled, words before words.
    fn word_letter(&self, at: usize, before: Before, c: u8) -> Parse {
        let Some(next) = self.words.get(at + 1) else {
            return if before.runs() { self.unknown_or(spelled(1, c)) } else { self.unknown() };
        };
        let article = self.words[at].meaning.article;
        // "i did", but "nine i, did you get that?"
        let asks = next.meaning.closes && self.words.get(at + 2).is_some_and(|w| w.meaning.closes);
        if next.meaning.verb && !article && !asks {
            let undecided = next.meaning.closes && before.runs() && self.words.len() == at + 2;
            return if undecided { self.unknown() } else { Parse::Nothing };
        }
        let ends = next.gap() != Gap::Plain || next.is_sound() || next.meaning.closes;
        let letter = next.gap() == Gap::Plain && matches!(next.meaning.letter, Some(Letter::Plain(_)));
        let word_letter = matches!(next.meaning.letter, Some(Letter::Word(_)));
        let reads = match before {
            Before::Letter => ends || !article || next.is_element(),
            Before::Single | Before::Group => ends || letter || word_letter,
            _ => letter,
        };
        match reads {
            true => Parse::Element(spelled(1, c)),
            false if before.runs() => Parse::Nothing,
            // "a a six"
            false if word_letter => self.behind_word_letters(at, c),
            false => self.before_numbers(at, c, 3),
        }
    }

    /// "a a six": behind letters that are words, something must be spelled.
    fn behind_word_letters(&self, at: usize, c: u8) -> Parse {
        let word_letter = |w: &&Word| w.gap() == Gap::Plain && matches!(w.meaning.letter, Some(Letter::Word(_)));
        let letters = self.words[at + 1..].iter().take_while(word_letter).count();
        match self.words.get(at + 1 + letters) {
            None => self.unknown(),
            Some(w) if w.is_spelled() => Parse::Element(spelled(1, c)),
            Some(_) => Parse::Nothing,
        }
    }

    /// "bravo": a letter beside letters and digits, a word or a name elsewhere.
    fn spelling(&self, at: usize, before: Before, c: u8) -> Parse {
        if before == Before::Letter {
            return Parse::Element(spelled(1, c));
        }
        let month = self.words[at].meaning.month && self.run < MONTH_FREE;
        let Some(next) = self.words.get(at + 1) else {
            return if before.is_number() && !month { self.unknown_or(spelled(1, c)) } else { self.unknown() };
        };
        let beside =
            next.gap() == Gap::Plain && matches!(next.meaning.letter, Some(Letter::Plain(_) | Letter::Spelling(_)));
        // "six seven zero, charlie", "four nine bravo": a letter ends what digits began.
        let ends = next.gap() != Gap::Plain || next.is_sound() || next.meaning.closes || next.meaning.number.is_some();
        if beside || before.is_number() && !month && ends {
            return Parse::Element(spelled(1, c));
        }
        if before.is_number() {
            return Parse::Nothing;
        }
        // "november seven" is a day, "november seven oh" is none.
        self.before_numbers(at, c, if month { 2 } else { 1 })
    }

    /// A letter that so many digits, or groups of them, follow, at once or behind a sound.
    pub(super) fn before_numbers(&self, at: usize, c: u8, numbers: usize) -> Parse {
        let month = self.words[at].meaning.month;
        let sound = |w: &&Word| w.is_sound() && w.meaning.letter.is_none() && w.meaning.number.is_none();
        let sounds = self.words[at + 1..].iter().take(SOUNDS).take_while(sound).count();
        for i in 1..=numbers {
            let Some(word) = self.words.get(at + sounds + i) else { return self.unknown() };
            let soft = word.gap() == Gap::Plain || word.gap() == Gap::Pause && i == 1;
            let number = match word.meaning.number {
                // As much as several that are said.
                _ if word.is_written() && word.text().len() >= WRITTEN => return Parse::Element(spelled(1, c)),
                _ if word.is_written() => !month,
                Some(Number::Digit(_) | Number::Oh | Number::Times(_)) => true,
                Some(Number::Teen(_) | Number::Tens(_)) => !month,
                _ => false,
            };
            if !number || !soft {
                return Parse::Nothing;
            }
        }
        Parse::Element(spelled(1, c))
    }
}

impl Word {
    /// A digit or letter that is no other word.
    pub(super) fn is_spelled(&self) -> bool {
        let number = matches!(self.meaning.number, Some(Number::Digit(_) | Number::Teen(_) | Number::Tens(_)));
        self.gap() == Gap::Plain && (number || matches!(self.meaning.letter, Some(Letter::Plain(_))))
    }

    /// A letter, digit or sign.
    pub(super) fn is_element(&self) -> bool {
        let Meaning { letter, number, sign, .. } = self.meaning;
        self.gap() != Gap::Plain || letter.is_some() || number.is_some() || sign.is_some()
    }
}
