//! Dialects as tables: for every path of a message, what the value there means. What no table names is unknown, and
//! unknown is guarded.

mod openai;

use std::sync::LazyLock;

use crate::json::{Document, Node};

pub use openai::OPENAI_CHAT;

/// One provider's wire format.
pub struct Dialect {
    /// Its name, e.g. `openai.chat`.
    pub name: &'static str,
    /// What a request's body holds.
    pub request: LazyLock<Table>,
    /// What an event of a streamed answer holds.
    pub event: LazyLock<Table>,
    /// What an answer in one document holds.
    pub body: LazyLock<Table>,
    /// The data that ends a stream.
    pub done: &'static str,
}

/// Every dialect.
pub static DIALECTS: &[&Dialect] = &[&OPENAI_CHAT];

/// A dialect by its name.
pub fn by_name(name: &str) -> Option<&'static Dialect> {
    DIALECTS.iter().copied().find(|d| d.name == name)
}

/// What a value means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// Text; in a stream, more of the same text comes at the same path.
    Text,
    /// Text, which is JSON if the request asked for JSON.
    Reply,
    /// JSON inside a string.
    Json,
    /// An identifier, a name or a word of the protocol: whole where it stands, so scanned on its own.
    Id,
    /// A number of use, not of a person. In a container: all numbers inside it.
    Number,
    /// Text of a conversation's message: joined over parts, and over messages of one role as design has it.
    Message,
    /// Why an element of the outermost array ended; null while it has not.
    Finish,
    /// The text of its siblings once more, token by token.
    Aligned,
    /// The provider reports an error.
    Error,
    /// Asks for a stream.
    Stream,
    /// Stop sequences: an end may cut a value.
    Stop,
    /// Asks for JSON where its value is one of `json_object`, `json_schema`.
    Format,
    /// The type of a content part; only text can be inspected.
    Part,
    /// What the answer may consist of; only text can be inspected.
    Modality,
    /// Brings in what cannot be inspected.
    Media(&'static str),
    /// Brings in what was not inspected: a URL to fetch, state that is stored elsewhere.
    Remote(&'static str),
    /// What somebody said in a turn, whole; the next message with one replaces it until it is final.
    Transcript,
    /// One word of what was said; those of one array are a text.
    Word,
    /// Something of what was said once more.
    Again,
    /// Which of several speakers or microphones a message is of.
    Lane,
    /// Names the one of several texts that a message goes on with.
    Context,
    /// Audio in base64.
    Audio,
    /// Some of its values say that something happens.
    Says(&'static [(&'static str, Event)]),
}

/// What a message says that happens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Event {
    /// What was said is not replaced any more.
    Final,
    /// A speaker's turn is over.
    TurnEnd,
    /// The text ends, and all of it is wanted.
    End,
    /// What has not been used of the text is to be forgotten.
    Cancel,
}

/// Paths and their roles, as a tree.
pub struct Table {
    places: Vec<Place>,
}

struct Place {
    role: Option<Role>,
    members: Vec<(&'static str, usize)>,
    element: Option<usize>,
}

/// The place that no table names.
const UNKNOWN: usize = 0;
const ROOT: usize = 1;

impl Table {
    /// Builds the tree; a path is written `choices[].delta.content`.
    pub(crate) fn new(fields: &[(&'static str, Role)]) -> Self {
        let place = || Place { role: None, members: Vec::new(), element: None };
        let mut table = Table { places: vec![place(), place()] };
        for &(path, role) in fields {
            let mut at = ROOT;
            for step in path.split_inclusive("[]").flat_map(|s| s.split('.')).filter(|s| !s.is_empty()) {
                let (member, element) = match step.strip_suffix("[]") {
                    Some(member) => (member, true),
                    None => (step, false),
                };
                if !member.is_empty() {
                    at = table.enter_member(at, member);
                }
                if element {
                    at = table.enter_element(at);
                }
            }
            table.places[at].role = Some(role);
        }
        table
    }

    fn enter_member(&mut self, at: usize, key: &'static str) -> usize {
        if let Some(&(_, to)) = self.places[at].members.iter().find(|(k, _)| *k == key) {
            return to;
        }
        let to = self.fresh();
        self.places[at].members.push((key, to));
        to
    }

    fn enter_element(&mut self, at: usize) -> usize {
        if let Some(to) = self.places[at].element {
            return to;
        }
        let to = self.fresh();
        self.places[at].element = Some(to);
        to
    }

    fn fresh(&mut self) -> usize {
        self.places.push(Place { role: None, members: Vec::new(), element: None });
        self.places.len() - 1
    }

    /// What each node of a document means here.
    pub fn read(&self, document: &Document<'_>) -> Reading<'_> {
        let mut places: Vec<usize> = Vec::with_capacity(document.nodes().len());
        for (index, node) in document.nodes().iter().enumerate() {
            places.push(match (index, &node.key) {
                (0, _) => ROOT,
                (_, Some(key)) => {
                    let members = &self.places[places[node.parent]].members;
                    members.iter().find(|(k, _)| document.key_is(key, k)).map_or(UNKNOWN, |m| m.1)
                }
                (_, None) => self.places[places[node.parent]].element.unwrap_or(UNKNOWN),
            });
        }
        Reading { table: self, places }
    }
}

/// A document's nodes, read by a table.
pub struct Reading<'a> {
    table: &'a Table,
    places: Vec<usize>,
}

impl Reading<'_> {
    /// The role of a node, if the table gives one.
    pub fn role(&self, index: usize) -> Option<Role> {
        self.table.places[self.places[index]].role
    }

    /// Whether the table names the node's place.
    pub fn known(&self, index: usize) -> bool {
        self.places[index] != UNKNOWN
    }

    /// The node's place in the table, as a number; equal places of different documents mean the same.
    pub fn place(&self, index: usize) -> usize {
        self.places[index]
    }

    /// Whether a message says that something happens.
    pub fn says(&self, document: &Document<'_>, event: Event) -> bool {
        let said = |(node, place): (&Node, &usize)| match self.table.places[*place].role {
            Some(Role::Says(values)) => {
                values.iter().any(|&(word, happens)| happens == event && document.key_is(&node.span, word))
            }
            _ => false,
        };
        document.nodes().iter().zip(&self.places).any(said)
    }

    /// The first node with a role.
    pub fn find(&self, role: Role) -> Option<usize> {
        (0..self.places.len()).find(|&i| self.role(i) == Some(role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_reads_members_and_elements() {
        let document = Document::parse(br#"{"choices":[{"delta":{"content":"a","x":"b"}}],"y":[1]}"#).unwrap();
        let reading = OPENAI_CHAT.event.read(&document);
        let at = |needle: &str| document.nodes().iter().position(|n| document.raw(&n.span) == needle).unwrap();
        assert_eq!(reading.role(at("a")), Some(Role::Reply));
        assert_eq!(reading.role(at("b")), None);
        assert!(!reading.known(at("b")) && !reading.known(at("1")));
    }
}
