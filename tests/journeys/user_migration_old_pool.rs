//! Users of another user pool, whose sign-in the function tries there.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, Refused, refused, sign_in, tokens};
use crate::recovery::{confirm, forgot};

const EMAIL: &str = "ines.falk@example.org";

/// What the old pool takes and the new one would not.
const OLD_PASSWORD: &str = "old horse";

/// The other pool, beside those of the repository's template.
const OLD_POOL: &str = "
  OldPool:
    Type: AWS::Cognito::UserPool
    Properties:
      UsernameAttributes: [email]
      AutoVerifiedAttributes: [email]
      MfaConfiguration: OPTIONAL
      EnabledMfas: [SMS_MFA]
      SmsConfiguration: {SnsCallerArn: !Sub \"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/sms\"}
      Policies:
        PasswordPolicy: {MinimumLength: 6, RequireLowercase: false, RequireUppercase: false, RequireNumbers: false, RequireSymbols: false}
  OldClient:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref OldPool
      PreventUserExistenceErrors: ENABLED
      ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]

Outputs:
";

/// The repository's own stack with another pool, which users are to leave.
struct Stack {
    stand_in: StandIn,
    old_pool: String,
    _template: tempfile::TempDir,
}

impl Stack {
    fn start() -> Self {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
        let template = fs::read_to_string(own).unwrap();
        assert!(template.contains("\nOutputs:\n"));
        let template = template.replace("\nOutputs:\n", OLD_POOL);
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("template.yaml");
        fs::write(&path, template).unwrap();
        let mut stand_in = StandIn::start(&[
            "--template",
            path.to_str().unwrap(),
            "--parameter",
            "PasswordSignIn=true",
            "--parameter",
            "MigrationSources=user-pool",
            "--id",
            "OldPool=us-east-1_OldPool01",
            "--parameter",
            "OldUserPoolId=us-east-1_OldPool01",
            "--id",
            "OldClient=oldclient",
            "--parameter",
            "OldClientId=oldclient",
        ]);
        let stack = stand_in.get("stack");
        let pools = stack["userPools"].as_array().unwrap();
        let pool = |logical_id: &str| {
            let mut pools = pools.iter();
            pools.find(|pool| pool["logicalId"] == logical_id).unwrap()
        };
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        let clients = pool("UserPool")["clients"].as_array().unwrap();
        let web = clients
            .iter()
            .find(|client| client["logicalId"] == "WebClient");
        stand_in.pool = id(pool("UserPool"));
        stand_in.web_client = id(web.unwrap());
        Self {
            stand_in,
            old_pool: id(pool("OldPool")),
            _template: directory,
        }
    }

    /// An operation of administrators on the user of the old pool.
    fn in_old_pool(&self, operation: &str, more: Value) -> Value {
        let mut input = json!({"UserPoolId": self.old_pool, "Username": EMAIL});
        let more = more.as_object().unwrap().clone();
        input.as_object_mut().unwrap().extend(more);
        idp::call(&self.stand_in, operation, input).unwrap()
    }

    /// A user of the old pool, whose password is temporary or not.
    fn with_user(permanent: bool) -> Self {
        let stack = Self::start();
        let attributes = json!([
            {"Name": "email", "Value": EMAIL}, {"Name": "email_verified", "Value": "true"},
            {"Name": "name", "Value": "Ines Falk"}, {"Name": "phone_number", "Value": "+4915112345678"},
        ]);
        let more = json!({"UserAttributes": attributes, "MessageAction": "SUPPRESS"});
        stack.in_old_pool("AdminCreateUser", more);
        let more = json!({"Password": OLD_PASSWORD, "Permanent": permanent});
        stack.in_old_pool("AdminSetUserPassword", more);
        stack
    }

    fn come_over(&self, password: &str) -> Result<Value, Refused> {
        sign_in(&self.stand_in, &self.stand_in.web_client, EMAIL, password)
    }

    /// The user's attributes in the new pool, if there is such a user.
    fn moved(&self) -> Option<Value> {
        let user = idp::admin(&self.stand_in, "AdminGetUser", EMAIL, json!({}));
        let mut attributes = serde_json::Map::new();
        for attribute in user.ok()?["UserAttributes"].as_array().unwrap() {
            let name = attribute["Name"].as_str().unwrap();
            attributes.insert(name.to_owned(), attribute["Value"].clone());
        }
        Some(Value::Object(attributes))
    }
}

fn wrong() -> Refused {
    refused("NotAuthorized", "Incorrect username or password.")
}

#[test]
fn the_old_pool_s_password_opens_the_new_one() {
    let stack = Stack::with_user(true);
    assert_eq!(stack.come_over(PASSWORD).unwrap_err(), wrong());
    assert_eq!(stack.moved(), None);
    let signed_in = stack.come_over(OLD_PASSWORD).unwrap();
    assert!(tokens(&signed_in)["AccessToken"].is_string());
    let user = stack.moved().unwrap();
    assert_eq!(user["email_verified"], "true");
    assert_eq!(user["name"], "Ines Falk");
    // Nobody proved the number there.
    assert_ne!(user["phone_number_verified"], "true");
    let old = stack.in_old_pool("AdminGetUser", json!({}));
    assert_ne!(old["Username"], user["sub"]);
    // Once over, the user does not depend on the old pool any more.
    stack.in_old_pool("AdminDeleteUser", json!({}));
    stack.come_over(OLD_PASSWORD).unwrap();
}

#[test]
fn a_second_factor_that_is_asked_for_means_that_the_password_is_right() {
    let stack = Stack::with_user(true);
    let preference = json!({"SMSMfaSettings": {"Enabled": true, "PreferredMfa": true}});
    stack.in_old_pool("AdminSetUserMFAPreference", preference);
    assert_eq!(stack.come_over(PASSWORD).unwrap_err(), wrong());
    let signed_in = stack.come_over(OLD_PASSWORD).unwrap();
    assert!(tokens(&signed_in)["AccessToken"].is_string());
}

#[test]
fn whoever_was_to_change_the_password_has_to_here() {
    let stack = Stack::with_user(false);
    let reset = refused(
        "PasswordResetRequired",
        "Password reset required for the user",
    );
    assert_eq!(stack.come_over(OLD_PASSWORD).unwrap_err(), reset);
    let (stand_in, web) = (&stack.stand_in, &stack.stand_in.web_client);
    forgot(stand_in, web, EMAIL).unwrap();
    let code = stand_in.code_for(EMAIL);
    confirm(stand_in, web, EMAIL, &code, PASSWORD).unwrap();
    stack.come_over(PASSWORD).unwrap();
}

#[test]
fn a_forgotten_password_brings_over_whom_the_old_pool_knows() {
    let stack = Stack::with_user(true);
    let (stand_in, web) = (&stack.stand_in, &stack.stand_in.web_client);
    let sent = forgot(stand_in, web, EMAIL).unwrap();
    assert_eq!(
        forgot(stand_in, web, "ines.roth@example.org").unwrap(),
        sent
    );
    assert_eq!(stand_in.get("outbox").as_array().unwrap().len(), 1);
    let code = stand_in.code_for(EMAIL);
    confirm(stand_in, web, EMAIL, &code, PASSWORD).unwrap();
    stack.come_over(PASSWORD).unwrap();
}

#[test]
fn whoever_could_not_sign_in_there_stays_there() {
    let stack = Stack::with_user(true);
    stack.in_old_pool("AdminDisableUser", json!({}));
    assert_eq!(stack.come_over(OLD_PASSWORD).unwrap_err(), wrong());
    forgot(&stack.stand_in, &stack.stand_in.web_client, EMAIL).unwrap();
    assert_eq!(stack.moved(), None);
    assert_eq!(stack.stand_in.get("outbox"), json!([]));
}

#[test]
fn while_the_old_pool_is_gone_nobody_is_told_of_a_wrong_password() {
    let stack = Stack::with_user(true);
    let old_pool = json!({"UserPoolId": stack.old_pool});
    idp::call(&stack.stand_in, "DeleteUserPool", old_pool).unwrap();
    let text = "UserMigration failed with error This service is not available right now, please try again later.";
    let seen = stack.come_over(OLD_PASSWORD).unwrap_err();
    assert_eq!(seen, refused("UserLambdaValidation", text));
    assert_eq!(stack.moved(), None);
    for secret in ["ines.falk", OLD_PASSWORD] {
        assert!(!stack.stand_in.log().contains(secret), "{secret}");
    }
}
