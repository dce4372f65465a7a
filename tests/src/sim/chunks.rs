//! Cutting text into deltas.

use super::script::Cut;

/// Characters of a delta where the script says nothing: about a token.
const ABOUT_A_TOKEN: usize = 4;

/// The text in pieces, none empty.
pub(super) fn cut<'a>(text: &'a str, how: &Cut) -> Vec<&'a str> {
    let mut sizes = Sizes::new(how);
    let (mut pieces, mut start, mut chars) = (Vec::new(), 0, 0);
    let mut size = sizes.next();
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        chars += 1;
        let full = how.bytes.map_or(chars >= size, |bytes| end - start >= bytes.max(1));
        if full {
            pieces.push(&text[start..end]);
            (start, chars, size) = (end, 0, sizes.next());
        }
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

struct Sizes<'a> {
    how: &'a Cut,
    count: usize,
    state: u64,
}

impl<'a> Sizes<'a> {
    fn new(how: &'a Cut) -> Self {
        // A seed of zero must not stay zero: xorshift would never leave it.
        Self { how, count: 0, state: how.seed.unwrap_or(0).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    fn next(&mut self) -> usize {
        self.count += 1;
        if let Some(sizes) = &self.how.sizes {
            return sizes.get(self.count - 1).copied().unwrap_or(usize::MAX).max(1);
        }
        let most = self.how.chars.unwrap_or(ABOUT_A_TOKEN).max(1);
        if self.how.seed.is_none() {
            return most;
        }
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        1 + usize::try_from(self.state % most as u64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cut_keeps_the_text() {
        let text = "Zürich: 4111 1111 1111 1111, 你好";
        let cuts = [
            Cut { chars: Some(1), ..Cut::default() },
            Cut { bytes: Some(5), ..Cut::default() },
            Cut { chars: Some(6), seed: Some(7), ..Cut::default() },
            Cut { sizes: Some(vec![3, 5]), ..Cut::default() },
            Cut::default(),
        ];
        for how in cuts {
            let pieces = cut(text, &how);
            assert_eq!(pieces.concat(), text);
            assert!(pieces.len() > 2 && pieces.iter().all(|piece| !piece.is_empty()));
        }
        assert!(cut("", &Cut::default()).is_empty());
    }
}
