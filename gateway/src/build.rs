//! From checked settings to the edge: secrets are read here, and only here.

use http::HeaderValue;
use ring::rand::{SecureRandom, SystemRandom};
use rules::TokenKey;
use secrecy::ExposeSecret;

use crate::{
    answer::Answering,
    attempt::{Deadlines, Dialer},
    budget::Budget,
    clock::Clock,
    config::{Records, Settings, UpstreamSettings},
    drain::Drain,
    edge::Edge,
    log,
    pump::Pace,
    record::Sink,
    stage::{
        admit::Capacity,
        authenticate::{Identity, Keyring},
        route::Routes,
        screen::Screening,
    },
    upstream::{self, Upstream},
    vault::Vault,
};

const NO_RANDOMNESS: &str = "the system gives no random numbers";

pub(crate) fn edge(settings: &Settings, clock: Clock, drain: Drain) -> Result<Edge, String> {
    let Settings { deadlines, limits, rules, .. } = settings;
    rules.live.now().notice_restoring();
    let pace = Pace { idle: deadlines.idle, drain: drain.clone() };
    let vault = Vault::open(clock.clone(), settings.vault.ttl, settings.vault.max_bytes).ok_or(NO_RANDOMNESS)?;
    let dial = Deadlines { connect: deadlines.connect, head: deadlines.head };
    Ok(Edge {
        routes: Routes::new(settings.upstreams.iter().map(|u| (u.name.clone(), u.provider))),
        keyring: keyring(settings)?,
        capacity: Capacity { exchanges: Budget::new(limits.open_streams), bytes: Budget::new(limits.buffered) },
        screening: Screening { tokens: token_key(settings)?, vault, max_body: limits.max_body, idle: deadlines.idle },
        dialer: Dialer::new(dial, clock.clone()),
        upstreams: settings.upstreams.iter().map(upstream).collect::<Result<_, _>>()?,
        answering: Answering { pace, max_body: limits.max_body },
        silence: deadlines.silence,
        sink: sink(&settings.records)?,
        rules: rules.live.clone(),
        drain,
        clock,
        random: SystemRandom::new(),
    })
}

fn keyring(settings: &Settings) -> Result<Keyring, String> {
    let mut ring = Keyring::new().ok_or(NO_RANDOMNESS)?;
    for key in &settings.keys {
        let secret = key.source.read().map_err(|e| format!("key of {}: {e}", key.name))?;
        let identity = Identity { name: key.name.clone(), upstreams: key.upstreams.clone() };
        if !ring.add(&secret, identity) {
            return Err(format!("key of {}: it is another caller's key already", key.name));
        }
    }
    Ok(ring)
}

fn token_key(settings: &Settings) -> Result<TokenKey, String> {
    if let Some(source) = &settings.token_key {
        let secret = source.read_bytes().map_err(|e| format!("token_key_file: {e}"))?;
        if secret.len() < 32 {
            return Err("token_key_file: it must hold 32 bytes or more, raw or in hex".into());
        }
        return Ok(TokenKey::new(&secret));
    }
    let mut secret = [0; 32];
    SystemRandom::new().fill(&mut secret).map_err(|_| NO_RANDOMNESS)?;
    Ok(TokenKey::new(&secret))
}

fn upstream(settings: &UpstreamSettings) -> Result<Upstream, String> {
    let UpstreamSettings { name, provider, origin, key, key_optional, authorities } = settings;
    let read = key.as_ref().map(|source| source.read()).transpose();
    let secret = match read {
        Err(e) if *key_optional => {
            log::write(log::Level::Warn, format_args!("upstream {name}: {e}; requests go without Authorization"));
            None
        }
        read => read.map_err(|e| format!("upstream {name}: {e}"))?,
    };
    if secret.is_some() && !origin.tls && !origin.is_loopback() {
        log::write(
            log::Level::Warn,
            format_args!("upstream {name}: its key crosses the network in the clear: use https"),
        );
    }
    let scheme = upstream::key_header(provider).map_or("", |(_, scheme)| scheme);
    let shown = |secret: secrecy::SecretString| {
        let value = HeaderValue::from_str(format!("{scheme} {}", secret.expose_secret()).trim_start());
        let mut value = value.map_err(|_| format!("upstream {name}: its key is not printable text"))?;
        value.set_sensitive(true);
        Ok::<_, String>(value)
    };
    let key = secret.map(shown).transpose()?;
    Ok(Upstream::new(name.clone(), provider, origin.clone(), key, authorities))
}

fn sink(records: &Records) -> Result<Sink, String> {
    match records {
        Records::Nowhere => Ok(Sink::Nowhere),
        Records::Stdout => Ok(Sink::Stdout),
        Records::File(path) => Sink::file(path).map_err(|e| format!("record {}: {e}", path.display())),
    }
}
