//! From candidates to accepted spans, once the words before them are read.

use std::ops::Range;

use super::{Message, Scanner};
use crate::{
    accept::{Refused, accept, judge, prefix},
    automaton::Needs,
    context::{self, Named},
    end::End,
    explain::Candidate,
    external::Sentence,
    fault::{self, Fault},
    lane::Hit,
    names::Evidence,
    pack::{ACCEPT, Recogniser},
    replacement::text_of,
    resolve::{Accepted, Class, Kind, TapeName},
    side::Side,
    tape::Tape,
};

impl Scanner {
    /// Values that the end cut off: live prefixes, as far as no whole value has them.
    pub(super) fn unfinished(&self, end: End) -> Vec<Accepted> {
        let mut found = Vec::new();
        for lane in self.lanes() {
            for thread in &lane.threads {
                let named = self.named(lane.name, lane.tape.source_start(thread.start), thread.before);
                let open = |at: usize| !self.has(&lane.tape.source(at..at + 1));
                found.extend(prefix(&self.program, lane, thread, end, &named, open));
            }
        }
        found
    }

    /// Whether a whole value has these source bytes: one that waits, or one whose label has left.
    pub(super) fn has(&self, source: &Range<usize>) -> bool {
        let left = self.open.as_ref().is_some_and(|o| o.start <= source.start && source.end <= o.end);
        left || self.accepted.holding(source).is_some()
    }

    /// Judges the candidates whose left context is decoded.
    pub(super) fn evaluate(&mut self) {
        self.evaluate_encoded();
        self.evaluate_names();
        self.evaluate_sentences();
        if self.hits.is_empty() {
            return;
        }
        let pending = self.unread();
        let mut known = Known::of(self.hits.len());
        let (mut accepted, mut waiting) = (Vec::new(), Vec::new());
        let mut hits = std::mem::take(&mut self.hits);
        let mut trace = self.trace.take();
        for hit in hits.drain(..) {
            let source = self.lane(hit.tape).tape.source_start(hit.thread.start);
            if source > pending {
                waiting.push(hit);
            } else if !(fault::is(Fault::IgnoreDecoded) && hit.tape == TapeName::Decoded) {
                let named = known.at(self, &hit, source);
                if named.is_some_and(Named::is_empty) && trace.is_none() {
                    self.lane_mut(hit.tape).silence(hit.thread.start);
                }
                self.judge_hit(&hit, named.unwrap_or(&Named::NONE), &mut trace, &mut accepted);
            }
        }
        hits.append(&mut waiting);
        self.hits = hits;
        self.trace = trace;
        accepted.into_iter().for_each(|span| self.note(span));
    }

    /// Judges what each pattern matched there; `named` are the rules that words before it speak for.
    fn judge_hit(&self, hit: &Hit, named: &Named, trace: &mut Option<Vec<Candidate>>, accepted: &mut Vec<Accepted>) {
        // Most of what matches says nothing without words: that is told before all else, if nobody asks why.
        let given = if trace.is_none() && named.is_empty() { Needs::Nothing } else { self.given() };
        let judged = if fault::is(Fault::FirstPatternOnly) { 1 } else { usize::MAX };
        for &pattern in self.program.automaton(hit.tape).accepted(hit.state, given).take(judged) {
            if trace.is_none() && self.program.hopeless(pattern, named) {
                continue;
            }
            let found = judge(&self.program, self.lane(hit.tape), hit, pattern, named);
            if let Some(trace) = trace {
                trace.push(self.candidate(hit, pattern, &found));
            }
            accepted.extend(found.ok().filter(|s| !self.validated_only || s.proven()));
        }
    }

    /// The same for names and addresses, which their recogniser has judged.
    pub(super) fn evaluate_names(&mut self) {
        for found in std::mem::take(&mut self.named) {
            let Some(rule) = self.program.recognised(Recogniser::from(found.kind)) else { continue };
            let class = match found.class {
                Evidence::Shape => Class::Shape,
                Evidence::Context => Class::Context,
            };
            let lane = self.lane(TapeName::Decoded);
            let text = text_of(lane, &found.source);
            let said = self.spoken.is_some() && self.program.lexicon.is_read_out(&text);
            let allowed = &self.program.rules[usize::from(rule)];
            if found.score >= ACCEPT && !said && !allowed.allows(&text) {
                let kind = Kind::Value { rule, class };
                self.note(Accepted { source: found.source, tape: TapeName::Decoded, kind, score: found.score });
            }
        }
    }

    /// The same for what somebody outside found.
    fn evaluate_sentences(&mut self) {
        for span in self.sentence.as_mut().map(Sentence::take).unwrap_or_default() {
            let text = text_of(&self.raw, &span.source);
            if span.rule().is_some_and(|rule| !self.program.rules[usize::from(rule)].allows(&text)) {
                self.note(span);
            }
        }
    }

    /// The same for what was encoded.
    pub(super) fn evaluate_encoded(&mut self) {
        let pending = self.unread();
        let mut encoded = std::mem::take(&mut self.encoded);
        let mut accepted = Vec::new();
        for decoding in encoded.decodings() {
            let mut hits = std::mem::take(&mut decoding.hits);
            hits.retain(|hit| {
                let source = decoding.lane.tape.source_start(hit.thread.start);
                if source > pending {
                    return true;
                }
                let inside = decoding.lane.tape.before(hit.thread.start, context::REACH);
                // Words before the run say nothing of it: any run reads as something somewhere.
                let named = self.program.context.named([(inside, context::WORDS)], &Named::default());
                for &pattern in self.program.automaton(hit.tape).accepted(hit.state, Needs::Words) {
                    let found = accept(&self.program, &decoding.lane, hit, pattern, &named);
                    // A token is no value wherever it stands, and nobody restores one in here.
                    let value = |s: &Accepted| s.rule().is_some() && (!self.validated_only || s.proven());
                    accepted.extend(found.filter(value));
                }
                false
            });
            decoding.hits = hits;
        }
        encoded.forget();
        self.encoded = encoded;
        accepted.into_iter().for_each(|span| self.note(span));
    }

    /// Source offset from which context may still change: what is before is read, as an escape or as speech.
    pub(super) fn unread(&self) -> usize {
        let pending = [self.decoder.pending(), self.spoken.as_deref().and_then(Side::pending)];
        pending.into_iter().flatten().min().unwrap_or(usize::MAX)
    }

    /// Takes an accepted span in.
    pub(super) fn note(&mut self, span: Accepted) {
        let rules = &self.program.rules;
        let shadow = span.rule().is_some_and(|r| rules[usize::from(r)].shadow);
        let clusters = if shadow { &mut self.watched } else { &mut self.accepted };
        // The value of an encoded span is not in the text: its label stands for it.
        let encoded = span.tape == TapeName::Encoded;
        clusters.add(span, |rule| {
            let action = rules[usize::from(rule)].action;
            if encoded { action.without_value() } else { action }
        });
    }

    fn candidate(&self, hit: &Hit, pattern: u16, verdict: &Result<Accepted, Refused>) -> Candidate {
        let tape = &self.lane(hit.tape).tape;
        let source = tape.source(hit.thread.start..hit.end);
        let (lefts, message) = self.lefts(hit.tape, source.start, hit.thread.before);
        Candidate {
            tape: hit.tape,
            pattern,
            text: tape.slice(hit.thread.start..hit.end).to_vec(),
            before: hit.thread.before,
            next: hit.next,
            lefts: lefts.map(|(left, words)| (left.to_vec(), words)).collect(),
            before_it: message.before.clone(),
            verdict: verdict.clone(),
            source,
        }
    }

    /// The rules that words before `source` speak for, of a candidate that has the byte `beside` before it.
    pub(super) fn named(&self, tape: TapeName, source: usize, beside: u8) -> Named {
        let (lefts, message) = self.lefts(tape, source, beside);
        self.program.context.named(lefts, &message.named)
    }

    /// What stands before `source` and how many words of it count, as each reading has it; and the message it is in.
    fn lefts<'s>(
        &'s self,
        tape: TapeName,
        source: usize,
        beside: u8,
    ) -> (impl Iterator<Item = (&'s [u8], usize)>, &'s Message) {
        let at = self.messages.partition_point(|m| m.from <= source).saturating_sub(1);
        let message = &self.messages[at];
        // In speech, what is said between the words does not count; but it has no capitals, and a "one" is a 1 there.
        let written = &self.decoded.as_ref().unwrap_or(&self.raw).tape;
        let spoken = self.spoken.as_ref().map(|side| (&side.lane.tape, context::SPOKEN_WORDS));
        let elsewhere = &self.program.lexicon.elsewhere;
        let left = move |(read, words): (&'s Tape, usize)| {
            let at = read.tape_at(source);
            let reach = (at - read.tape_at(message.from).min(at)).min(context::REACH);
            let left = context::whole_words(read.before(at, reach), beside);
            // "my PIN is ..., and I have been waiting since ten fifteen": another subject.
            // What is written is named as it is where nobody listens for speech.
            let counts = tape.said() || words > context::WORDS;
            let elsewhere = counts.then(|| elsewhere.last_in(left, words)).flatten();
            (left, elsewhere.unwrap_or(words))
        };
        ([Some((written, context::WORDS)), spoken].into_iter().flatten().map(left), message)
    }
}

/// What the words before some places say. Matches come by their end, so those of one start are not beside each other.
struct Known(Vec<(Option<Place>, Named)>);

/// Where a match starts, the byte before it, and whether it is said.
type Place = (usize, u8, bool);

impl Known {
    /// For so many matches; of more places than starts live at once none need be known.
    fn of(matches: usize) -> Self {
        Known(vec![(None, Named::default()); matches.min(256)])
    }

    /// The rules that words before a match speak for, if they can speak for any that matches there.
    fn at(&mut self, scanner: &Scanner, hit: &Hit, source: usize) -> Option<&Named> {
        if hit.thread.words.silent() || !scanner.program.automaton(hit.tape).contextual(hit.state) {
            return None;
        }
        let place = Some((source, hit.thread.before, hit.tape.said()));
        let size = self.0.len();
        let (at, named) = &mut self.0[source % size];
        if *at != place {
            (*at, *named) = (place, scanner.named(hit.tape, source, hit.thread.before));
        }
        Some(named)
    }
}
