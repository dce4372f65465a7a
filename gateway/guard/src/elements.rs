//! Short elements of an array, read as one text as well: `["4","1","1","1"]` is a number cut into pieces, and so is
//! `[41,11]`. Where something is found over several, the first gives way to its label; what is left of the others is
//! `""`, of a number `null`.

#[cfg(test)]
mod tests;

use std::{collections::VecDeque, ops::Range, sync::Arc};

use rules::{Before, Class, End, Program, Scanner, Segment};

use crate::{
    decide::placed,
    fault::{self, Fault},
    jsontext::Spelling,
};

/// Characters of a short element, at most.
pub(crate) const SHORT: usize = 4;

/// Bytes from the first element that waits to where reading is, at most: then it waits no longer.
const LONGEST: usize = 4096;

/// Elements that wait, at most.
const MOST: usize = 512;

/// What stands behind an array; it goes on with no value, so that nothing is taken for cut off.
const CLOSE: &str = "]";

/// Neighbouring short elements of one array. Those that can still be part of something wait.
pub(crate) struct Elements {
    program: Arc<Program>,
    scanner: Scanner,
    segments: Vec<Segment>,
    waiting: VecDeque<Element>,
}

/// An element that waits.
struct Element {
    /// What of the source gives way: a string's inside, a number's literal.
    at: Range<usize>,
    /// What it is of the joined text.
    text: Range<usize>,
    number: bool,
    /// Its own decisions, or what replaces them.
    decided: Vec<(Segment, Spelling)>,
    taken: bool,
}

/// Whether a string of an array can be a piece of something. An amount or a time of day is whole: neighbours of these
/// would look like addresses.
pub(crate) fn is_short_text(text: &str) -> bool {
    let amount = text.contains('.') && text.parse::<f64>().is_ok();
    let time = text.split_once(':').is_some_and(|(hour, minute)| {
        !hour.is_empty() && minute.len() == 2 && [hour, minute].iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()))
    });
    text.chars().nth(SHORT).is_none() && !amount && !time && !fault::is(Fault::ElementsAlone)
}

/// The same of a number: integers only.
pub(crate) fn is_short_number(literal: &str) -> bool {
    literal.len() <= SHORT
        && literal.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        && !fault::is(Fault::ElementsAlone)
}

impl Elements {
    pub(crate) fn new(program: Arc<Program>) -> Self {
        let scanner = Scanner::new(program.clone(), Before::default());
        Elements { program, scanner, segments: Vec::new(), waiting: VecDeque::new() }
    }

    /// Reads the next element, with what was decided of it alone; what need not wait goes to `out`.
    pub(crate) fn push(
        &mut self,
        at: Range<usize>,
        text: &str,
        number: bool,
        alone: Vec<(Segment, Spelling)>,
        out: &mut Vec<(Segment, Spelling)>,
    ) {
        if self.waiting.len() >= MOST {
            std::mem::replace(self, Elements::new(self.program.clone())).close(out);
        }
        let start = self.scanner.fed();
        let text_at = start..start + text.len();
        self.waiting.push_back(Element { at, text: text_at, number, decided: alone, taken: false });
        self.scanner.push(text, &mut self.segments);
        self.settle(false, out);
    }

    /// The array goes on with something else, or is closed.
    pub(crate) fn close(mut self, out: &mut Vec<(Segment, Spelling)>) {
        self.scanner.push(CLOSE, &mut self.segments);
        self.scanner.finish(End { cut: false }, &mut self.segments);
        self.settle(false, out);
    }

    /// The text around the array ends before the array does.
    pub(crate) fn break_off(mut self, end: End, out: &mut Vec<(Segment, Spelling)>) {
        self.scanner.finish(end, &mut self.segments);
        self.settle(true, out);
    }

    /// Where in the source the first element is that waits.
    pub(crate) fn waits_from(&self) -> Option<usize> {
        self.waiting.front().map(|element| element.at.start)
    }

    /// Whether what waits, waits for too long where reading is at `at`.
    pub(crate) fn is_overdue(&self, at: usize) -> bool {
        self.waits_from().is_some_and(|from| at.saturating_sub(from) > LONGEST)
    }

    /// Puts what was found over elements in their place, and lets go of those that are decided.
    fn settle(&mut self, cut_off: bool, out: &mut Vec<(Segment, Spelling)>) {
        for segment in std::mem::take(&mut self.segments) {
            self.replace(segment, cut_off);
        }
        // A rule on trial is counted where a value stands whole; here only the room that this takes would matter.
        drop(self.scanner.take_shadows());
        let clear = self.scanner.clear();
        while self.waiting.front().is_some_and(|e| e.text.end <= clear) {
            out.extend(self.waiting.pop_front().into_iter().flat_map(|e| e.decided));
        }
    }

    fn replace(&mut self, segment: Segment, cut_off: bool) {
        if matches!(segment, Segment::Raw(_)) {
            return;
        }
        let span = segment.span().clone();
        let shares = |e: &Element| e.text.start < span.end && span.start < e.text.end;
        let mut shared: Vec<&mut Element> = self.waiting.iter_mut().filter(|e| shares(e)).collect();
        // In numbers only a checksum counts, unless the end is missing that could hold it.
        let proven = segment.finding().is_none_or(|f| f.class >= Class::Validated);
        if !proven && !cut_off && shared.iter().all(|e| e.number) {
            return;
        }
        let mut first = match decision(segment) {
            Some(Decision::Masks(first)) => first,
            Some(Decision::Passes(segment)) => return shared.iter_mut().take(1).for_each(|e| e.note(&segment)),
            None => return,
        };
        for element in shared.into_iter().filter(|e| !e.taken) {
            element.take(first.take());
        }
    }
}

/// What a segment of the joined text means for the elements that share it.
enum Decision {
    /// They stay as they are.
    Passes(Segment),
    /// They give way; the first of them to this, unless it has gone already.
    Masks(Option<Segment>),
}

/// A label for every value: no token or hash of it would be whole where an element stood. A token in pieces restores
/// nothing.
fn decision(segment: Segment) -> Option<Decision> {
    match segment {
        Segment::Raw(_) | Segment::Token { .. } => None,
        Segment::Alert(_) => Some(Decision::Passes(segment)),
        Segment::Swallow(_) => Some(Decision::Masks(None)),
        Segment::Replace { .. } | Segment::Block(_) => Some(Decision::Masks(Some(segment))),
        Segment::Mint { finding, .. } | Segment::Hash { finding, .. } => {
            let text = format!("[{}]", finding.label);
            Some(Decision::Masks(Some(Segment::Replace { finding, text })))
        }
    }
}

impl Element {
    fn note(&mut self, segment: &Segment) {
        self.decided.push((placed(segment.clone(), self.at.clone()), Spelling::Plain));
    }

    /// Gives way as a whole, whatever was decided of it alone.
    fn take(&mut self, by: Option<Segment>) {
        self.taken = true;
        let spelling = match (&by, self.number) {
            (Some(_), true) => Spelling::Quoted,
            (None, true) => Spelling::Null,
            (_, false) => Spelling::Escaped,
        };
        let segment = by.map_or(Segment::Swallow(self.at.clone()), |s| placed(s, self.at.clone()));
        self.decided = vec![(segment, spelling)];
    }
}
