//! The vault's promises: sealed, apart, bounded, and ending.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use super::*;

const TTL: Duration = Duration::from_secs(60);

struct Set {
    vault: Vault,
    seconds: Arc<AtomicU64>,
}

fn vault(limit: usize) -> Set {
    let seconds = Arc::new(AtomicU64::new(0));
    let now = seconds.clone();
    let clock = Clock::new(move || Duration::from_secs(now.load(Ordering::Relaxed)));
    Set { vault: Vault::open(clock, TTL, limit).unwrap(), seconds }
}

fn minted(token: &str, value: &str) -> Minted {
    Minted { token: token.into(), value: value.into() }
}

#[tokio::test]
async fn a_conversation_keeps_and_an_exchange_forgets() {
    let Set { vault, .. } = vault(10_000);
    let named = Namespace::conversation("dev", "c1");
    drop(vault.keep(named.clone(), &[minted("PAN_a", "4111")]).await.unwrap());
    let lease = vault.keep(named, &[]).await.unwrap();
    assert_eq!(vault.load(&lease).await.unwrap().get("PAN_a"), Some("4111"));

    let unnamed = Namespace::exchange("dev", "ex_1");
    let lease = vault.keep(unnamed.clone(), &[minted("PAN_b", "5555")]).await.unwrap();
    assert_eq!(vault.load(&lease).await.unwrap().get("PAN_b"), Some("5555"));
    drop(lease);
    let lease = vault.keep(unnamed, &[]).await.unwrap();
    assert_eq!(vault.load(&lease).await.unwrap().get("PAN_b"), None);
}

#[tokio::test]
async fn namespaces_are_apart() {
    let Set { vault, .. } = vault(10_000);
    let _dev = vault.keep(Namespace::conversation("dev", "c1"), &[minted("PAN_a", "4111")]).await.unwrap();
    let others = [
        Namespace::conversation("two", "c1"),
        Namespace::conversation("dev", "c2"),
        Namespace::exchange("dev", "c1"),
        Namespace::conversation("dev/conversation/c1", ""),
    ];
    for other in others {
        let lease = vault.keep(other.clone(), &[]).await.unwrap();
        assert_eq!(vault.load(&lease).await.unwrap().get("PAN_a"), None, "{other:?}");
    }
}

#[tokio::test]
async fn the_latest_spelling_counts() {
    let Set { vault, .. } = vault(10_000);
    let values = [minted("PAN_a", "4111 1111"), minted("PAN_a", "4111-1111")];
    let lease = vault.keep(Namespace::exchange("dev", "1"), &values).await.unwrap();
    assert_eq!(vault.load(&lease).await.unwrap().get("PAN_a"), Some("4111-1111"));
}

#[tokio::test]
async fn full_is_refused_and_nothing_live_is_thrown_out() {
    let entry = "PAN_a".len() + "4111".len() + 16 + OVERHEAD;
    let Set { vault, seconds } = vault(2 * entry);
    let c1 = Namespace::conversation("dev", "c1");
    drop(vault.keep(c1.clone(), &[minted("PAN_a", "4111")]).await.unwrap());
    let both = [minted("PAN_b", "4222"), minted("PAN_c", "4333")];
    assert!(matches!(vault.keep(Namespace::conversation("dev", "c2"), &both).await, Err(Deny::VaultFull)));
    assert!(vault.keep(Namespace::conversation("dev", "c2"), &both[..1]).await.is_ok(), "none of the two was kept");
    assert!(matches!(vault.keep(Namespace::conversation("dev", "c3"), &both[..1]).await, Err(Deny::VaultFull)));

    let lease = vault.keep(c1, &[]).await.unwrap();
    assert_eq!(vault.load(&lease).await.unwrap().get("PAN_a"), Some("4111"));
    seconds.store(TTL.as_secs(), Ordering::Relaxed);
    assert!(vault.keep(Namespace::conversation("dev", "c3"), &both[..1]).await.is_ok(), "what expired makes room");
    assert!(
        matches!(vault.keep(Namespace::conversation("dev", "c4"), &both[..1]).await, Err(Deny::VaultFull)),
        "c1 is pinned"
    );
    drop(lease);
    assert!(vault.keep(Namespace::conversation("dev", "c4"), &both[..1]).await.is_ok());
}

#[tokio::test]
async fn what_expired_is_not_given_out() {
    let Set { vault, seconds } = vault(10_000);
    let named = Namespace::conversation("dev", "c1");
    let lease = vault.keep(named.clone(), &[minted("PAN_a", "4111")]).await.unwrap();
    seconds.store(TTL.as_secs(), Ordering::Relaxed);
    assert_eq!(vault.load(&lease).await.unwrap().get("PAN_a"), None);
}

#[tokio::test]
async fn everything_is_given_back() {
    let Set { vault, .. } = vault(10_000);
    for i in 0..100 {
        let values = [minted(&format!("PAN_{i}"), "4111")];
        drop(vault.keep(Namespace::exchange("dev", &i.to_string()), &values).await.unwrap());
        drop(vault.keep(Namespace::conversation("dev", &i.to_string()), &[]).await.unwrap());
    }
    let shelves = vault.lock();
    assert_eq!((shelves.bytes, shelves.by_namespace.len()), (0, 0));
}

#[tokio::test]
async fn values_lie_sealed_and_open_only_where_they_lie() {
    let Set { vault, .. } = vault(10_000);
    let value = "4111 1111 1111 1111";
    let space = Namespace::conversation("dev", "c1");
    let lease = vault.keep(space, &[minted("PAN_a", value), minted("PAN_b", value)]).await.unwrap();
    {
        let mut shelves = vault.lock();
        let entries = &mut shelves.by_namespace.get_mut(&lease.namespace).unwrap().entries;
        assert!(entries.values().all(|e| !e.sealed.bytes.windows(4).any(|w| w == b"4111")));
        assert_ne!(entries["PAN_a"].sealed.bytes, entries["PAN_b"].sealed.bytes);
        let moved = entries["PAN_a"].sealed.clone();
        entries.get_mut("PAN_b").unwrap().sealed = moved;
    }
    assert_eq!(vault.load(&lease).await.err(), Some(Deny::GuardFault));
}
