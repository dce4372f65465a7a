//! Labelled text, written and spoken, all of it invented: `corpus --out DIR [--seed N] [--per-entity N]`.

use std::process::ExitCode;

fn main() -> ExitCode {
    acceptance::corpus::main()
}
