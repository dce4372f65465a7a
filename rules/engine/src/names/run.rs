//! Words that stand together as the parts of one name do.

use super::{
    lexicon::{
        ARTICLE, COMMON, FUNCTION, GIVEN, LISTED, MONTH, ORDINARY, ORGANISATION, PARTICLE, SUFFIX, SURNAME,
        SURNAME_FREQUENT, TITLE,
    },
    view::{More, View},
    words::{Case, Gap, Make, Token},
};

/// Parts of a name at most.
const PARTS: usize = 5;

/// Which words are taken for parts of a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Accept {
    /// Words with capitals.
    Capitals,
    /// Words of the lists.
    Listed,
    /// All but common words: a name was announced.
    Unknown,
}

/// The parts of a name.
#[derive(Debug)]
pub(super) struct Run<'a> {
    /// The token after it.
    pub(super) end: usize,
    pub(super) parts: Vec<&'a Token>,
    /// `van`, `de la`.
    pub(super) particle: bool,
    /// Joined by hyphens.
    pub(super) hyphen: bool,
}

impl<'a> Run<'a> {
    /// Reads the parts that start at a token.
    pub(super) fn read(view: &'a View, from: usize, accept: Accept) -> Result<Self, More> {
        let mut run = Run { end: from, parts: Vec::new(), particle: false, hyphen: false };
        while run.parts.len() < PARTS {
            let Some(at) = run.skip_particles(view, accept)? else { break };
            let Some(token) = view.at(at)? else { break };
            run.particle |= at > run.end;
            run.parts.push(token);
            run.end = at + 1;
            run.read_dot(view, token, accept)?;
            run.read_hyphens(view)?;
            if token.possessive {
                break;
            }
        }
        if let [given] = run.parts.as_slice()
            && given.is(GIVEN)
            && !given.possessive
        {
            run.read_parted(view)?;
        }
        if run.parts.len() > 1 && run.parts.last().is_some_and(|t| !t.possessive) {
            run.read_suffix(view)?;
        }
        Ok(run)
    }

    /// Where the next part stands, behind particles.
    fn skip_particles(&self, view: &View, accept: Accept) -> Result<Option<usize>, More> {
        let mut at = self.end;
        while at < self.end + 4 {
            let Some(token) = view.at(at)? else { return Ok(None) };
            let first = at == 0 || self.parts.is_empty() && at == self.end;
            let joined = token.gap == Gap::Space || token.gap == Gap::None && after_joint(view, at);
            if !first && !joined {
                return Ok(None);
            }
            let particle = token.is(PARTICLE) && (token.case == Case::Lower || !token.is(LISTED));
            if !particle || (self.parts.is_empty() && accept != Accept::Unknown && token.case == Case::Lower) {
                return Ok(self.accepts(token, accept).then_some(at));
            }
            at += 1;
            // `al-Rashid`
            if view.is_glued(at, b'-')? {
                at += 1;
            }
        }
        Ok(None)
    }

    fn accepts(&self, token: &Token, accept: Accept) -> bool {
        if token.make != Make::Word || token.is(SUFFIX) {
            return false;
        }
        let initial = token.letters == 1 && token.case == Case::Initial;
        if initial && (token.id == 0 || !self.parts.is_empty()) {
            return !token.is(FUNCTION) || !self.parts.is_empty();
        }
        if token.letters == 1 && token.case == Case::Lower && !self.parts.is_empty() {
            // `a` and `i` end phrases; other letters are initials.
            return !token.is(ARTICLE);
        }
        let ordinary = token.is(COMMON | FUNCTION | MONTH);
        if ordinary && (!token.is(LISTED) || token.is(FUNCTION) || token.is(TITLE)) {
            return false;
        }
        match self.parts.first() {
            None => match accept {
                Accept::Capitals => token.capital(),
                Accept::Listed => !ordinary && token.is(LISTED),
                Accept::Unknown => token.letters > 1,
            },
            Some(first) if first.capital() => token.capital() || token.case == Case::Upper && token.letters > 1,
            Some(_) => match accept {
                Accept::Capitals => token.capital(),
                Accept::Listed => !ordinary && token.is(LISTED),
                Accept::Unknown => self.parts.len() < 3 && !token.is(ORGANISATION) || token.is(LISTED),
            },
        }
    }

    /// `J.`, if more of the name follows.
    fn read_dot(&mut self, view: &View, token: &Token, accept: Accept) -> Result<(), More> {
        let initial = token.letters == 1 || token.letters == 2 && token.capital() && !token.is(LISTED);
        if initial && view.is_glued(self.end, b'.')? {
            let after = Run { end: self.end + 1, parts: self.parts.clone(), particle: false, hyphen: false };
            if after.skip_particles(view, accept)?.is_some() {
                self.end += 1;
            }
        }
        Ok(())
    }

    /// `Carmen, A. Ramirez`, `nicole... w ward`: in speech, a pause before the initial.
    fn read_parted(&mut self, view: &'a View) -> Result<(), More> {
        let mut at = self.end;
        while at < self.end + 3 && (view.is_glued(at, b'.')? || view.is_glued(at, b',')?) {
            at += 1;
        }
        let Some(initial) = view.at(at)?.filter(|t| t.word() && t.letters == 1 && t.gap == Gap::Space) else {
            return Ok(());
        };
        if at == self.end {
            return Ok(());
        }
        let Some(last) = view.at(at + 1)?.filter(|t| t.word() && t.gap == Gap::Space) else { return Ok(()) };
        if last.is(SURNAME) && (!initial.is(FUNCTION) || !last.is(ORDINARY)) {
            self.parts.extend([initial, last]);
            self.end = at + 2;
        }
        Ok(())
    }

    /// `Mary-Jane`: the second part belongs to the first.
    fn read_hyphens(&mut self, view: &View) -> Result<(), More> {
        while view.is_glued(self.end, b'-')? {
            let Some(next) = view.at(self.end + 1)? else { break };
            let first = self.parts.last().is_some_and(|t| t.capital());
            let fits = if first { next.case != Case::Lower } else { next.only_name() };
            if next.make != Make::Word || next.gap != Gap::None || !fits {
                break;
            }
            self.end += 2;
            self.hyphen = true;
        }
        Ok(())
    }

    /// `Jr.`
    fn read_suffix(&mut self, view: &View) -> Result<(), More> {
        if view.at(self.end)?.is_some_and(|t| t.is(SUFFIX) && t.gap == Gap::Space) {
            self.end += 1;
            if view.is_glued(self.end, b'.')? {
                self.end += 1;
            }
        }
        Ok(())
    }

    /// Gives back a last part that is a common word and no proper end.
    pub(super) fn trim(&mut self, view: &View, due: bool) -> Result<(), More> {
        while let [_, .., last] = self.parts.as_slice()
            && last.case == Case::Lower
            && last.is(COMMON | FUNCTION | MONTH)
            && self.end > 0
            && view.tokens.get(self.end - 1).is_some_and(|t| t.start == last.start)
        {
            let closed =
                view.at(self.end)?.is_none_or(|t| t.make != Make::Word || t.is(FUNCTION) || t.gap > Gap::Space);
            // "hiroshi w park"
            let behind_initial = self.parts.iter().rev().nth(1).is_some_and(|t| t.letters == 1) && last.is(SURNAME);
            if closed && (behind_initial || last.is(SURNAME_FREQUENT) || due && last.is(LISTED) || last.letters == 1) {
                break;
            }
            self.parts.pop();
            self.end -= 1;
        }
        Ok(())
    }

    /// The first part.
    pub(super) fn first(&self) -> Option<&'a Token> {
        self.parts.first().copied()
    }

    /// The last part.
    pub(super) fn last(&self) -> Option<&'a Token> {
        self.parts.last().copied()
    }
}

/// Behind the dot of an initial, or the hyphen of a particle.
fn after_joint(view: &View, at: usize) -> bool {
    at > 0 && matches!(view.tokens[at - 1].mark, b'.' | b'-')
}
