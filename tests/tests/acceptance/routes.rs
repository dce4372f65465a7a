//! Which paths lead where.

use acceptance::harness::{Chat, Client, Gateway, Provider};

const CHAT: &str = "/v1/chat/completions";

#[test]
fn the_bare_path_leads_to_the_first_upstream_and_a_name_to_its_own() {
    let (first, second) = (Provider::saying("first"), Provider::saying("second"));
    let gateway = Gateway::to(&[("one", &first.origin()), ("two", &second.origin())]);
    let said = |path: &str| gateway.client().post(path, Chat::user("hi").body().as_bytes()).said();
    assert_eq!(said(CHAT), "first");
    assert_eq!(said("/one/v1/chat/completions"), "first");
    assert_eq!(said("/two/v1/chat/completions"), "second");
    // The upstream is asked by its own path, whatever name the gateway gave it.
    let raw = second.requests()[0].bytes();
    assert!(raw.starts_with(b"POST /v1/chat/completions HTTP/1.1\r\n"), "{}", String::from_utf8_lossy(&raw));
}

#[test]
fn models_are_listed() {
    let provider = Provider::quoting();
    let listed = Gateway::before(&provider).client().get("/v1/models").json();
    assert_eq!(listed["data"][0]["id"], "sim");
}

#[test]
fn nothing_is_forwarded_that_no_table_claims() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let client = gateway.client();
    for path in
        ["/v1/embeddings", "/v1/files", "/v1/responses", "/v2/chat/completions", "/", "/nobody/v1/chat/completions"]
    {
        let refused = client.post(path, Chat::user("hi").body().as_bytes());
        assert_eq!((refused.status, refused.code().as_str()), (404, "route_unknown"), "{path}");
    }
    for path in [
        "/v1/chat/completions/",
        "//v1/chat/completions",
        "/v1/../v1/chat/completions",
        "/v1/chat%2fcompletions",
        "/v1/models/../files",
    ] {
        let refused = client.post(path, Chat::user("hi").body().as_bytes());
        assert!((400..500).contains(&refused.status), "{path}: {}", refused.status);
    }
    assert_eq!(client.get(CHAT).status, 405);
    assert_eq!(client.post(&format!("{CHAT}?user=x"), Chat::user("hi").body().as_bytes()).status, 400);
    assert!(provider.requests().is_empty());
}

#[test]
fn a_connection_carries_one_request_after_another() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let client = gateway.client();
    let request = client.request("POST", CHAT, Chat::user("one").body().as_bytes());
    let mut connection = client.send(&request);
    assert_eq!(connection.response().said(), "You said: one");
    connection.write(&client.request("POST", CHAT, Chat::user("two").streamed().body().as_bytes()));
    assert_eq!(connection.response().said(), "You said: two");
    connection.write(&client.request("GET", "/nowhere", b""));
    assert_eq!(connection.response().status, 404);
}

#[test]
fn a_request_may_come_byte_by_byte_and_chunked() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let body = Chat::user("slowly").body();
    let client = gateway.client();
    let request = client.request("POST", CHAT, body.as_bytes());
    assert_eq!(client.dribble(&request, 1).response().said(), "You said: slowly");
    let head = client.clone().with_header("transfer-encoding", "chunked").request("POST", CHAT, b"");
    let head = String::from_utf8(head).unwrap().replace("content-length: 0\r\n", "");
    let chunked = format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    assert_eq!(client.dribble(chunked.as_bytes(), 7).response().said(), "You said: slowly");
    // Some servers cannot read chunked requests: a length goes upstream, and only one of the two.
    for seen in provider.requests() {
        assert_eq!(seen.header("content-length").len(), 1);
        assert!(seen.header("transfer-encoding").is_empty());
    }
}

#[test]
fn a_continue_is_asked_for_and_given() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let client = gateway.client().with_header("expect", "100-continue");
    let body = Chat::user("hello").body();
    let request = client.request("POST", CHAT, body.as_bytes());
    let mut connection = client.send(&request[..request.len() - body.len()]);
    connection.read_until("100 ");
    connection.write(body.as_bytes());
    connection.read_until("You said: hello");
}

#[test]
fn what_is_no_http_is_refused() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let answer = Client::of(gateway.address()).send(b"\x16\x03\x01\x02\x00 hello\r\n\r\n").rest();
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&answer));
    assert!(provider.requests().is_empty());
}
