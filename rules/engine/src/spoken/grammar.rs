//! What the words that wait mean: a pure decision over a few of them, taken as soon as the words behind it allow.

mod letter;
mod number;
mod step;

pub(super) use step::{Before, Join, Step};
use step::{Element, Parse, between, join, single, spelled};

use super::{
    lexicon::{Letter, Lexicon, Meaning, Number, Phrase},
    part::{Gap, Part},
};

/// Words looked at for one decision: enough for "nine hundred ninety nine thousand nine hundred and ninety nine".
pub(super) const LOOK_AHEAD: usize = 12;

/// Digits of a number in groups that "and" goes on with; it parts two times of the day.
const AND_JOINS: usize = 5;

/// Digits of a number that goes on behind what is said aside; fewer are a number of their own.
const ASIDE_JOINS: usize = 2;

/// The same, of numbers that are written.
const READ_OUT: usize = 3;

/// Behind so many digits and letters, what stands behind a correction is one: "no wait, oh".
const RESTARTS: usize = 3;

/// A word that waits.
#[derive(Clone)]
pub(super) struct Word {
    /// What stands between it and the word before.
    pub(super) gap: Part,
    /// In lower case.
    pub(super) said: Part,
    pub(super) meaning: Meaning,
}

impl Word {
    /// Where it begins in the source, with what parts it from the word before.
    pub(super) fn from(&self) -> usize {
        if self.gap.is_empty() { self.said.source.start } else { self.gap.source.start }
    }

    fn text(&self) -> &str {
        &self.said.text
    }

    fn gap(&self) -> Gap {
        self.gap.kind()
    }

    /// Said between the groups of a number, it parts them as a pause does.
    fn is_dash(&self) -> bool {
        self.meaning.sign.is_some_and(|(sign, _)| sign == b'-')
    }

    /// What is said while one thinks, or in the middle of a number.
    fn is_sound(&self) -> bool {
        let Meaning { filler, aside, correction, and, .. } = self.meaning;
        filler || aside || correction || and
    }

    fn is_written(&self) -> bool {
        !self.said.is_empty() && self.text().bytes().all(|b| b.is_ascii_digit())
    }
}

/// The waiting words under a lexicon; `ended`: no more come.
pub(super) struct Window<'w> {
    pub(super) lexicon: &'w Lexicon,
    pub(super) words: &'w [Word],
    /// Digits and letters of the run that the words may go on with.
    pub(super) run: usize,
    pub(super) ended: bool,
}

impl Window<'_> {
    /// Decides on the first word.
    pub(super) fn step(&self, before: Before) -> Step {
        let Some(first) = self.words.first() else { return Step::Wait };
        match self.name(before) {
            Parse::Wait => return Step::Wait,
            Parse::Element(Element { words, text, kind }) => {
                return Step::Element { words, text, kind, join: Join::AsWritten };
            }
            Parse::Nothing => {}
        }
        match self.sign(before) {
            Parse::Wait => return Step::Wait,
            Parse::Element(e) => {
                // A number's plus belongs to what follows only.
                let join = if e.text == "+" { Join::AsWritten } else { Join::Glued };
                return Step::Element { words: e.words, text: e.text, kind: e.kind, join };
            }
            Parse::Nothing => {}
        }
        let before_it = if matches!(first.gap(), Gap::Plain | Gap::Pause | Gap::None) { before } else { Before::Start };
        match self.element(0, before_it) {
            Parse::Wait => Step::Wait,
            Parse::Element(e) => {
                let join = if before.glues() { Join::Glued } else { join(before, &e, first.gap()) };
                Step::Element { words: e.words, text: e.text, kind: e.kind, join }
            }
            Parse::Nothing if before.runs() => self.interruption(before),
            Parse::Nothing => Step::Word,
        }
    }

    /// "d o b": letters that name the value behind them, and are none of it.
    fn name(&self, before: Before) -> Parse {
        let first = &self.words[0];
        if !first.meaning.phrase || !matches!(first.meaning.letter, Some(Letter::Plain(_) | Letter::Word(_))) {
            return Parse::Nothing;
        }
        if before.runs() || before.glues() {
            return Parse::Nothing;
        }
        match self.phrase(0, |p| p == Phrase::Name) {
            Known::Wait => Parse::Wait,
            Known::Yes(words, _) => {
                let text = self.words[..words].iter().map(Word::text).collect();
                Parse::Element(Element { words, text, kind: Before::Word })
            }
            Known::No => Parse::Nothing,
        }
    }

    /// Fillers and corrections that an element follows.
    fn interruption(&self, before: Before) -> Step {
        match self.and_parts(before) {
            None => return Step::Wait,
            Some(true) => return Step::Word,
            Some(false) => {}
        }
        let (mut corrected, mut aside_said, mut parted) = (false, false, false);
        for (i, word) in self.words.iter().enumerate() {
            let Meaning { filler, correction, .. } = word.meaning;
            // "hang on a moment": articles count among what is said aside.
            let aside = word.meaning.aside || word.meaning.and || word.meaning.article || word.is_dash();
            // "between ten thirty and eleven"
            let one_moment = self.one_moment(i);
            let soft = matches!(word.gap(), Gap::Plain | Gap::Pause);
            if i > 0 && soft {
                let corrects = if self.run < RESTARTS { Before::Start } else { Before::Plus };
                match self.element(i, if corrected { corrects } else { before }) {
                    Parse::Wait => return Step::Wait,
                    // "at 10:30 on 4/5" are two numbers, and so are "one is ten".
                    Parse::Element(_) if parted && word.is_written() => return Step::Word,
                    Parse::Element(_) if aside_said && before.is_number() && self.run < ASIDE_JOINS => {
                        return Step::Word;
                    }
                    Parse::Element(e) => {
                        return Step::Element {
                            words: i + e.words,
                            join: Join::By { byte: between(before, e.kind, corrected), interrupted: i },
                            text: e.text,
                            kind: e.kind,
                        };
                    }
                    Parse::Nothing => {}
                }
            }
            if !soft || !(filler || aside || correction || one_moment || word.meaning.after_one) || i + 2 > LOOK_AHEAD {
                return Step::Word;
            }
            corrected |= correction;
            aside_said |= aside && !filler;
            parted |= aside && !filler && (word.meaning.between || self.run < READ_OUT);
        }
        if self.ended { Step::Word } else { Step::Wait }
    }

    /// "between ten thirty and eleven": two numbers, not one; nothing if the next word decides.
    fn and_parts(&self, before: Before) -> Option<bool> {
        let and = self.words[0].meaning.and && self.words[0].gap() == Gap::Plain;
        if !and || before != Before::Group || self.run >= AND_JOINS {
            return Some(false);
        }
        let alone = |w: &Word| w.gap() == Gap::Plain && !w.is_sound();
        self.words.get(1).map(alone).or(self.ended.then_some(true))
    }

    fn one_moment(&self, at: usize) -> bool {
        let one = self.words[at].meaning.number == Some(Number::Digit(1));
        one && self.words.get(at + 1).is_some_and(|w| w.meaning.after_one)
    }

    /// A sign between two words, with the fillers behind it.
    fn sign(&self, before: Before) -> Parse {
        let first = &self.words[0];
        let plus = first.meaning.sign == Some((b'+', true));
        if !plus && (before == Before::Start || before.glues() || first.gap() != Gap::Plain) {
            return Parse::Nothing;
        }
        let (sign, words, digits_only) = match (self.phrase(0, |p| matches!(p, Phrase::Sign(_))), first.meaning.sign) {
            (Known::Wait, _) => return Parse::Wait,
            (Known::Yes(words, Phrase::Sign(sign)), _) => (sign, words, false),
            (_, Some((sign, digits_only))) => (sign, 1, digits_only),
            _ => return Parse::Nothing,
        };
        if plus {
            return self.plus(words);
        }
        let said_aside = |w: &Word| w.meaning.filler && w.meaning.letter.is_none() && w.meaning.number.is_none();
        let words = words + self.words[words..].iter().take_while(|w| said_aside(w)).count();
        let Some(next) = self.words.get(words) else { return self.unknown() };
        if next.meaning.letter.is_some() && self.words.len() == words + 1 && !self.ended {
            return Parse::Wait;
        }
        if next.meaning.letter.is_some() && matches!(self.as_in(words), Parse::Wait) {
            return Parse::Wait;
        }
        // "dash, hold on, seven": the dash parts two groups.
        let parts = sign == b'-' && before.runs() && next.is_sound() && next.meaning.letter.is_none();
        if next.gap() != Gap::Plain || parts {
            return Parse::Nothing;
        }
        match self.not_after(sign, words) {
            None => return Parse::Wait,
            Some(true) => return Parse::Nothing,
            Some(false) => {}
        }
        if digits_only {
            match self.element(words, Before::Sign) {
                Parse::Wait => return Parse::Wait,
                Parse::Element(e) if before.is_number() && e.kind.is_number() => {}
                _ => return Parse::Nothing,
            }
        }
        Parse::Element(Element { words, text: char::from(sign).to_string(), kind: Before::Sign })
    }

    /// A plus before a number, with what is said until the number comes.
    fn plus(&self, words: usize) -> Parse {
        let aside = |w: &Word| w.is_sound() || w.is_dash();
        let starts = |at: usize| match self.words.get(at) {
            Some(w) if matches!(w.gap(), Gap::Plain | Gap::Pause) => self.element(at, Before::Plus),
            Some(_) => Parse::Nothing,
            None => self.unknown(),
        };
        for at in words..self.words.len() + 1 {
            match starts(at) {
                Parse::Wait => return Parse::Wait,
                Parse::Element(e) if e.kind.is_number() => {
                    return Parse::Element(Element { words: at, text: "+".into(), kind: Before::Plus });
                }
                _ if self.words.get(at).is_some_and(aside) => {}
                _ => return Parse::Nothing,
            }
        }
        Parse::Nothing
    }

    /// Whether the word behind a sign says that it was none; nothing if the words behind it decide.
    fn not_after(&self, sign: u8, at: usize) -> Option<bool> {
        let next = &self.words[at];
        let number = !matches!(next.meaning.number, None | Some(Number::Oh)) || next.is_written();
        if sign == b'@' && number {
            return Some(true);
        }
        // "at a c dot uk": a letter beside a letter is none of the words that say otherwise.
        let letter = |w: &Word| matches!(w.meaning.letter, Some(Letter::Plain(_)));
        let spelled = next.meaning.letter.is_some()
            && (self.words.get(at + 1).is_some_and(letter) || matches!(self.as_in(at), Parse::Element(_)));
        if !next.meaning.not_after_sign || spelled || sign == b'.' && next.meaning.domain {
            return Some(false);
        }
        if sign != b'@' {
            return Some(true);
        }
        // "info at the bakery dot com"
        let dot = |w: &Word| w.gap() == Gap::Plain && w.meaning.sign == Some((b'.', false));
        match (self.words.get(at + 1), self.words.get(at + 2)) {
            (Some(host), _) if dot(host) || host.gap() != Gap::Plain => Some(true),
            (Some(_), Some(next)) => Some(!dot(next)),
            _ => self.ended.then_some(true),
        }
    }

    /// The digits, group or letter that starts at a word.
    fn element(&self, at: usize, before: Before) -> Parse {
        let word = &self.words[at];
        if word.is_written() {
            let kind = if word.text().len() == 1 { Before::Single } else { Before::Group };
            return Parse::Element(Element { words: 1, text: word.text().into(), kind });
        }
        if word.meaning.letter.is_some() && word.meaning.number.is_some() {
            match self.as_in(at) {
                Parse::Nothing => {}
                said => return said,
            }
        }
        match (word.meaning.number, word.meaning.letter) {
            (Some(Number::Oh), letter) => self.oh(at, before, letter.is_some()),
            (Some(Number::SoundsLike(d)), _) if matches!(before, Before::Single | Before::Plus) => {
                Parse::Element(single(1, d))
            }
            (Some(Number::SoundsLike(d) | Number::MaySoundLike(d)), _) => self.sounds_like(at, before, d),
            (Some(Number::Times(n)), _) => match self.phrase(at, |p| matches!(p, Phrase::Letter(_))) {
                Known::Wait => Parse::Wait,
                Known::Yes(words, Phrase::Letter(c)) => Parse::Element(spelled(words, c)),
                _ => self.times(at, n),
            },
            (Some(Number::Digit(_) | Number::Teen(_) | Number::Tens(_)), _) => self.number(at, before),
            (_, Some(letter)) => match self.phrase(at, |p| matches!(p, Phrase::Letter(_))) {
                Known::Wait => Parse::Wait,
                Known::Yes(words, Phrase::Letter(c)) => Parse::Element(spelled(words, c)),
                _ => self.letter(at, before, letter),
            },
            _ => Parse::Nothing,
        }
    }

    /// The longest phrase of a kind that the words from `at` on say.
    fn phrase(&self, at: usize, kind: impl Fn(Phrase) -> bool) -> Known {
        match self.words.get(at) {
            None if !self.ended => return Known::Wait,
            Some(first) if first.meaning.phrase && (at == 0 || first.gap() == Gap::Plain) => {}
            _ => return Known::No,
        }
        let beside = |i: usize| i == 0 || self.words[i].gap() == Gap::Plain;
        let mut longest = Known::No;
        for (says, phrase) in self.lexicon.phrases.iter().filter(|(_, p)| kind(*p)) {
            let said =
                (at..self.words.len()).zip(says).take_while(|(i, s)| self.words[*i].text() == &***s && beside(*i));
            let said = said.count();
            if said == says.len() {
                if !matches!(longest, Known::Yes(n, _) if n > said) {
                    longest = Known::Yes(said, *phrase);
                }
            } else if at + said == self.words.len() && !self.ended {
                return Known::Wait;
            }
        }
        longest
    }

    /// What to answer where the next word decides and has not come.
    fn unknown(&self) -> Parse {
        if self.ended { Parse::Nothing } else { Parse::Wait }
    }

    fn unknown_or(&self, element: Element) -> Parse {
        if self.ended { Parse::Element(element) } else { Parse::Wait }
    }
}

enum Known {
    Wait,
    No,
    Yes(usize, Phrase),
}
