//! Writes messages, wrong ones if wanted.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, LessSafeKey, Nonce};
use ring::hkdf::{HKDF_SHA256, HKDF_SHA512, Salt};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair};

use super::super::super::suite::Suite;

pub(super) const DATA_KEY: [u8; 32] = [9; 32];

/// How a message departs from what it should be.
pub(super) struct Forgery {
    pub(super) suite: Suite,
    /// The context's names and values besides the signature's key.
    pub(super) context: Vec<(&'static str, &'static str)>,
    pub(super) names_its_key: bool,
    pub(super) frames: Vec<Frame>,
    /// Changes the header before its tag is made.
    pub(super) header: fn(&mut Vec<u8>),
    /// Changes the header after its tag was made, and before everything is signed.
    pub(super) tagged: fn(&mut Vec<u8>),
    /// Signs with another key than the context names.
    pub(super) signed_by_another: bool,
}

/// A frame, with what its tag is for.
pub(super) struct Frame {
    pub(super) written: u32,
    pub(super) tagged: u32,
    pub(super) is_last: bool,
    pub(super) tagged_as_last: bool,
    pub(super) text: &'static str,
}

/// A frame that is right.
pub(super) fn frame(number: u32, is_last: bool, text: &'static str) -> Frame {
    Frame {
        written: number,
        tagged: number,
        is_last,
        tagged_as_last: is_last,
        text,
    }
}

/// Every frame but the last has four bytes.
pub(super) fn right(suite: Suite) -> Forgery {
    Forgery {
        suite,
        context: vec![("userpool-id", "eu-central-1_Kx7QmT2Zd")],
        names_its_key: true,
        frames: vec![
            frame(1, false, "4829"),
            frame(2, false, "1348"),
            frame(3, true, "29"),
        ],
        header: |_| {},
        tagged: |_| {},
        signed_by_another: false,
    }
}

fn new_key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let algorithm = &ECDSA_P384_SHA384_ASN1_SIGNING;
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap()
}

fn field(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
    [&length, bytes].concat()
}

impl Forgery {
    fn message_id(&self) -> Vec<u8> {
        vec![3; self.suite.message_id_bytes()]
    }

    fn is_committing(&self) -> bool {
        self.suite == Suite::WithCommitment
    }

    fn key(&self) -> (LessSafeKey, Vec<u8>) {
        let message_id = self.message_id();
        if !self.is_committing() {
            let key = self.suite.key(&DATA_KEY, &message_id, &[]).unwrap();
            return (key, Vec::new());
        }
        let salt = Salt::new(HKDF_SHA512, &message_id);
        let mut commitment = [0; 32];
        let derived = salt.extract(&DATA_KEY);
        let okm = derived.expand(&[b"COMMITKEY"], HKDF_SHA256);
        okm.unwrap().fill(&mut commitment).unwrap();
        let key = self.suite.key(&DATA_KEY, &message_id, &commitment);
        (key.unwrap(), commitment.to_vec())
    }

    fn header(&self, public_key: &str, commitment: &[u8]) -> Vec<u8> {
        let mut pairs = self.context.clone();
        if self.names_its_key {
            pairs.push(("aws-crypto-public-key", public_key));
        }
        let mut context = u16::try_from(pairs.len()).unwrap().to_be_bytes().to_vec();
        for (name, value) in pairs {
            context.extend([field(name.as_bytes()), field(value.as_bytes())].concat());
        }
        let data_key = [field(b"aws-kms"), field(b"arn"), field(b"encrypted")].concat();
        let start: &[u8] = if self.is_committing() {
            &[2, 5, 0x78]
        } else {
            &[1, 0x80, 3, 0x78]
        };
        let reserved: &[u8] = if self.is_committing() {
            &[]
        } else {
            &[0, 0, 0, 0, 12]
        };
        [
            start,
            &self.message_id(),
            &field(&context),
            &[0, 1],
            &data_key,
            &[2],
            reserved,
            &4_u32.to_be_bytes(),
            commitment,
        ]
        .concat()
    }

    pub(super) fn message(&self) -> Vec<u8> {
        let signer = new_key();
        let (key, commitment) = self.key();
        let mut message = self.header(&public_key(&signer), &commitment);
        (self.header)(&mut message);
        let tag = sealed(&key, [0; 12], &message, b"");
        (self.tagged)(&mut message);
        if !self.is_committing() {
            message.extend([0; 12]);
        }
        message.extend(tag);
        for (frame, at) in self.frames.iter().zip(1..) {
            message.extend(self.frame(frame, &key, at));
        }
        let signer = if self.signed_by_another {
            new_key()
        } else {
            signer
        };
        let signature = signer.sign(&SystemRandom::new(), &message).unwrap();
        message.extend(field(signature.as_ref()));
        message
    }

    fn frame(&self, frame: &Frame, key: &LessSafeKey, at: u8) -> Vec<u8> {
        let iv = [at; 12];
        let kind = if frame.tagged_as_last {
            "AWSKMSEncryptionClient Final Frame"
        } else {
            "AWSKMSEncryptionClient Frame"
        };
        let length = u64::try_from(frame.text.len()).unwrap().to_be_bytes();
        let place = [
            &self.message_id(),
            kind.as_bytes(),
            &frame.tagged.to_be_bytes(),
            &length,
        ]
        .concat();
        let mut bytes = Vec::new();
        if frame.is_last {
            bytes.extend(u32::MAX.to_be_bytes());
        }
        bytes.extend(frame.written.to_be_bytes());
        bytes.extend(iv);
        if frame.is_last {
            bytes.extend(&length[4..]);
        }
        bytes.extend(sealed(key, iv, &place, frame.text.as_bytes()));
        bytes
    }
}

/// The key's public half, as the context has it: compressed, in base64.
fn public_key(key: &EcdsaKeyPair) -> String {
    let point = key.public_key().as_ref();
    let sign = 2 + (point[96] & 1);
    STANDARD.encode([&[sign], &point[1..49]].concat())
}

/// The text encrypted, and its tag.
fn sealed(key: &LessSafeKey, iv: [u8; 12], place: &[u8], text: &[u8]) -> Vec<u8> {
    let mut sealed = text.to_vec();
    let nonce = Nonce::assume_unique_for_key(iv);
    key.seal_in_place_append_tag(nonce, Aad::from(place), &mut sealed)
        .unwrap();
    sealed
}
