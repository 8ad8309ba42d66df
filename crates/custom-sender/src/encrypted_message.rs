//! A message of the AWS Encryption SDK, as Cognito encrypts a code: read, and never written.
//!
//! It has a header, with the encryption context and the data key, which KMS has encrypted; a body of frames, each encrypted with a key
//! that is derived from the data key; and a footer, with a signature over everything before it. [`EncryptedMessage::parse`] takes it
//! apart and believes nothing; [`EncryptedMessage::open`] checks everything, and only then decrypts a frame.
//!
//! It reads what Cognito writes, format 1 with the algorithm suite 0x0378, and what it could come to write, format 2 with 0x0578, whose
//! messages can be opened with one key alone. Every other suite is refused, and so are messages that are not framed.
//!
//! Source: <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html>

mod body;
mod bytes;
mod header;
mod signature;
mod suite;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

use ring::aead::{Aad, LessSafeKey, Nonce};

use body::Frame;
use bytes::Bytes;
use header::Header;
use suite::{Suite, TAG_BYTES};

/// A message that was taken apart. Anybody can have written it until it is opened.
pub(crate) struct EncryptedMessage<'a> {
    header: Header<'a>,
    /// The header as it was sent, which its tag is for.
    header_bytes: &'a [u8],
    header_iv: [u8; 12],
    header_tag: [u8; TAG_BYTES],
    frames: Vec<Frame<'a>>,
    /// Everything before the footer.
    signed: &'a [u8],
    signature: &'a [u8],
}

impl<'a> EncryptedMessage<'a> {
    /// Takes a message apart, which must fill all the bytes.
    ///
    /// # Errors
    ///
    /// When it has another form, or a suite that is not accepted.
    pub(crate) fn parse(message: &'a [u8]) -> Result<Self, MessageError> {
        let mut bytes = Bytes::of(message);
        let header = Header::read(&mut bytes)?;
        let header_bytes = bytes.so_far();
        let header_iv = match header.suite {
            Suite::WithoutCommitment => bytes.array()?,
            Suite::WithCommitment => [0; 12],
        };
        let header_tag = bytes.array()?;
        let frames = body::read(&mut bytes, header.frame_bytes)?;
        let signed = bytes.so_far();
        let signature = bytes.field()?;
        if bytes.is_at_end() {
            Ok(Self {
                header,
                header_bytes,
                header_iv,
                header_tag,
                frames,
                signed,
                signature,
            })
        } else {
            Err(MessageError::Malformed("more follows after the footer"))
        }
    }

    /// What the message says that it was encrypted for. KMS decrypts the data key for this context alone.
    pub(crate) fn context(&self) -> &BTreeMap<&'a str, &'a str> {
        &self.header.context
    }

    /// The data key as the KMS key of this ARN has encrypted it, if it has.
    pub(crate) fn data_key_of(&self, key_arn: &str) -> Option<&'a [u8]> {
        let mut keys = self.header.data_keys.iter();
        let found = keys.find(|key| key.provider == b"aws-kms" && key.name == key_arn.as_bytes());
        found.map(|key| key.encrypted)
    }

    /// The plaintext, if the message is whole and unchanged and was written with this data key.
    ///
    /// # Errors
    ///
    /// When anything is wrong with it. Nothing is decrypted then.
    pub(crate) fn open(&self, data_key: &[u8]) -> Result<Vec<u8>, MessageError> {
        let key = self.header.key(data_key)?;
        self.check_header(&key)?;
        let public_key = self.header.context.get(signature::PUBLIC_KEY);
        let public_key = public_key.ok_or(MessageError::Signature)?;
        signature::check(public_key, self.signed, self.signature)?;
        body::decrypt(&self.frames, self.header.message_id, &key)
    }

    fn check_header(&self, key: &LessSafeKey) -> Result<(), MessageError> {
        let nonce = Nonce::assume_unique_for_key(self.header_iv);
        key.open_in_place(nonce, Aad::from(self.header_bytes), &mut {
            self.header_tag
        })
        .map(|_nothing| ())
        .map_err(|_| MessageError::HeaderTag)
    }
}

/// What is wrong with a message. Nothing of its plaintext is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MessageError {
    /// A length leads beyond the end.
    #[error("the message ends too early")]
    TooShort,
    #[error("the message is not in order: {0}")]
    Malformed(&'static str),
    #[error("the message has format {0}, and 1 and 2 are accepted")]
    Format(u8),
    #[error(
        "the message has algorithm suite {0:#06x}, and 0x0378 in format 1 and 0x0578 in format 2 are accepted"
    )]
    AlgorithmSuite(u16),
    #[error("the message is not framed")]
    NotFramed,
    #[error("the data key has not the length that the algorithm suite wants")]
    DataKeyLength,
    #[error("the message was not written with this data key")]
    Commitment,
    #[error("the header was changed, or not written with this data key")]
    HeaderTag,
    #[error("a frame was changed, or not written with this data key")]
    FrameTag,
    #[error("the signature is not that of the message's key")]
    Signature,
}
