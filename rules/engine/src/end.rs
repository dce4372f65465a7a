//! How texts end, and what stands between their parts.

/// How a text ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct End {
    /// It was cut short (by a length limit or a stop sequence), so that a value may lack its last digits.
    pub cut: bool,
}

/// What stands between two parts of a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Seam {
    /// Parts of one message: a value may go on from one into the next.
    Part,
    /// Messages of one role: only a run of digits may go on.
    Message,
}
