//! Where a request wants to go: a path and method that a dialect's table claims, at an upstream that is configured.

use std::sync::Arc;

use http::Method;
use wire::dialect::{Dialect, OPENAI_CHAT};

use crate::deny::Deny;

/// The upstreams that paths can name, in the order of the configuration; the first is the default.
#[derive(Debug)]
pub(crate) struct Routes(Vec<Arc<str>>);

/// What a path asks for.
#[derive(Debug)]
pub(crate) enum Route {
    Health,
    To(Routed),
}

/// Proof: this request goes to a known upstream, by a path that a table claims.
#[derive(Debug)]
pub(crate) struct Routed {
    upstream: usize,
    name: Arc<str>,
    call: Call,
}

/// What is asked of an upstream.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Call {
    Chat,
    Models,
    /// One model, by its name as the path wrote it.
    Model(String),
}

impl Routes {
    pub(crate) fn new(names: impl IntoIterator<Item = Arc<str>>) -> Self {
        Routes(names.into_iter().collect())
    }

    /// Reads a request line.
    pub(crate) fn resolve(&self, method: &Method, path: &str, query: Option<&str>) -> Result<Route, Deny> {
        if path == "/healthz" {
            return only(method, &Method::GET, Route::Health);
        }
        let (upstream, rest) = self.upstream(path)?;
        let (takes, call) = call(rest)?;
        let routed = only(method, &takes, Routed { upstream, name: self.0[upstream].clone(), call })?;
        // A query would leave unscanned, and no claimed path has one.
        if query.is_some_and(|q| !q.is_empty()) {
            return Err(Deny::QueryRefused);
        }
        Ok(Route::To(routed))
    }

    fn upstream<'p>(&self, path: &'p str) -> Result<(usize, &'p str), Deny> {
        if let Some(rest) = path.strip_prefix("/v1/") {
            return if self.0.is_empty() { Err(Deny::RouteUnknown) } else { Ok((0, rest)) };
        }
        let (name, rest) = path.strip_prefix('/').and_then(|p| p.split_once("/v1/")).ok_or(Deny::RouteUnknown)?;
        let index = self.0.iter().position(|known| **known == *name).ok_or(Deny::RouteUnknown)?;
        Ok((index, rest))
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

    pub(crate) fn call(&self) -> &Call {
        &self.call
    }

    pub(crate) fn dialect(&self) -> &'static Dialect {
        &OPENAI_CHAT
    }
}

impl Call {
    /// What records say: never what the path said.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Call::Chat => "/v1/chat/completions",
            Call::Models => "/v1/models",
            Call::Model(_) => "/v1/models/{model}",
        }
    }
}

fn only<T>(method: &Method, takes: &Method, route: T) -> Result<T, Deny> {
    if method == takes { Ok(route) } else { Err(Deny::MethodRefused) }
}

fn call(rest: &str) -> Result<(Method, Call), Deny> {
    match rest {
        "chat/completions" => Ok((Method::POST, Call::Chat)),
        "models" => Ok((Method::GET, Call::Models)),
        _ => {
            let model = rest.strip_prefix("models/").filter(|m| names_a_model(m)).ok_or(Deny::RouteUnknown)?;
            Ok((Method::GET, Call::Model(model.to_owned())))
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
    use super::*;

    fn resolve(method: &str, target: &str) -> Result<(usize, Call), Deny> {
        let routes = Routes::new(["openai".into(), "other".into()]);
        let (path, query) = target.split_once('?').map_or((target, None), |(p, q)| (p, Some(q)));
        match routes.resolve(&method.parse().unwrap(), path, query)? {
            Route::Health => Ok((99, Call::Models)),
            Route::To(routed) => Ok((routed.upstream(), routed.call)),
        }
    }

    #[test]
    fn claimed_paths() {
        assert_eq!(resolve("POST", "/v1/chat/completions"), Ok((0, Call::Chat)));
        assert_eq!(resolve("POST", "/openai/v1/chat/completions"), Ok((0, Call::Chat)));
        assert_eq!(resolve("POST", "/other/v1/chat/completions?"), Ok((1, Call::Chat)));
        assert_eq!(resolve("GET", "/v1/models"), Ok((0, Call::Models)));
        assert_eq!(resolve("GET", "/other/v1/models/org%2Fm:1"), Ok((1, Call::Model("org%2Fm:1".into()))));
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
        assert_eq!(resolve("GET", "/v1/models?limit=1"), Err(Deny::QueryRefused));
    }
}
