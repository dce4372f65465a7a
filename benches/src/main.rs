//! The program `bench`: what the engine, the guard and the gateway cost, beside the bars they are held to.

mod cli;
mod cpu;
mod engine;
mod events;
mod gateway;
mod machine;
mod programs;
mod random;
mod report;
mod sample;
mod sessions;
mod texts;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
