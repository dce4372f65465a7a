//! Terms, spelled out: all that may stand at a word are followed at once, and most words leave them within three letters.
//!
//! A byte is followed by one symbol, one that is not ASCII by two, so that what leads on from a node fits into one word;
//! the nodes it leads to stand side by side. Between the words of a term there is a symbol of its own.

use std::{collections::VecDeque, ops::Range};

use super::{ends_word, part};

/// Symbols: ten digits, 26 letters, what may stand between two words, and the halves of bytes that are not ASCII.
const LETTERS: u8 = 10;
const BETWEEN: u8 = 36;
const HIGH: u8 = 37;
const LOW: u8 = 45;

/// Terms, and what each of them says.
#[derive(Default)]
pub(super) struct Trie<T> {
    /// A bit for each three first bytes that a term may stand at.
    starts: Box<[u64]>,
    /// The first is where every term starts; none if there is no term.
    nodes: Vec<Node>,
    /// What the terms say, those of one node side by side.
    says: Vec<T>,
}

#[derive(Default)]
struct Node {
    /// The symbols that lead on, as bits.
    on: u64,
    /// Where the lowest of them leads; the next leads to the node behind that.
    first: u32,
    /// What the terms say that end here.
    says: Range<u32>,
}

impl<T: Copy> Trie<T> {
    /// Of terms, each a sequence of words in lower case.
    pub(super) fn new<'t>(terms: impl Iterator<Item = (&'t [String], T)>) -> Self {
        let mut starts: Box<[u64]> = vec![0; (1 << 15) / 64].into();
        let note = |(term, says): (&[String], T)| {
            keys(term[0].as_bytes()).for_each(|key| starts[key / 64] |= 1 << (key % 64));
            (spelled(term), says)
        };
        let mut all: Vec<(Vec<u8>, T)> = terms.map(note).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        let mut trie = Trie { starts, nodes: vec![Node::default()], says: Vec::new() };
        // Nodes get their number when they are put here; each is the terms that share their first `depth` symbols.
        let mut todo = VecDeque::from([(&all[..], 0)]);
        for number in 0.. {
            let Some((shared, depth)) = todo.pop_front() else { break };
            let ending = shared.iter().take_while(|(term, _)| term.len() == depth).count();
            let from = trie.says.len() as u32;
            trie.says.extend(shared[..ending].iter().map(|(_, says)| *says));
            let mut on = 0;
            let first = trie.nodes.len() as u32;
            for longer in shared[ending..].chunk_by(|a, b| a.0[depth] == b.0[depth]) {
                on |= 1 << longer[0].0[depth];
                trie.nodes.push(Node::default());
                todo.push_back((longer, depth + 1));
            }
            trie.nodes[number] = Node { on, first, says: from..trie.says.len() as u32 };
        }
        trie
    }

    /// Tells `found` what the terms say that stand at `at`, where a word starts, up to the end of a word.
    #[inline]
    pub(super) fn at(&self, text: &[u8], at: usize, found: &mut impl FnMut(T)) {
        let key = key(&text[at..]);
        let may_start = self.starts.get(key / 64).is_some_and(|bits| bits >> (key % 64) & 1 == 1);
        if let Some(start) = self.nodes.first().filter(|_| may_start) {
            self.follow(start, text, at, found);
        }
    }

    fn follow<'s>(&'s self, mut node: &'s Node, text: &[u8], mut at: usize, found: &mut impl FnMut(T)) {
        loop {
            if !node.says.is_empty() && ends_word(text, at) {
                self.says[node.says.start as usize..node.says.end as usize].iter().for_each(|says| found(*says));
            }
            if let Some(next) = self.child(node, BETWEEN) {
                let signs = text[at..].iter().take_while(|b| part(**b)).count();
                self.follow(next, text, at + signs, found);
            }
            let Some(&byte) = text.get(at) else { return };
            let next = match symbols(byte) {
                [symbol, 0] => self.child(node, symbol),
                [high, low] => self.child(node, high).and_then(|node| self.child(node, low)),
            };
            let Some(next) = next else { return };
            (node, at) = (next, at + 1);
        }
    }

    #[inline(always)]
    fn child<'s>(&'s self, node: &Node, symbol: u8) -> Option<&'s Node> {
        let below = node.on & ((1 << symbol) - 1);
        (node.on >> symbol & 1 == 1).then(|| &self.nodes[node.first as usize + below.count_ones() as usize])
    }
}

/// The first three bytes, by bits that do not tell capitals from small letters.
#[inline(always)]
fn key(text: &[u8]) -> usize {
    let bits = |i: usize| usize::from(text.get(i).copied().unwrap_or(0) & 31);
    bits(0) << 10 | bits(1) << 5 | bits(2)
}

/// The keys of texts that start with this word; anything may follow it.
fn keys(word: &[u8]) -> std::ops::Range<usize> {
    let free = 5 * 3usize.saturating_sub(word.len());
    let first = key(word);
    first..first + (1 << free)
}

/// The symbols of a byte, the second 0 if there is one only. A sign has one that no term begins or goes on with.
#[inline(always)]
fn symbols(byte: u8) -> [u8; 2] {
    match byte {
        b'0'..=b'9' => [byte - b'0', 0],
        b'a'..=b'z' => [byte - b'a' + LETTERS, 0],
        b'A'..=b'Z' => [byte - b'A' + LETTERS, 0],
        0x80.. => [HIGH + (byte >> 4 & 7), LOW + (byte & 15)],
        _ => [LOW + 16, 0],
    }
}

fn spelled(term: &[String]) -> Vec<u8> {
    let mut all = Vec::new();
    for (i, word) in term.iter().enumerate() {
        all.extend((i > 0).then_some(BETWEEN));
        let of_byte = |byte| symbols(byte).into_iter().enumerate().filter(|(i, s)| *i == 0 || *s != 0).map(|(_, s)| s);
        all.extend(word.bytes().flat_map(of_byte));
    }
    all
}
