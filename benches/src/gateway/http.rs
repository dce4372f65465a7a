//! As much of HTTP/1.1 as both ends of a measurement need: small, so that it costs little beside what is measured.

use std::{
    io::{self, ErrorKind, Read},
    net::TcpStream,
};

use super::clock;

/// Reads messages from a connection, one after the other.
pub(crate) struct Reader {
    stream: TcpStream,
    buffer: Vec<u8>,
    at: usize,
    body: Body,
    /// When the newest bytes came.
    pub(crate) stamp: u64,
}

enum Body {
    Left(usize),
    Chunk(usize),
    Done,
}

/// A chat request with this body.
pub(crate) fn request(body: &str) -> Vec<u8> {
    let head = "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\
                accept: */*\r\nuser-agent: bench\r\nauthorization: Bearer sk-dev\r\n";
    format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

impl Reader {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Reader { stream, buffer: Vec::with_capacity(1 << 14), at: 0, body: Body::Done, stamp: 0 }
    }

    /// The first line of the next message; what follows is its body.
    pub(crate) fn head(&mut self) -> io::Result<String> {
        let first = self.line()?;
        self.body = Body::Left(0);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            if line.is_empty() {
                return Ok(first);
            }
            if let Some(length) = line.strip_prefix("content-length:") {
                self.body = Body::Left(length.trim().parse().map_err(io::Error::other)?);
            } else if line.starts_with("transfer-encoding:") {
                self.body = Body::Chunk(0);
            }
        }
    }

    /// The whole body.
    pub(crate) fn whole(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        while self.some(&mut body)? {}
        Ok(body)
    }

    /// More of the body; false at its end.
    pub(crate) fn some(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        loop {
            match self.body {
                Body::Done | Body::Left(0) => return Ok(false),
                Body::Left(left) => {
                    let taken = self.take(left, out)?;
                    self.body = Body::Left(left - taken);
                    return Ok(true);
                }
                Body::Chunk(0) => {
                    let line = self.line()?;
                    let size = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
                    self.body = if size == 0 { Body::Done } else { Body::Chunk(size) };
                    if size == 0 {
                        self.line()?;
                    }
                }
                Body::Chunk(left) => {
                    let taken = self.take(left, out)?;
                    self.body = Body::Chunk(left - taken);
                    if left == taken {
                        self.line()?;
                    }
                    return Ok(true);
                }
            }
        }
    }

    /// Waits for more bytes; an error when the other end is gone.
    pub(crate) fn fill(&mut self) -> io::Result<()> {
        if self.at == self.buffer.len() {
            self.buffer.clear();
            self.at = 0;
        }
        let mut bytes = [0; 1 << 14];
        let count = self.stream.read(&mut bytes)?;
        self.stamp = clock::now();
        self.buffer.extend_from_slice(&bytes[..count]);
        if count == 0 { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    fn take(&mut self, most: usize, out: &mut Vec<u8>) -> io::Result<usize> {
        if self.at == self.buffer.len() {
            self.fill()?;
        }
        let taken = most.min(self.buffer.len() - self.at);
        out.extend_from_slice(&self.buffer[self.at..self.at + taken]);
        self.at += taken;
        Ok(taken)
    }

    fn line(&mut self) -> io::Result<String> {
        loop {
            if let Some(length) = self.buffer[self.at..].iter().position(|&b| b == b'\n') {
                let line = String::from_utf8_lossy(&self.buffer[self.at..self.at + length]).trim_end().to_owned();
                self.at += length + 1;
                return Ok(line);
            }
            self.fill()?;
        }
    }
}
