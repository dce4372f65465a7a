//! What may be seen: the request as it may leave, and what its answer may show again.

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use guard::{ResponseContext, RestoreSet, Summary, screen_request, screen_text};
use http::{
    HeaderMap, HeaderName, Method,
    header::{CONTENT_LENGTH, TRANSFER_ENCODING},
};
use rules::{Program, TokenKey};
use wire::{dialect::Dialect, provider::Provider, speech::Service};

use super::{
    admit::Admitted,
    query,
    route::{self, Call},
};
use crate::{
    body, contain,
    deny::Deny,
    exchange::{Exchange, Stop},
    headers,
    ports::Downstream,
    vault::{Lease, Namespace, Vault},
};

const CONVERSATION: HeaderName = HeaderName::from_static("x-tidegate-conversation");

/// What screening needs: the keys of tokens, the place where values are kept. The rules are the exchange's.
pub(crate) struct Screening {
    pub(crate) tokens: TokenKey,
    pub(crate) vault: Vault,
    pub(crate) max_body: usize,
    pub(crate) idle: Duration,
}

/// Proof: this request may leave. Every value that was taken out of it is in the vault.
pub(crate) struct Screened {
    admitted: Admitted,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
    restore: Arc<RestoreSet>,
    context: ResponseContext,
    _lease: Lease,
}

impl Screening {
    /// Reads and screens a request.
    pub(crate) async fn screen(
        &self,
        mut admitted: Admitted,
        (from, query): (&HeaderMap, Option<&str>),
        down: &mut impl Downstream,
        exchange: &mut Exchange,
    ) -> Result<Screened, Stop> {
        let program = exchange.guards()?.request.clone();
        exchange.record.conversation = conversation(from, &program)?;
        let mut summary = Summary::default();
        let routed = admitted.permit().caller().routed();
        let headers = headers::cross(&routed.provider().to_provider, from, &program, &mut summary)?;
        exchange.record.count_request(&summary);

        let call = routed.call().clone();
        let (method, path) = match &call {
            Call::Chat(_) => (Method::POST, call.label().to_owned()),
            Call::Models(_) => (Method::GET, call.label().to_owned()),
            Call::Model(_, name) => (Method::GET, model(name, &program)?),
            Call::Session(service) => (Method::GET, session(service, query, routed.provider(), &program)?),
        };
        let guarded = match call {
            Call::Chat(dialect) => self.body(dialect, &mut admitted, from, down, exchange).await?,
            Call::Models(_) | Call::Model(..) | Call::Session(_) => no_body(from)?,
        };
        let caller = admitted.permit().caller().identity();
        let namespace = match &exchange.record.conversation {
            Some(id) => Namespace::conversation(&caller.name, id),
            None => Namespace::exchange(&caller.name, &exchange.record.exchange),
        };
        let lease = self.vault.keep(namespace, &guarded.minted).await?;
        let restore = Arc::new(self.vault.load(&lease).await?);
        let Guarded { body, context, .. } = guarded;
        Ok(Screened { admitted, method, path, headers, body, restore, context, _lease: lease })
    }

    async fn body(
        &self,
        dialect: &'static Dialect,
        admitted: &mut Admitted,
        from: &HeaderMap,
        down: &mut impl Downstream,
        exchange: &mut Exchange,
    ) -> Result<Guarded, Stop> {
        body::announced(from, self.max_body)?;
        let read = body::read(down, admitted.buffered(), self.max_body, self.idle).await?;
        exchange.record.bytes.request = read.len() as u64;
        // The screened copy is as large as the original, within a few labels.
        admitted.buffered().grow(read.len())?;

        let caller = admitted.permit().caller();
        let key = self.key(&caller.identity().name, exchange.record.conversation.as_deref());
        let program = exchange.guards()?.request.clone();
        let screened =
            contain::scan(read.len(), program.asks(), move || screen_request(dialect, &program, &key, &read)).await?;
        let screened = screened.map_err(Deny::of_request)?;
        exchange.record.count_request(&screened.summary);
        admitted.buffered().set(screened.body.len())?;
        Ok(Guarded { body: screened.body.into(), minted: screened.minted, context: screened.context })
    }

    /// Tokens of a caller are the same from turn to turn, so that a provider's prompt cache stays warm; a named
    /// conversation has its own.
    fn key(&self, caller: &str, conversation: Option<&str>) -> TokenKey {
        match conversation {
            Some(id) => self.tokens.scoped(&["llm", caller, "conversation", id]),
            None => self.tokens.scoped(&["llm", caller]),
        }
    }
}

/// The conversation's name, if it has one. It goes into records, so it must be no value.
fn conversation(from: &HeaderMap, program: &Arc<Program>) -> Result<Option<String>, Deny> {
    let mut values = from.get_all(CONVERSATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let id = value.to_str().map_err(|_| Deny::ConversationInvalid)?;
    let known = |b: u8| b.is_ascii_alphanumeric() || b"._:-".contains(&b);
    let shaped = (1..=128).contains(&id.len()) && id.bytes().all(known) && values.next().is_none();
    if !shaped || finds(id, program)? {
        return Err(Deny::ConversationInvalid);
    }
    Ok(Some(id.to_owned()))
}

fn model(name: &str, program: &Arc<Program>) -> Result<String, Deny> {
    let plain = String::from_utf8(route::decoded(name)).map_err(|_| Deny::RouteUnknown)?;
    if finds(name, program)? || finds(&plain, program)? {
        return Err(Deny::Blocked("a value in the path".into()));
    }
    Ok(format!("/v1/models/{name}"))
}

/// The path of a session, with what of its query may leave.
fn session(
    service: &Service,
    query: Option<&str>,
    provider: &Provider,
    program: &Arc<Program>,
) -> Result<String, Deny> {
    let query = query::screened(query.unwrap_or_default(), &service.query, provider.keys, |text| finds(text, program))?;
    Ok(if query.is_empty() { service.path.to_owned() } else { format!("{}?{query}", service.path) })
}

fn finds(text: &str, program: &Arc<Program>) -> Result<bool, Deny> {
    let mut summary = Summary::default();
    let screened = contain::contained(|| screen_text(program, text, &mut summary))?;
    Ok(!summary.findings.is_empty() || !screened.is_ok_and(|same| same == text))
}

/// A body after the guard, before the vault.
#[derive(Default)]
struct Guarded {
    body: Bytes,
    minted: Vec<guard::Minted>,
    context: ResponseContext,
}

/// What is not read is not screened, so that there must be nothing to read.
fn no_body(from: &HeaderMap) -> Result<Guarded, Deny> {
    let empty = from.get_all(CONTENT_LENGTH).iter().all(|v| v == "0");
    if !empty || from.contains_key(TRANSFER_ENCODING) {
        return Err(Deny::BodyInvalid("this path takes none".into()));
    }
    Ok(Guarded::default())
}

impl Screened {
    pub(crate) fn admitted(&mut self) -> &mut Admitted {
        &mut self.admitted
    }

    /// The place of the upstream that it goes to.
    pub(crate) fn upstream(&self) -> usize {
        self.admitted.permit().caller().routed().upstream()
    }

    pub(crate) fn provider(&self) -> &'static Provider {
        self.admitted.permit().caller().routed().provider()
    }

    /// What its answer speaks; a session has services instead.
    pub(crate) fn dialect(&self) -> Result<&'static Dialect, Deny> {
        match self.admitted.permit().caller().routed().call() {
            Call::Chat(dialect) | Call::Models(dialect) | Call::Model(dialect, _) => Ok(dialect),
            Call::Session(_) => Err(Deny::GuardFault),
        }
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    /// Lets go of the body: it has been sent, and nothing sends it again.
    pub(crate) fn sent(&mut self) -> Result<(), Deny> {
        self.body = Bytes::new();
        self.admitted.buffered().set(0)
    }

    pub(crate) fn restore(&self) -> &Arc<RestoreSet> {
        &self.restore
    }

    pub(crate) fn context(&self) -> &ResponseContext {
        &self.context
    }
}
