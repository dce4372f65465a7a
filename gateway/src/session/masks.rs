//! Masking keys of frames to an upstream: RFC 6455 section 5.3 wants them unpredictable.

use ring::rand::{SecureRandom, SystemRandom};

use crate::deny::Deny;

/// Keys drawn at a time: one for each frame from the system would be a call each.
const DRAWN: usize = 64;

/// A supply of keys.
pub(crate) struct Masks {
    random: SystemRandom,
    drawn: [u8; 4 * DRAWN],
    left: usize,
}

impl Masks {
    pub(crate) fn new(random: SystemRandom) -> Self {
        Masks { random, drawn: [0; 4 * DRAWN], left: 0 }
    }

    /// The next key.
    pub(crate) fn next(&mut self) -> Result<[u8; 4], Deny> {
        if self.left == 0 {
            self.random.fill(&mut self.drawn).map_err(|_| Deny::GuardFault)?;
            self.left = DRAWN;
        }
        self.left -= 1;
        self.drawn.as_chunks::<4>().0.get(self.left).copied().ok_or(Deny::GuardFault)
    }
}
