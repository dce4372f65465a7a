//! Token probabilities: the text once more. They stay where they say just what an unchanged text says, else go whole.

use wire::json::{Kind, Node};

use crate::{Refusal, Summary, channel::Reading, decide::Decider, leaf::Screen};

/// A token longer than this is none.
const LONGEST_TOKEN: usize = 64;

/// Whether the node is null, or repeats the texts token by token and says nothing else. `said` answers the text of a
/// sibling, e.g. `content`.
pub(crate) fn agree(screen: &mut Screen<'_, '_>, node: usize, said: impl Fn(&str) -> String) -> Result<bool, Refusal> {
    if screen.document.nodes()[node].kind == Kind::Null {
        return Ok(true);
    }
    let lists: Vec<usize> = screen.document.children(node).collect();
    for list in lists {
        let Some(key) = screen.document.nodes()[list].key.clone() else { return Ok(false) };
        let key = screen.document.string(&key);
        if !matches!(key.as_str(), "content" | "refusal") {
            return Ok(false);
        }
        let mut joined = String::new();
        let entries: Vec<usize> = screen.document.children(list).collect();
        for entry in entries {
            if !token(screen, entry, &mut joined, true)? {
                return Ok(false);
            }
        }
        if joined != said(&key) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Reads one token's entry; alternatives to it are scanned, for they stand in no text.
fn token(screen: &mut Screen<'_, '_>, entry: usize, joined: &mut String, outer: bool) -> Result<bool, Refusal> {
    let members: Vec<usize> = screen.document.children(entry).collect();
    let Some(text) = screen.document.string_member(entry, "token") else { return Ok(false) };
    if text.len() > LONGEST_TOKEN {
        return Ok(false);
    }
    for member in members {
        let node = screen.document.nodes()[member].clone();
        let key = node.key.as_ref().map(|k| screen.document.string(k)).unwrap_or_default();
        let fine = match (key.as_str(), node.kind) {
            ("token", Kind::String) => outer || nothing_found(screen, &text)?,
            ("logprob", Kind::Number) => true,
            ("bytes", Kind::Null) => true,
            ("bytes", Kind::Array) => spells(screen, member, &text),
            ("top_logprobs", Kind::Array) if outer => alternatives(screen, member)?,
            _ => false,
        };
        if !fine {
            return Ok(false);
        }
    }
    joined.push_str(&text);
    Ok(true)
}

fn alternatives(screen: &mut Screen<'_, '_>, list: usize) -> Result<bool, Refusal> {
    let entries: Vec<usize> = screen.document.children(list).collect();
    for entry in entries {
        if !token(screen, entry, &mut String::new(), false)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn nothing_found(screen: &mut Screen<'_, '_>, text: &str) -> Result<bool, Refusal> {
    let mut found = Summary::default();
    let mut decider = Decider { side: screen.decider.side.reborrow(), summary: &mut found };
    let end = rules::End { cut: false };
    Ok(crate::channel::alone(screen.program, Reading::Text, text, end, &mut decider)?.is_empty())
}

fn spells(screen: &Screen<'_, '_>, list: usize, text: &str) -> bool {
    let raw = |n: &Node| screen.document.raw(&n.span).parse::<u8>().ok();
    let bytes: Option<Vec<u8>> = screen.document.children(list).map(|i| raw(&screen.document.nodes()[i])).collect();
    bytes.as_deref() == Some(text.as_bytes())
}
