//! What the provider answers, how it cuts it, and how it fails.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// The model name that asks for a scenario or a fault: `sim:NAME`.
const SELECTOR: &str = "sim:";

/// One scenario for all requests, and others that a request asks for by its model name.
#[derive(Clone, Debug, Default)]
pub struct Script {
    default: Scenario,
    named: BTreeMap<String, Scenario>,
}

impl Script {
    /// Reads one JSON object, or one a line. The last without a name is the default.
    pub fn read(path: &Path) -> io::Result<Self> {
        Self::parse(&std::fs::read_to_string(path)?)
    }

    fn parse(text: &str) -> io::Result<Self> {
        let mut script = Self::default();
        for scenario in serde_json::Deserializer::from_str(text).into_iter::<Scenario>() {
            let scenario = scenario?;
            match scenario.name.clone() {
                Some(name) => drop(script.named.insert(name, scenario)),
                None => script.default = scenario,
            }
        }
        Ok(script)
    }

    /// The scenario for a model: a named one, the default with a fault or a status, or the default.
    pub(super) fn scenario(&self, model: &str) -> Scenario {
        let Some(name) = model.strip_prefix(SELECTOR) else { return self.default.clone() };
        if let Some(scenario) = self.named.get(name) {
            return scenario.clone();
        }
        let mut scenario = self.default.clone();
        if let Some(status) = name.strip_prefix("status-").and_then(|code| code.parse().ok()) {
            scenario.status = status;
        } else if let Ok(fault) = serde_json::from_value(name.into()) {
            scenario.fault = Some(fault);
        }
        scenario
    }
}

/// One way to answer. In texts, `{user}` stands for the last message of the user, `{tool}` for that of a tool.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scenario {
    /// Asked for by the model `sim:NAME`; without it this is the default scenario.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The text of the answer.
    pub content: String,
    /// The raw arguments of a tool call; without it they are made from the tool's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<String>,
    /// What the provider makes up: goes behind the content, and into tool arguments.
    pub made_up: String,
    /// Fields of a delta that no specification names, cut like the content.
    pub unknown: BTreeMap<String, String>,
    /// A refusal instead of content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// Tool calls an answer, where tools are offered.
    pub calls: usize,
    /// How often the content is said.
    pub repeat: usize,
    /// The finish reason, where it is not `stop` or `tool_calls`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish: Option<String>,
    /// Events with nothing but `choices[].delta`, as some compatible servers send them.
    pub bare: bool,
    /// How text is cut into deltas.
    #[serde(flatten)]
    pub cut: Cut,
    /// Microseconds before the head.
    pub first_us: u64,
    /// Microseconds before each event behind the first.
    pub delay_us: u64,
    /// The status; from 400 on the answer is an error object.
    pub status: u16,
    /// Headers beside the usual ones.
    pub headers: Vec<(String, String)>,
    /// The body, word for word, instead of any answer. Event streams are written an event at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// How the end of the body is told.
    pub framing: Framing,
    /// What goes wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// Behind how many events it goes wrong; half of them without this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<usize>,
    /// Bytes a TCP write.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dribble: Option<usize>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            name: None,
            content: "You said: {user}".into(),
            arguments: None,
            made_up: String::new(),
            unknown: BTreeMap::new(),
            refusal: None,
            calls: 1,
            repeat: 1,
            finish: None,
            bare: false,
            cut: Cut::default(),
            first_us: 0,
            delay_us: 0,
            status: 200,
            headers: Vec::new(),
            body: None,
            framing: Framing::Chunked,
            fault: None,
            at: None,
            dribble: None,
        }
    }
}

/// How text is cut into deltas: never inside a character.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Cut {
    /// Characters a delta; with a seed, up to so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chars: Option<usize>,
    /// At least so many bytes a delta.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<usize>,
    /// Characters of the first, second, ... delta; the last holds the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sizes: Option<Vec<usize>>,
    /// Makes sizes random, the same for the same seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// How a body says where it ends.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    /// Chunked transfer coding.
    Chunked,
    /// A content-length.
    Length,
    /// The connection closes.
    Close,
}

/// What may go wrong at a provider.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// No head ever.
    HangHead,
    /// Half of the answer, then nothing.
    HangMid,
    /// Half of the answer, then the connection closes.
    CloseMid,
    /// A content-length that is never reached.
    ShortBody,
    /// An event that is no JSON.
    Garbage,
    /// An event that is no UTF-8.
    InvalidUtf8,
    /// An error object as an event, quoting the request; then the end.
    ErrorEvent,
    /// The stream ends cleanly with neither finish reason nor `[DONE]`.
    NoFinish,
    /// The stream ends cleanly behind the finish reason.
    NoDone,
    /// A compressed body, which nobody asked for.
    Gzip,
    /// The stream is declared as HTML.
    WrongType,
    /// A redirect to another host.
    Redirect,
    /// One event of 16 MiB.
    HugeEvent,
    /// An error that quotes the request and the key.
    ErrorEcho,
    /// Bytes behind the end of the body.
    Trailers,
    /// Informational heads before the real one.
    Informational,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_object_or_lines() {
        let script = Script::parse("{\"chars\":3}\n{\"name\":\"slow\",\"delay_us\":9}\n").unwrap();
        assert_eq!(script.scenario("gpt-5").cut.chars, Some(3));
        assert_eq!(script.scenario("sim:slow").delay_us, 9);
        assert_eq!(script.scenario("sim:hang-mid").fault, Some(Fault::HangMid));
        assert_eq!(script.scenario("sim:status-429").status, 429);
    }
}
