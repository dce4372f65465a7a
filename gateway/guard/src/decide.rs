//! What stands in a span's place: the engine's segments turned into edits, by what this direction has at hand.

use std::{ops::Range, sync::Arc};

use rules::{Finding, Program, Segment, TokenKey};

use crate::{Minted, Refusal, RestoreSet, Summary, voice};

/// A change to a text: these source bytes give way to this text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Edit {
    pub(crate) span: Range<usize>,
    pub(crate) text: String,
    /// What was found there; empty for restored text.
    pub(crate) label: Arc<str>,
}

/// The same decision for another span.
pub(crate) fn placed(segment: Segment, span: Range<usize>) -> Segment {
    let there = |finding: Finding, span| Finding { span, ..finding };
    match segment {
        Segment::Raw(_) => Segment::Raw(span),
        Segment::Swallow(_) => Segment::Swallow(span),
        Segment::Token { token, exposed, .. } => Segment::Token { span, token, exposed },
        Segment::Replace { finding, text } => Segment::Replace { finding: there(finding, span), text },
        Segment::Mint { finding, value, canonical } => {
            Segment::Mint { finding: there(finding, span), value, canonical }
        }
        Segment::Hash { finding, canonical } => Segment::Hash { finding: there(finding, span), canonical },
        Segment::Alert(finding) => Segment::Alert(there(finding, span)),
        Segment::Block(finding) => Segment::Block(there(finding, span)),
    }
}

/// How values and tokens are treated.
pub(crate) enum Side<'a> {
    /// Towards the provider: values become tokens, tokens pass.
    Request { key: &'a TokenKey, minted: &'a mut Vec<Minted> },
    /// Towards whoever reads or hears it: the caller's tokens become values.
    Response { restore: &'a RestoreSet, reader: Reader, program: Option<&'a Program> },
}

/// Who reads what leaves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reader {
    /// The caller.
    Caller,
    /// A voice, which reads it out: labels and values in words that can be spoken.
    Voice,
}

impl Side<'_> {
    /// The same side, for a shorter while.
    pub(crate) fn reborrow(&mut self) -> Side<'_> {
        match self {
            Side::Request { key, minted } => Side::Request { key, minted },
            Side::Response { restore, reader, program } => {
                Side::Response { restore, reader: *reader, program: *program }
            }
        }
    }
}

/// Turns segments into edits, and counts.
pub(crate) struct Decider<'a> {
    pub(crate) side: Side<'a>,
    pub(crate) summary: &'a mut Summary,
}

impl<'a> Decider<'a> {
    /// A decider towards the caller.
    pub(crate) fn answering(restore: &'a RestoreSet, summary: &'a mut Summary) -> Self {
        Decider { side: Side::Response { restore, reader: Reader::Caller, program: None }, summary }
    }

    /// A decider towards this reader.
    pub(crate) fn showing(
        reader: Reader,
        restore: &'a RestoreSet,
        program: &'a Program,
        summary: &'a mut Summary,
    ) -> Self {
        Decider { side: Side::Response { restore, reader, program: Some(program) }, summary }
    }
}

impl Decider<'_> {
    /// The edit that a segment calls for; `call` says that it stands in a tool call's arguments.
    pub(crate) fn edit(&mut self, segment: Segment, call: bool) -> Result<Option<Edit>, Refusal> {
        if let Some(finding) = segment.finding() {
            *self.summary.findings.entry(finding.entity.to_string()).or_default() += 1;
        }
        Ok(match segment {
            Segment::Raw(_) => None,
            Segment::Swallow(span) => Some(Edit { span, text: String::new(), label: Arc::from("") }),
            Segment::Replace { finding, text } => {
                let text = self.shown(&finding, text);
                Some(Edit { span: finding.span, text, label: finding.label })
            }
            Segment::Mint { finding, value, canonical } => {
                let text = match &mut self.side {
                    Side::Request { key, minted } => {
                        let token = key.mint(&finding.label, &canonical);
                        minted.push(Minted { token: token.clone(), value });
                        token
                    }
                    Side::Response { .. } => self.shown(&finding, format!("[{}]", finding.label)),
                };
                Some(Edit { span: finding.span, text, label: finding.label })
            }
            Segment::Hash { finding, canonical } => {
                let text = match &self.side {
                    Side::Request { key, .. } => key.hash(&finding.label, &canonical),
                    Side::Response { .. } => self.shown(&finding, format!("[{}]", finding.label)),
                };
                Some(Edit { span: finding.span, text, label: finding.label })
            }
            Segment::Alert(_) => {
                self.alert("found");
                None
            }
            Segment::Token { span, token, exposed } => self.token(span, &token, exposed, call)?,
            Segment::Block(finding) => return Err(Refusal::Blocked(finding.entity.to_string())),
        })
    }

    /// Counts what rules in `mode: shadow` found.
    pub(crate) fn watch(&mut self, seen: Vec<Finding>) {
        for finding in seen {
            *self.summary.shadow.entry(finding.entity.to_string()).or_default() += 1;
        }
    }

    /// What stands for a value, as its reader reads it.
    fn shown(&self, finding: &Finding, text: String) -> String {
        match self.side {
            Side::Response { reader: Reader::Voice, .. } => voice::said(&finding.entity, &text),
            _ => text,
        }
    }

    fn token(&mut self, span: Range<usize>, token: &str, exposed: bool, call: bool) -> Result<Option<Edit>, Refusal> {
        let Side::Response { restore, reader, program } = self.side else { return Ok(None) };
        match restore.get(token) {
            Some(_) if exposed => {
                self.alert("token_in_url");
                Ok(None)
            }
            Some(value) => {
                self.summary.restored += 1;
                let text = match (reader, program) {
                    (Reader::Voice, Some(program)) => voice::restored(program, token, value),
                    _ => value.to_owned(),
                };
                Ok(Some(Edit { span, text, label: Arc::from("") }))
            }
            None if call => Err(Refusal::ForeignToken),
            None => {
                self.alert("foreign_token");
                Ok(None)
            }
        }
    }

    fn alert(&mut self, code: &'static str) {
        *self.summary.alerts.entry(code).or_default() += 1;
    }
}
