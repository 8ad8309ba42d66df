use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretSlice};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Kms, Refused, blob, check_length, check_word};
use crate::template::{Key, KeySpec};

const ALGORITHM: &str = "HMAC_SHA_256";
const ALGORITHMS: [&str; 4] = ["HMAC_SHA_384", ALGORITHM, "HMAC_SHA_224", "HMAC_SHA_512"];
/// The longest message, in bytes.
const LONGEST_MESSAGE: usize = 4_096;
/// The longest code, in bytes (D).
const LONGEST_MAC: usize = 6_144;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Generate {
    key_id: String,
    #[serde(deserialize_with = "blob")]
    message: SecretSlice<u8>,
    mac_algorithm: String,
    #[serde(default)]
    dry_run: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Verify {
    #[serde(flatten)]
    generate: Generate,
    #[serde(deserialize_with = "blob")]
    mac: Vec<u8>,
}

impl Kms {
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html>
    pub(super) fn generate_mac(&self, input: &Generate) -> Result<Value, Refused> {
        let key = self.mac_key(input, "GenerateMac")?;
        if input.dry_run {
            return Err(Refused::DryRun);
        }
        let mac = hmac::sign(&self.hmac(key), input.message.expose_secret());
        Ok(json!({ "KeyId": key.arn, "Mac": STANDARD.encode(mac), "MacAlgorithm": ALGORITHM }))
    }

    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_VerifyMac.html>
    pub(super) fn verify_mac(&self, input: &Verify) -> Result<Value, Refused> {
        let Verify { generate, mac } = input;
        check_length("mac", mac.len(), LONGEST_MAC)?;
        let key = self.mac_key(generate, "VerifyMac")?;
        let message = generate.message.expose_secret();
        hmac::verify(&self.hmac(key), message, mac).map_err(|_| Refused::InvalidMac)?;
        if generate.dry_run {
            return Err(Refused::DryRun);
        }
        Ok(json!({ "KeyId": key.arn, "MacValid": true, "MacAlgorithm": ALGORITHM }))
    }

    fn mac_key(&self, input: &Generate, operation: &str) -> Result<&Key, Refused> {
        let algorithm = &*input.mac_algorithm;
        check_word("macAlgorithm", algorithm, &ALGORITHMS)?;
        check_length(
            "message",
            input.message.expose_secret().len(),
            LONGEST_MESSAGE,
        )?;
        let key = self.usable(&input.key_id, KeySpec::Hmac256, operation)?;
        if algorithm == ALGORITHM {
            return Ok(key);
        }
        Err(Refused::incompatible(algorithm, key))
    }

    fn hmac(&self, key: &Key) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &self.materials.of(key))
    }
}
