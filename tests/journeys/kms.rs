//! Keys of KMS, as functions use them.

use aws_sdk_kms as kms;
use kms::error::ProvideErrorMetadata;
use kms::primitives::Blob;
use kms::types::{DataKeySpec, GrantOperation, MacAlgorithmSpec};
use tests::stand_in::StandIn;

use crate::idp::template;

fn client(stand_in: &StandIn) -> kms::Client {
    kms::Client::new(&stand_in.sdk_config("us-east-1"))
}

fn stand_in(options: &[&str]) -> StandIn {
    let template = template("services.yaml");
    StandIn::start(&[&["--template", &*template], options].concat())
}

#[tokio::test]
async fn codes_are_made_and_verified() {
    let stand_in = stand_in(&[]);
    let kms = client(&stand_in);
    let key = stand_in.output("CodeKeyArn");
    let message = || Blob::new("ines");
    let generate = kms.generate_mac().key_id(&key).message(message());
    let generated = generate
        .mac_algorithm(MacAlgorithmSpec::HmacSha256)
        .send()
        .await
        .unwrap();
    assert_eq!(generated.key_id(), Some(&*key));
    let mac = generated.mac().unwrap().clone();
    assert_eq!(mac.as_ref().len(), 32);
    let verify = |message| {
        let verify = kms.verify_mac().key_id(&key).message(message);
        verify
            .mac_algorithm(MacAlgorithmSpec::HmacSha256)
            .mac(mac.clone())
            .send()
    };
    assert!(verify(message()).await.unwrap().mac_valid());
    let refused = verify(Blob::new("inez")).await.unwrap_err();
    assert!(refused.into_service_error().is_kms_invalid_mac_exception());

    let other = stand_in.output("SecretKeyArn");
    let wrong = kms.generate_mac().key_id(&other).message(message());
    let refused = wrong
        .mac_algorithm(MacAlgorithmSpec::HmacSha256)
        .send()
        .await
        .unwrap_err();
    let text = format!("{other} key usage is ENCRYPT_DECRYPT which is not valid for GenerateMac.");
    assert_eq!(refused.message(), Some(&*text));
    assert!(
        refused
            .into_service_error()
            .is_invalid_key_usage_exception()
    );
}

#[tokio::test]
async fn what_is_encrypted_is_read_after_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let start = || stand_in(&["--data-dir", data.path().to_str().unwrap()]);
    let first = start();
    let key = first.output("SecretKeyArn");
    let encrypt = client(&first)
        .encrypt()
        .key_id("alias/secrets")
        .plaintext(Blob::new("sesame"));
    let encrypted = encrypt
        .encryption_context("user", "ines")
        .send()
        .await
        .unwrap();
    assert_eq!(encrypted.key_id(), Some(&*key));
    let blob = encrypted.ciphertext_blob().unwrap().clone();
    first.stop();

    let second = start();
    let decrypt = |context: &str| {
        let decrypt = client(&second)
            .decrypt()
            .key_id(&key)
            .ciphertext_blob(blob.clone());
        decrypt.encryption_context("user", context).send()
    };
    let decrypted = decrypt("ines").await.unwrap();
    assert_eq!(decrypted.plaintext().unwrap().as_ref(), b"sesame");
    let refused = decrypt("inez").await.unwrap_err().into_service_error();
    assert!(refused.is_invalid_ciphertext_exception());
    let refused = client(&stand_in(&[]))
        .decrypt()
        .ciphertext_blob(blob.clone())
        .send()
        .await;
    let refused = refused.unwrap_err().into_service_error();
    assert!(
        refused.is_invalid_ciphertext_exception(),
        "another stand-in has other keys"
    );
}

#[tokio::test]
async fn data_keys_grants_and_names_are_those_of_aws() {
    let stand_in = stand_in(&[]);
    let kms = client(&stand_in);
    let key = stand_in.output("SecretKeyArn");
    let generate = kms
        .generate_data_key()
        .key_id(&key)
        .key_spec(DataKeySpec::Aes256);
    let data_key = generate
        .encryption_context("userpool-id", "p")
        .send()
        .await
        .unwrap();
    let blob = data_key.ciphertext_blob().unwrap().clone();
    let decrypt = kms
        .decrypt()
        .ciphertext_blob(blob)
        .encryption_context("userpool-id", "p");
    let decrypted = decrypt.send().await.unwrap();
    assert_eq!(decrypted.plaintext(), data_key.plaintext());
    let hidden = kms
        .generate_data_key_without_plaintext()
        .key_id(&key)
        .number_of_bytes(64);
    assert!(hidden.send().await.unwrap().ciphertext_blob().is_some());

    let create = kms
        .create_grant()
        .key_id(&key)
        .grantee_principal("cognito-idp.amazonaws.com");
    let grant = create
        .operations(GrantOperation::Encrypt)
        .send()
        .await
        .unwrap();
    let grants = kms.list_grants().key_id(&key).send().await.unwrap();
    assert_eq!(grants.grants()[0].grant_id(), grant.grant_id());
    let revoke = kms
        .revoke_grant()
        .key_id(&key)
        .grant_id(grant.grant_id().unwrap());
    revoke.send().await.unwrap();
    assert!(
        kms.list_grants()
            .key_id(&key)
            .send()
            .await
            .unwrap()
            .grants()
            .is_empty()
    );

    let described = kms
        .describe_key()
        .key_id("alias/secrets")
        .send()
        .await
        .unwrap();
    assert_eq!(
        described.key_metadata().and_then(|key| key.arn()),
        Some(&*key)
    );
    let unknown = kms
        .describe_key()
        .key_id("alias/nobody")
        .send()
        .await
        .unwrap_err();
    let text = "Alias arn:aws:kms:us-east-1:123456789012:alias/nobody is not found.";
    assert_eq!(unknown.message(), Some(text));
    assert!(unknown.into_service_error().is_not_found_exception());
}
