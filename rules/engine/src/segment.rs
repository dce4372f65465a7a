//! What a scanner answers with.

use std::{ops::Range, sync::Arc};

use crate::{
    policy::Action,
    resolve::{Class, TapeName},
};

/// A recognised span; never its value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// Source bytes of the text.
    pub span: Range<usize>,
    /// The entity.
    pub entity: Arc<str>,
    /// What stands in its place, without brackets.
    pub label: Arc<str>,
    /// The rule that named it.
    pub rule: Arc<str>,
    /// That rule's version.
    pub version: u32,
    /// Hundredths.
    pub score: u8,
    /// Why it was accepted.
    pub class: Class,
    /// What happens to it.
    pub action: Action,
    /// The reading that it was found on.
    pub tape: TapeName,
}

/// A decided piece of the text. Pieces come in order and leave no gap.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Segment {
    /// Passes as it was written.
    Raw(Range<usize>),
    /// Gives way to a text that says nothing of the value.
    Replace {
        /// What was found.
        finding: Finding,
        /// What stands in its place.
        text: String,
    },
    /// Gives way to a token, which is to be kept before anything is sent.
    Mint {
        /// What was found.
        finding: Finding,
        /// The value as it was written, escapes of the carrier undone.
        value: String,
        /// What equal values share.
        canonical: String,
    },
    /// Gives way to a keyed hash.
    Hash {
        /// What was found.
        finding: Finding,
        /// What equal values share.
        canonical: String,
    },
    /// Passes, and is counted.
    Alert(Finding),
    /// One of our tokens, to be restored if it is the caller's own and not exposed.
    Token {
        /// Source bytes of the text.
        span: Range<usize>,
        /// The token as it was minted.
        token: String,
        /// It stands in a link, a tag, a URL or an address: it stays a token.
        exposed: bool,
    },
    /// More of a span whose replacement has left.
    Swallow(Range<usize>),
    /// The exchange is to be refused.
    Block(Finding),
}

impl Segment {
    /// The source bytes it decides.
    pub fn span(&self) -> &Range<usize> {
        match self {
            Segment::Raw(span) | Segment::Swallow(span) | Segment::Token { span, .. } => span,
            Segment::Replace { finding, .. }
            | Segment::Mint { finding, .. }
            | Segment::Hash { finding, .. }
            | Segment::Alert(finding)
            | Segment::Block(finding) => &finding.span,
        }
    }

    /// What was found, if anything.
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            Segment::Replace { finding, .. }
            | Segment::Mint { finding, .. }
            | Segment::Hash { finding, .. }
            | Segment::Alert(finding)
            | Segment::Block(finding) => Some(finding),
            _ => None,
        }
    }
}

impl Segment {
    /// The same decision where the text starts `by` bytes into another.
    pub fn shifted(mut self, by: usize) -> Segment {
        let span = match &mut self {
            Segment::Raw(span) | Segment::Swallow(span) | Segment::Token { span, .. } => span,
            Segment::Replace { finding, .. }
            | Segment::Mint { finding, .. }
            | Segment::Hash { finding, .. }
            | Segment::Alert(finding)
            | Segment::Block(finding) => &mut finding.span,
        };
        *span = span.start + by..span.end + by;
        self
    }
}
