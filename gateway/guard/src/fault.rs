//! Faults that tests switch on, one at a time, to see that each is noticed. Without the feature `faults` none can be.

#[cfg_attr(feature = "faults", path = "fault/chosen.rs")]
#[cfg_attr(not(feature = "faults"), path = "fault/none.rs")]
mod choice;

pub(crate) use choice::is;
pub use choice::with;

/// A way for the guard to be wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// Short elements of an array are read alone only.
    ElementsAlone,
    /// A split event's tail is lost when no event of its text follows.
    DropTails,
    /// Texts end after the event that ends them has left.
    EndLate,
    /// Edited text keeps the token probabilities that spell it.
    KeepAligned,
    /// A span over two events is replaced in both.
    ReplaceTwice,
    /// A span that a refusal stopped counts as clear.
    RefusedIsClear,
    /// Events leave without waiting for their texts.
    ReleaseEarly,
    /// What no table names is not read on from event to event.
    UnnamedAlone,
    /// Restored text is not spelled for the JSON that it lands in.
    Unspelled,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Fault; 9] = [
        Fault::ElementsAlone,
        Fault::DropTails,
        Fault::EndLate,
        Fault::KeepAligned,
        Fault::ReplaceTwice,
        Fault::RefusedIsClear,
        Fault::ReleaseEarly,
        Fault::UnnamedAlone,
        Fault::Unspelled,
    ];
}
