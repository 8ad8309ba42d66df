//! Who may do what: signatures are verified, and functions may do what the policies of the template let them do, and nothing else.

use std::fs;
use std::path::Path;
use std::time::Duration;

use aws_sdk_cognitoidentityprovider::config::Credentials;
use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use serde_json::{Value, json};
use tests::signed::{Signing, administrator, send};
use tests::stand_in::StandIn;

use crate::idp::{PASSWORD, refused, sign_in, user};

const INES: &str = "ines.falk@example.org";
const SCAN: &str = "DynamoDB_20120810.Scan";

/// The repository's own stack, whose template is changed.
fn changed(written: &str, instead: &str) -> StandIn {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
    let template = fs::read_to_string(own).unwrap();
    assert!(template.contains(written), "{written:?}");
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("template.yaml");
    fs::write(&path, template.replace(written, instead)).unwrap();
    let path = path.to_str().unwrap();
    StandIn::start(&["--template", path, "--parameter", "PasswordSignIn=true"])
}

/// What pre authentication is allowed, and what it is told when it is not.
const BLOCKS: &str = "Action: dynamodb:BatchGetItem
              Resource: !GetAtt BlocksTable.Arn";

fn decisions(stand_in: &StandIn, action: &str) -> Vec<(bool, Value)> {
    let decisions = stand_in.get("decisions");
    let decisions = decisions.as_array().unwrap().iter();
    let decisions = decisions.filter(|decided| decided["action"] == action);
    decisions
        .map(|decided| (decided["allowed"] == true, decided["by"].clone()))
        .collect()
}

#[test]
fn a_function_does_what_its_policy_allows() {
    let stand_in = changed(BLOCKS, BLOCKS);
    user(&stand_in, INES, INES);
    sign_in(&stand_in, &stand_in.web_client, INES, PASSWORD).unwrap();
    let by = json!("PreAuthenticationFunctionRolePolicy0: Statement[0]");
    let decided = decisions(&stand_in, "dynamodb:BatchGetItem");
    assert!(decided.contains(&(true, by)), "{decided:?}");
    let recorded = stand_in.get("decisions").to_string();
    assert!(!recorded.contains(INES), "{recorded}");
}

#[test]
fn a_function_without_a_permission_is_refused() {
    let table = "arn:aws:dynamodb:us-east-1:123456789012:table/";
    for (instead, reason) in [
        (
            BLOCKS.replace("BatchGetItem", "GetItem"),
            "because no identity-based policy allows the dynamodb:BatchGetItem action",
        ),
        (
            BLOCKS.replace("BlocksTable", "ProfilesTable"),
            "because no identity-based policy allows the dynamodb:BatchGetItem action",
        ),
        (
            format!(
                "{BLOCKS}\n            - Effect: Deny\n              Action: dynamodb:Batch*\n              Resource: \"*\""
            ),
            "with an explicit deny in an identity-based policy",
        ),
    ] {
        let stand_in = changed(BLOCKS, &instead);
        user(&stand_in, INES, INES);
        let unavailable = refused(
            "UserLambdaValidation",
            "PreAuthentication failed with error This service is not available right now, please try again later.",
        );
        let signed_in = sign_in(&stand_in, &stand_in.web_client, INES, PASSWORD);
        assert_eq!(signed_in.map(drop), Err(unavailable), "{instead}");
        let table = format!("{table}{}", stand_in.table("BlocksTable"));
        assert!(
            stand_in.logs(&format!(
                "is not authorized to perform: dynamodb:BatchGetItem on resource: {table} {reason}"
            )),
            "{reason}"
        );
        let denied = decisions(&stand_in, "dynamodb:BatchGetItem");
        assert!(denied.iter().any(|(allowed, _)| !allowed), "{denied:?}");
    }
}

/// The name of the refusal, without DynamoDB's namespace, and its text.
fn scan(stand_in: &StandIn, signing: &Signing) -> Result<(), (String, String)> {
    let body = json!({ "TableName": stand_in.table("BlocksTable") }).to_string();
    let headers = signing.headers(stand_in, "/", SCAN, &body);
    answered(send(stand_in, "/", headers, &body))
}

fn answered((status, _, answer): tests::signed::Answer) -> Result<(), (String, String)> {
    if status == 200 {
        return Ok(());
    }
    assert_eq!(status, 400, "{answer}");
    let name = answer["__type"].as_str().unwrap().rsplit('#').next();
    let text = answer["message"].as_str().unwrap();
    Err((name.unwrap().to_owned(), text.to_owned()))
}

#[test]
fn a_signature_has_to_be_good() {
    let stand_in = StandIn::start(&[]);
    let signing = |credentials, minutes: u64| Signing {
        credentials,
        ago: Duration::from_secs(60 * minutes),
        ..Signing::for_service("dynamodb")
    };
    assert_eq!(scan(&stand_in, &signing(administrator(), 0)), Ok(()));
    assert_eq!(scan(&stand_in, &signing(administrator(), 4)), Ok(()));

    let key = |id: &str, secret: &str, token: Option<&str>| {
        Credentials::new(id, secret, token.map(str::to_owned), None, "journey")
    };
    let mismatch = "The request signature we calculated does not match the signature you provided.";
    let unknown = "The security token included in the request is invalid.";
    for (credentials, minutes, name, text) in [
        (
            key("local", "other", None),
            0,
            "InvalidSignatureException",
            mismatch,
        ),
        (
            administrator(),
            6,
            "InvalidSignatureException",
            "Signature expired: ",
        ),
        (
            key("AKIAUNKNOWN", "local", None),
            0,
            "UnrecognizedClientException",
            unknown,
        ),
        (
            key("local", "local", Some("token")),
            0,
            "UnrecognizedClientException",
            unknown,
        ),
    ] {
        let refusal = scan(&stand_in, &signing(credentials, minutes)).unwrap_err();
        assert_eq!(refusal.0, name);
        assert!(refusal.1.starts_with(text), "{}", refusal.1);
    }
    let other_service = Signing::for_service("kms");
    let refusal = scan(&stand_in, &other_service).unwrap_err();
    assert_eq!(
        refusal.1,
        "Credential should be scoped to correct service: 'dynamodb'."
    );
}

#[test]
fn what_was_signed_is_what_is_done() {
    let stand_in = StandIn::start(&[]);
    let body = json!({ "TableName": stand_in.table("BlocksTable") }).to_string();
    let signing = Signing::for_service("dynamodb");
    let headers = signing.headers(&stand_in, "/", SCAN, &body);
    let name = |answer| answered(answer).map_err(|(name, _)| name);
    let invalid = Err("InvalidSignatureException".to_owned());

    assert_eq!(name(send(&stand_in, "/", headers.clone(), &body)), Ok(()));
    let other = json!({ "TableName": stand_in.table("ProfilesTable") }).to_string();
    assert_eq!(name(send(&stand_in, "/", headers.clone(), &other)), invalid);
    let mut target = headers.clone();
    target[0].1 = "DynamoDB_20120810.DeleteTable".to_owned();
    assert_eq!(name(send(&stand_in, "/", target, &body)), invalid);
    let mut more = headers.clone();
    more.push(("x-amz-more".to_owned(), "1".to_owned()));
    assert_eq!(name(send(&stand_in, "/", more, &body)), invalid);
    let unsigned = vec![headers[0].clone()];
    assert_eq!(
        name(send(&stand_in, "/", unsigned, &body)),
        Err("MissingAuthenticationTokenException".to_owned())
    );
}

/// Each protocol has its own words, and the SDK understands them.
#[tokio::test]
async fn every_service_verifies() {
    let stand_in = StandIn::start(&["--parameter", "ChallengePolicy=email-code"]);
    let wrong = Credentials::new("local", "wrong", None, None, "journey");
    let config = stand_in.sdk_config_of(wrong, "us-east-1");
    let expected = Some("InvalidSignatureException");

    let cognito = aws_sdk_cognitoidentityprovider::Client::new(&config);
    let refusal = cognito
        .list_users()
        .user_pool_id(&stand_in.pool)
        .send()
        .await;
    assert_eq!(refusal.unwrap_err().code(), expected);
    // Whoever knows an app client may ask this, whatever else the request says.
    let public = cognito
        .forgot_password()
        .client_id(&stand_in.web_client)
        .username(INES)
        .send()
        .await;
    assert_ne!(
        public
            .err()
            .and_then(|error| error.code().map(str::to_owned))
            .as_deref(),
        expected
    );

    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    assert_eq!(
        dynamodb.list_tables().send().await.unwrap_err().code(),
        expected
    );
    let lambda = aws_sdk_lambda::Client::new(&config);
    let invoked = lambda
        .invoke()
        .function_name("PreSignUpFunction")
        .send()
        .await;
    assert_eq!(invoked.unwrap_err().code(), expected);
    let kms = aws_sdk_kms::Client::new(&config);
    assert_eq!(
        kms.describe_key()
            .key_id("x")
            .send()
            .await
            .unwrap_err()
            .code(),
        expected
    );
    let sns = aws_sdk_sns::Client::new(&config);
    let published = sns
        .publish()
        .phone_number("+4915112345678")
        .message("x")
        .send()
        .await;
    assert_eq!(published.unwrap_err().code(), Some("SignatureDoesNotMatch"));
    let sms = aws_sdk_pinpointsmsvoicev2::Client::new(&config);
    let sent = sms
        .send_text_message()
        .destination_phone_number("+4915112345678")
        .message_body("x")
        .send()
        .await;
    assert_eq!(sent.unwrap_err().code(), expected);
    assert_eq!(stand_in.get("outbox"), json!([]));
}
