//! Screening an answer that is one document: a completion, a list of models, an error.

use std::{collections::HashSet, sync::Arc};

use rules::{Before, End, Program};
use wire::{
    dialect::{Dialect, Role},
    json::{Document, Kind},
};

use crate::{
    Refusal, RestoreSet, Summary,
    channel::Reading,
    decide::Decider,
    leaf::Screen,
    logprobs,
    splice::{self, Splice},
};

/// What a request says about its answer.
#[derive(Clone, Debug, Default)]
pub struct ResponseContext {
    /// The content is JSON text.
    pub json_content: bool,
    /// The request set stop sequences, so that an end may cut a value.
    pub stops: bool,
    /// The message it follows.
    pub before: Before,
}

impl ResponseContext {
    /// How a text with this role is read.
    pub(crate) fn reading(&self, role: Option<Role>) -> Reading {
        match role {
            Some(Role::Json) => Reading::Json { call: true },
            Some(Role::Reply) if self.json_content => Reading::Json { call: false },
            Some(Role::Id) => Reading::Name,
            _ => Reading::Text,
        }
    }

    /// How a text ends whose choice ended for this reason.
    pub(crate) fn end(&self, reason: Option<&str>) -> End {
        End { cut: self.stops || reason.is_some_and(|r| r != "stop") }
    }
}

/// Screens an answer that is one document.
pub fn screen_body(
    dialect: &Dialect,
    program: &Arc<Program>,
    restore: &RestoreSet,
    context: &ResponseContext,
    body: &[u8],
) -> Result<(Vec<u8>, Summary), Refusal> {
    let document = Document::parse(body)?;
    let roles = dialect.body.read(&document);
    let mut summary = Summary::default();
    let decider = Decider::answering(restore, &mut summary);
    let mut screen = Screen { program, document: &document, roles: &roles, decider, splices: Vec::new() };
    let mut edited = HashSet::new();
    let mut gone = HashSet::new();
    let mut aligned = Vec::new();
    let mut index = 0;
    while index < document.nodes().len() {
        screen.key(index)?;
        let node = &document.nodes()[index];
        let role = roles.role(index);
        if role == Some(Role::Aligned) {
            aligned.push(index);
            index = node.end;
            continue;
        }
        if node.kind == Kind::Array {
            gone.extend(screen.elements(index)?);
        }
        let changed = if gone.contains(&index) {
            true
        } else if node.kind == Kind::String {
            let reason = choice(&document, index).and_then(|c| document.string_member(c, "finish_reason"));
            screen.string(index, context.reading(role), context.end(reason.as_deref()))?
        } else {
            screen.leaf(index, End { cut: false })?
        };
        if changed {
            edited.insert(index);
        }
        index += 1;
    }
    for node in aligned {
        let texts = texts(&document, document.nodes()[node].parent, "message");
        let unchanged = texts.iter().all(|(_, text)| !edited.contains(text));
        let said = |key: &str| said(&document, &texts, key);
        if !(unchanged && logprobs::agree(&mut screen, node, said)?) {
            screen.splices.push(Splice { at: document.nodes()[node].span.clone(), text: "null".into() });
        }
    }
    let masked = splice::apply(document.raw(&(0..body.len())), screen.splices);
    Ok((masked.into_bytes(), summary))
}

/// The string members of a choice's message or delta, by key.
pub(crate) fn texts(document: &Document<'_>, choice: usize, of: &str) -> Vec<(String, usize)> {
    let members = document.member(choice, of).into_iter().flat_map(|m| document.children(m).collect::<Vec<_>>());
    members
        .filter(|&i| document.nodes()[i].kind == Kind::String)
        .filter_map(|i| Some((document.string(document.nodes()[i].key.as_ref()?), i)))
        .collect()
}

/// The text of one of them; empty if it is not there.
pub(crate) fn said(document: &Document<'_>, texts: &[(String, usize)], key: &str) -> String {
    let text = texts.iter().find(|(k, _)| k == key);
    text.map(|&(_, i)| document.string(&document.nodes()[i].span)).unwrap_or_default()
}

/// The element of the outermost array that holds a node.
fn choice(document: &Document<'_>, index: usize) -> Option<usize> {
    let mut choice = None;
    let mut at = index;
    while document.nodes()[at].parent != at {
        if document.nodes()[at].key.is_none() {
            choice = Some(at);
        }
        at = document.nodes()[at].parent;
    }
    choice
}
