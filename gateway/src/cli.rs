//! What can be said on the command line. Exit codes: 0 yes, 1 checked and failed, 2 usage or configuration, 3 internal.

use std::{
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};

use crate::{
    ca::{
        CaError,
        command::{self, Ca},
    },
    config::{self, Finding, Flags},
    log::{self, Level},
    mask::{self, Chunks, MaskError},
    serve::{self, Failure},
};

const FAILED: u8 = 1;
const USAGE: u8 = 2;
const INTERNAL: u8 = 3;

/// An edge gateway for AI agents: it masks personal data on its way to a model, and brings it back in the answer.
#[derive(Debug, Parser)]
#[command(name = "tidegate", version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  Try it, without a file. The provider's key stays here; your agent sends sk-dev:
    export TIDEGATE_PROVIDER_KEY=sk-...
    tidegate run --upstream openai=https://api.openai.com --key sk-dev
  Point an agent at it:
    OPENAI_BASE_URL=http://127.0.0.1:8080/v1 OPENAI_API_KEY=sk-dev your-agent
  With a file:
    tidegate config > gateway.yaml
    tidegate check gateway.yaml && tidegate run gateway.yaml";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve, from a file or from --upstream and --key.
    Run(Box<Run>),
    /// Say what is wrong with a configuration file. Secrets are not read.
    Check(Check),
    /// Print the default configuration, commented.
    Config,
    /// Screen a provider's stream from stdin as the gateway would, without a socket.
    Mask(Mask),
    /// A certificate authority for development, and certificates for --listen-tls.
    #[command(subcommand)]
    Ca(Ca),
}

#[derive(Debug, Args)]
#[command(after_help = RUN_EXAMPLES)]
struct Run {
    /// A configuration file; `tidegate config` prints one.
    #[arg(conflicts_with_all = ["upstream", "key", "provider_key_env"], required_unless_present = "upstream")]
    config: Option<String>,
    /// A provider, by name and origin; the first is the default. May be repeated.
    #[arg(long, value_name = "NAME=URL")]
    upstream: Vec<String>,
    /// The key that agents send instead of the provider's.
    #[arg(long, requires = "upstream")]
    key: Option<String>,
    /// The environment variable that holds the provider's key [default: TIDEGATE_PROVIDER_KEY]
    #[arg(long, value_name = "NAME", requires = "upstream")]
    provider_key_env: Option<String>,
    /// Where to listen; port 0 takes any; off with --listen-tls [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS|off")]
    listen: Option<String>,
    /// Where to listen with TLS [default: nowhere]
    #[arg(long, value_name = "ADDRESS")]
    listen_tls: Option<String>,
    /// The certificate for it, in PEM; `tidegate ca` makes one for development.
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<String>,
    /// The certificate's key, in PEM.
    #[arg(long, value_name = "FILE")]
    tls_key: Option<String>,
    /// A folder of rule packs, instead of those built in.
    #[arg(long, value_name = "DIR")]
    packs: Option<String>,
    /// A policy that is built in, or a file [default: default]
    #[arg(long, value_name = "NAME")]
    policy: Option<String>,
    /// A file for one JSON line an exchange, or - for stdout [default: none]
    #[arg(long, value_name = "FILE")]
    record: Option<String>,
}

const RUN_EXAMPLES: &str = "\
Examples:
  tidegate run gateway.yaml
  tidegate run --upstream openai=https://api.openai.com --key sk-dev --record -
  tidegate run --upstream local=http://127.0.0.1:11434 --key sk-dev --listen 127.0.0.1:0
  tidegate run gateway.yaml --listen off --listen-tls 0.0.0.0:8443 --tls-cert gateway.pem --tls-key gateway.key
A second upstream is reached by its name in the path: /NAME/v1/chat/completions.
Files of --packs and --policy are read again when they change, and on SIGHUP; broken ones are refused.
So are those of --tls-cert and --tls-key.
On stdout, as JSON lines: ready, drained after SIGTERM, reloaded or reload_refused, certificate_reloaded or
certificate_refused, and records with --record -.";

#[derive(Debug, Args)]
struct Check {
    /// The file.
    config: String,
    /// Findings as one JSON array.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = MASK_EXAMPLES)]
struct Mask {
    /// The stream's dialect.
    #[arg(long, default_value = "openai.chat")]
    dialect: String,
    /// Bytes of each read, or random:SEED
    #[arg(long, value_name = "N|random:SEED", default_value = "4096")]
    chunk: Chunks,
    /// A JSON line for each read: what has come in, what may leave, what is held.
    #[arg(long)]
    json: bool,
}

const MASK_EXAMPLES: &str = "\
Examples:
  curl -sN https://... | tidegate mask --dialect openai.chat
  tidegate mask --chunk 1 --json < stream.sse
Exit code 1 says that the stream was stopped where it broke a rule of its format; what was clear has been printed.";

/// Runs the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli.command,
        Err(said) => {
            // Help was asked for, or usage is explained: where it cannot be printed, the exit code still says which.
            let _ = said.print();
            return ExitCode::from(if said.use_stderr() { USAGE } else { 0 });
        }
    };
    match command {
        Command::Run(run) => serve(*run),
        Command::Check(check) => self::check(&check),
        Command::Config => print(config::DEFAULT),
        Command::Mask(mask) => self::mask(&mask),
        Command::Ca(ca) => self::ca(&ca),
    }
}

fn serve(run: Run) -> ExitCode {
    let flags = Flags {
        upstreams: run.upstream,
        key: run.key,
        provider_key_env: run.provider_key_env,
        listen: run.listen,
        listen_tls: run.listen_tls,
        tls_cert: run.tls_cert,
        tls_key: run.tls_key,
        packs: run.packs,
        policy: run.policy,
        record: run.record,
    };
    let settings = match run.config {
        Some(path) => config::file(&path, &flags),
        None => config::quick(&flags),
    };
    let settings = match settings {
        Ok(settings) => settings,
        Err(findings) => {
            findings.iter().for_each(|finding| log::write(Level::Error, format_args!("{finding}")));
            return ExitCode::from(USAGE);
        }
    };
    match serve::run(settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            log::write(Level::Error, format_args!("{failure}"));
            ExitCode::from(match failure {
                Failure::Configuration(_) => USAGE,
                Failure::System { .. } => INTERNAL,
            })
        }
    }
}

fn mask(mask: &Mask) -> ExitCode {
    let Err(error) = mask::run(&mask.dialect, mask.chunk, mask.json) else { return ExitCode::SUCCESS };
    log::write(Level::Error, format_args!("{error}"));
    ExitCode::from(match error {
        MaskError::Refused(_) => FAILED,
        MaskError::Dialect(..) => USAGE,
        MaskError::Rules(_) | MaskError::Io(_) => INTERNAL,
    })
}

fn ca(ca: &Ca) -> ExitCode {
    match command::run(ca) {
        Ok(said) => print(&said),
        Err(error) => {
            log::write(Level::Error, format_args!("{error}"));
            ExitCode::from(match error {
                CaError::Usage(_) => USAGE,
                CaError::System(_) => INTERNAL,
            })
        }
    }
}

fn check(check: &Check) -> ExitCode {
    let findings = config::file(&check.config, &Flags::default()).err().unwrap_or_default();
    let failed = !findings.is_empty();
    let text = match check.json {
        true => serde_json::to_string(&findings).unwrap_or_default() + "\n",
        false => findings.iter().map(line).collect(),
    };
    let printed = print(&text);
    if failed { ExitCode::from(FAILED) } else { printed }
}

fn line(finding: &Finding) -> String {
    format!("{finding}\n")
}

fn print(text: &str) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(INTERNAL),
    }
}
