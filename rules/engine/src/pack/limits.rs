//! How large a pack may be. A pack may come from anybody who may write to a folder: reading one must not take more than
//! a second or two, nor more memory than the program has to spare, and must never end the process.

use regex_automata::{
    dfa::{StartKind, dense},
    nfa::thompson::{self, NFA},
    util::syntax,
};

use super::Wrong;

/// Bytes of a file.
pub const FILE: usize = 4 << 20;

/// Rules, in a pack and over all packs that are loaded.
pub const RULES: usize = 2000;

/// Patterns, in a pack and over all packs that are loaded.
pub const PATTERNS: usize = 4000;

/// Bytes of one expression.
pub const REGEX: usize = 4096;

/// Characters of an id, an entity or a label.
pub const NAME: usize = 64;

/// Characters of an owner, a reason or a pattern's name.
pub const NOTE: usize = 300;

/// Checks of one pattern.
pub const CHECKS: usize = 8;

/// Context terms of a rule.
pub const TERMS: usize = 1000;

/// Characters of a context term.
pub const TERM: usize = 100;

/// Cases of a rule.
pub const CASES: usize = 1000;

/// Bytes of a case, with the message before.
pub const CASE: usize = 16 << 10;

/// Exceptions of a rule.
pub const ALLOWED: usize = 1000;

/// Bytes that a rule may hold back.
pub const HOLD: usize = 8192;

/// Bytes of the automaton of one pattern alone.
pub const AUTOMATON: usize = 4 << 20;

/// Bytes of those of all patterns of a pack.
pub const AUTOMATA: usize = 32 << 20;

/// Bytes of the machine that one pattern's automaton is made of.
const MACHINE: usize = 512 << 10;

/// Options for reading YAML of this size: no use for depth, many anchors or documents.
pub(crate) fn yaml() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 16,
            max_nodes: 200_000,
            max_events: 600_000,
            max_documents: 1,
            max_anchors: 100,
            max_aliases: 100,
            max_recorded_anchor_bytes: 1 << 20,
            max_merge_keys: 0,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 10_000, max_replay_stack_depth: 4 },
        with_snippet: false,
    }
}

/// Bytes of the automaton of an expression alone, if that is within reason.
pub(super) fn cost(regex: &str) -> Result<usize, Wrong> {
    let syntax = syntax::Config::new().unicode(false).utf8(false);
    let machine = thompson::Config::new().utf8(false).nfa_size_limit(Some(MACHINE));
    let nfa = NFA::compiler().configure(machine).syntax(syntax).build(regex).map_err(|_| too_large(regex))?;
    let config = dense::Config::new()
        .start_kind(StartKind::Anchored)
        .match_kind(regex_automata::MatchKind::All)
        .accelerate(false)
        .dfa_size_limit(Some(AUTOMATON))
        .determinize_size_limit(Some(AUTOMATON));
    let dfa = dense::Builder::new().configure(config).build_from_nfa(&nfa).map_err(|_| too_large(regex))?;
    Ok(dfa.memory_usage())
}

/// Whether an expression's automaton is within the limits.
pub fn affordable(regex: &str) -> bool {
    regex.len() <= REGEX && cost(regex).is_ok()
}

fn too_large(regex: &str) -> Wrong {
    let wrong = Wrong::new("size", format!("its automaton would be larger than {} MiB", AUTOMATON >> 20));
    let repeats = regex.contains('{') || regex.contains('*') || regex.contains('+');
    wrong.hint(if repeats {
        "repeat less: write the fewest that make it certain, or let the last part be open as in `[a-z]{20,}`"
    } else {
        "split it into several patterns"
    })
}

/// A text that is a name for programs: lower-case letters, digits, `_` and `-`.
pub(super) fn name(what: &str, text: &str) -> Result<(), Wrong> {
    let fits = (1..=NAME).contains(&text.len());
    if fits && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-') {
        return Ok(());
    }
    let wrong = Wrong::new("name", format!("{what} `{}` is no name", start(text)));
    Err(wrong.hint(format!("1 to {NAME} lower-case letters, digits, `_` and `-`")))
}

/// A text for people: something, not too long, nothing invisible.
pub(super) fn note(what: &str, text: &str) -> Result<(), Wrong> {
    if text.trim().is_empty() {
        return Err(Wrong::new("name", format!("{what} is empty")));
    }
    if text.chars().nth(NOTE).is_some() || text.chars().any(char::is_control) {
        let wrong = Wrong::new("name", format!("{what} is longer than {NOTE} characters or holds control characters"));
        return Err(wrong.hint("one short line"));
    }
    Ok(())
}

/// At most so many.
pub(super) fn at_most(what: &str, n: usize, most: usize) -> Result<(), Wrong> {
    if n <= most { Ok(()) } else { Err(Wrong::new("limit", format!("{n} {what}; at most {most} are allowed"))) }
}

/// The start of a text that is to be shown.
pub(super) fn start(text: &str) -> String {
    text.chars().take(40).flat_map(char::escape_debug).collect()
}
