//! The program `rules`: tries, measures and proves rules on text, without a gateway.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    cli::run()
}
