//! Letters and signs, as they are spelled on the telephone.

use crate::corpus::prng::Prng;

/// How somebody spells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    Lower,
    Upper,
    /// `bravo`
    Nato,
    /// `b as in boy`
    AsIn,
    /// `b for bravo`
    For,
}

const NATO: [&str; 26] = [
    "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima",
    "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor", "whiskey", "x-ray",
    "yankee", "zulu",
];
const PLAIN: [&str; 26] = [
    "apple",
    "boy",
    "cat",
    "dog",
    "edward",
    "frank",
    "george",
    "harry",
    "igloo",
    "jack",
    "king",
    "larry",
    "mary",
    "nancy",
    "ocean",
    "peter",
    "queen",
    "robert",
    "sam",
    "tom",
    "uncle",
    "victory",
    "william",
    "xylophone",
    "yellow",
    "zebra",
];

impl Spelling {
    pub(super) fn draw(rng: &mut Prng) -> Self {
        [Self::Lower, Self::Upper, Self::Nato, Self::AsIn, Self::For][rng.weighted(&[46, 20, 14, 12, 8])]
    }

    pub(super) fn upper(self) -> bool {
        self == Self::Upper
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Lower | Self::Upper => "letters",
            Self::Nato => "nato",
            Self::AsIn => "as in",
            Self::For => "letter for",
        }
    }

    pub(super) fn spell(self, rng: &mut Prng, text: &str) -> Vec<String> {
        let mut said = Vec::new();
        for letter in text.chars().filter(char::is_ascii_alphabetic) {
            let lower = letter.to_ascii_lowercase();
            let (nato, plain) = (NATO[at(lower)], PLAIN[at(lower)]);
            let phrase = match self {
                Self::Lower => lower.to_string(),
                Self::Upper => letter.to_ascii_uppercase().to_string(),
                Self::Nato => nato.to_owned(),
                Self::AsIn if rng.chance(80) => format!("{lower} as in {}", if rng.chance(60) { plain } else { nato }),
                Self::AsIn => format!("{lower} like {plain}"),
                Self::For => format!("{lower} for {}", if rng.chance(60) { nato } else { plain }),
            };
            said.extend(phrase.split(' ').map(str::to_owned));
        }
        said
    }
}

fn at(lower: char) -> usize {
    usize::from((lower as u8).saturating_sub(b'a')).min(25)
}

pub(super) fn sign(rng: &mut Prng, sign: char) -> Vec<String> {
    let said = match sign {
        '.' if rng.chance(3) => "period",
        '.' => "dot",
        '@' => ["at", "at", "at", "at", "at", "at sign", "at the rate", "at the rate of"][rng.below(8)],
        '-' => ["dash", "dash", "hyphen"][rng.below(3)],
        '_' => ["underscore", "underscore", "under score"][rng.below(3)],
        '+' => "plus",
        _ => "slash",
    };
    said.split(' ').map(str::to_owned).collect()
}

/// A word of an e-mail address: as a word, spelled, or both; and the trait to note.
pub(super) fn email_word(rng: &mut Prng, word: &str) -> (Vec<String>, Option<&'static str>) {
    let apart = match word {
        "gmail" if rng.chance(25) => Some("g mail"),
        "hotmail" if rng.chance(30) => Some("hot mail"),
        "icloud" if rng.chance(40) => Some("i cloud"),
        "protonmail" if rng.chance(50) => Some("proton mail"),
        "btinternet" => Some("bt internet"),
        "uk" if rng.chance(40) => Some("u k"),
        "ac" => Some("a c"),
        "aol" if rng.chance(40) => Some("a o l"),
        "gmx" => Some("g m x"),
        "de" => Some("d e"),
        "fr" => Some("f r"),
        "acme" | "com" | "co" | "org" | "gmail" | "hotmail" | "yahoo" | "outlook" | "mail" | "uk" | "me" => None,
        _ => return surname(rng, word),
    };
    let said = apart.unwrap_or(word).split(' ').map(str::to_owned).collect();
    (said, apart.map(|_| "parted"))
}

fn surname(rng: &mut Prng, word: &str) -> (Vec<String>, Option<&'static str>) {
    let spelling = Spelling::draw(rng);
    match rng.below(10) {
        0 => (spelling.spell(rng, word), Some("spelled")),
        1 => {
            let mut said = vec![word.to_owned()];
            said.extend(spelling.spell(rng, word));
            (said, Some("said and spelled"))
        }
        _ => (vec![word.to_owned()], None),
    }
}
