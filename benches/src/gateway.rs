//! The gateway, the passthrough it is compared with, and the way without either.

mod clock;
mod held;
mod http;
mod load;
mod process;
mod script;
mod small;
mod streams;
mod upstream;
mod watch;

use std::{error::Error, fs, path::PathBuf};

use crate::{cpu, programs, report::Row};
use process::Process;
use upstream::Upstream;

/// Measures it all.
pub(crate) fn run() -> Result<Vec<Row>, Box<dyn Error>> {
    process::pin_load()?;
    let upstream = Upstream::start()?;
    let policies = Policies::write()?;
    let targets = [
        Target { name: "direct", address: upstream.address().into(), process: None },
        Target::of("passthrough", Process::start("passthrough", &[upstream.address()])?),
        Target::of("no rules", policies.none(&upstream)?),
        Target::of("full", policies.full(&upstream)?),
    ];
    let mut rows = small::measure(&targets)?;
    rows.extend(streams::measure(&upstream, &targets)?);
    rows.push(held::leaving(&upstream, &targets[FULL].address)?);
    drop(targets);
    rows.extend(held::measure(&upstream, &policies)?);
    Ok(rows)
}

/// Places in the list of targets.
const DIRECT: usize = 0;
const PASSTHROUGH: usize = 1;
const NONE: usize = 2;
const FULL: usize = 3;

/// One way from the client to the upstream.
struct Target {
    name: &'static str,
    address: String,
    process: Option<Process>,
}

impl Target {
    fn of(name: &'static str, process: Process) -> Self {
        Target { name, address: process.address().to_owned(), process: Some(process) }
    }

    /// CPU nanoseconds that it has taken; none of the way without a program.
    fn cpu(&self) -> Result<f64, Box<dyn Error>> {
        Ok(self.process.as_ref().map_or(Ok(0.0), |p| cpu::of_process(p.pid()))?)
    }
}

/// The order of targets in a round: a different one first each time.
fn order(round: usize) -> impl Iterator<Item = usize> {
    (0..4).map(move |i| (i + round) % 4)
}

/// The policy without rules, as the file that the gateway reads.
struct Policies {
    folder: PathBuf,
}

impl Policies {
    fn write() -> Result<Self, Box<dyn Error>> {
        let folder = std::env::temp_dir().join(format!("bench-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let policies = Policies { folder };
        fs::write(policies.open(), programs::ALLOW_ALL)?;
        Ok(policies)
    }

    /// A gateway without rules.
    fn none(&self, upstream: &Upstream) -> Result<Process, Box<dyn Error>> {
        start(upstream, &["--policy", &self.open().to_string_lossy()])
    }

    /// A gateway with every pack.
    fn full(&self, upstream: &Upstream) -> Result<Process, Box<dyn Error>> {
        start(upstream, &[])
    }

    /// The same, with an allocator that gives memory back at once.
    fn purging(&self, upstream: &Upstream) -> Result<Process, Box<dyn Error>> {
        Process::purging("tidegate", &arguments(&origin(upstream)))
    }

    fn open(&self) -> PathBuf {
        self.folder.join("open.yaml")
    }
}

impl Drop for Policies {
    fn drop(&mut self) {
        // In the worst case a small file stays in the system's folder for such files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn start(upstream: &Upstream, more: &[&str]) -> Result<Process, Box<dyn Error>> {
    let origin = origin(upstream);
    Process::start("tidegate", &[&arguments(&origin), more].concat())
}

fn arguments(origin: &str) -> [&str; 7] {
    ["run", "--listen", "127.0.0.1:0", "--key", "sk-dev", "--upstream", origin]
}

fn origin(upstream: &Upstream) -> String {
    format!("bench=http://{}", upstream.address())
}
