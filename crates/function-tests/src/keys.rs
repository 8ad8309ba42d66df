use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};

use aws_types::SdkConfig;
use serde_json::{Value, json};

use crate::service::{Answer, service};

/// KMS in this process, with as many keys as are named. It encrypts nothing: a ciphertext is the number of what it stands for. A MAC is some
/// 32 bytes that are always the same.
///
/// What was encrypted is decrypted by the same key with the same context alone, as in AWS.
#[derive(Clone, Default)]
pub struct Keys(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    encrypted: Vec<Encrypted>,
    failing: Option<&'static str>,
    calls: Vec<String>,
}

struct Encrypted {
    key: Value,
    context: Value,
    plaintext: Value,
}

impl Keys {
    /// Has every call fail with this exception from now on, or none.
    pub fn fail(&self, exception: Option<&'static str>) {
        self.0.lock().unwrap().failing = exception;
    }

    /// For a client of it.
    pub fn connection(&self) -> SdkConfig {
        let keys = self.clone();
        service(move |operation, input| keys.0.lock().unwrap().answer(operation, &input))
    }

    /// The operations that were called since this was asked last.
    pub fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().calls)
    }
}

impl State {
    fn answer(&mut self, operation: &str, input: &Value) -> Answer {
        self.calls.push(operation.to_owned());
        if let Some(exception) = self.failing {
            return Err(exception);
        }
        let (key, context) = (&input["KeyId"], &input["EncryptionContext"]);
        match operation {
            "Encrypt" => {
                // Eight digits are base64 of six bytes, and come back as they went.
                let ciphertext = format!("{:08}", self.encrypted.len());
                self.encrypted.push(Encrypted {
                    key: key.clone(),
                    context: context.clone(),
                    plaintext: input["Plaintext"].clone(),
                });
                Ok(json!({"CiphertextBlob": ciphertext, "KeyId": key}))
            }
            "Decrypt" => {
                let number = input["CiphertextBlob"].as_str().unwrap_or_default();
                let number: Option<usize> = number.parse().ok();
                let encrypted = number.and_then(|number| self.encrypted.get(number));
                match encrypted {
                    Some(encrypted) if encrypted.key != *key => Err("IncorrectKeyException"),
                    Some(encrypted) if encrypted.context == *context => {
                        Ok(json!({"Plaintext": encrypted.plaintext, "KeyId": key}))
                    }
                    _ => Err("InvalidCiphertextException"),
                }
            }
            "GenerateMac" => Ok(json!({"Mac": mac(key, &input["Message"]), "KeyId": key})),
            _ => Err("UnsupportedOperationException"),
        }
    }
}

/// 32 bytes in base64 that follow from both.
fn mac(key: &Value, message: &Value) -> String {
    let alphabet = ('A'..='Z').chain('a'..='z').chain('0'..='9');
    let alphabet: Vec<char> = alphabet.chain(['+', '/']).collect();
    let letter = |place: u8| {
        let mut hasher = DefaultHasher::new();
        (place, key.to_string(), message.to_string()).hash(&mut hasher);
        alphabet[hasher.finish() as usize % 64]
    };
    let letters: String = (0..42).map(letter).collect();
    letters + "A="
}
