//! What a rule costs: the bytes of its automaton, and how much text it holds back.
//!
//! Held back, here: the rule alone reads a sample of prose in steps of four bytes, as a model's answer arrives; after each
//! step the bytes that it has read and not yet let go are counted.

use std::sync::Arc;

use super::{Level, Lint, Read, said};
use crate::{
    Rule, Scanner,
    before::Before,
    pack::{Mode, Pack, PackError},
    policy::{Direction, Leg, Policy},
    program::Program,
};

/// Rules beyond this many are not measured one by one.
const MEASURED: usize = 600;

/// Bytes that come at a time.
const STEP: usize = 4;

/// Held on average beyond which it is said loudly.
const MUCH: f64 = 4.0;

const POLICY: &str = "{policy: lint, version: 1, routes: [{leg: llm, direction: out, default: replace, level: 3}]}";

/// A sample of what agents and people write to each other, without anybody's data; the figures of rules compare over it.
const PROSE: &str = include_str!("prose.txt");

pub(super) fn cost(read: &[Read<'_>], found: &mut Vec<Lint>) {
    let Ok(policy) = Policy::parse(POLICY) else { return };
    let rules = read.iter().flat_map(|r| r.pack.rules.iter().map(|rule| (r.file, &r.pack, rule)));
    for (file, pack, rule) in rules.take(MEASURED) {
        // What cannot be compiled alone cannot be together either, and has been told.
        let Ok(cost) = of_rule(pack, rule, &policy) else { continue };
        let Cost { bytes, mean, p99, max } = cost;
        let kib = (bytes as f64 / 1024.0).ceil();
        let message =
            format!("{kib} KiB; holds back {mean:.2} bytes on average, {p99} in 99 of 100 cases, at most {max}");
        let level = if mean > MUCH { Level::Warning } else { Level::Note };
        let hint = (mean > MUCH).then(|| "start the expression with something that is rare in prose".into());
        found.push(Lint { hint, ..said(file, rule, level, "cost", message) });
    }
}

struct Cost {
    bytes: usize,
    mean: f64,
    p99: usize,
    max: usize,
}

fn of_rule(pack: &Pack, rule: &Rule, policy: &Policy) -> Result<Cost, PackError> {
    let alone = |rules| Pack { name: pack.name.clone(), version: pack.version.clone(), rules };
    let compile = |pack: Pack| Program::compile(&[pack], policy, Leg::Llm, Direction::Out).map(Arc::new);
    let rule = Rule { mode: Mode::Active, ..rule.clone() };
    // Tokens are recognised with every rule: what they take is not the rule's.
    let nothing = compile(alone(Vec::new()))?;
    let program = compile(alone(vec![rule]))?;
    let mut held = held(&program);
    let idle = self::held(&nothing);
    held.iter_mut().zip(&idle).for_each(|(held, idle)| *held = held.saturating_sub(*idle));
    held.sort_unstable();
    let mean = held.iter().sum::<usize>() as f64 / held.len().max(1) as f64;
    let p99 = held.get((held.len() * 99).div_ceil(100).saturating_sub(1)).copied().unwrap_or(0);
    let bytes = program.memory().saturating_sub(nothing.memory());
    Ok(Cost { bytes, mean, p99, max: held.last().copied().unwrap_or(0) })
}

/// The bytes that are held after each step.
fn held(program: &Arc<Program>) -> Vec<usize> {
    let mut scanner = Scanner::new(program.clone(), Before::default());
    let mut out = Vec::new();
    let mut held = Vec::new();
    let mut rest = PROSE;
    while !rest.is_empty() {
        let cut = (STEP..rest.len()).find(|&at| rest.is_char_boundary(at)).unwrap_or(rest.len());
        scanner.push(&rest[..cut], &mut out);
        rest = &rest[cut..];
        out.clear();
        held.push(scanner.fed() - scanner.clear());
    }
    held
}
