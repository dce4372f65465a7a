//! What follows the street: flat, town, state, postcode, country.

use super::{
    lexicon::{
        ARTICLE, BOX, CITY, CITY_PART, COMMON, COUNTRY, DIRECTION, FUNCTION, GIVEN, MEASURE, MILITARY, MONTH, NUMBER,
        PLACE, STATE, STATE_CODE, THINKING, UNIT,
    },
    postcode,
    view::{More, View},
    words::{Case, Gap, Make, Token},
};

/// Words of a town at most.
const TOWN: usize = 6;

/// Letters of a word that is spelled, at most.
const SPELLED: usize = 20;

/// Words of a postcode that is read out, at most.
const READ_OUT: usize = 16;

/// Pieces that follow a street at most.
const PIECES: usize = 7;

/// `Apt. 5`, `Suite 12b`, `#4`: where it ends.
pub(super) fn unit(view: &View, at: usize) -> Result<Option<usize>, More> {
    let Some(token) = view.at(at)? else { return Ok(None) };
    let mut end = match token.make {
        Make::Word if token.is(UNIT) => at + 1,
        Make::Mark if token.mark == b'#' => at,
        _ => return Ok(None),
    };
    if end > at && view.is_glued(end, b'.')? {
        end += 1;
    }
    if view.is_mark(end, b'#')? {
        end += 1;
    }
    let Some(number) = view.at(end)? else { return Ok(None) };
    if end > at && number.is(NUMBER) && number.gap == Gap::Space {
        while end < at + 5 && view.at(end)?.is_some_and(|t| t.is(NUMBER) && t.gap == Gap::Space) {
            end += 1;
        }
        return Ok(Some(end));
    }
    let letter = number.word() && number.letters == 1 && end > at && !number.is(ARTICLE);
    let fits = number.house_number() || letter;
    Ok((fits && number.gap <= Gap::Space).then_some(end + 1))
}

/// How many single letters stand there, if they spell something.
pub(super) fn letters(view: &View, at: usize) -> Result<usize, More> {
    let mut letters = 0;
    while letters < SPELLED && view.at(at + letters)?.is_some_and(|t| t.word() && t.letters == 1 && t.gap <= Gap::Space)
    {
        letters += 1;
    }
    Ok(if letters < 3 { 0 } else { letters })
}

/// A postcode that is read out, with the pauses in it: "nine four one, double oh", "l s nine, um, four p t".
pub(super) fn read_out(view: &View, from: usize) -> Result<Option<usize>, More> {
    let (mut digits, mut letters, mut end, mut sounds) = (0, 0, from, 0);
    for at in from..from + READ_OUT {
        let Some(token) = view.at(at)?.filter(|t| t.gap <= Gap::Space) else { break };
        let single = token.word() && token.letters == 1 && !token.is(NUMBER);
        // "two a month"
        let article = single && token.is(ARTICLE) && view.at(at + 1)?.is_none_or(|t| t.letters != 1);
        let pause = token.make == Make::Mark && matches!(token.mark, b',' | b'.' | b'-');
        match token.make {
            _ if article && letters == 0 => break,
            Make::Word if token.is(NUMBER) || single => {
                digits += usize::from(!single);
                letters += usize::from(single);
                (end, sounds) = (at + 1, 0);
            }
            Make::Number if token.letters <= 5 => {
                digits += token.letters as usize;
                (end, sounds) = (at + 1, 0);
            }
            Make::Mark if pause => {}
            Make::Word if token.is(THINKING) && sounds < 2 => sounds += 1,
            _ => break,
        }
    }
    let code = digits >= 3 || digits >= 2 && letters >= 2;
    Ok(code.then_some(end))
}

/// All that follows a street.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    /// The token after it.
    pub(super) end: usize,
    /// Some of it is nothing but a part of an address.
    pub(super) solid: bool,
}

impl Tail {
    /// Reads what follows a street that ends at `from`; `written`: with capitals, `said`: its number in words.
    pub(super) fn read(view: &View, from: usize, written: bool, said: bool) -> Result<Self, More> {
        let mut tail = Tail { end: from, solid: false };
        for _ in 0..PIECES {
            if said && let Some(after) = read_out(view, tail.end)? {
                return Ok(Tail { end: after, solid: true });
            }
            if said && tail.end > from {
                tail.end += letters(view, tail.end)?;
            }
            let Some(after) = piece(view, tail.end, written)? else { break };
            let parts = &view.tokens[tail.end..after];
            tail.solid |= parts.iter().any(|t| t.is(PLACE | UNIT | MILITARY) || t.make != Make::Word && t.letters > 3);
            tail.end = after;
        }
        Ok(tail)
    }
}

/// One piece, with the comma or line break before it.
fn piece(view: &View, from: usize, written: bool) -> Result<Option<usize>, More> {
    let mut at = from;
    let mut parted = false;
    while let Some(token) = view.at(at)?
        && token.make == Make::Mark
        && at < from + 3
    {
        match token.mark {
            b',' => parted = true,
            b'.' if token.gap == Gap::None && at == from => {}
            b'-' if token.gap == Gap::Space => parted = true,
            b'#' => break,
            _ => return Ok(None),
        }
        at += 1;
    }
    let Some(token) = view.at(at)? else { return Ok(None) };
    parted |= token.gap >= Gap::Line;
    if at > from && !parted {
        return Ok(None);
    }
    if let Some(end) = unit(view, at)? {
        return Ok(Some(end));
    }
    if let Some(end) = postcode::british(view, at, true)? {
        return Ok(Some(end));
    }
    let head = if at > 0 { view.tokens.get(at - 1) } else { None };
    let after_place = head.is_some_and(|t| t.word());
    if token.make == Make::Number && (after_place || parted) && token.letters >= 4 && !label_follows(view, at + 1)? {
        return postcode::zip(view, at);
    }
    if !token.word() {
        return Ok(None);
    }
    if let Some(end) = state(view, at)? {
        return Ok(Some(end));
    }
    town(view, at, parted, written)
}

/// `NY`, `ny 13025`, `New York`.
fn state(view: &View, at: usize) -> Result<Option<usize>, More> {
    let Some(token) = view.at(at)? else { return Ok(None) };
    let next = view.at(at + 1)?;
    let zip_next = next.is_some_and(|t| t.make == Make::Number && matches!(t.letters, 4..=5));
    if token.is(STATE_CODE | MILITARY)
        && (token.case == Case::Upper || zip_next || next.is_none() && !token.is(FUNCTION))
    {
        return Ok(Some(at + 1));
    }
    if token.is(MILITARY) && next.is_some_and(|t| t.is(STATE_CODE)) {
        return Ok(Some(at + 2));
    }
    // Codes that the list does not have stand between commas or before a number.
    let code = token.case == Case::Upper && matches!(token.letters, 2 | 3);
    let nan = token.letters <= 3 && zip_next;
    if token.is(COUNTRY | STATE) || code || nan && !token.is(FUNCTION | MEASURE | MONTH) {
        return Ok(Some(at + 1));
    }
    Ok(None)
}

/// Words of a town's or a country's name.
fn town(view: &View, at: usize, parted: bool, written: bool) -> Result<Option<usize>, More> {
    let mut end = at;
    let mut listed = false;
    let mut person = true;
    let mut common = false;
    while end < at + TOWN {
        let Some(token) = view.at(end)? else { break };
        let joined = end == at || token.gap == Gap::Space;
        let hyphen =
            end > at && token.mark == b'-' && token.gap == Gap::None || token.mark == b'\'' && token.gap == Gap::None;
        if hyphen && view.at(end + 1)?.is_some_and(|t| t.word() && t.gap == Gap::None) {
            end += 2;
            continue;
        }
        let capital = token.case != Case::Lower && (!token.is(FUNCTION) || token.case == Case::Upper && end > at);
        let small = end > at && joined && token.word() && token.case == Case::Lower && capital_follows(view, end + 1)?;
        let fits = if written { capital || small } else { !token.is(FUNCTION | MEASURE) };
        common |= token.is(COMMON) && !token.is(CITY | CITY_PART | DIRECTION);
        if !token.word() || !joined || !fits || token.is(UNIT | BOX) && end > at {
            break;
        }
        listed |= token.is(PLACE | CITY_PART);
        person &= token.is(GIVEN) && !token.is(CITY) || end > at && person;
        end += 1;
    }
    if end == at {
        return Ok(None);
    }
    let next = view.at(end)?;
    if !written && common {
        let code = next.is_some_and(|t| t.is(STATE_CODE))
            && view.at(end + 1)?.is_some_and(|t| t.make == Make::Number && t.letters == 5);
        return Ok(code.then_some(end));
    }
    let code_next = next.is_some_and(|t| {
        t.make == Make::Number && matches!(t.letters, 4..=6)
            || t.word() && t.is(STATE_CODE | STATE | COUNTRY) && t.gap <= Gap::Space
    });
    let closed = next.is_none_or(|t| t.gap >= Gap::Line || t.make == Make::Mark && t.mark != b':' && t.mark != b'/');
    let open =
        if written { closed || parted && !person && next.is_none_or(|t| t.mark != b':') } else { closed && listed };
    Ok((code_next || listed && next.is_none_or(|t| t.mark != b':') || open && !(person && parted && !closed))
        .then_some(end))
}

/// Whether a small word stands inside a name: `Bosnia and Herzegovina`, `Kingdom of the Netherlands`.
fn capital_follows(view: &View, at: usize) -> Result<bool, More> {
    let capital = |t: Option<&Token>| {
        t.is_some_and(|t| t.word() && t.case != Case::Lower && t.gap == Gap::Space && !t.is(FUNCTION))
    };
    if view.at(at)?.is_some_and(|t| t.is(FUNCTION) && t.case == Case::Lower && t.gap == Gap::Space) {
        return Ok(capital(view.at(at + 1)?));
    }
    Ok(capital(view.at(at)?))
}

/// A number that a label or more digits follow is a telephone's.
fn label_follows(view: &View, at: usize) -> Result<bool, More> {
    Ok(view.at(at)?.is_some_and(|t| t.make == Make::Number && t.gap <= Gap::Space))
}
