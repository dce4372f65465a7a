//! Which headers cross, both ways: those on a list, with their values scanned; all others stay behind.

use std::sync::Arc;

use guard::{Summary, screen_text};
use http::{HeaderMap, HeaderName, HeaderValue};
use rules::Program;

use crate::{contain, deny::Deny};

/// A list: whole names, and beginnings of names.
struct Allowed {
    names: &'static [&'static str],
    prefixes: &'static [&'static str],
}

const TO_UPSTREAM: Allowed = Allowed {
    names: &["accept", "user-agent", "openai-beta", "openai-organization", "openai-project"],
    prefixes: &["x-stainless-"],
};

const TO_CLIENT: Allowed = Allowed {
    names: &["retry-after", "openai-processing-ms", "openai-model", "x-request-id", "x-should-retry"],
    prefixes: &["x-ratelimit-"],
};

/// The client's headers that an upstream may see.
pub(crate) fn to_upstream(from: &HeaderMap, program: &Arc<Program>, summary: &mut Summary) -> Result<HeaderMap, Deny> {
    cross(&TO_UPSTREAM, from, program, summary)
}

/// The upstream's headers that a client may see.
pub(crate) fn to_client(from: &HeaderMap, program: &Arc<Program>, summary: &mut Summary) -> Result<HeaderMap, Deny> {
    cross(&TO_CLIENT, from, program, summary)
}

fn cross(
    allowed: &Allowed,
    from: &HeaderMap,
    program: &Arc<Program>,
    summary: &mut Summary,
) -> Result<HeaderMap, Deny> {
    let mut to = HeaderMap::new();
    for (name, value) in from.iter().filter(|(name, _)| allowed.has(name)) {
        if let Some(value) = screened(value, program, summary)? {
            to.append(name.clone(), value);
        }
    }
    Ok(to)
}

/// The value as it may pass; none if it is no text or the policy blocks what is in it.
fn screened(value: &HeaderValue, program: &Arc<Program>, summary: &mut Summary) -> Result<Option<HeaderValue>, Deny> {
    let Ok(text) = value.to_str() else { return Ok(None) };
    let screened = contain::contained(|| screen_text(program, text, summary))?;
    Ok(match screened {
        Ok(same) if same == text => Some(value.clone()),
        Ok(other) => HeaderValue::from_str(&other).ok(),
        Err(_) => None,
    })
}

impl Allowed {
    fn has(&self, name: &HeaderName) -> bool {
        self.names.contains(&name.as_str()) || self.prefixes.iter().any(|p| name.as_str().starts_with(p))
    }
}

#[cfg(test)]
mod tests {
    use rules::{Direction, Leg, Policy};

    use super::*;

    fn crossing(list: &Allowed, lines: &[(&str, &str)]) -> Vec<String> {
        let policy = Policy::parse(rules::policy::DEFAULT).unwrap();
        let program = Program::compile(&rules::built_in().unwrap(), &policy, Leg::Llm, Direction::In).unwrap();
        let mut from = HeaderMap::new();
        for (name, value) in lines {
            from.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let crossed = cross(list, &from, &Arc::new(program), &mut Summary::default()).unwrap();
        crossed.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    }

    #[test]
    fn to_an_upstream() {
        let lines = [
            ("Accept", "application/json"),
            ("User-Agent", "OpenAI/Python 1.0"),
            ("OpenAI-Organization", "org"),
            ("x-stainless-lang", "python"),
            ("x-stainless-os", "Linüx"),
            ("Authorization", "Bearer sk-dev"),
            ("Cookie", "a=b"),
            ("Host", "gateway"),
            ("Connection", "close"),
            ("Content-Length", "3"),
            ("Transfer-Encoding", "chunked"),
            ("Accept-Encoding", "gzip"),
            ("Expect", "100-continue"),
            ("X-Forwarded-For", "10.0.0.1"),
            ("Forwarded", "for=10.0.0.1"),
            ("baggage", "a=b"),
            ("traceparent", "00"),
            ("x-tidegate-conversation", "c1"),
            ("Content-Type", "application/json"),
            ("Proxy-Authorization", "x"),
        ];
        let crossed = [
            "accept: application/json",
            "user-agent: OpenAI/Python 1.0",
            "openai-organization: org",
            "x-stainless-lang: python",
        ];
        assert_eq!(crossing(&TO_UPSTREAM, &lines), crossed);
    }

    #[test]
    fn to_a_client() {
        let lines = [
            ("Retry-After", "3"),
            ("openai-processing-ms", "12"),
            ("x-request-id", "req_1"),
            ("x-ratelimit-remaining-tokens", "7"),
            ("Set-Cookie", "a=b"),
            ("ETag", "x"),
            ("Digest", "x"),
            ("openai-organization", "provider-account"),
            ("Server", "x"),
            ("x-tidegate-guard", "policy=none"),
            ("Accept-Ranges", "bytes"),
            ("Transfer-Encoding", "chunked"),
            ("Date", "x"),
        ];
        let crossed =
            ["retry-after: 3", "openai-processing-ms: 12", "x-request-id: req_1", "x-ratelimit-remaining-tokens: 7"];
        assert_eq!(crossing(&TO_CLIENT, &lines), crossed);
    }
}
