//! A certificate authority for development: `tidegate ca`. It makes its own key, and certificates that a gateway shows to
//! agents which trust it. Its key lies in a folder, in the clear: it is not for production.

pub(crate) mod command;
mod folder;
mod make;
mod names;
mod report;
#[cfg(test)]
mod tests;

use time::OffsetDateTime;

use self::{
    folder::{Folder, Kept},
    make::Authority,
    names::Name,
};
use crate::tls::certificate::Certificate;

/// The files of the authority itself: `ca.pem` and `ca.key`.
const OWN: &str = "ca";

/// Why it did not do what it was told, and what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CaError {
    /// It was told what cannot be done.
    #[error("{0}")]
    Usage(String),
    /// The system refuses.
    #[error("{0}")]
    System(String),
}

/// Makes the authority.
fn init(folder: &Folder, now: OffsetDateTime) -> Result<(Kept, Certificate), CaError> {
    let made = make::authority(now)?;
    folder.create()?;
    Ok((folder.keep(OWN, &made)?, made.certificate))
}

/// Makes a certificate for a gateway, in the place of one of the same name if `renew` says so.
fn issue(
    folder: &Folder,
    names: &[Name],
    days: u16,
    renew: bool,
    now: OffsetDateTime,
) -> Result<(Kept, Certificate), CaError> {
    let stem = names.first().map(Name::stem).unwrap_or_default();
    if stem == OWN {
        let why = "a certificate that is named `ca` would take the authority's own files: put another name first";
        return Err(CaError::Usage(why.into()));
    }
    let made = open(folder)?.issue(names, days, now)?;
    let kept = if renew { folder.replace(&stem, &made) } else { folder.keep(&stem, &made) };
    Ok((kept?, made.certificate))
}

fn open(folder: &Folder) -> Result<Authority, CaError> {
    let (certificate, key) = folder.read(OWN)?;
    let opened = Authority::open(&certificate, &key);
    opened.map_err(|wrong| CaError::Usage(format!("{}: {wrong}", folder.files(OWN).certificate.display())))
}
