//! What stood before the word that is being looked at: all that a decision may know of the past, in a few bytes.

use super::{
    gazetteer::{Gazetteer, Recent, Word, says},
    lexicon::{ENDS_PHRASE, FILLER, JOINS, KIN, LOCATES, ORGANISATION_BEFORE, PAY, Roles, THINKING, TITLE},
    view::Step,
    words::{Case, Gap, Make, Token},
};

/// How many words a payment is remembered for.
const PAY_REACH: u8 = 14;

/// How many words a question waits for its answer.
const ANSWER_REACH: u8 = 14;

/// What says that something follows.
const ANNOUNCED: u16 =
    says::PERSON_SURE | says::PERSON_OPEN | says::PERSON_LIKELY | says::ADDRESS_SURE | says::POSTCODE;

/// What says so where a payment is the topic.
const PAID: u16 = says::PAY_OPEN | says::PAY_LIKELY;

/// What outlives a word of thinking.
const LASTING: u16 = says::PERSON_SURE | says::ADDRESS_SURE | says::POSTCODE;

/// The past.
#[derive(Clone, Debug)]
pub(super) struct Left {
    /// Numbers of the last words, newest first.
    recent: Recent,
    /// What the phrases say that announce the next word.
    pub(super) frame: u16,
    /// Labels that a colon would make announce the next word.
    label: u16,
    /// What was asked for in this sentence.
    asking: u16,
    /// What was asked for, and the answer is still due.
    pub(super) asked: u16,
    /// Words left for the answer.
    patience: u8,
    /// A word went by that an answer does not start with.
    doubt: bool,
    /// Words left for which a payment is the topic.
    pub(super) pay: u8,
    /// A sentence, a line or a quotation starts.
    pub(super) start: bool,
    /// Nothing was read of this message yet but what leads up to an answer.
    pub(super) opening: bool,
    /// So it was before the last word, which a colon may make a label (`User: Mary`).
    was_opening: bool,
    /// A person was just found, then at most a comma or `and`.
    pub(super) list: bool,
    /// The word before, with its roles.
    pub(super) roles: Roles,
    pub(super) make: Make,
    pub(super) case: Case,
    pub(super) mark: u8,
    /// The word two before was the start of an organisation (`University of`).
    pub(super) organisation: u8,
}

impl Default for Left {
    fn default() -> Self {
        Left {
            recent: Recent::default(),
            frame: 0,
            label: 0,
            asking: 0,
            asked: 0,
            patience: 0,
            doubt: false,
            pay: 0,
            start: true,
            opening: true,
            was_opening: true,
            list: false,
            roles: 0,
            make: Make::Mark,
            case: Case::Lower,
            mark: 0,
            organisation: 0,
        }
    }
}

impl Left {
    /// Reads a token.
    #[inline]
    pub(super) fn absorb(&mut self, words: &Gazetteer, token: &Token) {
        self.cross(token.gap);
        match token.make {
            Make::Word => self.word(words, Word { roles: token.roles, id: token.id }),
            Make::Mark => self.read_mark(token),
            Make::Number | Make::Code | Make::Run => {
                (self.frame, self.label, self.list, self.start) = (0, 0, false, false);
                (self.opening, self.was_opening) = (false, false);
                self.recent = Recent::default();
            }
        }
        (self.roles, self.make, self.case, self.mark) = (token.roles, token.make, token.case, token.mark);
    }

    /// Reads a word in small letters.
    #[inline(always)]
    pub(super) fn pass(&mut self, words: &Gazetteer, word: Word, gap: Gap) {
        self.cross(gap);
        self.word(words, word);
        (self.roles, self.make, self.case, self.mark) = (word.roles, Make::Word, Case::Lower, 0);
    }

    /// Whether any word may matter that comes next.
    #[inline(always)]
    pub(super) fn awaits(&self) -> bool {
        self.frame | self.asked != 0 || self.list || self.opening || self.kin()
    }

    /// Whether the word before says how somebody is related.
    #[inline(always)]
    pub(super) fn kin(&self) -> bool {
        self.make == Make::Word && self.roles & KIN != 0
    }

    #[inline(always)]
    fn cross(&mut self, gap: Gap) {
        if gap >= Gap::Line {
            self.start = true;
            self.pay = 0;
            self.list = false;
        }
    }

    /// A decision was made, and its words have been read.
    pub(super) fn after(&mut self, step: &Step) {
        if let Step::Take { kind, .. } = step {
            self.frame = 0;
            self.label = 0;
            self.list = *kind == super::Kind::Person;
            self.start = false;
            self.asked &= match kind {
                super::Kind::Person => !says::ASK_PERSON,
                super::Kind::Address => !(says::ASK_ADDRESS | says::ASK_POSTCODE),
                super::Kind::Postcode => !says::ASK_POSTCODE,
            };
        }
    }

    /// The message is over: what it asked for is due in the next.
    pub(super) fn next_message(&mut self) {
        let announced = match self.frame {
            f if f & says::PERSON_SURE != 0 => says::ASK_PERSON,
            f if f & says::ADDRESS_SURE != 0 => says::ASK_ADDRESS,
            f if f & says::POSTCODE != 0 => says::ASK_POSTCODE,
            _ => 0,
        };
        let labelled = labelled(self.label);
        let asked = self.asked | self.asking | announced | labelled;
        *self = Left { asked, patience: ANSWER_REACH, ..Left::default() };
    }

    #[inline(always)]
    fn word(&mut self, words: &Gazetteer, word: Word) {
        self.recent = self.recent.then(word.id);
        let is = |roles: Roles| word.roles & roles != 0;
        let says = if is(ENDS_PHRASE) { words.phrases_ending(self.recent) } else { 0 };
        self.asking |= says & (says::ASK_PERSON | says::ASK_ADDRESS | says::ASK_POSTCODE);
        self.label = says & (says::PERSON_LABEL | says::ADDRESS_LABEL | says::POSTCODE);
        self.pay = if is(PAY) { PAY_REACH } else { self.pay.saturating_sub(1) };
        let announced = says & ANNOUNCED | if self.pay > 0 { says & PAID } else { 0 };
        self.frame = announced | if is(THINKING) { self.frame & LASTING } else { 0 };
        if self.asked != 0 {
            self.answer(is(FILLER));
        }
        self.organisation = if is(ORGANISATION_BEFORE) { 2 } else { self.organisation.saturating_sub(1) };
        self.was_opening = self.opening;
        self.opening &= is(FILLER);
        self.list &= is(JOINS);
        self.start = false;
    }

    fn answer(&mut self, filler: bool) {
        self.patience = self.patience.saturating_sub(1);
        if self.doubt || self.patience == 0 {
            self.asked = 0;
        }
        self.doubt = !filler;
    }

    fn read_mark(&mut self, token: &Token) {
        match token.mark {
            b'.' if self.case == Case::Initial || self.roles & TITLE != 0 => {}
            b'.' | b'!' | b';' | b'?' => self.end_sentence(token.mark == b'?'),
            b':' | b'=' => self.colon(),
            b',' => self.start = false,
            // An object follows its label, not a value: its own labels say what is in it.
            b'{' => (self.frame, self.start, self.list) = (0, true, false),
            b'"' | b'\'' | b'(' | b'*' | b'_' | b'\\' | b'[' | b'<' => {
                self.start |= self.mark == b':' || self.mark == b',' || token.gap != Gap::None;
            }
            b'-' | b'~' | b'&' | b'/' | b'$' => {
                self.frame &= if self.make == Make::Mark { u16::MAX } else { 0 };
                self.list &= token.mark == b'&';
            }
            _ => (self.frame, self.list) = (0, false),
        }
    }

    fn end_sentence(&mut self, question: bool) {
        if question {
            self.asked |= self.asking | labelled(self.label);
            (self.patience, self.doubt, self.opening) = (ANSWER_REACH, false, self.asked != 0);
        }
        (self.frame, self.label, self.asking, self.pay) = (0, 0, 0, 0);
        (self.start, self.list, self.recent) = (true, false, Recent::default());
    }

    fn colon(&mut self) {
        (self.doubt, self.opening) = (false, self.was_opening);
        self.frame |= match self.label {
            l if l & says::PERSON_LABEL != 0 => says::PERSON_SURE,
            l if l & says::ADDRESS_LABEL != 0 => says::ADDRESS_SURE,
            l => l & says::POSTCODE,
        };
        self.start = true;
    }

    /// Whether the word before says that a place follows.
    pub(super) fn located(&self) -> bool {
        self.make == Make::Word && self.roles & LOCATES != 0
    }
}

/// What a label asks for that a question mark or the end follows.
fn labelled(label: u16) -> u16 {
    let mut asked = 0;
    if label & says::PERSON_LABEL != 0 {
        asked |= says::ASK_PERSON;
    }
    if label & says::ADDRESS_LABEL != 0 {
        asked |= says::ASK_ADDRESS;
    }
    if label & says::POSTCODE != 0 {
        asked |= says::ASK_POSTCODE;
    }
    asked
}
