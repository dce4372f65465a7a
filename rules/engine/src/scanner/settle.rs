//! What is decided leaves, and what nothing undecided can refer to is forgotten.

use std::ops::Range;

use super::Scanner;
use crate::{
    accept::accept,
    automaton::Needs,
    context,
    external::Sentence,
    fault::{self, Fault},
    lane::{Hit, Lane, Thread},
    names::Names,
    program::ProgramPattern,
    replacement::{finding, replacement},
    resolve::{Accepted, Cluster, LONGEST},
    segment::Segment,
    side::Side,
};

impl Scanner {
    pub(super) fn settle(&mut self, ended: Option<usize>, out: &mut Vec<Segment>) {
        self.evaluate();
        self.silence();
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

    /// Marks what has outgrown its hold; answers from where on starts are undecided, and where what still grows starts.
    fn outgrow(&mut self) -> (usize, Vec<usize>) {
        let pending = self.decoder.pending().filter(|_| !fault::is(Fault::ForgetPending));
        let unsaid = self.spoken.as_deref().and_then(Side::pending);
        let unnamed = self.names.as_ref().and_then(Names::pending);
        let unjudged = self.sentence.as_ref().and_then(Sentence::pending);
        let mut live = [pending, unsaid, unnamed, self.encoded.pending(), unjudged]
            .into_iter()
            .flatten()
            .fold(self.fed, usize::min);
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
        let named = self.named(lane.name, lane.tape.source_start(thread.start), thread.before);
        let accepted = self.program.automaton(lane.name).accepted(thread.state, Needs::Question);
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
        let current = self.messages.partition_point(|m| m.from <= emitted).saturating_sub(1);
        self.messages.drain(..current);
    }
}
