//! The engine over one text, cut anywhere, and what it decided, in the form that the reference answers in.

use std::{
    ops::Range,
    sync::{Arc, LazyLock},
};

use rules::{Action, Before, Direction, End, Leg, Pack, Policy, Program, Scanner, Segment};

use crate::reference::Reference;

/// What stands in place of a part of the text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Piece {
    pub(crate) at: Range<usize>,
    pub(crate) shown: String,
    pub(crate) about: String,
}

/// A policy compiled twice: for the engine and for the reference.
pub(crate) struct Subject {
    pub(crate) program: Arc<Program>,
    pub(crate) reference: Reference,
}

pub(crate) const PACKS: [&str; 12] = [
    include_str!("../../packs/bank.yaml"),
    include_str!("../../packs/contact.yaml"),
    include_str!("../../packs/dates.yaml"),
    include_str!("../../packs/identity-eu.yaml"),
    include_str!("../../packs/identity-in.yaml"),
    include_str!("../../packs/identity-uk.yaml"),
    include_str!("../../packs/identity-us.yaml"),
    include_str!("../../packs/identity-world.yaml"),
    include_str!("../../packs/network.yaml"),
    include_str!("../../packs/payment.yaml"),
    include_str!("../../packs/secrets.yaml"),
    include_str!("../../packs/speech.yaml"),
];

/// A policy in which every action occurs.
const MIXED: &str = "
policy: mixed
version: 3
routes:
  - leg: llm
    direction: out
    default: token
    restore: true
    entities: {pan: keep_last, email: hash, iban: redact, us_ssn: alert, phone: allow, cvv: block, api_key: token, otp: redact, pin: redact, track: redact}
";

static SUBJECTS: LazyLock<[Subject; 3]> = LazyLock::new(|| {
    [
        Subject::new(rules::policy::DEFAULT, Direction::In),
        Subject::new(rules::policy::DEFAULT, Direction::Out),
        Subject::new(MIXED, Direction::Out),
    ]
});

/// The default policy both ways, and the mixed one.
pub(crate) fn subjects() -> &'static [Subject; 3] {
    &SUBJECTS
}

impl Subject {
    fn new(policy: &str, direction: Direction) -> Self {
        let packs: Vec<Pack> = PACKS.iter().map(|p| Pack::parse(p).unwrap()).collect();
        let parsed = Policy::parse(policy).unwrap();
        let program = Arc::new(Program::compile(&packs, &parsed, Leg::Llm, direction).unwrap());
        Subject { program, reference: Reference::new(&PACKS, policy, direction) }
    }

    /// Runs the engine on the text in pieces; an error if it decides anything but `expected`, or too early.
    pub(crate) fn check(&self, pieces: &[&str], before: &str, cut: bool, expected: &[Piece]) -> Result<(), String> {
        let text = pieces.concat();
        let mut scanner = Scanner::new(self.program.clone(), Before::question(before));
        let mut segments = Vec::new();
        for piece in pieces {
            scanner.push(piece, &mut segments);
            safe(&segments, expected)?;
        }
        scanner.finish(End { cut }, &mut segments);
        safe(&segments, expected)?;
        let decided = decided(&text, &segments)?;
        if decided == expected {
            return Ok(());
        }
        let only = |a: &[Piece], b: &[Piece]| a.iter().filter(|p| !b.contains(p)).cloned().collect::<Vec<_>>();
        Err(format!("engine only: {:#?}\nreference only: {:#?}", only(&decided, expected), only(expected, &decided)))
    }
}

/// Nothing that is masked in the end has left as it was.
fn safe(segments: &[Segment], expected: &[Piece]) -> Result<(), String> {
    for segment in segments {
        let Segment::Raw(raw) = segment else { continue };
        if let Some(piece) = expected.iter().find(|p| p.at.start < raw.end && raw.start < p.at.end) {
            return Err(format!("{raw:?} left raw, but {piece:?}"));
        }
    }
    Ok(())
}

fn decided(text: &str, segments: &[Segment]) -> Result<Vec<Piece>, String> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut end = 0;
    for segment in segments {
        let at = segment.span().clone();
        let source = text.get(at.clone()).filter(|_| at.start == end).ok_or(format!("a gap before {segment:?}"))?;
        end = at.end;
        let piece = match segment {
            Segment::Raw(_) => continue,
            Segment::Swallow(more) => {
                pieces.last_mut().ok_or("nothing to go on with")?.at.end = more.end;
                continue;
            }
            Segment::Token { token, exposed, .. } => {
                Piece { at, shown: source.into(), about: format!("{token} {exposed}") }
            }
            Segment::Replace { text, .. } => piece(segment, text.clone()),
            Segment::Alert(_) | Segment::Block(_) => piece(segment, source.into()),
            Segment::Mint { finding, value, canonical } => {
                piece(segment, shown(Action::Token, &finding.label, value, canonical))
            }
            Segment::Hash { finding, canonical } => {
                piece(segment, shown(Action::Hash, &finding.label, source, canonical))
            }
        };
        pieces.push(piece);
    }
    if end == text.len() { Ok(pieces) } else { Err(format!("decided up to {end} of {}", text.len())) }
}

fn piece(segment: &Segment, shown: String) -> Piece {
    let about = segment.finding().map_or(String::new(), |f| {
        let (entity, rule, version, score) = (&f.entity, &f.rule, f.version, f.score);
        format!("{entity} {rule}@{version} {score} {:?} {:?} {:?}", f.class, f.action, f.tape)
    });
    Piece { at: segment.span().clone(), shown, about }
}

/// What an action shows of a value; where a key decides, all that goes into it.
pub(crate) fn shown(action: Action, label: &str, value: &str, canonical: &str) -> String {
    let count = canonical.chars().count();
    match action {
        Action::Allow | Action::Alert | Action::Block => value.into(),
        Action::KeepLast => {
            format!("[{label} *{}]", canonical.chars().skip(count.saturating_sub(4).max(1)).collect::<String>())
        }
        Action::Token => format!("<{label} {value} {canonical}>"),
        Action::Hash => format!("<{label}#{canonical}>"),
        Action::Replace => format!("[{label}]"),
        Action::Redact => String::new(),
    }
}
