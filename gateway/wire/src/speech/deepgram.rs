//! Deepgram's live API, version 1: `listen` turns audio into text, `speak` text into audio.

use std::sync::LazyLock;

use super::{Leg, Messages, Order, Query, Service};
use crate::dialect::{Event, Role, Table};

/// `deepgram.listen`
pub static DEEPGRAM_LISTEN: Service = Service {
    name: "deepgram.listen",
    path: "/v1/listen",
    leg: Leg::Stt,
    query: Query {
        takes: &[
            "channels",
            "detect_entities",
            "diarize",
            "diarize_model",
            "dictation",
            "encoding",
            "endpointing",
            "filler_words",
            "interim_results",
            "keyterm",
            "keywords",
            "language",
            "measurements",
            "mip_opt_out",
            "model",
            "multichannel",
            "no_delay",
            "numerals",
            "profanity_filter",
            "punctuate",
            "redact",
            "replace",
            "sample_rate",
            "search",
            "smart_format",
            "tag",
            "utterance_end_ms",
            "vad_events",
            "version",
        ],
        remote: &[("callback", "a callback"), ("callback_method", "a callback")],
    },
    to_provider: Messages {
        table: LazyLock::new(|| Table::new(CONTROL)),
        words: &[],
        audio: true,
        order: Order::Alone,
    },
    to_client: Messages {
        table: LazyLock::new(|| Table::new(RESULTS)),
        words: &[],
        audio: false,
        order: Order::Replaced,
    },
};

const CONTROL: &[(&str, Role)] = &[("features", Role::Number), ("keyterms[]", Role::Text), ("type", Role::Id)];

const RESULTS: &[(&str, Role)] = &[
    ("channel.alternatives[].confidence", Role::Number),
    ("channel.alternatives[].languages[]", Role::Id),
    ("channel.alternatives[].transcript", Role::Transcript),
    ("channel.alternatives[].words[].confidence", Role::Number),
    ("channel.alternatives[].words[].end", Role::Number),
    ("channel.alternatives[].words[].language", Role::Id),
    ("channel.alternatives[].words[].punctuated_word", Role::Word),
    ("channel.alternatives[].words[].speaker", Role::Number),
    ("channel.alternatives[].words[].start", Role::Number),
    ("channel.alternatives[].words[].word", Role::Word),
    ("channel.search[].hits[].confidence", Role::Number),
    ("channel.search[].hits[].end", Role::Number),
    ("channel.search[].hits[].snippet", Role::Again),
    ("channel.search[].hits[].start", Role::Number),
    ("channel.search[].query", Role::Again),
    ("channel[]", Role::Number),
    ("channel_index[]", Role::Lane),
    ("channels", Role::Number),
    ("created", Role::Id),
    ("duration", Role::Number),
    ("entities[].confidence", Role::Number),
    ("entities[].end_word", Role::Number),
    ("entities[].label", Role::Id),
    ("entities[].raw_value", Role::Again),
    ("entities[].start_word", Role::Number),
    ("entities[].value", Role::Again),
    ("is_final", Role::Says(&[("true", Event::Final)])),
    ("last_word_end", Role::Number),
    ("metadata.model_info.arch", Role::Id),
    ("metadata.model_info.name", Role::Id),
    ("metadata.model_info.version", Role::Id),
    ("metadata.model_uuid", Role::Id),
    ("metadata.request_id", Role::Id),
    ("model_info", Role::Number),
    ("models[]", Role::Id),
    ("request_id", Role::Id),
    ("sha256", Role::Id),
    ("speech_final", Role::Says(&[("true", Event::TurnEnd)])),
    ("start", Role::Number),
    ("timestamp", Role::Number),
    ("transaction_key", Role::Id),
    ("type", Role::Says(&[("UtteranceEnd", Event::TurnEnd)])),
];

/// `deepgram.speak`
pub static DEEPGRAM_SPEAK: Service = Service {
    name: "deepgram.speak",
    path: "/v1/speak",
    leg: Leg::Tts,
    query: Query {
        takes: &["bit_rate", "container", "encoding", "mip_opt_out", "model", "sample_rate", "speed", "tag"],
        remote: &[("callback", "a callback"), ("callback_method", "a callback")],
    },
    to_provider: Messages {
        table: LazyLock::new(|| Table::new(SPEAK)),
        words: &[],
        audio: false,
        order: Order::Joined,
    },
    to_client: Messages { table: LazyLock::new(|| Table::new(SPOKEN)), words: &[], audio: true, order: Order::Alone },
};

const SPEAK: &[(&str, Role)] = &[
    ("text", Role::Text),
    ("type", Role::Says(&[("Clear", Event::Cancel), ("Close", Event::End), ("Flush", Event::End)])),
];

const SPOKEN: &[(&str, Role)] = &[
    ("code", Role::Id),
    ("description", Role::Text),
    ("model_name", Role::Id),
    ("model_uuid", Role::Id),
    ("model_version", Role::Id),
    ("request_id", Role::Id),
    ("sequence_id", Role::Number),
    ("type", Role::Id),
];
