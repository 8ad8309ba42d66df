//! An authenticator app (RFC 6238): shares nothing with the stand-in, so that a mistake in one does not hide in the other.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// The code that an app shows at a time in seconds since the Unix epoch, or `None` when the secret is no base32.
pub fn code(secret_code: &str, time: u64) -> Option<String> {
    let mac = Hmac::<Sha1>::new_from_slice(&decoded(secret_code)?).ok()?;
    let digest = mac
        .chain_update((time / 30).to_be_bytes())
        .finalize()
        .into_bytes();
    let offset = usize::from(digest[19] & 15);
    let number = digest[offset..]
        .iter()
        .take(4)
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    Some(format!("{:06}", (number & 0x7fff_ffff) % 1_000_000))
}

/// RFC 4648, section 6.
fn decoded(base32: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for character in base32.bytes() {
        let digit = match character {
            b'A'..=b'Z' => character - b'A',
            b'2'..=b'7' => character - b'2' + 26,
            _ => return None,
        };
        bits = bits << 5 | u32::from(digit);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::code;

    /// RFC 6238, appendix B, the last six digits; the secret is `12345678901234567890`.
    #[test]
    fn agrees_with_the_rfc() {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (time, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(secret, time).unwrap(), expected, "{time}");
        }
        assert_eq!(code("GEZD1", 59), None);
    }
}
