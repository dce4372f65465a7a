//! Streams: exact where nothing is found, whole where something is, whatever the cuts.

use acceptance::harness::{Chat, Client, Gateway, Provider};
use serde_json::json;

use crate::leaks::{CARD, EMAIL, SSN};

#[test]
fn where_nothing_is_found_the_bytes_are_the_providers() {
    let text = "The weather in Zürich is fine today, about 21 degrees; 你好! \\ \"quoted\" {json} <b>x</b>.\n\n- item";
    for dribble in [None, Some(1), Some(7)] {
        let provider = Provider::with(json!({"content": text, "dribble": dribble, "chars": 3}));
        let gateway = Gateway::before(&provider);
        let chat = Chat::user("hi").streamed().with("stream_options", json!({"include_usage": true}));
        let through = gateway.client().chat(&chat);
        let direct = Client::of(provider.address()).chat(&chat);
        assert_eq!(anonymous(&through.text()), anonymous(&direct.text()));
        assert!(through.whole && through.stream().is_done());
    }
}

/// Without the ids and times that every answer has of its own.
fn anonymous(text: &str) -> String {
    let id = regex::Regex::new(r#""id":"chatcmpl-[A-Za-z]+"|"created":\d+"#).unwrap();
    id.replace_all(text, "").into_owned()
}

#[test]
fn every_cut_gives_the_same_text() {
    let made_up = "your card 5555-5555-5555-4444, mail desk@bank.example.com, SSN 536-22-8143, done.";
    let sizes = (1..=made_up.len() / 2).map(|first| json!({"sizes": [first, first]}));
    let seeds = (0..12).map(|seed| json!({"chars": 6, "seed": seed}));
    let mut script = String::new();
    for (name, mut cut) in sizes.chain(seeds).enumerate() {
        cut["name"] = name.to_string().into();
        cut["content"] = made_up.into();
        script += &format!("{cut}\n");
    }
    let provider = Provider::following(&script);
    let gateway = Gateway::before(&provider);
    for name in 0..script.lines().count() {
        let answer = gateway.client().chat(&Chat::user("hi").streamed().meeting(&name.to_string()));
        assert_eq!(answer.said(), "your card [PAN], mail [EMAIL], SSN [SSN], done.", "cut {name}");
        assert!(answer.stream().is_done());
        assert_eq!(answer.stream().finish(0).as_deref(), Some("stop"));
    }
}

#[test]
fn the_callers_values_come_back_whatever_the_cuts() {
    let asked = format!("card {CARD}, mail {EMAIL}, SSN {SSN}; end");
    let line = |chars: usize| json!({"name": chars.to_string(), "chars": chars}).to_string();
    let provider = Provider::following(&[1, 2, 5, 40].map(line).join("\n"));
    let gateway = Gateway::before(&provider);
    for chars in [1, 2, 5, 40] {
        let answer = gateway.client().chat(&Chat::user(&asked).streamed().meeting(&chars.to_string()));
        assert_eq!(answer.said(), format!("You said: {asked}"), "{chars} characters a delta");
    }
}

#[test]
fn streams_and_documents_agree() {
    let pieces = [
        "card ",
        "4111 1111 1111 1111",
        "5555-5555-5555-4444",
        "desk@bank.example.com",
        "a.b%40c.example.com",
        " and ",
        "\n",
        "536-22-8143",
        "IBAN ",
        "GB82 WEST 1234 5698 7654 32",
        "415-555-0142",
        "+44 20 7946 0958",
        "192.168.10.20",
        ".",
        ",",
        " 12",
        "3-4",
        "x",
        "é",
        "\u{1f600}",
        "](",
        "https://",
        " CVV 731",
        "**",
        "sk-abcdefghijklmnopqrstuvwxyz",
        "4111",
        "\\",
        "\"",
        "<b>",
        "@",
        "&#52;",
        "\u{200b}",
        "expires 09/27 ",
    ];
    let mut state = 7_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let scenario = |name: usize| {
        let content: String = (0..3 + draw(9)).map(|_| pieces[draw(pieces.len())]).collect();
        json!({"name": name.to_string(), "content": content, "chars": 1 + draw(7), "seed": draw(1000)})
    };
    let scenarios: Vec<_> = (0..150).map(scenario).collect();
    let provider = Provider::following(&scenarios.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    let gateway = Gateway::before(&provider);
    for (name, scenario) in scenarios.iter().enumerate() {
        let chat = Chat::user("hi").meeting(&name.to_string());
        let (whole, streamed) = (gateway.client().chat(&chat), gateway.client().chat(&chat.streamed()));
        assert_eq!(streamed.said(), whole.said(), "{scenario}");
    }
}

#[test]
fn text_leaves_as_soon_as_it_is_clear() {
    let provider = Provider::with(json!({"content": "First words, then nothing.", "fault": "hang-mid", "at": 4}));
    let gateway = Gateway::before(&provider);
    let mut connection = gateway.client().open(&Chat::user("hi").streamed());
    // Three deltas of four characters have come; no timer is needed for the first two to leave.
    connection.read_until("Firs");
    connection.read_until("t wo");
    connection.abort();
}

#[test]
fn unknown_fields_are_guarded_over_events() {
    let unknown = json!({"record_field": "5555-5555-5555-4444"});
    let provider = Provider::with(json!({"content": "attached.", "unknown": unknown, "sizes": [9, 3], "bare": true}));
    let gateway = Gateway::before(&provider);
    let answer = gateway.client().chat(&Chat::user("hi").streamed());
    assert_eq!(answer.stream().content(0), "attached.");
    assert_eq!(answer.stream().field(0, "record_field"), "[PAN]");
    assert!(answer.stream().is_done());
}

#[test]
fn repeated_pieces_of_an_unknown_field_are_one_text_too() {
    let unknown = json!({"record_field": "4242-4242-4242-4242"});
    let provider = Provider::with(json!({"content": "", "unknown": unknown, "sizes": [5, 5], "bare": true}));
    let gateway = Gateway::before(&provider);
    let answer = gateway.client().chat(&Chat::user("hi").streamed());
    assert!(!answer.stream().field(0, "record_field").contains("4242-4242"), "{}", answer.text());
}

#[test]
fn log_probabilities_stay_where_the_text_stays() {
    let provider = Provider::with(json!({"content": "No news is good news here. ring 212-555-0187 now", "chars": 9}));
    let gateway = Gateway::before(&provider);
    for chat in [Chat::user("hi"), Chat::user("hi").streamed()] {
        let answer = gateway.client().chat(&chat.with("logprobs", true).with("top_logprobs", 2));
        assert!(!answer.text().contains("0187") && !answer.text().contains("555"), "{}", answer.text());
    }
    let clean = Provider::saying("No news is good news here.");
    let answer = Gateway::before(&clean).client().chat(&Chat::user("hi").with("logprobs", true));
    assert!(answer.json()["choices"][0]["logprobs"]["content"].is_array(), "{}", answer.text());
}

#[test]
fn usage_comes_last() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let chat = Chat::user(CARD).streamed().with("stream_options", json!({"include_usage": true}));
    let events = gateway.client().chat(&chat).stream().events();
    let last = events.last().unwrap();
    assert!(last["usage"]["total_tokens"].as_u64().unwrap() > 0 && last["choices"] == json!([]), "{last}");
}
