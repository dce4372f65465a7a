//! The opening handshake (RFC 6455 section 4), with the client and with the upstream. No extension is taken or offered,
//! so that what passes is what stands there.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use ring::{
    digest,
    rand::{SecureRandom, SystemRandom},
};
use wire::provider::{Place, Provider};

use crate::{attempt::AnswerHead, deny::Deny};

/// What section 4.2.2 joins to a key.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// What a client asked for, and is to be told.
#[derive(Debug)]
pub(crate) struct Handshake {
    accept: String,
    subprotocols: Vec<String>,
}

/// What the gateway asks of an upstream.
#[derive(Debug)]
pub(crate) struct Offer {
    key: String,
}

impl Handshake {
    /// Reads a client's request.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Deny> {
        let tokens = |name: HeaderName| -> Vec<String> {
            let values = headers.get_all(name).iter().filter_map(|v| v.to_str().ok());
            values.flat_map(|v| v.split(',')).map(|token| token.trim().to_ascii_lowercase()).collect()
        };
        let only = |name: HeaderName| match &headers.get_all(name).iter().collect::<Vec<_>>()[..] {
            [one] => one.to_str().ok(),
            _ => None,
        };
        if tokens(header::UPGRADE) != ["websocket"] || !tokens(header::CONNECTION).iter().any(|t| t == "upgrade") {
            return Err(Deny::HandshakeInvalid("Upgrade must be websocket, and Connection name it"));
        }
        if only(header::SEC_WEBSOCKET_VERSION) != Some("13") {
            return Err(Deny::HandshakeInvalid("Sec-WebSocket-Version must be 13"));
        }
        let key = only(header::SEC_WEBSOCKET_KEY).unwrap_or_default().trim();
        if !STANDARD.decode(key).is_ok_and(|key| key.len() == 16) {
            return Err(Deny::HandshakeInvalid("Sec-WebSocket-Key must be 16 bytes in base64"));
        }
        Ok(Handshake { accept: accept(key), subprotocols: tokens(header::SEC_WEBSOCKET_PROTOCOL) })
    }

    /// The headers of the answer that accepts it. A browser that showed its key in a subprotocol wants to hear its word.
    pub(crate) fn accepted(&self, provider: &Provider) -> Result<HeaderMap, Deny> {
        let mut headers = HeaderMap::new();
        let accept = HeaderValue::from_str(&self.accept).map_err(|_| Deny::GuardFault)?;
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        let words = provider.keys.iter().filter_map(|place| match place {
            Place::Subprotocol(word) => Some(*word),
            _ => None,
        });
        let mut heard = words.filter(|word| self.subprotocols.first().is_some_and(|said| said == word));
        if let Some(word) = heard.next() {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(word));
        }
        Ok(headers)
    }
}

impl Offer {
    pub(crate) fn new(random: &SystemRandom) -> Result<Self, Deny> {
        let mut key = [0; 16];
        random.fill(&mut key).map_err(|_| Deny::GuardFault)?;
        Ok(Offer { key: STANDARD.encode(key) })
    }

    /// The headers that ask for an upgrade.
    pub(crate) fn headers(&self) -> [(HeaderName, &str); 4] {
        [
            (header::CONNECTION, "Upgrade"),
            (header::UPGRADE, "websocket"),
            (header::SEC_WEBSOCKET_VERSION, "13"),
            (header::SEC_WEBSOCKET_KEY, &self.key),
        ]
    }

    /// Reads an upstream's answer.
    pub(crate) fn answered(&self, head: &AnswerHead) -> Result<(), Deny> {
        let says = |name: HeaderName, value: &str| {
            head.headers.get(name).and_then(|v| v.to_str().ok()).is_some_and(|v| v.eq_ignore_ascii_case(value))
        };
        match head.status {
            StatusCode::SWITCHING_PROTOCOLS => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                return Err(Deny::UpstreamAuth);
            }
            status if status.is_client_error() || status.is_server_error() => return Err(Deny::UpstreamError(status)),
            _ => return Err(Deny::UpstreamGarbage("it opens no WebSocket")),
        }
        // The accept value is base64, in which case counts.
        let accepts = head.headers.get(header::SEC_WEBSOCKET_ACCEPT).is_some_and(|v| *v == *accept(&self.key));
        let unasked = [header::SEC_WEBSOCKET_EXTENSIONS, header::SEC_WEBSOCKET_PROTOCOL];
        if !says(header::UPGRADE, "websocket") || !says(header::CONNECTION, "upgrade") || !accepts {
            return Err(Deny::UpstreamGarbage("its WebSocket handshake is none"));
        }
        if unasked.iter().any(|name| head.headers.contains_key(name)) {
            return Err(Deny::UpstreamGarbage("it answers with what was not offered"));
        }
        Ok(())
    }
}

fn accept(key: &str) -> String {
    let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, format!("{key}{GUID}").as_bytes());
    STANDARD.encode(hash)
}

#[cfg(test)]
mod tests {
    use wire::provider::{DEEPGRAM, OPENAI};

    use super::*;

    const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

    fn client(lines: &[(&'static str, &str)]) -> Result<Handshake, Deny> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        Handshake::of(&headers)
    }

    fn usual() -> Vec<(&'static str, &'static str)> {
        vec![
            ("upgrade", "WebSocket"),
            ("connection", "keep-alive, Upgrade"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", KEY),
        ]
    }

    #[test]
    fn the_standards_example() {
        let headers = client(&usual()).unwrap().accepted(&OPENAI).unwrap();
        assert_eq!(headers["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert!(!headers.contains_key("sec-websocket-protocol"));
    }

    #[test]
    fn a_browser_hears_its_word_and_not_its_key() {
        let mut lines = usual();
        lines.push(("sec-websocket-protocol", "token, sk-dev"));
        let headers = client(&lines).unwrap().accepted(&DEEPGRAM).unwrap();
        assert_eq!(headers["sec-websocket-protocol"], "token");
    }

    #[test]
    fn what_is_no_handshake_is_refused() {
        for (name, value) in [
            ("upgrade", "h2c, websocket"),
            ("connection", "close"),
            ("sec-websocket-version", "8"),
            ("sec-websocket-key", "c2hvcnQ="),
            ("sec-websocket-key", ""),
        ] {
            let lines: Vec<_> =
                usual().into_iter().map(|line| if line.0 == name { (name, value) } else { line }).collect();
            assert!(matches!(client(&lines), Err(Deny::HandshakeInvalid(_))), "{name}: {value}");
            let without: Vec<_> = usual().into_iter().filter(|line| line.0 != name).collect();
            assert!(client(&without).is_err(), "{name}");
        }
        let twice = [usual(), vec![("sec-websocket-key", KEY)]].concat();
        assert!(client(&twice).is_err());
    }

    #[test]
    fn an_upstream_answers_what_was_asked() {
        let offer = Offer { key: KEY.into() };
        let head = |status: u16, lines: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                headers.append(*name, value.parse().unwrap());
            }
            offer.answered(&AnswerHead { status: StatusCode::from_u16(status).unwrap(), headers })
        };
        let good = [
            ("upgrade", "websocket"),
            ("connection", "Upgrade"),
            ("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ];
        assert_eq!(head(101, &good), Ok(()));
        assert_eq!(head(401, &[]), Err(Deny::UpstreamAuth));
        assert_eq!(head(429, &[]), Err(Deny::UpstreamError(StatusCode::TOO_MANY_REQUESTS)));
        for more in [("sec-websocket-extensions", "permessage-deflate"), ("sec-websocket-protocol", "token")] {
            assert!(matches!(head(101, &[&good[..], &[more]].concat()), Err(Deny::UpstreamGarbage(_))));
        }
        assert!(matches!(head(101, &good[..2]), Err(Deny::UpstreamGarbage(_))));
        assert!(matches!(head(200, &good), Err(Deny::UpstreamGarbage(_))));
    }
}
