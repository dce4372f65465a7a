//! A recogniser beside the gateway, asked over a socket: a line of JSON out, a line of JSON back.

use std::{
    fmt,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rules::{External, Silent, Told};
use serde::Deserialize;
use serde_json::json;

use crate::log;

/// Bytes of an answer, at most.
const LONGEST: u64 = 64 << 10;
/// Connections that are kept for the next sentence, at most.
const KEPT: usize = 16;

/// Who is asked. A scan that asks runs on a thread that may wait.
pub(crate) struct Recogniser {
    address: SocketAddr,
    deadline: Duration,
    idle: Mutex<Vec<BufReader<TcpStream>>>,
}

#[derive(Deserialize)]
struct Answer {
    findings: Vec<Told>,
}

impl Recogniser {
    /// Listens at this address, and answers or is given up within `deadline`.
    pub(crate) fn new(address: SocketAddr, deadline: Duration) -> Self {
        Recogniser { address, deadline, idle: Mutex::default() }
    }

    fn ask(&self, sentence: &str) -> io::Result<Vec<Told>> {
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        // A connection that was closed meanwhile says nothing of who listens there now.
        if let Some(Ok(told)) = kept.map(|line| self.ask_over(line, sentence)) {
            return Ok(told);
        }
        let stream = TcpStream::connect_timeout(&self.address, self.deadline)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(self.deadline))?;
        stream.set_write_timeout(Some(self.deadline))?;
        self.ask_over(BufReader::new(stream), sentence)
    }

    fn ask_over(&self, mut line: BufReader<TcpStream>, sentence: &str) -> io::Result<Vec<Told>> {
        let question = format!("{}\n", json!({ "text": sentence }));
        line.get_mut().write_all(question.as_bytes())?;
        let mut said = String::new();
        line.by_ref().take(LONGEST).read_line(&mut said)?;
        if !said.ends_with('\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let answer: Answer = serde_json::from_str(&said).map_err(|_| io::ErrorKind::InvalidData)?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(line);
        }
        Ok(answer.findings)
    }
}

impl External for Recogniser {
    fn find(&self, sentence: &str) -> Result<Vec<Told>, Silent> {
        self.ask(sentence).map_err(|error| {
            log::notice(format_args!("recogniser {}: {}", self.address, error.kind()));
            Silent
        })
    }
}

impl fmt::Debug for Recogniser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recogniser({})", self.address)
    }
}
