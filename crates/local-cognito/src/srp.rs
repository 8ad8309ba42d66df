//! The server's side of SRP-6a as Cognito speaks it: a client proves that it knows a password without sending it.
//!
//! The numbers have the names of RFC 5054, section 2.5. What Cognito does in its own way was read from its published clients
//! (`amazon-cognito-identity-js` 6.3.21): SHA-256; the identity in `x` is the pool's short name followed by the user's id; numbers
//! are hashed in Java's encoding (see [`encoded`]); and the proof is an HMAC under a key derived from `S`.

mod group;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto_bigint::{CtEq, U256, U3072};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ids;
use group::{Element, MODULUS, element_of_hex, hex_of, power_of_generator};

/// All that is kept of a password: a random salt, and `v = g^x`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Verifier {
    salt: [u8; SALT_BYTES],
    v: Element,
}

/// 128 bits, as the device verifiers that Cognito's clients make have.
const SALT_BYTES: usize = 16;

/// What to keep of a user's new password. The pool's name is the part of its id after `_`.
pub(crate) fn verifier(pool_name: &str, username: &str, password: &SecretString) -> Verifier {
    let salt = ids::random();
    let v = power_of_generator(&x(&salt, pool_name, username, password));
    Verifier { salt, v }
}

impl Verifier {
    /// A verifier for a user who does not exist: the same at every try, as a real one would be, and no password fits it.
    pub(crate) fn decoy(key: &[u8; 32], username: &str) -> Self {
        let mut bytes = [0; SALT_BYTES + U3072::BYTES];
        Hkdf::<Sha256>::new(None, key)
            .expand_multi_info(&[b"decoy", username.as_bytes()], &mut bytes)
            .expect("400 bytes are fewer than the 8,160 that HKDF-SHA256 can give");
        let (salt, v) = bytes
            .split_first_chunk()
            .expect("the array begins with a salt");
        Self {
            salt: *salt,
            v: Element::new(&U3072::from_be_slice(v)),
        }
    }

    /// What a device keeps its own password by: salt and `v`, as the client made them. `None` where they are no such numbers.
    pub(crate) fn of_device(salt: &[u8], v: &[u8]) -> Option<Self> {
        // Clients put a zero byte before a number that would have a sign in Java, and leave out zeros that it begins with.
        let number = |bytes: &[u8]| {
            let first = bytes.iter().position(|byte| *byte != 0)?;
            Some(bytes[first..].to_vec())
        };
        let salt = number(salt).filter(|salt| salt.len() <= SALT_BYTES)?;
        let mut padded = [0; SALT_BYTES];
        padded[SALT_BYTES - salt.len()..].copy_from_slice(&salt);
        let v: Vec<String> = number(v)?
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Some(Self {
            salt: padded,
            v: element_of_hex(&v.concat())?,
        })
    }

    /// Whether this is the password. Takes as long for a wrong one.
    pub(crate) fn matches(&self, pool_name: &str, username: &str, password: &SecretString) -> bool {
        let v = power_of_generator(&x(&self.salt, pool_name, username, password));
        v.ct_eq(&self.v).to_bool()
    }

    /// The challenge parameter `SALT`.
    pub(crate) fn salt_hex(&self) -> String {
        self.salt.map(|byte| format!("{byte:02x}")).concat()
    }
}

impl From<Verifier> for String {
    fn from(verifier: Verifier) -> Self {
        verifier.salt_hex() + &hex_of(&verifier.v)
    }
}

impl TryFrom<String> for Verifier {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let parsed = || {
            let (salt, v) = text.split_at_checked(2 * SALT_BYTES)?;
            let salt = salt
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit())
                .then_some(salt)?;
            let salt = u128::from_str_radix(salt, 16).ok()?.to_be_bytes();
            Some(Self {
                salt,
                v: element_of_hex(v)?,
            })
        };
        parsed()
            .ok_or("expected an SRP verifier: 32 hexadecimal digits of salt and a number below N")
    }
}

/// A proof that was asked for and not yet given.
pub(crate) struct Exchange {
    v: Element,
    a_public: Element,
    b: U256,
    b_public: Element,
}

/// The client's `SRP_A` is not a number from 1 to N - 1.
///
/// RFC 5054, section 2.5.4, makes a server refuse multiples of N, with which anyone could sign in. Numbers above N, which no client
/// makes, are refused here too.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("SRP_A is not a number from 1 to N - 1")]
pub(crate) struct InvalidSrpA;

/// What the client answers to the challenge, and for whom.
pub(crate) struct Proof<'a> {
    /// The part of the pool's id after `_`; for a device, its group's key.
    pub(crate) pool_name: &'a str,
    /// `USER_ID_FOR_SRP`; for a device, its key.
    pub(crate) username: &'a str,
    /// `PASSWORD_CLAIM_SECRET_BLOCK`: `SECRET_BLOCK` as it was sent, in base64.
    pub(crate) secret_block: &'a str,
    /// `TIMESTAMP`, as text.
    pub(crate) timestamp: &'a str,
    /// `PASSWORD_CLAIM_SIGNATURE`, in base64.
    pub(crate) signature: &'a str,
}

impl Exchange {
    /// Begins an exchange with the client's `SRP_A`.
    ///
    /// # Errors
    ///
    /// [`InvalidSrpA`].
    pub(crate) fn new(srp_a: &str, verifier: &Verifier) -> Result<Self, InvalidSrpA> {
        // As many bits as the group's strength of 128 asks for.
        Self::with_b(srp_a, verifier, U256::from_be_slice(&ids::random::<32>()))
    }

    fn with_b(srp_a: &str, verifier: &Verifier, b: U256) -> Result<Self, InvalidSrpA> {
        let a_public = element_of_hex(srp_a)
            .filter(|a| *a != Element::ZERO)
            .ok_or(InvalidSrpA)?;
        let b_public = k().mul(&verifier.v).add(&power_of_generator(&b));
        Ok(Self {
            v: verifier.v,
            a_public,
            b,
            b_public,
        })
    }

    /// The challenge parameter `SRP_B`.
    pub(crate) fn srp_b(&self) -> String {
        hex_of(&self.b_public)
    }

    /// Whether the client knows the password. Takes as long for a wrong one.
    pub(crate) fn proof_is_right(&self, proof: &Proof<'_>) -> bool {
        let (Ok(secret_block), Ok(signature)) = (
            STANDARD.decode(proof.secret_block),
            STANDARD.decode(proof.signature),
        ) else {
            return false;
        };
        Hmac::<Sha256>::new_from_slice(&self.key())
            .expect("HMAC takes keys of any length")
            .chain_update(proof.pool_name)
            .chain_update(proof.username)
            .chain_update(secret_block)
            .chain_update(proof.timestamp)
            .verify_slice(&signature)
            .is_ok()
    }

    /// The key that only a client with the password arrives at, from `S = (A · v^u)^b`.
    fn key(&self) -> [u8; 16] {
        let u = sha256(&[
            &encoded_element(&self.a_public),
            &encoded_element(&self.b_public),
        ]);
        // `u` is no secret: both of its parts were sent in the clear.
        let s = self
            .a_public
            .mul(&self.v.pow_vartime(&U256::from_be_slice(&u)))
            .pow(&self.b);
        let mut key = [0; 16];
        Hkdf::<Sha256>::new(Some(&encoded(&u)), &encoded_element(&s))
            .expand(b"Caldera Derived Key", &mut key)
            .expect("16 bytes are fewer than the 8,160 that HKDF-SHA256 can give");
        key
    }
}

/// `x = H(salt | H(identity | ":" | password))`.
fn x(salt: &[u8], pool_name: &str, username: &str, password: &SecretString) -> U256 {
    let parts = [pool_name, username, ":", password.expose_secret()].map(str::as_bytes);
    U256::from_be_slice(&sha256(&[&encoded(salt), &sha256(&parts)]))
}

/// `k = H(N | g)`.
fn k() -> Element {
    let k = sha256(&[&encoded(MODULUS.to_be_bytes().as_ref()), &[2]]);
    Element::new(&U256::from_be_slice(&k).resize())
}

fn encoded_element(element: &Element) -> Vec<u8> {
    encoded(element.retrieve().to_be_bytes().as_ref())
}

/// A number as Java's `BigInteger.toByteArray` writes it: no zero bytes in front, except one where the first bit would be a sign.
fn encoded(number: &[u8]) -> Vec<u8> {
    let digits = number
        .iter()
        .position(|byte| *byte != 0)
        .map_or(&[][..], |first| &number[first..]);
    match digits.first() {
        Some(first) if *first < 0x80 => digits.to_vec(),
        _ => [&[0], digits].concat(),
    }
}

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    parts
        .iter()
        .fold(Sha256::new(), |hash, part| hash.chain_update(part))
        .finalize()
        .into()
}

#[cfg(test)]
mod tests;
