//! A provider that speaks the real wire format and says back what it was told.
//!
//! Whatever reaches it is quoted in its answer and kept, raw, in its log: a value that was not masked shows in both.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use tokio::net::{TcpListener, TcpStream};

pub mod answer;
mod chunks;
mod connection;
mod gzip;
mod log;
mod reply;
mod request;
pub mod script;
mod sender;
mod stream;
mod whole;

use log::Log;
use script::Script;

#[derive(Parser)]
#[command(name = "sim", about = "Simulated providers with the real wire formats")]
struct Args {
    #[command(subcommand)]
    provider: Provider,
}

#[derive(Subcommand)]
enum Provider {
    /// OpenAI chat completions.
    Openai {
        /// Where to listen; port 0 takes any.
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: String,
        /// Everything received, one JSON line a request and one a closed connection.
        #[arg(long)]
        log: PathBuf,
        /// What to answer and how to fail: one JSON object, or one a line with a `name` each.
        #[arg(long)]
        script: Option<PathBuf>,
    },
}

/// The program. Exit code 2 is usage, 3 is anything that broke.
pub fn main() -> ExitCode {
    let Args { provider: Provider::Openai { listen, log, script } } = Args::parse();
    let script = match script.map_or_else(|| Ok(Script::default()), |path| Script::read(&path)) {
        Ok(script) => script,
        Err(error) => return complain(&error.to_string(), 2),
    };
    let served = Log::create(&log).and_then(|log| serve(&listen, Simulator { script, log }));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error.to_string(), 3),
    }
}

fn complain(message: &str, code: u8) -> ExitCode {
    let _ = writeln!(io::stderr(), "sim: {message}");
    ExitCode::from(code)
}

/// What every connection shares.
struct Simulator {
    script: Script,
    log: Log,
}

fn serve(listen: &str, simulator: Simulator) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(listen).await?;
        announce(&listener)?;
        let simulator = Arc::new(simulator);
        for number in 1.. {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(accepted(stream, number, Arc::clone(&simulator)));
        }
        Ok(())
    })
}

fn announce(listener: &TcpListener) -> io::Result<()> {
    let ready = serde_json::json!({
        "event": "ready",
        "listen": listener.local_addr()?.to_string(),
        "pid": std::process::id(),
        "version": env!("CARGO_PKG_VERSION"),
    });
    let mut out = io::stdout().lock();
    writeln!(out, "{ready}")?;
    out.flush()
}

async fn accepted(stream: TcpStream, number: u64, simulator: Arc<Simulator>) {
    // Every write is a segment of its own: how bytes are cut is what the scripts are about.
    let _ = stream.set_nodelay(true);
    connection::converse(stream, number, &simulator).await;
}
