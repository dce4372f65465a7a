//! Numbers: digits, groups, what is said several times, and words that only sound like digits.

use super::{
    super::{
        lexicon::{Letter, Meaning, Number},
        part::Gap,
    },
    LOOK_AHEAD, Window,
    step::{Before, Element, Parse, digit, single, spelled, upper},
};

/// Digits that an amount, a time or a year does not have, said in words beside each other.
const QUANTITY: usize = 3;

/// The same, of digits said one by one.
const SINGLY: usize = 2;

/// Digits in groups that are no start of a range, as "twenty nineteen to twenty twenty" is.
const RANGE: usize = 5;

impl Window<'_> {
    /// A digit, or a number of two digits and more.
    pub(super) fn number(&self, at: usize, before: Before) -> Parse {
        match self.cardinal(at) {
            Cardinal::Wait => Parse::Wait,
            _ if self.one_moment(at) => Parse::Nothing,
            Cardinal::None => Parse::Nothing,
            Cardinal::Digit(d) => Parse::Element(self.several(at, d).unwrap_or_else(|| single(1, d))),
            Cardinal::Number { value, words, grouped } => {
                // Among digits, "four thousand and twelve" is four of them; alone it is an amount.
                let amount = grouped && !before.runs();
                let text = if amount { thousands(value) } else { value.to_string() };
                Parse::Element(Element { words, text, kind: Before::Group })
            }
        }
    }

    /// Zero between digits, the letter between letters, an exclamation elsewhere.
    pub(super) fn oh(&self, at: usize, before: Before, letter: bool) -> Parse {
        let zero = || Parse::Element(single(1, 0));
        match (before, self.words.get(at + 1)) {
            (Before::Single | Before::Plus, _) => zero(),
            (Before::Sign, _) if !letter => zero(),
            (Before::Letter, _) if letter => Parse::Element(spelled(1, b'o')),
            (_, Some(next)) if next.gap() == Gap::Plain => match (next.meaning.number, next.meaning.letter) {
                (Some(Number::Hundred | Number::Scale(_)), _) => Parse::Nothing,
                // "oh won three", but "oh for the love of".
                (Some(Number::SoundsLike(_) | Number::MaySoundLike(_)), _) => match self.digit_at(at + 2, true) {
                    None => self.unknown(),
                    Some(true) => zero(),
                    Some(false) => Parse::Nothing,
                },
                (Some(_), _) => zero(),
                (None, Some(Letter::Plain(_))) if letter => Parse::Element(spelled(1, b'o')),
                (None, Some(Letter::Plain(_) | Letter::Spelling(_))) if before.runs() => zero(),
                _ if letter && next.meaning.filler => self.before_numbers(at, b'o', 2),
                _ if next.is_written() || next.meaning.closes && self.is_long(before) => zero(),
                _ => Parse::Nothing,
            },
            (_, Some(next)) => match self.is_long(before) || before.runs() && next.is_element() {
                true => zero(),
                false if letter => self.before_numbers(at, b'o', 2),
                false => Parse::Nothing,
            },
            (_, None) if self.is_long(before) => self.unknown_or(single(1, 0)),
            (_, None) => self.unknown(),
        }
    }

    /// Whether what stands before is longer than a quantity that somebody speaks of.
    fn is_long(&self, before: Before) -> bool {
        before == Before::Single && self.run >= SINGLY || before == Before::Group && self.run >= QUANTITY
    }

    /// A word like "for" is a digit if numbers stand on both sides.
    pub(super) fn sounds_like(&self, at: usize, before: Before, digit: u8) -> Parse {
        let sure = matches!(self.words[at].meaning.number, Some(Number::SoundsLike(_)));
        if !before.is_number() && before != Before::Plus && !(sure && before == Before::Letter) {
            return Parse::Nothing;
        }
        // "to" and "for" stand between two numbers as often, as in "ten to eleven".
        let long = self.is_long(before) && (before == Before::Single || self.run >= RANGE);
        match self.digit_at(at + 1, sure || long) {
            None => self.unknown(),
            Some(true) => Parse::Element(single(1, digit)),
            Some(false) => Parse::Nothing,
        }
    }

    /// Whether a digit stands there; or a group, or either behind a pause, where it is `sure` that a number is read out.
    fn digit_at(&self, at: usize, sure: bool) -> Option<bool> {
        let next = self.words.get(at)?;
        let beside = next.gap() == Gap::Plain || sure && next.gap() == Gap::Pause;
        match next.meaning.number {
            _ if !beside => Some(false),
            Some(Number::Digit(_) | Number::Oh | Number::Times(_) | Number::SoundsLike(_)) => Some(true),
            Some(Number::Teen(_) | Number::Tens(_)) => Some(sure),
            Some(Number::MaySoundLike(_)) if at < LOOK_AHEAD => self.digit_at(at + 1, sure),
            None if sure && (next.meaning.filler || next.is_dash()) && at < LOOK_AHEAD => self.digit_at(at + 1, sure),
            _ => Some(sure && next.is_written()),
        }
    }

    /// "double four", "triple, um, b".
    pub(super) fn times(&self, at: usize, times: u8) -> Parse {
        let fillers = self.words[at + 1..].iter().take_while(|w| w.meaning.filler).count();
        let Some(next) = self.words.get(at + 1 + fillers) else { return self.unknown() };
        let n = usize::from(times);
        if next.gap() != Gap::Plain && (fillers == 0 || next.gap() != Gap::Pause) {
            return Parse::Nothing;
        }
        let written = next.text().len() == 1 && next.is_written();
        let (text, kind) = match (next.meaning.number, next.meaning.letter) {
            _ if written => (next.text().repeat(n), Before::Single),
            (Some(Number::Digit(d)), _) => (digit(d).repeat(n), Before::Single),
            (Some(Number::Oh), _) => (digit(0).repeat(n), Before::Single),
            (Some(Number::SoundsLike(d)), _) => (digit(d).repeat(n), Before::Single),
            (Some(Number::MaySoundLike(d)), _) => match self.digit_at(at + fillers + 2, false) {
                None => return self.unknown(),
                Some(true) => (digit(d).repeat(n), Before::Single),
                Some(false) => return Parse::Nothing,
            },
            (Some(Number::Teen(v) | Number::Tens(v)), _) => (v.to_string().repeat(n), Before::Group),
            (_, Some(Letter::Plain(c) | Letter::Spelling(c))) => (upper(c).repeat(n), Before::Letter),
            // "double a c", but not "double a battery".
            (_, Some(Letter::Word(c))) => match self.words.get(at + fillers + 2) {
                None => return self.unknown(),
                Some(w) if w.is_spelled() => (upper(c).repeat(n), Before::Letter),
                Some(_) => return Parse::Nothing,
            },
            _ => return Parse::Nothing,
        };
        Parse::Element(Element { words: 2 + fillers, text, kind })
    }

    /// "two sevens": a digit that many times.
    fn several(&self, at: usize, times: u8) -> Option<Element> {
        let next = self.words.get(at + 1).filter(|n| n.gap() == Gap::Plain)?;
        let Some(Number::Several(d)) = next.meaning.number else { return None };
        let text = digit(d).repeat(times.into());
        (times > 1).then_some(Element { words: 2, text, kind: Before::Single })
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
        self.next().is_some_and(|m| {
            matches!(m.number, Some(Number::Digit(_) | Number::Oh | Number::Times(_) | Number::Hundred))
        })
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
