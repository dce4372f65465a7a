//! Which headers cross, both ways: those on a provider's lists, with their values scanned; all others stay behind.

use std::sync::Arc;

use guard::{Summary, screen_text};
use http::{HeaderMap, HeaderValue};
use rules::Program;
use wire::provider::Headers;

use crate::{contain, deny::Deny};

/// Those that are on a list.
pub(crate) fn cross(
    allowed: &Headers,
    from: &HeaderMap,
    program: &Arc<Program>,
    summary: &mut Summary,
) -> Result<HeaderMap, Deny> {
    let mut to = HeaderMap::new();
    for (name, value) in from.iter().filter(|(name, _)| allowed.have(name.as_str())) {
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

#[cfg(test)]
mod tests {
    use http::HeaderName;
    use rules::{Direction, Leg, Policy};
    use wire::provider::OPENAI;

    use super::*;

    fn crossing(list: &Headers, lines: &[(&str, &str)]) -> Vec<String> {
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
        assert_eq!(crossing(&OPENAI.to_provider, &lines), crossed);
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
        assert_eq!(crossing(&OPENAI.to_client, &lines), crossed);
    }
}
