//! From what was written to what can run. Everything that is wrong is found in one go.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use rules::Leg;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde_saphyr::{Location, Spanned};
use wire::provider::Provider;

use super::{
    DeadlineSettings, KeySettings, LimitSettings, Records, Rules, Secret, Settings, UpstreamSettings, VaultSettings,
    find::{Finding, Findings, Wrong},
    listen,
    raw::{Raw, RawKey, RawUpstream},
    units,
};
use crate::{
    recogniser::Recogniser,
    ruleset::{Live, source::Source},
    stage::route,
    upstream::{self, Origin},
};

/// Names that paths already use.
const RESERVED: [&str; 6] = ["v1", "v2", "v3", "tts", "stt", "healthz"];

pub(super) fn check(file: &str, raw: Raw) -> Result<Settings, Vec<Finding>> {
    let f = &mut Findings::of(file);
    let names: Vec<String> = raw.upstreams.iter().map(|u| u.name.value.clone()).collect();
    let upstreams: Vec<_> = raw.upstreams.iter().enumerate().filter_map(|(i, u)| upstream(f, i, u, &names)).collect();
    if names.is_empty() {
        f.add(Location::UNKNOWN, "upstreams", Wrong::new("there is none", "without one there is nothing to guard"));
    }
    let keys: Vec<_> = raw.keys.iter().enumerate().filter_map(|(i, k)| key(f, i, k, &raw.keys[..i], &names)).collect();
    if raw.keys.is_empty() {
        f.add(Location::UNKNOWN, "keys", Wrong::new("there is none", "without one nobody can call"));
    }
    let listen = listen::listen(f, &raw);
    let threads = raw.threads.as_ref().and_then(|t| f.take("threads", t, |&n| one_or_more(n)));
    let deadlines = DeadlineSettings {
        connect: span(f, "deadlines.connect", raw.deadlines.connect.as_ref(), 5),
        head: span(f, "deadlines.head", raw.deadlines.head.as_ref(), 60),
        idle: span(f, "deadlines.idle", raw.deadlines.idle.as_ref(), 60),
        silence: span(f, "deadlines.silence", raw.deadlines.silence.as_ref(), 15),
        drain: span(f, "deadlines.drain", raw.deadlines.drain.as_ref(), 30),
    };
    let open = raw.limits.open_streams.as_ref().and_then(|n| f.take("limits.open_streams", n, |&n| one_or_more(n)));
    let limits = LimitSettings {
        max_body: size(f, "limits.max_body", raw.limits.max_body.as_ref(), 32),
        buffered: size(f, "limits.buffered", raw.limits.buffered.as_ref(), 256),
        open_streams: open.unwrap_or(10_000),
    };
    let vault = VaultSettings {
        ttl: span(f, "vault.ttl", raw.vault.ttl.as_ref(), 30 * 60),
        max_bytes: size(f, "vault.max_bytes", raw.vault.max_bytes.as_ref(), 64),
    };
    let records = match raw.record.as_ref().map(|r| r.value.as_str()) {
        None => Records::Nowhere,
        Some("-") => Records::Stdout,
        Some(path) => Records::File(path.into()),
    };
    let deadline = span(f, "deadlines.recogniser", raw.deadlines.recogniser.as_ref(), 1);
    let recogniser = raw.recogniser.as_ref().and_then(|text| f.take("recogniser", text, |t| beside(t)));
    let callers = raw.keys.iter().map(|key| key.name.value.clone()).collect();
    let legs = legs(&upstreams);
    let rules = rules(f, raw.policy.as_ref(), raw.packs.as_ref(), |source| {
        source.among(callers).on(legs).beside(recogniser.map(|address| Arc::new(Recogniser::new(address, deadline))))
    });
    let token_key = raw.token_key_file.map(|path| Secret::File(path.value.into()));
    match (listen, rules) {
        (Some(listen), Some(rules)) if f.found.is_empty() => {
            Ok(Settings { listen, threads, upstreams, keys, rules, records, token_key, deadlines, limits, vault })
        }
        _ => Err(std::mem::take(&mut f.found)),
    }
}

fn upstream(f: &mut Findings<'_>, index: usize, raw: &RawUpstream, names: &[String]) -> Option<UpstreamSettings> {
    let at = |field: &str| format!("upstreams[{index}].{field}");
    f.take(&at("name"), &raw.name, |name| named(name, &names[..index]))?;
    let origin = f.take(&at("url"), &raw.url, |url| origin(url))?;
    let key = match (&raw.key_env, &raw.key_file) {
        (Some(_), Some(file)) => {
            f.add(file.referenced, at("key_file"), "there is a key_env as well: keep one");
            None
        }
        (Some(name), None) => Some(Secret::Environment(name.value.clone())),
        (None, Some(path)) => Some(Secret::File(path.value.clone().into())),
        (None, None) => None,
    };
    let local = !origin.tls && origin.is_loopback();
    if key.is_none() && !local {
        let hint = "key_env: the name of an environment variable, or key_file: a file";
        f.add(raw.url.referenced, at("key_env"), Wrong::new("this upstream needs a key", hint));
    }
    let authorities = raw.ca_file.as_ref().map(|path| f.take(&at("ca_file"), path, |path| authorities(path)));
    let authorities = authorities.unwrap_or_else(|| Some(Vec::new()))?;
    if !authorities.is_empty() && !origin.tls {
        f.add(raw.url.referenced, at("ca_file"), Wrong::new("means nothing for http", "make the url https"));
    }
    let name: Arc<str> = raw.name.value.as_str().into();
    let provider = match &raw.provider {
        Some(named) => f.take(&at("provider"), named, |named| provider(named))?,
        None => wire::provider::by_name(&name).unwrap_or(&wire::provider::OPENAI),
    };
    Some(UpstreamSettings { name, provider, origin, key, key_optional: raw.quick && local, authorities })
}

fn key(f: &mut Findings<'_>, index: usize, raw: &RawKey, before: &[RawKey], names: &[String]) -> Option<KeySettings> {
    let at = |field: &str| format!("keys[{index}].{field}");
    let taken: Vec<String> = before.iter().map(|k| k.name.value.clone()).collect();
    let name = f.take(&at("name"), &raw.name, |name| named(name, &taken).map(|()| Arc::from(name.as_str())));
    let here = raw.key.as_ref().map(|k| Secret::Here(k.value.clone().into()));
    let environment = raw.key_env.as_ref().map(|k| Secret::Environment(k.value.clone()));
    let file = raw.key_file.as_ref().map(|k| Secret::File(k.value.clone().into()));
    if raw.key.as_ref().is_some_and(|k| k.value.trim() != k.value || k.value.is_empty()) {
        f.add(raw.name.referenced, at("key"), "is empty, or has space around it");
    }
    let mut sources: Vec<Secret> = [here, environment, file].into_iter().flatten().collect();
    if sources.len() != 1 {
        let wrong = Wrong::new("needs one of key_env, key_file and key", "key_env keeps it out of files");
        f.add(raw.name.referenced, at("key_env"), wrong);
    }
    let mut upstreams = Vec::new();
    for wanted in &raw.upstreams.value {
        match names.iter().position(|n| n == wanted) {
            Some(place) => upstreams.push(place),
            None => {
                let hint = format!("there are: {}", names.join(", "));
                f.add(
                    raw.upstreams.referenced,
                    at("upstreams"),
                    Wrong::new(format!("`{wanted}` is no upstream"), hint),
                );
            }
        }
    }
    Some(KeySettings { name: name?, source: sources.pop()?, upstreams })
}

fn provider(name: &str) -> Result<&'static Provider, Wrong> {
    let known = || wire::provider::PROVIDERS.iter().map(|p| p.name).collect::<Vec<_>>().join(", ");
    wire::provider::by_name(name).ok_or_else(|| Wrong::new("is no provider", format!("there are: {}", known())))
}

/// The legs that upstreams serve, each once.
fn legs(upstreams: &[UpstreamSettings]) -> Vec<Leg> {
    let mut legs = Vec::new();
    for provider in upstreams.iter().map(|u| u.provider) {
        let chat = provider.chat.map(|_| Leg::Llm);
        legs.extend(chat.into_iter().chain(provider.services.iter().map(|service| route::leg(service))));
    }
    let order = |leg: &Leg| [Leg::Llm, Leg::Stt, Leg::Tts].iter().position(|known| known == leg);
    legs.sort_by_key(order);
    legs.dedup();
    legs
}

fn named(name: &str, taken: &[String]) -> Result<(), Wrong> {
    let known = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    if !(1..=64).contains(&name.len()) || !name.bytes().all(known) || name.bytes().all(|b| b == b'.') {
        return Err(Wrong::new("is no name", "1 to 64 of A-Z a-z 0-9 - _ ."));
    }
    if RESERVED.contains(&name) {
        return Err(Wrong::new("is taken by a path of the gateway", "choose another"));
    }
    if taken.iter().any(|t| t == name) { Err("is there twice".into()) } else { Ok(()) }
}

fn origin(url: &str) -> Result<Origin, Wrong> {
    let wrong = || Wrong::new("is no origin", "scheme, host and port, e.g. https://api.openai.com");
    let uri: http::Uri = url.parse().map_err(|_| wrong())?;
    let tls = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => false,
        _ => return Err(Wrong::new("must begin with https:// or http://", "e.g. https://api.openai.com")),
    };
    let authority = uri.authority().filter(|a| !a.as_str().contains('@')).ok_or_else(wrong)?;
    match uri.path_and_query().map_or("/", |p| p.as_str()) {
        "/" => {}
        path if path.trim_end_matches('/').ends_with("/v1") => {
            return Err(Wrong::new("ends in /v1", "drop it: the path of the request is appended, and begins with /v1"));
        }
        _ => return Err(Wrong::new("has a path", "drop it: the path of the request is appended")),
    }
    let port = match authority.as_str()[authority.host().len()..].strip_prefix(':') {
        Some(port) => port.parse().ok().filter(|&p| p > 0).ok_or_else(wrong)?,
        None if tls => 443,
        None => 80,
    };
    let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    if host.is_empty() { Err(wrong()) } else { Ok(Origin { tls, host, port }) }
}

/// Raw text goes there: it must not leave the machine.
fn beside(text: &str) -> Result<SocketAddr, Wrong> {
    let address: SocketAddr = text.parse().map_err(|_| Wrong::new("is no address", "e.g. 127.0.0.1:5003"))?;
    match address.ip().is_loopback() {
        true => Ok(address),
        false => Err(Wrong::new("is not on this machine", "raw text goes there: only a loopback address is taken")),
    }
}

fn authorities(path: &str) -> Result<Vec<CertificateDer<'static>>, Wrong> {
    let hint = "a PEM file with one certificate or more";
    let pem = std::fs::read(path).map_err(|e| Wrong::new(format!("cannot be read: {}", e.kind()), hint))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let found = found.map_err(|_| Wrong::new("is not PEM", hint))?;
    if found.is_empty() || !found.iter().all(upstream::readable) {
        return Err(Wrong::new("holds no certificate that can be read", hint));
    }
    Ok(found)
}

/// Reads what was asked for, and compiles it unless something else is wrong: compiling takes its time. A policy that does
/// not speak of a direction could not act there: that is an error.
fn rules(
    f: &mut Findings<'_>,
    policy: Option<&Spanned<String>>,
    packs: Option<&Spanned<String>>,
    among: impl FnOnce(Source) -> Source,
) -> Option<Rules> {
    let word = |named: Option<&Spanned<String>>| named.map(|n| n.value.clone());
    let source = among(Source::new(word(packs).as_deref(), word(policy).as_deref()));
    let made = source.read().and_then(|texts| {
        let ruleset = match f.found.is_empty() {
            true => Some(texts.compile(&source)?),
            false => texts.parse(&source).map(|_| None)?,
        };
        Ok((texts, ruleset))
    });
    match made {
        Ok((texts, ruleset)) => Some(Rules { source, texts, live: Arc::new(Live::new(ruleset?)) }),
        Err(wrong) => {
            for finding in wrong {
                match (packs, policy) {
                    (Some(packs), _) if packs.value == finding.file => f.of_file("packs", packs, finding),
                    (_, Some(policy)) => f.of_file("policy", policy, finding),
                    _ => f.found.push(finding),
                }
            }
            None
        }
    }
}

fn one_or_more(n: usize) -> Result<usize, Wrong> {
    if n == 0 { Err("must be one or more".into()) } else { Ok(n) }
}

fn span(f: &mut Findings<'_>, key: &str, text: Option<&Spanned<String>>, seconds: u64) -> Duration {
    let taken = text.and_then(|text| f.take(key, text, |t| units::span(t)));
    taken.unwrap_or(Duration::from_secs(seconds))
}

fn size(f: &mut Findings<'_>, key: &str, text: Option<&Spanned<String>>, mebibytes: usize) -> usize {
    let taken = text.and_then(|text| f.take(key, text, |t| units::size(t)));
    taken.unwrap_or(mebibytes << 20)
}
