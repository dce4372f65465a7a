//! A value planted in every string of every kind of message, one at a time: it is hidden, or the place is on the list of
//! those that are opaque.

use rules::{Direction, Leg, Policy};
use serde_json::Value;
use wire::speech::{self, CARTESIA_SPEAK, DEEPGRAM_LISTEN, DEEPGRAM_SPEAK, Service};

use super::*;

const PLANTED: &str = "4111 1111 1111 1111";

/// Audio in base64: nothing inspects it, and the record says so.
const OPAQUE: &[(&str, &str)] = &[("cartesia.speak", "/data")];

/// A message of every kind, as the providers document them.
const MESSAGES: &[(&Service, Direction, &[&str])] = &[
    (
        &DEEPGRAM_LISTEN,
        Direction::In,
        &[
            r#"{"type":"KeepAlive"}"#,
            r#"{"type":"Finalize"}"#,
            r#"{"type":"Configure","keyterms":["Tidegate"],"features":{"x":"y"}}"#,
        ],
    ),
    (
        &DEEPGRAM_LISTEN,
        Direction::Out,
        &[
            r#"{"type":"Results","channel_index":[0,1],"start":0.0,"duration":1.2,"is_final":true,"speech_final":true,"from_finalize":false,"channel":{"alternatives":[{"transcript":"pay rent","confidence":0.98,"languages":["en"],"words":[{"word":"pay","punctuated_word":"Pay","start":0.1,"end":0.3,"confidence":0.99,"speaker":0,"language":"en"}]}],"search":[{"query":"pay","hits":[{"confidence":0.9,"start":0.1,"end":0.2,"snippet":"pay"}]}]},"entities":[{"label":"X","value":"rent","raw_value":"rent","confidence":0.9,"start_word":1,"end_word":2}],"metadata":{"request_id":"r","model_info":{"name":"n","version":"v","arch":"a"},"model_uuid":"u"},"made_up":"x"}"#,
            r#"{"type":"Results","channel_index":[0,1],"is_final":false,"speech_final":false,"channel":{"alternatives":[{"transcript":"pay","words":[{"word":"pay","punctuated_word":"Pay"}]}]}}"#,
            r#"{"type":"Metadata","transaction_key":"d","request_id":"r","sha256":"s","created":"c","duration":1.0,"channels":1,"models":["m"],"model_info":{"m":{"name":"n","version":"v","arch":"a"}}}"#,
            r#"{"type":"UtteranceEnd","channel":[0,1],"last_word_end":2.1}"#,
            r#"{"type":"SpeechStarted","channel":[0,1],"timestamp":9.54}"#,
            r#"{"type":"Error","variant":"v","description":"d","code":"c","message":"m"}"#,
        ],
    ),
    (&DEEPGRAM_SPEAK, Direction::In, &[r#"{"type":"Speak","text":"hello"}"#, r#"{"type":"Flush","made_up":"x"}"#]),
    (
        &DEEPGRAM_SPEAK,
        Direction::Out,
        &[
            r#"{"type":"Metadata","request_id":"r","model_name":"n","model_version":"v","model_uuid":"u"}"#,
            r#"{"type":"Flushed","sequence_id":1}"#,
            r#"{"type":"Warning","description":"d","code":"c"}"#,
        ],
    ),
    (
        &CARTESIA_SPEAK,
        Direction::In,
        &[
            r#"{"context_id":"c","model_id":"m","transcript":"hello","voice":{"mode":"id","id":"v"},"output_format":{"container":"raw","encoding":"pcm_s16le","sample_rate":16000},"language":"en","continue":true,"made_up":["x"]}"#,
            r#"{"context_id":"c","cancel":true}"#,
        ],
    ),
    (
        &CARTESIA_SPEAK,
        Direction::Out,
        &[
            r#"{"type":"chunk","context_id":"c","data":"AAAA","done":false,"status_code":206,"step_time":1.5}"#,
            r#"{"type":"timestamps","context_id":"c","done":false,"status_code":206,"word_timestamps":{"words":["pay"],"start":[0.1],"end":[0.2]}}"#,
            r#"{"type":"phoneme_timestamps","context_id":"c","phoneme_timestamps":{"phonemes":["p"],"start":[0.1],"end":[0.2]}}"#,
            r#"{"type":"error","context_id":"c","status_code":400,"error_code":"e","title":"t","message":"m","error":"e","request_id":"r"}"#,
        ],
    ),
];

fn guard(service: &'static Service, direction: Direction) -> SessionGuard {
    let policy = Policy::parse(rules::policy::DEFAULT).unwrap();
    let leg = if service.leg == speech::Leg::Stt { Leg::Stt } else { Leg::Tts };
    let program = Arc::new(Program::compile(&rules::built_in().unwrap(), &policy, leg, direction).unwrap());
    let messages = if direction == Direction::In { &service.to_provider } else { &service.to_client };
    SessionGuard::new(messages, program, Arc::default())
}

/// What leaves of a message and of the session's end; a refusal lets nothing leave.
fn leaves(fresh: &SessionGuard, message: &str) -> Option<String> {
    let mut guard = SessionGuard::new(fresh.messages, fresh.program.clone(), Arc::default());
    let mut out = Vec::new();
    guard.message(message, &mut out).and_then(|()| guard.finish(&mut out)).ok()?;
    Some(out.into_iter().map(|message| String::from_utf8(message).unwrap()).collect())
}

/// The places of every string, keys as JSON pointers write them.
fn strings(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::String(_) => out.push(at),
        Value::Array(all) => all.iter().enumerate().for_each(|(i, v)| strings(v, format!("{at}/{i}"), out)),
        Value::Object(all) => all.iter().for_each(|(key, v)| strings(v, format!("{at}/{key}"), out)),
        _ => {}
    }
}

#[test]
fn no_string_of_any_message_lets_a_value_pass() {
    let (mut planted, mut opaque) = (0, 0);
    for (service, direction, messages) in MESSAGES {
        let fresh = guard(service, *direction);
        for message in *messages {
            // A text that is still being replaced lags behind.
            if !message.contains(r#""is_final":false"#) {
                assert_eq!(leaves(&fresh, message).as_deref(), Some(*message), "what is clean passes byte for byte");
            }
            let clean: Value = serde_json::from_str(message).unwrap();
            let mut places = Vec::new();
            strings(&clean, String::new(), &mut places);
            for place in places {
                let mut message = clean.clone();
                *message.pointer_mut(&place).unwrap() = PLANTED.into();
                let shown = leaves(&fresh, &message.to_string()).is_some_and(|out| out.contains("4111"));
                let listed = OPAQUE.contains(&(service.name, &*place));
                assert_eq!(shown, listed, "{} {direction:?} {place}", service.name);
                planted += 1;
                opaque += usize::from(listed);
            }
        }
    }
    assert!(planted > 60 && opaque == OPAQUE.len(), "{planted} places, {opaque} opaque");
}
