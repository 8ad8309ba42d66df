//! What stands behind every code, link and key of a user: one MAC that only KMS can make.

use aws_connection::CallError;
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::MacAlgorithmSpec;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::zeroize::Zeroizing;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::user::User;

/// The key in KMS that nobody can read.
#[derive(Debug, Clone)]
pub(crate) struct ChallengeKey {
    client: Client,
    id: String,
}

impl ChallengeKey {
    /// The HMAC key of that id or ARN.
    pub(crate) fn new(client: Client, id: impl Into<String>) -> Self {
        Self {
            client,
            id: id.into(),
        }
    }

    /// The user's secret. One call to KMS, whoever it is about.
    pub(crate) async fn secret_of(&self, user: &User<'_>) -> Result<UserSecret, KeyError> {
        let (kind, name) = user.identity();
        let message = framed([user.pool_id, kind, &name].map(str::as_bytes));
        let request = self
            .client
            .generate_mac()
            .key_id(&self.id)
            .mac_algorithm(MacAlgorithmSpec::HmacSha256)
            .message(Blob::new(message));
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let made = Box::pin(request.send()).await;
        let made = made.map_err(|error| KeyError::Call(error.into()))?;
        let mac: Option<[u8; 32]> = made.mac().and_then(|mac| mac.as_ref().try_into().ok());
        mac.map(UserSecret::from).ok_or(KeyError::NoMac)
    }
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    /// KMS did not answer, or answered with an error.
    #[error("failed to make the user's secret")]
    Call(#[source] CallError),
    /// KMS answered with something else.
    #[error("failed to make the user's secret: the answer holds no MAC")]
    NoMac,
}

/// 32 bytes that nobody without the key in KMS can tell.
pub(crate) struct UserSecret(Zeroizing<[u8; 32]>);

impl UserSecret {
    /// 32 bytes for this purpose alone.
    pub(crate) fn derive(&self, purpose: &str, fields: &[&[u8]]) -> [u8; 32] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&*self.0).expect("HMAC takes keys of any size");
        mac.update(&framed([purpose.as_bytes()]));
        mac.update(&framed(fields.iter().copied()));
        mac.finalize().into_bytes().into()
    }

    /// The same as a text of 32 hexadecimal digits, 128 bits, for a key of a table.
    pub(crate) fn name(&self, purpose: &str, fields: &[&[u8]]) -> String {
        hexadecimal(&self.derive(purpose, fields)[..16])
    }

    /// Whether two texts are the same, in a time that depends on neither.
    pub(crate) fn is_same(&self, one: &str, other: &str) -> bool {
        let digest = |text: &str| self.derive("compare", &[text.as_bytes()]);
        digest(one).ct_eq(&digest(other)).into()
    }
}

impl From<[u8; 32]> for UserSecret {
    fn from(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

/// Each field behind its length, so that no two lists of fields are written alike.
fn framed<'a>(fields: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for field in fields {
        bytes.extend((field.len() as u64).to_be_bytes());
        bytes.extend(field);
    }
    bytes
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_and_every_list_of_fields_has_its_own_bytes() {
        let secret = UserSecret::from([7; 32]);
        let lists: [(&str, &[&[u8]]); 6] = [
            ("a", &[]),
            ("b", &[]),
            ("a", &[b""]),
            ("a", &[b"b"]),
            ("a", &[b"b", b"c"]),
            ("a", &[b"bc"]),
        ];
        let mut derived: Vec<_> = lists
            .iter()
            .map(|(purpose, fields)| secret.derive(purpose, fields))
            .collect();
        derived.push(UserSecret::from([8; 32]).derive("a", &[]));
        let all = derived.len();
        derived.sort_unstable();
        derived.dedup();
        assert_eq!(derived.len(), all);
    }

    /// RFC 4231, test case 2 has another message; this one was made with Python's `hmac` over the framed fields.
    #[test]
    fn bytes_are_derived_by_hmac_sha_256() {
        let derived = UserSecret::from([7; 32]).name("code", &[b"web", b"1"]);
        assert_eq!(derived, EXPECTED);
    }

    const EXPECTED: &str = "878e7b6340e3e2dd5170e983e863a9e2";

    #[test]
    fn only_the_same_text_is_the_same() {
        let secret = UserSecret::from([7; 32]);
        for (one, other, expected) in [
            ("482913", "482913", true),
            ("482913", "482914", false),
            ("482913", "48291", false),
            ("482913", "482913 ", false),
            ("", "", true),
        ] {
            assert_eq!(secret.is_same(one, other), expected, "{one} {other}");
        }
    }
}
