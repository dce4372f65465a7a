//! A WebSocket client, by another implementation than the gateway's, which keeps every byte it got.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;
use tungstenite::handshake::derive_accept_key;
use tungstenite::protocol::{CloseFrame, Role};
use tungstenite::{Error, Message, WebSocket};

use super::client::Client;
use super::response::Response;

const PATIENCE: Duration = Duration::from_secs(20);
/// The key of RFC 6455 section 1.3: nothing here depends on its being random.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// An open WebSocket.
pub struct Socket {
    socket: WebSocket<Tap>,
    answer: Response,
}

/// What came over a WebSocket.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Got {
    /// A whole text.
    Text(String),
    /// A whole binary message.
    Binary(Vec<u8>),
    /// A ping, already answered.
    Ping(Vec<u8>),
    /// A pong.
    Pong(Vec<u8>),
    /// The peer closes, with this code, if any, and reason.
    Close(Option<u16>, String),
    /// The connection ended without a close frame, or broke the protocol.
    Broken(String),
    /// Nothing for so long.
    Nothing,
}

impl Socket {
    /// Asks for a WebSocket at an address, with these headers beside those of the handshake; otherwise the answer.
    pub fn connect(address: &str, path: &str, headers: &[(&str, &str)]) -> Result<Self, Response> {
        let usual = [("connection", "Upgrade"), ("upgrade", "websocket"), ("sec-websocket-version", "13")];
        let all = usual.iter().chain(&[("sec-websocket-key", KEY)]).chain(headers);
        let client = all.fold(Client::of(address), |client, (name, value)| client.with_header(name, value));
        let mut connection = client.send(&client.request("GET", path, b""));
        let answer = loop {
            match connection.so_far() {
                Some(answer) if answer.status == 101 => break answer,
                Some(_) => return Err(connection.response()),
                None => assert!(!connection.more().is_empty(), "no answer to the handshake"),
            }
        };
        assert_eq!(answer.header("sec-websocket-accept"), Some(&*derive_accept_key(KEY.as_bytes())));
        let stream = Tap { stream: connection.into_stream(), read: answer.raw().to_vec() };
        // What stands behind the head are frames already.
        let socket = WebSocket::from_partially_read(stream, answer.body.clone(), Role::Client, None);
        Ok(Self { socket, answer })
    }

    /// The answer to the handshake.
    pub fn answer(&self) -> &Response {
        &self.answer
    }

    /// Sends a text in one frame. Sending to a peer that is gone is no failure here: what comes then tells.
    pub fn text(&mut self, text: &str) {
        let _ = self.socket.send(Message::text(text));
    }

    /// Sends an object as a text.
    pub fn json(&mut self, message: &Value) {
        self.text(&message.to_string());
    }

    /// Sends a binary message in one frame.
    pub fn binary(&mut self, data: &[u8]) {
        let _ = self.socket.send(Message::binary(data.to_vec()));
    }

    /// Sends a ping.
    pub fn ping(&mut self, payload: &[u8]) {
        let _ = self.socket.send(Message::Ping(payload.to_vec().into()));
    }

    /// Sends these bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        let _ = self.socket.get_mut().stream.write_all(bytes);
    }

    /// Closes from this side; the peer's answer is still to be received.
    pub fn close(&mut self, code: u16, reason: &str) {
        let _ = self.socket.close(Some(CloseFrame { code: code.into(), reason: reason.to_owned().into() }));
    }

    /// Ends the connection without a close frame.
    pub fn hang_up(self) {
        drop(self.socket);
    }

    /// What comes next.
    pub fn receive(&mut self) -> Got {
        self.receive_within(PATIENCE)
    }

    /// What comes next, if it comes in time.
    pub fn receive_within(&mut self, time: Duration) -> Got {
        let deadline = Instant::now() + time;
        loop {
            let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            self.socket.get_ref().stream.set_read_timeout(Some(left)).unwrap();
            return match self.socket.read() {
                Ok(Message::Text(text)) => Got::Text(text.to_string()),
                Ok(Message::Binary(data)) => Got::Binary(data.to_vec()),
                Ok(Message::Ping(data)) => {
                    let _ = self.socket.flush();
                    Got::Ping(data.to_vec())
                }
                Ok(Message::Pong(data)) => Got::Pong(data.to_vec()),
                Ok(Message::Close(close)) => {
                    let _ = self.socket.flush();
                    let (code, reason) = close.map_or((None, String::new()), |c| (Some(c.code), c.reason.to_string()));
                    Got::Close(code.map(u16::from), reason)
                }
                Ok(Message::Frame(_)) => continue,
                Err(Error::Io(error)) if is_timeout(&error) => Got::Nothing,
                Err(error) => Got::Broken(error.to_string()),
            };
        }
    }

    /// The next text as JSON; pings and pongs are passed over.
    pub fn message(&mut self) -> Value {
        loop {
            match self.receive() {
                Got::Ping(_) | Got::Pong(_) => {}
                Got::Text(text) => return serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}")),
                other => panic!("no text but {other:?}"),
            }
        }
    }

    /// Every byte that came so far, the handshake's answer and frame headers included.
    pub fn got(&self) -> &[u8] {
        &self.socket.get_ref().read
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

/// A stream that keeps what was read from it.
#[derive(Debug)]
struct Tap {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Read for Tap {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(into)?;
        self.read.extend_from_slice(&into[..count]);
        Ok(count)
    }
}

impl Write for Tap {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
