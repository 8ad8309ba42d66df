//! What a recovery code looks like, and how the table remembers it.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretString;
use sha2::Sha256;

/// Consonants alone, so that nothing looks like another and no word comes out. Source: RFC 8628, section 6.1.
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// 15 letters of 20 are 64.8 bits, beyond which no rate need be limited. Source: NIST SP 800-63B-4, section 3.1.2, for look-up secrets.
const LETTERS: usize = 15;

/// Letters between two hyphens.
const GROUP: usize = 5;

/// No text that somebody types is looked at further, in bytes.
const MAX_TYPED_BYTES: usize = 128;

/// The largest multiple of 20 that a byte can hold: from here on the bytes would favour some letters.
const BOUND: u8 = 240;

/// A new code, as it is shown: `XXXXX-XXXXX-XXXXX`.
pub(crate) fn generate() -> Result<SecretString, getrandom::Error> {
    let mut letters = String::with_capacity(LETTERS);
    while letters.len() < LETTERS {
        let mut bytes = [0; LETTERS];
        getrandom::fill(&mut bytes)?;
        let even = bytes.iter().filter(|byte| **byte < BOUND);
        let drawn = even.map(|byte| char::from(ALPHABET[usize::from(byte % 20)]));
        letters.extend(drawn.take(LETTERS - letters.len()));
    }
    let groups: Vec<&str> = (0..LETTERS)
        .step_by(GROUP)
        .map(|start| &letters[start..start + GROUP])
        .collect();
    Ok(groups.join("-").into())
}

/// What is kept of a code: a hash that says nothing without the key, the same however the code is typed.
pub(crate) fn keyed_hash(key: &[u8], typed: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    let digest = mac.chain_update(normalised(typed)).finalize().into_bytes();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// In capitals, without blanks and hyphens.
fn normalised(typed: &str) -> String {
    let typed = if typed.len() > MAX_TYPED_BYTES {
        ""
    } else {
        typed
    };
    typed
        .chars()
        .filter(|char| !char.is_whitespace() && *char != '-')
        .map(|char| char.to_ascii_uppercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_code_is_three_groups_of_five_consonants() {
        let code = generate().unwrap();
        let code = code.expose_secret();
        let groups: Vec<&str> = code.split('-').collect();
        assert_eq!(
            groups.iter().map(|group| group.len()).collect::<Vec<_>>(),
            [5, 5, 5]
        );
        assert!(
            groups.concat().bytes().all(|byte| ALPHABET.contains(&byte)),
            "{code}"
        );
    }

    /// With 19 degrees of freedom, chi-square exceeds 66 once in 4,000,000 runs.
    #[test]
    fn all_letters_are_as_likely() {
        const CODES: usize = 4_000;
        let mut counts = [0_u32; 20];
        let mut codes = BTreeSet::new();
        for _ in 0..CODES {
            let code = generate().unwrap();
            for letter in code.expose_secret().bytes().filter(|byte| *byte != b'-') {
                counts[ALPHABET.iter().position(|known| *known == letter).unwrap()] += 1;
            }
            codes.insert(code.expose_secret().to_owned());
        }
        assert_eq!(codes.len(), CODES);
        let expected = (CODES * LETTERS / ALPHABET.len()) as f64;
        let chi_square: f64 = counts
            .iter()
            .map(|count| (f64::from(*count) - expected).powi(2) / expected)
            .sum();
        assert!(chi_square < 66.0, "{chi_square}: {counts:?}");
    }

    #[test]
    fn the_hash_is_the_same_however_the_code_is_typed_and_another_by_another_key() {
        let hash = keyed_hash(b"key", "BCDFG-HJKLM-NPQRS");
        for typed in [
            "bcdfghjklmnpqrs",
            " bcdfg hjklm npqrs ",
            "BCDFG\u{a0}HJKLM–NPQRS",
        ] {
            assert_eq!(
                keyed_hash(b"key", typed) == hash,
                !typed.contains('–'),
                "{typed}"
            );
        }
        assert_ne!(keyed_hash(b"another key", "BCDFG-HJKLM-NPQRS"), hash);
        // Made by `printf BCDFGHJKLMNPQRS | openssl dgst -sha256 -hmac key`.
        assert_eq!(
            hash,
            "cda0c29e327736c7f6ca35a57bd3612aeef62f1b579af8dbe35d405def23a17f"
        );
    }
}
