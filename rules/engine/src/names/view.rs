//! The words that are not decided, and what may be decided about the first of them.

use super::{
    Evidence, Kind, address,
    gazetteer::{Gazetteer, says},
    left::Left,
    lexicon::{
        BOX, CITY, FUNCTION, GIVEN, LISTED, MEASURE, MILITARY, NUMBER, ORDINARY, PARTICLE, PHRASES, Roles,
        STARTS_ORGANISATION, STREET_FIRST, SURNAME, TITLE, UNIT,
    },
    person, postcode,
    words::{Case, Gap, Make, Token},
};

/// One more word must be seen.
#[derive(Debug)]
pub(super) struct More;

/// What becomes of the first words.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// So many tokens start nothing.
    Skip(usize),
    /// So many tokens are a finding.
    Take {
        /// How many.
        tokens: usize,
        kind: Kind,
        score: u8,
        class: Evidence,
    },
}

/// Undecided words, never empty.
pub(super) struct View<'a> {
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) left: &'a Left,
    pub(super) tokens: &'a [Token],
    /// Nothing will follow.
    pub(super) ended: bool,
}

impl View<'_> {
    /// The token there, none if the text ends before.
    pub(super) fn at(&self, i: usize) -> Result<Option<&Token>, More> {
        match self.tokens.get(i) {
            Some(token) => Ok(Some(token)),
            None if self.ended => Ok(None),
            None => Err(More),
        }
    }

    /// Whether this mark stands there.
    pub(super) fn is_mark(&self, i: usize, mark: u8) -> Result<bool, More> {
        Ok(self.at(i)?.is_some_and(|t| t.make == Make::Mark && t.mark == mark))
    }

    /// Whether this mark stands there, right after the token before.
    pub(super) fn is_glued(&self, i: usize, mark: u8) -> Result<bool, More> {
        Ok(self.at(i)?.is_some_and(|t| t.make == Make::Mark && t.mark == mark && t.gap == Gap::None))
    }

    /// Whether a phrase said so.
    pub(super) fn framed(&self, says: u16) -> bool {
        self.left.frame & says != 0
    }

    /// Whether it was asked for.
    pub(super) fn asked(&self, says: u16) -> bool {
        self.left.asked & says != 0
    }
}

impl Token {
    pub(super) fn is(&self, roles: Roles) -> bool {
        self.roles & roles != 0
    }

    /// Written as names are.
    pub(super) fn capital(&self) -> bool {
        matches!(self.case, Case::Capital | Case::Mixed | Case::Initial)
    }

    /// A word that is nothing but a name.
    pub(super) fn only_name(&self) -> bool {
        self.is(LISTED) && !self.is(ORDINARY)
    }

    pub(super) fn only_given(&self) -> bool {
        self.is(GIVEN) && !self.is(ORDINARY)
    }

    pub(super) fn only_surname(&self) -> bool {
        self.is(SURNAME) && !self.is(ORDINARY)
    }

    /// A word of letters that no list has.
    pub(super) fn unknown(&self) -> bool {
        self.make == Make::Word && self.roles & !(PARTICLE | MEASURE | PHRASES) == 0
    }

    pub(super) fn word(&self) -> bool {
        self.make == Make::Word
    }

    /// Made of digits, or of digits and one letter.
    pub(super) fn house_number(&self) -> bool {
        match self.make {
            Make::Number => self.letters <= 5,
            Make::Code => self.letters <= 5 && self.shape >> (2 * (self.letters as u32).saturating_sub(1)) == 2,
            _ => false,
        }
    }
}

/// Whether a token can start anything: all others are read and forgotten at once.
#[inline]
pub(super) fn may_start(token: &Token, left: &Left) -> bool {
    match token.make {
        Make::Word if token.case == Case::Lower => {
            let expected = (left.frame | left.asked != 0 || left.list || left.kin()) && !token.is(FUNCTION);
            let alone = left.opening && (token.unknown() || token.is(LISTED | CITY));
            expected || alone || may_start_small(token.roles) || token.street_ending
        }
        Make::Word if token.is(FUNCTION) && token.case != Case::Initial => {
            may_start_small(token.roles) || token.is(PARTICLE | GIVEN)
        }
        Make::Word | Make::Number | Make::Code => true,
        Make::Mark | Make::Run => false,
    }
}

/// Whether a known word in small letters can start something that nothing announced.
#[inline(always)]
pub(super) fn may_start_small(roles: Roles) -> bool {
    const STARTS: Roles = TITLE | STREET_FIRST | UNIT | BOX | NUMBER | MILITARY | STARTS_ORGANISATION;
    roles & STARTS != 0 || roles & GIVEN != 0 && roles & ORDINARY == 0
}

/// What becomes of the first words.
pub(super) fn step(view: &View) -> Result<Step, More> {
    let head = &view.tokens[0];
    if !may_start(head, view.left) || inside_identifier(view, head) {
        return Ok(Step::Skip(1));
    }
    if let Some(tokens) = organisation(view)? {
        return Ok(Step::Skip(tokens));
    }
    if let Some(step) = address::find(view)? {
        return Ok(step);
    }
    if let Some(step) = postcode::find(view)? {
        return Ok(step);
    }
    if head.word()
        && let Some(step) = person::find(view)?
    {
        return Ok(step);
    }
    Ok(Step::Skip(1))
}

/// Part of a handle, a tag, a path or a variable.
fn inside_identifier(view: &View, head: &Token) -> bool {
    head.gap == Gap::None
        && view.left.make == Make::Mark
        && matches!(view.left.mark, b'@' | b'#' | b'/' | b'_' | b'&' | b'%' | b'+')
        && !(head.make == Make::Number && view.left.mark == b'#')
}

/// A known organisation, by all its words.
fn organisation(view: &View) -> Result<Option<usize>, More> {
    let head = &view.tokens[0];
    if !head.is(STARTS_ORGANISATION) {
        return Ok(None);
    }
    let mut longest = None;
    for words in view.gazetteer.organisations(head.id) {
        let mut same = 0;
        for (i, &id) in words.iter().enumerate() {
            let Some(token) = view.at(i)? else { break };
            if token.id != id || (i > 0 && token.gap > Gap::Space) {
                break;
            }
            same += 1;
        }
        if same == words.len() {
            longest = longest.max(Some(same));
        }
    }
    Ok(longest)
}

/// A finding made of the first tokens.
pub(super) fn take(tokens: usize, kind: Kind, score: u8, class: Evidence) -> Option<Step> {
    Some(Step::Take { tokens, kind, score, class })
}

/// Whether an answer or a frame for persons is due.
pub(super) fn person_due(view: &View) -> bool {
    view.framed(says::PERSON_SURE) || view.asked(says::ASK_PERSON)
}
