//! What is said: made from the body that came, so that whatever was not masked comes back.

use serde_json::{Value, json};

use super::script::Scenario;

/// An answer, before it is written as one object or as events.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The model asked for.
    pub model: String,
    /// As many as `n` says.
    pub choices: Vec<Choice>,
    /// Prompt and completion, in about tokens.
    pub tokens: (usize, usize),
    /// Whether log probabilities are asked for, and how many alternatives.
    pub logprobs: Option<usize>,
}

/// One choice.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Text, unless there are calls or a refusal.
    pub content: Option<String>,
    /// A refusal.
    pub refusal: Option<String>,
    /// Tool calls.
    pub calls: Vec<Call>,
    /// Why it ended.
    pub finish: String,
}

/// A tool call.
#[derive(Clone, Debug)]
pub struct Call {
    /// As `call_...`.
    pub id: String,
    /// The function.
    pub name: String,
    /// JSON in a string.
    pub arguments: String,
}

impl Answer {
    /// The answer to a request.
    pub fn to(body: &Value, scenario: &Scenario) -> Self {
        let said = Said::of(body);
        let n = body["n"].as_u64().unwrap_or(1).clamp(1, 128);
        let choices: Vec<_> = (0..n).map(|index| choice(body, scenario, &said, index)).collect();
        let said_tokens = choices.iter().map(Choice::length).sum::<usize>().div_ceil(4);
        let asked = body["logprobs"].as_bool().unwrap_or(false);
        Self {
            model: body["model"].as_str().unwrap_or("sim").to_owned(),
            choices,
            tokens: (said.length.div_ceil(4), said_tokens),
            logprobs: asked.then(|| body["top_logprobs"].as_u64().unwrap_or(0) as usize),
        }
    }
}

impl Choice {
    fn length(&self) -> usize {
        let calls = self.calls.iter().map(|call| call.arguments.len()).sum::<usize>();
        self.content.as_ref().map_or(0, String::len) + calls
    }
}

fn choice(body: &Value, scenario: &Scenario, said: &Said, index: u64) -> Choice {
    let mut choice = Choice { content: None, refusal: None, calls: Vec::new(), finish: "stop".into() };
    if let Some(refusal) = &scenario.refusal {
        choice.refusal = Some(said.fill(refusal));
    } else if let Some(tools) = offered(body) {
        choice.calls = (0..scenario.calls).map(|i| call(&tools[i % tools.len()], scenario, said, index, i)).collect();
        choice.finish = "tool_calls".into();
    } else {
        choice.content = Some(content(body, scenario, said));
    }
    if let Some(finish) = &scenario.finish {
        choice.finish.clone_from(finish);
    }
    choice
}

/// The tools to call, unless a tool has answered already or the caller forbids it.
fn offered(body: &Value) -> Option<&[Value]> {
    let tools = body["tools"].as_array().filter(|tools| !tools.is_empty())?;
    let answered = body["messages"].as_array().and_then(|all| all.last()).is_some_and(|last| last["role"] == "tool");
    (!answered && body["tool_choice"] != "none").then_some(tools)
}

fn call(tool: &Value, scenario: &Scenario, said: &Said, choice: u64, index: usize) -> Call {
    let function = &tool["function"];
    let quote = said.user.clone() + &scenario.made_up;
    let arguments = match &scenario.arguments {
        Some(template) => said.fill_json(template),
        None => from_schema(&function["parameters"], &function["parameters"], &quote).to_string(),
    };
    let name = function["name"].as_str().unwrap_or("unnamed").to_owned();
    Call { id: format!("call_{}", letters(choice * 100 + index as u64, 24)), name, arguments }
}

fn content(body: &Value, scenario: &Scenario, said: &Said) -> String {
    let quote = said.user.clone() + &scenario.made_up;
    match body["response_format"]["type"].as_str() {
        Some("json_schema") => {
            let schema = &body["response_format"]["json_schema"]["schema"];
            from_schema(schema, schema, &quote).to_string()
        }
        Some("json_object") => json!({ "answer": quote }).to_string(),
        _ => said.fill(&scenario.content).repeat(scenario.repeat) + &scenario.made_up,
    }
}

/// A value that the schema accepts, with the quote wherever a string goes.
fn from_schema(schema: &Value, root: &Value, quote: &str) -> Value {
    if let Some(target) = schema["$ref"].as_str().and_then(|name| name.strip_prefix('#')) {
        return from_schema(root.pointer(target).unwrap_or(&Value::Null), root, quote);
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    if let Some(first) = schema["anyOf"].as_array().and_then(|ways| ways.first()) {
        return from_schema(first, root, quote);
    }
    match schema["type"].as_str().unwrap_or("object") {
        "string" => quote.into(),
        "integer" | "number" => 1.into(),
        "boolean" => true.into(),
        "null" => Value::Null,
        "array" => vec![from_schema(&schema["items"], root, quote)].into(),
        _ => match schema["properties"].as_object() {
            Some(fields) if !fields.is_empty() => {
                fields.iter().map(|(name, field)| (name.clone(), from_schema(field, root, quote))).collect()
            }
            _ => json!({ "query": quote }),
        },
    }
}

/// What the caller said last, and what a tool answered.
struct Said {
    user: String,
    tool: String,
    length: usize,
}

impl Said {
    fn of(body: &Value) -> Self {
        let messages = body["messages"].as_array().map_or(&[][..], Vec::as_slice);
        let last = |role: &str| messages.iter().rev().find(|message| message["role"] == role).map(text);
        Self {
            user: last("user").unwrap_or_default(),
            tool: last("tool").unwrap_or_default(),
            length: messages.iter().map(|message| text(message).len()).sum(),
        }
    }

    fn fill(&self, template: &str) -> String {
        template.replace("{user}", &self.user).replace("{tool}", &self.tool)
    }

    fn fill_json(&self, template: &str) -> String {
        let escaped = |text: &str| {
            let quoted = Value::from(text).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        };
        template.replace("{user}", &escaped(&self.user)).replace("{tool}", &escaped(&self.tool))
    }
}

fn text(message: &Value) -> String {
    match &message["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect(),
        _ => String::new(),
    }
}

/// A body from a template, with what was said in JSON strings.
pub(super) fn fill_body(template: &str, body: &Value) -> String {
    Said::of(body).fill_json(template)
}

/// Letters for an id: no digits, so that no rule finds anything in it.
pub(super) fn letters(seed: u64, length: usize) -> String {
    let mut state = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let letter = b'a' + u8::try_from(state % 26).unwrap_or(0);
            char::from(if state & 0x100 == 0 { letter } else { letter.to_ascii_uppercase() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_the_last_message_of_the_user() {
        let body = json!({"n": 2, "messages": [{"role": "user", "content": "one"}, {"role": "user", "content": [
            {"type": "text", "text": "two"}, {"type": "text", "text": "!"}]}]});
        let answer = Answer::to(&body, &Scenario::default());
        assert_eq!(answer.choices.len(), 2);
        assert_eq!(answer.choices[1].content.as_deref(), Some("You said: two!"));
    }

    #[test]
    fn fills_a_schema_and_calls_a_tool() {
        let schema = json!({"type": "object", "properties": {
            "to": {"$ref": "#/$defs/name"}, "amount": {"type": "number"}, "tags": {"type": "array", "items": {"type": "string"}}},
            "$defs": {"name": {"type": "string"}}});
        let body = json!({"messages": [{"role": "user", "content": "say \"hi\""}],
            "tools": [{"type": "function", "function": {"name": "send", "parameters": schema}}]});
        let answer = Answer::to(&body, &Scenario::default());
        let call = &answer.choices[0].calls[0];
        let arguments: Value = serde_json::from_str(&call.arguments).unwrap();
        assert_eq!(arguments, json!({"to": "say \"hi\"", "amount": 1, "tags": ["say \"hi\""]}));
        assert_eq!((call.name.as_str(), answer.choices[0].finish.as_str()), ("send", "tool_calls"));
    }
}
