//! May they: this key, this upstream.

use super::authenticate::Caller;
use crate::deny::Deny;

/// Proof: this caller may use this route.
#[derive(Debug)]
pub(crate) struct Permit {
    caller: Caller,
}

/// Checks a caller against the route that it wants.
pub(crate) fn authorise(caller: Caller) -> Result<Permit, Deny> {
    if !caller.identity().upstreams.contains(&caller.routed().upstream()) {
        return Err(Deny::NotPermitted);
    }
    Ok(Permit { caller })
}

impl Permit {
    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::stage::authenticate::tests::{keyring, routed, with_authorization};

    pub(crate) fn permit(key: &str) -> Result<Permit, Deny> {
        authorise(keyring().authenticate(routed(), &with_authorization(&[&format!("Bearer {key}")]), None)?)
    }

    #[test]
    fn a_key_opens_its_upstreams_only() {
        assert!(permit("sk-dev").is_ok());
        assert_eq!(permit("sk-two").unwrap_err(), Deny::NotPermitted);
    }
}
