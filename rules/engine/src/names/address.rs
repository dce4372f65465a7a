//! Whether a postal address starts at the first word: number and street, street and number, box, flat; and its tail.

use super::{
    Evidence, Kind,
    gazetteer::says,
    lexicon::{
        BOX, CITY, COMMON, CORNER, COUNTRY, DIRECTION, FUNCTION, GIVEN, MEASURE, MILITARY, MONTH, NUMBER, PARTICLE,
        STATE, STREET, STREET_FIRST, STREET_SURE, UNIT,
    },
    place,
    view::{More, Step, View, take},
    words::{Case, Gap, Make, Token},
};

/// Words between a number and the word for a street, at most.
const STREET_WORDS: usize = 5;

/// What a reading of a street says.
#[derive(Clone, Copy, Debug)]
struct Core {
    end: usize,
    /// In hundredths; below 50 it needs a tail or a frame.
    score: u8,
    written: bool,
}

/// An address at the first word.
pub(super) fn find(view: &View) -> Result<Option<Step>, More> {
    let head = &view.tokens[0];
    let due = view.framed(says::ADDRESS_SURE) || view.asked(says::ASK_ADDRESS);
    if head.make == Make::Number && glued_number(view) {
        return Ok(None);
    }
    let Some(core) = core(view, 0, due)? else {
        return if due { announced(view) } else { town_and_code(view) };
    };
    let end = place::tail(view, core.end, core.written)?;
    let tail = end > core.end;
    let score = match core.score {
        _ if due => 90,
        score if tail => score.max(50) + 10,
        score => score,
    };
    let class = if due { Evidence::Context } else { Evidence::Shape };
    Ok(if score >= 50 { take(end, Kind::Address, score, class) } else { None })
}

/// Part of an amount, a date, a time.
fn glued_number(view: &View) -> bool {
    let glued = view.tokens[0].gap == Gap::None && view.left.make == Make::Mark;
    let money = view.left.make == Make::Mark && matches!(view.left.mark, b'$' | b'~');
    money || glued && matches!(view.left.mark, b'.' | b'/' | b'-' | b'+' | b'@' | b'_' | b':')
}

fn core(view: &View, from: usize, due: bool) -> Result<Option<Core>, More> {
    let Some(head) = view.at(from)? else { return Ok(None) };
    if head.is(MILITARY | BOX) || head.word() && head.letters == 1 || head.is(UNIT) && from == 0 {
        if let Some(end) = boxed(view, from)? {
            return Ok(Some(Core { end, score: 75, written: true }));
        }
    }
    if let Some(flat) = place::unit(view, from)? {
        return after_flat(view, head, flat, due);
    }
    if head.house_number() || head.is(NUMBER) {
        return numbered(view, from, due);
    }
    if head.is(STREET_FIRST) && (head.case != Case::Lower || due || head.street_first_sure()) {
        return foreign(view, from, due);
    }
    if head.street_ending {
        let dot = usize::from(view.is_glued(from + 1, b'.')?);
        if house_follows(view, from + 1 + dot)? {
            return Ok(Some(Core { end: from + 2 + dot, score: 75, written: head.case != Case::Lower }));
        }
    }
    if head.word() { named_street(view, from, due) } else { Ok(None) }
}

/// `Apt. 5`, and the street behind it.
fn after_flat(view: &View, head: &Token, flat: usize, due: bool) -> Result<Option<Core>, More> {
    let written = head.case != Case::Lower;
    let mut from = flat;
    if view.is_mark(from, b',')? {
        from += 1;
    }
    if let Some(core) = core_inside(view, from, due)? {
        return Ok(Some(Core { score: core.score.max(70), ..core }));
    }
    Ok(Some(Core { end: flat, score: if written && head.letters > 2 { 50 } else { 30 }, written }))
}

/// A street behind a flat: never another flat.
fn core_inside(view: &View, from: usize, due: bool) -> Result<Option<Core>, More> {
    let Some(head) = view.at(from)? else { return Ok(None) };
    match head.make {
        _ if head.gap > Gap::Line => Ok(None),
        Make::Number | Make::Code if head.house_number() => numbered(view, from, due),
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

/// `12 Elm Street`, `twenty three elm street`, `31 Vesturgata 66`.
fn numbered(view: &View, from: usize, due: bool) -> Result<Option<Core>, More> {
    let Some(start) = behind_number(view, from)? else { return Ok(None) };
    let spoken = view.tokens[from].word();
    if !spoken && let Some(core) = foreign_or_box(view, start, due)? {
        return Ok(Some(core));
    }
    let mut capitals = 0;
    let mut at = start;
    let mut street = None;
    let mut common = 0;
    let mut written = true;
    while at < start + STREET_WORDS {
        let Some(token) = view.at(at)? else { break };
        if at > start && street.is_some() && !token.is(STREET) || token.gap > Gap::Space {
            break;
        }
        if !street_word(view, token, at, start)? {
            break;
        }
        capitals += u8::from(token.capital() && token.letters > 2 || token.case == Case::Upper);
        written &= token.case != Case::Lower || !token.word() || token.is(PARTICLE);
        if at > start && (token.is(STREET) || token.street_ending) || at == start && token.street_ending {
            street = Some((at + 1, token.is(STREET_SURE) || token.street_ending));
        } else {
            common += u8::from(token.is(COMMON) && !token.is(DIRECTION));
        }
        at += 1;
        if view.is_glued(at, b'.')? || view.is_glued(at, b'-')? || view.is_glued(at, b'\'')? {
            let Some(next) = view.at(at + 1)? else { break };
            let shortened = view.tokens[at].mark == b'.';
            if !shortened && next.gap == Gap::None && next.word()
                || shortened && token.letters < 6 && next.gap == Gap::Space && street.is_none()
            {
                at += 1;
            } else {
                break;
            }
        }
    }
    if let Some((mut end, sure)) = street {
        if view.is_glued(end, b'.')? && view.tokens[end - 1].letters <= 4 {
            end += 1;
        }
        let end = if house_follows(view, end)? { end + 1 } else { end };
        let score = match (written, sure, spoken) {
            (true, _, false) => 80,
            (_, true, false) => 75,
            (_, true, true) => 65,
            _ if common == 0 && at > start + 1 => 60,
            _ => 40,
        };
        return Ok(Some(Core { end, score, written }));
    }
    let words = at - start;
    let first = view.at(start)?;
    let named = view.tokens[start..at].iter().any(|t| t.word() && t.letters > 2 && !t.is(COMMON));
    written &= capitals > 0;
    if spoken || words == 0 || first.is_none_or(|t| !t.word() && !t.house_number()) {
        return Ok(None);
    }
    if named && house_follows(view, at)? {
        return Ok(Some(Core { end: at + 1, score: if written { 65 } else { 0 }, written }));
    }
    // Without a word for a street: towns in the tail, or what announced it, must tell.
    Ok((written || due).then_some(Core { end: at, score: if due { 60 } else { 0 }, written }))
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
        while view.at(at)?.is_some_and(|t| t.is(NUMBER) && t.gap == Gap::Space) && at < from + 6 {
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
    if due && at > from && view.tokens[from].case != Case::Lower && house_follows(view, at)? {
        return Ok(Some(Core { end: at + 1, score: 60, written: true }));
    }
    Ok(None)
}

/// Where an address was announced or asked for: whatever looks like one.
fn announced(view: &View) -> Result<Option<Step>, More> {
    let head = &view.tokens[0];
    if !head.word() || head.is(FUNCTION) || head.is(COMMON) && head.case == Case::Lower && !head.is(DIRECTION) {
        return town_and_code(view);
    }
    if view.asked(says::ASK_ADDRESS) && view.left.opening {
        let mut end = 0;
        let mut place = false;
        while end < 8
            && let Some(token) = view.at(end)?
            && (token.word() && !token.is(FUNCTION | MEASURE)
                || token.make != Make::Word && token.house_number()
                || token.mark == b',')
        {
            place |= token.is(CITY | STATE | COUNTRY | STREET) || token.make == Make::Number;
            end += 1;
        }
        let alone = view.at(end)?.is_none();
        return Ok(if alone && (place || end > 1) && end < 8 {
            take(end, Kind::Address, 70, Evidence::Context)
        } else {
            None
        });
    }
    town_and_code(view)
}

/// `Camillus, NY 13025`, `USS Dam` and a military post office.
fn town_and_code(view: &View) -> Result<Option<Step>, More> {
    let head = &view.tokens[0];
    if !head.word() || head.case == Case::Lower || head.is(FUNCTION | MONTH) {
        return Ok(None);
    }
    let mut at = 0;
    while at < 3
        && let Some(token) = view.at(at)?
        && token.word()
        && token.case != Case::Lower
        && (at == 0 || token.gap == Gap::Space)
        && !(at > 0 && token.case == Case::Upper && token.letters == 2)
    {
        at += 1;
    }
    let ship = head.case == Case::Upper && matches!(head.letters, 3..=5);
    let military = ship && view.at(at)?.is_some_and(|t| t.is(MILITARY));
    if view.is_mark(at, b',')? {
        at += 1;
    }
    let mut state = at;
    if military {
        state += 1;
    }
    let code = view.at(state)?.is_some_and(|t| t.word() && t.case == Case::Upper && t.letters == 2);
    if !code {
        return Ok(None);
    }
    let zipped = view.at(state + 1)?.is_some_and(|t| t.make == Make::Number && t.letters == 5);
    Ok(if zipped { take(state + 2, Kind::Address, 75, Evidence::Shape) } else { None })
}

impl Token {
    /// Starts a street even in small letters, being no English word.
    fn street_first_sure(&self) -> bool {
        !self.is(FUNCTION | COMMON | STREET | GIVEN)
    }
}
