//! Tool calls: the tool gets the values, the provider never had them.

use acceptance::harness::{Chat, Gateway, Provider, function};
use serde_json::{Value, json};

use crate::leaks::{CARD, EMAIL, IBAN, PHONE, SSN, Twins};

#[test]
fn arguments_come_back_as_the_caller_wrote_them() {
    let asked = format!("pay \"{IBAN}\" \\ from {CARD},\nmail {EMAIL}, ring {PHONE}");
    for scenario in [json!({}), json!({"chars": 1}), json!({"chars": 7, "seed": 3})] {
        let twins = Twins::with(scenario);
        for chat in [Chat::user(&asked), Chat::user(&asked).streamed()] {
            let answer = twins.ask(&chat.offering("pay", "what"));
            let arguments: Value = serde_json::from_str(&answer.arguments(0)).unwrap();
            assert_eq!(arguments["what"], asked);
        }
        twins.hid_from_the_provider(&[IBAN, CARD, EMAIL, PHONE]);
    }
}

#[test]
fn two_calls_are_two_texts() {
    let provider = Provider::with(json!({"calls": 2, "chars": 3}));
    let gateway = Gateway::before(&provider);
    let tools = json!([function("first", "a"), function("second", "b")]);
    let answer = gateway.client().chat(&Chat::user(CARD).streamed().with("tools", tools));
    assert_eq!(answer.arguments(0), json!({ "a": CARD }).to_string());
    assert_eq!(answer.arguments(1), json!({ "b": CARD }).to_string());
    assert_eq!(answer.stream().finish(0).as_deref(), Some("tool_calls"));
}

#[test]
fn a_history_of_calls_is_masked() {
    let twins = Twins::with(json!({"content": "Done: {tool}"}));
    let call = json!({"id": "call_a", "type": "function",
        "function": {"name": "pay", "arguments": json!({"to": IBAN, "ssn": SSN}).to_string()}});
    let messages = json!([
        {"role": "system", "content": format!("The customer's mail is {EMAIL}.")},
        {"role": "user", "content": "pay"},
        {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_a", "content": format!("paid from {CARD}")},
    ]);
    let chat = Chat::user("").with("messages", messages).with("tools", json!([function("pay", "to")]));
    assert_eq!(twins.ask(&chat.clone()).said(), format!("Done: paid from {CARD}"));
    assert_eq!(twins.ask(&chat.streamed()).said(), format!("Done: paid from {CARD}"));
    twins.hid_from_the_provider(&[IBAN, SSN, EMAIL, CARD]);
    // The masked arguments are JSON still.
    let arguments =
        twins.provider.requests()[0].body()["messages"][2]["tool_calls"][0]["function"]["arguments"].clone();
    let arguments: Value = serde_json::from_str(arguments.as_str().unwrap()).unwrap();
    assert!(arguments["to"].is_string() && arguments["ssn"].is_string());
}

#[test]
fn tool_descriptions_and_schemas_are_masked() {
    let twins = Twins::quoting();
    let mut tool = function("look_up", "query");
    tool["function"]["description"] = format!("Looks up, e.g. {CARD}.").into();
    tool["function"]["parameters"]["properties"]["query"]["description"] = format!("such as {EMAIL}").into();
    tool["function"]["parameters"]["properties"]["query"]["enum"] = json!([SSN, "other"]);
    let chat = Chat::user("hi").with("tools", json!([tool])).with("tool_choice", "none");
    assert_eq!(twins.ask(&chat).said(), "You said: hi");
    twins.hid_from_the_provider(&[CARD, EMAIL, SSN]);
}

#[test]
fn what_the_model_makes_up_in_arguments_is_masked() {
    let arguments = r#"{"note": "card 5555-5555-5555-4444", "to": "desk@bank.example.com", "n": 3}"#;
    for chars in [1, 4, 100] {
        let twins = Twins::with(json!({"arguments": arguments, "chars": chars}));
        for chat in [Chat::user("hi"), Chat::user("hi").streamed()] {
            let chat = chat.offering("send", "note");
            let answer = twins.hid_from_the_agent(&chat, &["5555-5555-5555-4444", "desk@bank.example.com"]);
            let arguments: Value = serde_json::from_str(&answer.arguments(0)).unwrap();
            assert_eq!(arguments, json!({"note": "card [PAN]", "to": "[EMAIL]", "n": 3}));
        }
    }
}
