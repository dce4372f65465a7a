//! The street of an address: a number and a street, a street and a number, a box, a flat.

use super::{
    lexicon::{
        BOX, COMMON, CORNER, DIRECTION, FUNCTION, GIVEN, JOINS, MEASURE, MILITARY, MONTH, NUMBER, PARTICLE, STREET,
        STREET_FIRST, STREET_SURE, UNIT,
    },
    place,
    view::{More, View},
    words::{Case, Gap, Make, Token},
};

/// Words between a number and the word for a street, at most.
const STREET_WORDS: usize = 5;

/// Words of a house number that is read out, at most.
const NUMBER_WORDS: usize = 8;

/// What a reading of a street says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Core {
    /// The token after it.
    pub(super) end: usize,
    /// In hundredths; below 50 it needs a tail or a frame.
    pub(super) score: u8,
    /// With capitals.
    pub(super) written: bool,
}

/// A street at the first word; `due`: an address was announced.
pub(super) fn read(view: &View, due: bool) -> Result<Option<Core>, More> {
    let Some(head) = view.at(0)? else { return Ok(None) };
    let box_first = head.is(MILITARY | BOX | UNIT) || head.word() && head.letters == 1;
    if box_first && let Some(end) = boxed(view, 0)? {
        return Ok(Some(Core { end, score: 75, written: true }));
    }
    if let Some(flat) = place::unit(view, 0)? {
        return after_flat(view, head, flat, due);
    }
    if head.house_number() || head.is(NUMBER) {
        return numbered(view, 0, due);
    }
    if head.is(STREET_FIRST) && (head.case != Case::Lower || due || head.street_first_sure()) {
        return foreign(view, 0, due);
    }
    if head.street_ending {
        let dot = usize::from(view.is_glued(1, b'.')?);
        if house_follows(view, 1 + dot)? {
            return Ok(Some(Core { end: 2 + dot, score: 75, written: head.case != Case::Lower }));
        }
    }
    if head.word() { named_street(view, 0, due) } else { Ok(None) }
}

/// `Apt. 5`, and the street behind it.
fn after_flat(view: &View, head: &Token, flat: usize, due: bool) -> Result<Option<Core>, More> {
    let written = head.case != Case::Lower;
    let mut from = flat;
    if view.is_mark(from, b',')? {
        from += 1;
    }
    if let Some(core) = behind_flat(view, from, due)? {
        return Ok(Some(Core { score: core.score.max(70), ..core }));
    }
    let read_out = view.tokens[flat - 1].is(NUMBER);
    Ok(Some(Core { end: flat, score: if written && head.letters > 2 && !read_out { 50 } else { 30 }, written }))
}

/// A street behind a flat: never another flat.
fn behind_flat(view: &View, from: usize, due: bool) -> Result<Option<Core>, More> {
    let Some(head) = view.at(from)? else { return Ok(None) };
    match head.make {
        _ if head.gap > Gap::Line => Ok(None),
        Make::Number | Make::Code if head.house_number() => numbered(view, from, due),
        // "flat three sixteen park road": one number or two.
        Make::Word if view.tokens[from - 1].is(NUMBER) => named_street(view, from, due),
        _ => Ok(None),
    }
}

/// `P.O. Box 12`, `PSC 7004, Box 8380`, `Unit 3906 Box 2810`, `USS Dam` is left to what follows.
fn boxed(view: &View, from: usize) -> Result<Option<usize>, More> {
    let mut at = from;
    for letter in 0..2 {
        let Some(token) = view.at(at)? else { return Ok(None) };
        if token.is(BOX) || !token.word() || token.letters > 2 || token.is(FUNCTION) {
            break;
        }
        at += 1;
        if view.is_glued(at, b'.')? {
            at += 1;
        } else if letter == 0 && token.letters == 1 && view.at(at)?.is_none_or(|t| t.letters > 1) {
            return Ok(None);
        }
    }
    let lettered = at > from;
    let Some(token) = view.at(at)? else { return Ok(None) };
    if !token.is(BOX | UNIT) || lettered && !token.is(BOX) {
        return Ok(None);
    }
    let number = |t: Option<&Token>| t.is_some_and(|t| t.make == Make::Number && t.gap == Gap::Space);
    if !number(view.at(at + 1)?) {
        return Ok(None);
    }
    let mut second = at + 2;
    if view.is_glued(second, b',')? {
        second += 1;
    }
    if view.at(second)?.is_some_and(|t| t.is(BOX)) && number(view.at(second + 1)?) {
        return Ok(Some(second + 2));
    }
    Ok((lettered || token.is(BOX) && token.case != Case::Lower && token.letters == 3).then_some(at + 2))
}

/// The words between a number and what ends a street.
struct Body {
    start: usize,
    end: usize,
    /// Where the word for a street ends, and whether it means nothing else.
    street: Option<(usize, bool)>,
    capitals: u8,
    common: u8,
    written: bool,
}

/// `12 Elm Street`, `twenty three elm street`, `31 Vesturgata 66`.
fn numbered(view: &View, from: usize, due: bool) -> Result<Option<Core>, More> {
    let Some(start) = behind_number(view, from)? else { return Ok(None) };
    let comma = view.tokens[from..start].iter().any(|t| t.mark == b',');
    let spoken = view.tokens[from].word();
    if !spoken && let Some(core) = foreign_or_box(view, start, due)? {
        return Ok(Some(core));
    }
    let body = Body::read(view, start)?;
    match body.street {
        Some((end, sure)) => Ok(Some(body.with_street(view, end, sure, spoken)?)),
        None if spoken || comma => Ok(None),
        None => body.without_street(view, due),
    }
}

impl Body {
    fn read(view: &View, start: usize) -> Result<Self, More> {
        let mut body = Body { start, end: start, street: None, capitals: 0, common: 0, written: true };
        let mut spelled = 0;
        while body.end < start + STREET_WORDS + spelled
            && let Some(token) = view.at(body.end)?
            && token.gap <= Gap::Space
            && (body.street.is_none() || token.is(STREET))
            && street_word(view, token, body.end, start)?
        {
            body.add(token);
            body.end += 1;
            if !body.skip_mark(view, token)? {
                break;
            }
            let letters = place::letters(view, body.end)?;
            (body.end, spelled) = (body.end + letters, spelled + letters);
        }
        Ok(body)
    }

    fn add(&mut self, token: &Token) {
        self.capitals += u8::from(token.capital() && token.letters > 2 || token.case == Case::Upper);
        self.written &= token.case != Case::Lower || !token.word() || token.is(PARTICLE);
        let alone = token.street_ending || token.is(STREET) && !token.is(COMMON) && token.letters > 6;
        if alone || token.is(STREET) && self.end > self.start {
            self.street = Some((self.end + 1, token.is(STREET_SURE) || token.street_ending));
        } else {
            self.common += u8::from(token.is(COMMON) && !token.is(DIRECTION));
        }
    }

    /// Passes a mark inside a street (`St. Mary-le-Bow`); answers whether the street may go on.
    fn skip_mark(&mut self, view: &View, token: &Token) -> Result<bool, More> {
        let dot = view.is_glued(self.end, b'.')?;
        if !dot && !view.is_glued(self.end, b'-')? && !view.is_glued(self.end, b'\'')? {
            return Ok(true);
        }
        let Some(next) = view.at(self.end + 1)? else { return Ok(false) };
        let fits = match dot {
            true => token.letters < 6 && next.gap == Gap::Space && self.street.is_none(),
            false => next.gap == Gap::None && next.word(),
        };
        self.end += usize::from(fits);
        Ok(fits)
    }

    fn with_street(&self, view: &View, street: usize, sure: bool, spoken: bool) -> Result<Core, More> {
        let shortened = view.is_glued(street, b'.')? && view.tokens[street - 1].letters <= 4;
        let end = street + usize::from(shortened);
        let end = end + place::letters(view, end)?;
        let end = end + usize::from(house_follows(view, end)?);
        let score = match (self.written, sure, spoken) {
            (true, _, false) => 80,
            (_, true, false) => 75,
            (_, true, true) => 65,
            _ if self.common == 0 && self.end > self.start + 1 => 60,
            _ => 40,
        };
        Ok(Core { end, score, written: self.written })
    }

    /// No word says that it is a street: a second number, towns behind it, or what announced it must.
    fn without_street(&self, view: &View, due: bool) -> Result<Option<Core>, More> {
        let words = &view.tokens[self.start..self.end];
        let named = words.iter().any(|t| t.word() && t.letters > 2 && !t.is(COMMON));
        if !named || words.first().is_none_or(|t| !t.word() && !t.house_number()) {
            return Ok(None);
        }
        let written = self.written && self.capitals > 0;
        if house_follows(view, self.end)? {
            return Ok(Some(Core { end: self.end + 1, score: if written { 65 } else { 0 }, written }));
        }
        Ok((written || due).then_some(Core { end: self.end, score: if due { 60 } else { 0 }, written }))
    }
}

/// `12 rue Victor Hugo`, `43 P.O. Box 41`: what follows the number.
fn foreign_or_box(view: &View, start: usize, due: bool) -> Result<Option<Core>, More> {
    let Some(first) = view.at(start)? else { return Ok(None) };
    if first.is(STREET_FIRST) && (first.case != Case::Lower || first.street_first_sure()) {
        return foreign(view, start, true);
    }
    if first.is(BOX) || first.letters == 1 && (due || first.case == Case::Initial) {
        return Ok(boxed(view, start)?.map(|end| Core { end, score: 75, written: true }));
    }
    Ok(None)
}

/// Where the words of a street start behind its number.
fn behind_number(view: &View, from: usize) -> Result<Option<usize>, More> {
    let Some(head) = view.at(from)? else { return Ok(None) };
    let mut at = from + 1;
    if head.word() {
        while at < from + NUMBER_WORDS {
            let Some(token) = view.at(at)?.filter(|t| t.gap == Gap::Space) else { break };
            // "one hundred and eighty two"
            let and = token.is(JOINS) && token.letters == 3 && view.at(at + 1)?.is_some_and(|t| t.is(NUMBER));
            if !and && !token.is(NUMBER) {
                break;
            }
            at += 1;
        }
        return Ok(Some(at));
    }
    if view.is_glued(at, b'-')? || view.is_glued(at, b'/')? {
        let Some(next) = view.at(at + 1)? else { return Ok(None) };
        if !next.house_number() || next.gap != Gap::None {
            return Ok(None);
        }
        at += 2;
    }
    if view.is_glued(at, b',')? {
        at += 1;
    }
    // A second number, as in `94 19 rue La Boétie`.
    if view.at(at)?.is_some_and(|t| t.house_number() && t.gap == Gap::Space) {
        at += 1;
    }
    Ok(Some(at))
}

/// Whether a word may stand between the number and the word for a street.
fn street_word(view: &View, token: &Token, at: usize, start: usize) -> Result<bool, More> {
    Ok(match token.make {
        Make::Word if token.gap == Gap::None => at > 0 && matches!(view.tokens[at - 1].mark, b'-' | b'\'' | b','),
        Make::Word if token.is(STREET | DIRECTION) => true,
        Make::Word if token.is(MONTH | UNIT) => {
            token.case != Case::Lower && token.is(UNIT) && at > start && view.at(at + 1)?.is_some_and(|t| t.is(STREET))
        }
        Make::Word if token.is(PARTICLE | NUMBER) => true,
        Make::Word => !token.is(FUNCTION | MEASURE) || token.is(GIVEN) && token.case == Case::Capital,
        Make::Code => matches!(token.letters, 3 | 4),
        _ => false,
    })
}

/// A house number right behind a street.
fn house_follows(view: &View, at: usize) -> Result<bool, More> {
    let Some(token) = view.at(at)? else { return Ok(false) };
    if !token.house_number() || token.letters > 4 || token.gap != Gap::Space {
        return Ok(false);
    }
    let decimal = view.is_glued(at + 1, b'.')? || view.is_glued(at + 1, b':')? || view.is_glued(at + 1, b'/')?;
    Ok(!decimal || view.at(at + 2)?.is_none_or(|t| t.make != Make::Number || t.gap != Gap::None))
}

/// `Calle Mayor 12`, `rue Victor Hugo`.
fn foreign(view: &View, from: usize, due: bool) -> Result<Option<Core>, More> {
    let mut at = from + 1;
    if view.is_glued(at, b'.')? {
        at += 1;
    }
    let start = at;
    while at < start + 4
        && let Some(token) = view.at(at)?
        && token.word()
        && token.gap <= Gap::Space
        && (token.case != Case::Lower
            || token.is(PARTICLE)
            || !token.is(FUNCTION | COMMON) && view.tokens[from].case == Case::Lower)
        && !token.is(UNIT | MONTH)
    {
        at += 1;
    }
    if at == start {
        return Ok(None);
    }
    if view.is_glued(at, b',')? && house_follows(view, at + 1)? {
        at += 1;
    }
    let written = view.tokens[from].case != Case::Lower || view.tokens[start].case != Case::Lower;
    Ok(match house_follows(view, at)? {
        true => Some(Core { end: at + 1, score: 70, written }),
        false => due.then_some(Core { end: at, score: 60, written }),
    })
}

/// `Harbor Street` without a number, where a street may be meant.
fn named_street(view: &View, from: usize, due: bool) -> Result<Option<Core>, More> {
    let mut at = from;
    let cornered = view.left.make == Make::Word && view.left.roles & CORNER != 0;
    let lower_allowed = due || view.left.opening;
    while at < from + 4
        && let Some(token) = view.at(at)?
        && token.word()
        && (at == from || token.gap == Gap::Space)
        && !token.is(FUNCTION | UNIT | MONTH)
        && (token.case != Case::Lower
            || at > from && token.is(STREET_SURE | PARTICLE)
            || lower_allowed && !token.is(COMMON)
            || lower_allowed && token.is(STREET | DIRECTION))
    {
        let capital = token.case != Case::Lower;
        if at > from && token.is(STREET_SURE)
            || at > from
                && token.is(STREET)
                && capital
                && (due || cornered && token.letters < 3 && view.is_glued(at + 1, b'.')?)
        {
            let mut end = at + 1;
            if token.letters < 4 && view.is_glued(end, b'.')? {
                end += 1;
            }
            let score = match (view.tokens[from].case != Case::Lower, capital) {
                (true, true) => 60,
                (true, false) if cornered || due => 55,
                _ => 50,
            };
            return Ok(Some(Core { end, score, written: view.tokens[from].case != Case::Lower }));
        }
        at += 1;
    }
    // `Hauptweg 12`, `Edeby 55`: where an address is due.
    if due
        && at > from
        && view.tokens[from].case != Case::Lower
        && view.tokens[from..at].iter().any(|t| !t.is(COMMON))
        && house_follows(view, at)?
    {
        return Ok(Some(Core { end: at + 1, score: 60, written: true }));
    }
    Ok(None)
}

impl Token {
    /// Starts a street even in small letters, being no English word.
    fn street_first_sure(&self) -> bool {
        !self.is(FUNCTION | COMMON | STREET | GIVEN)
    }
}
