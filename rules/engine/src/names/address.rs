//! Whether a postal address starts at the first word: a street with its number, a box or a flat, and all behind it; or
//! what was announced or asked for as one.

use super::{
    Evidence, Kind,
    gazetteer::says,
    lexicon::{
        CITY, COMMON, COUNTRY, DIRECTION, FUNCTION, MEASURE, MILITARY, MONTH, NUMBER, PAY, STATE, STREET, THING, UNIT,
    },
    place::{self, Tail},
    street,
    view::{More, Step, View, take},
    words::{Case, Gap, Make},
};

/// Words of an answer that was asked for, or of an announced address in small letters, at most.
const ANSWER: usize = 12;

/// An address at the first word.
pub(super) fn find(view: &View) -> Result<Option<Step>, More> {
    let head = &view.tokens[0];
    let due = view.framed(says::ADDRESS_SURE) || view.asked(says::ASK_ADDRESS);
    if head.make == Make::Number && glued_number(view) {
        return Ok(None);
    }
    let Some(core) = street::read(view, due)? else {
        return if due { announced(view) } else { town_and_code(view) };
    };
    let said = head.word() && head.is(NUMBER | UNIT);
    let tail = Tail::read(view, core.end, core.written, said)?;
    let mut end = tail.end;
    if due && !core.written {
        end = loose(view, end, said)?;
    }
    let score = match core.score {
        _ if due => 90,
        score if tail.end > core.end && (tail.solid || score > 0) => score.max(50) + 10,
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

/// Where an address was announced or asked for: words that hold a place.
fn announced(view: &View) -> Result<Option<Step>, More> {
    let head = &view.tokens[0];
    let ordinary = head.is(COMMON) && head.case == Case::Lower && !head.is(DIRECTION);
    if !head.word() || head.is(FUNCTION) || ordinary {
        return town_and_code(view);
    }
    let end = loose(view, 0, false)?;
    let words = &view.tokens[..end];
    let street = words.iter().any(|t| t.is(STREET));
    let place = words.iter().any(|t| t.is(CITY | STATE | COUNTRY) || t.make == Make::Number);
    let answer = view.asked(says::ASK_ADDRESS) && view.left.opening && view.at(end)?.is_none() && (place || end > 1);
    let small = head.case == Case::Lower && end > 2 && (street || place && !head.is(CITY | STATE | COUNTRY));
    Ok(if answer || small { take(end, Kind::Address, 70, Evidence::Context) } else { return town_and_code(view) })
}

/// Words without grammar, as an address in small letters goes on.
fn loose(view: &View, from: usize, said: bool) -> Result<usize, More> {
    let mut end = from;
    if said && let Some(code) = place::read_out(view, end)? {
        return Ok(code);
    }
    while end < from + ANSWER
        && let Some(token) = view.at(end)?
        && (end == 0 || token.gap == Gap::Space)
        && match token.make {
            Make::Word => !token.is(FUNCTION | MEASURE | THING | PAY),
            Make::Number | Make::Code => token.letters <= 6,
            Make::Mark | Make::Run => false,
        }
    {
        end += 1;
        if said && let Some(code) = place::read_out(view, end)? {
            return Ok(code);
        }
    }
    Ok(end)
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
