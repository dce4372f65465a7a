//! The gateway of a test.

use std::process::Command;

use serde_json::Value;

use super::client::Client;
use super::program::{Program, binary, eventually};
use super::provider::Provider;
use super::scratch::Scratch;

/// What the agent holds.
pub const AGENT_KEY: &str = "sk-dev";
/// What another agent holds.
pub const SECOND_KEY: &str = "sk-dev-of-another-agent";
/// What the provider gets, and nobody else ever sees.
pub const PROVIDER_KEY: &str = "sk-provider-held-by-the-gateway-only";

/// A running `tidegate run`.
pub struct Gateway {
    program: Program,
    scratch: Scratch,
}

impl Gateway {
    /// Between the test and this provider, by the quick start.
    pub fn before(provider: &Provider) -> Self {
        Self::to(&[("openai", &provider.origin())])
    }

    /// Before several upstreams, of which the first is the default.
    pub fn to(upstreams: &[(&str, &str)]) -> Self {
        Self::start(upstreams, &[])
    }

    /// Under the default policy, but with speech read both ways; `policy` is that policy's text.
    pub fn listening(provider: &Provider, policy: &str) -> Self {
        let scratch = Scratch::new();
        let (silent, spoken) = ("    default:", "    reading: spoken\n    default:");
        let listening = policy.replace(spoken, silent).replace(silent, spoken);
        let file = scratch.file("policy.yaml", &listening);
        let mut command = Command::new(binary("tidegate"));
        command.args(["run", "--key", AGENT_KEY, "--upstream"]).arg(format!("openai={}", provider.origin()));
        command.arg("--policy").arg(file);
        Self::run(command, scratch)
    }

    /// By a file, for two agents, with these sections beside the upstream and the keys.
    pub fn configured(provider: &Provider, sections: &str) -> Self {
        let scratch = Scratch::new();
        let key = |name, key| format!("  - {{name: {name}, key: {key}, upstreams: [openai]}}\n");
        let file = format!(
            "upstreams:\n  - {{name: openai, url: \"{}\", key_env: TIDEGATE_PROVIDER_KEY}}\nkeys:\n{}{}{sections}\n",
            provider.origin(),
            key("first", AGENT_KEY),
            key("second", SECOND_KEY),
        );
        let file = scratch.file("gateway.yaml", &file);
        let mut command = Command::new(binary("tidegate"));
        command.arg("run").arg(file);
        Self::run(command, scratch)
    }

    /// By the quick start, with an allocator that gives memory back at once: what is resident then is in use.
    pub fn purging(name: &str, provider: &Provider) -> Self {
        let mut command = Command::new(binary("tidegate"));
        command.args(["run", "--key", AGENT_KEY, "--upstream"]).arg(format!("{name}={}", provider.origin()));
        command.env("_RJEM_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0");
        Self::run(command, Scratch::new())
    }

    /// With more flags.
    pub fn start(upstreams: &[(&str, &str)], flags: &[&str]) -> Self {
        let mut command = Command::new(binary("tidegate"));
        command.args(["run", "--key", AGENT_KEY]);
        for (name, origin) in upstreams {
            command.arg("--upstream").arg(format!("{name}={origin}"));
        }
        command.args(flags);
        Self::run(command, Scratch::new())
    }

    fn run(mut command: Command, scratch: Scratch) -> Self {
        command.args(["--listen", "127.0.0.1:0", "--record"]).arg(scratch.path("record.jsonl"));
        command.env("TIDEGATE_PROVIDER_KEY", PROVIDER_KEY);
        Self { program: Program::start(&mut command), scratch }
    }

    /// A client with the agent's key.
    pub fn client(&self) -> Client {
        Client::of(self.address()).with_key(AGENT_KEY)
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        self.program.address()
    }

    /// The process.
    pub fn program(&mut self) -> &mut Program {
        &mut self.program
    }

    /// How many events of this name it has said.
    pub fn count(&self, event: &str) -> usize {
        self.program.count(event)
    }

    /// Asks it to reload its rules.
    pub fn hang_up(&self) {
        self.program.hang_up();
    }

    /// Everything it wrote about what passed: logs and records.
    pub fn wrote(&self) -> String {
        self.program.stdout() + &self.program.stderr() + &self.record_text()
    }

    /// The records so far.
    pub fn records(&self) -> Vec<Value> {
        let text = self.record_text();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The record of one exchange, once it is written.
    pub fn record(&self, exchange: &str) -> Value {
        eventually("the record of an exchange", || {
            self.records().into_iter().find(|record| record["exchange"] == exchange)
        })
    }

    fn record_text(&self) -> String {
        std::fs::read_to_string(self.scratch.path("record.jsonl")).unwrap_or_default()
    }
}
