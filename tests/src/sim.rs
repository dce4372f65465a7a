//! Providers that speak the real wire formats: one that says back what it was told, and ones for speech.
//!
//! Whatever reaches them is kept, raw, in their log: a value that was not masked shows there, and in what is quoted.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use tokio::net::{TcpListener, TcpStream};

pub mod answer;
mod cartesia;
mod chunks;
mod connection;
mod deepgram;
mod gzip;
mod log;
mod reply;
mod request;
pub mod script;
mod sender;
mod socket;
pub mod speech;
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
    /// OpenAI chat completions. The script is one JSON object, or one a line with a `name` each.
    Openai(Place),
    /// Deepgram's WebSockets: /v1/listen hears what the script has, /v1/speak says what it is sent.
    ///
    /// The script is one JSON object: {"updates":[{"transcript":"hi","is_final":true,"speech_final":true,"words":[...],
    /// "extra":{...}},{"close":1011},{"drop":true},{"garbage":"text"},{"fragment":5},{"ping":"x"},{"silence_ms":9}]},
    /// or {"raw":["{}"]} with the very texts. Each binary message plays up to the next that says something.
    Deepgram(Speech),
    /// Cartesia's WebSocket for text to speech: /tts/websocket. The script has faults as `deepgram` has, one a request.
    Cartesia(Speech),
}

#[derive(clap::Args)]
struct Place {
    /// Where to listen; port 0 takes any.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
    /// Everything received, one JSON line a request, a message, and a closed connection.
    #[arg(long)]
    log: PathBuf,
    /// What to answer and how to fail.
    #[arg(long)]
    script: Option<PathBuf>,
}

#[derive(clap::Args)]
struct Speech {
    #[command(flatten)]
    place: Place,
    /// The only key that is let in.
    #[arg(long, default_value = "sk-provider")]
    key: String,
}

/// The program. Exit code 2 is usage, 3 is anything that broke.
pub fn main() -> ExitCode {
    let served = match Args::parse().provider {
        Provider::Openai(place) => {
            simulate(&place, Script::read, |script, log| Simulator { script, log }.serve(&place))
        }
        Provider::Deepgram(speech) => speak(&speech, Some("dg-request-id"), deepgram::door),
        Provider::Cartesia(speech) => speak(&speech, None, cartesia::door),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(Fault { code, error }) => {
            let _ = writeln!(io::stderr(), "sim: {error}");
            ExitCode::from(code)
        }
    }
}

/// What broke, and the exit code that says it.
struct Fault {
    code: u8,
    error: io::Error,
}

fn speak(Speech { place, key }: &Speech, id: Option<&'static str>, door: socket::Door) -> Result<(), Fault> {
    simulate(place, speech::Script::read, |script, log| {
        socket::serve(&place.listen, socket::Service { door, id, key: key.clone(), script, log })
    })
}

fn simulate<S: Default>(
    place: &Place,
    read: fn(&Path) -> io::Result<S>,
    serve: impl FnOnce(S, Log) -> io::Result<()>,
) -> Result<(), Fault> {
    let script = place.script.as_deref().map_or_else(|| Ok(S::default()), read);
    let script = script.map_err(|error| Fault { code: 2, error })?;
    let served = Log::create(&place.log).and_then(|log| serve(script, log));
    served.map_err(|error| Fault { code: 3, error })
}

/// What every connection shares.
struct Simulator {
    script: Script,
    log: Log,
}

impl Simulator {
    fn serve(self, place: &Place) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(async {
            let listener = TcpListener::bind(&place.listen).await?;
            announce(listener.local_addr()?)?;
            let simulator = Arc::new(self);
            for number in 1.. {
                let (stream, _) = listener.accept().await?;
                tokio::spawn(accepted(stream, number, Arc::clone(&simulator)));
            }
            Ok(())
        })
    }
}

fn announce(address: SocketAddr) -> io::Result<()> {
    let ready = serde_json::json!({
        "event": "ready",
        "listen": address.to_string(),
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
