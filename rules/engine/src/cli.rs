//! The command line: which command was asked for, and how its end becomes an exit code.

use std::{
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand, ValueEnum};
use rules::Reading;

mod cases;
mod eval;
mod explain;
mod lint;
mod mask;
mod masking;
mod scan;
mod schema;
mod setup;
mod style;

/// Reads the arguments, runs the command, answers with its exit code.
pub(crate) fn run() -> ExitCode {
    let asked = match Rules::try_parse() {
        Ok(asked) => asked,
        Err(usage) => {
            // Nothing is left to tell anybody when even this cannot be written.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    let done = match asked.command {
        Command::Mask(options) => mask::run(&options),
        Command::Scan(options) => scan::run(&options),
        Command::Test(options) => cases::run(&options),
        Command::Eval(options) => eval::run(&options),
        Command::Lint(options) => lint::run(&options),
        Command::Explain(options) => explain::run(&options),
        Command::Schema(options) => schema::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

/// Finds personal and payment data in text, and shows what would stand in its place.
#[derive(Parser)]
#[command(name = "rules", version, after_help = EXAMPLES, disable_help_subcommand = true)]
struct Rules {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  echo 'my card is 4111 1111 1111 1111' | rules mask
  echo '{\"id\":1,\"text\":\"write to joe@example.com\"}' | rules scan -
  rules test --packs rules/packs

Exit codes: 0 yes (finding something is 0), 1 checked and failed, 2 usage, configuration or not built yet, 3 internal.
How to write a rule: rules/README.md.";

#[derive(Subcommand)]
enum Command {
    /// Mask text from standard input, in pieces of any size, as a stream would be masked
    Mask(mask::Options),
    /// Find values in lines of JSON, one answer for each line
    Scan(scan::Options),
    /// Run the cases that every rule carries
    Test(cases::Options),
    /// Score the rules on labelled text
    Eval(eval::Options),
    /// Look for rules that cannot work, will not act, or cost more than they should
    Lint(lint::Options),
    /// Say why a text is masked, and why it is not
    Explain(explain::Options),
    /// Print the JSON schema of packs, for editors
    Schema(schema::Options),
}

/// How text is to be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Channel {
    /// As written.
    Text,
    /// As spoken, "four one one one", beside what is written
    Spoken,
    /// Whatever it is: written, spoken or both
    Auto,
}

impl Channel {
    /// A transcript is often both, so what is listened for spoken words is read as written as well.
    fn reading(self) -> Reading {
        match self {
            Channel::Text => Reading::Written,
            Channel::Spoken | Channel::Auto => Reading::Spoken,
        }
    }
}

/// Why a command did not end well; its kind is the exit code.
#[derive(Debug)]
enum Failure {
    /// Checked, and the answer is no.
    No(String),
    /// Asked for in a way that cannot work.
    Usage(String),
    /// Reading or writing broke.
    Internal(io::Error),
}

impl Failure {
    fn tell(self) -> ExitCode {
        let (code, message) = match self {
            Failure::No(message) => (1, message),
            Failure::Usage(message) => (2, message),
            // Whoever was reading has seen enough, as in `rules scan ... | head`.
            Failure::Internal(e) if e.kind() == ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
            Failure::Internal(e) => (3, e.to_string()),
        };
        let _ = writeln!(io::stderr(), "rules: {message}");
        ExitCode::from(code)
    }
}

impl From<io::Error> for Failure {
    fn from(e: io::Error) -> Self {
        Failure::Internal(e)
    }
}
