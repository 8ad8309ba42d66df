//! Random names: ids, codes and opaque tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes from the operating system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without randomness nothing here would mean anything; the platforms we run on cannot fail after boot.
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// A random UUID, version 4.
pub(crate) fn uuid() -> String {
    uuid_of(random())
}

/// A UUID that looks random, and is the same whenever it is asked for under the same key.
pub(crate) fn uuid_for(key: &[u8; 32], name: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(name.as_bytes());
    let digest: [u8; 32] = mac.finalize().into_bytes().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid_of(bytes)
}

fn uuid_of(mut bytes: [u8; 16]) -> String {
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = bytes.map(|byte| format!("{byte:02x}")).concat();
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

/// Random text that says nothing, of `bytes` random bytes at most 96.
pub(crate) fn opaque(bytes: usize) -> String {
    URL_SAFE_NO_PAD.encode(&random::<96>()[..bytes.min(96)])
}

/// The part of a user pool's id behind the region.
pub(crate) fn pool_name() -> String {
    of_alphabet(
        b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        9,
    )
}

/// The id of an app client; two of them make a secret.
pub(crate) fn client_id() -> String {
    of_alphabet(b"0123456789abcdefghijklmnopqrstuvwxyz", 26)
}

/// What follows the prefix of one of IAM's unique ids.
pub(crate) fn unique(length: usize) -> String {
    of_alphabet(b"234567ABCDEFGHIJKLMNOPQRSTUVWXYZ", length)
}

/// So many characters, at most 52. Some are a little likelier than others, which names can bear.
fn of_alphabet(alphabet: &[u8], length: usize) -> String {
    let letters = random::<52>();
    let letters = letters.iter().take(length);
    letters
        .map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()]))
        .collect()
}

/// A code of six digits, each as likely as the others.
pub(crate) fn code() -> String {
    loop {
        let number = u32::from_be_bytes(random());
        // The largest multiple of a million below 2^32: what lies above would favour small codes.
        if number < 4_294_000_000 {
            return format!("{:06}", number % 1_000_000);
        }
    }
}

/// SRP's secret block: opaque to the client, which signs it, in standard base64.
pub(crate) fn secret_block() -> String {
    base64::engine::general_purpose::STANDARD.encode(random::<768>())
}
