//! A child process that says when it is ready, and ends with its owner.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(2);

/// A program of this workspace, beside the running one. The Makefile builds them before the tests.
pub fn binary(name: &str) -> PathBuf {
    built(name).unwrap_or_else(|| panic!("{name} is not built: run `cargo build --workspace`"))
}

/// The same, where it may be missing.
pub fn built(name: &str) -> Option<PathBuf> {
    let here = std::env::current_exe().ok()?;
    here.ancestors().skip(1).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Asks again and again until there is an answer; fails at a deadline.
pub fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(started.elapsed() < PATIENCE, "never came: {what}");
        thread::sleep(PAUSE);
    }
}

/// A running program, its address and what it wrote.
pub struct Program {
    child: Child,
    ready: Value,
    stdout: Arc<Mutex<String>>,
    stderr: Arc<Mutex<String>>,
}

impl Program {
    /// Starts it and waits for its ready line.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stdout = gather(child.stdout.take().unwrap());
        let stderr = gather(child.stderr.take().unwrap());
        let mut program = Self { child, ready: Value::Null, stdout, stderr };
        program.ready = eventually("the ready line", || {
            let gone = program.child.try_wait().unwrap();
            assert!(gone.is_none(), "ended before it was ready: {:?}\n{}", gone, program.stderr());
            program.line("ready")
        });
        program
    }

    /// The first event of this name on stdout.
    pub fn line(&self, event: &str) -> Option<Value> {
        self.stdout_lines().into_iter().find(|line| line["event"] == event)
    }

    /// How many events of this name have come.
    pub fn count(&self, event: &str) -> usize {
        self.stdout_lines().iter().filter(|line| line["event"] == event).count()
    }

    /// Every whole line of stdout, which is JSON.
    pub fn stdout_lines(&self) -> Vec<Value> {
        let text = self.stdout();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"))).collect()
    }

    /// All of stdout so far.
    pub fn stdout(&self) -> String {
        self.stdout.lock().unwrap().clone()
    }

    /// All of stderr so far.
    pub fn stderr(&self) -> String {
        self.stderr.lock().unwrap().clone()
    }

    /// The ready line.
    pub fn ready(&self) -> &Value {
        &self.ready
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        self.ready["listen"].as_str().expect("a ready line names its address")
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its resident memory in bytes, where the system tells.
    pub fn resident(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    /// Asks it to reload.
    pub fn hang_up(&self) {
        self.signal("HUP");
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name]).arg(self.pid().to_string()).status().unwrap();
        assert!(sent.success());
    }

    /// Its end; fails when it does not end.
    pub fn ended(&mut self) -> ExitStatus {
        eventually("the end of the program", || self.child.try_wait().unwrap())
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            let errors = self.stderr();
            let tail = errors.char_indices().rev().nth(2000).map_or(0, |(at, _)| at);
            let _ = std::io::Write::write_all(&mut std::io::stderr(), &errors.as_bytes()[tail..]);
        }
    }
}

/// Reads without end: a child whose pipe is full stands still.
fn gather(from: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let shared = Arc::clone(&text);
    thread::spawn(move || {
        let mut reader = BufReader::new(from);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
            shared.lock().unwrap().push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    });
    text
}
