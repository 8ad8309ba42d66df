//! How hashes and salts are written as text. Every reading is strict, so that one text is one hash.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Base64 with or without padding: systems differ, and nothing hangs on it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The digits of crypt(3), lowest first.
const ITOA64: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Base64 in the standard alphabet (RFC 4648, section 4).
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// Base64 in the standard or the URL-safe alphabet (RFC 4648, section 5).
pub(crate) fn from_base64_of_either_alphabet(text: &str) -> Option<Vec<u8>> {
    from_base64(&text.replace('-', "+").replace('_', "/"))
}

/// passlib's "adapted base64": `.` for `+`, without padding.
pub(crate) fn from_adapted_base64(text: &str) -> Option<Vec<u8>> {
    if text.contains(['+', '=']) {
        return None;
    }
    from_base64(&text.replace('.', "+"))
}

/// Base64 with padding.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Hexadecimal digits in either case.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let digits: Option<Vec<u8>> = text.chars().map(hex_digit).collect();
    let pairs = digits?;
    Some(
        pairs
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
            .collect(),
    )
}

fn hex_digit(character: char) -> Option<u8> {
    character.to_digit(16)?.try_into().ok()
}

/// Hexadecimal digits in lower case.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).expect("four bits are one digit");
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// The base64 of crypt(3), phpass and Drupal: three bytes, lowest first, are four digits, lowest first.
pub(crate) fn to_itoa64(bytes: &[u8]) -> String {
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let value = chunk
                .iter()
                .rev()
                .fold(0, |value, byte| value << 8 | usize::from(*byte));
            (0..=chunk.len()).map(move |digit| char::from(ITOA64[value >> (6 * digit) & 63]))
        })
        .collect()
}

/// The bytes of that base64.
pub(crate) fn from_itoa64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for chunk in text.as_bytes().chunks(4) {
        let value = number_of_itoa64(chunk)?;
        let count = chunk.len().checked_sub(1).filter(|count| *count > 0)?;
        bytes.extend(value.to_le_bytes().iter().take(count));
        if value >> (8 * count) != 0 {
            return None; // Bits that no byte has: another text for the same bytes.
        }
    }
    Some(bytes)
}

/// A number of up to five digits, lowest first.
pub(crate) fn number_of_itoa64(digits: &[u8]) -> Option<u32> {
    if digits.len() > 5 {
        return None;
    }
    digits.iter().rev().try_fold(0, |number, digit| {
        Some(number << 6 | u32::from(itoa64_digit(*digit)?))
    })
}

/// The value of one digit.
pub(crate) fn itoa64_digit(digit: u8) -> Option<u8> {
    ITOA64
        .iter()
        .position(|other| *other == digit)?
        .try_into()
        .ok()
}

/// A decimal number without sign or leading zeros, as every system writes it.
pub(crate) fn decimal<N: std::str::FromStr>(text: &str) -> Option<N> {
    let canonical = text.bytes().all(|byte| byte.is_ascii_digit())
        && !(text.len() > 1 && text.starts_with('0'));
    canonical.then(|| text.parse().ok()).flatten()
}

/// The parts of a text between a separator, if there are that many.
pub(crate) fn fields<const N: usize>(text: &str, separator: char) -> Option<[&str; N]> {
    let parts: Vec<&str> = text.split(separator).collect();
    parts.try_into().ok()
}

/// The values of `name=value` pairs between commas that have to be just these names, in this order.
pub(crate) fn values<'a, const N: usize>(text: &'a str, names: [&str; N]) -> Option<[&'a str; N]> {
    let mut pairs = fields::<N>(text, ',')?;
    for (pair, name) in pairs.iter_mut().zip(names) {
        *pair = pair.strip_prefix(name)?.strip_prefix('=')?;
    }
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_reads_what_it_writes_and_nothing_else() {
        for length in 0..40_u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(67)).collect();
            assert_eq!(from_hex(&to_hex(&bytes)).as_ref(), Some(&bytes));
            assert_eq!(from_base64(&to_base64(&bytes)).as_ref(), Some(&bytes));
            assert_eq!(from_itoa64(&to_itoa64(&bytes)).as_ref(), Some(&bytes));
        }
        for text in ["a", "g0", "0 ", "é"] {
            assert_eq!(from_hex(text), None, "{text:?}");
        }
        for text in ["a", "ab=c", "ab\n=", "QR==", "a-b_", "é"] {
            assert_eq!(from_base64(text), None, "{text:?}");
        }
        for text in ["a", "zz", "!!", "é"] {
            assert_eq!(from_itoa64(text), None, "{text:?}");
        }
    }

    #[test]
    fn numbers_have_one_form() {
        assert_eq!(decimal::<u32>("0"), Some(0));
        assert_eq!(decimal::<u32>("4294967295"), Some(u32::MAX));
        for text in ["", "+1", "-1", "01", "1 ", "4294967296", "1e3"] {
            assert_eq!(decimal::<u32>(text), None, "{text:?}");
        }
    }

    #[test]
    fn names_stand_in_their_order() {
        assert_eq!(values("m=1,t=2", ["m", "t"]), Some(["1", "2"]));
        for text in ["", "m=1", "t=2,m=1", "m=1,t=2,p=3", "m=1,t", "m1,t=2"] {
            assert_eq!(values(text, ["m", "t"]), None, "{text:?}");
        }
    }
}
