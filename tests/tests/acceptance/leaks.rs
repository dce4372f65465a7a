//! Every leak test in two: through the gateway nothing is found; the same client without it, and the same search finds all.

use acceptance::harness::{Chat, Client, Gateway, Matcher, Provider, Response};
use serde_json::Value;

pub(crate) const CARD: &str = "4111 1111 1111 1111";
pub(crate) const EMAIL: &str = "maria.lopez@example.com";
pub(crate) const PHONE: &str = "415-555-0142";
pub(crate) const SSN: &str = "536-22-8143";
pub(crate) const IBAN: &str = "GB82 WEST 1234 5698 7654 32";

/// The gateway before one provider, and a provider of the same kind that is asked directly.
pub(crate) struct Twins {
    pub(crate) provider: Provider,
    pub(crate) gateway: Gateway,
    pub(crate) bare: Provider,
}

impl Twins {
    pub(crate) fn quoting() -> Self {
        Self::with(serde_json::json!({}))
    }

    pub(crate) fn with(scenario: Value) -> Self {
        Self::following(&scenario.to_string())
    }

    pub(crate) fn following(script: &str) -> Self {
        let (provider, bare) = (Provider::following(script), Provider::following(script));
        Self { gateway: Gateway::before(&provider), provider, bare }
    }

    /// The same with speech read both ways.
    pub(crate) fn listening(self) -> Self {
        let policy = include_str!("../../../rules/policies/default.yaml");
        Self { gateway: Gateway::listening(&self.provider, policy), ..self }
    }

    /// A client of the provider itself: the same client with the guard off.
    pub(crate) fn unguarded(&self) -> Client {
        Client::of(self.bare.address())
    }

    /// Asks both; the guarded answer.
    pub(crate) fn ask(&self, chat: &Chat) -> Response {
        self.unguarded().chat(chat);
        self.gateway.client().chat(chat)
    }

    /// Posts raw bytes to both; the guarded answer.
    pub(crate) fn post(&self, body: &[u8]) -> Response {
        self.unguarded().post("/v1/chat/completions", body);
        self.gateway.client().post("/v1/chat/completions", body)
    }

    /// The provider behind the gateway saw none of these values, and the other saw all.
    pub(crate) fn hid_from_the_provider(&self, planted: &[&str]) {
        let matcher = Matcher::of(planted);
        matcher.find_none_in("what the provider saw", &self.provider.saw());
        matcher.find_all_in("what the twin saw", &self.bare.saw());
        self.kept_quiet(planted);
    }

    /// An answer shows none of these values through the gateway, and shows all without it.
    pub(crate) fn hid_from_the_agent(&self, chat: &Chat, planted: &[&str]) -> Response {
        let matcher = Matcher::of(planted);
        let guarded = self.gateway.client().chat(chat);
        matcher.find_none_in("what the agent got", guarded.raw());
        matcher.find_none_in("what the agent reads", &texts(&guarded));
        let open = self.unguarded().chat(chat);
        matcher.find_all_in("what the twin's agent reads", &texts(&open));
        self.kept_quiet(planted);
        guarded
    }

    /// Neither logs nor records hold a value.
    pub(crate) fn kept_quiet(&self, planted: &[&str]) {
        Matcher::of(planted).find_none_in("what the gateway wrote", self.gateway.wrote().as_bytes());
    }
}

/// The texts of an answer, channel by channel, and the whole.
fn texts(response: &Response) -> Vec<u8> {
    let stream = response.stream();
    let mut texts = vec![response.text()];
    for choice in 0..2 {
        texts.extend(["content", "refusal", "record_field"].map(|field| stream.field(choice, field)));
        texts.extend((0..2).map(|call| stream.arguments(choice, call)));
    }
    texts.join("\n").into_bytes()
}
