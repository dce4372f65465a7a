//! The guard of WebSocket sessions: what a message and a frame of audio cost.

use std::{error::Error, sync::Arc};

use guard::SessionGuard;
use rules::{Direction, Leg, Program};
use wire::{
    speech::{CARTESIA_SPEAK, DEEPGRAM_LISTEN, Messages},
    ws::{self, Limits, Message, Reader, Sender},
};

use crate::{
    cpu, programs,
    report::Row,
    sample::{ROUNDS, Sample},
};

/// What somebody says in a turn, clean and with a number.
const SAID: [(&str, &str); 2] = [
    ("clean", "hello I would like to know when my new debit card will arrive please"),
    ("a card number", "sure it is four one one one one one one one one one one one one one one one"),
];

/// 20 ms of audio at 16 kHz, two bytes a sample.
const FRAME: usize = 640;
/// Frames measured at a time.
const FRAMES: usize = 500;

/// Measures it all.
pub(crate) fn run() -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    let heard = programs::of(Leg::Stt, Direction::Out)?;
    let said = programs::of(Leg::Tts, Direction::In)?;
    for (kind, text) in SAID {
        let words: Vec<&str> = text.split(' ').collect();
        let partials: Vec<String> = (1..words.len()).map(|n| transcript(&words[..n], false)).collect();
        let finals = [transcript(&words, true)];
        let (partial, last) =
            (each(&DEEPGRAM_LISTEN.to_client, &heard, &partials)?, each(&DEEPGRAM_LISTEN.to_client, &heard, &finals)?);
        rows.push(Row::new(
            format!("CPU per transcript, two columns of words, {kind}"),
            format!("partial {}; final of {} words {}", partial.show(" us"), words.len(), last.show(" us")),
        ));
        let spoken: Vec<String> = words.iter().map(|word| transcript_to_say(word)).collect();
        let each_word = each(&CARTESIA_SPEAK.to_provider, &said, &spoken)?;
        rows.push(Row::new(format!("CPU per word to a voice, {kind}"), each_word.show(" us")));
    }
    rows.push(Row::new("CPU per 640-byte frame of audio, read and framed again", frames()?.show(" ns")));
    Ok(rows)
}

fn each(messages: &'static Messages, program: &Arc<Program>, texts: &[String]) -> Result<Sample, Box<dyn Error>> {
    let session = || -> Result<usize, guard::Refusal> {
        let mut guard = SessionGuard::new(messages, program.clone(), Arc::default());
        let mut out = Vec::new();
        texts.iter().try_for_each(|text| guard.message(text, &mut out))?;
        guard.finish(&mut out)?;
        Ok(out.len())
    };
    session()?;
    let mut sample = Sample::default();
    for _ in 0..ROUNDS {
        let nanoseconds = cpu::per_run(|| drop(std::hint::black_box(session())))?;
        sample.push(nanoseconds / texts.len() as f64 / 1e3);
    }
    Ok(sample)
}

fn frames() -> Result<Sample, Box<dyn Error>> {
    let mut bytes = Vec::new();
    (0..FRAMES).for_each(|_| ws::binary(&[7; FRAME], true, true, Some([1, 2, 3, 4]), &mut bytes));
    let relay = || -> Result<usize, ws::WsError> {
        let mut reader = Reader::new(Sender::Client, Limits { text: 1 << 20, frame: 1 << 20 });
        let (mut messages, mut out, mut sent) = (Vec::new(), Vec::new(), 0);
        // A read brings a frame.
        for read in bytes.chunks(bytes.len() / FRAMES) {
            reader.push(read, &mut messages)?;
            for message in messages.drain(..) {
                if let Message::Binary { data, first, last } = message {
                    ws::binary(&data, first, last, Some([5, 6, 7, 8]), &mut out);
                }
            }
            sent += out.len();
            out.clear();
        }
        Ok(sent)
    };
    relay()?;
    let mut sample = Sample::default();
    for _ in 0..ROUNDS {
        let nanoseconds = cpu::per_run(|| {
            let _ = std::hint::black_box(relay());
        })?;
        sample.push(nanoseconds / FRAMES as f64);
    }
    Ok(sample)
}

fn transcript(words: &[&str], is_final: bool) -> String {
    let word =
        |w: &&str| serde_json::json!({"word": w, "punctuated_word": w, "start": 0.5, "end": 0.9, "confidence": 0.98});
    serde_json::json!({
        "type": "Results", "channel_index": [0, 1], "start": 0.0, "duration": 1.5,
        "is_final": is_final, "speech_final": is_final, "from_finalize": false,
        "channel": {"alternatives": [{
            "transcript": words.join(" "), "confidence": 0.98, "words": words.iter().map(word).collect::<Vec<_>>(),
        }]},
        "metadata": {"request_id": "5ca1ab1e-0000-4000-a5ee-00000001cafe", "model_uuid": "m",
            "model_info": {"name": "general", "version": "v", "arch": "nova-3"}},
    })
    .to_string()
}

fn transcript_to_say(word: &str) -> String {
    serde_json::json!({
        "context_id": "c", "model_id": "sonic-3", "transcript": format!("{word} "), "continue": true,
        "voice": {"mode": "id", "id": "v"},
        "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 16000},
    })
    .to_string()
}
