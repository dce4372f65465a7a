//! Time to the first token, directly and through the gateway, with the same client code.

use std::time::Instant;

use crate::harness::{Chat, Client, Gateway, Provider};

const ROUNDS: usize = 21;

/// Medians in microseconds.
#[derive(Clone, Copy)]
pub(super) struct FirstToken {
    pub(super) direct: u64,
    pub(super) gateway: u64,
}

/// In turns, so that whatever else the machine does falls on both.
pub(super) fn measure(gateway: &Gateway, provider: &Provider) -> FirstToken {
    let (through, directly) = (gateway.client(), Client::of(provider.address()));
    let (mut gateway, mut direct) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        direct.push(once(&directly));
        gateway.push(once(&through));
    }
    FirstToken { direct: median(direct), gateway: median(gateway) }
}

fn once(client: &Client) -> u64 {
    let chat = Chat::user("Hi.").streamed().meeting("quick");
    let started = Instant::now();
    let mut connection = client.open(&chat);
    while connection.so_far().is_none_or(|response| response.stream().content(0).is_empty()) {
        if connection.more().is_empty() {
            return u64::MAX;
        }
    }
    u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX)
}

fn median(mut times: Vec<u64>) -> u64 {
    times.sort_unstable();
    times[times.len() / 2]
}
