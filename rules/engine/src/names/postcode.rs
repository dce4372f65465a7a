//! Postcodes: British ones by their shape, others where one is expected.

use super::{
    Evidence, Kind,
    gazetteer::says,
    view::{More, Step, View, take},
    words::{Case, Gap, Make, Token},
};

/// A postcode that stands alone.
pub(super) fn find(view: &View) -> Result<Option<Step>, More> {
    let due = view.framed(says::POSTCODE) || view.asked(says::ASK_POSTCODE);
    let (score, class) = if due { (85, Evidence::Context) } else { (60, Evidence::Shape) };
    if let Some(end) = british(view, 0, due)? {
        return Ok(take(end, Kind::Postcode, score, class));
    }
    if due && let Some(end) = zip(view, 0)? {
        return Ok(take(end, Kind::Postcode, score, class));
    }
    Ok(None)
}

/// Five digits, four more after a hyphen.
pub(super) fn zip(view: &View, at: usize) -> Result<Option<usize>, More> {
    let Some(token) = view.at(at)? else { return Ok(None) };
    if token.make != Make::Number || !matches!(token.letters, 4..=6) {
        return Ok(None);
    }
    if view.is_glued(at + 1, b'-')?
        && let Some(last) = view.at(at + 2)?
        && last.make == Make::Number
        && last.gap == Gap::None
    {
        return Ok(Some(at + 3));
    }
    Ok(Some(at + 1))
}

/// `SW1A 1AA`, in one or two words; in small letters only where one is expected.
pub(super) fn british(view: &View, at: usize, expected: bool) -> Result<Option<usize>, More> {
    // Two bits a character: 1 a letter, 2 a digit.
    const OUTWARD: [u16; 6] = [0b01_10, 0b01_10_10, 0b01_10_01, 0b01_01_10, 0b01_01_10_10, 0b01_01_10_01];
    const INWARD: u16 = 0b10_01_01;
    let Some(outward) = view.at(at)? else { return Ok(None) };
    let upper = |t: &Token| expected || matches!(t.case, Case::Upper | Case::Initial);
    if outward.make != Make::Code || !upper(outward) {
        return Ok(None);
    }
    if matches!(outward.letters, 5..=7)
        && outward.shape & 0b11_11_11 == INWARD
        && OUTWARD.contains(&(outward.shape >> 6))
    {
        return Ok(Some(at + 1));
    }
    if outward.letters > 4 || !OUTWARD.contains(&outward.shape) {
        return Ok(None);
    }
    let inward = view.at(at + 1)?;
    let fits =
        inward.is_some_and(|t| t.make == Make::Code && t.letters == 3 && t.shape == INWARD && t.gap == Gap::Space);
    Ok(fits.then_some(at + 2))
}
