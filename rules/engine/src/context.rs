//! Words that say what a number is: up to five before the candidate, or anywhere in the message before it.
//!
//! A word is a run of letters and digits; signs part words, and so does the hump in `accountId`: `card_number`,
//! `cardNumber` and `CARDNumber` are two words each. A term of two words is found glued as well, `sort code` in
//! `sortcode`; and a word may have a number behind it, as columns do: `phone2`. In place of words a term may be `<card>`
//! or `<card expiry>`: see [`behind`]. What stands right behind a sign of money is an amount, whatever words say.

mod behind;
mod trie;

use crate::before::Before;
use behind::Behind;
use trie::Trie;

/// How many words before a candidate are read.
pub const WORDS: usize = 5;

/// How many bytes before a candidate are read for them.
pub const REACH: usize = 128;

/// How many words before a candidate are read in speech, where people take their time.
pub const SPOKEN_WORDS: usize = 12;

/// How many bytes of the message before are read.
pub const MESSAGE_REACH: usize = 256;

/// The terms of one rule.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// Each a sequence of words, in lower case.
    phrases: Vec<Vec<String>>,
    behind: Vec<Behind>,
}

impl Terms {
    /// Splits each term into words.
    pub fn new(terms: &[String]) -> Self {
        let words = |t: &String| -> Vec<String> {
            t.split(|c: char| c.is_ascii() && part(c as u8))
                .filter(|w| !w.is_empty())
                .map(str::to_ascii_lowercase)
                .collect()
        };
        let behind = |t: &String| Behind::named(t);
        let phrases = terms.iter().filter(|t| behind(t).is_none()).map(words).filter(|t| !t.is_empty()).collect();
        Terms { phrases, behind: terms.iter().filter_map(behind).collect() }
    }

    /// Whether a term that names no words is one of those that are known: `<card>`, `<card expiry>`.
    pub(crate) fn knows(term: &str) -> bool {
        !term.trim_start().starts_with('<') || Behind::named(term).is_some()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty() && self.behind.is_empty()
    }

    /// Whether a term stands among the last [`WORDS`] words of `text`, which ends where the candidate starts.
    pub fn before(&self, text: &[u8]) -> bool {
        !is_money(text) && (self.at(text, &last_words(text, WORDS)) || self.behind.iter().any(|b| b.holds(text)))
    }

    /// Whether a term stands anywhere in `text`.
    pub fn within(&self, text: &[u8]) -> bool {
        self.at(text, &words(text).collect::<Vec<_>>())
    }

    /// Up to `most` of them, as the pack has them.
    pub(crate) fn some(&self, most: usize) -> Vec<String> {
        self.phrases.iter().take(most).map(|term| term.join(" ")).collect()
    }

    /// Which term stands among the last `most` words of `text`, and how many words before its end it starts.
    pub(crate) fn last_in(&self, text: &[u8], most: usize) -> Option<(String, usize)> {
        if is_money(text) {
            return None;
        }
        let words = last_words(text, most);
        let last_first = words.iter().rev().zip(1..);
        let mut all = last_first.flat_map(|(&at, back)| self.phrases.iter().map(move |term| (at, back, term)));
        let said = all.find(|(at, _, term)| says(text, *at, term)).map(|(_, back, term)| (term.join(" "), back));
        said.or_else(|| self.behind.iter().find(|b| b.holds(text)).map(|b| (b.name().into(), 1)))
    }

    fn at(&self, text: &[u8], words: &[usize]) -> bool {
        self.phrases.iter().any(|term| words.iter().any(|&at| says(text, at, term)))
    }
}

/// Terms that are looked for together, of which no one asks which it was.
pub(crate) struct Phrases(Trie<()>);

impl Phrases {
    /// The terms, in any words' order.
    pub(crate) fn new(terms: &[String]) -> Self {
        Phrases(Trie::new(Terms::new(terms).phrases.iter().map(|term| (&term[..], ()))))
    }

    /// How many words before the end of `text` the last of them starts, if that is among the last `most`.
    pub(crate) fn last_in(&self, text: &[u8], most: usize) -> Option<usize> {
        if is_money(text) {
            return None;
        }
        let says = |at: usize| {
            let mut found = false;
            self.0.at(text, at, &mut |()| found = true);
            found
        };
        words_back(text).take(most).position(says).map(|words| words + 1)
    }
}

/// The terms of all rules, to be looked up in one go.
#[derive(Default)]
pub(crate) struct Vocabulary {
    /// The rule that a term speaks for, and whether only a question says it.
    terms: Trie<(u16, bool)>,
    /// What must stand right before a value, and the rule that it speaks for.
    behind: Vec<(Behind, u16)>,
    /// By rule: its context and what it may be asked by, to say which of them spoke.
    of_rules: Vec<(Terms, Terms)>,
}

/// Which rules the words before a place speak for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Named(Vec<u16>);

impl Named {
    pub(crate) const NONE: Named = Named(Vec::new());

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    pub(crate) fn has(&self, rule: u16) -> bool {
        self.0.contains(&rule)
    }

    fn add(&mut self, rule: u16) {
        if !self.has(rule) {
            self.0.push(rule);
        }
    }
}

impl Vocabulary {
    /// Of each rule its context and what it may be asked by.
    pub(crate) fn new<'t>(of_rules: impl Iterator<Item = (&'t Terms, &'t Terms)>) -> Self {
        let of_rules: Vec<(Terms, Terms)> = of_rules.map(|(context, asked)| (context.clone(), asked.clone())).collect();
        let rules = || (0..=u16::MAX).zip(&of_rules);
        let terms = rules().flat_map(|(rule, (context, asked))| {
            let context = context.phrases.iter().map(move |term| (&term[..], (rule, false)));
            context.chain(asked.phrases.iter().map(move |term| (&term[..], (rule, true))))
        });
        let terms = Trie::new(terms);
        let behind = rules().flat_map(|(rule, (context, _))| context.behind.iter().map(move |b| (*b, rule))).collect();
        Vocabulary { terms, behind, of_rules }
    }

    /// A rule's context, and what it may be asked by.
    pub(crate) fn of_rule(&self, rule: u16) -> &(Terms, Terms) {
        &self.of_rules[usize::from(rule)]
    }

    /// What the message before a text speaks for.
    pub(crate) fn named_by(&self, before: &Before) -> Named {
        let mut named = Named::default();
        let text = before.text().as_bytes();
        words_back(text).for_each(|at| self.mark(text, at, before.asks(), &mut named));
        named
    }

    /// What the words before a candidate speak for, the last so many of each reading, beside the message before.
    pub(crate) fn named<'t>(&self, lefts: impl IntoIterator<Item = (&'t [u8], usize)>, before_it: &Named) -> Named {
        let mut named = before_it.clone();
        for (left, most) in lefts {
            if is_money(left) {
                return Named::default();
            }
            words_back(left).take(most).for_each(|at| self.mark(left, at, false, &mut named));
            for behind in Behind::ALL.into_iter().filter(|b| b.holds(left)) {
                self.behind.iter().filter(|(b, _)| *b == behind).for_each(|(_, rule)| named.add(*rule));
            }
        }
        named
    }

    fn mark(&self, text: &[u8], at: usize, asks: bool, named: &mut Named) {
        self.terms.at(text, at, &mut |(rule, asked)| {
            if asks || !asked {
                named.add(rule);
            }
        });
    }
}

/// What stands before a candidate, without the word that ends there, if another byte stands `before` it where it was
/// found: then that word goes on, as `csc` does in an escaped `\u0063\u0073\u0063\u0064`, of which `0064` is no value.
pub fn whole_words(left: &[u8], before: u8) -> &[u8] {
    let parted = left.last().is_none_or(|last| part(*last) || last.eq_ignore_ascii_case(&before));
    let word = if parted { 0 } else { left.iter().rev().take_while(|b| !part(**b)).count() };
    &left[..left.len() - word]
}

/// Whether the term stands at `at`, up to the end of a word; between its own words anything may stand, or nothing.
fn says(text: &[u8], mut at: usize, term: &[String]) -> bool {
    for word in term {
        at += text[at..].iter().take_while(|b| part(**b)).count();
        let end = at + word.len();
        if !text.get(at..end).is_some_and(|t| t.eq_ignore_ascii_case(word.as_bytes())) {
            return false;
        }
        at = end;
    }
    ends_word(text, at)
}

/// Whether a word may end before `at`.
fn ends_word(text: &[u8], at: usize) -> bool {
    text.get(at)
        .is_none_or(|&next| part(next) || next.is_ascii_digit() && !text[at - 1].is_ascii_digit() || hump(text, at))
}

/// Where the last words start, in order.
fn last_words(text: &[u8], most: usize) -> Vec<usize> {
    let mut last: Vec<usize> = words_back(text).take(most).collect();
    last.reverse();
    last
}

/// Where the words start, the last first.
fn words_back(text: &[u8]) -> impl Iterator<Item = usize> {
    (0..text.len()).rev().filter(|&i| starts(text, i))
}

/// Where the words start, in order.
fn words(text: &[u8]) -> impl Iterator<Item = usize> {
    (0..text.len()).filter(|&i| starts(text, i))
}

fn starts(text: &[u8], at: usize) -> bool {
    !part(text[at]) && (at == 0 || part(text[at - 1]) || hump(text, at))
}

/// Whether a new word starts at this capital: behind a small letter, if that is no word alone (an `iPhone` is one word),
/// or where two small letters end a run of capitals (`PINs` is one word).
#[inline(always)]
fn hump(text: &[u8], at: usize) -> bool {
    text[at].is_ascii_uppercase() && capital_starts(text, at)
}

fn capital_starts(text: &[u8], at: usize) -> bool {
    let Some(&[first, last]) = at.checked_sub(2).and_then(|from| text[from..at].first_chunk()) else { return false };
    let small = |b: u8| b.is_ascii_lowercase();
    let run_ends = || {
        let next = text[at + 1..].iter().take(2).filter(|b| small(**b)).count();
        first.is_ascii_uppercase() && last.is_ascii_uppercase() && next == 2
    };
    small(last) && !part(first) || run_ends()
}

/// Whether what follows is an amount.
fn is_money(text: &[u8]) -> bool {
    ["$", "£", "€", "₹", "¥"].iter().any(|sign| text.ends_with(sign.as_bytes()))
}

/// Whether this byte parts words.
fn part(b: u8) -> bool {
    b.is_ascii() && !b.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
            ("cvv $", false),
            ("cvv £", false),
            ("$ cvv ", true),
            ("{\"cardCvv\": ", true),
            ("{\"CVVNumber\": ", true),
            ("securityCode=", true),
            ("cardSecurityCode2=", true),
            ("SECURITYCODE ", true),
            ("--securitycode ", true),
            ("cvv2: ", true),
            ("my2cvv: ", false),
            ("CVVs ", false),
            ("xCvv ", false),
            ("isCvv ", true),
            ("isOfCvv ", true),
            ("securitycodes ", false),
            ("aaBb ccDd cvvEe ", true),
            ("cvvAa bbCc ddEe ", false),
        ] {
            assert_eq!(terms.before(text.as_bytes()), found, "{text}");
            let none = Terms::default();
            let vocabulary = Vocabulary::new([(&none, &none), (&terms, &none)].into_iter());
            assert_eq!(vocabulary.named([(text.as_bytes(), WORDS)], &Named::default()).has(1), found, "{text}");
        }
    }

    #[test]
    fn what_stands_behind_a_card() {
        let terms = Terms::new(&["<card>".into()]);
        let none = Terms::default();
        let vocabulary = Vocabulary::new([(&none, &none), (&terms, &none)].into_iter());
        for (text, found) in [("4111111111111111 ", true), ("4111111111111111 $", false), ("a card ", false)] {
            assert_eq!(terms.before(text.as_bytes()), found, "{text}");
            assert_eq!(vocabulary.named([(text.as_bytes(), WORDS)], &Named::default()).has(1), found, "{text}");
        }
        assert!(Terms::knows("<card>") && Terms::knows("card") && !Terms::knows("<iban>"));
    }

    #[test]
    fn a_word_that_goes_on_is_none() {
        assert_eq!(whole_words(b"my csc", b'3'), b"my ");
        assert_eq!(whole_words(b"my CSC", b'c'), b"my CSC");
        assert_eq!(whole_words(b"my csc ", b'0'), b"my csc ");
        assert_eq!(whole_words(b"", b'0'), b"");
    }

    #[test]
    fn the_message_before_counts_as_a_whole() {
        let vocabulary = Vocabulary::new([(&Terms::new(&["security code".into()]), &Terms::default())].into_iter());
        let said = vocabulary.named_by(&Before::statement("Your Security Code, please, and then something else?"));
        assert!(vocabulary.named([(&b"it's "[..], WORDS)], &said).has(0));
        assert!(!vocabulary.named([(&b"it's $"[..], WORDS)], &said).has(0));
        let half = vocabulary.named_by(&Before::statement("security"));
        assert!(!vocabulary.named([(&b"code "[..], WORDS)], &half).has(0));
    }

    #[test]
    fn what_is_asked_counts_in_the_message_before_only() {
        let asked = Terms::new(&["last four".into()]);
        let vocabulary = Vocabulary::new([(&Terms::default(), &asked)].into_iter());
        assert!(vocabulary.named_by(&Before::question("the last four, please?")).has(0));
        assert!(!vocabulary.named_by(&Before::statement("the last four, please?")).has(0));
        assert!(!vocabulary.named([(&b"the last four "[..], WORDS)], &Named::default()).has(0));
    }

    proptest! {
        #[test]
        fn together_they_are_found_where_each_is_alone(
            terms in prop::collection::vec("[abAé1]{1,3}([ _][abé1]{1,2}){0,2}", 1..6),
            text in "[abABé1 _-]{0,40}",
        ) {
            let alone: Vec<Terms> = terms.iter().map(|term| Terms::new(std::slice::from_ref(term))).collect();
            let none = Terms::default();
            let vocabulary = Vocabulary::new(alone.iter().map(|terms| (terms, &none)));
            let named = vocabulary.named([(text.as_bytes(), WORDS)], &Named::default());
            let within = vocabulary.named_by(&Before::statement(text.as_str()));
            for (rule, terms) in (0..).zip(&alone) {
                prop_assert_eq!(named.has(rule), terms.before(text.as_bytes()), "{:?}", terms);
                prop_assert_eq!(within.has(rule), terms.within(text.as_bytes()), "{:?}", terms);
            }
            let last = alone.iter().filter_map(|terms| terms.last_in(text.as_bytes(), WORDS)).map(|(_, words)| words).min();
            prop_assert_eq!(Phrases::new(&terms).last_in(text.as_bytes(), WORDS), last);
        }
    }
}
