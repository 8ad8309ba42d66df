//! Ciphertexts, and keys for those who encrypt by themselves.
//!
//! A ciphertext is, in this order: the version of this form, the id of its key, the nonce, and what AES-256-GCM gives, tag last.
//! Everything before it, and the encryption context, is authenticated with it.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretSlice};
use serde::Deserialize;
use serde_json::{Value, json};

use super::keys::enabled;
use super::{EncryptionContext, Kms, Refused, blob, check_length, check_word};
use crate::ids;
use crate::template::{Key, KeySpec};

const VERSION: u8 = 1;
/// A UUID as text.
const KEY_ID_BYTES: usize = 36;
const HEADER_BYTES: usize = 1 + KEY_ID_BYTES + NONCE_LEN;

const ALGORITHM: &str = "SYMMETRIC_DEFAULT";
const ALGORITHMS: [&str; 4] = [
    ALGORITHM,
    "RSAES_OAEP_SHA_1",
    "RSAES_OAEP_SHA_256",
    "SM2PKE",
];
/// The longest of what is encrypted by a key itself, in bytes.
const LONGEST_PLAINTEXT: usize = 4_096;
/// The longest ciphertext, in bytes (D).
const LONGEST_CIPHERTEXT: usize = 6_144;
/// The longest data key, in bytes (D).
const LONGEST_DATA_KEY: usize = 1_024;

/// A key of which KMS keeps nothing: whoever has the ciphertext has it decrypted.
pub(crate) struct DataKey {
    pub(crate) key_arn: String,
    pub(crate) plaintext: SecretSlice<u8>,
    pub(crate) ciphertext: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Encrypt {
    key_id: String,
    #[serde(deserialize_with = "blob")]
    plaintext: SecretSlice<u8>,
    #[serde(default)]
    encryption_context: EncryptionContext,
    encryption_algorithm: Option<String>,
    #[serde(default)]
    dry_run: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Decrypt {
    key_id: Option<String>,
    #[serde(deserialize_with = "blob")]
    ciphertext_blob: Vec<u8>,
    #[serde(default)]
    encryption_context: EncryptionContext,
    encryption_algorithm: Option<String>,
    #[serde(default)]
    dry_run: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GenerateDataKey {
    key_id: String,
    key_spec: Option<String>,
    number_of_bytes: Option<usize>,
    #[serde(default)]
    encryption_context: EncryptionContext,
    #[serde(default)]
    dry_run: bool,
}

impl Kms {
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html>
    pub(super) fn encrypt(&self, input: Encrypt) -> Result<Value, Refused> {
        let plaintext = input.plaintext.expose_secret();
        check_length("plaintext", plaintext.len(), LONGEST_PLAINTEXT)?;
        let key = self.usable(&input.key_id, KeySpec::SymmetricDefault, "Encrypt")?;
        check_algorithm(input.encryption_algorithm.as_deref(), key)?;
        if input.dry_run {
            return Err(Refused::DryRun);
        }
        let ciphertext = self.sealed(key, plaintext, &input.encryption_context);
        Ok(json!({
            "KeyId": key.arn,
            "CiphertextBlob": STANDARD.encode(ciphertext),
            "EncryptionAlgorithm": ALGORITHM,
        }))
    }

    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html>
    pub(super) fn decrypt(&self, input: Decrypt) -> Result<Value, Refused> {
        let ciphertext = &input.ciphertext_blob;
        check_length("ciphertextBlob", ciphertext.len(), LONGEST_CIPHERTEXT)?;
        let named = input
            .key_id
            .as_deref()
            .map(|name| self.find(name))
            .transpose()?;
        let key = self.key_of(ciphertext).ok_or(Refused::InvalidCiphertext)?;
        if named.is_some_and(|named| named.id != key.id) {
            return Err(Refused::IncorrectKey);
        }
        check_algorithm(input.encryption_algorithm.as_deref(), key)?;
        enabled(key)?;
        let plaintext = self.opened(key, ciphertext, &input.encryption_context)?;
        if input.dry_run {
            return Err(Refused::DryRun);
        }
        Ok(json!({
            "KeyId": key.arn,
            "Plaintext": STANDARD.encode(plaintext.expose_secret()),
            "EncryptionAlgorithm": ALGORITHM,
        }))
    }

    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html>
    pub(super) fn new_data_key(
        &self,
        input: GenerateDataKey,
        with_plaintext: bool,
    ) -> Result<Value, Refused> {
        let bytes = match (input.key_spec.as_deref(), input.number_of_bytes) {
            (Some(spec), None) => {
                check_word("keySpec", spec, &["AES_256", "AES_128"])?;
                if spec == "AES_256" { 32 } else { 16 }
            }
            (None, Some(bytes)) => bytes,
            _ => return Err(Refused::Validation(EITHER.to_owned())),
        };
        check_length("numberOfBytes", bytes, LONGEST_DATA_KEY)?;
        let data_key = self.generate_data_key(&input.key_id, &input.encryption_context, bytes)?;
        if input.dry_run {
            return Err(Refused::DryRun);
        }
        let mut answer = json!({
            "KeyId": data_key.key_arn,
            "CiphertextBlob": STANDARD.encode(data_key.ciphertext),
        });
        if with_plaintext {
            let plaintext = data_key.plaintext.expose_secret();
            answer["Plaintext"] = STANDARD.encode(plaintext).into();
        }
        Ok(answer)
    }

    /// A new key of so many bytes, at most 1,024, encrypted by the key of this name in this context.
    pub(crate) fn generate_data_key(
        &self,
        key: &str,
        context: &EncryptionContext,
        bytes: usize,
    ) -> Result<DataKey, Refused> {
        let key = self.usable(key, KeySpec::SymmetricDefault, "GenerateDataKey")?;
        let random = ids::random::<LONGEST_DATA_KEY>();
        let plaintext = &random[..bytes.min(LONGEST_DATA_KEY)];
        Ok(DataKey {
            key_arn: key.arn.clone(),
            ciphertext: self.sealed(key, plaintext, context),
            plaintext: plaintext.to_vec().into(),
        })
    }

    fn sealed(&self, key: &Key, plaintext: &[u8], context: &EncryptionContext) -> Vec<u8> {
        let nonce = ids::random::<NONCE_LEN>();
        let header = [&[VERSION][..], key.id.as_bytes(), &nonce].concat();
        let mut sealed = plaintext.to_vec();
        self.aead(key)
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                authenticated(&header, context),
                &mut sealed,
            )
            .expect("AES-GCM encrypts what is shorter than 64 GB");
        [header, sealed].concat()
    }

    fn opened(
        &self,
        key: &Key,
        ciphertext: &[u8],
        context: &EncryptionContext,
    ) -> Result<SecretSlice<u8>, Refused> {
        let refused = || Refused::InvalidCiphertext;
        let (header, sealed) = ciphertext
            .split_at_checked(HEADER_BYTES)
            .ok_or_else(refused)?;
        let nonce = Nonce::try_assume_unique_for_key(&header[1 + KEY_ID_BYTES..]);
        let nonce = nonce.map_err(|_| refused())?;
        let mut sealed = sealed.to_vec();
        let plaintext = self
            .aead(key)
            .open_in_place(nonce, authenticated(header, context), &mut sealed)
            .map_err(|_| refused())?;
        Ok(plaintext.to_vec().into())
    }

    /// The key whose id stands in the ciphertext.
    pub(super) fn key_of(&self, ciphertext: &[u8]) -> Option<&Key> {
        let (version, rest) = ciphertext.split_first()?;
        let id = rest.get(..KEY_ID_BYTES)?;
        let mut keys = self.keys.iter();
        let found =
            keys.find(|key| key.id.as_bytes() == id && key.spec == KeySpec::SymmetricDefault);
        found.filter(|_| *version == VERSION)
    }

    fn aead(&self, key: &Key) -> LessSafeKey {
        let key = UnboundKey::new(&AES_256_GCM, &self.materials.of(key));
        LessSafeKey::new(key.expect("AES-256 takes 32 bytes"))
    }
}

const EITHER: &str = "Please specify either number of bytes or key spec."; // from memory

fn check_algorithm(algorithm: Option<&str>, key: &Key) -> Result<(), Refused> {
    let algorithm = algorithm.unwrap_or(ALGORITHM);
    check_word("encryptionAlgorithm", algorithm, &ALGORITHMS)?;
    if algorithm == ALGORITHM {
        return Ok(());
    }
    Err(Refused::incompatible(algorithm, key))
}

/// The header, and the context by name, each part led by its length: no two contexts give the same bytes.
fn authenticated(header: &[u8], context: &EncryptionContext) -> Aad<Vec<u8>> {
    let mut bytes = header.to_vec();
    for text in context.iter().flat_map(|(name, value)| [name, value]) {
        bytes.extend((text.len() as u64).to_be_bytes());
        bytes.extend(text.as_bytes());
    }
    Aad::from(bytes)
}
