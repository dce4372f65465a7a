//! What the words that wait mean: a pure decision over a few of them, taken as soon as the words behind it allow.

use super::{
    lexicon::{Letter, Lexicon, Meaning, Number, Phrase},
    part::{Gap, Part},
};

/// Words looked at for one decision: enough for "nine hundred ninety nine thousand nine hundred and ninety nine".
pub(super) const LOOK_AHEAD: usize = 12;

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

    fn is_written(&self) -> bool {
        !self.said.is_empty() && self.text().bytes().all(|b| b.is_ascii_digit())
    }
}

/// What the word before was read as.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Before {
    /// Nothing that a value goes on from.
    Start,
    Word,
    /// A digit or letter, said one by one.
    Single,
    /// The same, of which a letter.
    Letter,
    /// A number of several digits.
    Group,
    /// A sign that glues.
    Sign,
}

/// What the first of the waiting words are read as.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Step {
    /// Not to be told yet.
    Wait,
    /// The first word stands as it is.
    Word,
    /// The first `words` stand for `text`, after `join` in place of what parted them from the word before.
    Element { words: usize, text: String, kind: Before, join: Join },
}

/// What stands between an element and what comes before it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Join {
    /// What is written there.
    AsWritten,
    /// Nothing.
    Glued,
    /// A byte; `interrupted` words before the element go with it.
    By { byte: u8, interrupted: usize },
}

/// An element that starts at some word: what it says and how many words it takes.
struct Element {
    words: usize,
    text: String,
    kind: Before,
}

enum Parse {
    Wait,
    Nothing,
    Element(Element),
}

/// The waiting words under a lexicon; `ended`: no more come.
pub(super) struct Window<'w> {
    pub(super) lexicon: &'w Lexicon,
    pub(super) words: &'w [Word],
    pub(super) ended: bool,
}

impl Window<'_> {
    /// Decides on the first word.
    pub(super) fn step(&self, before: Before) -> Step {
        let Some(first) = self.words.first() else { return Step::Wait };
        let in_run = matches!(before, Before::Single | Before::Letter | Before::Group);
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
                let join = if before == Before::Sign { Join::Glued } else { join(before, &e, first.gap()) };
                Step::Element { words: e.words, text: e.text, kind: e.kind, join }
            }
            Parse::Nothing if in_run => self.interruption(before),
            Parse::Nothing => Step::Word,
        }
    }

    /// Fillers and corrections that an element follows.
    fn interruption(&self, before: Before) -> Step {
        let (mut corrected, mut aside_said) = (false, false);
        for (i, word) in self.words.iter().enumerate() {
            let Meaning { filler, aside, correction, and, .. } = word.meaning;
            let aside = aside || and;
            let one_moment = self.one_moment(i);
            let soft = matches!(word.gap(), Gap::Plain | Gap::Pause);
            if i > 0 && soft {
                match self.element(i, if corrected { Before::Start } else { before }) {
                    Parse::Wait => return Step::Wait,
                    // "at 10:30 on 4/5": who writes digits says nothing aside.
                    Parse::Element(_) if aside_said && word.is_written() => return Step::Word,
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
        }
        if self.ended { Step::Word } else { Step::Wait }
    }

    fn one_moment(&self, at: usize) -> bool {
        let one = self.words[at].meaning.number == Some(Number::Digit(1));
        one && self.words.get(at + 1).is_some_and(|w| w.meaning.after_one)
    }

    /// A sign between two words.
    fn sign(&self, before: Before) -> Parse {
        let first = &self.words[0];
        let plus = first.meaning.sign == Some((b'+', true));
        if !plus && (matches!(before, Before::Start | Before::Sign) || first.gap() != Gap::Plain) {
            return Parse::Nothing;
        }
        let (sign, words, digits_only) = match (self.phrase(0, |p| matches!(p, Phrase::Sign(_))), first.meaning.sign) {
            (Known::Wait, _) => return Parse::Wait,
            (Known::Yes(words, Phrase::Sign(sign)), _) => (sign, words, false),
            (_, Some((sign, digits_only))) => (sign, 1, digits_only),
            _ => return Parse::Nothing,
        };
        let Some(next) = self.words.get(words) else { return self.unknown() };
        let number = !matches!(next.meaning.number, None | Some(Number::Oh)) || next.is_written();
        // "at a c dot uk": a letter beside a letter is none of the words that say otherwise.
        let spelled = next.meaning.letter.is_some()
            && self.words.get(words + 1).is_some_and(|w| matches!(w.meaning.letter, Some(Letter::Plain(_))));
        if next.meaning.letter.is_some() && self.words.len() == words + 1 && !self.ended {
            return Parse::Wait;
        }
        let paused = sign == b'+' && next.gap() == Gap::Pause;
        let otherwise = next.meaning.not_after_sign && !spelled || sign == b'@' && number;
        if next.gap() != Gap::Plain && !paused || otherwise {
            return Parse::Nothing;
        }
        if digits_only {
            let after = |b: Before| matches!(b, Before::Single | Before::Group);
            let numbers = sign == b'+' || after(before);
            match self.element(words, Before::Sign) {
                Parse::Wait => return Parse::Wait,
                Parse::Element(e) if numbers && after(e.kind) => {}
                _ => return Parse::Nothing,
            }
        }
        Parse::Element(Element { words, text: char::from(sign).to_string(), kind: Before::Sign })
    }

    /// The digits, group or letter that starts at a word.
    fn element(&self, at: usize, before: Before) -> Parse {
        let word = &self.words[at];
        if word.is_written() {
            let kind = if word.text().len() == 1 { Before::Single } else { Before::Group };
            return Parse::Element(Element { words: 1, text: word.text().into(), kind });
        }
        match (word.meaning.number, word.meaning.letter) {
            (Some(Number::Oh), letter) => self.oh(at, before, letter.is_some()),
            (Some(Number::SoundsLike(d)), _) if before == Before::Single => Parse::Element(single(1, d)),
            (Some(Number::SoundsLike(d) | Number::MaySoundLike(d)), _) => self.sounds_like(at, before, d),
            (Some(Number::Times(n)), _) => self.times(at, n),
            (Some(Number::Digit(_) | Number::Teen(_) | Number::Tens(_)), _) => self.number(at, before),
            (_, Some(letter)) => match self.phrase(at, |p| matches!(p, Phrase::Letter(_))) {
                Known::Wait => Parse::Wait,
                Known::Yes(words, Phrase::Letter(c)) => Parse::Element(spelled(words, c)),
                _ => self.letter(at, before, letter),
            },
            _ => Parse::Nothing,
        }
    }

    /// A digit, or a number of two digits and more.
    fn number(&self, at: usize, before: Before) -> Parse {
        match self.cardinal(at) {
            Cardinal::Wait => Parse::Wait,
            _ if self.one_moment(at) => Parse::Nothing,
            Cardinal::None => Parse::Nothing,
            Cardinal::Digit(d) => Parse::Element(single(1, d)),
            Cardinal::Number { value, words, grouped } => {
                // Among digits, "four thousand and twelve" is four of them; alone it is an amount.
                let amount = grouped && !matches!(before, Before::Single | Before::Group | Before::Letter);
                let text = if amount { thousands(value) } else { value.to_string() };
                Parse::Element(Element { words, text, kind: Before::Group })
            }
        }
    }

    fn oh(&self, at: usize, before: Before, letter: bool) -> Parse {
        let zero = || Parse::Element(single(1, 0));
        match (before, self.words.get(at + 1).filter(|n| n.gap() == Gap::Plain)) {
            (Before::Single, _) => zero(),
            (Before::Sign, _) if !letter => zero(),
            (Before::Letter, _) if letter => Parse::Element(spelled(1, b'o')),
            (_, Some(next)) => match (next.meaning.number, next.meaning.letter) {
                (Some(Number::SoundsLike(_) | Number::MaySoundLike(_) | Number::Hundred | Number::Scale(_)), _) => {
                    Parse::Nothing
                }
                (Some(_), _) => zero(),
                (None, Some(Letter::Plain(_))) if letter => Parse::Element(spelled(1, b'o')),
                _ if next.is_written() => zero(),
                _ => Parse::Nothing,
            },
            (_, None) if self.words.len() > at + 1 => Parse::Nothing,
            (_, None) => self.unknown(),
        }
    }

    /// A word like "for" is a digit if numbers stand on both sides.
    fn sounds_like(&self, at: usize, before: Before, digit: u8) -> Parse {
        if !matches!(before, Before::Single | Before::Group) {
            return Parse::Nothing;
        }
        let Some(next) = self.words.get(at + 1) else { return self.unknown() };
        let digit_follows = matches!(
            next.meaning.number,
            Some(Number::Digit(_) | Number::Oh | Number::Times(_) | Number::SoundsLike(_))
        );
        if digit_follows && next.gap() == Gap::Plain { Parse::Element(single(1, digit)) } else { Parse::Nothing }
    }

    fn times(&self, at: usize, times: u8) -> Parse {
        let Some(next) = self.words.get(at + 1) else { return self.unknown() };
        let n = usize::from(times);
        if next.gap() != Gap::Plain {
            return Parse::Nothing;
        }
        let written = next.text().len() == 1 && next.is_written();
        let (text, kind) = match (next.meaning.number, next.meaning.letter) {
            _ if written => (next.text().repeat(n), Before::Single),
            (Some(Number::Digit(d)), _) => (digit(d).repeat(n), Before::Single),
            (Some(Number::Oh), _) => (digit(0).repeat(n), Before::Single),
            (Some(Number::Teen(v) | Number::Tens(v)), _) => (v.to_string().repeat(n), Before::Group),
            (_, Some(Letter::Plain(c))) => (char::from(c.to_ascii_uppercase()).to_string().repeat(n), Before::Letter),
            _ => return Parse::Nothing,
        };
        Parse::Element(Element { words: 2, text, kind })
    }

    fn letter(&self, at: usize, before: Before, letter: Letter) -> Parse {
        let (Letter::Plain(c) | Letter::Word(c) | Letter::Spelling(c)) = letter;
        let spelling = matches!(letter, Letter::Spelling(_));
        if !spelling {
            match self.phrase(at + 1, |p| p == Phrase::AsIn) {
                Known::Wait => return Parse::Wait,
                Known::Yes(words, _) => match self.words.get(at + 1 + words) {
                    None if !self.ended => return Parse::Wait,
                    Some(w) if w.gap() == Gap::Plain && w.text().len() > 1 && w.text().as_bytes()[0] == c => {
                        return Parse::Element(spelled(2 + words, c));
                    }
                    _ => {}
                },
                Known::No => {}
            }
        }
        if matches!(letter, Letter::Plain(_)) || before == Before::Letter && !self.followed_by_a_word(at) {
            return Parse::Element(spelled(1, c));
        }
        if letter == Letter::Word(c) && before == Before::Letter && self.words.len() == at + 1 {
            return self.unknown_or(Element { words: 1, text: upper(c), kind: Before::Letter });
        }
        let Some(next) = self.words.get(at + 1) else {
            let ends = matches!(before, Before::Single | Before::Group) && !self.words[at].meaning.month;
            return if ends { self.unknown_or(spelled(1, c)) } else { self.unknown() };
        };
        let letters = match next.meaning.letter {
            Some(Letter::Plain(_)) => true,
            Some(Letter::Spelling(_)) => spelling,
            Some(Letter::Word(_)) => matches!(before, Before::Single | Before::Group),
            None => false,
        };
        // "six seven zero, c", "four nine bravo": a letter ends what digits began.
        let among = matches!(before, Before::Single | Before::Group) && !self.words[at].meaning.month;
        let number = spelling && next.meaning.number.is_some();
        let ends = next.gap() != Gap::Plain || next.meaning.filler || next.meaning.aside || next.meaning.correction;
        if among && (number || ends) {
            return Parse::Element(spelled(1, c));
        }
        if letters && next.gap() == Gap::Plain { Parse::Element(spelled(1, c)) } else { Parse::Nothing }
    }

    /// Whether the next word is no letter, digit or sign: "b a" is spelled, "b a card" is not.
    fn followed_by_a_word(&self, at: usize) -> bool {
        let element = |m: &Meaning| m.letter.is_some() || m.number.is_some() || m.sign.is_some();
        self.words[at].meaning.article
            && self.words.get(at + 1).is_none_or(|n| n.gap() == Gap::Plain && !element(&n.meaning))
    }

    /// The longest phrase of a kind that the words from `at` on say.
    fn phrase(&self, at: usize, kind: impl Fn(Phrase) -> bool) -> Known {
        match self.words.get(at) {
            None if !self.ended => return Known::Wait,
            Some(first) if first.meaning.phrase && first.gap() == Gap::Plain => {}
            _ => return Known::No,
        }
        let mut longest = Known::No;
        for (says, phrase) in self.lexicon.phrases.iter().filter(|(_, p)| kind(*p)) {
            let said =
                self.words[at..].iter().zip(says).take_while(|(w, s)| w.text() == &***s && w.gap() == Gap::Plain);
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

    /// Reads as much of a number as its words say.
    fn cardinal(&self, at: usize) -> Cardinal {
        let mut reader = Reader { window: self, at, start: at, starved: false };
        let Some(mut value) = reader.small() else { return Cardinal::None };
        let digit = reader.at == at + 1 && value < 10;
        let mut scaled = reader.hundreds(&mut value);
        let (mut total, mut grouped) = (0u64, false);
        while let Some(scale) = reader.scale() {
            (scaled, grouped) = (true, true);
            total = total.saturating_add(value.saturating_mul(scale));
            let mark = reader.at;
            reader.skip_and();
            value = reader.small().unwrap_or_else(|| {
                reader.at = mark;
                0
            });
            reader.hundreds(&mut value);
        }
        let value = total.saturating_add(value);
        if reader.starved && !self.ended {
            return Cardinal::Wait;
        }
        match u8::try_from(value) {
            Ok(d) if digit && !scaled => Cardinal::Digit(d),
            _ => Cardinal::Number { value, words: reader.at - at, grouped },
        }
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

enum Cardinal {
    Wait,
    None,
    Digit(u8),
    Number { value: u64, words: usize, grouped: bool },
}

/// Reads number words one after the other; `starved` once it asked for one that has not come.
struct Reader<'w> {
    window: &'w Window<'w>,
    start: usize,
    at: usize,
    starved: bool,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<Meaning> {
        let word = self.window.words.get(self.at);
        self.starved |= word.is_none() && self.at < self.start + LOOK_AHEAD;
        word.filter(|w| self.at == self.start || w.gap() == Gap::Plain).map(|w| w.meaning)
    }

    fn take(&mut self, number: impl Fn(Number) -> Option<u64>) -> Option<u64> {
        let value = self.next()?.number.and_then(number)?;
        self.at += 1;
        Some(value)
    }

    /// One to ninety-nine.
    fn small(&mut self) -> Option<u64> {
        let tens = self.take(|n| if let Number::Tens(v) = n { Some(v.into()) } else { None });
        if let Some(tens) = tens {
            let mark = self.at;
            self.skip_and();
            let one = self.take(|n| if let Number::Digit(d @ 1..) = n { Some(d.into()) } else { None });
            if one.is_none() {
                self.at = mark;
            }
            return Some(tens + one.unwrap_or(0));
        }
        self.take(|n| match n {
            Number::Digit(d) => Some(d.into()),
            Number::Teen(v) => Some(v.into()),
            _ => None,
        })
    }

    /// "... hundred and five"; answers whether there was a hundred.
    fn hundreds(&mut self, value: &mut u64) -> bool {
        if self.take(|n| (n == Number::Hundred).then_some(100)).is_none() {
            return false;
        }
        *value *= 100;
        let mark = self.at;
        let and = self.skip_and();
        match self.small() {
            // "eight hundred five five five" is a telephone number: what is added is a number of its own.
            Some(rest) if and || rest >= 10 || !self.digit_follows() => *value += rest,
            _ => self.at = mark,
        }
        true
    }

    fn digit_follows(&mut self) -> bool {
        self.next().is_some_and(|m| matches!(m.number, Some(Number::Digit(_) | Number::Oh | Number::Times(_))))
    }

    fn scale(&mut self) -> Option<u64> {
        self.take(|n| if let Number::Scale(s) = n { Some(s) } else { None })
    }

    fn skip_and(&mut self) -> bool {
        let and = self.next().is_some_and(|m| m.and);
        self.at += usize::from(and);
        and
    }
}

/// What parts an element from what comes before it.
fn join(before: Before, element: &Element, gap: Gap) -> Join {
    let by = |byte| Join::By { byte, interrupted: 0 };
    match (before, gap) {
        (_, Gap::Sign | Gap::Hard | Gap::None) | (Before::Start | Before::Word | Before::Sign, _) => Join::AsWritten,
        (_, Gap::Pause) => by(between(before, element.kind, false)),
        (Before::Group, Gap::Plain) if element.kind != Before::Letter => by(b' '),
        (_, Gap::Plain) if element.kind == Before::Group && before == Before::Single => by(b' '),
        (_, Gap::Plain) => Join::Glued,
    }
}

/// What stands for a pause or an interruption: a group is known by the space around it, and what is corrected by `~`.
fn between(before: Before, after: Before, corrected: bool) -> u8 {
    match (corrected, before, after) {
        (true, ..) => b'~',
        (_, Before::Group, _) | (_, _, Before::Group) => b' ',
        _ => b'-',
    }
}

fn single(words: usize, d: u8) -> Element {
    Element { words, text: digit(d), kind: Before::Single }
}

fn spelled(words: usize, letter: u8) -> Element {
    Element { words, text: upper(letter), kind: Before::Letter }
}

fn digit(d: u8) -> String {
    char::from(b'0' + d % 10).to_string()
}

fn upper(letter: u8) -> String {
    char::from(letter.to_ascii_uppercase()).to_string()
}

/// `12500` as `12,500`: an amount, and so no number that somebody has.
fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}
