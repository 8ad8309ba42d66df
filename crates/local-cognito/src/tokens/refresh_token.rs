use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::ids;

/// A refresh token: random, and only its hash is kept.
///
/// It has the look and the length of AWS's, which are encrypted (RFC 7516, section 3.1), so that a cookie or a column that is too
/// short for them is found out here.
pub(crate) struct RefreshToken(SecretString);

/// What AWS's begin with: `{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}`.
const HEADER: &str = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ";

impl RefreshToken {
    pub(crate) fn generate() -> Self {
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let encrypted_key = part(&ids::random::<256>());
        let initialization_vector = part(&ids::random::<12>());
        let ciphertext = part(&ids::random::<980>());
        let tag = part(&ids::random::<16>());
        Self(
            [
                HEADER,
                &encrypted_key,
                &initialization_vector,
                &ciphertext,
                &tag,
            ]
            .join(".")
            .into(),
        )
    }

    /// The token itself, for the client alone.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> String {
        Self::hash_of(self.expose())
    }

    /// What would be kept of a token that a client presents. A plain hash will do: nobody guesses 1,264 random bytes.
    pub(crate) fn hash_of(token: &str) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_looks_like_one_of_awss() {
        let token = RefreshToken::generate();
        let lengths: Vec<usize> = token.expose().split('.').map(str::len).collect();
        assert_eq!(lengths, [62, 342, 16, 1307, 22]);
    }

    #[test]
    fn every_token_has_its_own_hash() {
        let (one, other) = (RefreshToken::generate(), RefreshToken::generate());
        assert_eq!(one.hash(), RefreshToken::hash_of(one.expose()));
        assert_ne!(one.hash(), other.hash());
        assert!(!one.expose().contains(&one.hash()));
    }
}
