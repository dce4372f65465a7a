//! Words that say what a number is: up to five before the candidate, or anywhere in the message before it.

use crate::before::Before;

/// How many words before a candidate are read.
pub const WORDS: usize = 5;

/// How many bytes before a candidate are read for them.
pub const REACH: usize = 128;

/// How many words before a candidate are read in speech, where people take their time.
pub const SPOKEN_WORDS: usize = 12;

/// How many bytes of the message before are read.
pub const MESSAGE_REACH: usize = 256;

/// The terms of one rule: each a sequence of words, in lower case.
#[derive(Clone, Debug, Default)]
pub struct Terms(Vec<Vec<String>>);

impl Terms {
    /// Splits each term into words.
    pub fn new(terms: &[String]) -> Self {
        let lower = |w: &[u8]| String::from_utf8_lossy(w).to_ascii_lowercase();
        Terms(
            terms.iter().map(|t| words(t.as_bytes()).map(lower).collect()).filter(|t: &Vec<_>| !t.is_empty()).collect(),
        )
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a term stands among the last [`WORDS`] words of `text`, which ends where the candidate starts.
    pub fn before(&self, text: &[u8]) -> bool {
        self.in_words(&last_words(text, WORDS))
    }

    /// Whether a term stands anywhere in `text`.
    pub fn within(&self, text: &[u8]) -> bool {
        self.in_words(&words(text).collect::<Vec<_>>())
    }

    /// Up to `most` of them, as the pack has them.
    pub(crate) fn some(&self, most: usize) -> Vec<String> {
        self.0.iter().take(most).map(|term| term.join(" ")).collect()
    }

    /// Which term stands among the last `most` words of `text`, and how many words before its end it starts.
    pub(crate) fn last_in(&self, text: &[u8], most: usize) -> Option<(String, usize)> {
        let words = last_words(text, most);
        let starts = (0..words.len()).rev();
        let found =
            starts.flat_map(|i| self.0.iter().map(move |term| (i, term))).find(|(i, t)| starts_with(&words[*i..], t));
        found.map(|(i, term)| (term.join(" "), words.len() - i))
    }

    fn in_words(&self, words: &[&[u8]]) -> bool {
        self.0.iter().any(|term| (0..words.len()).any(|i| starts_with(&words[i..], term)))
    }
}

/// The terms of all rules, to be looked up in one go.
#[derive(Default)]
pub(crate) struct Vocabulary {
    /// By the [`slot`] of a term's first word: the term, the rule it speaks for, and whether only a question says it.
    terms: Vec<Vec<(Vec<String>, u16, bool)>>,
    /// By rule: its context and what it may be asked by, to say which of them spoke.
    of_rules: Vec<(Terms, Terms)>,
}

/// Which rules the words before a place speak for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Named(Vec<u16>);

impl Named {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    pub(crate) fn has(&self, rule: u16) -> bool {
        self.0.contains(&rule)
    }
}

impl Vocabulary {
    /// Of each rule its context and what it may be asked by.
    pub(crate) fn new<'t>(of_rules: impl Iterator<Item = (&'t Terms, &'t Terms)>) -> Self {
        let mut vocabulary = Vocabulary { terms: vec![Vec::new(); SLOTS], of_rules: Vec::new() };
        for (rule, (context, asked)) in of_rules.enumerate() {
            vocabulary.of_rules.push((context.clone(), asked.clone()));
            let all = context.0.iter().map(|t| (t, false)).chain(asked.0.iter().map(|t| (t, true)));
            for (term, asked) in all {
                vocabulary.terms[slot(term[0].as_bytes())].push((term.clone(), rule as u16, asked));
            }
        }
        vocabulary
    }

    /// A rule's context, and what it may be asked by.
    pub(crate) fn of_rule(&self, rule: u16) -> &(Terms, Terms) {
        &self.of_rules[usize::from(rule)]
    }

    /// What the last `most` words before a candidate speak for, and the message before.
    pub(crate) fn named(&self, text: &[u8], most: usize, before: &Before) -> Named {
        let mut named = Named::default();
        self.mark(&last_words(text, most), false, &mut named);
        if !before.text().is_empty() {
            self.mark(&words(before.text().as_bytes()).collect::<Vec<_>>(), before.asks(), &mut named);
        }
        named
    }

    fn mark(&self, words: &[&[u8]], asks: bool, named: &mut Named) {
        for (i, word) in words.iter().enumerate() {
            for (term, rule, asked) in self.terms.get(slot(word)).into_iter().flatten() {
                if (asks || !asked) && !named.has(*rule) && starts_with(&words[i..], term) {
                    named.0.push(*rule);
                }
            }
        }
    }
}

/// How many slots there are.
const SLOTS: usize = 32 * 32;

/// Words by their first letter, whatever its case, and by their length: few terms share both.
fn slot(word: &[u8]) -> usize {
    let first = word.first().filter(|b| b.is_ascii_alphabetic()).map_or(0, |b| usize::from(b & 31));
    first * 32 + word.len().min(31)
}

fn starts_with(words: &[&[u8]], term: &[String]) -> bool {
    words.len() >= term.len() && words.iter().zip(term).all(|(w, t)| w.eq_ignore_ascii_case(t.as_bytes()))
}

/// The last words, in order.
fn last_words(text: &[u8], most: usize) -> Vec<&[u8]> {
    let mut last: Vec<&[u8]> = text.rsplit(parts).filter(|w| !w.is_empty()).take(most).collect();
    last.reverse();
    last
}

/// A word is a run of letters and digits; `_`, `-` and `'` part words, so that `card_number` reads as two.
fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(parts).filter(|w| !w.is_empty())
}

fn parts(b: &u8) -> bool {
    b.is_ascii() && !b.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_words_whole_words_and_phrases() {
        let terms = Terms::new(&["cvv".into(), "security code".into()]);
        for (text, found) in [
            ("my CVV is ", true),
            ("cvv one two three four ", true),
            ("cvv one two three four five ", false),
            ("the security_code: ", true),
            ("security of the code ", false),
            ("cvvs ", false),
        ] {
            assert_eq!(terms.before(text.as_bytes()), found, "{text}");
            let none = Terms::default();
            let vocabulary = Vocabulary::new([(&none, &none), (&terms, &none)].into_iter());
            assert_eq!(vocabulary.named(text.as_bytes(), WORDS, &Before::default()).has(1), found, "{text}");
        }
    }

    #[test]
    fn the_message_before_counts_as_a_whole() {
        let vocabulary = Vocabulary::new([(&Terms::new(&["security code".into()]), &Terms::default())].into_iter());
        assert!(
            vocabulary
                .named(b"it's ", WORDS, &Before::statement("Your Security Code, please, and then something else?"))
                .has(0)
        );
        assert!(!vocabulary.named(b"code ", WORDS, &Before::statement("security")).has(0));
    }

    #[test]
    fn what_is_asked_counts_in_the_message_before_only() {
        let asked = Terms::new(&["last four".into()]);
        let vocabulary = Vocabulary::new([(&Terms::default(), &asked)].into_iter());
        assert!(vocabulary.named(b"", WORDS, &Before::question("the last four, please?")).has(0));
        assert!(!vocabulary.named(b"", WORDS, &Before::statement("the last four, please?")).has(0));
        assert!(!vocabulary.named(b"the last four ", WORDS, &Before::default()).has(0));
    }
}
