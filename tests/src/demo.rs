//! A banking chat through the real gateway: what the agent sent, what the provider saw, what the agent got back.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::harness::{Gateway, Provider, built};

mod columns;
mod first_token;
mod paint;
mod scenes;
mod show;
mod verdict;

use show::Show;
use verdict::Verdict;

#[derive(Parser)]
#[command(name = "demo", about = "A banking chat through the gateway, in three columns")]
struct Args {
    /// End when the chat is over; the exit code says whether everything held.
    #[arg(long)]
    once: bool,
    /// One JSON line instead of columns.
    #[arg(long)]
    json: bool,
    /// Write what went over the wires to agent_sent.jsonl, provider_saw.jsonl and agent_got.jsonl.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// The program. Exit code 1 is an assertion that did not hold, 2 is a program not built, 3 is anything that broke.
pub fn main() -> ExitCode {
    let args = Args::parse();
    if let Some(missing) = ["sim", "tidegate"].into_iter().find(|name| built(name).is_none()) {
        let _ = writeln!(io::stderr(), "demo: {missing} is not built; run: cargo build --workspace");
        return ExitCode::from(2);
    }
    match run(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            let _ = writeln!(io::stderr(), "demo: {error}");
            ExitCode::from(3)
        }
    }
}

fn run(args: &Args) -> io::Result<bool> {
    let provider = Provider::following(&scenes::script());
    let gateway = Gateway::before(&provider);
    let mut show = Show::new(!args.json, is_coloured());
    show.title(gateway.address(), provider.address())?;
    let turns = scenes::turns();
    let played = turns.iter().map(|turn| show.play(turn, &gateway, &provider)).collect::<io::Result<Vec<_>>>()?;
    if let Some(folder) = &args.out {
        write_out(folder, &played, &provider)?;
    }
    let saw = provider.saw();
    let ttft = first_token::measure(&gateway, &provider);
    let verdict = Verdict::of(&turns, &played, &saw, &gateway, ttft);
    if args.json {
        writeln!(io::stdout(), "{}", verdict.json())?;
    } else {
        show.verdict(&verdict)?;
    }
    if !args.once {
        show.invitation(gateway.address(), args.json)?;
        wait_for_a_signal()?;
    }
    Ok(verdict.holds())
}

fn is_coloured() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn write_out(folder: &Path, played: &[show::Played], provider: &Provider) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let saw: Vec<_> = provider.requests().iter().map(|seen| (seen.time_us(), seen.bytes())).collect();
    let sent: Vec<_> = played.iter().map(|turn| turn.sent.clone()).collect();
    let got: Vec<_> = played.iter().flat_map(|turn| turn.got.clone()).collect();
    for (name, lines) in [("agent_sent", sent), ("provider_saw", saw), ("agent_got", got)] {
        let lines = lines.iter().enumerate().map(|(event, (t_us, bytes))| {
            let bytes = crate::base64::encode(bytes);
            serde_json::json!({"t_us": t_us, "event": event + 1, "bytes_b64": bytes}).to_string() + "\n"
        });
        std::fs::write(folder.join(format!("{name}.jsonl")), lines.collect::<String>())?;
    }
    Ok(())
}

/// The programs that were started end with this one, so it must not be killed in its sleep.
fn wait_for_a_signal() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        Ok(())
    })
}
