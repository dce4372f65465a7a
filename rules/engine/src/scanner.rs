//! The scanner of one text: bytes in as they come, decided segments out as soon as they can be.
//!
//! Invariant: what has been emitted never depends on what follows, and how the text was cut never shows. A byte is
//! emitted once no live thread starts at or before it and no open cluster holds it.

use std::{ops::Range, sync::Arc};

use crate::{
    accept::{accept, prefix},
    context::{self, Named},
    decode::Decoder,
    encoded::Encoded,
    end::{End, Seam},
    fault::{self, Fault},
    lane::{Hit, Lane, Thread},
    program::{Program, ProgramPattern},
    reading::Reading,
    replacement::{finding, replacement},
    resolve::{Accepted, Cluster, Clusters, LONGEST, TapeName},
    segment::{Finding, Segment},
    side::Side,
    tape::Tape,
};

/// Bytes matched between two looks at what is decided: bounds the candidates that wait.
const SLICE: usize = 4096;

/// Bytes matched on two lanes before asking whether they agree again.
const FORKED_SLICE: usize = 64;

/// The scanner of one text. Offsets count bytes of the text's source.
#[derive(Clone)]
pub struct Scanner {
    program: Arc<Program>,
    /// Accept only what a checksum proves: for number literals.
    validated_only: bool,
    raw: Lane,
    /// The decoded reading, while it differs from the raw one.
    decoded: Option<Lane>,
    /// The spoken reading, where speech is listened for.
    spoken: Option<Side>,
    encoded: Encoded,
    /// Source end of the last character that raw and decoded read differently.
    differs_to: usize,
    decoder: Decoder,
    hits: Vec<Hit>,
    /// What a character reads as; kept for its memory.
    read: Vec<(char, Range<usize>)>,
    accepted: Clusters,
    /// What rules found that only watch, and what of it is decided.
    watched: Clusters,
    seen: Vec<Finding>,
    /// A cluster whose replacement has left while its end is still open.
    open: Option<Range<usize>>,
    /// Where each message starts, and what the message before it ended with.
    messages: Vec<(usize, Arc<str>)>,
    fed: usize,
    emitted: usize,
}

impl Scanner {
    /// A scanner for a written text that follows a message ending with `before`.
    pub fn new(program: Arc<Program>, before: Arc<str>) -> Self {
        Self::reading(program, Reading::Written, before)
    }

    /// A scanner for a text that follows a message ending with `before`.
    pub fn reading(program: Arc<Program>, reading: Reading, before: Arc<str>) -> Self {
        Scanner {
            spoken: Side::of(reading, &program),
            encoded: Encoded::default(),
            watched: Clusters::default(),
            seen: Vec::new(),
            program,
            validated_only: false,
            raw: Lane::new(),
            decoded: None,
            differs_to: 0,
            decoder: Decoder::default(),
            hits: Vec::new(),
            read: Vec::new(),
            accepted: Clusters::default(),
            open: None,
            messages: vec![(0, before)],
            fed: 0,
            emitted: 0,
        }
    }

    /// A scanner for number literals, in which only a checksum counts; `key` is the text of the number's key.
    pub fn for_number(program: Arc<Program>, key: &str) -> Self {
        Scanner { validated_only: true, ..Scanner::new(program, key.into()) }
    }

    /// Source bytes read.
    pub fn fed(&self) -> usize {
        self.fed
    }

    /// Source bytes decided.
    pub fn clear(&self) -> usize {
        self.emitted
    }

    /// Reads text that stands in the source as it is.
    pub fn push(&mut self, text: &str, out: &mut Vec<Segment>) {
        let mut rest = text;
        while !rest.is_empty() {
            let slice = if self.decoded.is_some() { FORKED_SLICE } else { SLICE };
            let plain = self.decoder.plain_len(&rest.as_bytes()[..rest.len().min(slice)]);
            if plain > 0 {
                let (now, later) = rest.split_at(plain);
                self.read_plain(now.as_bytes());
                rest = later;
                self.rejoin();
                if self.fed - self.emitted >= SLICE {
                    self.settle(None, out);
                }
            } else if let Some(c) = rest.chars().next() {
                self.read_char(c, c.len_utf8());
                rest = &rest[c.len_utf8()..];
            }
        }
        self.settle(None, out);
    }

    /// Reads one character that an escape of `source_len` bytes stands for; decided at the next [`Scanner::settle_now`].
    pub fn push_escaped(&mut self, c: char, source_len: usize) {
        self.read_char(c, source_len);
    }

    /// Emits what is decided.
    pub fn settle_now(&mut self, out: &mut Vec<Segment>) {
        self.settle(None, out);
    }

    /// One part of the text ends and another follows; `before` is what a new message's predecessor ended with.
    pub fn seam(&mut self, seam: Seam, before: Arc<str>, out: &mut Vec<Segment>) {
        // An escape may go on from part to part, like any value.
        if seam == Seam::Message {
            self.flush_decoder();
        }
        self.flush_side();
        self.end_here();
        self.evaluate();
        if seam == Seam::Message && !self.validated_only {
            let unfinished = self.unfinished(End { cut: false });
            unfinished.into_iter().for_each(|span| self.note(span));
        }
        let Scanner { raw, decoded, spoken, accepted, .. } = self;
        for lane in [Some(raw), decoded.as_mut(), spoken.as_mut().map(|s| &mut s.lane)].into_iter().flatten() {
            lane.part(|tape, thread| seam == Seam::Part || goes_on(tape, thread, accepted));
        }
        self.settle(None, out);
        if seam == Seam::Message {
            self.messages.push((self.fed, before));
        }
    }

    /// The text ends; everything is decided.
    pub fn finish(&mut self, end: End, out: &mut Vec<Segment>) {
        self.flush_decoder();
        self.flush_side();
        self.end_here();
        self.evaluate();
        if !self.validated_only && !fault::is(Fault::NoEndPrefix) {
            let unfinished = self.unfinished(end);
            unfinished.into_iter().for_each(|span| self.note(span));
        }
        let Scanner { raw, decoded, spoken, .. } = self;
        for lane in [Some(raw), decoded.as_mut(), spoken.as_mut().map(|s| &mut s.lane)].into_iter().flatten() {
            lane.threads.clear();
        }
        self.settle(Some(self.fed), out);
    }

    /// Values that the end cut off: live prefixes, as far as no whole value has them.
    fn unfinished(&self, end: End) -> Vec<Accepted> {
        let mut found = Vec::new();
        for lane in self.lanes() {
            for thread in &lane.threads {
                let named = self.named(lane.tape.source_start(thread.start));
                let open = |at: usize| !self.has(&lane.tape.source(at..at + 1));
                found.extend(prefix(&self.program, lane, thread, end, &named, open));
            }
        }
        found
    }

    /// Whether a whole value has these source bytes: one that waits, or one whose label has left.
    fn has(&self, source: &Range<usize>) -> bool {
        let left = self.open.as_ref().is_some_and(|o| o.start <= source.start && source.end <= o.end);
        left || self.accepted.holding(source).is_some()
    }

    fn read_plain(&mut self, bytes: &[u8]) {
        let Scanner { program, raw, decoded, decoder, spoken, encoded, hits, fed, .. } = self;
        decoder.passed(bytes);
        encoded.plain(program, bytes, *fed);
        if let Some(side) = spoken {
            side.plain(program, bytes, *fed, hits);
        }
        for lane in [Some(raw), decoded.as_mut()].into_iter().flatten() {
            lane.run(&program.automaton, program.restore, bytes, hits);
            lane.tape.push_plain(bytes, *fed);
        }
        *fed += bytes.len();
    }

    fn read_char(&mut self, c: char, source_len: usize) {
        let source = self.fed..self.fed + source_len;
        self.encoded.char(&self.program, c, source.clone());
        let mut read = std::mem::take(&mut self.read);
        self.decoder.push(c, source.clone(), &mut |c, s| read.push((c, s)));
        if !matches!(&read[..], [same] if *same == (c, source.clone())) {
            self.fork(source.end);
        }
        push_char(&mut self.raw, &self.program, c, source.clone(), &mut self.hits);
        self.take_decoded(&mut read);
        self.read = read;
        self.fed = source.end;
    }

    fn fork(&mut self, differs_to: usize) {
        self.differs_to = differs_to;
        let raw = &self.raw;
        self.decoded.get_or_insert_with(|| raw.clone().named(TapeName::Decoded));
    }

    /// Once both readings agree on all that is undecided, one lane is enough again.
    fn rejoin(&mut self) {
        let Some(decoded) = &self.decoded else { return };
        let unsaid = self.spoken.as_ref().and_then(|side| side.pending().into_iter().chain(side.lane.live()).min());
        let settled = self.raw.live().into_iter().chain(unsaid).all(|s| s >= self.differs_to);
        let agrees = settled && self.decoder.pending().is_none() && self.raw.agrees(decoded);
        if agrees || fault::is(Fault::RejoinEarly) {
            self.evaluate();
            if self.accepted.is_empty() || fault::is(Fault::RejoinEarly) {
                // The decoded tape survives: context is read from it.
                self.raw = self.decoded.take().unwrap_or_else(Lane::new).named(TapeName::Raw);
            }
        }
    }

    /// What is pending is no escape.
    fn flush_decoder(&mut self) {
        let mut read = std::mem::take(&mut self.read);
        self.decoder.finish(&mut |c, s| read.push((c, s)));
        self.take_decoded(&mut read);
        self.read = read;
    }

    fn take_decoded(&mut self, read: &mut Vec<(char, Range<usize>)>) {
        let Scanner { program, decoded, spoken, hits, .. } = self;
        for (c, source) in read.drain(..) {
            if let Some(lane) = decoded {
                push_char(lane, program, c, source.clone(), hits);
            }
            if let Some(side) = spoken {
                side.char(program, c, source, hits);
            }
        }
    }

    /// No word that says a digit and no encoded run goes on over a seam.
    fn flush_side(&mut self) {
        let Scanner { program, spoken, encoded, hits, .. } = self;
        encoded.finish(program);
        if let Some(side) = spoken {
            side.finish(program, hits);
        }
    }

    /// What matches up to here may be all there is.
    fn end_here(&mut self) {
        let Scanner { program, raw, decoded, spoken, hits, .. } = self;
        let spoken = spoken.as_mut().map(|s| &mut s.lane);
        for lane in
            [Some(raw), decoded.as_mut(), spoken].into_iter().flatten().filter(|_| !fault::is(Fault::ForgetEndHits))
        {
            lane.end_hits(&program.automaton, hits);
        }
    }

    fn lane(&self, name: TapeName) -> &Lane {
        let lane = match name {
            TapeName::Raw | TapeName::Encoded => None,
            TapeName::Decoded => self.decoded.as_ref(),
            TapeName::Spoken | TapeName::Partial => self.spoken.as_ref().map(|s| &s.lane),
        };
        lane.unwrap_or(&self.raw)
    }

    fn lanes(&self) -> impl Iterator<Item = &Lane> {
        std::iter::once(&self.raw).chain(self.decoded.as_ref()).chain(self.spoken.as_ref().map(|s| &s.lane))
    }

    /// Judges the candidates whose left context is decoded.
    fn evaluate(&mut self) {
        self.evaluate_encoded();
        if self.hits.is_empty() {
            return;
        }
        let pending = self.unread();
        // Hits come by their end, so those of one start are not beside each other.
        let mut known: [(usize, Named); 32] = std::array::from_fn(|_| (usize::MAX, Named::default()));
        let (mut accepted, mut waiting) = (Vec::new(), Vec::new());
        let mut hits = std::mem::take(&mut self.hits);
        for hit in hits.drain(..) {
            let lane = self.lane(hit.tape);
            let source = lane.tape.source_start(hit.thread.start);
            if source > pending {
                waiting.push(hit);
                continue;
            }
            let (at, named) = &mut known[source % 32];
            if *at != source && self.program.contextual(hit.state) {
                (*at, *named) = (source, self.named(source));
            }
            if fault::is(Fault::IgnoreDecoded) && hit.tape == TapeName::Decoded {
                continue;
            }
            let judged = if fault::is(Fault::FirstPatternOnly) { 1 } else { usize::MAX };
            for &pattern in self.program.automaton.accepted(hit.state).iter().take(judged) {
                let found = accept(&self.program, lane, &hit, pattern, named);
                accepted.extend(found.filter(|s| !self.validated_only || s.proven()));
            }
        }
        hits.append(&mut waiting);
        self.hits = hits;
        accepted.into_iter().for_each(|span| self.note(span));
    }

    /// The same for what was encoded.
    fn evaluate_encoded(&mut self) {
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
                let mut named = self.program.context.named(inside, context::WORDS, b"");
                named.join(self.named(source));
                for &pattern in self.program.automaton.accepted(hit.state) {
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
    fn unread(&self) -> usize {
        let pending = [self.decoder.pending(), self.spoken.as_ref().and_then(Side::pending)];
        pending.into_iter().flatten().min().unwrap_or(usize::MAX)
    }

    /// Takes an accepted span in.
    fn note(&mut self, span: Accepted) {
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

    /// The rules that words before `source` speak for.
    fn named(&self, source: usize) -> Named {
        let at = self.messages.partition_point(|m| m.0 <= source).saturating_sub(1);
        let (message_start, before) = &self.messages[at];
        // In speech, what is said between the words does not count.
        let (tape, words) = match &self.spoken {
            Some(side) => (&side.lane.tape, context::SPOKEN_WORDS),
            None => (&self.decoded.as_ref().unwrap_or(&self.raw).tape, context::WORDS),
        };
        let at = tape.tape_at(source);
        let reach = (at - tape.tape_at(*message_start).min(at)).min(context::REACH);
        self.program.context.named(tape.before(at, reach), words, before.as_bytes())
    }

    fn settle(&mut self, ended: Option<usize>, out: &mut Vec<Segment>) {
        self.evaluate();
        let (live, growing) = ended.map_or_else(|| self.outgrow(), |end| (end, Vec::new()));
        for cluster in self.accepted.take() {
            if let Some(open) = self.open.as_mut().filter(|o| cluster.source.start < o.end) {
                open.end = open.end.max(cluster.source.end);
                let end = if fault::is(Fault::ForgetOpen) { 0 } else { open.end };
                self.emit_to(end, out, Segment::Swallow);
            } else if growing.iter().any(|s| cluster.source.contains(s)) && live >= cluster.source.start {
                self.emit_cluster(&cluster, out);
                self.open = Some(cluster.source);
            } else if cluster.source.end <= live {
                self.emit_cluster(&cluster, out);
            } else if cluster.endless() && live >= cluster.source.start + LONGEST {
                self.emit_cluster(&cluster, out);
                self.open = Some(cluster.source);
            } else {
                self.accepted.put_back(cluster);
            }
        }
        let mut clear = self.accepted.start().map_or(live, |start| start.min(live));
        if fault::is(Fault::ReleaseWaiting) {
            clear = live;
        }
        if fault::is(Fault::CommitEarly) {
            clear = self.fed.min(clear + 1);
        }
        self.open = self.open.take().filter(|o| live < o.end || !growing.is_empty());
        self.emit_to(clear, out, Segment::Raw);
        self.watch(clear);
        self.forget();
    }

    /// Notes what rules found that only watch, as far as it is decided.
    fn watch(&mut self, clear: usize) {
        for cluster in self.watched.take() {
            if cluster.source.end <= clear {
                self.seen.extend(finding(&self.program, &cluster));
            } else {
                self.watched.put_back(cluster);
            }
        }
    }

    /// What rules in `mode: shadow` found since this was last asked: it passed as if they were not there.
    pub fn take_shadows(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.seen)
    }

    /// Marks what has outgrown its hold; answers from where on starts are undecided, and where what still grows starts.
    fn outgrow(&mut self) -> (usize, Vec<usize>) {
        let pending = self.decoder.pending().filter(|_| !fault::is(Fault::ForgetPending));
        let unsaid = self.spoken.as_ref().and_then(Side::pending);
        let mut live = [pending, unsaid, self.encoded.pending()].into_iter().flatten().fold(self.fed, usize::min);
        for hit in &self.hits {
            live = live.min(self.lane(hit.tape).tape.source_start(hit.thread.start));
        }
        let mut long = Vec::new();
        for lane in self.lanes() {
            for thread in &lane.threads {
                let spans = self.outgrown(lane, thread);
                if spans.is_empty() {
                    live = live.min(lane.tape.source_start(thread.start));
                }
                long.extend(spans);
            }
        }
        // What is invisible right behind a growing match is inside it if it goes on, and outside if it does not.
        live = long.iter().map(|span| span.source.end).max().map_or(live, |end| live.min(end));
        let growing = long.iter().map(|span| span.source.start).collect();
        long.into_iter().for_each(|span| self.note(span));
        (live, growing)
    }

    /// What a thread is certain to match, however it goes on, once it is longer than the hold.
    fn outgrown(&self, lane: &Lane, thread: &Thread) -> Vec<Accepted> {
        let end = lane.tape.end();
        let unread = self.unread() < lane.tape.source_start(thread.start);
        if end - thread.start <= self.program.hold || unread {
            return Vec::new();
        }
        let hit = Hit { tape: lane.name, thread: *thread, end, state: thread.state, next: None };
        let named = self.named(lane.tape.source_start(thread.start));
        let accepted = self.program.automaton.accepted(thread.state).iter();
        accepted
            .filter(|&&p| matches!(&self.program.patterns[usize::from(p)], ProgramPattern::Value(v) if v.open))
            .filter_map(|&p| accept(&self.program, lane, &hit, p, &named))
            .collect()
    }

    fn emit_to(&mut self, to: usize, out: &mut Vec<Segment>, segment: impl Fn(Range<usize>) -> Segment) {
        if to > self.emitted {
            out.push(segment(self.emitted..to));
            self.emitted = to;
        }
    }

    fn emit_cluster(&mut self, cluster: &Cluster, out: &mut Vec<Segment>) {
        self.emit_to(cluster.source.start, out, Segment::Raw);
        let segment = replacement(&self.program, cluster, &self.raw, self.lane(cluster.winner.tape));
        out.push(segment);
        self.emitted = self.emitted.max(cluster.source.end);
    }

    /// Drops what nothing undecided can refer to.
    fn forget(&mut self) {
        let emitted = self.emitted;
        let keep = |lane: &Lane| {
            let oldest = lane.threads.first().map_or(usize::MAX, |t| t.start);
            let reach = if fault::is(Fault::ForgetContext) { 0 } else { context::REACH };
            lane.tape.tape_at(emitted).min(oldest).saturating_sub(reach)
        };
        let from = keep(&self.raw);
        self.raw.tape.trim(from);
        if let Some(lane) = &mut self.decoded {
            let from = keep(lane);
            lane.tape.trim(from);
        }
        if let Some(side) = &mut self.spoken {
            let from = keep(&side.lane);
            side.lane.tape.trim(from);
        }
        let current = self.messages.partition_point(|m| m.0 <= emitted).saturating_sub(1);
        self.messages.drain(..current);
    }
}

fn push_char(lane: &mut Lane, program: &Program, c: char, source: Range<usize>, hits: &mut Vec<Hit>) {
    let mut utf8 = [0; 4];
    let bytes = c.encode_utf8(&mut utf8).as_bytes();
    lane.run(&program.automaton, program.restore, bytes, hits);
    // A character that stands for itself is whole as it is: only what spells another way cannot be cut.
    if c.is_ascii() && source.len() == 1 {
        lane.tape.push_plain(bytes, source.start);
    } else {
        lane.tape.push_atom(bytes, source);
    }
}

/// Whether what started may go on in the next message: a run of digits that is not whole already.
fn goes_on(tape: &Tape, thread: &Thread, accepted: &Clusters) -> bool {
    let text = tape.slice(thread.start..tape.end());
    let Some(last) = text.iter().rposition(u8::is_ascii_digit) else { return false };
    let run = text.iter().all(|b| b.is_ascii_digit() || b" .-/".contains(b));
    let source = tape.source(thread.start..thread.start + last + 1);
    run && !accepted.holding(&source).is_some_and(|c| c.winner.proven())
}

#[cfg(test)]
mod tests;
