//! The messages of a listener: `Results` with its words and times, and `Metadata` at the end.

use serde_json::{Map, Value, json};

use super::super::socket::request_id;
use super::super::speech::Update;

const CONFIDENCE: f64 = 0.98;
/// Seconds a word.
const WORD: f64 = 0.4;
const MODEL: &str = "00000000-0000-4000-8000-00000000000a";

/// What was heard so far on one connection.
pub(super) struct Results {
    request_id: String,
    /// Seconds of audio that are done with.
    start: f64,
    /// The last update, while it is not final.
    interim: Option<Update>,
}

impl Results {
    pub(super) fn of(connection: u64) -> Self {
        Self { request_id: request_id(connection), start: 0.0, interim: None }
    }

    pub(super) fn update(&mut self, update: &Update) -> Value {
        let message = self.results(update, false);
        self.interim = (!update.is_final).then(|| update.clone());
        message
    }

    /// Ends what is still interim.
    pub(super) fn finalize(&mut self) -> Value {
        let empty =
            Update { transcript: String::new(), words: None, is_final: true, speech_final: true, extra: Map::new() };
        let last = self.interim.take().unwrap_or(empty);
        self.results(&Update { is_final: true, speech_final: true, ..last }, true)
    }

    pub(super) fn metadata(&self, seconds: f64) -> Value {
        json!({
            "type": "Metadata",
            "transaction_key": "deprecated",
            "request_id": self.request_id,
            "sha256": "0".repeat(64),
            "created": "2026-01-01T00:00:00.000Z",
            "duration": seconds,
            "channels": 1,
            "models": [MODEL],
            "model_info": { MODEL: model() },
        })
    }

    fn results(&mut self, update: &Update, from_finalize: bool) -> Value {
        let duration = update.transcript.split_whitespace().count() as f64 * WORD;
        let words = update.words.clone().unwrap_or_else(|| words(&update.transcript, self.start));
        let mut message = json!({
            "type": "Results",
            "channel_index": [0, 1],
            "duration": duration,
            "start": self.start,
            "is_final": update.is_final,
            "speech_final": update.speech_final,
            "channel": { "alternatives": [{
                "transcript": update.transcript,
                "confidence": if update.transcript.is_empty() { 0.0 } else { CONFIDENCE },
                "words": words,
            }] },
            "metadata": { "request_id": self.request_id, "model_info": model(), "model_uuid": MODEL },
            "from_finalize": from_finalize,
        });
        for (key, value) in &update.extra {
            message[key] = value.clone();
        }
        if update.is_final {
            self.start += duration;
        }
        message
    }
}

fn model() -> Value {
    json!({ "name": "simulated", "version": "2026-01-01.0", "arch": "nova-3" })
}

/// As the provider writes them: lower case without signs, and as shown; signs inside a word stay.
fn words(transcript: &str, start: f64) -> Vec<Value> {
    let word = |(i, shown): (usize, &str)| {
        json!({
            "word": shown.trim_matches(|c: char| c.is_ascii_punctuation()).to_lowercase(),
            "start": start + i as f64 * WORD,
            "end": start + (i + 1) as f64 * WORD,
            "confidence": CONFIDENCE,
            "punctuated_word": shown,
        })
    };
    transcript.split_whitespace().enumerate().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interim(transcript: &str) -> Update {
        serde_json::from_value(json!({ "transcript": transcript, "extra": { "channel_index": [1, 2] } })).unwrap()
    }

    #[test]
    fn words_are_made_from_the_transcript() {
        let words = words("Pay Ana's card, now.", 1.0);
        let both: Vec<_> = words.iter().map(|w| (w["word"].as_str().unwrap(), &w["punctuated_word"])).collect();
        assert_eq!(both[1], ("ana's", &json!("Ana's")));
        assert_eq!(both[3], ("now", &json!("now.")));
        assert_eq!(words[0]["start"], 1.0);
    }

    #[test]
    fn what_is_interim_stays_in_place_until_it_is_final() {
        let mut results = Results::of(7);
        assert_eq!(results.update(&interim("pay"))["start"], 0.0);
        let second = results.update(&interim("pay ana"));
        assert_eq!((&second["start"], &second["duration"]), (&json!(0.0), &json!(0.8)));
        assert_eq!(second["channel_index"], json!([1, 2]));
        let last = results.finalize();
        assert_eq!(last["channel"]["alternatives"][0]["transcript"], "pay ana");
        assert_eq!((&last["is_final"], &last["from_finalize"]), (&json!(true), &json!(true)));
        let empty = results.finalize();
        assert_eq!((&empty["channel"]["alternatives"][0]["transcript"], &empty["start"]), (&json!(""), &json!(0.8)));
    }
}
