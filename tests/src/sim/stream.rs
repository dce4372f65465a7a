//! An answer as events.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Call, Choice};
use super::chunks;
use super::script::Scenario;
use super::whole::{Envelope, FINGERPRINT, logprobs, usage};

/// The events of an answer: first every choice's role, then the pieces in turn, as a provider sends several choices.
pub(super) fn events(answer: &Answer, scenario: &Scenario, envelope: &Envelope, usage_wanted: bool) -> Vec<Value> {
    let writer = Writer { answer, scenario, envelope, usage_wanted };
    let mut tracks: Vec<_> = answer.choices.iter().map(|choice| writer.track(choice).into_iter()).collect();
    let mut events = Vec::new();
    loop {
        let before = events.len();
        for (index, track) in tracks.iter_mut().enumerate() {
            events.extend(track.next().map(|piece| writer.event(index, piece)));
        }
        if events.len() == before {
            break;
        }
    }
    if usage_wanted {
        let mut last = writer.envelope(Vec::new());
        last["usage"] = usage(answer);
        events.push(last);
    }
    events
}

struct Writer<'a> {
    answer: &'a Answer,
    scenario: &'a Scenario,
    envelope: &'a Envelope,
    usage_wanted: bool,
}

/// What one event says of one choice.
struct Piece {
    delta: Value,
    logprobs: Value,
    finish: Value,
}

impl Piece {
    fn of(delta: Value) -> Self {
        Self { delta, logprobs: Value::Null, finish: Value::Null }
    }
}

impl Writer<'_> {
    fn track(&self, choice: &Choice) -> Vec<Piece> {
        let mut track = Vec::new();
        if !self.scenario.bare {
            let content = if choice.content.is_some() { json!("") } else { Value::Null };
            track.push(Piece::of(json!({"role": "assistant", "content": content, "refusal": null})));
        }
        track.extend(choice.content.iter().flat_map(|text| self.pieces("content", text)));
        track.extend(choice.refusal.iter().flat_map(|text| self.pieces("refusal", text)));
        for (index, call) in choice.calls.iter().enumerate() {
            track.extend(self.call(index, call));
        }
        for (field, text) in &self.scenario.unknown {
            track.extend(self.pieces(field, text));
        }
        if !self.scenario.bare {
            track.push(Piece { finish: choice.finish.as_str().into(), ..Piece::of(json!({})) });
        }
        track
    }

    fn pieces(&self, field: &str, text: &str) -> Vec<Piece> {
        let alternatives = self.answer.logprobs.filter(|_| field == "content");
        chunks::cut(text, &self.scenario.cut)
            .into_iter()
            .map(|piece| Piece {
                logprobs: alternatives.map_or(Value::Null, |count| logprobs(&[piece], count)),
                ..Piece::of(json!({ field: piece }))
            })
            .collect()
    }

    /// The name comes whole and first, the arguments in pieces.
    fn call(&self, index: usize, call: &Call) -> Vec<Piece> {
        let named = json!({
            "index": index,
            "id": call.id,
            "type": "function",
            "function": {"name": call.name, "arguments": ""},
        });
        let pieces = chunks::cut(&call.arguments, &self.scenario.cut);
        let rest = pieces.into_iter().map(|piece| json!({"index": index, "function": {"arguments": piece}}));
        std::iter::once(named).chain(rest).map(|call| Piece::of(json!({"tool_calls": [call]}))).collect()
    }

    fn event(&self, index: usize, piece: Piece) -> Value {
        if self.scenario.bare {
            return json!({"choices": [{"delta": piece.delta}]});
        }
        self.envelope(vec![json!({
            "index": index,
            "delta": piece.delta,
            "logprobs": piece.logprobs,
            "finish_reason": piece.finish,
        })])
    }

    fn envelope(&self, choices: Vec<Value>) -> Value {
        let mut event = Map::new();
        event.insert("id".into(), self.envelope.id.as_str().into());
        event.insert("object".into(), "chat.completion.chunk".into());
        event.insert("created".into(), self.envelope.created.into());
        event.insert("model".into(), self.answer.model.as_str().into());
        event.insert("service_tier".into(), "default".into());
        event.insert("system_fingerprint".into(), FINGERPRINT.into());
        event.insert("choices".into(), choices.into());
        if self.usage_wanted {
            event.insert("usage".into(), Value::Null);
        }
        event.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(body: &Value) -> Vec<Value> {
        let scenario = Scenario::default();
        let envelope = Envelope { id: "chatcmpl-x".into(), created: 1 };
        events(&Answer::to(body, &scenario), &scenario, &envelope, true)
    }

    #[test]
    fn role_first_then_pieces_then_finish_then_usage() {
        let events = stream(&json!({"messages": [{"role": "user", "content": "hello there"}]}));
        assert_eq!(events[0]["choices"][0]["delta"]["role"], "assistant");
        let text: String = events.iter().filter_map(|e| e["choices"][0]["delta"]["content"].as_str()).collect();
        assert_eq!(text, "You said: hello there");
        assert_eq!(events[events.len() - 2]["choices"][0]["finish_reason"], "stop");
        assert_eq!(events[events.len() - 1]["choices"], json!([]));
    }

    #[test]
    fn a_call_has_its_name_first_and_its_arguments_in_pieces() {
        let tool = json!({"type": "function", "function": {"name": "look_up"}});
        let events = stream(&json!({"messages": [{"role": "user", "content": "hi"}], "tools": [tool]}));
        let call = |i: usize| &events[i]["choices"][0]["delta"]["tool_calls"][0];
        assert_eq!(call(1)["function"], json!({"name": "look_up", "arguments": ""}));
        assert!(call(2).get("id").is_none());
        let arguments: String = (1..events.len()).filter_map(|i| call(i)["function"]["arguments"].as_str()).collect();
        assert_eq!(arguments, "{\"query\":\"hi\"}");
    }
}
