//! Faults that tests switch on, one at a time, to see that each is noticed. Without the feature `faults` none can be.

#[cfg_attr(feature = "faults", path = "fault/chosen.rs")]
#[cfg_attr(not(feature = "faults"), path = "fault/none.rs")]
mod switch;

pub(crate) use switch::is;
pub use switch::with;

/// Ways in which the engine could be wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// One byte more is released than is decided.
    CommitEarly,
    /// A pending escape holds nothing back.
    ForgetPending,
    /// What is found on the decoded tape only is dropped.
    IgnoreDecoded,
    /// Of the patterns that match in one place, only the first is judged.
    FirstPatternOnly,
    /// Of two ends of one start, the shorter is kept.
    KeepShortest,
    /// The longest span wins, whatever vouches for it.
    LengthOnly,
    /// A failed check counts as passed.
    ChecksIgnored,
    /// What ends with the text is not found.
    ForgetEndHits,
    /// The decoded tape is given up before both agree.
    RejoinEarly,
    /// Spans that touch count as sharing a byte.
    TouchingJoins,
    /// The words before what is decided are forgotten at once.
    ForgetContext,
    /// Unfinished values pass at the end.
    NoEndPrefix,
    /// The rest of a value whose label has left is not swallowed.
    ForgetOpen,
    /// A found value whose neighbours are undecided holds nothing back.
    ReleaseWaiting,
    /// Only the winner of a cluster is masked.
    WinnerOnly,
    /// Where a token stands is judged on the raw tape alone.
    ExposedByWinner,
    /// What follows a match is not looked at.
    NoRightBorder,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Fault; 17] = [
        Fault::CommitEarly,
        Fault::ForgetPending,
        Fault::IgnoreDecoded,
        Fault::FirstPatternOnly,
        Fault::KeepShortest,
        Fault::LengthOnly,
        Fault::ChecksIgnored,
        Fault::ForgetEndHits,
        Fault::RejoinEarly,
        Fault::TouchingJoins,
        Fault::ForgetContext,
        Fault::NoEndPrefix,
        Fault::ForgetOpen,
        Fault::ReleaseWaiting,
        Fault::WinnerOnly,
        Fault::ExposedByWinner,
        Fault::NoRightBorder,
    ];
}
