//! Words of prose that start nothing: a text is full of them, and they are told by their first letters.
//!
//! A word of small letters, the first perhaps a capital, that a space and another word follow can matter only if some
//! thread that starts in it accepts or outlives the space and the letter behind it. From every state the fewest letters
//! are known after which a thread would do so; so of each three first letters it is known whether a word that starts
//! with them, and is not too long, may be passed over unread.

use std::collections::VecDeque;

use super::{Automaton, DEAD, State, fast::FastMap};

/// Letters of the longest word that is passed over.
const LONGEST: usize = 16;

/// What may stand between a word and the space behind it.
const MARKS: [u8; 6] = *b",.?!;:";

/// States that are looked at; where there are more, every word is read.
const STATES: usize = 1 << 14;

/// Which words start nothing.
#[derive(Default)]
pub(super) struct Dull {
    /// A bit for each three first letters; one that is not there is 0. None where every word is to be read.
    starts: Box<[u64]>,
    /// Letters of the longest word.
    longest: usize,
}

impl Dull {
    pub(super) fn of(automaton: &Automaton) -> Self {
        Reader { automaton }.dull().unwrap_or_default()
    }

    /// Length of the words from the front of `bytes` that start nothing, with what parts them.
    #[inline(always)]
    pub(super) fn len(&self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while let Some(len) = bytes.get(at..).and_then(|rest| self.word(rest)) {
            at += len;
        }
        at
    }

    /// Length of the first word and of what parts it from the next, if that begins here.
    #[inline(always)]
    fn word(&self, bytes: &[u8]) -> Option<usize> {
        let first = u64::from_le_bytes(*bytes.first_chunk()?);
        let mut len = letters_of(first | 0x20);
        if len == 8 {
            len += letters_of(u64::from_le_bytes(*bytes[8..].first_chunk()?));
        }
        let key = key(first & !u64::MAX.checked_shl(8 * len as u32).unwrap_or(0));
        let gap = match *bytes.get(len..len + 3)? {
            [b' ', next, _] if next.is_ascii_alphabetic() => 1,
            [mark, b' ', next] if MARKS.contains(&mark) && next.is_ascii_alphabetic() => 2,
            _ => return None,
        };
        (self.starts.get(key / 64)? >> (key % 64) & 1 == 1 && len <= self.longest).then_some(len + gap)
    }

    pub(super) fn memory(&self) -> usize {
        size_of_val(&*self.starts)
    }
}

/// Small letters among eight bytes, up to the first that is none.
#[inline(always)]
fn letters_of(bytes: u64) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let small = bytes & (EACH * 0x7f);
    let letters = (small + EACH * 0x1f) & !(small + EACH * 0x05) & !bytes & (EACH * 0x80);
    ((letters ^ (EACH * 0x80)).trailing_zeros() / 8) as usize
}

/// The place of three first letters.
#[inline(always)]
fn key(bytes: u64) -> usize {
    let letter = |i: u32| (bytes >> (8 * i)) as usize;
    (letter(0) & 63) << 10 | (letter(1) & 31) << 5 | letter(2) & 31
}

fn letters() -> impl Iterator<Item = u8> {
    (b'A'..=b'Z').chain(b'a'..=b'z')
}

/// Reads words to see what they start.
struct Reader<'a> {
    automaton: &'a Automaton,
}

impl Reader<'_> {
    fn dull(&self) -> Option<Dull> {
        let inside = || letters().flat_map(|before| (b'a'..=b'z').map(move |byte| self.automaton.enter(before, byte)));
        let mut spaces = letters().chain(MARKS).map(|byte| self.automaton.enter(byte, b' '));
        let mut marks = letters().flat_map(|byte| MARKS.map(|mark| self.automaton.enter(byte, mark)));
        if spaces.any(|state| self.goes_on(state)) || marks.any(|state| self.lasts(state)) {
            return None;
        }
        let left = self.left(letters().map(|byte| self.automaton.enter(b' ', byte)).chain(inside()))?;
        let left = |state: State| left.get(&state).copied().unwrap_or(LONGEST);
        let longest = inside().map(|state| left(state) + 1).min().map_or(0, |least| least.min(LONGEST));
        let mut starts = vec![u64::MAX; (1 << 16) / 64];
        let mut read = |key: usize| starts[key / 64] &= !(1 << (key % 64));
        // No letter is no word.
        read(0);
        for first in letters() {
            let one = self.automaton.enter(b' ', first);
            if left(one) == 0 {
                read(key(u64::from(first)));
            }
            for second in b'a'..=b'z' {
                let two = self.automaton.step(one, second);
                let bytes = u64::from(second) << 8 | u64::from(first);
                if self.automaton.accepting(one) || left(two) == 0 {
                    read(key(bytes));
                }
                let accepting = self.automaton.accepting(one) || self.automaton.accepting(two);
                let reads = |third| accepting || left(self.automaton.step(two, third)) + 3 <= longest;
                (b'a'..=b'z').filter(|&third| reads(third)).for_each(|third| read(key(u64::from(third) << 16 | bytes)));
            }
        }
        Some(Dull { starts: starts.into(), longest })
    }

    /// For each state that small letters lead to from these: after how many more of them at least it matters.
    fn left(&self, from: impl Iterator<Item = State>) -> Option<FastMap<State, usize>> {
        let mut before: FastMap<State, Vec<State>> = FastMap::default();
        let mut states: Vec<State> = Vec::new();
        let mut note = |states: &mut Vec<State>, state: State, from: Option<State>| {
            if state != DEAD {
                let known = before.entry(state).or_insert_with(|| {
                    states.push(state);
                    Vec::new()
                });
                known.extend(from);
            }
        };
        from.for_each(|state| note(&mut states, state, None));
        let mut next = 0;
        while let Some(&state) = states.get(next) {
            if next == STATES {
                return None;
            }
            (b'a'..=b'z').for_each(|byte| note(&mut states, self.automaton.step(state, byte), Some(state)));
            next += 1;
        }
        let mut left: FastMap<State, usize> = FastMap::default();
        let mut reached: VecDeque<(State, usize)> =
            states.into_iter().filter(|s| self.matters(*s)).map(|s| (s, 0)).collect();
        while let Some((state, letters)) = reached.pop_front() {
            if letters < LONGEST && !left.contains_key(&state) {
                left.insert(state, letters);
                reached.extend(before.get(&state).into_iter().flatten().map(|&state| (state, letters + 1)));
            }
        }
        Some(left)
    }

    /// Whether a thread in this state accepts, or outlives what may follow a word.
    fn matters(&self, state: State) -> bool {
        self.lasts(state) || MARKS.iter().any(|&mark| self.lasts(self.automaton.step(state, mark)))
    }

    /// Whether a thread in this state accepts, or outlives a space and a letter.
    fn lasts(&self, state: State) -> bool {
        self.automaton.accepting(state) || self.goes_on(self.automaton.step(state, b' '))
    }

    /// Whether a thread in this state accepts, or outlives a letter.
    fn goes_on(&self, state: State) -> bool {
        let lives = |byte: u8| self.automaton.step(state, byte) != DEAD;
        state != DEAD && (self.automaton.accepting(state) || letters().any(lives))
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::Config};

    use crate::{
        automaton::Needs,
        lane::{Hit, Lane},
        policy::{Direction, Leg, Policy},
        program::Program,
        resolve::TapeName,
    };

    const WORDS: [&str; 24] = [
        "the",
        "Card",
        "a",
        "I",
        "pan",
        "PAN",
        "PAN_",
        "sk",
        "joe",
        "joe@x.io",
        "J",
        "is",
        "22",
        "$5",
        "may",
        "GB82",
        "eyJ",
        "j1",
        "isn't",
        "top-up",
        "Zip",
        "seventeenletters",
        "overseventeenletters",
        "411",
    ];

    const GAPS: [&str; 10] = [" ", ", ", ". ", "? ", "  ", ".", "\n", " (", "-", ": "];

    /// What a text is found to be, read in pieces of this length.
    fn read(program: &Program, tape: TapeName, text: &str, piece: usize) -> (Lane, Vec<Hit>) {
        let (mut lane, mut hits) = (Lane::new().named(tape), Vec::new());
        for bytes in text.as_bytes().chunks(piece) {
            lane.run(program.automaton(tape), true, Needs::Question, bytes, &mut hits);
            lane.tape.push_plain(bytes, lane.tape.end());
        }
        (lane, hits)
    }

    proptest! {
        #![proptest_config(Config { cases: 16, failure_persistence: None, ..Config::default() })]

        #[test]
        fn what_is_passed_over_is_read_alike_byte_by_byte(
            texts in prop::collection::vec(prop::collection::vec(
                (prop_oneof![prop::sample::select(&WORDS[..]).prop_map(String::from), "[A-Za-z]?[a-z]{1,18}"],
                prop::sample::select(&GAPS[..])), 1..24), 16),
        ) {
            let policy = Policy::parse(crate::policy::DEFAULT).unwrap();
            let program = Program::compile(&crate::built_in().unwrap(), &policy, Leg::Llm, Direction::In).unwrap();
            for (text, tape) in texts.iter().flat_map(|text| [(text, TapeName::Raw), (text, TapeName::Spoken)]) {
                let text: String = text.iter().flat_map(|(word, gap)| [word.as_str(), gap]).collect();
                let (whole, found) = read(&program, tape, &text, usize::MAX);
                let (slow, expected) = read(&program, tape, &text, 1);
                let key = |h: &Hit| (h.thread.start, h.end, h.state, h.next, h.thread.exposed);
                prop_assert!(found.iter().map(key).eq(expected.iter().map(key)), "{}", text);
                prop_assert!(whole.agrees(&slow), "{}", text);
            }
        }
    }
}
