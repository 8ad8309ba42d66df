use ring::aead::{Aad, LessSafeKey, Nonce};

use super::MessageError;
use super::bytes::Bytes;
use super::suite::TAG_BYTES;

/// A part of the plaintext, encrypted.
pub(super) struct Frame<'a> {
    /// 1 for the first, and one more for each that follows.
    sequence_number: u32,
    is_last: bool,
    iv: [u8; 12],
    encrypted: &'a [u8],
    tag: [u8; TAG_BYTES],
}

/// Stands in place of a sequence number before the last frame.
const LAST: u32 = u32::MAX;

/// All frames: those of the header's length, and a last one that has no more.
pub(super) fn read<'a>(
    bytes: &mut Bytes<'a>,
    frame_bytes: u32,
) -> Result<Vec<Frame<'a>>, MessageError> {
    let mut frames = Vec::new();
    for expected in 1.. {
        let first = bytes.u32()?;
        let is_last = first == LAST;
        let sequence_number = if is_last { bytes.u32()? } else { first };
        if sequence_number != expected {
            return Err(MessageError::Malformed("its frames are out of order"));
        }
        let iv = bytes.array()?;
        let length = if is_last { bytes.u32()? } else { frame_bytes };
        if length > frame_bytes {
            return Err(MessageError::Malformed("its last frame is too long"));
        }
        let length = usize::try_from(length).map_err(|_| MessageError::TooShort)?;
        frames.push(Frame {
            sequence_number,
            is_last,
            iv,
            encrypted: bytes.take(length)?,
            tag: bytes.array()?,
        });
        if is_last {
            break;
        }
    }
    Ok(frames)
}

/// The plaintext of all frames, each of which has its tag.
pub(super) fn decrypt(
    frames: &[Frame<'_>],
    message_id: &[u8],
    key: &LessSafeKey,
) -> Result<Vec<u8>, MessageError> {
    let length = frames.iter().map(|frame| frame.encrypted.len()).sum();
    let mut plaintext = Vec::with_capacity(length);
    for frame in frames {
        let start = plaintext.len();
        plaintext.extend_from_slice(frame.encrypted);
        let nonce = Nonce::assume_unique_for_key(frame.iv);
        let decrypted = &mut plaintext[start..];
        key.open_in_place_separate_tag(
            nonce,
            Aad::from(frame.place(message_id)),
            frame.tag.into(),
            decrypted,
            0..,
        )
        .map_err(|_| MessageError::FrameTag)?;
    }
    Ok(plaintext)
}

impl Frame<'_> {
    /// Which frame of which message this is, which its tag is for.
    ///
    /// Source: <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/body-aad-reference.html>
    fn place(&self, message_id: &[u8]) -> Vec<u8> {
        let kind = if self.is_last {
            &b"AWSKMSEncryptionClient Final Frame"[..]
        } else {
            b"AWSKMSEncryptionClient Frame"
        };
        let sequence_number = self.sequence_number.to_be_bytes();
        let length = (self.encrypted.len() as u64).to_be_bytes();
        [message_id, kind, &sequence_number, &length].concat()
    }
}
