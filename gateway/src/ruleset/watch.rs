//! When files have changed: two equal looks in a row that differ from what was judged last. A file that is being
//! written looks different from look to look; one that is broken is judged once, not every second.

/// What looks have shown so far.
#[derive(Debug)]
pub(crate) struct Watch<L> {
    judged: L,
    last: Option<L>,
}

impl<L: Clone + PartialEq> Watch<L> {
    /// From what is in force.
    pub(crate) fn new(judged: L) -> Self {
        Watch { judged, last: None }
    }

    /// Takes a look; true if it is to be judged now.
    pub(crate) fn settled(&mut self, look: &L) -> bool {
        if *look == self.judged {
            self.last = None;
            return false;
        }
        if self.last.as_ref() != Some(look) {
            self.last = Some(look.clone());
            return false;
        }
        true
    }

    /// It was judged, for good or ill.
    pub(crate) fn judged(&mut self, look: L) {
        *self = Watch::new(look);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of these looks are judged.
    fn judged(looks: &[u8]) -> Vec<usize> {
        let mut watch = Watch::new(0);
        let mut at = Vec::new();
        for (index, look) in looks.iter().enumerate() {
            if watch.settled(look) {
                watch.judged(*look);
                at.push(index);
            }
        }
        at
    }

    #[test]
    fn a_change_counts_when_it_is_seen_twice() {
        assert_eq!(judged(&[0, 0, 1, 1, 1, 1]), [3]);
        assert_eq!(judged(&[1, 2, 3, 4, 4]), [4], "while it is being written nothing is judged");
        assert!(judged(&[1, 0, 1, 0]).is_empty(), "nor what comes and goes");
        assert_eq!(judged(&[1, 0, 1, 1]), [3], "a look in between starts again");
        assert_eq!(judged(&[1, 1, 0, 0]), [1, 3], "back to what was before is a change as well");
    }
}
