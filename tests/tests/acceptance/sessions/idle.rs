//! Many sessions at a time: what they cost, and that it is given back.

use std::{thread, time::Duration};

use acceptance::harness::{Gateway, Got, Provider, Socket, eventually};
use serde_json::json;

use super::open;

/// Open at a time. Each is four descriptors in three processes, and a thread of the simulator.
const MANY: usize = 400;

#[test]
fn idle_sessions_live_and_give_back_what_they_took() {
    let update = json!({"transcript": "hello", "is_final": true, "speech_final": true});
    let provider = Provider::deepgram(json!({"updates": [update]}));
    let mut gateway = Gateway::purging("deepgram", &provider);
    let mut round = || -> u64 {
        let mut all: Vec<Socket> = (0..MANY).map(|_| open(&gateway, "/v1/listen")).collect();
        thread::sleep(Duration::from_millis(500));
        let resident = gateway.program().resident().unwrap_or(0);
        for socket in all.iter_mut().step_by(MANY / 10) {
            socket.binary(&[0; 640]);
            assert_eq!(socket.message()["type"], "Results", "an idle session still works");
        }
        all.iter_mut().for_each(|socket| socket.close(1000, ""));
        for socket in &mut all {
            assert!(matches!(socket.receive(), Got::Close(Some(1000), _)));
        }
        resident
    };
    let sizes: Vec<u64> = (0..4).map(|_| round()).collect();
    assert!(sizes[3] * 100 <= sizes[1] * 110, "grows from round to round: {sizes:?}");
    let ended = |records: &[serde_json::Value]| records.iter().filter(|r| r["leg"] == "stt").count() == 4 * MANY;
    eventually("the records of all", || ended(&gateway.records()).then_some(()));
}
