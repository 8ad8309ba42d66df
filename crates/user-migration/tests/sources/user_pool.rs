//! Another user pool, as far as it is asked.

use aws_sdk_cognitoidentityprovider::Client;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use embedded_dynamodb::unreachable_client;
use function_tests::{Answer, UNREACHABLE, service};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use user_migration::Proof;

use crate::conformance::{PASSWORD, Stage, conforms, fails};
use crate::outside;

/// A source that asks a pool which answers a right password in this way.
fn stage(right: impl Fn() -> Answer + Send + Sync + 'static) -> Stage {
    stage_with(json!({}), move |_| right())
}

fn stage_with(secrets: Value, right: impl Fn(&Value) -> Answer + Send + Sync + 'static) -> Stage {
    let pool = service(move |operation, input| {
        let is_ines = |name: &Value| {
            name.as_str()
                .is_some_and(|name| name.to_lowercase() == "ines@example.org")
        };
        match operation {
            "InitiateAuth" => {
                assert_eq!(input["AuthFlow"], "USER_PASSWORD_AUTH");
                assert_eq!(input["ClientId"], "old");
                let parameters = &input["AuthParameters"];
                if is_ines(&parameters["USERNAME"]) && parameters["PASSWORD"] == PASSWORD {
                    right(parameters)
                } else if is_ines(&parameters["USERNAME"]) {
                    Err("NotAuthorizedException")
                } else {
                    Err("UserNotFoundException")
                }
            }
            "GetUser" if input["AccessToken"] == "token of ines" => Ok(ines()),
            "AdminGetUser" if is_ines(&input["Username"]) => {
                assert_eq!(input["UserPoolId"], "eu-west-1_Old");
                Ok(ines())
            }
            "AdminGetUser" => Err("UserNotFoundException"),
            _ => Err("InvalidParameterException"),
        }
    });
    over(Client::new(&pool), secrets)
}

fn over(pool: Client, secrets: Value) -> Stage {
    let more = [
        ("SOURCES", "user-pool"),
        ("OLD_USER_POOL_ID", "eu-west-1_Old"),
        ("OLD_CLIENT_ID", "old"),
        ("MIGRATION_SECRETS", "/lifeguard/migration"),
    ];
    Stage {
        outside: outside(unreachable_client(), pool, Some(secrets), more),
        legacy_users: None,
    }
}

/// As `GetUser` and `AdminGetUser` show her, in a pool where people sign in by address.
fn ines() -> Value {
    let attributes = json!([
        {"Name": "sub", "Value": "b3d4f8a2-6041-70c5-9a1e-2f7c0d9b6e11"},
        {"Name": "email", "Value": "ines@example.org"},
        {"Name": "email_verified", "Value": "true"},
        {"Name": "phone_number", "Value": "+4930123456"},
        {"Name": "phone_number_verified", "Value": "false"},
        {"Name": "name", "Value": "Ines"},
    ]);
    json!({
        "Username": "b3d4f8a2-6041-70c5-9a1e-2f7c0d9b6e11",
        "UserAttributes": attributes,
        "Enabled": true,
        "UserStatus": "CONFIRMED",
    })
}

fn signed_in() -> Answer {
    Ok(json!({"AuthenticationResult": {"AccessToken": "token of ines"}}))
}

fn challenge(name: &'static str) -> impl Fn() -> Answer + Send + Sync + 'static {
    move || Ok(json!({"ChallengeName": name, "Session": "session"}))
}

async fn proof(stage: &Stage) -> Option<Proof> {
    let found = stage.ask("ines@example.org", Some(PASSWORD)).await.unwrap();
    found.map(|found| found.proof)
}

#[tokio::test]
async fn it_conforms() {
    conforms(&stage(signed_in)).await;
    conforms(&stage(challenge("SOFTWARE_TOKEN_MFA"))).await;
}

#[tokio::test]
async fn a_second_factor_is_asked_for_only_after_the_right_password() {
    for name in [
        "SMS_MFA",
        "SOFTWARE_TOKEN_MFA",
        "EMAIL_OTP",
        "SELECT_MFA_TYPE",
        "MFA_SETUP",
        "DEVICE_SRP_AUTH",
    ] {
        let shown = proof(&stage(challenge(name))).await;
        assert_eq!(shown, Some(Proof::PasswordRight), "{name}");
    }
    let reset = proof(&stage(challenge("NEW_PASSWORD_REQUIRED"))).await;
    assert_eq!(reset, Some(Proof::PasswordRightButReset));
    for name in [
        "CUSTOM_CHALLENGE",
        "PASSWORD_VERIFIER",
        "SELECT_CHALLENGE",
        "LATER",
    ] {
        assert_eq!(proof(&stage(challenge(name))).await, None, "{name}");
    }
}

#[tokio::test]
async fn who_never_confirmed_or_has_to_reset_shows_nothing_by_a_password() {
    for exception in [
        "UserNotConfirmedException",
        "PasswordResetRequiredException",
        "NotAuthorizedException",
    ] {
        assert_eq!(
            proof(&stage(move || Err(exception))).await,
            None,
            "{exception}"
        );
    }
}

#[tokio::test]
async fn a_pool_that_is_out_of_order_or_set_up_otherwise_is_an_error() {
    for exception in [
        UNREACHABLE,
        "InternalErrorException",
        "TooManyRequestsException",
        "InvalidParameterException",
        "ResourceNotFoundException",
        "UnexpectedLambdaException",
    ] {
        let pool = service(move |_, _| Err(exception));
        fails(&over(Client::new(&pool), json!({}))).await;
    }
}

#[tokio::test]
async fn who_is_disabled_or_has_no_password_there_does_not_come_by_forgetting_it() {
    for (member, value) in [
        ("Enabled", json!(false)),
        ("UserStatus", json!("UNCONFIRMED")),
        ("UserStatus", json!("EXTERNAL_PROVIDER")),
        ("UserStatus", json!("ARCHIVED")),
    ] {
        let mut user = ines();
        user[member] = value.clone();
        let pool = service(move |_, _| Ok(user.clone()));
        let stage = over(Client::new(&pool), json!({}));
        let known = stage.ask("ines@example.org", None).await.unwrap();
        assert_eq!(known, None, "{member} {value}");
    }
}

#[tokio::test]
async fn a_client_with_a_secret_gets_its_hash() {
    let stage = stage_with(json!({"oldClientSecret": "geheim"}), |parameters| {
        let mac = Hmac::<Sha256>::new_from_slice(b"geheim").unwrap();
        let mac = mac.chain_update("ines@example.org").chain_update("old");
        let expected = STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(parameters["SECRET_HASH"], expected);
        signed_in()
    });
    assert_eq!(proof(&stage).await, Some(Proof::PasswordRight));
    let without = stage_with(json!({}), |parameters| {
        assert_eq!(parameters["SECRET_HASH"], Value::Null);
        signed_in()
    });
    assert_eq!(proof(&without).await, Some(Proof::PasswordRight));
}
