//! What the first of the waiting words are read as, and what parts it from what stands before.

use super::super::part::Gap;

/// What the word before was read as.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in super::super) enum Before {
    /// Nothing that a value goes on from.
    Start,
    Word,
    /// A digit or letter, said one by one.
    Single,
    /// The same, of which a letter.
    Letter,
    /// A number of several digits.
    Group,
    /// A sign that glues.
    Sign,
    /// The plus of a number.
    Plus,
}

impl Before {
    /// Whether it may go on.
    pub(in super::super) fn runs(self) -> bool {
        matches!(self, Before::Single | Before::Letter | Before::Group)
    }

    /// Whether what follows stands right beside it.
    pub(in super::super) fn glues(self) -> bool {
        matches!(self, Before::Sign | Before::Plus)
    }

    /// Whether it is a digit or several.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Before::Single | Before::Group)
    }
}

/// What the first of the waiting words are read as.
#[derive(Debug, Eq, PartialEq)]
pub(in super::super) enum Step {
    /// Not to be told yet.
    Wait,
    /// The first word stands as it is.
    Word,
    /// The first `words` stand for `text`, after `join` in place of what parted them from the word before.
    Element { words: usize, text: String, kind: Before, join: Join },
}

/// What stands between an element and what comes before it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in super::super) enum Join {
    /// What is written there.
    AsWritten,
    /// Nothing.
    Glued,
    /// A byte; `interrupted` words before the element go with it.
    By { byte: u8, interrupted: usize },
}

/// An element that starts at some word: what it says and how many words it takes.
pub(super) struct Element {
    pub(super) words: usize,
    pub(super) text: String,
    pub(super) kind: Before,
}

/// What starts at a word.
pub(super) enum Parse {
    /// The next word decides.
    Wait,
    Nothing,
    Element(Element),
}

/// What parts an element from what comes before it.
pub(super) fn join(before: Before, element: &Element, gap: Gap) -> Join {
    let by = |byte| Join::By { byte, interrupted: 0 };
    match (before, gap) {
        (_, Gap::Sign | Gap::Hard | Gap::None) | (Before::Start | Before::Word | Before::Sign | Before::Plus, _) => {
            Join::AsWritten
        }
        (_, Gap::Pause) => by(between(before, element.kind, false)),
        (Before::Group, Gap::Plain) if element.kind != Before::Letter => by(b' '),
        (_, Gap::Plain) if element.kind == Before::Group && before == Before::Single => by(b' '),
        (_, Gap::Plain) => Join::Glued,
    }
}

/// What stands for a pause or an interruption: a group is known by the space around it, and what is corrected by `~`.
pub(super) fn between(before: Before, after: Before, corrected: bool) -> u8 {
    match (corrected, before, after) {
        (true, ..) => b'~',
        (_, Before::Group, _) | (_, _, Before::Group) => b' ',
        _ => b'-',
    }
}

pub(super) fn single(words: usize, d: u8) -> Element {
    Element { words, text: digit(d), kind: Before::Single }
}

pub(super) fn spelled(words: usize, letter: u8) -> Element {
    Element { words, text: upper(letter), kind: Before::Letter }
}

pub(super) fn digit(d: u8) -> String {
    char::from(b'0' + d % 10).to_string()
}

pub(super) fn upper(letter: u8) -> String {
    char::from(letter.to_ascii_uppercase()).to_string()
}
