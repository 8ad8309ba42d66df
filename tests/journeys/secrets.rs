//! A confidential client: its secret in every operation, and the flows that it may use.

use aws_sdk_cognitoidentityprovider::types::{FeatureType, PreventUserExistenceErrorTypes};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, Refused, refused, tokens};

/// The confidential client, which knows its secret.
struct BackEnd<'a> {
    stand_in: &'a StandIn,
    id: String,
    secret: String,
}

impl<'a> BackEnd<'a> {
    fn new(stand_in: &'a StandIn) -> Self {
        let id = stand_in.client_id("BackEndClient");
        let input = json!({"UserPoolId": stand_in.pool, "ClientId": id});
        let described = idp::call(stand_in, "DescribeUserPoolClient", input).unwrap();
        let secret = described["UserPoolClient"]["ClientSecret"].as_str();
        Self {
            stand_in,
            id,
            secret: secret.unwrap().to_owned(),
        }
    }

    fn hash(&self, username: &str) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).unwrap();
        let mac = mac.chain_update(username).chain_update(&self.id);
        STANDARD.encode(mac.finalize().into_bytes())
    }

    /// Calls an operation without a hash, with a wrong one and with the right one, which stands at `member`.
    fn with_each_hash(
        &self,
        operation: &str,
        member: &str,
        username: &str,
        input: &Value,
    ) -> [Result<Value, Refused>; 3] {
        let hashes = [None, Some(self.hash("another")), Some(self.hash(username))];
        hashes.map(|hash| {
            let mut input = input.clone();
            if let Some(hash) = hash {
                *input.pointer_mut(member).unwrap() = Value::from(hash);
            }
            idp::call(self.stand_in, operation, input)
        })
    }

    /// Checks the refusals of a missing and a wrong hash, and returns the answer to the right one.
    #[track_caller]
    fn check(&self, operation: &str, member: &str, username: &str, input: &Value) -> Value {
        let [without, wrong, right] = self.with_each_hash(operation, member, username, input);
        let missing = format!(
            "Client {} is configured with secret but SECRET_HASH was not received",
            self.id
        );
        assert_eq!(
            without.unwrap_err(),
            refused("NotAuthorized", &missing),
            "{operation}"
        );
        let unverified = format!("Unable to verify secret hash for client {}", self.id);
        assert_eq!(
            wrong.unwrap_err(),
            refused("NotAuthorized", &unverified),
            "{operation}"
        );
        right.unwrap()
    }
}

#[test]
fn every_operation_wants_the_hash_and_the_right_one() {
    let stand_in = idp::alias_pool();
    let back_end = BackEnd::new(&stand_in);
    let id = &back_end.id;
    let attributes = json!([{"Name": "email", "Value": "ines.falk@example.org"}, {"Name": "name", "Value": "Ines"}]);
    let input = json!({"ClientId": id, "Username": "ines", "Password": PASSWORD, "UserAttributes": attributes, "SecretHash": null});
    back_end.check("SignUp", "/SecretHash", "ines", &input);
    let input = json!({"ClientId": id, "Username": "ines", "SecretHash": null});
    back_end.check("ResendConfirmationCode", "/SecretHash", "ines", &input);
    let code = stand_in.code_for("ines.falk@example.org");
    let input =
        json!({"ClientId": id, "Username": "ines", "ConfirmationCode": code, "SecretHash": null});
    back_end.check("ConfirmSignUp", "/SecretHash", "ines", &input);

    let at = "/AuthParameters/SECRET_HASH";
    // The hash is of the name as it is typed.
    let parameters =
        json!({"USERNAME": "ines.falk@example.org", "PASSWORD": PASSWORD, "SECRET_HASH": null});
    let input =
        json!({"ClientId": id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters});
    back_end.check("InitiateAuth", at, "ines.falk@example.org", &input);
    let parameters = json!({"USERNAME": "ines", "PASSWORD": PASSWORD, "SECRET_HASH": null});
    let input = json!({"UserPoolId": stand_in.pool, "ClientId": id, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": parameters});
    let signed_in = back_end.check("AdminInitiateAuth", at, "ines", &input);

    // At a refresh AWS has another text for the wrong hash, and the name is the user name, whatever was typed.
    let token = &tokens(&signed_in)["RefreshToken"];
    let parameters = json!({"REFRESH_TOKEN": token, "SECRET_HASH": null});
    let input =
        json!({"ClientId": id, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters});
    let [without, wrong, right] = back_end.with_each_hash("InitiateAuth", at, "ines", &input);
    assert!(
        without
            .unwrap_err()
            .text
            .ends_with("SECRET_HASH was not received")
    );
    let text = format!("SecretHash does not match for the client: {id}");
    assert_eq!(wrong.unwrap_err(), refused("NotAuthorized", &text));
    right.unwrap();

    let srp_a = tests::srp_client::SrpClient::new(&stand_in.pool, PASSWORD);
    let parameters = json!({"USERNAME": "ines", "SRP_A": srp_a.srp_a(), "SECRET_HASH": null});
    let input = json!({"ClientId": id, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters});
    let asked = back_end.check("InitiateAuth", at, "ines", &input);
    let asked = serde_json::from_value(asked["ChallengeParameters"].clone()).unwrap();
    let answer = srp_a.answer(&asked, std::time::SystemTime::now()).unwrap();
    let responses = json!({
        "USERNAME": "ines", "SECRET_HASH": null, "PASSWORD_CLAIM_SECRET_BLOCK": asked["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": answer.signature, "TIMESTAMP": answer.timestamp,
    });
    let input = json!({"ClientId": id, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": responses});
    back_end.check(
        "RespondToAuthChallenge",
        "/ChallengeResponses/SECRET_HASH",
        "ines",
        &input,
    );

    let temporary = json!({"Password": "Temporary-Horse-19", "Permanent": false});
    idp::admin(&stand_in, "AdminSetUserPassword", "ines", temporary).unwrap();
    let parameters = json!({"USERNAME": "ines", "PASSWORD": "Temporary-Horse-19", "SECRET_HASH": back_end.hash("ines")});
    let asked = idp::initiate(&stand_in, id, "USER_PASSWORD_AUTH", parameters).unwrap();
    let responses = json!({"USERNAME": "ines", "NEW_PASSWORD": PASSWORD, "SECRET_HASH": null});
    let input = json!({
        "UserPoolId": stand_in.pool, "ClientId": id, "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": asked["Session"],
        "ChallengeResponses": responses,
    });
    back_end.check(
        "AdminRespondToAuthChallenge",
        "/ChallengeResponses/SECRET_HASH",
        "ines",
        &input,
    );
}

#[test]
fn the_token_operations_want_the_secret_itself() {
    let stand_in = idp::alias_pool();
    let back_end = BackEnd::new(&stand_in);
    idp::user(&stand_in, "ines", "ines.falk@example.org");
    let parameters =
        json!({"USERNAME": "ines", "PASSWORD": PASSWORD, "SECRET_HASH": back_end.hash("ines")});
    let signed_in =
        idp::initiate(&stand_in, &back_end.id, "USER_PASSWORD_AUTH", parameters).unwrap();
    let token = &tokens(&signed_in)["RefreshToken"];
    let text = format!("Unable to verify secret for client {}", back_end.id);
    for (operation, member) in [
        ("GetTokensFromRefreshToken", "RefreshToken"),
        ("RevokeToken", "Token"),
    ] {
        for secret in [Value::Null, json!("another")] {
            let input = json!({"ClientId": back_end.id, member: token, "ClientSecret": secret});
            let refusal = idp::call(&stand_in, operation, input).unwrap_err();
            assert_eq!(refusal, refused("NotAuthorized", &text), "{operation}");
        }
        let input =
            json!({"ClientId": back_end.id, member: token, "ClientSecret": back_end.secret});
        idp::call(&stand_in, operation, input).unwrap();
    }
    // Another client's token is none, whatever has become of it.
    let other = idp::get_tokens(&stand_in, &stand_in.web_client, token);
    assert_eq!(
        other.unwrap_err(),
        refused("NotAuthorized", "Invalid Refresh Token.")
    );
}

#[test]
fn a_flow_is_open_to_the_client_and_the_caller_that_it_is_meant_for() {
    let stand_in = idp::alias_pool();
    let back_end = BackEnd::new(&stand_in);
    idp::user(&stand_in, "ines", "ines.falk@example.org");
    let parameters = json!({"USERNAME": "ines", "PASSWORD": PASSWORD, "SRP_A": "2", "REFRESH_TOKEN": "x", "SECRET_HASH": back_end.hash("ines")});
    let start = |administrator: bool, client: &str, flow: &str| {
        let mut input = json!({"ClientId": client, "AuthFlow": flow, "AuthParameters": parameters});
        if administrator {
            input["UserPoolId"] = Value::from(stand_in.pool.clone());
        }
        let operation = if administrator {
            "AdminInitiateAuth"
        } else {
            "InitiateAuth"
        };
        idp::call(&stand_in, operation, input).unwrap_err()
    };
    let rotating = stand_in.client_id("RotatingClient");
    let legacy = stand_in.client_id("LegacyClient");
    let not_enabled = |flow: &str| {
        refused(
            "InvalidParameter",
            &format!("{flow} flow not enabled for this client"),
        )
    };
    assert_eq!(
        start(false, &rotating, "USER_SRP_AUTH"),
        not_enabled("USER_SRP_AUTH")
    );
    assert_eq!(
        start(false, &rotating, "REFRESH_TOKEN_AUTH"),
        not_enabled("REFRESH_TOKEN_AUTH")
    );
    assert_eq!(
        start(false, &legacy, "REFRESH_TOKEN_AUTH"),
        not_enabled("REFRESH_TOKEN_AUTH")
    );
    assert_eq!(
        start(true, &legacy, "ADMIN_USER_PASSWORD_AUTH"),
        not_enabled("ADMIN_USER_PASSWORD_AUTH")
    );
    let not_supported = refused("InvalidParameter", "Initiate Auth method not supported");
    assert_eq!(
        start(false, &back_end.id, "ADMIN_USER_PASSWORD_AUTH"),
        not_supported
    );
    assert_eq!(
        start(true, &back_end.id, "USER_PASSWORD_AUTH"),
        not_supported
    );
    assert_eq!(
        start(false, &legacy, "NO_SUCH_FLOW").name,
        "UnsupportedOperationException"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pools_and_clients_describe_themselves_to_the_sdk() {
    let stand_in = idp::alias_pool();
    let cognito = stand_in.cognito();
    let pool = cognito
        .describe_user_pool()
        .user_pool_id(&stand_in.pool)
        .send()
        .await
        .unwrap();
    let pool = pool.user_pool.unwrap();
    assert_eq!(pool.alias_attributes().len(), 2);
    let policy = pool
        .policies()
        .and_then(|policies| policies.password_policy())
        .unwrap();
    assert_eq!(
        (policy.minimum_length(), policy.require_symbols()),
        (Some(12), true)
    );
    let config = pool
        .lambda_config()
        .and_then(|config| config.pre_token_generation_config())
        .unwrap();
    assert_eq!(config.lambda_version().as_str(), "V2_0");
    let client = cognito
        .describe_user_pool_client()
        .user_pool_id(&stand_in.pool)
        .client_id(stand_in.client_id("RotatingClient"));
    let client = client.send().await.unwrap().user_pool_client.unwrap();
    let rotation = client.refresh_token_rotation().unwrap();
    assert_eq!(
        (rotation.feature(), rotation.retry_grace_period_seconds()),
        (&FeatureType::Enabled, Some(10))
    );
    assert_eq!(
        client.prevent_user_existence_errors(),
        Some(&PreventUserExistenceErrorTypes::Enabled)
    );
    assert_eq!(client.client_secret(), None);
}
