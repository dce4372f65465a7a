//! WebSocket sessions with speech providers: what each side sends, and what reaches the other.

mod closing;
mod handshake;
mod idle;
mod listen;
mod speak;

use acceptance::harness::{Gateway, Provider, Socket};
use serde_json::Value;

const AGENT: &[(&str, &str)] = &[("authorization", "Token sk-dev")];
const CARTESIAS: &[(&str, &str)] = &[("x-api-key", "sk-dev")];

/// A gateway before a simulated Deepgram that follows this script.
fn listening(script: Value) -> (Provider, Gateway) {
    let provider = Provider::deepgram(script);
    let gateway = Gateway::to(&[("deepgram", &provider.origin())]);
    (provider, gateway)
}

/// A gateway before a simulated Cartesia.
fn speaking() -> (Provider, Gateway) {
    let provider = Provider::cartesia(serde_json::json!({}));
    let gateway = Gateway::to(&[("cartesia", &provider.origin())]);
    (provider, gateway)
}

/// An agent's WebSocket at a path.
fn open(gateway: &Gateway, path: &str) -> Socket {
    let headers = if path.starts_with("/tts/") { CARTESIAS } else { AGENT };
    Socket::connect(gateway.address(), path, headers).map_err(|answer| answer.text()).unwrap()
}

/// Whether bytes hold a text.
fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn exchange(socket: &Socket) -> String {
    socket.answer().header("x-tidegate-exchange").unwrap().to_owned()
}
