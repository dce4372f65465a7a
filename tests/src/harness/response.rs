//! A response as it came, whole or cut off.

use std::time::Duration;

use serde_json::Value;

use super::stream::Stream;

/// A response.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// The body without its transfer coding.
    pub body: Vec<u8>,
    /// Whether the body came to the end that its framing announced.
    pub whole: bool,
    /// From the connection's start to the last byte.
    pub took: Duration,
    raw: Vec<u8>,
}

impl Response {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All headers.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    /// The body as a stream of events.
    pub fn stream(&self) -> Stream {
        Stream::parse(&self.text())
    }

    /// What the model said in the first choice, streamed or not.
    pub fn said(&self) -> String {
        self.said_in(0)
    }

    /// What the model said in a choice, streamed or not.
    pub fn said_in(&self, choice: usize) -> String {
        assert_eq!(self.status, 200, "{}", self.text());
        if self.is_stream() {
            return self.stream().content(choice);
        }
        self.json()["choices"][choice]["message"]["content"].as_str().unwrap_or_default().to_owned()
    }

    /// The arguments of a tool call of the first choice, streamed or not.
    pub fn arguments(&self, call: usize) -> String {
        assert_eq!(self.status, 200, "{}", self.text());
        if self.is_stream() {
            return self.stream().arguments(0, call);
        }
        let call = &self.json()["choices"][0]["message"]["tool_calls"][call];
        call["function"]["arguments"].as_str().unwrap_or_default().to_owned()
    }

    /// The code of an error, or nothing.
    pub fn code(&self) -> String {
        serde_json::from_slice::<Value>(&self.body)
            .map_or_else(|_| String::new(), |body| body["error"]["code"].as_str().unwrap_or_default().to_owned())
    }

    /// The exchange, by which its record is found.
    pub fn exchange(&self) -> String {
        self.header("x-tidegate-exchange").expect("every response names its exchange").to_owned()
    }

    /// Head and body as they came.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    fn is_stream(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.starts_with("text/event-stream"))
    }

    pub(super) fn after(mut self, took: Duration) -> Self {
        self.took = took;
        self
    }
}

/// The first response of some bytes and how many it takes; none while it is not whole and more may come.
pub(super) fn take(bytes: &[u8], ended: bool) -> Option<(Response, usize)> {
    part(bytes, ended).filter(|(response, _)| response.whole || ended)
}

/// The same as far as it is there, once there is a head.
pub(super) fn part(bytes: &[u8], ended: bool) -> Option<(Response, usize)> {
    let mut slots = [httparse::EMPTY_HEADER; 100];
    let mut head = httparse::Response::new(&mut slots);
    let httparse::Status::Complete(start) = head.parse(bytes).expect("a response head") else { return None };
    let lower = |header: &httparse::Header| {
        (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned())
    };
    let headers: Vec<_> = head.headers.iter().map(lower).collect();
    let value = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let rest = &bytes[start..];
    let (body, length, whole) = if value("transfer-encoding").is_some() {
        dechunk(rest)
    } else if let Some(length) = value("content-length") {
        let length: usize = length.parse().expect("a content-length");
        let there = length.min(rest.len());
        (rest[..there].to_vec(), there, there == length)
    } else {
        (rest.to_vec(), rest.len(), ended)
    };
    let length = start + length;
    let status = head.code.unwrap_or_default();
    let raw = bytes[..length].to_vec();
    Some((Response { status, headers, body, whole, took: Duration::ZERO, raw }, length))
}

fn dechunk(rest: &[u8]) -> (Vec<u8>, usize, bool) {
    let (mut body, mut at) = (Vec::new(), 0);
    while let Ok(httparse::Status::Complete((digits, size))) = httparse::parse_chunk_size(&rest[at..]) {
        let size = usize::try_from(size).unwrap();
        let from = at + digits;
        body.extend_from_slice(&rest[from.min(rest.len())..(from + size).min(rest.len())]);
        if rest.len() < from + size + 2 {
            break;
        }
        at = from + size + 2;
        if size == 0 {
            return (body, at, true);
        }
    }
    (body, rest.len(), false)
}
