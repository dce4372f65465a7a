//! A gzip member of stored blocks: valid, and not the plain text that was asked for.

/// The largest stored block.
const BLOCK: usize = 0xffff;

pub(super) fn wrap(plain: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = plain.chunks(BLOCK).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(blocks.peek().is_none()));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        // Every byte stored: the planted text stays visible to a proxy that does not look at the header.
        out.extend_from_slice(block);
    }
    out.extend_from_slice(&crc32(plain).to_le_bytes());
    out.extend_from_slice(&(plain.len() as u32).to_le_bytes());
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_standard_checksum_and_frame() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        let member = wrap(b"hi");
        assert_eq!(member[10..17], [1, 2, 0, 0xfd, 0xff, b'h', b'i']);
        assert_eq!(member[21..], 2u32.to_le_bytes());
    }
}
