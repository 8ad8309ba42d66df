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
    /// The part of the pool's id after `_`.
    pub(crate) pool_name: &'a str,
    /// `USER_ID_FOR_SRP`.
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
mod tests {
    use super::*;

    /// An exchange that a client which is not ours took part in; `vectors.mjs` says how it was recorded.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Recorded {
        name: String,
        pool_name: String,
        user_id: String,
        password: SecretString,
        salt: String,
        v: String,
        #[serde(rename = "A")]
        a_public: String,
        b: String,
        #[serde(rename = "B")]
        b_public: String,
        secret_block: String,
        timestamp: String,
        signature: String,
    }

    impl Recorded {
        fn all() -> Vec<Self> {
            serde_json::from_str(include_str!("srp/vectors.json")).unwrap()
        }

        fn first() -> Self {
            Self::all().remove(0)
        }

        fn verifier(&self) -> Verifier {
            let v = format!("{:0>768}", self.v);
            Verifier::try_from(self.salt.clone() + &v).unwrap()
        }

        fn exchange(&self) -> Exchange {
            let b = U256::from_be_hex(&self.b);
            Exchange::with_b(&self.a_public, &self.verifier(), b).unwrap()
        }

        fn proof(&self) -> Proof<'_> {
            Proof {
                pool_name: &self.pool_name,
                username: &self.user_id,
                secret_block: &self.secret_block,
                timestamp: &self.timestamp,
                signature: &self.signature,
            }
        }
    }

    #[test]
    fn agrees_with_a_client_that_is_not_ours() {
        for recorded in Recorded::all() {
            let Recorded {
                name,
                pool_name,
                user_id,
                password,
                ..
            } = &recorded;
            assert_eq!(recorded.verifier().salt_hex(), recorded.salt, "{name}");
            assert!(
                recorded.verifier().matches(pool_name, user_id, password),
                "{name}"
            );
            let exchange = recorded.exchange();
            assert_eq!(
                exchange.srp_b().trim_start_matches('0'),
                recorded.b_public,
                "{name}"
            );
            assert!(exchange.proof_is_right(&recorded.proof()), "{name}");
        }
    }

    #[test]
    fn any_other_password_pool_or_user_fails() {
        let password = SecretString::from("Correct-Horse-7");
        let verifier = verifier("Ab12Cd34E", "ines", &password);
        assert!(verifier.matches("Ab12Cd34E", "ines", &password));
        assert!(!verifier.matches("Ab12Cd34E", "ines", &SecretString::from("Correct-Horse-8")));
        assert!(!verifier.matches("Ab12Cd34E", "ines", &SecretString::from("")));
        assert!(!verifier.matches("Ab12Cd34F", "ines", &password));
        assert!(!verifier.matches("Ab12Cd34E", "Ines", &password));
    }

    #[test]
    fn an_altered_proof_fails() {
        let recorded = Recorded::first();
        let exchange = recorded.exchange();
        let right = recorded.proof();
        let other_block = STANDARD.encode([7; 64]);
        let short_signature = STANDARD.encode([7; 16]);
        for (name, proof) in [
            (
                "pool",
                Proof {
                    pool_name: "Zz12Cd34E",
                    ..recorded.proof()
                },
            ),
            (
                "user",
                Proof {
                    username: "ines",
                    ..recorded.proof()
                },
            ),
            (
                "secret block",
                Proof {
                    secret_block: &other_block,
                    ..recorded.proof()
                },
            ),
            (
                "secret block is not base64",
                Proof {
                    secret_block: "no base64!",
                    ..recorded.proof()
                },
            ),
            (
                "timestamp",
                Proof {
                    timestamp: "Sat Sep 5 08:02:32 UTC 2026",
                    ..recorded.proof()
                },
            ),
            (
                "signature",
                Proof {
                    signature: &other_block,
                    ..recorded.proof()
                },
            ),
            (
                "signature is short",
                Proof {
                    signature: &short_signature,
                    ..recorded.proof()
                },
            ),
            (
                "signature is empty",
                Proof {
                    signature: "",
                    ..recorded.proof()
                },
            ),
            (
                "signature is not base64",
                Proof {
                    signature: "no base64!",
                    ..recorded.proof()
                },
            ),
        ] {
            assert!(!exchange.proof_is_right(&proof), "{name}");
        }
        assert!(exchange.proof_is_right(&right));
    }

    #[test]
    fn a_proof_is_good_for_its_exchange_alone() {
        let recorded = Recorded::first();
        let another = Exchange::new(&recorded.a_public, &recorded.verifier()).unwrap();
        assert!(!another.proof_is_right(&recorded.proof()));
    }

    #[test]
    fn a_proof_of_another_password_fails() {
        let recorded = Recorded::first();
        let other = verifier(
            &recorded.pool_name,
            &recorded.user_id,
            &SecretString::from("Another-Horse-7"),
        );
        let exchange =
            Exchange::with_b(&recorded.a_public, &other, U256::from_be_hex(&recorded.b)).unwrap();
        assert!(!exchange.proof_is_right(&recorded.proof()));
    }

    #[test]
    fn values_of_a_that_let_anyone_in_are_refused() {
        let verifier = Recorded::first().verifier();
        let n = format!("{MODULUS:x}");
        let twice_n = format!("1{:x}", MODULUS.wrapping_add(&MODULUS));
        let above_n = format!("{:x}", MODULUS.wrapping_add(&U3072::ONE));
        let oversized = "7".repeat(100_000);
        for a in [
            "0", "00", &n, &twice_n, &above_n, &oversized, "", "-1", "nonsense", "f_f",
        ] {
            let refused = Exchange::new(a, &verifier).err();
            assert_eq!(refused, Some(InvalidSrpA), "{}", &a[..a.len().min(20)]);
        }
    }

    #[test]
    fn a_decoy_stays_the_same_and_nothing_fits_it() {
        let decoy = |key: u8, username| String::from(Verifier::decoy(&[key; 32], username));
        assert_eq!(decoy(1, "nobody"), decoy(1, "nobody"));
        assert_ne!(decoy(1, "nobody")[..32], decoy(1, "no-one")[..32]);
        assert_ne!(decoy(1, "nobody")[..32], decoy(2, "nobody")[..32]);

        let recorded = Recorded::first();
        let decoy = Verifier::decoy(&[1; 32], &recorded.user_id);
        assert!(!decoy.matches(&recorded.pool_name, &recorded.user_id, &recorded.password));
        let exchange = || Exchange::new(&recorded.a_public, &decoy).unwrap();
        assert!(!exchange().proof_is_right(&recorded.proof()));
        assert_ne!(exchange().srp_b(), exchange().srp_b());
    }

    #[test]
    fn a_verifier_is_kept_as_text() {
        let password = SecretString::from("Correct-Horse-7");
        let kept = serde_json::to_string(&verifier("Ab12Cd34E", "ines", &password)).unwrap();
        let read: Verifier = serde_json::from_str(&kept).unwrap();
        assert!(read.matches("Ab12Cd34E", "ines", &password));
        for damaged in [
            "",
            "abc",
            &"+".repeat(800),
            &"f".repeat(800),
            &"ä".repeat(400),
        ] {
            assert!(Verifier::try_from(damaged.to_owned()).is_err());
        }
    }

    #[test]
    fn numbers_are_encoded_as_java_writes_them() {
        for (number, expected) in [
            (&[0x14][..], &[0x14][..]),
            (&[0, 0, 0x14], &[0x14]),
            (&[0x80], &[0, 0x80]),
            (&[0, 0xc8, 1], &[0, 0xc8, 1]),
            (&[0, 0], &[0]),
        ] {
            assert_eq!(encoded(number), expected);
        }
    }
}
