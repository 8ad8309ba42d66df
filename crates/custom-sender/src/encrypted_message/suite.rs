use ring::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use ring::hkdf::{HKDF_SHA384, HKDF_SHA512, KeyType, Salt};

use super::MessageError;

/// An algorithm suite: AES-256-GCM with a key by HKDF, and signatures by ECDSA on P-384, all of them.
///
/// Source: <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/algorithms-reference.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suite {
    /// 0x0378, in format 1: several data keys could lead to different plaintexts of one message.
    WithoutCommitment,
    /// 0x0578, in format 2.
    WithCommitment,
}

/// The length of a tag of AES-GCM, in bytes.
pub(super) const TAG_BYTES: usize = 16;

/// The length of a data key, and of what commits to it, in bytes.
const KEY_BYTES: usize = 32;

impl Suite {
    /// The suite of this number, if it belongs into the format.
    pub(super) fn of(format: u8, number: u16) -> Result<Self, MessageError> {
        match (format, number) {
            (1, 0x0378) => Ok(Self::WithoutCommitment),
            (2, 0x0578) => Ok(Self::WithCommitment),
            (1 | 2, _) => Err(MessageError::AlgorithmSuite(number)),
            _ => Err(MessageError::Format(format)),
        }
    }

    fn number(self) -> [u8; 2] {
        match self {
            Self::WithoutCommitment => [0x03, 0x78],
            Self::WithCommitment => [0x05, 0x78],
        }
    }

    pub(super) fn message_id_bytes(self) -> usize {
        match self {
            Self::WithoutCommitment => 16,
            Self::WithCommitment => 32,
        }
    }

    pub(super) fn commitment_bytes(self) -> usize {
        match self {
            Self::WithoutCommitment => 0,
            Self::WithCommitment => KEY_BYTES,
        }
    }

    /// The key of one message, if its commitment is to this data key.
    pub(super) fn key(
        self,
        data_key: &[u8],
        message_id: &[u8],
        commitment: &[u8],
    ) -> Result<LessSafeKey, MessageError> {
        if data_key.len() != KEY_BYTES {
            return Err(MessageError::DataKeyLength);
        }
        let number = self.number();
        let (salt, info) = match self {
            // Without a salt, which counts as zeros.
            Self::WithoutCommitment => (Salt::new(HKDF_SHA384, &[]), message_id),
            Self::WithCommitment => (Salt::new(HKDF_SHA512, message_id), &b"DERIVEKEY"[..]),
        };
        let derived = salt.extract(data_key);
        if self == Self::WithCommitment {
            let mut committed = [0; KEY_BYTES];
            let filled = derived.expand(&[b"COMMITKEY"], Commitment);
            filled
                .and_then(|key| key.fill(&mut committed))
                .expect("32 bytes are no more than HKDF gives");
            // No secret: it stands in the message.
            if committed != commitment {
                return Err(MessageError::Commitment);
            }
        }
        let info = [&number[..], info];
        let key = derived.expand(&info, &AES_256_GCM);
        let key = key.expect("32 bytes are no more than HKDF gives");
        Ok(LessSafeKey::new(UnboundKey::from(key)))
    }
}

/// How many bytes commit to a data key.
struct Commitment;

impl KeyType for Commitment {
    fn len(&self) -> usize {
        KEY_BYTES
    }
}
