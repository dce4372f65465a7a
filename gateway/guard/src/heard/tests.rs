//! Messages of Deepgram's wire format, as a recogniser would send them.

use rules::{Direction, Leg, Policy};
use serde_json::{Value, json};
use wire::speech::DEEPGRAM_LISTEN;

use super::*;

fn heard() -> Heard {
    static PROGRAM: std::sync::LazyLock<Arc<Program>> = std::sync::LazyLock::new(|| {
        let policy = Policy::parse(rules::policy::DEFAULT).unwrap();
        Arc::new(Program::compile(&rules::built_in().unwrap(), &policy, Leg::Stt, Direction::Out).unwrap())
    });
    Heard::new(&DEEPGRAM_LISTEN.to_client, PROGRAM.clone(), Conversation::new(&PROGRAM))
}

/// A message; words as written, and once more without their marks.
fn results(transcript: &str, is_final: bool, ends_turn: bool) -> Value {
    let word = |w: &str| {
        let bare: String = w.to_lowercase().chars().filter(|c| c.is_alphanumeric() || *c == '\'').collect();
        json!({"word": bare, "punctuated_word": w, "start": 0.25, "end": 0.5, "confidence": 0.99})
    };
    let words: Vec<Value> = transcript.split_whitespace().map(word).collect();
    json!({
        "type": "Results", "channel_index": [0, 1], "duration": 1.5, "start": 0.0, "is_final": is_final,
        "speech_final": ends_turn, "from_finalize": false,
        "channel": {"alternatives": [{"transcript": transcript, "confidence": 0.98, "words": words}]},
        "metadata": {"request_id": "8f1d2a56-0c1e-4d3b-9a2e-5b7c1d9e0f11", "model_uuid": "a-b", "model_info": {"name": "general"}},
    })
}

struct Shown {
    transcript: String,
    words: Vec<String>,
    punctuated: Vec<String>,
}

fn show(heard: &mut Heard, message: &Value) -> Shown {
    let sent = message.to_string();
    let shown: Value = serde_json::from_str(&heard.message(&sent).unwrap()).unwrap();
    let alternative = &shown["channel"]["alternatives"][0];
    let column = |key: &str| -> Vec<String> {
        alternative["words"].as_array().unwrap().iter().map(|w| w[key].as_str().unwrap().to_owned()).collect()
    };
    let words = message["channel"]["alternatives"][0]["words"].as_array().unwrap().len();
    assert_eq!(column("word").len(), words, "arrays keep their length");
    Shown {
        transcript: alternative["transcript"].as_str().unwrap().to_owned(),
        words: column("word"),
        punctuated: column("punctuated_word"),
    }
}

fn digits(text: &str) -> usize {
    const WORDS: &str = "zero oh one two three four five six seven eight nine double triple";
    let says = |w: &&str| WORDS.split(' ').any(|d| d.eq_ignore_ascii_case(w)) || w.bytes().any(|b| b.is_ascii_digit());
    text.split(|c: char| !c.is_alphanumeric()).filter(says).count()
}

#[test]
fn what_says_nothing_passes_byte_for_byte() {
    let mut heard = heard();
    for said in ["What is my balance?", "", "I would like to pay my rent, please."] {
        let sent = format!(" {} ", results(said, true, true));
        assert_eq!(heard.message(&sent).unwrap(), sent);
    }
    let control = r#"{"type":"SpeechStarted","channel":[0],"timestamp":9.54}"#;
    assert_eq!(heard.message(control).unwrap(), control);
}

#[test]
fn a_partial_lags_three_words_at_most() {
    let words: Vec<&str> = "what is the balance of my account and when do I have to pay my rent".split(' ').collect();
    let mut heard = heard();
    for until in 1..=words.len() {
        let said = words[..until].join(" ");
        let shown = show(&mut heard, &results(&said, false, false));
        assert!(said.starts_with(&shown.transcript), "{}", shown.transcript);
        assert!(shown.transcript.split_whitespace().count() + 3 >= until, "{said}: {}", shown.transcript);
    }
}

#[test]
fn transcript_and_words_agree() {
    let mut heard = heard();
    let said = "My card is 4111 1111 1111 1111, thanks.";
    let shown = show(&mut heard, &results(said, true, true));
    assert_eq!(shown.transcript, "My card is [PAN], thanks.");
    assert_eq!(shown.words, ["my", "card", "is", "[PAN]", "", "", "", "thanks"]);
    assert_eq!(shown.punctuated, ["My", "card", "is", "[PAN]", "", "", "", "thanks."]);
    assert_eq!(heard.summary().findings["pan"], 1);
}

#[test]
fn words_hide_what_only_the_formatted_text_shows() {
    let mut message = results("four one one one one one one one one one one one one one one one", true, true);
    message["channel"]["alternatives"][0]["transcript"] = "It's 4111-1111-1111-1111.".into();
    let shown = show(&mut heard(), &message);
    assert_eq!(shown.transcript, "It's [PAN].");
    assert_eq!(digits(&shown.words.join(" ")), 0, "{:?}", shown.words);
}

#[test]
fn no_partial_shows_a_digit_that_the_final_hides() {
    let said = "sure my card number is four one one one, one one one one, uh, one one one one one one one one okay";
    let words: Vec<&str> = said.split(' ').collect();
    let mut heard = heard();
    for until in 1..=words.len() {
        let shown = show(&mut heard, &results(&words[..until].join(" "), false, false));
        for text in [&shown.transcript, &shown.words.join(" "), &shown.punctuated.join(" ")] {
            assert_eq!(digits(text), 0, "{text}");
        }
    }
    let shown = show(&mut heard, &results(said, true, true));
    assert_eq!(shown.transcript, "sure my card number is [PAN] okay");
}

#[test]
fn a_number_goes_on_in_the_next_final() {
    let said = "my card number is four one one one one one one one one one one one one one one one";
    let words: Vec<&str> = said.split(' ').collect();
    for cut in 10..words.len() {
        let mut heard = heard();
        let first = show(&mut heard, &results(&words[..cut].join(" "), true, false));
        let second = show(&mut heard, &results(&words[cut..].join(" "), true, true));
        assert_eq!(digits(&second.transcript), 0, "{cut}: {} | {}", first.transcript, second.transcript);
        assert_eq!(digits(&second.words.join(" ")), 0, "{cut}: {:?}", second.words);
    }
}

#[test]
fn an_answer_takes_its_meaning_from_the_question() {
    let mut heard = heard();
    heard.conversation.said("agent", "What are the last four of your social?", &[]);
    let shown = show(&mut heard, &results("It's 4577.", true, true));
    assert!(!shown.transcript.contains("4577"), "{}", shown.transcript);
    assert_eq!(digits(&shown.words.join(" ")), 0);
}

#[test]
fn what_is_said_once_more_is_hidden_there_as_well() {
    let mut message = results("the last four of my social are 4577", true, true);
    message["entities"] = json!([
        {"label": "SSN", "value": "4577", "raw_value": "four five seven seven", "start_word": 7, "end_word": 8},
        {"label": "X", "value": "social", "raw_value": "social", "start_word": 5, "end_word": 6}]);
    message["channel"]["search"] = json!([{"query": "social", "hits": [{"snippet": "my social are 4577"}]}]);
    message["beside"] = "and 4111 1111 1111 1111".into();
    let shown = heard().message(&message.to_string()).unwrap();
    assert!(!shown.contains("4577") && !shown.contains("4111"), "{shown}");
    assert!(shown.contains(r#""value":"social""#) && shown.contains("and [PAN]"), "{shown}");
}

#[test]
fn what_is_no_message_is_refused() {
    let ssn = "our customer 536-22-1111";
    for bad in ["", "[1]", "\"x\"", "{\"a\":1,\"a\":2}", &format!("{{{:?}:1}}", ssn)] {
        assert!(heard().message(bad).is_err(), "{bad}");
    }
}
