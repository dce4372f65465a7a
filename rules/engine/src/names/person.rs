//! Whether a person starts at the first word: by title, by what was announced or asked, or by the words alone.

use super::{
    Evidence, Kind,
    gazetteer::says,
    lexicon::{
        BE, CITY, CITY_PART, COMMON, COUNTRY, DOES, FUNCTION, GIVEN_FREQUENT, GIVEN_RARE, JOINS, LISTED, MONTH,
        ORDINARY, ORGANISATION, ORGANISATION_BEFORE, PLACE, STATE, STATE_CODE, STREET, STREET_FIRST, STREET_SURE,
        SURNAME_FREQUENT, THING, TITLE,
    },
    run::{Accept, Run},
    view::{More, Step, View, person_due, take},
    words::{Case, Gap, Make, Token},
};

/// A person, or words that are to be passed over because they are something else; `None`: neither.
pub(super) fn find(view: &View) -> Result<Option<Step>, More> {
    if let Some(step) = titled(view)? {
        return Ok(Some(step));
    }
    let head = &view.tokens[0];
    let accept = match head.capital() {
        _ if person_due(view) => Accept::Unknown,
        true => Accept::Capitals,
        false if view.framed(says::PERSON_LIKELY | says::PERSON_OPEN | says::PAY_LIKELY | says::PAY_OPEN) => {
            Accept::Unknown
        }
        // An unknown word beside a name of the lists may be the rest of it.
        false if !head.is(ORDINARY) => Accept::Unknown,
        false => Accept::Listed,
    };
    let mut run = Run::read(view, 0, accept)?;
    run.trim(view, person_due(view))?;
    if run.parts.is_empty() || touches_identifier(view, &run)? {
        return Ok(None);
    }
    let next = view.at(run.end)?;
    if is_organisation(view, &run, next)? {
        return Ok(Some(Step::Skip(run.end)));
    }
    let announced = announced(view, &run, next);
    let score = match announced {
        Some(score) => Some((score, Evidence::Context)),
        None => by_words(view, &run, next)?.map(|score| (score, Evidence::Shape)),
    };
    Ok(score.and_then(|(score, class)| take(run.end, Kind::Person, score, class)))
}

/// `Dr. Mary Smith`, `mrs smith`.
fn titled(view: &View) -> Result<Option<Step>, More> {
    // `5 ms. Then` is a time.
    if view.left.make == Make::Number {
        return Ok(None);
    }
    let mut at = 0;
    let mut sure = true;
    while let Some(token) = view.at(at)?
        && token.word()
        && token.is(TITLE)
        && (at == 0 || token.gap == Gap::Space)
        && at < 3
    {
        // In small letters, some of them are other words more often.
        sure = token.case != Case::Lower || matches!(token.letters, 2 | 3) && !token.is(FUNCTION | STREET);
        at += 1;
        if view.is_glued(at, b'.')? {
            (at, sure) = (at + 1, true);
        }
    }
    if at == 0 || view.at(at)?.is_none_or(|t| t.gap == Gap::None && t.word() || t.gap > Gap::Space) {
        return Ok(None);
    }
    let first = view.at(at)?.is_some_and(|t| t.case == Case::Lower);
    let accept = match (first, sure || person_due(view)) {
        (true, true) => Accept::Unknown,
        (true, false) => Accept::Listed,
        (false, _) => Accept::Capitals,
    };
    let run = Run::read(view, at, accept)?;
    let named = run.first().is_some_and(|t| !t.is(ORDINARY) || t.is(LISTED) && t.capital());
    if !named || first && accept == Accept::Unknown && run.parts.iter().all(|t| t.is(COMMON)) {
        return Ok(None);
    }
    Ok(take(run.end, Kind::Person, 90, Evidence::Context))
}

/// Goes on as a handle, an address of the net or a file name does.
fn touches_identifier(view: &View, run: &Run) -> Result<bool, More> {
    let Some(next) = view.at(run.end)? else { return Ok(false) };
    if next.make != Make::Mark || next.gap != Gap::None {
        return Ok(false);
    }
    Ok(match next.mark {
        b'@' | b'_' | b'=' => true,
        b'.' | b'/' | b'&' => view.at(run.end + 1)?.is_some_and(|t| t.gap == Gap::None && t.make != Make::Mark),
        _ => false,
    })
}

/// `Johnson Ltd`, `Smith & Co`, `University of Leeds`, `Elm Street`.
fn is_organisation(view: &View, run: &Run, next: Option<&Token>) -> Result<bool, More> {
    if view.left.organisation > 0 && !person_due(view) {
        return Ok(true);
    }
    let Some(first) = run.first() else { return Ok(false) };
    if run.parts.iter().skip(1).any(|t| t.is(ORGANISATION) && !t.is(SURNAME_FREQUENT)) {
        return Ok(true);
    }
    if first.possessive || run.last().is_some_and(|t| t.possessive) {
        return Ok(false);
    }
    let Some(next) = next else { return Ok(false) };
    if next.gap == Gap::Space && next.word() && (next.case != Case::Lower || !first.capital()) {
        return Ok(next.is(ORGANISATION) && !next.is(LISTED)
            || next.is(STREET_SURE)
            || next.is(ORGANISATION) && run.parts.len() > 1);
    }
    let joined = next.make == Make::Mark && next.mark == b'&';
    Ok(joined && view.at(run.end + 1)?.is_some_and(|t| t.is(ORGANISATION)))
}

/// How sure a phrase or a question makes us.
fn announced(view: &View, run: &Run, next: Option<&Token>) -> Option<u8> {
    let (first, last) = (run.first()?, run.last()?);
    let ordinary = run.parts.iter().all(|t| t.is(ORDINARY));
    let named = run.parts.iter().any(|t| t.only_name());
    if view.asked(says::ASK_PERSON) && (answers(view, run, next) || named && !ordinary) {
        return Some(85);
    }
    if view.asked(says::ASK_PERSON) && view.left.opening && first.unknown() {
        return Some(70);
    }
    if view.framed(says::PERSON_SURE) {
        return (!ordinary || first.capital() && first.is(LISTED) || first.is(GIVEN_FREQUENT) && closes(next))
            .then_some(90);
    }
    let several = run.parts.len() > 1;
    let town = !several && first.is(PLACE) || first.is(CITY_PART | ORGANISATION_BEFORE) || last.is(COUNTRY | STATE);
    if ordinary || first.is(ORGANISATION_BEFORE) || town && !first.is(GIVEN_FREQUENT) {
        return None;
    }
    let pays = view.framed(says::PAY_OPEN | says::PAY_LIKELY);
    let kin = view.left.kin();
    let open = view.framed(says::PERSON_OPEN | says::PAY_OPEN) || kin && first.unknown();
    if !(pays || open || kin || view.framed(says::PERSON_LIKELY)) {
        return None;
    }
    // With a capital, who is paid is a firm as often.
    let fits = first.case == Case::Lower || first.case == Case::Capital && view.framed(says::PERSON_OPEN);
    let unlisted = fits && first.letters > 3 && !first.is(ORDINARY | ORGANISATION);
    match several {
        _ if first.only_given() => Some(if several { 80 } else { 70 }),
        true if last.only_surname() && (!first.is(ORDINARY) || first.is(GIVEN_FREQUENT)) => Some(75),
        true if open && last.is(SURNAME_FREQUENT) && !first.is(ORDINARY | ORGANISATION) && first.letters > 2 => {
            Some(60)
        }
        true if open && fits && run.parts.iter().all(|t| !t.is(ORDINARY)) => Some(60),
        false if (open || pays) && first.only_surname() => Some(70),
        false if open && unlisted && (first.capital() || closes(next) || pays && unlike_thing(next)) => Some(60),
        _ => None,
    }
}

/// The whole answer: nothing stands before the name but what leads up to one, and it ends there.
fn answers(view: &View, run: &Run, next: Option<&Token>) -> bool {
    view.left.opening && closes(next) && run.parts.len() < 5 && !run.parts.iter().all(|t| t.is(COMMON) && !t.is(LISTED))
}

/// Not the thing that a misspelt word would go with (`to anohter account`).
fn unlike_thing(next: Option<&Token>) -> bool {
    next.is_none_or(|t| t.word() && !t.is(THING))
}

/// No word that goes on with the thought.
fn closes(next: Option<&Token>) -> bool {
    next.is_none_or(|t| t.make != Make::Word || t.is(FUNCTION) || t.gap > Gap::Space)
}

/// How sure the words alone make us.
fn by_words(view: &View, run: &Run, next: Option<&Token>) -> Result<Option<u8>, More> {
    let Some(first) = run.first() else { return Ok(None) };
    if first.capital() {
        return if run.parts.len() == 1 && !run.hyphen { lone(view, run, next) } else { Ok(written(view, run, next)) };
    }
    Ok(unwritten(view, run, next))
}

/// Several words with capitals.
fn written(view: &View, run: &Run, next: Option<&Token>) -> Option<u8> {
    let [first, .., last] = run.parts.as_slice() else {
        return run.hyphen.then(|| run.first().filter(|t| t.only_given()).map(|_| 60))?;
    };
    if last.is(COUNTRY | ORGANISATION) && !last.is(SURNAME_FREQUENT) || last.street_ending {
        return None;
    }
    if first.is(ORGANISATION_BEFORE) && !first.is(GIVEN_FREQUENT) {
        return None;
    }
    let ends_as_name = last.only_surname() || last.unknown() && !last.is(PLACE) || last.letters == 1;
    if first.only_given() {
        let town = first.is(CITY_PART | STATE | COUNTRY)
            && !last.only_surname()
            && !(last.unknown() && first.is(GIVEN_FREQUENT));
        return (!town).then_some(if first.is(GIVEN_FREQUENT) { 85 } else { 75 });
    }
    if first.letters == 1 && first.case == Case::Initial {
        return (ends_as_name && last.letters > 2).then_some(70);
    }
    if first.is(PLACE | CITY_PART | ORGANISATION) && !first.is(LISTED) {
        return None;
    }
    if first.is(LISTED) && first.is(ORDINARY) {
        return (last.only_surname() && first.is(GIVEN_FREQUENT) && !last.only_given()
            || last.unknown() && first.is(GIVEN_FREQUENT) && (!view.left.start || closes(next)))
        .then_some(60);
    }
    if first.only_surname() {
        return (!last.is(ORDINARY) && (!view.left.start || last.only_surname())).then_some(55);
    }
    if first.unknown() && (last.is(SURNAME_FREQUENT) && last.only_surname() || run.particle) {
        return Some(55);
    }
    None
}

/// One word with a capital.
fn lone(view: &View, run: &Run, next: Option<&Token>) -> Result<Option<u8>, More> {
    let Some(first) = run.first() else { return Ok(None) };
    let continues = view.left.list && first.is(LISTED) && !first.is(FUNCTION | MONTH | PLACE | ORGANISATION);
    if continues && first.is(GIVEN_FREQUENT | SURNAME_FREQUENT) {
        return Ok(Some(50));
    }
    if first.letters < 3
        || first.is(ORDINARY | ORGANISATION | ORGANISATION_BEFORE | STREET_FIRST)
        || first.street_ending
    {
        return Ok(None);
    }
    let does = next.is_some_and(|t| t.word() && t.is(DOES) && t.case == Case::Lower);
    let said = view.left.roles & DOES != 0 && view.left.make == Make::Word;
    let place = first.is(PLACE | CITY_PART) && !first.is(GIVEN_FREQUENT) || first.is(COUNTRY | STATE);
    if place && !does && !said && !first.possessive || view.left.located() && first.is(CITY | COUNTRY | STATE) {
        return Ok(None);
    }
    if first.only_given() {
        let weak = first.is(GIVEN_RARE) && view.left.start && first.letters < 4;
        return Ok((!weak).then_some(if first.is(GIVEN_FREQUENT) { 65 } else { 55 }));
    }
    let listed = view.left.list && !first.is(PLACE) || among_names(view, run.end)?;
    let subject = next.is_some_and(|t| t.word() && t.is(BE) && t.case == Case::Lower);
    if first.only_surname() && (!view.left.start || does || subject || listed || first.possessive) {
        return Ok(Some(if first.is(SURNAME_FREQUENT) { 55 } else { 45 }));
    }
    let plain = first.unknown() && first.case == Case::Capital;
    Ok((plain && (said || does || listed)).then_some(45))
}

/// `Lee, Kovalev and Phillips`: whether what follows a comma or `and` is a name.
fn among_names(view: &View, at: usize) -> Result<bool, More> {
    let Some(joint) = view.at(at)? else { return Ok(false) };
    let comma = joint.make == Make::Mark && matches!(joint.mark, b',' | b'&');
    let and = joint.word() && joint.is(FUNCTION) && joint.letters == 3 && joint.is(JOINS);
    if !comma && !and {
        return Ok(false);
    }
    Ok(view.at(at + 1)?.is_some_and(|t| t.gap == Gap::Space && t.capital() && t.only_name() && !t.is(PLACE)))
}

/// Words in small letters only, or in capitals only.
fn unwritten(view: &View, run: &Run, next: Option<&Token>) -> Option<u8> {
    let (first, last) = (run.first()?, run.last()?);
    let town =
        first.is(CITY_PART | STATE | COUNTRY) || last.is(STATE | COUNTRY) || first.is(CITY) && last.is(STATE_CODE);
    let whole = view.left.opening && closes(next) && view.left.make == Make::Mark;
    match run.parts.len() {
        1 if first.is(PLACE) || first.letters < 3 || !first.only_given() => None,
        1 => (first.is(GIVEN_FREQUENT) || whole && next.is_none()).then_some(45),
        _ if town => None,
        _ if first.only_given() && last.only_surname() => {
            let frequent = first.is(GIVEN_FREQUENT) || last.is(SURNAME_FREQUENT);
            (frequent && first.letters > 2 && last.letters > 2).then_some(60)
        }
        _ if last.only_surname() && last.is(SURNAME_FREQUENT) && first.unknown() && first.letters > 3 => Some(50),
        _ if first.only_given() && first.is(GIVEN_FREQUENT) && last.unknown() => {
            next.is_none_or(|t| t.make == Make::Mark || t.gap > Gap::Space).then_some(50)
        }
        _ if first.only_given() && first.is(GIVEN_FREQUENT) => Some(45),
        _ => None,
    }
}
