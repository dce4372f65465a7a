//! Whose tokens become values again, and where not.

use acceptance::harness::{Chat, Client, Gateway, Provider, SECOND_KEY};
use serde_json::{Value, json};

use crate::leaks::{CARD, EMAIL};

const CONVERSATION: &str = "x-tidegate-conversation";

/// The token that stood for a value in the last request.
fn token(provider: &Provider) -> String {
    let body = provider.requests().last().unwrap().body();
    let said = body["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap().to_owned();
    said.split(' ').find(|word| word.contains('_')).unwrap().trim_end_matches(['.', ',']).to_owned()
}

#[test]
fn equal_values_share_a_token_and_come_back_as_they_were_written() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let asked = format!("{CARD} then 4111-1111-1111-1111 then {EMAIL}");
    let said = gateway.client().chat(&Chat::user(&asked)).said();
    let body = provider.body();
    let words: Vec<_> = body["messages"][0]["content"].as_str().unwrap().split(' ').collect();
    assert_eq!(words[0], words[2]);
    assert_ne!(words[0], words[4]);
    // Of two spellings the latest comes back for both.
    assert_eq!(said, format!("You said: 4111-1111-1111-1111 then 4111-1111-1111-1111 then {EMAIL}"));
}

#[test]
fn a_token_is_the_same_from_turn_to_turn_and_on_a_retry() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let tokens: Vec<_> = (0..3)
        .map(|_| {
            gateway.client().chat(&Chat::user(&format!("card {CARD}")));
            token(&provider)
        })
        .collect();
    assert!(tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
}

#[test]
fn models_may_rewrite_a_token() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    gateway.client().chat(&Chat::user(&format!("card {CARD}")));
    let token = token(&provider);
    let spellings = [
        token.to_lowercase(),
        format!("`{token}`"),
        format!("\"{token}\""),
        format!("**{token}**"),
        format!("{token}'s"),
        token.replace('_', "\\_"),
    ];
    for spelling in spellings {
        let expected = format!("You said: {CARD} and {}", spelling.replace(&token, CARD));
        let expected = if spelling.contains(&token) { expected } else { format!("You said: {CARD} and {CARD}") };
        for chat in
            [Chat::user(&format!("{CARD} and {spelling}")), Chat::user(&format!("{CARD} and {spelling}")).streamed()]
        {
            assert_eq!(gateway.client().chat(&chat).said(), expected);
        }
    }
}

#[test]
fn a_changed_token_is_not_restored() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    gateway.client().chat(&Chat::user(&format!("card {CARD}")));
    let token = token(&provider);
    let reversed: String = token.chars().rev().collect();
    let cut = &token[..token.len() - 1];
    for wrong in [reversed.as_str(), cut] {
        let said = gateway.client().chat(&Chat::user(&format!("{CARD} and {wrong} ok"))).said();
        assert_eq!(said, format!("You said: {CARD} and {wrong} ok"));
    }
}

#[test]
fn a_named_conversation_remembers_and_an_unnamed_one_does_not() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let named = gateway.client().with_header(CONVERSATION, "call-1");
    named.chat(&Chat::user(&format!("card {CARD}")));
    let remembered = token(&provider);
    assert_eq!(named.chat(&Chat::user(&format!("again {remembered} ok"))).said(), format!("You said: again {CARD} ok"));
    for stranger in [gateway.client(), gateway.client().with_header(CONVERSATION, "call-2")] {
        let said = stranger.chat(&Chat::user(&format!("again {remembered} ok"))).said();
        assert_eq!(said, format!("You said: again {remembered} ok"));
    }
    assert!(provider.requests().iter().all(|seen| seen.header(CONVERSATION).is_empty()));
}

#[test]
fn another_callers_conversation_of_the_same_name_is_another() {
    let provider = Provider::quoting();
    let gateway = Gateway::configured(&provider, "");
    let first = gateway.client().with_header(CONVERSATION, "shared");
    first.chat(&Chat::user(&format!("card {CARD}")));
    let token_of_first = token(&provider);
    let second = Client::of(gateway.address()).with_key(SECOND_KEY).with_header(CONVERSATION, "shared");
    let said = second.chat(&Chat::user(&format!("give me {token_of_first} ok"))).said();
    assert_eq!(said, format!("You said: give me {token_of_first} ok"));
    second.chat(&Chat::user(&format!("card {CARD}")));
    assert_ne!(token(&provider), token_of_first, "the same value has another token for another caller");
}

#[test]
fn what_the_model_gave_away_is_a_label_even_if_the_caller_sent_the_same() {
    let provider = Provider::saying("On file: 4111-1111-1111-1111.");
    let gateway = Gateway::before(&provider);
    for chat in [Chat::user(&format!("card {CARD}")), Chat::user(&format!("card {CARD}")).streamed()] {
        assert_eq!(gateway.client().chat(&chat).said(), "On file: [PAN].");
    }
}

#[test]
fn a_security_code_is_destroyed_on_sight() {
    let provider = Provider::quoting();
    let gateway = Gateway::before(&provider);
    let said = gateway
        .client()
        .chat(&Chat::user("my CVV is 731; the number of the order that I am asking about is 731"))
        .said();
    assert_eq!(said, "You said: my CVV is [CVV]; the number of the order that I am asking about is 731");
    assert!(!String::from_utf8_lossy(&provider.saw()).contains("CVV is 731"));
}

#[test]
fn restored_text_is_escaped_for_where_it_lands() {
    let provider = Provider::with(json!({"chars": 3}));
    let gateway = Gateway::before(&provider);
    // This spelling has a backslash, which must not break the JSON that the model wrote around the token.
    let asked = r#"write to joe\u0040example.com, "please" ok"#;
    let format = json!({"type": "json_object"});
    for chat in [Chat::user(asked), Chat::user(asked).streamed()] {
        let said = gateway.client().chat(&chat.clone().with("response_format", format.clone())).said();
        let answer: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("not JSON: {said}"));
        assert_eq!(answer["answer"], asked);
        let arguments = gateway.client().chat(&chat.offering("pay", "card")).arguments(0);
        let arguments: Value = serde_json::from_str(&arguments).unwrap_or_else(|_| panic!("not JSON: {arguments}"));
        assert_eq!(arguments["card"], asked);
    }
}

#[test]
fn structured_output_is_valid_and_restored() {
    let schema = json!({"type": "object", "properties": {"payee": {"type": "string"}, "amount": {"type": "number"}}});
    let format = json!({"type": "json_schema", "json_schema": {"name": "payment", "schema": schema}});
    let provider = Provider::with(json!({"chars": 2}));
    let gateway = Gateway::before(&provider);
    let asked = format!("\"{CARD}\" \\ {EMAIL}");
    for chat in [Chat::user(&asked), Chat::user(&asked).streamed()] {
        let said = gateway.client().chat(&chat.with("response_format", format.clone())).said();
        let answer: Value = serde_json::from_str(&said).unwrap();
        assert_eq!(answer, json!({"payee": asked, "amount": 1}));
    }
}

/// What is asked comes back as it was asked.
fn comes_back(asked: &[&str]) {
    let provider = Provider::with(json!({"content": "{user}"}));
    let gateway = Gateway::before(&provider);
    let wrong: Vec<_> = asked
        .iter()
        .map(|asked| (*asked, gateway.client().chat(&Chat::user(asked)).said()))
        .filter(|(asked, said)| asked != said)
        .collect();
    assert!(wrong.is_empty(), "asked and got: {wrong:#?}");
}

#[test]
fn a_value_at_the_end_of_a_message_comes_back() {
    comes_back(&[
        "card 4111 1111 1111 1111",
        "card 4111 1111 1111 1111\n",
        "card 4111 1111 1111 1111 ",
        "card 4111 1111 1111 1111-",
        "phone 415-555-0142 ",
        "IBAN GB82 WEST 1234 5698 7654 32 ",
        "account number 12345678 ",
        "card 4111 1111 1111 1111 12",
    ]);
}

#[test]
fn two_values_at_the_end_of_a_message_come_back() {
    comes_back(&[
        "415-555-0142 415-555-0143",
        "192.168.10.20 415-555-0142",
        "4111 1111 1111 1111 5555-5555-5555-4444",
        "+1-415-555-0142 or 1-415-555-0143",
    ]);
}

#[test]
fn a_value_glued_to_letters_comes_back() {
    comes_back(&[
        "card4111 1111 1111 1111 and",
        "4111 1111 1111 1111exp 09/27",
        "4111 1111 1111 1111b",
        "x4111111111111111y",
    ]);
}

#[test]
fn a_value_inside_another_is_not_mixed_up_with_itself() {
    comes_back(&["mail x4111-1111-1111-1111@example.com and card 4111-1111-1111-1111 ok"]);
}

#[test]
fn a_short_answer_after_a_value_is_itself() {
    let provider = Provider::with(json!({"content": "{user}"}));
    let gateway = Gateway::before(&provider);
    for (first, second) in [("ring 415-555-0142", "9"), ("card 4111 1111 1111 1111", "2"), ("id 12345", "536-22-8143")]
    {
        let chat = Chat::messages(&[("user", first), ("assistant", "And which day?"), ("user", second)]);
        assert_eq!(gateway.client().chat(&chat).said(), second, "after {first:?}");
    }
}

#[test]
fn exchanges_at_the_same_time_do_not_meet() {
    let provider = Provider::with(json!({"chars": 2, "delay_us": 500}));
    let gateway = Gateway::before(&provider);
    std::thread::scope(|scope| {
        for agent in 0..24 {
            let client = gateway.client();
            scope.spawn(move || {
                for turn in 0..4 {
                    let asked = format!("mail agent{agent}.turn{turn}@example.com and card 4111 1111 1111 1111 ok");
                    assert_eq!(client.chat(&Chat::user(&asked).streamed()).said(), format!("You said: {asked}"));
                }
            });
        }
    });
}
