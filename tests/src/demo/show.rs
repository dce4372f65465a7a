//! Plays turns and shows them while they happen.

use std::io::{self, IsTerminal, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::columns::{self, beside, rule};
use super::paint::{self, Ink, Painted};
use super::scenes::Turn;
use super::verdict::Verdict;
use crate::harness::{AGENT_KEY, Connection, Gateway, Provider, Response, eventually};

/// What one turn came to.
pub(super) struct Played {
    /// When, and the raw request.
    pub(super) sent: (u64, Vec<u8>),
    /// When, and the raw bytes of each read.
    pub(super) got: Vec<(u64, Vec<u8>)>,
    /// The content, or a tool call's arguments.
    pub(super) answer: String,
    pub(super) done: bool,
    pub(super) exchange: String,
}

/// The screen.
pub(super) struct Show {
    visible: bool,
    coloured: bool,
    /// Whether lines can be drawn again.
    live: bool,
    drawn: usize,
    turn: usize,
}

impl Show {
    pub(super) fn new(visible: bool, coloured: bool) -> Self {
        Self { visible, coloured, live: visible && io::stdout().is_terminal(), drawn: 0, turn: 0 }
    }

    pub(super) fn title(&self, gateway: &str, provider: &str) -> io::Result<()> {
        let head = |text| paint::plain(text, Ink::Plain);
        let heads = beside([&head("AGENT SENT"), &head("PROVIDER SAW"), &head("AGENT GOT BACK")], false);
        self.say(&[
            String::new(),
            format!(" {}   gateway {gateway}   simulated provider {provider}", self.ink("Tidegate", "1;36")),
            rule("┬"),
            self.ink(&heads.concat(), "1"),
        ])
    }

    /// One turn: sent, seen by the provider, and read back byte by byte as it comes.
    pub(super) fn play(&mut self, turn: &Turn, gateway: &Gateway, provider: &Provider) -> io::Result<Played> {
        self.turn += 1;
        self.say(&[rule("┼"), self.ink(&format!(" {}. {}", self.turn, turn.title), "2")])?;
        let sent = paint::values(&turn.sent, turn.own);
        let nothing = Vec::new();
        self.draw([&sent, &nothing, &nothing])?;
        let before = provider.requests().len();
        let client = gateway.client();
        let request = client.request("POST", "/v1/chat/completions", turn.chat.body().as_bytes());
        let sent_at = now_us();
        let mut connection = client.send(&request);
        let saw = saw(turn, provider, before);
        let mut got = Vec::new();
        let mut answer = String::new();
        while !connection.so_far().is_some_and(|response| response.whole) {
            self.draw([&sent, &saw, &paint::values(&answer, turn.own)])?;
            let bytes = connection.more();
            if bytes.is_empty() {
                break;
            }
            got.push((now_us(), bytes));
            answer = so_far(&connection);
        }
        let response = connection.response();
        answer = answered(&response);
        self.settle([&sent, &saw, &paint::values(&answer, turn.own)])?;
        let (done, exchange) = (response.stream().is_done(), response.exchange());
        Ok(Played { sent: (sent_at, request), got, answer, done, exchange })
    }

    pub(super) fn verdict(&self, verdict: &Verdict) -> io::Result<()> {
        let counts = |direction: &str| {
            let of = verdict.findings.get(direction).into_iter().flatten();
            of.map(|(entity, count)| format!("{entity} {count}")).collect::<Vec<_>>().join(", ")
        };
        let (direct, gateway) = (verdict.ttft.direct, verdict.ttft.gateway);
        let added = gateway.saturating_sub(direct);
        let outcome = match (verdict.holds(), verdict.leaks) {
            (true, _) => self.ink("ok: no raw value reached the provider, and the agent noticed nothing", "1;32"),
            (false, leaks) => self.ink(&format!("NOT OK: {leaks} leaks; {}", verdict.broken.join("; ")), "1;31"),
        };
        self.say(&[
            rule("┴"),
            format!(" masked to the provider    {}", counts("in")),
            format!(" masked to the agent       {}", counts("out")),
            format!(" restored to the agent     {}", verdict.restored),
            format!(" time to first token       direct {direct} us, through the gateway {gateway} us (+{added} us)"),
            format!(" {outcome}"),
        ])
    }

    pub(super) fn invitation(&self, gateway: &str, json: bool) -> io::Result<()> {
        let base = format!("http://{gateway}/v1");
        let body = r#"{"model":"sim","messages":[{"role":"user","content":"My card is 4111 1111 1111 1111"}]}"#;
        let lines = [
            String::new(),
            format!(" Base URL  {}", self.ink(&base, "1;36")),
            String::new(),
            format!(" curl {base}/chat/completions -H 'Authorization: Bearer {AGENT_KEY}' \\"),
            "   -H 'Content-Type: application/json' \\".into(),
            format!("   -d '{body}'"),
            String::new(),
            " from openai import OpenAI".into(),
            format!(" client = OpenAI(base_url=\"{base}\", api_key=\"{AGENT_KEY}\")"),
            " client.chat.completions.create(model=\"sim\", messages=[{\"role\": \"user\", \"content\": \"Hi\"}])"
                .into(),
            String::new(),
            " Running until Ctrl-C.".into(),
        ];
        let mut out: Box<dyn Write> = if json { Box::new(io::stderr()) } else { Box::new(io::stdout()) };
        writeln!(out, "{}", lines.join("\n"))
    }

    /// Draws the turn's columns over what was drawn before.
    fn draw(&mut self, texts: [&Painted; 3]) -> io::Result<()> {
        if self.live { self.redraw(texts) } else { Ok(()) }
    }

    fn settle(&mut self, texts: [&Painted; 3]) -> io::Result<()> {
        self.redraw(texts)?;
        self.drawn = 0;
        Ok(())
    }

    fn redraw(&mut self, texts: [&Painted; 3]) -> io::Result<()> {
        let mut lines = beside(texts, self.coloured);
        if self.drawn > 0 {
            lines[0].insert_str(0, &format!("\x1b[{}A\x1b[J", self.drawn));
        }
        self.drawn = lines.len();
        self.say(&lines)
    }

    fn say(&self, lines: &[String]) -> io::Result<()> {
        if !self.visible {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        writeln!(out, "{}", lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n"))?;
        out.flush()
    }

    fn ink(&self, text: &str, code: &str) -> String {
        if self.coloured { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// What the provider read where the agent wrote its text, and what it said in words of its own.
fn saw(turn: &Turn, provider: &Provider, before: usize) -> Painted {
    let seen = eventually("the request at the provider", || provider.requests().into_iter().nth(before));
    let body = seen.body();
    let last = body["messages"].as_array().and_then(|messages| messages.last()).unwrap_or(&Value::Null);
    let text = last["content"].as_str().unwrap_or_default();
    let mut painted = paint::stand_ins(text, &turn.sent, turn.own);
    if let Some(said) = &turn.said {
        painted.extend(paint::plain(" ...it said: ", Ink::Faint));
        painted.extend(paint::leaks(said, turn.made_up));
    }
    painted
}

fn so_far(connection: &Connection) -> String {
    connection.so_far().map(|response| answered(&response)).unwrap_or_default()
}

fn answered(response: &Response) -> String {
    let stream = response.stream();
    stream.content(0) + &stream.arguments(0, 0)
}

fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

const _: () = assert!(columns::TOTAL <= 100);
