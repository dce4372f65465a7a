//! Whom a provider talks to over a WebSocket.

use std::io;
use std::net::TcpStream;
use std::time::Duration;

use tungstenite::protocol::frame::coding::{Data, OpCode};
use tungstenite::protocol::frame::{CloseFrame, Frame};
use tungstenite::protocol::{Role, WebSocket};
use tungstenite::{Error, Message};

use super::super::log::Log;

/// A peer and the log of what it sends.
pub(in super::super) struct Peer<'a> {
    socket: WebSocket<TcpStream>,
    number: u64,
    log: &'a Log,
    /// Bytes a frame of a text; none for texts in one frame.
    fragment: Option<usize>,
}

/// A message with data.
pub(in super::super) enum Heard {
    Text(String),
    Binary(Vec<u8>),
}

impl<'a> Peer<'a> {
    /// `read` is what came with the handshake.
    pub(super) fn new(stream: TcpStream, read: Vec<u8>, number: u64, log: &'a Log) -> Self {
        let socket = WebSocket::from_partially_read(stream, read, Role::Server, None);
        Self { socket, number, log, fragment: None }
    }

    pub(in super::super) fn number(&self) -> u64 {
        self.number
    }

    /// The next message with data; none once the peer closed. Pings are answered.
    pub(in super::super) fn hear(&mut self) -> io::Result<Option<Heard>> {
        loop {
            let message = match self.socket.read() {
                Err(Error::ConnectionClosed) => return Ok(None),
                other => other.map_err(broken)?,
            };
            let kind = match &message {
                Message::Text(_) => "text",
                Message::Binary(_) => "binary",
                Message::Ping(_) => "ping",
                Message::Pong(_) => "pong",
                Message::Close(_) => "close",
                Message::Frame(_) => "frame",
            };
            self.log.message(self.number, kind, &payload(&message));
            match message {
                Message::Text(text) => return Ok(Some(Heard::Text(text.to_string()))),
                Message::Binary(data) => return Ok(Some(Heard::Binary(data.to_vec()))),
                _ => {}
            }
        }
    }

    /// From here on texts go out in frames of so many bytes; 0: in one.
    pub(in super::super) fn fragment(&mut self, bytes: usize) {
        self.fragment = (bytes > 0).then_some(bytes);
    }

    pub(in super::super) fn text(&mut self, text: &str) -> io::Result<()> {
        let bytes = text.as_bytes();
        let size = self.fragment.unwrap_or(bytes.len()).max(1);
        let count = bytes.len().div_ceil(size).max(1);
        for i in 0..count {
            let part = bytes[i * size..((i + 1) * size).min(bytes.len())].to_vec();
            let opcode = OpCode::Data(if i == 0 { Data::Text } else { Data::Continue });
            self.send(Message::Frame(Frame::message(part, opcode, i + 1 == count)))?;
        }
        Ok(())
    }

    pub(in super::super) fn binary(&mut self, data: Vec<u8>) -> io::Result<()> {
        self.send(Message::binary(data))
    }

    pub(in super::super) fn ping(&mut self, payload: &str) -> io::Result<()> {
        self.send(Message::Ping(payload.to_owned().into()))
    }

    /// Closes with this code and reads on until the peer has closed too, for a second at most.
    pub(in super::super) fn close(&mut self, code: u16, reason: &str) -> io::Result<()> {
        let frame = CloseFrame { code: code.into(), reason: reason.to_owned().into() };
        self.socket.close(Some(frame)).map_err(broken)?;
        self.socket.get_ref().set_read_timeout(Some(Duration::from_secs(1)))?;
        while self.hear()?.is_some() {}
        Ok(())
    }

    fn send(&mut self, message: Message) -> io::Result<()> {
        self.socket.send(message).map_err(broken)
    }
}

fn payload(message: &Message) -> Vec<u8> {
    match message {
        Message::Text(text) => text.as_bytes().to_vec(),
        Message::Binary(data) | Message::Ping(data) | Message::Pong(data) => data.to_vec(),
        Message::Close(close) => close
            .as_ref()
            .map_or(Vec::new(), |close| [&u16::from(close.code).to_be_bytes(), close.reason.as_bytes()].concat()),
        Message::Frame(frame) => frame.payload().to_vec(),
    }
}

fn broken(error: Error) -> io::Error {
    io::Error::other(error.to_string())
}
