//! The lists in memory: words by their hash, phrases by their last word.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use super::lexicon::{COMMON, ENDS_PHRASE, FUNCTION, GIVEN_FREQUENT, Roles, SECTIONS, STARTS_ORGANISATION};

const LISTS: [&str; 3] = [
    include_str!("../../../names/gazetteer.txt"),
    include_str!("../../../names/words.txt"),
    include_str!("../../../names/lexicon.txt"),
];
const PHRASES: &str = include_str!("../../../names/frames.txt");

/// Endings of street names that are one word; the lists are of whole words.
const STREET_ENDINGS: [&str; 25] = [
    "strasse", "straat", "gasse", "gade", "gatan", "gata", "vagen", "veien", "allee", "platz", "plein", "gracht",
    "laan", "stien", "kade", "vegen", "bakken", "street", "utca", "steenweg", "strase", "katu", "kuja", "gatu", "str",
];

/// Endings of English words that are no names, whether a list has them or not.
const ENGLISH_ENDINGS: [&str; 20] = [
    "ing", "tion", "sion", "able", "ible", "ment", "ments", "ness", "ious", "eous", "uous", "lous", "geous", "ly",
    "ful", "less", "ology", "graphy", "ical", "ising",
];

/// A word's hash, by its UTF-8 bytes in small letters.
#[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]
pub(super) struct Hash(u64);

impl Hash {
    #[inline(always)]
    pub(super) fn with(self, byte: u8) -> Self {
        Hash((self.0 ^ u64::from(byte)).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_right(23))
    }

    fn of(word: &str) -> Self {
        word.bytes().fold(Hash::default(), Hash::with)
    }
}

/// What is known of a word.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub(super) struct Word {
    pub(super) roles: Roles,
    /// Its number among the words of phrases; 0 for none.
    pub(super) id: u16,
}

/// What a phrase says, one bit each.
pub(super) mod says {
    pub(in super::super) const PERSON_SURE: u16 = 1;
    pub(in super::super) const PERSON_LIKELY: u16 = 1 << 1;
    pub(in super::super) const PERSON_OPEN: u16 = 1 << 2;
    pub(in super::super) const PAY_LIKELY: u16 = 1 << 11;
    pub(in super::super) const PAY_OPEN: u16 = 1 << 12;
    pub(in super::super) const PERSON_LABEL: u16 = 1 << 3;
    pub(in super::super) const ASK_PERSON: u16 = 1 << 4;
    pub(in super::super) const ADDRESS_SURE: u16 = 1 << 5;
    pub(in super::super) const ADDRESS_LABEL: u16 = 1 << 6;
    pub(in super::super) const ASK_ADDRESS: u16 = 1 << 7;
    pub(in super::super) const POSTCODE: u16 = 1 << 8;
    pub(in super::super) const ASK_POSTCODE: u16 = 1 << 9;
    pub(in super::super) const ORGANISATION: u16 = 1 << 10;
    pub(super) const SECTIONS: [(&str, u16); 13] = [
        ("person.sure", PERSON_SURE),
        ("person.likely", PERSON_LIKELY),
        ("person.open", PERSON_OPEN),
        ("pay.likely", PAY_LIKELY),
        ("pay.open", PAY_OPEN),
        ("person.label", PERSON_LABEL),
        ("ask.person", ASK_PERSON),
        ("address.sure", ADDRESS_SURE),
        ("address.label", ADDRESS_LABEL),
        ("ask.address", ASK_ADDRESS),
        ("postcode", POSTCODE),
        ("ask.postcode", ASK_POSTCODE),
        ("organisation", ORGANISATION),
    ];
}

/// How many words a phrase has at most.
pub(super) const PHRASE: usize = 4;

/// The numbers of the last [`PHRASE`] words, the newest in the lowest 16 bits.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Recent(u64);

impl Recent {
    #[inline(always)]
    pub(super) fn then(self, id: u16) -> Self {
        Recent(self.0 << 16 | u64::from(id))
    }
}

/// A phrase, as the words that end with it.
struct Phrase {
    words: Recent,
    mask: u64,
    says: u16,
}

/// Bits of a slot that number a word's roles.
const INDEX: u32 = 11;

/// Names, places, frequent words and phrases.
pub struct Gazetteer {
    /// Open addressing: the high bits of the hash, then in [`INDEX`] bits an index into `words` plus one. A word that no
    /// list has is taken for one of the lists once in a million.
    slots: Box<[u32]>,
    words: Vec<Word>,
    /// By the number of the word they end with.
    phrases: Vec<Vec<Phrase>>,
    /// Organisations, by the number of the word they start with: the numbers of their words.
    organisations: HashMap<u16, Vec<Vec<u16>>>,
}

impl Gazetteer {
    /// The lists that are part of the program.
    pub fn built_in() -> Arc<Gazetteer> {
        static BUILT_IN: LazyLock<Arc<Gazetteer>> = LazyLock::new(|| Arc::new(Gazetteer::build()));
        Arc::clone(&BUILT_IN)
    }

    fn build() -> Self {
        let mut known: HashMap<Hash, Word> = HashMap::with_capacity(1 << 16);
        for (section, line) in LISTS.iter().flat_map(|list| lines(list)) {
            let role = SECTIONS.iter().find(|(name, _)| *name == section).map_or(0, |(_, role)| *role);
            for word in line.split_ascii_whitespace() {
                known.entry(Hash::of(word)).or_default().roles |= role;
            }
        }
        let mut numbered = Phrases { phrases: vec![Vec::new()], organisations: HashMap::new() };
        lines(PHRASES).for_each(|(section, line)| numbered.add(&mut known, section, line));
        let (slots, words) = table(&known);
        Gazetteer { slots, words, phrases: numbered.phrases, organisations: numbered.organisations }
    }

    #[inline]
    pub(super) fn look_up(&self, hash: Hash) -> Option<Word> {
        let mask = self.slots.len() - 1;
        let mut at = slot(hash, mask);
        loop {
            let entry = self.slots[at];
            if entry == 0 {
                return None;
            }
            if entry >> INDEX == tag(hash) {
                return self.words.get((entry & ((1 << INDEX) - 1)) as usize - 1).copied();
            }
            at = (at + 1) & mask;
        }
    }

    /// Whether a word with these last eight bytes is a street by its ending.
    /// Whether a word in small letters is an English word, and not a given name as often.
    pub(crate) fn is_ordinary(&self, word: &str) -> bool {
        self.look_up(Hash::of(word))
            .is_some_and(|w| w.roles & (COMMON | FUNCTION) != 0 && w.roles & GIVEN_FREQUENT == 0)
    }

    pub(super) fn ends_as_street(&self, tail: u64) -> bool {
        STREET_ENDINGS.iter().any(|ending| ends(tail, ending))
    }

    /// Whether a word that no list has is no name, by its ending.
    pub(super) fn ends_as_english(&self, tail: u64) -> bool {
        ENGLISH_ENDINGS.iter().any(|ending| ends(tail, ending))
    }

    /// What the phrases say that end with the newest of these words.
    #[inline]
    pub(super) fn phrases_ending(&self, recent: Recent) -> u16 {
        let ending = self.phrases.get((recent.0 & 0xffff) as usize).map_or(&[][..], |p| p);
        ending.iter().filter(|p| recent.0 & p.mask == p.words.0).fold(0, |says, p| says | p.says)
    }

    /// The organisations that start with this word: the numbers of all their words.
    pub(super) fn organisations(&self, first: u16) -> &[Vec<u16>] {
        self.organisations.get(&first).map_or(&[], |o| o)
    }
}

/// Whether bytes end so.
fn ends(tail: u64, ending: &str) -> bool {
    let wanted = ending.bytes().fold(0u64, |bytes, b| bytes << 8 | u64::from(b));
    (tail ^ wanted) << (64 - 8 * ending.len()) == 0
}

/// The bits of a hash that a slot keeps.
fn tag(hash: Hash) -> u32 {
    (hash.0 >> (32 + INDEX)) as u32
}

fn slot(hash: Hash, mask: usize) -> usize {
    (hash.0 ^ hash.0 >> 29) as usize & mask
}

/// Lines of a list, each with its section; comments and empty lines are left out.
fn lines(list: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut section = "";
    list.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).filter_map(move |line| {
        match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            Some(name) => {
                section = name;
                None
            }
            None => Some((section, line)),
        }
    })
}

/// Phrases while they are read.
struct Phrases {
    phrases: Vec<Vec<Phrase>>,
    organisations: HashMap<u16, Vec<Vec<u16>>>,
}

impl Phrases {
    /// Numbers the words of a phrase and keeps it.
    fn add(&mut self, known: &mut HashMap<Hash, Word>, section: &str, line: &str) {
        let says = says::SECTIONS.iter().find(|(name, _)| *name == section).map_or(0, |(_, says)| *says);
        let role = if says == says::ORGANISATION { STARTS_ORGANISATION } else { ENDS_PHRASE };
        let hashes: Vec<Hash> = line.split_ascii_whitespace().take(PHRASE).map(Hash::of).collect();
        let mut ids = Vec::with_capacity(PHRASE);
        for hash in &hashes {
            let word = known.entry(*hash).or_default();
            if word.id == 0 {
                word.id = self.phrases.len() as u16;
                self.phrases.push(Vec::new());
            }
            ids.push(word.id);
        }
        let marked = if says == says::ORGANISATION { hashes.first() } else { hashes.last() };
        if let Some(word) = marked.and_then(|hash| known.get_mut(hash)) {
            word.roles |= role;
        }
        match (says, ids.first(), ids.last()) {
            (says::ORGANISATION, Some(&first), _) => self.organisations.entry(first).or_default().push(ids),
            (_, _, Some(&last)) => {
                let words = ids.iter().fold(Recent::default(), |recent, &id| recent.then(id));
                let mask = u64::MAX >> (64 - 16 * ids.len());
                self.phrases[last as usize].push(Phrase { words, mask, says });
            }
            _ => {}
        }
    }
}

fn table(known: &HashMap<Hash, Word>) -> (Box<[u32]>, Vec<Word>) {
    let mut slots = vec![0u32; (known.len() * 2).next_power_of_two()].into_boxed_slice();
    let mask = slots.len() - 1;
    let mut words = Vec::new();
    let mut index: HashMap<Word, u32> = HashMap::new();
    // In one order always: what a process finds must not depend on how it hashes.
    let mut sorted: Vec<(Hash, Word)> = known.iter().map(|(&hash, &word)| (hash, word)).collect();
    sorted.sort_unstable_by_key(|(hash, _)| hash.0);
    for (hash, word) in sorted {
        let number = *index.entry(word).or_insert_with(|| {
            words.push(word);
            words.len() as u32
        });
        let mut at = slot(hash, mask);
        while slots[at] != 0 {
            at = (at + 1) & mask;
        }
        slots[at] = tag(hash) << INDEX | number;
    }
    (slots, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_and_word_of_the_files_is_known() {
        let gazetteer = Gazetteer::built_in();
        for (section, line) in LISTS.iter().flat_map(|list| lines(list)) {
            let (_, role) = SECTIONS.iter().find(|(name, _)| *name == section).expect(section);
            for word in line.split_ascii_whitespace() {
                let known = gazetteer.look_up(Hash::of(word)).expect(word);
                assert_ne!(known.roles & role, 0, "{word} in {section}");
            }
        }
        assert!(gazetteer.look_up(Hash::of("xqzzt")).is_none());
        assert!(gazetteer.words.len() < 1 << INDEX, "{}", gazetteer.words.len());
    }

    #[test]
    fn every_phrase_is_found_by_its_last_word() {
        let gazetteer = Gazetteer::built_in();
        for (section, line) in lines(PHRASES) {
            let (_, says) = says::SECTIONS.iter().find(|(name, _)| *name == section).expect(section);
            let words = line.split_ascii_whitespace();
            assert!(words.clone().count() <= PHRASE, "{line}");
            let ids: Vec<u16> = words.map(|w| gazetteer.look_up(Hash::of(w)).expect(w).id).collect();
            if *says == says::ORGANISATION {
                assert!(gazetteer.organisations(ids[0]).contains(&ids), "{line}");
                continue;
            }
            let recent = ids.iter().fold(Recent(u64::MAX), |recent, &id| recent.then(id));
            assert_ne!(gazetteer.phrases_ending(recent) & says, 0, "{line}");
        }
    }

    #[test]
    fn streets_of_one_word() {
        let gazetteer = Gazetteer::built_in();
        let tail = |word: &str| word.bytes().fold(0u64, |t, b| t << 8 | u64::from(b));
        assert!(gazetteer.ends_as_street(tail("hauptstrasse")));
        assert!(gazetteer.ends_as_street(tail("dorpstraat")));
        assert!(!gazetteer.ends_as_street(tail("haupt")));
    }
}
