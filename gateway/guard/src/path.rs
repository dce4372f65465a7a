//! Where in a message a value stands, as a number: equal paths of different events belong to one text.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use wire::json::{Document, Kind};

/// A path, hashed with a key that no provider knows.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Path(u64);

/// The path of a node, and of the element of the outermost array that holds it (a choice).
pub(crate) fn path(keys: &RandomState, document: &Document<'_>, index: usize) -> (Path, Option<Path>) {
    let mut hasher = keys.build_hasher();
    let mut outer = None;
    walk(document, index, &mut hasher, &mut outer);
    (Path(hasher.finish()), outer)
}

/// Hashes the steps from the document's value down to the node.
fn walk(document: &Document<'_>, index: usize, hasher: &mut impl Hasher, outer: &mut Option<Path>) {
    let node = &document.nodes()[index];
    if node.parent == index {
        return;
    }
    walk(document, node.parent, hasher, outer);
    match &node.key {
        Some(key) if !document.raw(key).contains('\\') => document.raw(key).hash(hasher),
        Some(key) => document.string(key).hash(hasher),
        None => {
            position(document, index).hash(hasher);
            *outer = outer.or(Some(Path(hasher.finish())));
        }
    }
}

/// An element's `index` stands for its position.
fn position(document: &Document<'_>, element: usize) -> u64 {
    let index = || {
        let member = document.member(element, "index")?;
        document.raw(&document.nodes()[member].span).parse().ok()
    };
    let node = &document.nodes()[element];
    let named = if node.kind == Kind::Object { index() } else { None };
    named.unwrap_or(node.position as u64)
}
