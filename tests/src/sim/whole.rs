//! An answer as one object, and the other documents of the provider.

use serde_json::{Value, json};

use super::answer::{Answer, Call, Choice};
use super::chunks;
use super::script::Cut;

/// What every object of one answer repeats.
pub(super) struct Envelope {
    pub(super) id: String,
    pub(super) created: u64,
}

pub(super) fn completion(answer: &Answer, envelope: &Envelope) -> Value {
    let choices: Vec<_> =
        answer.choices.iter().enumerate().map(|(index, choice)| whole_choice(index, choice, answer)).collect();
    json!({
        "id": envelope.id,
        "object": "chat.completion",
        "created": envelope.created,
        "model": answer.model,
        "choices": choices,
        "usage": usage(answer),
        "service_tier": "default",
        "system_fingerprint": FINGERPRINT,
    })
}

pub(super) const FINGERPRINT: &str = "fp_simulated";

fn whole_choice(index: usize, choice: &Choice, answer: &Answer) -> Value {
    let mut message = json!({
        "role": "assistant",
        "content": choice.content,
        "refusal": choice.refusal,
        "annotations": [],
    });
    if !choice.calls.is_empty() {
        message["tool_calls"] = choice.calls.iter().map(whole_call).collect();
    }
    let logprobs = match (answer.logprobs, &choice.content) {
        (Some(alternatives), Some(content)) => logprobs(&chunks::cut(content, &Cut::default()), alternatives),
        _ => Value::Null,
    };
    json!({"index": index, "message": message, "logprobs": logprobs, "finish_reason": choice.finish})
}

fn whole_call(call: &Call) -> Value {
    json!({"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}})
}

/// Log probabilities, which say the text a second time, as tokens and as bytes.
pub(super) fn logprobs(tokens: &[&str], alternatives: usize) -> Value {
    let entry = |token: &str, rank: usize| json!({"token": token, "logprob": -0.25 * (rank + 1) as f64, "bytes": token.as_bytes()});
    let content: Vec<_> = tokens
        .iter()
        .map(|token| {
            let mut content = entry(token, 0);
            content["top_logprobs"] = (0..alternatives).map(|rank| entry(token, rank)).collect();
            content
        })
        .collect();
    json!({"content": content, "refusal": null})
}

pub(super) fn usage(answer: &Answer) -> Value {
    let (prompt, completion) = answer.tokens;
    json!({
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    })
}

pub(super) fn models() -> Value {
    let model = |id| json!({"id": id, "object": "model", "created": 1_700_000_000, "owned_by": "sim"});
    json!({"object": "list", "data": [model("sim"), model("sim:hang-mid")]})
}

pub(super) fn error(status: u16, message: &str) -> Value {
    let kind = match status {
        400 | 404 | 415 | 422 => "invalid_request_error",
        401 | 403 => "authentication_error",
        429 => "rate_limit_error",
        _ => "server_error",
    };
    json!({"error": {"message": message, "type": kind, "param": null, "code": null}})
}
