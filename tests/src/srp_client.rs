//! The client's side of `USER_SRP_AUTH`: proves to a user pool that it knows a password, without sending it.
//!
//! Shares nothing with the stand-in, so that a mistake in one does not hide in the other. The numbers have the names of RFC 5054,
//! section 2.6.

use std::collections::HashMap;
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, U256, U512, U1024, U3072};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

/// The prime of RFC 3526, section 4.
const N: &str = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B\
    302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3D\
    C2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C\
    32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42D\
    AD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6B\
    F12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CA\
    FFFFFFFFFFFFFFFF";

/// One sign-in: the password, and the client's ephemeral numbers.
pub struct SrpClient<'a> {
    pool_name: &'a str,
    password: &'a str,
    group: FixedMontyParams<{ U3072::LIMBS }>,
    a: U256,
    a_public: U3072,
}

/// What goes into the answer to `PASSWORD_VERIFIER`.
pub struct Answer {
    /// `PASSWORD_CLAIM_SIGNATURE`
    pub signature: String,
    /// `TIMESTAMP`
    pub timestamp: String,
}

impl<'a> SrpClient<'a> {
    /// A client for one sign-in to a pool, given by its whole id.
    ///
    /// # Panics
    ///
    /// When the operating system has no randomness.
    pub fn new(pool_id: &'a str, password: &'a str) -> Self {
        let mut a = [0; 32];
        getrandom::fill(&mut a).expect("the operating system gives randomness");
        Self::with_a(pool_id, password, U256::from_be_slice(&a))
    }

    fn with_a(pool_id: &'a str, password: &'a str, a: U256) -> Self {
        let pool_name = pool_id.split_once('_').map_or(pool_id, |(_, name)| name);
        let n = Odd::new(U3072::from_be_hex(N)).expect("a prime above two is odd");
        let group = FixedMontyParams::new_vartime(n);
        let a_public = FixedMontyForm::new(&U3072::from_u8(2), &group)
            .pow_vartime(&a)
            .retrieve();
        Self {
            pool_name,
            password,
            group,
            a,
            a_public,
        }
    }

    /// A client by which a device proves its own password; the group's key stands in the pool's stead.
    ///
    /// # Panics
    ///
    /// When the operating system has no randomness.
    pub fn of_device(group_key: &'a str, password: &'a str) -> Self {
        Self {
            pool_name: group_key,
            ..Self::new(group_key, password)
        }
    }

    /// `Salt` and `PasswordVerifier` of `ConfirmDevice`, in base64.
    ///
    /// # Panics
    ///
    /// When the operating system has no randomness.
    pub fn device_secret_verifier(&self, device_key: &str) -> [String; 2] {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).expect("the operating system gives randomness");
        let salt = U3072::from(u128::from_be_bytes(salt));
        let g = FixedMontyForm::new(&U3072::from_u8(2), &self.group);
        let v = g.pow_vartime(&self.x(device_key, &salt)).retrieve();
        [salt, v].map(|number| STANDARD.encode(padded(&number)))
    }

    /// The parameter `SRP_A` of `InitiateAuth`.
    pub fn srp_a(&self) -> String {
        format!("{:x}", self.a_public)
    }

    /// The answer to a challenge, or `None` when its parameters cannot be read.
    pub fn answer(&self, challenge: &HashMap<String, String>, now: SystemTime) -> Option<Answer> {
        let user = challenge.get("USER_ID_FOR_SRP")?;
        let salt = number(challenge.get("SALT")?)?;
        let b_public = number(challenge.get("SRP_B")?)?;
        let secret_block = STANDARD.decode(challenge.get("SECRET_BLOCK")?).ok()?;
        let timestamp = timestamp(now);
        let mac = Hmac::<Sha256>::new_from_slice(&self.key(user, &salt, &b_public)).ok()?;
        let mac = mac
            .chain_update(self.pool_name)
            .chain_update(user)
            .chain_update(secret_block)
            .chain_update(&timestamp);
        Some(Answer {
            signature: STANDARD.encode(mac.finalize().into_bytes()),
            timestamp,
        })
    }

    /// `x = H(salt | H(pool name | user | ":" | password))`
    fn x(&self, user: &str, salt: &U3072) -> U256 {
        let identity = Sha256::new()
            .chain_update(self.pool_name)
            .chain_update(user)
            .chain_update(":")
            .chain_update(self.password);
        let x = Sha256::new()
            .chain_update(padded(salt))
            .chain_update(identity.finalize());
        U256::from_be_slice(&x.finalize())
    }

    /// The key that both sides arrive at, from `S = (B - k · g^x)^(a + u · x)`.
    fn key(&self, user: &str, salt: &U3072, b_public: &U3072) -> [u8; 16] {
        let element = |number: &U3072| FixedMontyForm::new(number, &self.group);
        let g = U3072::from_u8(2);
        let x = self.x(user, salt);
        let u = U256::from_be_slice(&hash_of(&self.a_public, b_public));
        let k = U256::from_be_slice(&hash_of(self.group.modulus(), &g));

        let base = element(b_public) - element(&k.resize()) * element(&g).pow_vartime(&x);
        let exponent = u
            .concatenating_mul::<{ U256::LIMBS }, { U512::LIMBS }>(&x)
            .resize::<{ U1024::LIMBS }>()
            .wrapping_add(&self.a.resize());
        let s = base.pow_vartime(&exponent).retrieve();

        let mut key = [0; 16];
        Hkdf::<Sha256>::new(Some(&padded(&u.resize())), &padded(&s))
            .expand(b"Caldera Derived Key", &mut key)
            .expect("16 bytes are few enough for HKDF");
        key
    }
}

fn number(hexadecimal: &str) -> Option<U3072> {
    U3072::from_str_radix_vartime(hexadecimal, 16).ok()
}

fn hash_of(one: &U3072, other: &U3072) -> [u8; 32] {
    Sha256::new()
        .chain_update(padded(one))
        .chain_update(padded(other))
        .finalize()
        .into()
}

/// A number's bytes without zeros in front, except one where the first bit is set.
fn padded(number: &U3072) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let bytes = bytes.as_ref();
    let used =
        usize::try_from(number.bits_vartime() / 8 + 1).expect("a length of at most 385 fits");
    [&[0][..], bytes].concat().split_off(bytes.len() + 1 - used)
}

/// `EEE MMM d HH:mm:ss z yyyy` in English and in UTC, as `Sat Sep 5 08:02:31 UTC 2026`.
fn timestamp(now: SystemTime) -> String {
    let now = OffsetDateTime::from(now);
    let weekday = now.weekday().to_string();
    let month = now.month().to_string();
    let (hour, minute, second) = now.to_hms();
    format!(
        "{} {} {} {hour:02}:{minute:02}:{second:02} UTC {}",
        &weekday[..3],
        &month[..3],
        now.day(),
        now.year()
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// The exchanges that the stand-in's own tests use were recorded with `amazon-cognito-identity-js`; only the server's numbers
    /// were made up. Here the client's number is its `a`, by the recipe of `vectors.mjs`.
    #[test]
    fn agrees_with_the_client_of_aws() {
        let text = include_str!("../../crates/local-cognito/src/srp/vectors.json");
        let recorded: Vec<HashMap<String, String>> = serde_json::from_str(text).unwrap();
        assert_eq!(recorded.len(), 3);
        for exchange in recorded {
            let pool_id = format!("us-east-1_{}", exchange["poolName"]);
            let client = SrpClient::with_a(
                &pool_id,
                &exchange["password"],
                U256::from_be_hex(&exchange["a"]),
            );
            assert_eq!(client.srp_a().trim_start_matches('0'), exchange["A"]);
            let challenge = [
                ("USER_ID_FOR_SRP", "userId"),
                ("SALT", "salt"),
                ("SRP_B", "B"),
                ("SECRET_BLOCK", "secretBlock"),
            ];
            let challenge = challenge
                .map(|(parameter, member)| (parameter.to_owned(), exchange[member].clone()));
            let saturday = SystemTime::UNIX_EPOCH + Duration::from_secs(1_788_595_351);
            let answer = client.answer(&challenge.into(), saturday).unwrap();
            assert_eq!(answer.timestamp, exchange["timestamp"]);
            assert_eq!(answer.signature, exchange["signature"]);
        }
    }

    #[test]
    fn a_challenge_without_its_parameters_is_not_answered() {
        let client = SrpClient::new("us-east-1_Ab12Cd34E", "Correct-Horse-7");
        assert!(client.answer(&HashMap::new(), SystemTime::now()).is_none());
    }
}
