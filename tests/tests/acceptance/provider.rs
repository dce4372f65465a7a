//! The simulated providers themselves: where they lie, every other test lies.

mod listener;
mod speaker;

use acceptance::harness::{Chat, Client, Matcher, Provider};

const CARD: &str = "4111 1111 1111 1111";

fn direct(provider: &Provider) -> Client {
    Client::of(provider.address())
}

#[test]
fn quotes_in_content_in_every_choice_and_in_arguments() {
    let provider = Provider::quoting();
    let asked = format!("charge \"{CARD}\"");
    for chat in [Chat::user(&asked), Chat::user(&asked).streamed()] {
        let answer = direct(&provider).chat(&chat.clone().with("n", 2));
        assert_eq!(answer.said_in(1), format!("You said: {asked}"));
        let call = direct(&provider).chat(&chat.offering("charge", "card"));
        let arguments: serde_json::Value = serde_json::from_str(&call.arguments(0)).unwrap();
        assert_eq!(arguments["card"], asked);
    }
}

#[test]
fn keeps_the_raw_bytes_and_notes_who_hangs_up() {
    let provider = Provider::quoting();
    let mut connection = direct(&provider).open(&Chat::user(CARD).streamed().meeting("hang-mid"));
    connection.read_until("You");
    Matcher::of(&[CARD]).find_all_in("the log", &provider.saw());
    let left = connection.abort();
    assert!(provider.hung_up() >= left);
}

#[test]
fn fails_as_it_is_told() {
    let provider = Provider::quoting();
    let meet = |fault: &str| direct(&provider).chat(&Chat::user("hello there").streamed().meeting(fault));
    assert!(!meet("close-mid").whole);
    assert!(!meet("short-body").whole);
    assert!(!meet("no-done").stream().is_done());
    assert_eq!(meet("no-finish").stream().finish(0), None);
    assert!(meet("garbage").text().contains("garbage"));
    assert!(std::str::from_utf8(&meet("invalid-utf8").body).is_err());
    assert_eq!(meet("gzip").body[..2], [0x1f, 0x8b]);
    assert_eq!(meet("wrong-type").header("content-type"), Some("text/html"));
    assert_eq!(meet("redirect").status, 302);
    assert!(meet("huge-event").body.len() > 16 << 20);
    assert_eq!(meet("status-429").status, 429);
    let echo = meet("error-echo");
    assert!(echo.status == 400 && echo.text().contains("hello there"));
}
