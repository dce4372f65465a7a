//! Deepgram's WebSockets, by its published interface.

use serde_json::json;

mod listen;
mod results;
mod speak;

use super::request::Request;
use super::socket::{Refusal, Talk};

/// Lets in whoever has the key.
pub(super) fn door(request: &Request, key: &str) -> Result<Talk, Refusal> {
    let given = request.header("authorization").and_then(|value| value.split_once(' '));
    let known = given.is_some_and(|(scheme, given)| {
        (scheme.eq_ignore_ascii_case("token") || scheme.eq_ignore_ascii_case("bearer")) && given == key
    });
    if !known {
        return Err(refusal(401, "INVALID_AUTH", "Invalid credentials."));
    }
    match request.resource() {
        "/v1/listen" => Ok(listen::talk),
        "/v1/speak" => Ok(speak::talk),
        _ => Err(refusal(404, "NOT_FOUND", "There is no such path.")),
    }
}

fn refusal(status: u16, code: &str, message: &str) -> Refusal {
    let body = json!({ "err_code": code, "err_msg": message, "request_id": super::socket::request_id(0) });
    Refusal { status, body }
}
