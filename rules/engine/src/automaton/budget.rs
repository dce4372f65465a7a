//! What building may cost.

/// Steps, each a few nanoseconds: two thirds of a second on a slow core, several times what a thousand rules take.
const STEPS: usize = 1 << 28;

/// What is left of them.
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Budget(STEPS)
    }
}

impl Budget {
    /// Takes some; none are given back.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), String> {
        self.0 = self.0.checked_sub(steps).ok_or("too much work: repeat less, or load fewer rules")?;
        Ok(())
    }
}
