//! What the upstream streams, and what a client must see of it.

use std::sync::Arc;

use rules::{Before, End, Program, Scanner, Segment};

use crate::{events, texts};

/// One answer, token by token.
pub(crate) struct Script {
    pub(crate) events: Arc<[String]>,
    pub(crate) question: String,
    /// For each byte of the text, the event that carries it.
    unmasked: Vec<usize>,
    text: String,
    /// The same of the masked text.
    masked: Vec<usize>,
    masked_text: String,
}

impl Script {
    /// An answer of this many tokens, each in an event of this form; `program` says what a guarded client must see.
    pub(crate) fn new(program: &Arc<Program>, text: &str, tokens: usize, event: fn(&str) -> String) -> Self {
        let tokens: Vec<&str> = events::tokens(text).take(tokens).collect();
        let text: String = tokens.concat();
        let unmasked: Vec<usize> = tokens.iter().enumerate().flat_map(|(i, t)| vec![i; t.len()]).collect();
        let mut events: Vec<String> = tokens.iter().map(|t| event(t)).collect();
        events.push(events::LAST.to_owned());
        let mut scanner = Scanner::new(program.clone(), Before::default());
        let mut segments = Vec::new();
        scanner.push(&text, &mut segments);
        scanner.finish(End { cut: false }, &mut segments);
        let (mut masked, mut masked_text) = (Vec::new(), String::new());
        for segment in segments {
            let span = segment.span().clone();
            match &segment {
                Segment::Replace { text: label, .. } => {
                    masked_text.push_str(label);
                    // A label stands for a value that is whole with its last byte.
                    masked.extend(vec![unmasked[span.end - 1]; label.len()]);
                }
                _ => {
                    masked_text.push_str(&text[span.clone()]);
                    masked.extend_from_slice(&unmasked[span]);
                }
            }
        }
        let question = texts::clean(1 << 10, 8);
        Script { events: events.into(), question, unmasked, text, masked, masked_text }
    }

    /// For each byte that came, the event that carried it; none if what came is neither the text nor the masked text.
    pub(crate) fn carriers(&self, came: &str) -> Option<&[usize]> {
        match came {
            _ if came == self.text => Some(&self.unmasked),
            _ if came == self.masked_text => Some(&self.masked),
            _ => None,
        }
    }
}
