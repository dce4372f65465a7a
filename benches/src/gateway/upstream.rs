//! The provider of the measurements: answers at once, streams on time, and notes when it sent what.
//!
//! A thread for each connection: nothing waits for anything else, and a sleep ends within a fraction of a millisecond.

use std::{
    collections::HashMap,
    io::{self, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use super::{clock, http::Reader};

/// Threads only move bytes.
const STACK: usize = 128 << 10;

/// One answer to be streamed, and the notes on it.
pub(crate) struct Answer {
    events: Arc<[String]>,
    gap: Duration,
    /// After the first event nothing more is sent, ever.
    hangs: bool,
    /// When each event was sent; 0: not yet.
    sent: Box<[AtomicU64]>,
    /// When the connection was seen to close.
    closed: AtomicU64,
}

impl Answer {
    /// Events, with this time between them.
    pub(crate) fn streamed(events: Arc<[String]>, gap: Duration) -> Self {
        let sent = events.iter().map(|_| AtomicU64::new(0)).collect();
        Answer { events, gap, hangs: false, sent, closed: AtomicU64::new(0) }
    }

    /// One event, and then nothing.
    pub(crate) fn hanging(event: String) -> Self {
        Answer { hangs: true, ..Answer::streamed([event].into(), Duration::ZERO) }
    }

    /// The last event that was sent by then, and when.
    pub(crate) fn last_sent(&self, by: u64) -> Option<(usize, u64)> {
        let sent = self.sent.iter().map(|s| s.load(SeqCst)).enumerate();
        sent.take_while(|&(_, at)| at != 0 && at <= by).last()
    }

    /// When an event was sent.
    pub(crate) fn sent(&self, event: usize) -> u64 {
        self.sent[event].load(SeqCst)
    }

    /// When the connection was seen to close; 0: not yet.
    pub(crate) fn closed(&self) -> u64 {
        self.closed.load(SeqCst)
    }
}

/// The provider.
#[derive(Clone)]
pub(crate) struct Upstream {
    address: String,
    plan: Arc<Mutex<Plan>>,
}

/// Answers by their number.
#[derive(Default)]
struct Plan {
    last: u64,
    answers: HashMap<u64, Arc<Answer>>,
}

impl Upstream {
    /// Listens on any port until the process ends.
    pub(crate) fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let upstream = Upstream { address: listener.local_addr()?.to_string(), plan: Arc::default() };
        let serving = upstream.clone();
        thread::Builder::new().spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = serving.clone();
                // The other end sees a connection that could not be served as one that is closed.
                let _ = thread::Builder::new().stack_size(STACK).spawn(move || serving.serve(stream));
            }
        })?;
        Ok(upstream)
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The model to ask for to get this answer.
    pub(crate) fn plan(&self, answer: &Arc<Answer>) -> String {
        let mut plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        plan.last += 1;
        let number = plan.last;
        plan.answers.insert(number, answer.clone());
        format!("stream_{number}")
    }

    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut out = stream.try_clone()?;
        let mut reader = Reader::new(stream);
        loop {
            reader.head()?;
            let body = reader.whole()?;
            let Some(answer) = self.asked(&String::from_utf8_lossy(&body)) else {
                out.write_all(WHOLE.as_bytes())?;
                continue;
            };
            send_events(&answer, &mut out)?;
            if answer.hangs {
                let gone = reader.fill();
                answer.closed.store(clock::now(), SeqCst);
                return gone;
            }
        }
    }

    fn asked(&self, body: &str) -> Option<Arc<Answer>> {
        let (_, rest) = body.split_once("\"model\":\"stream_")?;
        let id: u64 = rest.split_once('"')?.0.parse().ok()?;
        self.plan.lock().unwrap_or_else(PoisonError::into_inner).answers.get(&id).cloned()
    }
}

fn send_events(answer: &Answer, out: &mut TcpStream) -> io::Result<()> {
    out.write_all(STREAM_HEAD.as_bytes())?;
    let start = clock::now();
    for (number, (event, sent)) in answer.events.iter().zip(&answer.sent).enumerate() {
        clock::sleep_until(start + number as u64 * answer.gap.as_nanos() as u64);
        let chunk = format!("{:x}\r\n{event}\r\n", event.len());
        sent.store(clock::now(), SeqCst);
        out.write_all(chunk.as_bytes())?;
    }
    if answer.hangs { Ok(()) } else { out.write_all(b"0\r\n\r\n") }
}

const STREAM_HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

/// A whole answer, as small ones are.
const WHOLE: &str = concat!(
    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 444\r\n\r\n",
    r#"{"id":"chatcmpl-BkZ7hQ2nVtXyUw3rSpLmNaCdEfGh","object":"chat.completion","created":1750000000,"#,
    r#""model":"gpt-4o-2024-08-06","choices":[{"index":0,"message":{"role":"assistant","content":"#,
    r#""You can change the limit of your card in the app: open Cards, choose the card, then Limits.","#,
    r#""refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":214,"#,
    r#""completion_tokens":24,"total_tokens":238},"system_fingerprint":"fp_a1b2c3d4e5"}"#,
);
