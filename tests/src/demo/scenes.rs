//! The chat that is played. Every person and number in it is invented.

use serde_json::{Value, json};

use crate::harness::{Chat, function};

const CARD: &str = "4111 1111 1111 1111";
const EMAIL: &str = "maria.lopez@example.com";
const PHONE: &str = "415-555-0142";
const SSN: &str = "536-22-8143";
const IBAN: &str = "GB82 WEST 1234 5698 7654 32";
const CVV: &str = "731";
const MADE_UP_CARD: &str = "5555-5555-5555-4444";
const MADE_UP_EMAIL: &str = "night.desk@example.net";
const MADE_UP_PHONE: &str = "212-555-0187";

/// One exchange of the chat.
pub(super) struct Turn {
    pub(super) title: &'static str,
    pub(super) chat: Chat,
    /// The text that the columns show, out of the request.
    pub(super) sent: String,
    /// What the caller must get back, in content or in a tool's arguments.
    pub(super) expected: String,
    /// Values of the caller.
    pub(super) own: &'static [&'static str],
    /// Values that the model makes up.
    pub(super) made_up: &'static [&'static str],
    /// What the provider says in its own words, where it makes something up.
    pub(super) said: Option<String>,
}

/// How the provider answers each turn: a model name selects a line.
pub(super) fn script() -> String {
    let paced = json!({"chars": 3, "first_us": 150_000, "delay_us": 18_000});
    let line = |name: &str, fields: Value| {
        let mut line = paced.clone();
        line["name"] = name.into();
        for (key, value) in fields.as_object().into_iter().flatten() {
            line[key] = value.clone();
        }
        line.to_string() + "\n"
    };
    [
        paced.to_string() + "\n",
        line("reply", json!({"content": "I have noted: {user}"})),
        line("tool", json!({"arguments": "{\"request\":\"{user}\"}"})),
        line("done", json!({"content": "Done: {tool}"})),
        line("made-up", json!({"content": made_up()})),
        json!({"name": "quick", "content": "Hello there, how are you today?"}).to_string(),
    ]
    .concat()
}

fn made_up() -> String {
    format!("Somebody else has {MADE_UP_CARD}; ask {MADE_UP_EMAIL} or ring {MADE_UP_PHONE}.")
}

/// The turns, in order.
pub(super) fn turns() -> Vec<Turn> {
    vec![reply(), tool_call(), tool_answer(), leak()]
}

fn reply() -> Turn {
    let sent =
        format!("My card {CARD} was charged twice, CVV {CVV}. Write to {EMAIL} or ring {PHONE}. My SSN is {SSN}.");
    Turn {
        title: "the user's message, quoted by the model, cut into 3-character chunks",
        chat: Chat::user(&sent).streamed().meeting("reply"),
        expected: format!("I have noted: {sent}").replace(CVV, "[CVV]"),
        sent,
        own: &[CARD, EMAIL, PHONE, SSN],
        made_up: &[],
        said: None,
    }
}

fn tool_call() -> Turn {
    let sent = format!("Yes, freeze {CARD} and confirm to {EMAIL}.");
    Turn {
        title: "a tool call: the bank's tool gets the real values, the model never had them",
        chat: Chat::user(&sent).streamed().meeting("tool").offering("freeze_card", "request"),
        expected: json!({ "request": sent }).to_string(),
        sent,
        own: &[CARD, EMAIL],
        made_up: &[],
        said: None,
    }
}

fn tool_answer() -> Turn {
    let sent = format!("frozen; the refund of 42.10 goes to IBAN {IBAN}");
    let call = json!({"id": "call_freeze", "type": "function",
        "function": {"name": "freeze_card", "arguments": json!({"request": format!("freeze {CARD}")}).to_string()}});
    let messages = json!([
        {"role": "user", "content": format!("Yes, freeze {CARD}.")},
        {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_freeze", "content": sent},
    ]);
    Turn {
        title: "what the bank's tool answered goes to the model, masked as well",
        chat: Chat::user("")
            .streamed()
            .meeting("done")
            .with("messages", messages)
            .with("tools", json!([function("freeze_card", "request")])),
        expected: format!("Done: {sent}"),
        sent,
        own: &[CARD, IBAN],
        made_up: &[],
        said: None,
    }
}

fn leak() -> Turn {
    let sent = "Whose card was it, then?".to_owned();
    Turn {
        title: "the model gives away somebody else's data, split over chunks",
        chat: Chat::user(&sent).streamed().meeting("made-up"),
        expected: made_up()
            .replace(MADE_UP_CARD, "[PAN]")
            .replace(MADE_UP_EMAIL, "[EMAIL]")
            .replace(MADE_UP_PHONE, "[PHONE]"),
        sent,
        own: &[],
        made_up: &[MADE_UP_CARD, MADE_UP_EMAIL, MADE_UP_PHONE],
        said: Some(made_up()),
    }
}
