//! A code as Cognito hands it to a custom sender: a message of the AWS Encryption SDK, in base64.
//!
//! Observed, in the one such event that was published: format 1, algorithm suite 0x0378, one data key by KMS, the pool and the signature's
//! key as encryption context, frames of 4,096 bytes. It is written here by itself, for the functions' reader to be tested against.
//!
//! Source: <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html>

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA384, Salt};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;

use crate::ids;
use crate::kms::{DataKey, EncryptionContext, Kms, Refused};

const SUITE: [u8; 2] = 0x0378_u16.to_be_bytes();
const FRAME_BYTES: u16 = 4_096;
const DATA_KEY_BYTES: usize = 32;

/// The code, encrypted for the functions of this pool by the key of this name.
pub(super) fn encrypted_code(
    kms: &Kms,
    key: &str,
    user_pool_id: &str,
    code: &str,
) -> Result<String, Refused> {
    let signer = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING)
        .expect("the operating system has randomness");
    let context = EncryptionContext::from([
        ("userpool-id".to_owned(), user_pool_id.to_owned()),
        ("aws-crypto-public-key".to_owned(), compressed(&signer)),
    ]);
    let data_key = kms.generate_data_key(key, &context, DATA_KEY_BYTES)?;
    let message = written(code.as_bytes(), &context, &data_key, &signer);
    Ok(STANDARD.encode(message))
}

/// The public half of the key: the x coordinate after a byte that tells whether y is odd, in base64.
fn compressed(signer: &EcdsaKeyPair) -> String {
    let point = signer.public_key().as_ref();
    let (x, y) = point[1..].split_at(point.len() / 2);
    let is_odd = y.last().is_some_and(|byte| byte % 2 == 1);
    STANDARD.encode([&[if is_odd { 3 } else { 2 }], x].concat())
}

fn written(
    plaintext: &[u8],
    context: &EncryptionContext,
    data_key: &DataKey,
    signer: &EcdsaKeyPair,
) -> Vec<u8> {
    let id = ids::random::<16>();
    let key = message_key(data_key, &id);
    let mut message = header(&id, context, data_key);
    let nonce = [0; NONCE_LEN];
    let tag = sealed(&key, nonce, &message, b"");
    message.extend(nonce);
    message.extend(tag);
    let full = plaintext.chunks_exact(FRAME_BYTES.into());
    let last = full.remainder();
    let mut number: u32 = 1;
    for text in full {
        let sealed = frame(&key, &id, "AWSKMSEncryptionClient Frame", number, text);
        message.extend(number.to_be_bytes());
        message.extend(nonce_of(number));
        message.extend(sealed);
        number += 1;
    }
    let sealed = frame(
        &key,
        &id,
        "AWSKMSEncryptionClient Final Frame",
        number,
        last,
    );
    message.extend(u32::MAX.to_be_bytes());
    message.extend(number.to_be_bytes());
    message.extend(nonce_of(number));
    message.extend(u32::from(length(last)).to_be_bytes());
    message.extend(sealed);
    let signature = signer
        .sign(&SystemRandom::new(), &message)
        .expect("a key that was just made signs");
    message.extend(field(signature.as_ref()));
    message
}

fn header(id: &[u8], context: &EncryptionContext, data_key: &DataKey) -> Vec<u8> {
    let pairs = context.iter();
    let pairs = pairs.flat_map(|(name, value)| [field(name.as_bytes()), field(value.as_bytes())]);
    let count = u16::try_from(context.len()).expect("the context has two pairs");
    let context = [
        &count.to_be_bytes()[..],
        &pairs.collect::<Vec<_>>().concat(),
    ]
    .concat();
    [
        &[1, 0x80][..], // The format, and its one type.
        &SUITE,
        id,
        &field(&context),
        &[0, 1], // One data key.
        &field(b"aws-kms"),
        &field(data_key.key_arn.as_bytes()),
        &field(&data_key.ciphertext),
        &[2],          // Framed.
        &[0, 0, 0, 0], // Reserved.
        &[12],         // The length of a nonce.
        &u32::from(FRAME_BYTES).to_be_bytes(),
    ]
    .concat()
}

fn message_key(data_key: &DataKey, id: &[u8]) -> LessSafeKey {
    let derived = Salt::new(HKDF_SHA384, &[]).extract(data_key.plaintext.expose_secret());
    let info = [&SUITE[..], id];
    let key = derived.expand(&info, &AES_256_GCM);
    LessSafeKey::new(UnboundKey::from(key.expect("HKDF gives 32 bytes")))
}

/// A frame's text and tag, encrypted for its place in this message.
fn frame(key: &LessSafeKey, id: &[u8], kind: &str, number: u32, text: &[u8]) -> Vec<u8> {
    let content_length = u64::from(length(text)).to_be_bytes();
    let place = [id, kind.as_bytes(), &number.to_be_bytes(), &content_length].concat();
    sealed(key, nonce_of(number), &place, text)
}

/// The frame's number, as the SDKs have it.
fn nonce_of(number: u32) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    nonce[NONCE_LEN - 4..].copy_from_slice(&number.to_be_bytes());
    nonce
}

fn sealed(key: &LessSafeKey, nonce: [u8; NONCE_LEN], place: &[u8], text: &[u8]) -> Vec<u8> {
    let mut sealed = text.to_vec();
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, Aad::from(place), &mut sealed)
        .expect("AES-GCM encrypts what is shorter than 64 GB");
    sealed
}

/// Bytes after their length.
fn field(bytes: &[u8]) -> Vec<u8> {
    [&length(bytes).to_be_bytes()[..], bytes].concat()
}

fn length(bytes: &[u8]) -> u16 {
    u16::try_from(bytes.len()).expect("no field of these messages has 64 kB")
}
