//! Playing a reply onto a socket.

use std::io;

use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::reply::{Reply, Step};
use super::script::{Fault, Framing};

/// Whether the connection may carry another request.
pub(super) async fn send<W: AsyncWrite + Unpin>(to: &mut W, reply: Reply) -> io::Result<bool> {
    if reply.fault == Some(Fault::HangHead) {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(reply.first).await;
    let mut sender = Sender { to, dribble: reply.dribble, chunked: reply.framing == Framing::Chunked };
    if reply.fault == Some(Fault::Informational) {
        sender.write(b"HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n").await?;
    }
    sender.write(head(&reply).as_bytes()).await?;
    for step in reply.steps {
        match step {
            Step::Wait(pause) => tokio::time::sleep(pause).await,
            Step::Send(bytes) => sender.body(&bytes).await?,
            Step::Hang => std::future::pending().await,
            Step::Cut => return Ok(false),
        }
    }
    sender.end(reply.fault == Some(Fault::Trailers)).await?;
    Ok(reply.framing != Framing::Close)
}

fn head(reply: &Reply) -> String {
    let reason = if reply.status < 400 { "OK" } else { "Error" };
    let mut head = format!("HTTP/1.1 {} {reason}\r\n", reply.status);
    for (name, value) in &reply.headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &match reply.framing {
        Framing::Chunked => "transfer-encoding: chunked\r\n".into(),
        Framing::Length => format!("content-length: {}\r\n", reply.length()),
        Framing::Close => "connection: close\r\n".to_owned(),
    };
    head + "\r\n"
}

struct Sender<'a, W> {
    to: &'a mut W,
    dribble: Option<usize>,
    chunked: bool,
}

impl<W: AsyncWrite + Unpin> Sender<'_, W> {
    async fn body(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.chunked {
            return self.write(bytes).await;
        }
        let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
        chunk.extend_from_slice(bytes);
        chunk.extend_from_slice(b"\r\n");
        self.write(&chunk).await
    }

    async fn end(&mut self, trailers: bool) -> io::Result<()> {
        match (self.chunked, trailers) {
            (false, _) => Ok(()),
            (true, false) => self.write(b"0\r\n\r\n").await,
            (true, true) => self.write(b"0\r\nx-trailer: lost@example.com\r\n\r\n").await,
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        for part in bytes.chunks(self.dribble.unwrap_or(usize::MAX)) {
            self.to.write_all(part).await?;
            self.to.flush().await?;
            if self.dribble.is_some() {
                // The reader gets a chance to read this part alone.
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }
}
