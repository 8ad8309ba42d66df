use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use time::OffsetDateTime;

use super::EndpointError;

/// What shows that a request is ours and new: `v1=` and the HMAC-SHA-256, in hexadecimal, of time stamp, nonce and body, with a full stop
/// between each two.
pub(super) struct Signature {
    /// Seconds since the epoch.
    pub(super) timestamp: String,
    /// 128 random bits in hexadecimal: an endpoint takes one only once, for as long as it takes the time stamp.
    pub(super) nonce: String,
    pub(super) value: String,
}

impl Signature {
    pub(super) fn of(
        key: &SecretString,
        now: OffsetDateTime,
        body: &str,
    ) -> Result<Self, EndpointError> {
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).map_err(EndpointError::NoNonce)?;
        Ok(Self::with_nonce(key, now, &hex(&nonce), body))
    }

    fn with_nonce(key: &SecretString, now: OffsetDateTime, nonce: &str, body: &str) -> Self {
        let timestamp = now.unix_timestamp().to_string();
        let mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes())
            .expect("HMAC takes keys of any length");
        let mac = mac.chain_update(format!("{timestamp}.{nonce}.{body}"));
        Self {
            value: format!("v1={}", hex(&mac.finalize().into_bytes())),
            timestamp,
            nonce: nonce.to_owned(),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text takes text");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_nonce_and_body_are_signed() {
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        let signature = Signature::with_nonce(&"key".into(), now, "00ff", r#"{"version":1}"#);
        assert_eq!(signature.timestamp, "1800000000");
        // printf '1800000000.00ff.{"version":1}' | openssl dgst -sha256 -hmac key
        assert_eq!(
            signature.value,
            "v1=fc543aa436a93423d22b5ce804243e53290307909311f54493683bee340ff7da"
        );
    }

    #[test]
    fn no_nonce_comes_twice() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let nonce = || Signature::of(&"key".into(), now, "").unwrap().nonce;
        let (one, another) = (nonce(), nonce());
        assert_eq!(one.len(), 32);
        assert_ne!(one, another);
    }
}
