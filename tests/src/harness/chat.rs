//! Requests that read as sentences.

use serde_json::{Value, json};

/// A chat request.
#[derive(Clone)]
pub struct Chat(Value);

impl Chat {
    /// The user says this.
    pub fn user(text: &str) -> Self {
        Self(json!({"model": "sim", "messages": [{"role": "user", "content": text}]}))
    }

    /// These messages: role and text.
    pub fn messages(messages: &[(&str, &str)]) -> Self {
        let messages: Vec<_> =
            messages.iter().map(|(role, content)| json!({"role": role, "content": content})).collect();
        Self(json!({"model": "sim", "messages": messages}))
    }

    /// The answer comes as events.
    pub fn streamed(self) -> Self {
        self.with("stream", true)
    }

    /// The provider follows this scenario, or fails in this way.
    pub fn meeting(self, scenario: &str) -> Self {
        self.with("model", format!("sim:{scenario}"))
    }

    /// With a tool of one string argument.
    pub fn offering(self, tool: &str, argument: &str) -> Self {
        self.with("tools", json!([function(tool, argument)]))
    }

    /// With a field of this value.
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0[field] = value.into();
        self
    }

    /// The body.
    pub fn body(&self) -> String {
        self.0.to_string()
    }
}

/// A tool with one string argument.
pub fn function(name: &str, argument: &str) -> Value {
    json!({"type": "function", "function": {"name": name, "parameters": {
        "type": "object", "properties": {argument: {"type": "string"}}, "required": [argument]}}})
}
