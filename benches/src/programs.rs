//! The compiled rules that are measured: all of them, and none.

use std::sync::Arc;

use rules::{Direction, Leg, Pack, PackError, Policy, Program};

/// A policy under which every entity passes.
pub(crate) const ALLOW_ALL: &str = "\
policy: open
version: 1
routes:
  - {leg: llm, direction: in, default: allow}
  - {leg: llm, direction: out, default: allow}
";

/// What of the built-in packs is read.
#[derive(Clone, Copy)]
pub(crate) enum Reads {
    /// What expressions tell of a written text.
    Written,
    /// The built-in policy: the same, names and addresses.
    Default,
    /// All of it, and speech.
    Spoken,
}

/// Every built-in pack, those of another folder beside them, for requests.
pub(crate) fn reading(reads: Reads, beside: &[Pack]) -> Result<Arc<Program>, PackError> {
    let (allow, reading) = match reads {
        Reads::Written => (", person: allow, address: allow, postcode: allow", ""),
        Reads::Default => ("", ""),
        Reads::Spoken => ("", "reading: spoken, "),
    };
    let kept = "cvv: replace, otp: replace, pin: replace, track: replace";
    let route = format!("{{leg: llm, direction: in, {reading}default: token, entities: {{{kept}{allow}}}}}");
    compile(&format!("policy: measured\nversion: 1\nroutes:\n  - {route}\n"), beside, Direction::In)
}

/// Every built-in pack under the built-in policy.
pub(crate) fn full(direction: Direction) -> Result<Arc<Program>, PackError> {
    compile(rules::policy::DEFAULT, &[], direction)
}

/// The same on another leg.
pub(crate) fn of(leg: Leg, direction: Direction) -> Result<Arc<Program>, PackError> {
    let policy = Policy::parse(rules::policy::DEFAULT)?;
    Ok(Arc::new(Program::compile(&rules::built_in()?, &policy, leg, direction)?))
}

/// No rule at all.
pub(crate) fn none(direction: Direction) -> Result<Arc<Program>, PackError> {
    compile(ALLOW_ALL, &[], direction)
}

fn compile(policy: &str, beside: &[Pack], direction: Direction) -> Result<Arc<Program>, PackError> {
    let policy = Policy::parse(policy)?;
    Ok(Arc::new(Program::compile(&[rules::built_in()?, beside.to_vec()].concat(), &policy, Leg::Llm, direction)?))
}
