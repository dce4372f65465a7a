//! The guard alone: what an event of a streamed answer and a request's body cost.

use std::{error::Error, sync::Arc};

use guard::{ResponseContext, RestoreSet, StreamGuard, screen_request};
use rules::{Direction, Program, TokenKey};
use wire::dialect::OPENAI_CHAT;

use crate::{
    cpu, programs,
    report::Row,
    sample::{ROUNDS, Sample},
    sessions, texts,
};

/// Events of one measured stream.
const EVENTS: usize = 500;

/// Measures it all.
pub(crate) fn run() -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    let (none, full) = (programs::none(Direction::Out)?, programs::full(Direction::Out)?);
    for (name, event) in [("smallest (64-byte)", small as fn(&str) -> String), ("usual (270-byte)", usual)] {
        for (kind, text) in
            [("clean", texts::clean(1 << 14, 2)), ("a value every third question", texts::mixed(1 << 14, 2))]
        {
            let events: Vec<String> = tokens(&text).take(EVENTS).map(event).collect();
            let without = each(&none, &events)?;
            let with = each(&full, &events)?;
            let ratio = with.with(&without, |a, b| a / b);
            let measured =
                format!("no rules {}; full {}; {}", without.show(" ns"), with.show(" ns"), ratio.show(" times"));
            rows.push(Row::new(format!("CPU per {name} event, {kind}"), measured));
        }
    }
    rows.extend(requests()?);
    rows.extend(sessions::run()?);
    Ok(rows)
}

fn requests() -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    let (none, full) = (programs::none(Direction::In)?, programs::full(Direction::In)?);
    for (name, len) in [("1 KB chat", 1 << 10), ("1 MiB chat", 1 << 20)] {
        for (kind, text) in [("clean", texts::clean(len, 4)), ("a value every third question", texts::mixed(len, 4))] {
            let body = chat("bench", &text, len);
            let without = screened(&none, &body)?;
            let with = screened(&full, &body)?;
            let per_request = with.with(&with, |_, speed| body.len() as f64 / speed);
            let measured = format!(
                "no rules {}; full {}, which is {} a request",
                without.show(" MB/s"),
                with.show(" MB/s"),
                per_request.show(" us")
            );
            rows.push(Row::new(format!("screening a {name}, {kind}"), measured));
        }
    }
    Ok(rows)
}

/// A chat request of about `len` bytes: instructions, a question or two, and the text as the last message.
pub(crate) fn chat(model: &str, text: &str, len: usize) -> String {
    let text = texts::head(text, len.saturating_sub(320));
    serde_json::json!({
        "model": model,
        "messages": [
            {"role": "system", "content": "You are a helpful assistant of a bank. Answer briefly and politely."},
            {"role": "user", "content": "Hello, I need some help with my account."},
            {"role": "assistant", "content": "Of course. What can I do for you?"},
            {"role": "user", "content": text},
        ],
        "temperature": 0.2,
        "max_tokens": 512,
        "stream": model.starts_with("stream"),
    })
    .to_string()
}

/// A text as a model would stream it: words with the space before them, punctuation alone, digits by threes.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = usize::from(rest.starts_with(' '));
        let first = rest[start..].chars().next()?;
        let more = match first {
            c if c.is_alphabetic() => rest[start..].find(|c: char| !c.is_alphabetic()),
            c if c.is_ascii_digit() => rest[start..].bytes().take(3).position(|b| !b.is_ascii_digit()).or(Some(3)),
            c => Some(c.len_utf8()),
        };
        let (token, later) = rest.split_at(more.map_or(rest.len(), |n| start + n).min(rest.len()));
        rest = later;
        Some(token)
    })
}

/// The smallest event that carries a word.
pub(crate) fn small(word: &str) -> String {
    format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{word}\"}}}}]}}\n\n")
}

/// An event as OpenAI sends it.
pub(crate) fn usual(word: &str) -> String {
    format!(
        "data: {{\"id\":\"chatcmpl-BkZ7hQ2nVtXyUw3rSpLmNaCdEfGh\",\"object\":\"chat.completion.chunk\",\
         \"created\":1750000000,\"model\":\"gpt-4o-2024-08-06\",\"service_tier\":\"default\",\
         \"system_fingerprint\":\"fp_a1b2c3d4e5\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{word}\"}},\
         \"logprobs\":null,\"finish_reason\":null}}]}}\n\n"
    )
}

/// What ends a stream.
pub(crate) const LAST: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

fn each(program: &Arc<Program>, events: &[String]) -> Result<Sample, Box<dyn Error>> {
    stream(program, events)?;
    let mut sample = Sample::default();
    for _ in 0..ROUNDS {
        // It went through once, and it is the same every time.
        let nanoseconds = cpu::per_run(|| drop(std::hint::black_box(stream(program, events))))?;
        sample.push(nanoseconds / events.len() as f64);
    }
    Ok(sample)
}

fn stream(program: &Arc<Program>, events: &[String]) -> Result<usize, guard::Refusal> {
    let restore = Arc::new(RestoreSet::default());
    let mut guard = StreamGuard::new(&OPENAI_CHAT, program.clone(), restore, ResponseContext::default());
    let mut out = Vec::new();
    let mut sent = 0;
    for event in events.iter().map(String::as_str).chain([LAST]) {
        guard.push(event.as_bytes(), &mut out)?;
        sent += out.len();
        out.clear();
    }
    guard.finish(&mut out)?;
    Ok(sent + out.len())
}

fn screened(program: &Arc<Program>, body: &str) -> Result<Sample, Box<dyn Error>> {
    let key = TokenKey::new(b"bench");
    screen_request(&OPENAI_CHAT, program, &key, body.as_bytes())?;
    let mut sample = Sample::default();
    for _ in 0..ROUNDS {
        let screen = || screen_request(&OPENAI_CHAT, program, &key, body.as_bytes());
        let nanoseconds = cpu::per_run(|| drop(std::hint::black_box(screen())))?;
        sample.push(body.len() as f64 * 1e3 / nanoseconds);
    }
    Ok(sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_the_text() {
        let text = "My card 4111 1111 is São Paulo's, (415) 55";
        let all: Vec<&str> = tokens(text).collect();
        assert_eq!(all.concat(), text);
        assert_eq!(all[..5], ["My", " card", " 411", "1", " 111"]);
    }
}
