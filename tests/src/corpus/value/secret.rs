//! Keys of programs, in the shapes their makers publish.

use super::{Said, Value};
use crate::corpus::prng::{LOWER, Prng, UPPER};

/// A key, in pieces here so that no line of this file looks like one.
pub(super) fn api_key(rng: &mut Prng) -> Value {
    let any = [LOWER, UPPER, "0123456789"].concat();
    let hex = "0123456789abcdef";
    let written = match rng.below(10) {
        0 => format!("sk-{}", rng.string(&any, 48)),
        1 => format!("sk-proj-{}", rng.string(&any, 64)),
        2 => format!("AKIA{}", rng.string("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)),
        3 => format!("ghp_{}", rng.string(&any, 36)),
        4 => format!("eyJhbGciOiJIUzI1NiJ9.eyJ{}.{}", rng.string(&any, 44), rng.string(&any, 43)),
        5 => format!("xoxb-{}-{}-{}", rng.digits(12), rng.digits(12), rng.string(&any, 24)),
        6 => format!("sk_live_{}", rng.string(&any, 24)),
        7 => format!("AIza{}", rng.string(&any, 35)),
        8 => format!("glpat-{}", rng.string(&any, 20)),
        _ => format!("SG.{}.{}", rng.string(&any, 22), rng.string(&[&any, hex].concat(), 43)),
    };
    Value { written, said: Said::Never }
}
