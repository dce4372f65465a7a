//! Screening a request: the whole document, message by message.

use std::{collections::HashSet, sync::Arc};

use rules::{End, Program, TokenKey};
use wire::{
    dialect::{Dialect, Role},
    json::{Document, Kind, Node},
};

use crate::{
    Refusal, ResponseContext, Summary,
    channel::{Reading, alone},
    decide::{Decider, Side},
    leaf::Screen,
    messages,
    splice::{self, Splice},
};

/// A value that must be in the vault before the request leaves.
#[derive(Clone)]
pub struct Minted {
    /// The token that stands for it.
    pub token: String,
    /// As it was written.
    pub value: String,
}

impl std::fmt::Debug for Minted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Minted").field("token", &self.token).finish_non_exhaustive()
    }
}

/// A request that may leave.
#[derive(Debug)]
pub struct ScreenedRequest {
    /// The body, masked.
    pub body: Vec<u8>,
    /// Tokens to keep first, later spellings of a value after earlier ones.
    pub minted: Vec<Minted>,
    /// Counts.
    pub summary: Summary,
    /// Whether a stream was asked for.
    pub stream: bool,
    /// What the answer's guard must know.
    pub context: ResponseContext,
}

/// Screens a request body.
pub fn screen_request(
    dialect: &Dialect,
    program: &Arc<Program>,
    key: &TokenKey,
    body: &[u8],
) -> Result<ScreenedRequest, Refusal> {
    let document = Document::parse(body)?;
    if document.nodes()[0].kind != Kind::Object {
        return Err(Refusal::Shape("the body must be a JSON object"));
    }
    let roles = dialect.request.read(&document);
    let mut summary = Summary::default();
    let mut minted = Vec::new();
    let decider = Decider { side: Side::Request { key, minted: &mut minted }, summary: &mut summary };
    let mut screen = Screen { program, document: &document, roles: &roles, decider, splices: Vec::new() };
    let mut asked = Asked::default();
    let mut gone = HashSet::new();
    for index in 1..document.nodes().len() {
        screen.key(index)?;
        if document.nodes()[index].kind == Kind::Array {
            gone.extend(screen.elements(index)?);
        }
        if let Some(role) = roles.role(index) {
            asked.read(&document, index, role)?;
        }
        if roles.role(index) != Some(Role::Message) && !gone.contains(&index) {
            screen.leaf(index, WHOLE)?;
        }
    }
    asked.context.before = messages::screen(&mut screen)?;
    let masked = splice::apply(document.raw(&(0..body.len())), screen.splices);
    Ok(ScreenedRequest { body: masked.into_bytes(), minted, summary, stream: asked.stream, context: asked.context })
}

/// Screens one text on its own, e.g. a header's value; no token is made, what is found gives way to its label.
pub fn screen_text(program: &Arc<Program>, text: &str, summary: &mut Summary) -> Result<String, Refusal> {
    let none = crate::RestoreSet::default();
    let mut decider = Decider::answering(&none, summary);
    let edits = alone(program, Reading::Name, text, WHOLE, &mut decider)?;
    let splices = edits.into_iter().map(|e| Splice { at: e.span, text: e.text }).collect();
    Ok(splice::apply(text, splices))
}

#[cfg(test)]
mod tests;

const WHOLE: End = End { cut: false };

/// What the request asks for, beside its texts.
#[derive(Default)]
struct Asked {
    stream: bool,
    context: ResponseContext,
}

impl Asked {
    fn read(&mut self, document: &Document<'_>, index: usize, role: Role) -> Result<(), Refusal> {
        let node = &document.nodes()[index];
        let word = || if node.kind == Kind::String { document.string(&node.span) } else { String::new() };
        match role {
            Role::Stream => self.stream = document.raw(&node.span) == "true",
            Role::Stop => self.context.stops = node.kind != Kind::Null,
            Role::Format => self.context.json_content = matches!(word().as_str(), "json_object" | "json_schema"),
            Role::Media(what) if asks(document, node) => return Err(Refusal::Media(what)),
            Role::Remote(what) if asks(document, node) => return Err(Refusal::Remote(what)),
            Role::Part if !matches!(word().as_str(), "text" | "refusal") => {
                return Err(Refusal::Media("a content part other than text"));
            }
            Role::Modality if word() != "text" => return Err(Refusal::Media("an answer other than text")),
            _ => {}
        }
        Ok(())
    }
}

fn asks(document: &Document<'_>, node: &Node) -> bool {
    node.kind != Kind::Null && document.raw(&node.span) != "false"
}
