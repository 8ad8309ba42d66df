//! Firebase's own scrypt: the derived key encrypts the project's signer key, and the ciphertext is the hash.
//!
//! Source: <https://github.com/firebase/scrypt>

use aes::Aes256;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher};
use zeroize::Zeroizing;

use super::scrypt::Scrypt;
use crate::stored::{Secret, Stored};
use crate::{Limits, Unsupported};

/// AES-256's key.
const KEY_BYTES: usize = 32;

/// The first counter: each key encrypts one text.
const FIRST_COUNTER: [u8; 16] = [0; 16];

pub(crate) struct FirebaseScrypt {
    pub(crate) salt: Vec<u8>,
    pub(crate) salt_separator: Vec<u8>,
    pub(crate) signer_key: Vec<u8>,
    pub(crate) rounds: u32,
    pub(crate) mem_cost: u32,
}

impl FirebaseScrypt {
    pub(crate) fn stored(self, expected: Vec<u8>, limits: &Limits) -> Result<Stored, Unsupported> {
        let n = 1_u64.checked_shl(self.mem_cost).unwrap_or(u64::MAX);
        let scrypt = Scrypt::new(n, self.rounds, 1, limits)?;
        let salt = [self.salt, self.salt_separator].concat();
        let signer_key: Secret = self.signer_key.into();
        Stored::new(expected, scrypt.cost(), move |password| {
            let key = scrypt.derive(password, &salt, KEY_BYTES);
            encrypted(&signer_key, &key)
        })
    }
}

fn encrypted(text: &[u8], key: &[u8]) -> Secret {
    let mut text = Zeroizing::new(text.to_vec());
    match Ctr128BE::<Aes256>::new_from_slices(key, &FIRST_COUNTER) {
        Ok(mut cipher) => {
            cipher.apply_keystream(&mut text);
            text
        }
        Err(_) => Zeroizing::default(),
    }
}
