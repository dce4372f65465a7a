//! The simulated provider of a test.

use std::process::Command;

use serde_json::{Value, json};

use super::gateway::PROVIDER_KEY;
use super::program::{Program, binary, eventually};
use super::scratch::Scratch;
use crate::base64;

/// A running `sim` and its log.
pub struct Provider {
    program: Program,
    scratch: Scratch,
}

impl Provider {
    /// It quotes what it was told.
    pub fn quoting() -> Self {
        Self::with(json!({}))
    }

    /// It makes this text up, behind the quote.
    pub fn making_up(text: &str) -> Self {
        Self::with(json!({ "made_up": text }))
    }

    /// It says exactly this.
    pub fn saying(text: &str) -> Self {
        Self::with(json!({ "content": text }))
    }

    /// It follows this scenario, whose fields are those of `sim::script::Scenario`.
    pub fn with(scenario: Value) -> Self {
        Self::following(&scenario.to_string())
    }

    /// It follows this script.
    pub fn following(script: &str) -> Self {
        Self::start("openai", script, &[])
    }

    /// A simulated Deepgram, whose key is the gateway's; the script is one of `sim::speech::Script`.
    pub fn deepgram(script: Value) -> Self {
        Self::start("deepgram", &script.to_string(), &["--key", PROVIDER_KEY])
    }

    /// A simulated Cartesia, likewise.
    pub fn cartesia(script: Value) -> Self {
        Self::start("cartesia", &script.to_string(), &["--key", PROVIDER_KEY])
    }

    fn start(kind: &str, script: &str, more: &[&str]) -> Self {
        let scratch = Scratch::new();
        let script = scratch.file("script.json", script);
        let mut command = Command::new(binary("sim"));
        command.arg(kind).args(more).args(["--listen", "127.0.0.1:0", "--log"]).arg(scratch.path("log.jsonl"));
        let program = Program::start(command.arg("--script").arg(script));
        Self { program, scratch }
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        self.program.address()
    }

    /// Its origin, as `--upstream` has it.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Everything in its log.
    pub fn log(&self) -> Vec<Seen> {
        let text = std::fs::read_to_string(self.scratch.path("log.jsonl")).unwrap();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(|line| Seen(serde_json::from_str(line).unwrap())).collect()
    }

    /// The requests that reached it.
    pub fn requests(&self) -> Vec<Seen> {
        self.log().into_iter().filter(Seen::is_request).collect()
    }

    /// What messages of this kind carried on WebSockets: `text`, `binary`, `ping`, `pong` or `close`.
    pub fn messages(&self, kind: &str) -> Vec<Vec<u8>> {
        self.log().iter().filter(|seen| seen.0["kind"] == kind).map(Seen::bytes).collect()
    }

    /// Every byte that reached it; what came in WebSocket frames is unmasked.
    pub fn saw(&self) -> Vec<u8> {
        self.log().iter().flat_map(|seen| [seen.bytes(), b"\n".to_vec()]).flatten().collect()
    }

    /// The body of the only request.
    pub fn body(&self) -> Value {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "one request reaches the provider");
        requests[0].body()
    }

    /// When the peer closed a connection on which a request had come, in microseconds since 1970.
    pub fn hung_up(&self) -> u64 {
        eventually("the end of the connection to the provider", || {
            self.log().iter().find(|seen| seen.0["kind"] == "closed").map(Seen::time_us)
        })
    }
}

/// One line of a provider's log.
pub struct Seen(Value);

impl Seen {
    fn is_request(&self) -> bool {
        self.0["kind"] == "request"
    }

    /// When, in microseconds since 1970.
    pub fn time_us(&self) -> u64 {
        self.0["t_us"].as_u64().unwrap()
    }

    /// The raw bytes.
    pub fn bytes(&self) -> Vec<u8> {
        base64::decode(self.0["bytes_b64"].as_str().unwrap()).unwrap()
    }

    /// The body as JSON.
    pub fn body(&self) -> Value {
        let bytes = self.bytes();
        let start = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
        serde_json::from_slice(&bytes[start..]).unwrap()
    }

    /// Every value of a header.
    pub fn header(&self, name: &str) -> Vec<String> {
        let headers = self.0["headers"].as_array().unwrap().iter();
        headers.filter(|pair| pair[0] == name).map(|pair| pair[1].as_str().unwrap().to_owned()).collect()
    }

    /// The names of all headers.
    pub fn header_names(&self) -> Vec<String> {
        self.0["headers"].as_array().unwrap().iter().map(|pair| pair[0].as_str().unwrap().to_owned()).collect()
    }
}
