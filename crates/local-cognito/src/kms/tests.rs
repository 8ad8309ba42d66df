use serde_json::json;

use super::*;
use crate::template::KeySpec;

const CODES: &str = "11111111-1111-4111-8111-111111111111";
const SECRETS: &str = "22222222-2222-4222-8222-222222222222";
const OTHERS: &str = "33333333-3333-4333-8333-333333333333";
const OFF: &str = "44444444-4444-4444-8444-444444444444";

fn key(id: &str, spec: KeySpec, alias: &str) -> Key {
    Key {
        id: id.to_owned(),
        arn: arn(&format!("key/{id}")),
        spec,
        enabled: id != OFF,
        description: String::new(),
        aliases: vec![format!("alias/{alias}")],
        policy: crate::template::default_key_policy("arn:aws:iam::123456789012:root"),
    }
}

fn arn(resource: &str) -> String {
    format!("arn:aws:kms:eu-central-1:123456789012:{resource}")
}

fn kms(secret: u8) -> Kms {
    let stack = Stack {
        region: "eu-central-1".to_owned(),
        account_id: "123456789012".to_owned(),
        keys: vec![
            key(CODES, KeySpec::Hmac256, "codes"),
            key(SECRETS, KeySpec::SymmetricDefault, "secrets"),
            key(OTHERS, KeySpec::SymmetricDefault, "others"),
            key(OFF, KeySpec::SymmetricDefault, "off"),
        ],
        ..Stack::default()
    };
    Kms::new(&stack, [secret; 32], 7)
}

fn ask(kms: &Kms, operation: &str, input: Value) -> Result<Value, Refused> {
    kms.answer(operation, input.to_string().as_bytes(), 8)
}

#[track_caller]
fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn a_code_is_the_hmac_of_its_message() {
    let kms = kms(1);
    let alias = arn("alias/codes");
    let generate = json!({ "KeyId": alias, "Message": STANDARD.encode("ines"), "MacAlgorithm": "HMAC_SHA_256" });
    let generated = ask(&kms, "GenerateMac", generate.clone()).unwrap();
    assert_eq!(generated["KeyId"], arn(&format!("key/{CODES}")));
    // By the other implementation of HMAC that this crate has, twice: first the key, then the code.
    let hmac = |key: &[u8], message: &str| -> Vec<u8> {
        use hmac::{Hmac, KeyInit, Mac};
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
        mac.update(message.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let expected = hmac(&hmac(&[1; 32], CODES), "ines");
    assert_eq!(generated["Mac"], STANDARD.encode(expected));

    let verify = |message: &str| {
        let input = json!({
            "KeyId": CODES, "Message": STANDARD.encode(message), "MacAlgorithm": "HMAC_SHA_256", "Mac": generated["Mac"],
        });
        ask(&kms, "VerifyMac", input)
    };
    assert_eq!(verify("ines").unwrap()["MacValid"], true);
    assert_eq!(verify("inez"), Err(Refused::InvalidMac));
    assert_ne!(
        ask(&self::kms(2), "GenerateMac", generate).unwrap()["Mac"],
        generated["Mac"]
    );
}

#[test]
fn a_ciphertext_opens_in_its_context_alone() {
    let kms = kms(1);
    let context = json!({ "user": "ines", "kind": "totp" });
    let plaintext = STANDARD.encode("sesame");
    let encrypt =
        json!({ "KeyId": "alias/secrets", "Plaintext": plaintext, "EncryptionContext": context });
    let encrypted = ask(&kms, "Encrypt", encrypt).unwrap();
    let decrypt = |kms: &Kms, blob: &Value, context: Value, key: Option<&str>| {
        let mut input = json!({ "CiphertextBlob": blob, "EncryptionContext": context });
        if let Some(key) = key {
            input["KeyId"] = key.into();
        }
        ask(kms, "Decrypt", input)
    };
    let blob = &encrypted["CiphertextBlob"];
    let expected = json!({
        "KeyId": arn(&format!("key/{SECRETS}")), "Plaintext": plaintext, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
    });
    for key in [None, Some(SECRETS), Some("alias/secrets")] {
        assert_eq!(
            decrypt(&kms, blob, context.clone(), key),
            Ok(expected.clone())
        );
    }
    // The same text, parted otherwise.
    let parted = json!({ "kind": "totpuserines" });
    for other in [
        json!({}),
        json!({ "user": "ines" }),
        json!({ "user": "inez", "kind": "totp" }),
        parted,
    ] {
        assert_eq!(
            decrypt(&kms, blob, other, None),
            Err(Refused::InvalidCiphertext)
        );
    }
    let same_context = |blob: &Value, key| decrypt(&kms, blob, context.clone(), key);
    assert_eq!(same_context(blob, Some(OTHERS)), Err(Refused::IncorrectKey));
    assert_eq!(same_context(blob, Some(CODES)), Err(Refused::IncorrectKey));
    let other_secret = decrypt(&self::kms(2), blob, context.clone(), None);
    assert_eq!(other_secret, Err(Refused::InvalidCiphertext));

    let bytes = STANDARD.decode(text(blob)).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let changed = json!(STANDARD.encode(changed));
        assert_eq!(
            same_context(&changed, None),
            Err(Refused::InvalidCiphertext),
            "byte {at}"
        );
        let cut = json!(STANDARD.encode(&bytes[..at]));
        assert!(same_context(&cut, None).is_err(), "{at} bytes");
    }
}

#[test]
fn a_data_key_comes_with_its_ciphertext() {
    let kms = kms(1);
    let context = json!({ "userpool-id": "eu-central-1_Ab12Cd34E" });
    let generate = |operation: &str, wanted: (&str, Value)| {
        let mut input = json!({ "KeyId": SECRETS, "EncryptionContext": context });
        input[wanted.0] = wanted.1;
        ask(&kms, operation, input)
    };
    for (wanted, bytes) in [
        (("KeySpec", json!("AES_256")), 32),
        (("KeySpec", json!("AES_128")), 16),
        (("NumberOfBytes", json!(64)), 64),
    ] {
        let generated = generate("GenerateDataKey", wanted).unwrap();
        let plaintext = STANDARD.decode(text(&generated["Plaintext"])).unwrap();
        assert_eq!(plaintext.len(), bytes);
        let decrypt =
            json!({ "CiphertextBlob": generated["CiphertextBlob"], "EncryptionContext": context });
        assert_eq!(
            ask(&kms, "Decrypt", decrypt).unwrap()["Plaintext"],
            generated["Plaintext"]
        );
    }
    let hidden = generate(
        "GenerateDataKeyWithoutPlaintext",
        ("KeySpec", json!("AES_256")),
    );
    assert_eq!(hidden.unwrap().get("Plaintext"), None);
    for (wanted, problem) in [
        (("KeySpec", json!("AES_512")), "'AES_512' at 'keySpec'"),
        (("NumberOfBytes", json!(1025)), "less than or equal to 1024"),
        (("NumberOfBytes", json!(0)), "greater than or equal to 1"),
        (("Neither", json!(1)), "either number of bytes or key spec"),
    ] {
        let refused = generate("GenerateDataKey", wanted).unwrap_err();
        assert!(refused.to_string().contains(problem), "{refused}");
    }
}

#[test]
fn keys_are_known_by_what_aws_knows_them_by() {
    let kms = kms(1);
    let describe = |name: &str| ask(&kms, "DescribeKey", json!({ "KeyId": name }));
    for name in [
        CODES,
        &arn(&format!("key/{CODES}")),
        "alias/codes",
        &arn("alias/codes"),
    ] {
        assert_eq!(
            describe(name).unwrap()["KeyMetadata"]["KeyId"],
            CODES,
            "{name}"
        );
    }
    let metadata = describe("alias/off").unwrap()["KeyMetadata"].clone();
    let expected = json!({
        "AWSAccountId": "123456789012", "Arn": arn(&format!("key/{OFF}")), "CreationDate": 7,
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "Description": "", "Enabled": false,
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"], "KeyId": OFF, "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT", "KeyState": "Disabled", "KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": false,
        "Origin": "AWS_KMS",
    });
    assert_eq!(metadata, expected);
    let unknown = "99999999-9999-4999-8999-999999999999";
    let elsewhere = format!("arn:aws:kms:us-east-1:123456789012:key/{CODES}");
    for (name, text) in [
        ("codes", "Invalid keyId 'codes'".to_owned()),
        (
            unknown,
            format!("Key '{}' does not exist", arn(&format!("key/{unknown}"))),
        ),
        (&elsewhere, format!("Key '{elsewhere}' does not exist")),
        (
            "alias/nobody",
            format!("Alias {} is not found.", arn("alias/nobody")),
        ),
    ] {
        assert_eq!(describe(name), Err(Refused::NotFound(text)));
    }
}

#[test]
fn what_aws_does_not_do_is_refused() {
    let kms = kms(1);
    let (codes, secrets, off) = (
        arn(&format!("key/{CODES}")),
        arn(&format!("key/{SECRETS}")),
        arn(&format!("key/{OFF}")),
    );
    let usage = |text: String| Refused::InvalidKeyUsage(text);
    let mac = |key: &str, algorithm: &str| json!({ "KeyId": key, "Message": "YQ==", "MacAlgorithm": algorithm });
    let encrypt = |key: &str| json!({ "KeyId": key, "Plaintext": "YQ==" });
    let mut by_rsa = encrypt(SECRETS);
    by_rsa["EncryptionAlgorithm"] = "RSAES_OAEP_SHA_256".into();
    let mut dry_run = encrypt(SECRETS);
    dry_run["DryRun"] = true.into();
    for (operation, input, expected) in [
        ("Encrypt", encrypt(CODES), usage(format!("{codes} key usage is GENERATE_VERIFY_MAC which is not valid for Encrypt."))),
        (
            "GenerateMac",
            mac(SECRETS, "HMAC_SHA_256"),
            usage(format!("{secrets} key usage is ENCRYPT_DECRYPT which is not valid for GenerateMac.")),
        ),
        ("GenerateMac", mac(CODES, "HMAC_SHA_512"), usage("Algorithm HMAC_SHA_512 is incompatible with key spec HMAC_256.".to_owned())),
        ("Encrypt", by_rsa, usage("Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.".to_owned())),
        ("Encrypt", encrypt(OFF), Refused::Disabled(format!("{off} is disabled."))),
        ("Encrypt", dry_run, Refused::DryRun),
        (
            "GenerateMac",
            mac(CODES, "MD5"),
            Refused::Validation(
                "1 validation error detected: Value 'MD5' at 'macAlgorithm' failed to satisfy constraint: Member must satisfy enum value \
                 set: [HMAC_SHA_384, HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512]"
                    .to_owned(),
            ),
        ),
        (
            "Encrypt",
            json!({ "KeyId": SECRETS, "Plaintext": STANDARD.encode([0; 4097]) }),
            Refused::Validation(
                "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or \
                 equal to 4096"
                    .to_owned(),
            ),
        ),
        ("Encrypt", json!({ "KeyId": SECRETS, "Plaintext": "?" }), Refused::Serialization),
        ("Sign", json!({}), Refused::UnsupportedOperation("Sign".to_owned())),
    ] {
        assert_eq!(ask(&kms, operation, input), Err(expected), "{operation}");
    }
}

#[test]
fn grants_are_made_listed_and_revoked() {
    let kms = kms(1);
    let create = |name: &str| {
        let input = json!({
            "KeyId": SECRETS, "GranteePrincipal": "cognito-idp.amazonaws.com", "Operations": ["Encrypt"], "Name": name,
            "Constraints": { "EncryptionContextSubset": { "userpool-id": "p" } },
        });
        text(&ask(&kms, "CreateGrant", input).unwrap()["GrantId"])
    };
    let (one, other) = (create("one"), create("other"));
    assert_eq!(
        (one.len(), create("one")),
        (64, one.clone()),
        "again is the same"
    );
    assert_ne!(one, other);
    let list = |input: Value| {
        ask(&kms, "ListGrants", input).unwrap()["Grants"]
            .as_array()
            .unwrap()
            .clone()
    };
    let expected = json!({
        "KeyId": arn(&format!("key/{SECRETS}")), "GrantId": one, "Name": "one", "CreationDate": 8,
        "GranteePrincipal": "cognito-idp.amazonaws.com", "IssuingAccount": "arn:aws:iam::123456789012:root",
        "Operations": ["Encrypt"], "Constraints": { "EncryptionContextSubset": { "userpool-id": "p" } },
    });
    assert_eq!(
        list(json!({ "KeyId": SECRETS, "GrantId": one })),
        [expected]
    );
    assert_eq!(list(json!({ "KeyId": SECRETS })).len(), 2);
    assert_eq!(
        list(json!({ "KeyId": SECRETS, "GranteePrincipal": "another" })).len(),
        0
    );
    assert_eq!(list(json!({ "KeyId": OTHERS })).len(), 0);
    let revoke = json!({ "KeyId": SECRETS, "GrantId": one });
    assert_eq!(ask(&kms, "RevokeGrant", revoke.clone()), Ok(json!({})));
    assert!(matches!(
        ask(&kms, "RevokeGrant", revoke),
        Err(Refused::NotFound(_))
    ));
    assert_eq!(list(json!({ "KeyId": SECRETS })).len(), 1);
    let by_alias = json!({ "KeyId": "alias/secrets" });
    assert!(matches!(
        ask(&kms, "ListGrants", by_alias),
        Err(Refused::NotFound(_))
    ));
}
