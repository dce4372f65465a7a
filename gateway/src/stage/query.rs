//! The query of a session's URL: what its service's table takes passes, once it holds nothing; the rest is refused.

use wire::{provider::Place, speech::Query};

use super::route::decoded;
use crate::deny::Deny;

/// Bytes of a query, at most.
const LONGEST: usize = 8 << 10;

/// Names and values, percent-decoded; `+` is a blank, as browsers write it.
pub(crate) fn parameters(query: &str) -> impl Iterator<Item = (String, String)> {
    let plain = |text: &str| String::from_utf8_lossy(&decoded(&text.replace('+', " "))).into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (plain(name), plain(value))
    })
}

/// The query that goes on to the provider. `holds` says whether a value may not leave.
pub(crate) fn screened(
    query: &str,
    table: &Query,
    keys: &[Place],
    holds: impl Fn(&str) -> Result<bool, Deny>,
) -> Result<String, Deny> {
    if query.len() > LONGEST {
        return Err(Deny::QueryRefused("it is longer than the gateway reads"));
    }
    let mut passes = Vec::new();
    for (pair, (name, value)) in query.split('&').filter(|pair| !pair.is_empty()).zip(parameters(query)) {
        if keys.contains(&Place::Query(known(keys, &name))) {
            continue;
        }
        if let Some((_, what)) = table.remote.iter().find(|(remote, _)| *remote == name) {
            return Err(Deny::RemoteRefused(what));
        }
        if !table.takes.contains(&&*name) {
            return Err(Deny::QueryRefused("it has a parameter that no table of this path names"));
        }
        if value.contains('\u{fffd}') || value.contains(char::is_control) || holds(&value)? || holds(pair)? {
            return Err(Deny::Blocked("a value in the query".into()));
        }
        passes.push(pair);
    }
    Ok(passes.join("&"))
}

/// The name as the table of keys has it; empty if that has none.
fn known(keys: &[Place], name: &str) -> &'static str {
    let named = keys.iter().find_map(|place| match place {
        Place::Query(key) if *key == name => Some(*key),
        _ => None,
    });
    named.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use wire::{provider::CARTESIA, speech::DEEPGRAM_LISTEN};

    use super::*;

    fn listen(query: &str) -> Result<String, Deny> {
        screened(query, &DEEPGRAM_LISTEN.query, CARTESIA.keys, |text| Ok(text.contains("4111")))
    }

    #[test]
    fn what_the_table_takes_passes_as_it_was_written() {
        let query = "model=nova-3&keyterm=Tide%20Gate&keyterm=a+b&interim_results=true";
        assert_eq!(listen(query), Ok(query.into()));
        assert_eq!(listen("api_key=sk&model=x&&"), Ok("model=x".into()));
    }

    #[test]
    fn the_rest_is_refused() {
        assert_eq!(listen("callback=https%3A%2F%2Fevil"), Err(Deny::RemoteRefused("a callback")));
        assert_eq!(listen("call%62ack=x"), Err(Deny::RemoteRefused("a callback")));
        assert!(matches!(listen("new_thing=1"), Err(Deny::QueryRefused(_))));
        assert!(matches!(listen("keyterm=4111"), Err(Deny::Blocked(_))));
        assert!(matches!(listen("keyterm=%34111"), Err(Deny::Blocked(_))));
        assert!(matches!(listen("keyterm=%0d%0ax"), Err(Deny::Blocked(_))));
        assert!(matches!(listen("keyterm=%ff"), Err(Deny::Blocked(_))));
        assert!(matches!(listen(&format!("model={}", "x".repeat(LONGEST))), Err(Deny::QueryRefused(_))));
    }
}
