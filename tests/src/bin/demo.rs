//! A banking chat through the gateway, side by side with what the provider saw: `demo [--once] [--json] [--out DIR]`.

use std::process::ExitCode;

fn main() -> ExitCode {
    acceptance::demo::main()
}
