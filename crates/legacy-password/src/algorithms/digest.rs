//! Plain digests and HMAC (RFC 2104): fast, so that whoever has the hash finds most passwords. They are here to be left behind.

use hmac::digest::{self, FixedOutput, Update};
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use zeroize::Zeroizing;

use crate::Unsupported;
use crate::stored::{Cost, Secret, Stored};

/// One digest of something short, in nanoseconds.
const NANOSECONDS: u64 = 400;

/// A digest by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Digest {
    Md4,
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    /// The name in any case and with hyphens or without.
    pub(crate) fn named(name: &str) -> Result<Self, Unsupported> {
        match &*name.replace('-', "").to_ascii_lowercase() {
            "md4" => Ok(Self::Md4),
            "md5" => Ok(Self::Md5),
            "sha" | "sha1" => Ok(Self::Sha1),
            "sha224" => Ok(Self::Sha224),
            "sha256" => Ok(Self::Sha256),
            "sha384" => Ok(Self::Sha384),
            "sha512" => Ok(Self::Sha512),
            _ => Err(Unsupported::Refused(
                "a digest other than MD4, MD5, SHA-1 and SHA-2",
            )),
        }
    }

    /// Bytes of its output.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Md4 | Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The digest of these parts, one after the other.
    pub(crate) fn of(self, parts: &[&[u8]]) -> Secret {
        match self {
            Self::Md4 => digest::<md4::Md4>(parts),
            Self::Md5 => digest::<md5::Md5>(parts),
            Self::Sha1 => digest::<sha1::Sha1>(parts),
            Self::Sha224 => digest::<sha2::Sha224>(parts),
            Self::Sha256 => digest::<sha2::Sha256>(parts),
            Self::Sha384 => digest::<sha2::Sha384>(parts),
            Self::Sha512 => digest::<sha2::Sha512>(parts),
        }
    }

    /// The HMAC of a text under a key.
    pub(crate) fn hmac(self, key: &[u8], text: &[u8]) -> Secret {
        match self {
            Self::Md4 => hmac::<md4::Md4>(key, text),
            Self::Md5 => hmac::<md5::Md5>(key, text),
            Self::Sha1 => hmac::<sha1::Sha1>(key, text),
            Self::Sha224 => hmac::<sha2::Sha224>(key, text),
            Self::Sha256 => hmac::<sha2::Sha256>(key, text),
            Self::Sha384 => hmac::<sha2::Sha384>(key, text),
            Self::Sha512 => hmac::<sha2::Sha512>(key, text),
        }
    }

    /// A hash that is the digest of the password between two texts, of which one is a salt.
    pub(crate) fn stored(
        self,
        before: Vec<u8>,
        after: Vec<u8>,
        expected: Vec<u8>,
    ) -> Result<Stored, Unsupported> {
        self.fits(&expected)?;
        Stored::new(expected, Cost::of_steps(1, NANOSECONDS), move |password| {
            self.of(&[&before, password, &after])
        })
    }

    /// A hash that is the HMAC of the password under a key.
    pub(crate) fn stored_hmac(
        self,
        key: Vec<u8>,
        expected: Vec<u8>,
    ) -> Result<Stored, Unsupported> {
        self.fits(&expected)?;
        Stored::new(expected, Cost::of_steps(2, NANOSECONDS), move |password| {
            self.hmac(&key, password)
        })
    }

    /// Whether a hash is whole: a part of a digest would fit many passwords.
    pub(crate) fn fits(self, expected: &[u8]) -> Result<(), Unsupported> {
        if expected.len() == self.bytes() {
            Ok(())
        } else {
            Err(Unsupported::Malformed(
                "the hash has not the length of its digest",
            ))
        }
    }
}

fn digest<D: digest::Digest>(parts: &[&[u8]]) -> Secret {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    Zeroizing::new(digest.finalize().to_vec())
}

fn hmac<D: EagerHash>(key: &[u8], text: &[u8]) -> Secret
where
    Hmac<D>: KeyInit + Update + FixedOutput,
{
    let mac = <Hmac<D> as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    Zeroizing::new(mac.chain_update(text).finalize().into_bytes().to_vec())
}
