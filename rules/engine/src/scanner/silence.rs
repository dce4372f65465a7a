//! Starts for which no words speak: what needs some cannot come of them, and is followed no further.
//!
//! Most of what may start anywhere, a password or a user name, is one only where words say so. Without this, signs
//! without end would keep as many starts alive as the longest of these has bytes.

use super::Scanner;
use crate::{
    accept::may_be_unfinished,
    automaton::DEAD,
    lane::{Lane, Thread, Words},
    resolve::TapeName,
};

/// Bytes after which a start is worth asking for: few words of prose are longer.
const AGE: usize = 12;

impl Scanner {
    /// Gives up what needs words where none speak for it. How the text was cut does not show: whatever has matched, or
    /// has lived for so long, is asked for whenever something is settled, and what is given up never finds anything.
    pub(super) fn silence(&mut self) {
        if self.trace.is_some() {
            return;
        }
        let unread = self.unread();
        let decoded = self.decoded.as_ref().map(|_| TapeName::Decoded);
        let spoken = self.spoken.as_ref().map(|side| side.lane.name);
        for tape in [Some(TapeName::Raw), decoded, spoken].into_iter().flatten() {
            if !self.lane(tape).ripe(AGE) {
                continue;
            }
            let mut threads = std::mem::take(&mut self.lane_mut(tape).threads);
            threads.retain_mut(|thread| self.lasts(self.lane(tape), thread, unread));
            self.lane_mut(tape).threads = threads;
        }
    }

    /// Whether a start may come to something; context is known before `unread`.
    fn lasts(&self, lane: &Lane, thread: &mut Thread, unread: usize) -> bool {
        let unaided = self.program.automaton(lane.name).unaided(thread.state);
        if unaided == thread.state {
            return true;
        }
        if thread.words == Words::Unasked && lane.tape.end() - thread.start >= AGE {
            let source = lane.tape.source_start(thread.start);
            if source <= unread {
                let silent = self.named(lane.name, source, thread.before).is_empty();
                thread.words = if silent { Words::Silent } else { Words::Speak };
            }
        }
        if thread.words == Words::Silent {
            if may_be_unfinished(&self.program, lane, thread) {
                thread.words = Words::Unfinished;
            } else {
                thread.state = unaided;
            }
        }
        thread.state != DEAD
    }
}
