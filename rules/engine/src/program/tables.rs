//! The automata of a program: one for what is written, one for what is said, one for each unfinished value.
//!
//! What is written and what is said look alike to few rules; one automaton for both would be many times as large as two.

use std::thread;

use crate::{
    automaton::{Automaton, Needs, Trait},
    pack::{PackError, Readings, Rule},
    pattern::Border,
    resolve::TapeName,
};

/// Compiled tables; shared by both directions where they know the same entities.
pub(crate) struct Tables {
    /// What they were built from.
    expressions: Expressions,
    written: Automaton,
    spoken: Automaton,
    /// For each rule whose unfinished value is masked at a text's end: the automaton of it alone.
    pub(crate) prefixes: Vec<(u16, Automaton)>,
}

/// What the patterns match, in their order.
#[derive(Default, Eq, PartialEq)]
pub(crate) struct Expressions(Vec<Expression>);

#[derive(Eq, PartialEq)]
struct Expression {
    text: String,
    on: Readings,
    needs: Needs,
}

impl Expressions {
    /// Adds the next pattern's.
    pub(crate) fn push(&mut self, border: Border, regex: &str, on: Readings, needs: Needs) {
        self.0.push(Expression { text: bordered(border, regex), on, needs });
    }
}

impl Tables {
    /// Builds them, side by side; `traits` says which border a pattern has, as a bit, and whether words can speak for it.
    pub(crate) fn build(
        expressions: Expressions,
        rules: &[&Rule],
        traits: impl Fn(u16) -> (u8, bool) + Sync,
    ) -> Result<Self, PackError> {
        let one = |wanted: fn(Readings) -> bool| {
            let all = expressions.0.iter().enumerate().filter(|(_, e)| wanted(e.on));
            let (patterns, texts): (Vec<u16>, Vec<String>) = all.map(|(i, e)| (i as u16, e.text.clone())).unzip();
            let automaton = Automaton::build(&texts).map_err(PackError::Automaton)?;
            let of_pattern = |p: u16| {
                let (border, contextual) = traits(p);
                Trait { border, needs: expressions.0[usize::from(p)].needs, contextual }
            };
            Ok(automaton.standing_for(&patterns).with_traits(of_pattern))
        };
        let (written, spoken) = thread::scope(|s| {
            let spoken = s.spawn(|| one(|on| on.spoken || on.partial));
            let written = one(|on| on.written);
            let spoken = spoken.join().unwrap_or_else(|_| Err(PackError::Automaton("it could not be built".into())));
            (written, spoken)
        });
        Ok(Tables { written: written?, spoken: spoken?, prefixes: prefixes(rules)?, expressions })
    }

    /// Whether these are what would be built.
    pub(crate) fn made_from(&self, expressions: &Expressions) -> bool {
        self.expressions == *expressions
    }

    /// The table that a tape is matched with.
    #[inline]
    pub(crate) fn of(&self, tape: TapeName) -> &Automaton {
        match tape {
            TapeName::Raw | TapeName::Decoded | TapeName::Encoded => &self.written,
            TapeName::Spoken | TapeName::Partial => &self.spoken,
        }
    }

    /// Bytes of memory.
    pub(crate) fn memory(&self) -> usize {
        let all = [&self.written, &self.spoken].into_iter().chain(self.prefixes.iter().map(|(_, a)| a));
        all.map(Automaton::memory).sum()
    }

    /// States of all that is written and said.
    pub(crate) fn states(&self) -> usize {
        self.written.states() + self.spoken.states()
    }
}

/// Every pattern consumes the byte before its match, which its border limits.
fn bordered(border: Border, regex: &str) -> String {
    format!("{}(?:{regex})", border.before())
}

fn prefixes(rules: &[&Rule]) -> Result<Vec<(u16, Automaton)>, PackError> {
    let of_rule = |(index, rule): (usize, &&Rule)| {
        let expressions: Vec<String> = rule.patterns.iter().map(|p| bordered(rule.border, &p.regex)).collect();
        Ok((index as u16, Automaton::build(&expressions).map_err(PackError::Automaton)?))
    };
    rules.iter().enumerate().filter(|(_, r)| r.prefix).map(of_rule).collect()
}
