//! How much: a place among the open exchanges, and room for what it buffers.

use super::authorise::Permit;
use crate::{
    budget::{Budget, Reservation},
    deny::Deny,
};

/// What one process takes at a time.
#[derive(Clone, Debug)]
pub(crate) struct Capacity {
    pub(crate) exchanges: Budget,
    pub(crate) bytes: Budget,
}

/// Proof: there is room for this exchange, and it is reserved until this is dropped.
#[derive(Debug)]
pub(crate) struct Admitted {
    permit: Permit,
    buffered: Reservation,
    _place: Reservation,
}

impl Capacity {
    /// Reserves a place.
    pub(crate) fn admit(&self, permit: Permit) -> Result<Admitted, Deny> {
        Ok(Admitted { permit, _place: self.exchanges.reserve(1)?, buffered: self.bytes.reserve(0)? })
    }
}

impl Admitted {
    pub(crate) fn permit(&self) -> &Permit {
        &self.permit
    }

    /// What this exchange holds in buffers.
    pub(crate) fn buffered(&mut self) -> &mut Reservation {
        &mut self.buffered
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::authorise::tests::permit;

    #[test]
    fn the_cap_is_kept_and_given_back() {
        let capacity = Capacity { exchanges: Budget::new(1), bytes: Budget::new(10) };
        let mut first = capacity.admit(permit("sk-dev").unwrap()).unwrap();
        assert_eq!(capacity.admit(permit("sk-dev").unwrap()).unwrap_err(), Deny::Busy);
        assert_eq!(first.buffered().grow(11), Err(Deny::Busy));
        first.buffered().grow(10).unwrap();
        drop(first);
        assert!(capacity.admit(permit("sk-dev").unwrap()).is_ok());
        assert_eq!(capacity.bytes.used(), 0);
    }
}
