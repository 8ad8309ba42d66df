use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_connection::{CallError, OnFirstUse};
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::MacAlgorithmSpec;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What KMS makes the key of. Another text would make another key, and everybody a stranger.
const LABEL: &[u8] = b"lifeguard developer user identifiers v1";

/// The key of identifiers, which is never shown.
pub struct IdentifierKey([u8; 32]);

impl IdentifierKey {
    /// The key of these bytes.
    pub const fn of_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The HMAC-SHA-256 of the message, for one purpose: what was made for another is none for this.
    pub fn mac(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        self.keyed(purpose, message).finalize().into_bytes().into()
    }

    /// Whether that is the HMAC of the message for that purpose; in constant time.
    pub fn is_mac(&self, purpose: &str, message: &[u8], mac: &[u8]) -> bool {
        self.keyed(purpose, message).verify_slice(mac).is_ok()
    }

    fn keyed(&self, purpose: &str, message: &[u8]) -> Hmac<Sha256> {
        Hmac::<Sha256>::new_from_slice(&self.0)
            .expect("HMAC takes keys of any length")
            .chain_update(purpose)
            .chain_update([0])
            .chain_update(message)
    }
}

impl fmt::Debug for IdentifierKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdentifierKey([redacted])")
    }
}

/// Where the key comes from: KMS makes it of a key that does not leave it, the same each time. It is asked once by a process.
pub struct KeyStore {
    client: OnFirstUse<Client>,
    key_arn: String,
    kept: Mutex<Option<Arc<IdentifierKey>>>,
}

impl KeyStore {
    /// By the KMS key (HMAC_256) of that ARN.
    pub fn new(client: impl Into<OnFirstUse<Client>>, key_arn: &str) -> Self {
        Self {
            client: client.into(),
            key_arn: key_arn.to_owned(),
            kept: Mutex::default(),
        }
    }

    /// The key.
    ///
    /// # Errors
    ///
    /// [`KeyError`], when KMS does not answer with one.
    pub async fn get(&self) -> Result<Arc<IdentifierKey>, KeyError> {
        if let Some(key) = &*self.kept() {
            return Ok(Arc::clone(key));
        }
        let request = self
            .client
            .generate_mac()
            .key_id(&self.key_arn)
            .mac_algorithm(MacAlgorithmSpec::HmacSha256)
            .message(Blob::new(LABEL));
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let made = Box::pin(request.send()).await.map_err(CallError::from)?;
        let mac = made.mac.map(Blob::into_inner).unwrap_or_default();
        let bytes = mac.try_into().map_err(|_| KeyError::NoKey)?;
        let key = Arc::new(IdentifierKey(bytes));
        *self.kept() = Some(Arc::clone(&key));
        Ok(key)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<Arc<IdentifierKey>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// KMS did not answer, or refused.
    #[error("failed to make the key of identifiers")]
    Call(#[from] CallError),
    /// KMS answered with what is no HMAC of 256 bits.
    #[error("the key of identifiers is not of 256 bits")]
    NoKey,
}
