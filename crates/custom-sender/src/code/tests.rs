use std::sync::{Arc, Mutex};

use function_tests::{Answer, UNREACHABLE, service};
use serde_json::{Value, json};

use super::*;
use crate::encrypted_message::tests::{Vector, of_hex};

const POOL: &str = "eu-central-1_Kx7QmT2Zd";

/// A key of KMS in this process, and what it was asked.
struct Kms {
    key: CodeKey,
    calls: Arc<Mutex<Vec<Value>>>,
}

impl Kms {
    /// The key with which the message was written, for a function that is configured with the key of this ARN.
    fn of(vector: &Vector, arn: &str) -> Self {
        let [key_id, data_key] = [&vector.key_arn, &vector.data_key].map(String::clone);
        let data_key = STANDARD.encode(of_hex(&data_key));
        let context = json!(vector.context);
        Self::answering(arn, move |input| {
            // As KMS: for the context of the encryption alone.
            if input["EncryptionContext"] != context {
                return Err("InvalidCiphertextException");
            }
            Ok(json!({"KeyId": key_id, "Plaintext": data_key}))
        })
    }

    fn answering(arn: &str, answer: impl Fn(Value) -> Answer + Send + Sync + 'static) -> Self {
        let calls = Arc::<Mutex<Vec<Value>>>::default();
        let noted = Arc::clone(&calls);
        let connection = service(move |operation, input| {
            assert_eq!(operation, "Decrypt");
            noted.lock().unwrap().push(input.clone());
            answer(input)
        });
        let key = CodeKey::new(Client::new(&connection), arn.parse().unwrap());
        Self { key, calls }
    }

    async fn decrypt(&self, code: &str, pool: &str) -> Result<String, String> {
        let code = self.key.decrypt(&SecretString::from(code), pool).await;
        code.map(|code| code.expose_secret().to_owned())
            .map_err(|error| error.to_string())
    }

    fn calls(&self) -> Vec<Value> {
        self.calls.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_code_is_decrypted_with_the_configured_key_and_the_whole_context() {
    for name in ["0x0378, a code", "0x0578, a code"] {
        let vector = Vector::accepted(name);
        let kms = Kms::of(&vector, &vector.key_arn);
        let code = kms.decrypt(&vector.message, POOL).await;
        assert_eq!(code.as_deref(), Ok("482913"));
        let expected = json!({
            "CiphertextBlob": STANDARD.encode(of_hex(&vector.encrypted_data_key)),
            "EncryptionContext": vector.context,
            "KeyId": vector.key_arn,
        });
        assert_eq!(kms.calls(), [expected]);
    }
}

#[tokio::test]
async fn a_code_for_another_pool_is_refused_before_kms_is_asked() {
    let vector = Vector::accepted("0x0378, a code");
    let kms = Kms::of(&vector, &vector.key_arn);
    for pool in ["eu-central-1_Another42", "", "eu-central-1_Kx7QmT2Z"] {
        assert_eq!(
            kms.decrypt(&vector.message, pool).await.unwrap_err(),
            "the code was encrypted for another user pool than the event's"
        );
    }
    let without_a_pool = Vector::accepted("0x0378, no pool");
    assert_eq!(
        kms.decrypt(&without_a_pool.message, "").await.unwrap_err(),
        "the code was encrypted for another user pool than the event's"
    );
    assert_eq!(kms.calls().len(), 0);
}

#[tokio::test]
async fn a_code_of_another_key_is_refused_before_kms_is_asked() {
    let vector = Vector::accepted("0x0378, a code");
    let another = vector.key_arn.replace("0f5d2c1e", "00000000");
    let kms = Kms::of(&vector, &another);
    assert_eq!(
        kms.decrypt(&vector.message, POOL).await.unwrap_err(),
        "the code was encrypted with another key than the configured one"
    );
    assert_eq!(kms.calls().len(), 0);
}

#[tokio::test]
async fn what_kms_decrypted_with_another_key_is_refused() {
    let vector = Vector::accepted("0x0378, a code");
    for answer in [
        json!({"KeyId": "arn:aws:kms:eu-central-1:123456789012:key/another", "Plaintext": ""}),
        json!({"Plaintext": STANDARD.encode(of_hex(&vector.data_key))}),
        json!({"KeyId": vector.key_arn}),
    ] {
        let kms = Kms::answering(&vector.key_arn, move |_| Ok(answer.clone()));
        assert_eq!(
            kms.decrypt(&vector.message, POOL).await.unwrap_err(),
            "the code was encrypted with another key than the configured one"
        );
    }
}

#[tokio::test]
async fn a_key_that_fails_is_an_error_without_its_words() {
    let vector = Vector::accepted("0x0378, a code");
    for exception in ["KMSInternalException", UNREACHABLE] {
        let kms = Kms::answering(&vector.key_arn, move |_| Err(exception));
        let error = kms.decrypt(&vector.message, POOL).await.unwrap_err();
        assert_eq!(error, "failed to have the data key decrypted");
    }
}

#[tokio::test]
async fn what_is_no_message_is_refused() {
    let vector = Vector::accepted("0x0378, a code");
    let kms = Kms::of(&vector, &vector.key_arn);
    let long = "A".repeat(MOST_BYTES + 1);
    for (code, expected) in [
        ("", "the code cannot be decrypted"),
        ("not base64!", "the code is not in base64"),
        ("AYADeA==", "the code cannot be decrypted"),
        (&long, "the code is longer than any of Cognito's"),
    ] {
        assert_eq!(kms.decrypt(code, POOL).await.unwrap_err(), expected);
    }
    let no_text = Vector::accepted("0x0378, no text");
    let kms = Kms::of(&no_text, &no_text.key_arn);
    assert_eq!(
        kms.decrypt(&no_text.message, POOL).await.unwrap_err(),
        "the code is no text"
    );
}

#[test]
fn a_key_is_named_by_its_arn_alone() {
    let arn = "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/0f5d2c1e";
    assert_eq!(arn.parse(), Ok(KeyArn(arn.to_owned())));
    for text in [
        "",
        "0f5d2c1e",
        "alias/codes",
        "arn:aws:kms:eu-central-1:123456789012:alias/codes",
        "arn:aws:s3:eu-central-1:123456789012:key/0f5d2c1e",
        "arn:aws:kms:eu-central-1:123456789012:key/0f5d2c1e:more",
    ] {
        let expected = "expected the ARN of a key of KMS, and no alias";
        assert_eq!(text.parse::<KeyArn>(), Err(expected), "{text}");
    }
}
