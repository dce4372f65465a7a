//! One connection: requests in turn, and an eye on the peer while it is answered.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;

use super::Simulator;
use super::reply::Reply;
use super::{request, sender};

pub(super) async fn converse(stream: TcpStream, number: u64, simulator: &Simulator) {
    let (mut reader, mut writer) = stream.into_split();
    let mut buffer = Vec::new();
    while let Ok(Some(request)) = request::next(&mut reader, &mut buffer).await {
        simulator.log.request(number, &request);
        let reply = Reply::to(&request, &simulator.script);
        let sent = tokio::select! {
            sent = sender::send(&mut writer, reply) => sent,
            () = gone(&mut reader, &mut buffer) => break,
        };
        match sent {
            Ok(true) => {}
            Ok(false) => {
                let _ = writer.shutdown().await;
                return;
            }
            Err(_) => break,
        }
    }
    simulator.log.closed(number, &buffer);
}

/// Ends when the peer closes. What it sends before that is kept for the next request.
async fn gone(reader: &mut OwnedReadHalf, buffer: &mut Vec<u8>) {
    while reader.read_buf(buffer).await.is_ok_and(|count| count > 0) {}
}
