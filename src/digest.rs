//! SHA-256 (FIPS 180-4), and the short identities made of it.
//!
//! The only home of the sha2 crate. Knows nothing of what is hashed.

use sha2::{Digest, Sha256};

/// Bytes of a short hash.
pub(crate) const SHORT: usize = 16;

/// The SHA-256 of some texts, one after the other.
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

/// The first half of the SHA-256 of some texts, one after the other: as safe from chance as the whole.
pub(crate) fn short(parts: &[&[u8]]) -> [u8; SHORT] {
    let digest = sha256(parts);
    #[expect(clippy::indexing_slicing, reason = "the first half of 32 bytes")]
    std::array::from_fn(|at| digest[at])
}

/// Hexadecimal digits that identify some texts in their order; safe as a file's name.
pub(crate) fn identity(parts: &[&[u8]]) -> String {
    // The length keeps `ab, c` from being `a, bc`.
    let lengths: Vec<String> = parts
        .iter()
        .map(|part| format!("{}:", part.len()))
        .collect();
    let framed: Vec<&[u8]> = lengths
        .iter()
        .zip(parts)
        .flat_map(|(length, part)| [length.as_bytes(), *part])
        .collect();
    hex(&short(&framed))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of a short hash that was written with [`hex`].
pub(crate) fn unhex(text: &str) -> Option<[u8; SHORT]> {
    let is_hex = text.len() == 2 * SHORT && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = is_hex.then(|| u128::from_str_radix(text, 16).ok())??;
    Some(number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_that_of_fips_180_4() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&sha256(&[b"a", b"bc"])), expected);
        assert_eq!(hex(&short(&[b"abc"])), expected[..32]);
    }

    #[test]
    fn texts_that_are_cut_elsewhere_have_another_identity() {
        assert_ne!(identity(&[b"ab", b"c"]), identity(&[b"a", b"bc"]));
        assert_ne!(identity(&[b"a"]), identity(&[b"a", b""]));
    }

    #[test]
    fn hexadecimal_digits_come_back_as_their_bytes() {
        let bytes = short(&[b"abc"]);
        assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        for wrong in ["", "ba78", &"+".repeat(32), &"é".repeat(16)] {
            assert_eq!(unhex(wrong), None, "{wrong:?}");
        }
    }
}
