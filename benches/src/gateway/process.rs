//! The programs under measurement: each alone on the first core, and ended with its owner.

use std::{
    error::Error,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

/// The core of what is measured.
const MEASURED: &str = "0";

/// The core of the load and the upstream.
const LOAD: &str = "1";

/// A running program that said where it listens.
pub(crate) struct Process {
    child: Child,
    address: String,
    /// Kept open, so that the program can write to it.
    _said: BufReader<ChildStdout>,
}

impl Process {
    pub(crate) fn start(name: &str, arguments: &[&str]) -> Result<Self, Box<dyn Error>> {
        Self::start_with(name, arguments, &[])
    }

    /// With an allocator that gives memory back at once: what is resident then is in use.
    pub(crate) fn purging(name: &str, arguments: &[&str]) -> Result<Self, Box<dyn Error>> {
        Self::start_with(name, arguments, &[("_RJEM_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0")])
    }

    fn start_with(name: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Result<Self, Box<dyn Error>> {
        let mut child = Command::new("taskset")
            .args(["-c", MEASURED])
            .arg(program(name)?)
            .args(arguments)
            .envs([("TIDEGATE_PROVIDER_KEY", "sk-provider"), ("TIDEGATE_LOG", "error")])
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("taskset: {e}"))?;
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().ok_or("no output")?);
        said.read_line(&mut line)?;
        let ready: serde_json::Value = serde_json::from_str(&line).map_err(|_| format!("{name} did not start"))?;
        let address = ready["listen"].as_str().ok_or_else(|| format!("{name} does not say where it listens"))?.into();
        Ok(Process { child, address, _said: said })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Puts this process, and every thread that it starts from now on, on the core of the load.
pub(crate) fn pin_load() -> Result<(), Box<dyn Error>> {
    let pid = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-cp", LOAD, &pid]).stdout(Stdio::null()).status();
    match pinned {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("there is no second core for the load".into()),
        Err(e) => Err(format!("taskset: {e}").into()),
    }
}

fn program(name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let path = std::env::current_exe()?.with_file_name(name);
    if path.is_file() {
        return Ok(path);
    }
    Err(format!("{name} is not built beside this program: cargo build --release -p tidegate -p benches").into())
}
