//! A simulated provider: `sim openai --listen 127.0.0.1:0 --log FILE [--script FILE]`.

use std::process::ExitCode;

fn main() -> ExitCode {
    acceptance::sim::main()
}
