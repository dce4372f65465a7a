//! Rules that change again and again under many exchanges: each runs by one version, both ways, and none without.

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use acceptance::harness::{Chat, Gateway, Provider, eventually};

use super::{Site, badges};

/// Versions and the labels that they mask by.
const VERSIONS: [(&str, &str); 2] = [("1.0.0", "BADGE"), ("2.0.0", "CHIP")];
const SWAPS: usize = 12;
const AGENTS: usize = 4;
/// Rules in use and one more set while it is made take less than this, with all built-in packs.
const MOST_RESIDENT: u64 = 80 << 20;

#[test]
fn every_exchange_runs_by_one_version() {
    // The badge of the answer is the provider's own; that of the request comes back to its caller.
    let provider = Provider::with(serde_json::json!({"made_up": " S-9999 to S-8888", "chars": 3}));
    let mut site = Site::before(&provider);
    let turn = |at: usize| badges(VERSIONS[at % 2].0, VERSIONS[at % 2].1);
    site.seeing("reloaded", |site| site.put("packs/badges.yaml", &turn(0)));
    let (ended, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let agents = |site: &Site, agent: usize| {
        let mut ran = Vec::new();
        while !ended.load(Ordering::Relaxed) {
            let nth = asked.fetch_add(1, Ordering::Relaxed);
            let chat = Chat::user(&format!("turn {nth}: I am S-1234"));
            ran.push((nth, site.ask(&if agent.is_multiple_of(2) { chat.streamed() } else { chat })));
        }
        ran
    };
    let mut ran = Vec::new();
    thread::scope(|scope| {
        let shared = &site;
        let agents: Vec<_> = (0..AGENTS).map(|agent| scope.spawn(move || agents(shared, agent))).collect();
        for swap in 1..=SWAPS {
            shared.put("packs/badges.yaml", &turn(swap));
            let before = shared.count("reloaded");
            shared.hang_up();
            eventually("reloaded", || (shared.count("reloaded") > before).then_some(()));
        }
        ended.store(true, Ordering::Relaxed);
        ran = agents.into_iter().flat_map(|agent| agent.join().unwrap()).collect();
    });

    let requests: Vec<String> = provider.requests().iter().map(|seen| seen.body().to_string()).collect();
    let mut seen = [0; 2];
    for (nth, (said, version)) in &ran {
        let place = VERSIONS.iter().position(|(v, _)| version.as_deref() == Some(v)).unwrap();
        let label = VERSIONS[place].1;
        seen[place] += 1;
        assert_eq!(*said, format!("You said: turn {nth}: I am S-1234 [{label}] to [{label}]"), "{version:?}");
        let request = requests.iter().find(|body| body.contains(&format!("turn {nth}:"))).unwrap();
        assert!(request.contains(&format!("I am {label}_")), "{version:?}: {request}");
    }
    assert!(seen.iter().all(|&n| n > 0), "both versions ran: {seen:?} of {}", ran.len());
    assert!(!requests.concat().contains("S-1234"));
}

#[test]
fn old_rules_give_their_memory_back() {
    let provider = Provider::quoting();
    let mut gateway = Gateway::purging("openai", &provider);
    let mut resident = Vec::new();
    for round in 1..=SWAPS {
        gateway.hang_up();
        eventually("reloaded", || (gateway.count("reloaded") == round).then_some(()));
        assert_eq!(gateway.client().chat(&Chat::user("hi")).said(), "You said: hi");
        resident.extend(gateway.program().resident());
    }
    // Systems that do not tell have nothing to check.
    let (Some(second), Some(last)) = (resident.get(1), resident.last()) else { return };
    let said = format!("resident with all packs: {} MiB, after {SWAPS} reloads {} MiB\n", second >> 20, last >> 20);
    std::io::stderr().lock().write_all(said.as_bytes()).unwrap();
    assert!(*last < MOST_RESIDENT && *last <= second + second / 4, "{resident:?}");
}
