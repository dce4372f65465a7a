//! Where a request wants to go: a path and method that a dialect's table claims, at an upstream that is configured.

use std::{fmt, sync::Arc};

use http::Method;
use rules::Leg;
use wire::{
    dialect::Dialect,
    provider::Provider,
    speech::{self, Service},
};

use crate::deny::Deny;

/// The upstreams that paths can name, in the order of the configuration; the first whose provider claims a path takes
/// it where it names none.
pub(crate) struct Routes(Vec<(Arc<str>, &'static Provider)>);

/// What a path asks for.
#[derive(Debug)]
pub(crate) enum Route {
    Health,
    To(Routed),
}

/// Proof: this request goes to a known upstream, by a path that a table claims.
pub(crate) struct Routed {
    upstream: usize,
    name: Arc<str>,
    provider: &'static Provider,
    call: Call,
}

/// What is asked of an upstream.
#[derive(Clone)]
pub(crate) enum Call {
    Chat(&'static Dialect),
    Models(&'static Dialect),
    /// One model, by its name as the path wrote it.
    Model(&'static Dialect, String),
    /// A WebSocket.
    Session(&'static Service),
}

impl Routes {
    pub(crate) fn new(upstreams: impl IntoIterator<Item = (Arc<str>, &'static Provider)>) -> Self {
        Routes(upstreams.into_iter().collect())
    }

    /// Reads a request line.
    pub(crate) fn resolve(&self, method: &Method, path: &str, query: Option<&str>) -> Result<Route, Deny> {
        if path == "/healthz" {
            return only(method, &Method::GET, Route::Health);
        }
        let (upstream, (takes, call)) = self.claimed(path).ok_or(Deny::RouteUnknown)?;
        let (name, provider) = self.0[upstream].clone();
        let routed = only(method, &takes, Routed { upstream, name, provider, call })?;
        // A query would leave unscanned; only a session's is read.
        if query.is_some_and(|q| !q.is_empty()) && !matches!(routed.call, Call::Session(_)) {
            return Err(Deny::QueryRefused("this path takes none"));
        }
        Ok(Route::To(routed))
    }

    /// The upstream that takes a path, and what it takes it for.
    fn claimed(&self, path: &str) -> Option<(usize, (Method, Call))> {
        let first = path.strip_prefix('/')?.split('/').next()?;
        if let Some(named) = self.0.iter().position(|(name, _)| **name == *first) {
            return Some((named, call(self.0[named].1, &path[1 + first.len()..])?));
        }
        let mut claims = self.0.iter().enumerate().map(|(at, (_, provider))| Some((at, call(provider, path)?)));
        claims.find_map(|claim| claim)
    }
}

impl Routed {
    /// Its place in the configuration.
    pub(crate) fn upstream(&self) -> usize {
        self.upstream
    }

    pub(crate) fn upstream_name(&self) -> &Arc<str> {
        &self.name
    }

    pub(crate) fn provider(&self) -> &'static Provider {
        self.provider
    }

    pub(crate) fn call(&self) -> &Call {
        &self.call
    }
}

impl fmt::Debug for Routed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.call.label())
    }
}

impl Call {
    /// What records say: never what the path said.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Call::Chat(_) => "/v1/chat/completions",
            Call::Models(_) => "/v1/models",
            Call::Model(..) => "/v1/models/{model}",
            Call::Session(service) => service.path,
        }
    }

    pub(crate) fn leg(&self) -> Leg {
        match self {
            Call::Chat(_) | Call::Models(_) | Call::Model(..) => Leg::Llm,
            Call::Session(service) => leg(service),
        }
    }
}

fn only<T>(method: &Method, takes: &Method, route: T) -> Result<T, Deny> {
    if method == takes { Ok(route) } else { Err(Deny::MethodRefused) }
}

/// The leg of a service.
pub(crate) fn leg(service: &Service) -> Leg {
    match service.leg {
        speech::Leg::Stt => Leg::Stt,
        speech::Leg::Tts => Leg::Tts,
    }
}

/// What a provider takes a path for.
fn call(provider: &'static Provider, path: &str) -> Option<(Method, Call)> {
    if let Some(service) = provider.service(path) {
        return Some((Method::GET, Call::Session(service)));
    }
    let chat = provider.chat?;
    match path.strip_prefix("/v1/")? {
        "chat/completions" => Some((Method::POST, Call::Chat(chat))),
        "models" => Some((Method::GET, Call::Models(chat))),
        rest => {
            let model = rest.strip_prefix("models/").filter(|m| names_a_model(m))?;
            Some((Method::GET, Call::Model(chat, model.to_owned())))
        }
    }
}

/// Providers' names have slashes and colons, and come percent-encoded; a segment of dots would climb to another path.
fn names_a_model(text: &str) -> bool {
    let known = |b: u8| b.is_ascii_alphanumeric() || b"-._~:@/%+".contains(&b);
    let plain = decoded(text);
    let climbs = |segment: &[u8]| segment.iter().all(|&b| b == b'.');
    let odd = |b: &u8| *b < b' ' || b"\\?#\x7f".contains(b);
    text.len() <= 256 && text.bytes().all(known) && !plain.split(|&b| b == b'/').any(climbs) && !plain.iter().any(odd)
}

/// Percent-decoded once, as an upstream would; what is no escape stays.
pub(crate) fn decoded(text: &str) -> Vec<u8> {
    let hex = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = (hex(bytes.get(at + 1)), hex(bytes.get(at + 2)));
        if let (b'%', (Some(high), Some(low))) = (bytes[at], pair) {
            out.push(high << 4 | low);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use wire::provider::{CARTESIA, DEEPGRAM, OPENAI};

    use super::*;

    /// The upstream's place, and what it is asked; of a model its name.
    fn resolve(method: &str, target: &str) -> Result<(usize, String), Deny> {
        let routes = [("openai", &OPENAI), ("ears", &DEEPGRAM), ("other", &OPENAI), ("voice", &CARTESIA)];
        let routes = Routes::new(routes.map(|(name, provider)| (name.into(), provider)));
        let (path, query) = target.split_once('?').map_or((target, None), |(p, q)| (p, Some(q)));
        match routes.resolve(&method.parse().unwrap(), path, query)? {
            Route::Health => Ok((99, String::new())),
            Route::To(routed) => Ok(match &routed.call {
                Call::Model(_, model) => (routed.upstream(), model.clone()),
                call => (routed.upstream(), call.label().to_owned()),
            }),
        }
    }

    #[test]
    fn claimed_paths() {
        let chat = "/v1/chat/completions";
        assert_eq!(resolve("POST", chat), Ok((0, chat.into())));
        assert_eq!(resolve("POST", "/openai/v1/chat/completions"), Ok((0, chat.into())));
        assert_eq!(resolve("POST", "/other/v1/chat/completions?"), Ok((2, chat.into())));
        assert_eq!(resolve("GET", "/v1/models"), Ok((0, "/v1/models".into())));
        assert_eq!(resolve("GET", "/other/v1/models/org%2Fm:1"), Ok((2, "org%2Fm:1".into())));
        assert_eq!(resolve("GET", "/v1/listen?model=x"), Ok((1, "/v1/listen".into())));
        assert_eq!(resolve("GET", "/ears/v1/speak"), Ok((1, "/v1/speak".into())));
        assert_eq!(resolve("GET", "/tts/websocket"), Ok((3, "/tts/websocket".into())));
        assert_eq!(resolve("GET", "/healthz").unwrap().0, 99);
    }

    #[test]
    fn everything_else_is_refused() {
        let unknown = [
            "/",
            "/v1",
            "/v1/",
            "/v1/completions",
            "/v1/chat/completions/",
            "/v1//chat/completions",
            "/V1/chat/completions",
            "/nobody/v1/models",
            "/ears/v1/models",
            "/openai/v1/listen",
            "/openai",
            "//v1/models",
            "/v1/models/",
            "/v1/models/../files",
            "/v1/models/%2e%2E/files",
            "/v1/models/a%2F..%2Ffiles",
            "/v1/models/a%3Fb",
            "/v1/models/a b",
            "/v1/models/a%00",
            "/v1/models/a%5Cb",
            "/v1/models/a//b",
            "/openai/openai/v1/models",
            "/v1/chat%2Fcompletions",
            "/healthz/",
        ];
        for path in unknown {
            assert_eq!(resolve("GET", path), Err(Deny::RouteUnknown), "{path}");
        }
        assert_eq!(resolve("GET", "/v1/chat/completions"), Err(Deny::MethodRefused));
        assert_eq!(resolve("HEAD", "/v1/models"), Err(Deny::MethodRefused));
        assert_eq!(resolve("POST", "/healthz"), Err(Deny::MethodRefused));
        assert_eq!(resolve("GET", "/v1/models?limit=1"), Err(Deny::QueryRefused("this path takes none")));
        assert_eq!(resolve("POST", "/v1/listen"), Err(Deny::MethodRefused));
    }
}
