//! Cartesia's voice over WebSocket: every message is JSON, audio comes in base64.

use std::sync::LazyLock;

use super::{Leg, Messages, Order, Query, Service};
use crate::dialect::{Event, Role, Table};

/// `cartesia.speak`
pub static CARTESIA_SPEAK: Service = Service {
    name: "cartesia.speak",
    path: "/tts/websocket",
    leg: Leg::Tts,
    query: Query { takes: &["cartesia_version"], remote: &[] },
    to_provider: Messages {
        table: LazyLock::new(|| Table::new(SPEAK)),
        words: &[],
        audio: false,
        order: Order::Joined,
    },
    to_client: Messages { table: LazyLock::new(|| Table::new(SPOKEN)), words: &[], audio: false, order: Order::Alone },
};

const SPEAK: &[(&str, Role)] = &[
    ("add_phoneme_timestamps", Role::Id),
    ("add_timestamps", Role::Id),
    ("cancel", Role::Says(&[("true", Event::Cancel)])),
    ("context_id", Role::Context),
    ("continue", Role::Says(&[("false", Event::End)])),
    ("flush", Role::Says(&[("true", Event::End)])),
    ("language", Role::Id),
    ("max_buffer_delay_ms", Role::Number),
    ("model_id", Role::Id),
    ("output_format.bit_rate", Role::Number),
    ("output_format.container", Role::Id),
    ("output_format.encoding", Role::Id),
    ("output_format.sample_rate", Role::Number),
    ("transcript", Role::Text),
    ("voice.id", Role::Id),
    ("voice.mode", Role::Id),
];

const SPOKEN: &[(&str, Role)] = &[
    ("context_id", Role::Context),
    ("data", Role::Audio),
    ("done", Role::Id),
    ("error", Role::Text),
    ("error_code", Role::Id),
    ("flush_id", Role::Number),
    ("message", Role::Text),
    ("phoneme_timestamps.end[]", Role::Number),
    ("phoneme_timestamps.phonemes[]", Role::Word),
    ("phoneme_timestamps.start[]", Role::Number),
    ("request_id", Role::Id),
    ("status_code", Role::Number),
    ("step_time", Role::Number),
    ("title", Role::Text),
    ("type", Role::Id),
    ("word_timestamps.end[]", Role::Number),
    ("word_timestamps.start[]", Role::Number),
    ("word_timestamps.words[]", Role::Word),
];
