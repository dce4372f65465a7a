//! The door of a WebSocket provider: a thread a connection, the opening handshake (RFC 6455 section 4.2), and refusals.
//!
//! Frames are read and written by another implementation than the gateway's, on purpose.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use serde_json::Value;
use tungstenite::handshake::derive_accept_key;

mod peer;

pub(super) use peer::{Heard, Peer};

use super::log::Log;
use super::request::{self, Request};
use super::speech::Script;

/// A provider's WebSockets.
pub(super) struct Service {
    pub(super) door: Door,
    /// The header that names a connection, where the provider sends one.
    pub(super) id: Option<&'static str>,
    pub(super) key: String,
    pub(super) script: Script,
    pub(super) log: Log,
}

/// Whom to let in, and who talks to them: decided from the request and the key that is let in.
pub(super) type Door = fn(&Request, &str) -> Result<Talk, Refusal>;

/// One conversation. An error is a connection that broke, or was dropped on purpose.
pub(super) type Talk = fn(&mut Peer, &Request, &Script) -> io::Result<()>;

/// An answer instead of a WebSocket.
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) body: Value,
}

pub(super) fn serve(listen: &str, service: Service) -> io::Result<()> {
    let listener = TcpListener::bind(listen)?;
    super::announce(listener.local_addr()?)?;
    let service = Arc::new(service);
    for number in 1.. {
        let (stream, _) = listener.accept()?;
        let service = Arc::clone(&service);
        thread::spawn(move || {
            // A connection that breaks ends here; the log says how far it came.
            let _ = converse(stream, number, &service);
            service.log.closed(number, &[]);
        });
    }
    Ok(())
}

fn converse(mut stream: TcpStream, number: u64, service: &Service) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    let Some(request) = asked(&mut stream, &mut buffer)? else { return Ok(()) };
    service.log.request(number, &request);
    let admitted = (service.door)(&request, &service.key);
    let admitted = admitted.and_then(|talk| Ok((talk, accept(&request).ok_or_else(Refusal::no_socket)?)));
    match admitted {
        Err(refusal) => refuse(&mut stream, &refusal),
        Ok((talk, accept)) => {
            let id = service.id.map_or(String::new(), |name| format!("{name}: {}\r\n", request_id(number)));
            let head = format!(
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
                 sec-websocket-accept: {accept}\r\n{id}\r\n"
            );
            stream.write_all(head.as_bytes())?;
            talk(&mut Peer::new(stream, buffer, number, &service.log), &request, &service.script)
        }
    }
}

/// The id by which a provider calls a connection.
pub(super) fn request_id(number: u64) -> String {
    format!("5ca1ab1e-0000-4000-a5ee-{number:08x}cafe")
}

fn asked(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<Request>> {
    let mut piece = [0; 4096];
    loop {
        if let Some(request) = request::take(buffer)? {
            return Ok(Some(request));
        }
        let count = stream.read(&mut piece)?;
        if count == 0 || buffer.len() > 1 << 20 {
            return Ok(None);
        }
        buffer.extend_from_slice(&piece[..count]);
    }
}

fn accept(request: &Request) -> Option<String> {
    let asks = request.header("upgrade").is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"));
    let key = request.header("sec-websocket-key").filter(|_| asks && request.method == "GET")?;
    Some(derive_accept_key(key.as_bytes()))
}

fn refuse(stream: &mut TcpStream, Refusal { status, body }: &Refusal) -> io::Result<()> {
    let body = body.to_string();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} Error\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all((head + &body).as_bytes())
}

impl Refusal {
    fn no_socket() -> Self {
        Self { status: 426, body: serde_json::json!({ "message": "this is a WebSocket" }) }
    }
}
