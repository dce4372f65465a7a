//! A raw HTTP/1.1 client: what it sends is what goes over the wire, when and as it is told.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use super::chat::Chat;
use super::response::{self, Response};

const PATIENCE: Duration = Duration::from_secs(20);
const CHAT: &str = "/v1/chat/completions";

/// A client of one address.
#[derive(Clone)]
pub struct Client {
    address: String,
    headers: Vec<(String, String)>,
}

impl Client {
    /// Of this address, without a key.
    pub fn of(address: &str) -> Self {
        Self { address: address.to_owned(), headers: Vec::new() }
    }

    /// With this key.
    pub fn with_key(self, key: &str) -> Self {
        self.with_header("authorization", &format!("Bearer {key}"))
    }

    /// With this header, in place of one of the same name.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(key, _)| key != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends a chat and reads the whole answer.
    pub fn chat(&self, chat: &Chat) -> Response {
        self.post(CHAT, chat.body().as_bytes())
    }

    /// Sends a chat and does not read yet.
    pub fn open(&self, chat: &Chat) -> Connection {
        self.send(&self.request("POST", CHAT, chat.body().as_bytes()))
    }

    /// Posts a body as JSON.
    pub fn post(&self, path: &str, body: &[u8]) -> Response {
        self.send(&self.request("POST", path, body)).response()
    }

    /// Gets a path.
    pub fn get(&self, path: &str) -> Response {
        self.send(&self.request("GET", path, b"")).response()
    }

    /// A request's bytes, for tests that change them.
    pub fn request(&self, method: &str, path: &str, body: &[u8]) -> Vec<u8> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.address);
        let usual = [("content-type", "application/json".to_owned()), ("content-length", body.len().to_string())];
        for (name, value) in usual.iter().filter(|_| method != "GET") {
            if !self.headers.iter().any(|(key, _)| key == name) {
                head += &format!("{name}: {value}\r\n");
            }
        }
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        [head.as_bytes(), b"\r\n", body].concat()
    }

    /// Sends raw bytes over a connection of its own.
    pub fn send(&self, bytes: &[u8]) -> Connection {
        let mut connection = self.connect();
        connection.write(bytes);
        connection
    }

    /// Sends raw bytes so many at a time.
    pub fn dribble(&self, bytes: &[u8], size: usize) -> Connection {
        let mut connection = self.connect();
        for part in bytes.chunks(size) {
            connection.write(part);
            thread::yield_now();
        }
        connection
    }

    /// A connection on which nothing was sent.
    pub fn connect(&self) -> Connection {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Connection { stream, received: Vec::new(), started: Instant::now(), ended: false }
    }
}

/// One connection, and all it received.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
    started: Instant,
    ended: bool,
}

impl Connection {
    /// Writes what the peer still takes; a peer that closed early has answered already.
    pub fn write(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// Reads one whole response.
    pub fn response(&mut self) -> Response {
        loop {
            if let Some((response, length)) = response::take(&self.received, self.ended) {
                self.received.drain(..length);
                return response.after(self.started.elapsed());
            }
            assert!(!self.ended, "no response: {:?}", String::from_utf8_lossy(&self.received));
            self.read();
        }
    }

    /// Reads once; what came, nothing at the end of the connection.
    pub fn more(&mut self) -> Vec<u8> {
        let before = self.received.len();
        self.read();
        self.received[before..].to_vec()
    }

    /// The response as far as it came, once its head is there.
    pub fn so_far(&self) -> Option<Response> {
        response::part(&self.received, self.ended).map(|(response, _)| response)
    }

    /// Reads until this text has come; what came until then.
    pub fn read_until(&mut self, text: &str) -> String {
        loop {
            let so_far = String::from_utf8_lossy(&self.received).into_owned();
            if so_far.contains(text) {
                return so_far;
            }
            assert!(!self.ended, "{text:?} never came: {so_far}");
            self.read();
        }
    }

    /// Reads to the end of the connection; all that came.
    pub fn rest(&mut self) -> Vec<u8> {
        while !self.ended {
            self.read();
        }
        std::mem::take(&mut self.received)
    }

    /// Whether the peer closes without another byte.
    pub fn is_closed_by_peer(&mut self) -> bool {
        let before = self.received.len();
        self.read();
        self.ended && self.received.len() == before
    }

    /// Closes for writing only.
    pub fn finish_writing(&self) {
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// Goes away in the middle; the moment of it, in microseconds since 1970.
    pub fn abort(self) -> u64 {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let _ = self.stream.shutdown(Shutdown::Both);
        u64::try_from(now.as_micros()).unwrap()
    }

    pub(super) fn into_stream(self) -> TcpStream {
        self.stream
    }

    fn read(&mut self) {
        let mut buffer = [0; 64 << 10];
        match self.stream.read(&mut buffer) {
            Ok(0) => self.ended = true,
            Ok(count) => self.received.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => self.ended = true,
            Err(error) => panic!("{error} after {:?}", String::from_utf8_lossy(&self.received)),
        }
    }
}
