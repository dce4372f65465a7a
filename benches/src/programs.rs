//! The compiled rules that are measured: all of them, and none.

use std::sync::Arc;

use rules::{Direction, Leg, PackError, Policy, Program};

/// A policy under which every entity passes.
pub(crate) const ALLOW_ALL: &str = "\
policy: open
version: 1
routes:
  - {leg: llm, direction: in, default: allow}
  - {leg: llm, direction: out, default: allow}
";

/// Every built-in pack under the built-in policy.
pub(crate) fn full(direction: Direction) -> Result<Arc<Program>, PackError> {
    compile(rules::policy::DEFAULT, direction)
}

/// No rule at all.
pub(crate) fn none(direction: Direction) -> Result<Arc<Program>, PackError> {
    compile(ALLOW_ALL, direction)
}

fn compile(policy: &str, direction: Direction) -> Result<Arc<Program>, PackError> {
    let policy = Policy::parse(policy)?;
    Ok(Arc::new(Program::compile(&rules::built_in()?, &policy, Leg::Llm, direction)?))
}
