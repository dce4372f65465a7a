//! The messages of a conversation: which of their texts are read as one, and how what is found over several is cut
//! back into each.

use std::{collections::HashMap, ops::Range, sync::Arc};

use rules::{Before, End, Seam};
use wire::{dialect::Role, json::Kind, text::unescaped_len};

use crate::{
    Refusal,
    channel::{Channel, Reading},
    decide::Edit,
    leaf::Screen,
    splice::in_string,
};

/// Bytes of a message that say what the next one is about.
const QUESTION: usize = rules::context::MESSAGE_REACH;

/// A string of a message, and where it lies in its role's text.
struct Piece {
    node: usize,
    text: Range<usize>,
}

/// All that one role says, or one tool's answer.
struct Voice {
    channel: Channel,
    pieces: Vec<Piece>,
}

/// Screens every text with [`Role::Message`], and answers what the answer follows.
pub(crate) fn screen(screen: &mut Screen<'_, '_>) -> Result<Before, Refusal> {
    let Some(list) = screen.document.member(0, "messages") else { return Ok(Before::default()) };
    let mut voices: Vec<Voice> = Vec::new();
    let mut by_role: HashMap<String, usize> = HashMap::new();
    let mut last: Option<(String, Arc<str>)> = None;
    let messages: Vec<usize> = screen.document.children(list).collect();
    for message in messages {
        let role = screen.document.string_member(message, "role").unwrap_or_default();
        // Answers of unrelated calls have nothing to do with each other.
        let shared = !matches!(role.as_str(), "tool" | "function");
        let known = if shared { by_role.get(&role).copied() } else { None };
        let before =
            last.as_ref().map_or_else(Before::default, |(said_by, text)| follows(said_by, text.clone(), &role));
        let mut said = String::new();
        for (nth, node) in texts(screen, message).into_iter().enumerate() {
            let voice = match known {
                Some(voice) => voice,
                None if nth > 0 => voices.len() - 1,
                None => {
                    by_role.insert(role.clone(), voices.len());
                    let channel = Channel::new(screen.program, Reading::Text, &before);
                    voices.push(Voice { channel, pieces: Vec::new() });
                    voices.len() - 1
                }
            };
            let seam = if nth > 0 { Seam::Part } else { Seam::Message };
            voices[voice].hear(screen, node, seam, &before, &mut said)?;
        }
        if !said.is_empty() {
            last = Some((role, tail(&said).into()));
        }
    }
    for mut voice in voices {
        voice.channel.finish(End { cut: false }, &mut screen.decider)?;
        voice.write(screen);
    }
    Ok(last.map_or_else(Before::default, |(_, text)| Before::statement(text)))
}

/// Only a person who was asked by the model answers with values of their own.
fn follows(said_by: &str, text: Arc<str>, role: &str) -> Before {
    if (said_by, role) == ("assistant", "user") { Before::question(text) } else { Before::statement(text) }
}

/// The strings of a message that are its text.
fn texts(screen: &Screen<'_, '_>, message: usize) -> Vec<usize> {
    let nodes = screen.document.nodes();
    (message..nodes[message].end)
        .filter(|&i| nodes[i].kind == Kind::String && screen.roles.role(i) == Some(Role::Message))
        .collect()
}

fn tail(text: &str) -> &str {
    let mut from = text.len().saturating_sub(QUESTION);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}

impl Voice {
    fn hear(
        &mut self,
        screen: &mut Screen<'_, '_>,
        node: usize,
        seam: Seam,
        before: &Before,
        said: &mut String,
    ) -> Result<(), Refusal> {
        if !self.pieces.is_empty() {
            self.channel.seam(seam, before, &mut screen.decider)?;
        }
        let text = screen.document.string(&screen.document.nodes()[node].span);
        let start = self.channel.fed();
        self.channel.push(&text, &mut screen.decider)?;
        self.pieces.push(Piece { node, text: start..start + text.len() });
        said.push_str(&text);
        Ok(())
    }

    /// Cuts edits at the pieces' borders: the replacement stands in the first piece.
    fn write(self, screen: &mut Screen<'_, '_>) {
        let mut edits = self.channel.edits.into_iter().peekable();
        let mut over: Option<Edit> = None;
        for piece in self.pieces {
            let mut here = Vec::new();
            let mut next = over.take().or_else(|| edits.next_if(|e| e.span.start < piece.text.end));
            while let Some(edit) = next {
                let (inside, rest) = cut(edit, &piece.text);
                here.push(inside);
                over = rest;
                next = if over.is_some() { None } else { edits.next_if(|e| e.span.start < piece.text.end) };
            }
            label_if_emptied(&mut here, piece.text.len());
            let span = &screen.document.nodes()[piece.node].span;
            let raw = screen.document.raw(span);
            debug_assert_eq!(unescaped_len(raw), piece.text.len());
            screen.splices.extend(in_string(raw, span.start, here));
        }
    }
}

/// The part of an edit inside a piece, in the piece's offsets, and what goes on behind it.
fn cut(edit: Edit, piece: &Range<usize>) -> (Edit, Option<Edit>) {
    let end = edit.span.end.min(piece.end);
    let rest = (edit.span.end > piece.end).then(|| Edit {
        span: piece.end..edit.span.end,
        text: String::new(),
        label: edit.label.clone(),
    });
    (Edit { span: edit.span.start - piece.start..end - piece.start, ..edit }, rest)
}

/// A message emptied because its value stands in the one before still says that something was there: providers refuse
/// empty messages.
fn label_if_emptied(edits: &mut [Edit], len: usize) {
    let [only] = edits else { return };
    if only.text.is_empty() && only.span == (0..len) && len > 0 && !only.label.is_empty() {
        only.text = format!("[{}]", only.label);
    }
}
