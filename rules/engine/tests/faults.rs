//! The proof's proof: each way of being wrong turns the suite red.

use rules::fault::{self, Fault};

use crate::{
    cuts::{every_cut, long_texts},
    run::subjects,
    texts::TEXTS,
};

/// What the suite says of the engine as it is on this thread.
fn suite() -> Result<(), String> {
    let long = long_texts();
    let texts = TEXTS.iter().copied().chain(long.iter().map(String::as_str));
    for text in texts {
        subjects().iter().try_for_each(|subject| every_cut(subject, text))?;
    }
    Ok(())
}

/// A fault may also break an assumption of the engine's own, which is as loud.
fn with(fault: Fault) -> Result<(), String> {
    let run = std::panic::AssertUnwindSafe(suite);
    fault::with(fault, || std::panic::catch_unwind(run)).unwrap_or_else(|_| Err("it panicked".into()))
}

#[test]
fn each_fault_is_noticed() {
    let unnoticed: Vec<Fault> = Fault::ALL.into_iter().filter(|&fault| with(fault).is_ok()).collect();
    assert!(unnoticed.is_empty(), "unnoticed: {unnoticed:?}");
}
