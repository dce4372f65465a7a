//! A reply as a plan: a head, steps, an end. Nothing here touches a socket.

use std::time::Duration;

use serde_json::Value;

use super::answer::{self, Answer};
use super::request::Request;
use super::script::{Fault, Framing, Scenario, Script};
use super::whole::{self, Envelope};
use super::{gzip, log, stream};

const DONE: &str = "[DONE]";
const HUGE: usize = 16 << 20;
/// How much more a lying content-length says.
const LIE: usize = 64;

/// What goes over the wire, in order.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) framing: Framing,
    pub(super) steps: Vec<Step>,
    pub(super) dribble: Option<usize>,
    pub(super) fault: Option<Fault>,
    pub(super) first: Duration,
}

/// One step of a body.
pub(super) enum Step {
    Wait(Duration),
    Send(Vec<u8>),
    /// Nothing more, and the connection stays.
    Hang,
    /// The connection closes.
    Cut,
}

impl Reply {
    pub(super) fn to(request: &Request, script: &Script) -> Self {
        match (request.method.as_str(), request.path.trim_end_matches('/')) {
            ("POST", path) if path.ends_with("/chat/completions") => chat(request, script),
            ("GET", path) if path.ends_with("/models") => plain(200, &whole::models()),
            _ => plain(404, &whole::error(404, "no such path")),
        }
    }

    /// What a content-length would say.
    pub(super) fn length(&self) -> usize {
        let length = |step: &Step| if let Step::Send(bytes) = step { bytes.len() } else { 0 };
        let lie = if self.fault == Some(Fault::ShortBody) { LIE } else { 0 };
        self.steps.iter().map(length).sum::<usize>() + lie
    }

    fn header(&mut self, name: &str, value: &str) {
        self.headers.retain(|(key, _)| key != name);
        self.headers.push((name.into(), value.into()));
    }
}

fn plain(status: u16, document: &Value) -> Reply {
    Reply {
        status,
        headers: vec![("content-type".into(), "application/json".into())],
        framing: Framing::Length,
        steps: vec![Step::Send(document.to_string().into_bytes())],
        dribble: None,
        fault: None,
        first: Duration::ZERO,
    }
}

fn chat(request: &Request, script: &Script) -> Reply {
    let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
        return plain(400, &whole::error(400, "We could not parse the JSON body of your request."));
    };
    let scenario = script.scenario(body["model"].as_str().unwrap_or_default());
    let streamed = body["stream"] == true;
    let mut reply = match scenario.status {
        300.. => refused(&scenario, request, &body),
        _ if scenario.fault == Some(Fault::ErrorEcho) => {
            refused(&Scenario { status: 400, ..scenario.clone() }, request, &body)
        }
        _ if scenario.fault == Some(Fault::Redirect) => redirect(),
        _ => answered(&scenario, &body, streamed),
    };
    reply.header("x-request-id", &format!("req_{}", answer::letters(log::now_us(), 32)));
    for (name, value) in &scenario.headers {
        reply.headers.push((name.clone(), value.clone()));
    }
    reply.first = Duration::from_micros(scenario.first_us);
    reply.dribble = scenario.dribble;
    reply.fault = scenario.fault;
    reply
}

fn refused(scenario: &Scenario, request: &Request, body: &Value) -> Reply {
    let message = match scenario.fault {
        Some(Fault::ErrorEcho) => {
            let key = request.header("authorization").unwrap_or_default();
            answer::fill_body("Incorrect: {user}; ", body) + key
        }
        _ => format!("The simulated provider answers {}.", scenario.status),
    };
    plain(scenario.status, &whole::error(scenario.status, &message))
}

fn redirect() -> Reply {
    let mut reply = plain(302, &Value::Null);
    reply.header("location", "http://127.0.0.1:9/elsewhere");
    reply
}

fn answered(scenario: &Scenario, body: &Value, streamed: bool) -> Reply {
    let now = log::now_us();
    let envelope = Envelope { id: format!("chatcmpl-{}", answer::letters(now, 29)), created: now / 1_000_000 };
    let answer = Answer::to(body, scenario);
    let mut reply = plain(200, &Value::Null);
    if streamed {
        reply.framing = scenario.framing;
        reply.header("content-type", "text/event-stream; charset=utf-8");
        let usage = body["stream_options"]["include_usage"] == true;
        let events = match &scenario.body {
            Some(template) => verbatim(&answer::fill_body(template, body)),
            None => framed(&stream::events(&answer, scenario, &envelope, usage)),
        };
        reply.steps = faulty(events, scenario);
    } else {
        let document = match &scenario.body {
            Some(template) => answer::fill_body(template, body),
            None => whole::completion(&answer, &envelope).to_string(),
        };
        reply.steps = halves(document.into_bytes(), scenario);
    }
    match scenario.fault {
        Some(Fault::Gzip) => compress(&mut reply),
        Some(Fault::WrongType) => reply.header("content-type", "text/html"),
        Some(Fault::ShortBody) => reply.framing = Framing::Length,
        Some(Fault::Trailers) => reply.framing = Framing::Chunked,
        _ => {}
    }
    reply
}

fn framed(events: &[Value]) -> Vec<Vec<u8>> {
    let done = Value::from(DONE);
    events.iter().chain([&done]).map(|event| sse(event.as_str().unwrap_or(&event.to_string()))).collect()
}

fn sse(data: &str) -> Vec<u8> {
    format!("data: {data}\n\n").into_bytes()
}

fn verbatim(body: &str) -> Vec<Vec<u8>> {
    body.split_inclusive("\n\n").map(|event| event.as_bytes().to_vec()).collect()
}

fn faulty(mut events: Vec<Vec<u8>>, scenario: &Scenario) -> Vec<Step> {
    let at = scenario.at.unwrap_or(events.len() / 2).min(events.len());
    match scenario.fault {
        Some(Fault::NoFinish) => {
            events.pop();
            events.retain(|event| !contains(event, b"\"finish_reason\":\""));
        }
        Some(Fault::NoDone) => drop(events.pop()),
        Some(Fault::Garbage) => events.insert(at, sse("{\"choices\": [garbage")),
        Some(Fault::InvalidUtf8) => {
            events.insert(at, b"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\xff\xfe\"}}]}\n\n".to_vec());
        }
        Some(Fault::HugeEvent) => {
            let content = "x ".repeat(HUGE / 2);
            events
                .insert(at, sse(&format!("{{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{content}\"}}}}]}}")));
        }
        Some(Fault::ErrorEvent) => {
            events.truncate(at);
            events.push(sse(&whole::error(500, "The server had an error while processing your request.").to_string()));
        }
        _ => {}
    }
    let mut steps = timed(events, Duration::from_micros(scenario.delay_us));
    if let Some(stop) = stop(scenario.fault) {
        // A step of waiting stands before every event but the first.
        let keep = if scenario.delay_us == 0 { at } else { (2 * at).saturating_sub(1) };
        steps.truncate(keep);
        steps.push(stop);
    }
    steps
}

fn timed(events: Vec<Vec<u8>>, delay: Duration) -> Vec<Step> {
    let mut steps = Vec::with_capacity(events.len() * 2);
    for event in events {
        if !delay.is_zero() && !steps.is_empty() {
            steps.push(Step::Wait(delay));
        }
        steps.push(Step::Send(event));
    }
    steps
}

fn halves(mut document: Vec<u8>, scenario: &Scenario) -> Vec<Step> {
    let Some(stop) = stop(scenario.fault) else { return vec![Step::Send(document)] };
    document.truncate(document.len() / 2);
    vec![Step::Send(document), stop]
}

fn stop(fault: Option<Fault>) -> Option<Step> {
    match fault? {
        Fault::HangMid => Some(Step::Hang),
        Fault::CloseMid | Fault::ShortBody => Some(Step::Cut),
        _ => None,
    }
}

fn compress(reply: &mut Reply) {
    let plain = reply.steps.drain(..).filter_map(|step| if let Step::Send(bytes) = step { Some(bytes) } else { None });
    reply.steps = vec![Step::Send(gzip::wrap(&plain.collect::<Vec<_>>().concat()))];
    reply.header("content-encoding", "gzip");
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
