//! A recogniser beside the gateway: it reads every sentence of a request, and nothing leaves that it has not read.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use acceptance::harness::{Chat, Gateway, Provider};
use serde_json::{Value, json};

type Answering = fn(&str) -> String;

/// A recogniser on a port of its own; what it was asked.
fn recogniser(answer: Answering) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = asked.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let heard = heard.clone();
            thread::spawn(move || serve(stream, answer, &heard));
        }
    });
    (address, asked)
}

fn serve(stream: TcpStream, answer: Answering, heard: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
        let question: Value = serde_json::from_str(&line).unwrap();
        let text = question["text"].as_str().unwrap();
        heard.lock().unwrap().push(text.to_owned());
        if reader.get_mut().write_all(answer(text).as_bytes()).is_err() {
            return;
        }
        line.clear();
    }
}

/// Whatever is called zorblax is a person.
fn finds(text: &str) -> String {
    let at = text.find("zorblax").map(|at| text[..at].chars().count());
    let found: Vec<_> =
        at.into_iter().map(|at| json!({"start": at, "end": at + 7, "entity": "PERSON", "score": 0.9})).collect();
    format!("{}\n", json!({ "findings": found }))
}

fn gateway(provider: &Provider, address: &str) -> Gateway {
    Gateway::configured(provider, &format!("recogniser: \"{address}\"\ndeadlines: {{recogniser: 200ms}}"))
}

#[test]
fn what_it_finds_is_masked_and_comes_back() {
    let provider = Provider::quoting();
    let (address, asked) = recogniser(finds);
    let gateway = gateway(&provider, &address);
    let said = "Pay é zorblax. And zorblax again, from 4111 1111 1111 1111!";
    for _ in 0..3 {
        let answer = gateway.client().chat(&Chat::user(said));
        assert_eq!(answer.said(), format!("You said: {said}"));
        assert_eq!(gateway.record(&answer.exchange())["findings"]["in"], json!({"pan": 1, "person": 2}));
    }
    let seen = String::from_utf8(provider.requests()[0].bytes()).unwrap();
    assert!(!seen.contains("zorblax") && seen.contains("PERSON_"), "{seen}");
    assert_eq!(asked.lock().unwrap()[..2], ["Pay é zorblax. ", "And zorblax again, from 4111 1111 1111 1111!"]);
}

#[test]
fn without_its_answer_nothing_leaves() {
    let silent: [Answering; 4] = [
        |_| "no JSON\n".into(),
        |_| String::new(),
        |_| "x".repeat(100_000),
        |_| {
            thread::sleep(Duration::from_secs(1));
            "{\"findings\":[]}\n".into()
        },
    ];
    for answer in silent {
        let provider = Provider::quoting();
        let (address, _) = recogniser(answer);
        let refused = gateway(&provider, &address).client().chat(&Chat::user("zorblax is here"));
        assert_eq!((refused.status, refused.code().as_str()), (503, "recogniser_silent"));
        assert!(provider.requests().is_empty());
    }
    let provider = Provider::quoting();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let refused = gateway(&provider, &nobody).client().chat(&Chat::user("zorblax is here"));
    assert_eq!((refused.status, provider.requests().len()), (503, 0));
}
