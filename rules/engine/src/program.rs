//! Packs and a policy compiled for one leg and direction: all that a scanner needs, immutable and shared.

mod tables;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tables::{Expressions, Tables};

use crate::{
    automaton::{Automaton, Needs},
    context::{Named, Vocabulary},
    external::{External, Outside},
    pack::{ACCEPT, Canonical, Invalid, Mode, Pack, PackError, Pattern, Readings, Recogniser, Rule, together},
    pattern::{Border, Tail},
    policy::{Action, Direction, Flow, Leg, Policy},
    reading::Reading,
    resolve::TapeName,
    spoken::Lexicon,
    token,
    validate::Validator,
};

/// The compiled rules. Entities that the policy allows are not in it and cost nothing.
pub struct Program {
    pub(crate) tables: Arc<Tables>,
    pub(crate) patterns: Vec<ProgramPattern>,
    pub(crate) rules: Vec<ProgramRule>,
    /// The words that speech says digits, letters and signs with.
    pub(crate) lexicon: Arc<Lexicon>,
    /// The words that speak for each rule.
    pub(crate) context: Vocabulary,
    /// Open-ended matches longer than this are masked before they end.
    pub(crate) hold: usize,
    pub(crate) restore: bool,
    /// Who else reads every sentence.
    pub(crate) outside: Option<Outside>,
    reading: Reading,
    policy: String,
    packs: BTreeMap<String, String>,
}

/// What a pattern of the automaton stands for.
pub(crate) enum ProgramPattern {
    Value(ValuePattern),
    /// A token; where `dot` is set, with a full stop after it.
    Token {
        dot: bool,
    },
}

impl ProgramPattern {
    /// Its border, as a bit, and whether words can speak for it.
    fn traits(&self) -> (u8, bool) {
        match self {
            ProgramPattern::Value(v) => (v.border.bit(), v.contextual),
            // Values are glued to words, and so are their tokens; a check letter tells them.
            ProgramPattern::Token { .. } => (Border::None.bit(), false),
        }
    }
}

pub(crate) struct ValuePattern {
    pub(crate) rule: u16,
    pub(crate) name: Arc<str>,
    pub(crate) border: Border,
    pub(crate) open: bool,
    /// Words before it can speak for it.
    pub(crate) contextual: bool,
    pub(crate) score: u8,
    pub(crate) checks: Vec<Validator>,
    pub(crate) valid: u8,
    /// The best score that a match can have without context.
    pub(crate) best: u8,
    pub(crate) invalid: Invalid,
    /// Digits that must be said, not written.
    pub(crate) said: usize,
    pub(crate) singly: usize,
    /// What follows the value in a match, and is no part of it.
    pub(crate) then: Option<Arc<Tail>>,
    on: Readings,
}

impl ValuePattern {
    /// Whether it is for this reading's tape.
    pub(crate) fn reads(&self, tape: TapeName) -> bool {
        match tape {
            TapeName::Raw | TapeName::Decoded | TapeName::Encoded => self.on.written,
            TapeName::Spoken => self.on.spoken,
            TapeName::Partial => self.on.partial,
        }
    }
}

pub(crate) struct ProgramRule {
    pub(crate) id: Arc<str>,
    pub(crate) version: u32,
    pub(crate) entity: Arc<str>,
    pub(crate) label: Arc<str>,
    pub(crate) canonical: Canonical,
    pub(crate) boost: u8,
    /// Without words before it nothing of its shape is accepted.
    pub(crate) only_named: bool,
    pub(crate) action: Action,
    /// It says what it would have done, and does nothing.
    pub(crate) shadow: bool,
    /// Canonical forms of values that are not masked.
    pub(crate) allowed: Vec<String>,
    pub(crate) recogniser: Option<Recogniser>,
}

impl ProgramRule {
    /// Whether this value is not to be masked.
    pub(crate) fn allows(&self, text: &str) -> bool {
        !self.allowed.is_empty() && self.allowed.contains(&self.canonical.of(text))
    }
}

impl Program {
    /// Compiles the packs for what a policy says of a leg and direction.
    pub fn compile(packs: &[Pack], policy: &Policy, leg: Leg, direction: Direction) -> Result<Self, PackError> {
        Self::compile_beside(None, packs, policy, &Flow { leg, direction, caller: None })
    }

    /// The same, sharing the automata of a program of the same packs if both flows know the same entities.
    pub fn compile_beside(
        sibling: Option<&Program>,
        packs: &[Pack],
        policy: &Policy,
        flow: &Flow<'_>,
    ) -> Result<Self, PackError> {
        together(packs)?;
        let route = policy.route_of(flow).ok_or_else(|| PackError::NoRoute(policy.id()))?;
        let mut all: Vec<&Rule> = packs.iter().flat_map(|p| &p.rules).collect();
        // What no expression tells comes last: whether it acts does not move the rules of the automaton.
        all.sort_by(|a, b| (a.recogniser.is_some(), &a.id).cmp(&(b.recogniser.is_some(), &b.id)));
        if let Some(pair) = all.windows(2).find(|w| w[0].id == w[1].id) {
            return Err(PackError::Twice(pair[0].id.clone()));
        }
        let labels: BTreeSet<&str> = all.iter().map(|r| r.label.as_str()).collect();
        let acting: Vec<&Rule> = all.into_iter().filter(|r| route.action(&r.entity) != Action::Allow).collect();

        let mut expressions = Expressions::default();
        let mut patterns = Vec::new();
        for (index, rule) in acting.iter().enumerate() {
            let level = route.level(&rule.entity);
            for pattern in rule.patterns.iter().filter(|p| p.level <= level) {
                expressions.push(rule.border, &pattern.regex, pattern.on, needs(rule, pattern));
                patterns.push(ProgramPattern::Value(program_pattern(index as u16, rule, pattern)));
            }
        }
        let labels: Vec<&str> = labels.into_iter().collect();
        for (border, grammar) in token::grammars(&labels) {
            for dot in [false, true] {
                let dotted = if dot { r"\." } else { "" };
                expressions.push(border, &format!("{grammar}{dotted}"), Readings::WRITTEN, Needs::Nothing);
                patterns.push(ProgramPattern::Token { dot });
            }
        }
        let written = || acting.iter().filter(|r| r.recogniser.is_none()).map(|r| r.id.as_str());
        let same_rules = |s: &&Program| s.rules.iter().filter(|r| r.recogniser.is_none()).map(|r| &*r.id).eq(written());
        let sibling = sibling.filter(|s| s.tables.made_from(&expressions)).filter(same_rules);
        let tables = match sibling {
            Some(sibling) => sibling.tables.clone(),
            None => Arc::new(Tables::build(expressions, &acting, |p| patterns[usize::from(p)].traits())?),
        };
        Ok(Program {
            tables,
            patterns,
            hold: acting.iter().filter(|r| r.open()).map(|r| r.max_hold).max().unwrap_or(0),
            rules: acting.iter().map(|r| program_rule(r, route.action(&r.entity))).collect(),
            context: Vocabulary::new(acting.iter().map(|r| (&r.context, &r.asked))),
            lexicon: Arc::new(Lexicon::of(&policy.languages)?),
            restore: route.restore,
            outside: None,
            reading: route.reading,
            policy: policy.id(),
            packs: packs.iter().map(|p| (p.name.clone(), p.version.clone())).collect(),
        })
    }

    /// The same, with somebody outside who reads every sentence as well.
    pub fn with_external(mut self, external: Arc<dyn External>) -> Self {
        let of_entity = |entity: &str| self.rules.iter().position(|r| &*r.entity == entity);
        self.outside = Some(Outside::new(external, |entity| of_entity(entity).and_then(|i| u16::try_from(i).ok())));
        self
    }

    /// Whether somebody outside is asked, so that a scan takes its time.
    pub fn asks(&self) -> bool {
        self.outside.is_some()
    }

    /// `default@1`.
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// The packs' names and versions.
    pub fn packs(&self) -> &BTreeMap<String, String> {
        &self.packs
    }

    /// Whether the caller's own tokens become values again.
    pub fn restores(&self) -> bool {
        self.restore
    }

    /// The rule, by its index, that speaks for what a recogniser finds.
    pub(crate) fn recognised(&self, by: Recogniser) -> Option<u16> {
        self.rules.iter().position(|r| r.recogniser == Some(by)).and_then(|i| u16::try_from(i).ok())
    }

    /// Whether something is found that no expression tells.
    pub(crate) fn recognises(&self) -> bool {
        self.rules.iter().any(|r| r.recogniser.is_some())
    }

    /// The entity that a label stands for, and what happens to it; none where its values pass.
    pub fn acting_on(&self, label: &str) -> Option<(&str, Action)> {
        let of_label = self.rules.iter().filter(|rule| *rule.label == *label && !rule.shadow);
        of_label.max_by_key(|rule| rule.action).map(|rule| (&*rule.entity, rule.action))
    }

    /// How the policy wants texts to be read.
    pub fn reading(&self) -> Reading {
        self.reading
    }

    /// The table that a tape is matched with.
    #[inline]
    pub(crate) fn automaton(&self, tape: TapeName) -> &Automaton {
        self.tables.of(tape)
    }

    /// Whether nothing that matches a pattern can be a finding, with these words before it.
    #[inline]
    pub(crate) fn hopeless(&self, pattern: u16, named: &Named) -> bool {
        let ProgramPattern::Value(v) = &self.patterns[usize::from(pattern)] else { return false };
        let boost = || if named.has(v.rule) { self.rules[usize::from(v.rule)].boost } else { 0 };
        v.best < ACCEPT && v.best.saturating_add(boost()) < ACCEPT
    }

    /// Bytes of memory that the automata take.
    pub fn memory(&self) -> usize {
        self.tables.memory()
    }

    /// States of the automata.
    pub fn states(&self) -> usize {
        self.tables.states()
    }
}

/// What must be before a match for it to be a finding.
fn needs(rule: &Rule, pattern: &Pattern) -> Needs {
    match pattern.best_unnamed() {
        ACCEPT.. => Needs::Nothing,
        _ if rule.context.is_empty() => Needs::Question,
        _ => Needs::Words,
    }
}

fn program_pattern(index: u16, rule: &Rule, pattern: &Pattern) -> ValuePattern {
    ValuePattern {
        rule: index,
        name: pattern.name.as_str().into(),
        border: rule.border,
        open: pattern.shape.longest.is_none(),
        contextual: !rule.context.is_empty() || !rule.asked.is_empty(),
        score: pattern.score,
        checks: pattern.checks.clone(),
        valid: pattern.valid,
        best: pattern.best_unnamed(),
        invalid: pattern.invalid,
        said: pattern.said,
        singly: pattern.singly,
        then: pattern.then.clone(),
        on: pattern.on,
    }
}

fn program_rule(rule: &Rule, action: Action) -> ProgramRule {
    ProgramRule {
        id: rule.id.as_str().into(),
        version: rule.version,
        entity: rule.entity.as_str().into(),
        label: rule.label.as_str().into(),
        canonical: rule.canonical,
        boost: rule.boost,
        only_named: rule.patterns.iter().all(|p| p.best_unnamed() < ACCEPT),
        action,
        shadow: rule.mode == Mode::Shadow,
        allowed: rule.allow.iter().map(|a| a.canonical.clone()).collect(),
        recogniser: rule.recogniser,
    }
}
