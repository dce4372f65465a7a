//! What `mask` and `scan` need before the first byte: packs, a policy, the program made of both, a key for tokens.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, ValueEnum};
use rules::{Pack, Policy, Program, TokenKey, load, policy};

use super::Failure;

/// Which rules, and what is to happen to what they find.
#[derive(Args)]
pub(super) struct Setup {
    /// Folder of pack files (*.yaml) to use instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    packs: Option<PathBuf>,
    /// `default`, or the path of a policy file
    #[arg(long, value_name = "NAME", default_value = "default")]
    policy: String,
    /// The leg whose policy applies
    #[arg(long, value_enum, default_value = "llm")]
    leg: Leg,
    /// `in`: from the agent to the provider; `out`: from the provider to the agent
    #[arg(long, value_enum, default_value = "in")]
    direction: Direction,
    /// Key of the tokens: equal seeds give equal tokens
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Leg {
    Llm,
    Stt,
    Tts,
}

#[derive(Clone, Copy, ValueEnum)]
enum Direction {
    In,
    Out,
}

impl Setup {
    pub(super) fn program(&self) -> Result<Arc<Program>, Failure> {
        self.compiled(&self.packs()?)
    }

    /// These packs, for what the policy says of the route.
    pub(super) fn compiled(&self, packs: &[Pack]) -> Result<Arc<Program>, Failure> {
        let (leg, direction) = self.route();
        let program = Program::compile(packs, &self.policy()?, leg, direction);
        Ok(Arc::new(program.map_err(|e| Failure::Usage(e.to_string()))?))
    }

    pub(super) fn packs(&self) -> Result<Vec<Pack>, Failure> {
        packs(self.packs.as_deref())
    }

    pub(super) fn route(&self) -> (rules::Leg, rules::Direction) {
        let leg = match self.leg {
            Leg::Llm => rules::Leg::Llm,
            Leg::Stt => rules::Leg::Stt,
            Leg::Tts => rules::Leg::Tts,
        };
        let direction = match self.direction {
            Direction::In => rules::Direction::In,
            Direction::Out => rules::Direction::Out,
        };
        (leg, direction)
    }

    pub(super) fn key(&self) -> TokenKey {
        TokenKey::new(b"rules").scoped(&["seed", &self.seed.to_string()])
    }

    pub(super) fn policy(&self) -> Result<Policy, Failure> {
        if self.policy == "default" {
            return Policy::parse(policy::DEFAULT).map_err(|e| Failure::Usage(e.to_string()));
        }
        let text = load::text(Path::new(&self.policy))
            .map_err(|e| Failure::Usage(format!("--policy {e} (`default`, or a file's path)")))?;
        Policy::parse(&text).map_err(|e| Failure::Usage(format!("{}: {e}", self.policy)))
    }
}

/// The packs of a folder in the order of their names, or the built-in ones.
pub(super) fn packs(folder: Option<&Path>) -> Result<Vec<Pack>, Failure> {
    match folder {
        None => rules::built_in().map_err(|e| Failure::Usage(e.to_string())),
        Some(folder) => load::packs(folder).map_err(|e| Failure::Usage(e.to_string())),
    }
}
