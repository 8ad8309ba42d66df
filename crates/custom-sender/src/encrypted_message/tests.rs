//! Messages that the SDK for Python made, as `vectors.py` says, and what comes of them when they are changed.

mod forged;

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::{EncryptedMessage, MessageError};

#[derive(Deserialize)]
struct Vectors {
    accepted: Vec<Vector>,
    refused: Vec<Vector>,
}

/// A message, and what is needed to read it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Vector {
    name: String,
    pub(crate) key_arn: String,
    pub(crate) context: BTreeMap<String, String>,
    pub(crate) encrypted_data_key: String,
    pub(crate) data_key: String,
    /// In hexadecimal, as the keys are.
    plaintext: String,
    /// In base64, as events have it.
    pub(crate) message: String,
}

impl Vectors {
    fn all() -> Self {
        serde_json::from_str(include_str!("vectors.json")).unwrap()
    }
}

impl Vector {
    /// The message of this name, which the reader takes.
    pub(crate) fn accepted(name: &str) -> Self {
        let mut vectors = Vectors::all().accepted.into_iter();
        vectors.find(|vector| vector.name == name).unwrap()
    }

    fn message(&self) -> Vec<u8> {
        STANDARD.decode(&self.message).unwrap()
    }

    fn open(&self, message: &[u8]) -> Result<Vec<u8>, MessageError> {
        open(message, &of_hex(&self.data_key))
    }
}

fn open(message: &[u8], data_key: &[u8]) -> Result<Vec<u8>, MessageError> {
    EncryptedMessage::parse(message)?.open(data_key)
}

pub(crate) fn of_hex(text: &str) -> Vec<u8> {
    let digits = (0..text.len()).step_by(2).map(|at| &text[at..at + 2]);
    let bytes = digits.map(|digits| u8::from_str_radix(digits, 16).unwrap());
    bytes.collect()
}

#[test]
fn messages_of_another_implementation_are_read() {
    for vector in Vectors::all().accepted {
        let name = &vector.name;
        let bytes = vector.message();
        let message = EncryptedMessage::parse(&bytes).unwrap();
        let context = message.context().iter();
        let context = context.map(|(name, value)| (String::from(*name), String::from(*value)));
        assert_eq!(BTreeMap::from_iter(context), vector.context, "{name}");
        let encrypted = message.data_key_of(&vector.key_arn).unwrap();
        assert_eq!(encrypted, of_hex(&vector.encrypted_data_key), "{name}");
        let plaintext = vector.open(&bytes).unwrap();
        assert_eq!(plaintext, of_hex(&vector.plaintext), "{name}");
    }
}

#[test]
fn other_suites_and_unframed_messages_are_refused_by_name() {
    for vector in Vectors::all().refused {
        let expected = match vector.name.strip_prefix("0x") {
            Some(number) => MessageError::AlgorithmSuite(u16::from_str_radix(number, 16).unwrap()),
            None => MessageError::NotFramed,
        };
        assert_eq!(vector.open(&vector.message()), Err(expected));
    }
    let text = MessageError::AlgorithmSuite(0x0178).to_string();
    assert_eq!(
        text,
        "the message has algorithm suite 0x0178, and 0x0378 in format 1 and 0x0578 in format 2 are accepted"
    );
}

#[test]
fn a_suite_belongs_into_its_format() {
    for (name, suite) in [("0x0378, a code", [5, 0x78]), ("0x0578, a code", [3, 0x78])] {
        let vector = Vector::accepted(name);
        let mut message = vector.message();
        let at = if message[0] == 1 { 2 } else { 1 };
        message[at..at + 2].copy_from_slice(&suite);
        let expected = MessageError::AlgorithmSuite(u16::from_be_bytes(suite));
        assert_eq!(vector.open(&message), Err(expected));
        message[0] = 3;
        assert_eq!(vector.open(&message), Err(MessageError::Format(3)));
    }
}

/// In the header every other value of each byte; further on, where each try costs a signature, each bit.
#[test]
fn every_change_of_one_byte_is_refused() {
    for name in ["0x0378, a code", "0x0578, a code"] {
        let vector = Vector::accepted(name);
        let message = vector.message();
        let frames = EncryptedMessage::parse(&message)
            .unwrap()
            .header_bytes
            .len();
        for at in 0..message.len() {
            for change in 1..=u8::MAX {
                if at < frames || change.is_power_of_two() {
                    check_changed(&vector, &message, at, change);
                }
            }
        }
    }
}

#[test]
fn every_change_of_one_byte_of_several_frames_is_refused() {
    for name in ["0x0378, several frames", "0x0578, several frames"] {
        let vector = Vector::accepted(name);
        let message = vector.message();
        for at in 0..message.len() {
            check_changed(&vector, &message, at, 1);
        }
    }
}

#[track_caller]
fn check_changed(vector: &Vector, message: &[u8], at: usize, change: u8) {
    let mut changed = message.to_vec();
    changed[at] ^= change;
    let opened = vector.open(&changed);
    assert!(opened.is_err(), "{}: byte {at} by {change:#x}", vector.name);
}

#[test]
fn a_message_that_ends_too_early_or_too_late_is_refused() {
    for vector in Vectors::all().accepted {
        let message = vector.message();
        for length in 0..message.len() {
            let opened = vector.open(&message[..length]);
            assert!(opened.is_err(), "{}: {length} bytes", vector.name);
        }
        let longer = [&message[..], &[0]].concat();
        let expected = MessageError::Malformed("more follows after the footer");
        assert_eq!(vector.open(&longer), Err(expected), "{}", vector.name);
    }
}

#[test]
fn another_data_key_opens_nothing() {
    for (name, expected) in [
        ("0x0378, a code", MessageError::HeaderTag),
        ("0x0578, a code", MessageError::Commitment),
    ] {
        let message = Vector::accepted(name).message();
        assert_eq!(open(&message, &[7; 32]), Err(expected));
        for length in [0, 16, 31, 33] {
            let opened = open(&message, &vec![7; length]);
            assert_eq!(opened, Err(MessageError::DataKeyLength), "{length}");
        }
    }
}

#[test]
fn a_data_key_is_found_by_provider_and_arn() {
    let vector = Vector::accepted("0x0378, a code");
    let mut bytes = vector.message();
    let arn = &vector.key_arn;
    let found = |bytes: &[u8], arn: &str| {
        let message = EncryptedMessage::parse(bytes).unwrap();
        message.data_key_of(arn).is_some()
    };
    assert!(found(&bytes, arn));
    assert!(!found(&bytes, &arn[..arn.len() - 1]));
    assert!(!found(&bytes, &format!("{arn}0")));
    assert!(!found(&bytes, ""));
    let provider = b"aws-kms";
    let place = bytes.windows(provider.len()).position(|at| at == provider);
    bytes[place.unwrap()] = b'A';
    assert!(!found(&bytes, arn));
}
