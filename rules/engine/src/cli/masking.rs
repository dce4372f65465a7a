//! One text being masked: what the engine decides, turned into the text that leaves and the findings to report.

use std::ops::Range;

use rules::{Action, End, Finding, Scanner, Segment, TapeName, TokenKey};
use serde::Serialize;

/// What a blocked value does to its text.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum OnBlock {
    /// Nothing more leaves.
    Stop,
    /// Its label stands for it, so that the rest can be reported.
    Label,
}

/// The entity and place of a value that must not pass; never the value.
#[derive(Debug)]
pub(super) struct Blocked {
    pub(super) entity: String,
    /// Code points.
    pub(super) at: usize,
}

/// A finding as it is reported; `start` and `end` count Unicode code points.
#[derive(Serialize)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) entity: String,
    rule: String,
    version: u32,
    score: f64,
    action: Action,
    tape: &'static str,
}

/// The text under way.
pub(super) struct Masking {
    scanner: Scanner,
    key: TokenKey,
    on_block: OnBlock,
    /// The source from byte `decided` on.
    held: String,
    decided: usize,
    /// Code points before `decided`.
    points: usize,
    found: Vec<Found>,
    /// The same, in bytes.
    bytes: Vec<Range<usize>>,
}

impl Masking {
    pub(super) fn new(scanner: Scanner, key: TokenKey, on_block: OnBlock) -> Self {
        Masking {
            scanner,
            key,
            on_block,
            held: String::new(),
            decided: 0,
            points: 0,
            found: Vec::new(),
            bytes: Vec::new(),
        }
    }

    /// Reads more of the text; what is decided by it is appended to `out`.
    pub(super) fn push(&mut self, text: &str, out: &mut String) -> Result<(), Blocked> {
        self.held.push_str(text);
        let mut segments = Vec::new();
        self.scanner.push(text, &mut segments);
        self.write(segments, out)
    }

    /// The text ends.
    pub(super) fn finish(&mut self, out: &mut String) -> Result<(), Blocked> {
        let mut segments = Vec::new();
        self.scanner.finish(End { cut: false }, &mut segments);
        self.write(segments, out)
    }

    /// Bytes that are decided.
    pub(super) fn decided(&self) -> usize {
        self.decided
    }

    /// What was found so far.
    pub(super) fn found(&self) -> &[Found] {
        &self.found
    }

    /// The bytes of what was found so far.
    pub(super) fn bytes(&self) -> &[Range<usize>] {
        &self.bytes
    }

    /// All that was found.
    pub(super) fn into_found(self) -> Vec<Found> {
        self.found
    }

    fn write(&mut self, segments: Vec<Segment>, out: &mut String) -> Result<(), Blocked> {
        let first = self.decided;
        for segment in segments {
            let span = segment.span().clone();
            let source = &self.held[span.start - first..span.end - first];
            let points = self.points..self.points + source.chars().count();
            match &segment {
                Segment::Raw(_) | Segment::Token { .. } | Segment::Alert(_) => out.push_str(source),
                Segment::Replace { text, .. } => out.push_str(text),
                Segment::Mint { finding, canonical, .. } => out.push_str(&self.key.mint(&finding.label, canonical)),
                Segment::Hash { finding, canonical } => out.push_str(&self.key.hash(&finding.label, canonical)),
                Segment::Swallow(_) => {
                    self.found.last_mut().into_iter().for_each(|f| f.end = points.end);
                    self.bytes.last_mut().into_iter().for_each(|b| b.end = span.end);
                }
                Segment::Block(finding) if self.on_block == OnBlock::Stop => {
                    return Err(Blocked { entity: finding.entity.to_string(), at: points.start });
                }
                Segment::Block(finding) => out.push_str(&format!("[{}]", finding.label)),
            }
            if let Some(finding) = segment.finding() {
                self.found.push(found(finding, points.clone()));
                self.bytes.push(span.clone());
            }
            self.points = points.end;
            self.decided = span.end;
        }
        self.held.drain(..self.decided - first);
        Ok(())
    }
}

fn found(finding: &Finding, points: Range<usize>) -> Found {
    Found {
        start: points.start,
        end: points.end,
        entity: finding.entity.to_string(),
        rule: finding.rule.to_string(),
        version: finding.version,
        score: f64::from(finding.score) / 100.0,
        action: finding.action,
        tape: match finding.tape {
            TapeName::Raw => "raw",
            TapeName::Decoded => "decoded",
            TapeName::Encoded => "encoded",
            TapeName::Spoken | TapeName::Partial => "spoken",
        },
    }
}
