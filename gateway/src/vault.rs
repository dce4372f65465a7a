//! The vault: what tokens stand for. In memory, sealed, with an end to everything: a time to live, and a bound in bytes
//! beyond which it refuses. A live value is never thrown out to make room for another.
//!
//! The handle's calls are async, because a vault that copies of the gateway share will be: its lock is held for map
//! operations only, never across an await.

mod seal;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use guard::{Minted, RestoreSet};

use self::seal::{Sealed, Sealer};
use crate::{clock::Clock, deny::Deny};

/// What an entry takes beside its text: map slots, nonce, tag. Rounded up, so that the bound bounds memory.
const OVERHEAD: usize = 160;

/// Whose values: nobody reads another's.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Namespace {
    text: Arc<str>,
    /// Outlives the exchange.
    named: bool,
}

/// The vault.
#[derive(Clone)]
pub(crate) struct Vault(Arc<Inner>);

struct Inner {
    sealer: Sealer,
    clock: Clock,
    ttl: Duration,
    limit: usize,
    shelves: Mutex<Shelves>,
}

#[derive(Default)]
struct Shelves {
    bytes: usize,
    by_namespace: HashMap<Namespace, Shelf>,
}

/// The values of one namespace.
#[derive(Default)]
struct Shelf {
    entries: HashMap<String, Entry>,
    /// Exchanges that run on it: while there are any, nothing is cleared away.
    pins: usize,
}

struct Entry {
    sealed: Sealed,
    until: Duration,
}

/// Holds an exchange's values in the vault. When it is dropped, those of an unnamed exchange die.
pub(crate) struct Lease {
    vault: Vault,
    namespace: Namespace,
}

impl Namespace {
    /// The conversation that a caller named.
    pub(crate) fn conversation(caller: &str, id: &str) -> Self {
        Namespace { text: format!("{}:{caller}/conversation/{id}", caller.len()).into(), named: true }
    }

    /// One exchange without a name.
    pub(crate) fn exchange(caller: &str, id: &str) -> Self {
        Namespace { text: format!("{}:{caller}/exchange/{id}", caller.len()).into(), named: false }
    }
}

impl Vault {
    /// An empty vault; none if the system has no randomness to give.
    pub(crate) fn open(clock: Clock, ttl: Duration, limit: usize) -> Option<Self> {
        let sealer = Sealer::new()?;
        Some(Vault(Arc::new(Inner { sealer, clock, ttl, limit, shelves: Mutex::default() })))
    }

    /// Keeps values: all of them, or none and `vault_full`.
    pub(crate) async fn keep(&self, namespace: Namespace, minted: &[Minted]) -> Result<Lease, Deny> {
        let until = self.0.clock.now() + self.0.ttl;
        let opener = self.0.sealer.of(&namespace.text);
        let mut fresh = HashMap::new();
        for Minted { token, value } in minted {
            let sealed = opener.seal(token, value).ok_or(Deny::GuardFault)?;
            fresh.insert(token.clone(), Entry { sealed, until });
        }
        self.lock().insert(&namespace, fresh, self.0.limit, self.0.clock.now())?;
        Ok(Lease { vault: self.clone(), namespace })
    }

    /// What a namespace holds.
    pub(crate) async fn load(&self, lease: &Lease) -> Result<RestoreSet, Deny> {
        let sealed = self.lock().sealed(&lease.namespace, self.0.clock.now());
        let opener = self.0.sealer.of(&lease.namespace.text);
        let mut restore = RestoreSet::default();
        for (token, sealed) in sealed {
            let value = opener.open(&token, &sealed).ok_or(Deny::GuardFault)?;
            restore.insert(token, value);
        }
        Ok(restore)
    }

    fn lock(&self) -> MutexGuard<'_, Shelves> {
        // Every change under the lock leaves the maps whole, so a panic elsewhere has broken nothing.
        self.0.shelves.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.vault.lock().unpin(&self.namespace);
    }
}

impl Shelves {
    fn insert(
        &mut self,
        at: &Namespace,
        fresh: HashMap<String, Entry>,
        limit: usize,
        now: Duration,
    ) -> Result<(), Deny> {
        let size: usize = fresh.iter().map(|(token, entry)| entry.size(token)).sum();
        if self.bytes + size > limit {
            self.clear_expired(now);
        }
        if self.bytes + size > limit {
            return Err(Deny::VaultFull);
        }
        let shelf = self.by_namespace.entry(at.clone()).or_default();
        shelf.pins += 1;
        for (token, entry) in fresh {
            self.bytes += entry.size(&token);
            if let Some(old) = shelf.entries.insert(token.clone(), entry) {
                self.bytes -= old.size(&token);
            }
        }
        Ok(())
    }

    fn sealed(&self, at: &Namespace, now: Duration) -> Vec<(String, Sealed)> {
        let entries = self.by_namespace.get(at).into_iter().flat_map(|shelf| &shelf.entries);
        entries
            .filter(|(_, entry)| entry.until > now)
            .map(|(token, entry)| (token.clone(), entry.sealed.clone()))
            .collect()
    }

    fn clear_expired(&mut self, now: Duration) {
        let Shelves { bytes, by_namespace } = self;
        by_namespace.retain(|_, shelf| {
            if shelf.pins == 0 {
                shelf.entries.retain(|token, entry| {
                    let live = entry.until > now;
                    *bytes -= if live { 0 } else { entry.size(token) };
                    live
                });
            }
            shelf.pins > 0 || !shelf.entries.is_empty()
        });
    }

    fn unpin(&mut self, at: &Namespace) {
        let Some(shelf) = self.by_namespace.get_mut(at) else { return };
        shelf.pins -= 1;
        let done = shelf.pins == 0 && (!at.named || shelf.entries.is_empty());
        if let Some(shelf) = done.then(|| self.by_namespace.remove(at)).flatten() {
            self.bytes -= shelf.entries.iter().map(|(token, entry)| entry.size(token)).sum::<usize>();
        }
    }
}

impl Entry {
    fn size(&self, token: &str) -> usize {
        token.len() + self.sealed.len() + OVERHEAD
    }
}
