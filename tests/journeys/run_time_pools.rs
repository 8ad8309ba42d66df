//! What a client's own tests do: make a pool, its clients and groups, wire it to the functions that run, and sign up and in there.

use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use aws_sdk_cognitoidentityprovider::types::{
    AttributeType, AuthFlowType, DeletionProtectionType, ExplicitAuthFlowsType, LambdaConfigType,
    SchemaAttributeType, UsernameAttributeType, VerifiedAttributeType,
};
use serde_json::{Value, json};
use tests::jwt;
use tests::signed::Signing;
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, refused, template};
use crate::recorded::trigger_sources;

const RIGHT: &str = "arn:aws:lambda:us-east-1:123456789012:function:right";

pub(crate) fn made_pool(stand_in: &StandIn, members: Value) -> String {
    let made = idp::call(stand_in, "CreateUserPool", members).unwrap();
    made["UserPool"]["Id"].as_str().unwrap().to_owned()
}

pub(crate) fn made_client(stand_in: &StandIn, pool: &str, members: Value) -> String {
    let mut members = members;
    members["UserPoolId"] = json!(pool);
    members["ClientName"] = json!("made at run time");
    let made = idp::call(stand_in, "CreateUserPoolClient", members).unwrap();
    made["UserPoolClient"]["ClientId"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Lets the pool call the function, by Lambda's `AddPermission`.
pub(crate) fn permit(stand_in: &StandIn, function: &str, pool: &str) {
    let path = format!("/2015-03-31/functions/{function}/policy");
    let permission = json!({
        "StatementId": pool,
        "Action": "lambda:InvokeFunction",
        "Principal": "cognito-idp.amazonaws.com",
        "SourceArn": format!("arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool}"),
    });
    let lambda = Signing::for_service("lambda");
    let (status, _, _) = lambda.post(stand_in, &path, &permission.to_string());
    assert_eq!(status, 201);
}

fn stand_in() -> StandIn {
    StandIn::start(&["--template", &template("run-time.yaml")])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suite_makes_its_own_pool_and_signs_up_and_in_there() {
    let stand_in = stand_in();
    let (cognito, lambda) = (stand_in.cognito(), stand_in.lambda());
    let triggers = LambdaConfigType::builder()
        .pre_sign_up(RIGHT)
        .post_confirmation(RIGHT)
        .pre_authentication(RIGHT)
        .post_authentication(RIGHT)
        .pre_token_generation(RIGHT)
        .build();
    let tenant = SchemaAttributeType::builder()
        .name("tenant")
        .attribute_data_type("String".into())
        .mutable(true)
        .build();
    let made = cognito
        .create_user_pool()
        .pool_name("suite")
        .username_attributes(UsernameAttributeType::Email)
        .auto_verified_attributes(VerifiedAttributeType::Email)
        .lambda_config(triggers)
        .schema(tenant)
        .user_pool_tags("suite", "sign-in")
        .send()
        .await
        .unwrap();
    let made = made.user_pool.unwrap();
    let pool = made.id().unwrap().to_owned();
    assert!(pool.starts_with("us-east-1_") && pool.len() == 19, "{pool}");
    let listed = cognito.list_user_pools().max_results(60).send().await;
    assert_eq!(listed.unwrap().user_pools().len(), 2);
    let client = cognito
        .create_user_pool_client()
        .user_pool_id(&pool)
        .client_name("suite")
        .explicit_auth_flows(ExplicitAuthFlowsType::AllowUserPasswordAuth)
        .explicit_auth_flows(ExplicitAuthFlowsType::AllowRefreshTokenAuth)
        .read_attributes("email")
        .write_attributes("email")
        .write_attributes("custom:tenant")
        .send()
        .await
        .unwrap();
    let client = client.user_pool_client.unwrap();
    let client_id = client.client_id().unwrap();
    assert_eq!(client_id.len(), 26);

    let sign_up = || {
        let attribute = |name: &str, value: &str| {
            AttributeType::builder()
                .name(name)
                .value(value)
                .build()
                .unwrap()
        };
        let signing_up = cognito.sign_up().client_id(client_id).password(PASSWORD);
        signing_up
            .username("ines.falk@example.org")
            .user_attributes(attribute("email", "ines.falk@example.org"))
            .user_attributes(attribute("custom:tenant", "nordwind"))
            .send()
    };
    let denied = sign_up().await.unwrap_err().into_service_error();
    assert_eq!(denied.code(), Some("UnexpectedLambdaException"));
    assert_eq!(
        denied.message(),
        Some("PreSignUp invocation failed due to error AccessDeniedException.")
    );
    lambda
        .add_permission()
        .function_name("right")
        .statement_id("suite")
        .action("lambda:InvokeFunction")
        .principal("cognito-idp.amazonaws.com")
        .source_arn(made.arn().unwrap())
        .send()
        .await
        .unwrap();
    sign_up().await.unwrap();
    let confirming = cognito.confirm_sign_up().client_id(client_id);
    confirming
        .username("ines.falk@example.org")
        .confirmation_code(stand_in.code_for("ines.falk@example.org"))
        .send()
        .await
        .unwrap();
    let group = cognito.create_group().user_pool_id(&pool);
    group
        .group_name("editors")
        .precedence(3)
        .send()
        .await
        .unwrap();
    let adding = cognito.admin_add_user_to_group().user_pool_id(&pool);
    adding
        .username("ines.falk@example.org")
        .group_name("editors")
        .send()
        .await
        .unwrap();
    let in_group = cognito.list_users_in_group().user_pool_id(&pool);
    let in_group = in_group.group_name("editors").send().await.unwrap();
    assert_eq!(in_group.users().len(), 1);

    let sign_in = || {
        let signing_in = cognito.initiate_auth().client_id(client_id);
        signing_in
            .auth_flow(AuthFlowType::UserPasswordAuth)
            .auth_parameters("USERNAME", "ines.falk@example.org")
            .auth_parameters("PASSWORD", PASSWORD)
            .send()
    };
    let tokens = sign_in().await.unwrap().authentication_result.unwrap();
    let access = jwt::claims(tokens.access_token().unwrap());
    assert_eq!(access["cognito:groups"], json!(["editors"]));
    assert!(access["iss"].as_str().unwrap().ends_with(&pool));
    assert_eq!(
        trigger_sources(&stand_in),
        [
            "PreSignUp_SignUp",
            "PostConfirmation_ConfirmSignUp",
            "PreAuthentication_Authentication",
            "PostAuthentication_Authentication",
            "TokenGeneration_Authentication",
        ]
    );

    // A group that comes back has nobody in it.
    for _ in 0..2 {
        let group = cognito.delete_group().user_pool_id(&pool);
        group.group_name("editors").send().await.unwrap();
        let group = cognito.create_group().user_pool_id(&pool);
        group.group_name("editors").send().await.unwrap();
    }
    let tokens = sign_in().await.unwrap().authentication_result.unwrap();
    let access = jwt::claims(tokens.access_token().unwrap());
    assert_eq!(access["cognito:groups"], Value::Null);

    // Without its permission the function is out of reach again.
    let removing = lambda.remove_permission().function_name("right");
    removing.statement_id("suite").send().await.unwrap();
    let denied = sign_in().await.unwrap_err().into_service_error();
    assert_eq!(denied.code(), Some("UnexpectedLambdaException"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_forgets_what_it_does_not_say() {
    let stand_in = stand_in();
    let cognito = stand_in.cognito();
    let made = made_pool(
        &stand_in,
        json!({
            "PoolName": "suite",
            "UsernameAttributes": ["email"],
            "AutoVerifiedAttributes": ["email"],
            "DeletionProtection": "ACTIVE",
            "LambdaConfig": {"PreSignUp": RIGHT},
            "Policies": {"PasswordPolicy": {"MinimumLength": 20}},
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true, "InviteMessageTemplate": {"SMSMessage": "{username} {####}"}},
            "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "From": "pool@example.org"},
            "UserPoolTags": {"suite": "update"},
            "Schema": [{"Name": "tenant", "AttributeDataType": "String"}],
        }),
    );
    permit(&stand_in, "right", &made);
    let client = made_client(&stand_in, &made, json!({}));
    let describe = || async {
        let described = cognito.describe_user_pool().user_pool_id(&made).send();
        described.await.unwrap().user_pool.unwrap()
    };
    let before = describe().await;
    assert_eq!(before.lambda_config().unwrap().pre_sign_up(), Some(RIGHT));
    assert_eq!(
        before.email_configuration().unwrap().from(),
        Some("pool@example.org")
    );
    let custom = before.schema_attributes().iter();
    assert!(
        custom
            .into_iter()
            .any(|attribute| attribute.name() == Some("custom:tenant"))
    );

    let invitation = before
        .admin_create_user_config()
        .unwrap()
        .invite_message_template();
    assert_eq!(invitation.unwrap().sms_message(), Some("{username} {####}"));

    let updating = cognito.update_user_pool().user_pool_id(&made);
    let inactive = updating.deletion_protection(DeletionProtectionType::Inactive);
    let protected = idp::call(&stand_in, "DeleteUserPool", json!({"UserPoolId": made}));
    let text = "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.";
    assert_eq!(protected, Err(refused("InvalidParameter", text)));
    inactive.send().await.unwrap();

    let after = describe().await;
    assert_eq!(
        after.lambda_config().unwrap(),
        &LambdaConfigType::builder().build()
    );
    assert_eq!(after.email_configuration().unwrap().from(), None);
    assert!(after.auto_verified_attributes().is_empty());
    assert!(after.user_pool_tags().is_none_or(|tags| tags.is_empty()));
    assert!(
        !after
            .admin_create_user_config()
            .unwrap()
            .allow_admin_create_user_only()
    );
    let policy = after.policies().unwrap().password_policy().unwrap();
    assert_eq!(policy.minimum_length(), Some(8));
    // What a pool keeps for life stays, and so do its clients.
    assert_eq!(after.username_attributes(), [UsernameAttributeType::Email]);
    assert_eq!(after.schema_attributes(), before.schema_attributes());
    assert_eq!(after.name(), Some("suite"));
    let sign_up =
        json!({"ClientId": client, "Username": "ines.falk@example.org", "Password": PASSWORD});
    idp::call(&stand_in, "SignUp", sign_up).unwrap();
    assert_eq!(trigger_sources(&stand_in), [""; 0]);

    idp::call(&stand_in, "DeleteUserPool", json!({"UserPoolId": made})).unwrap();
    let gone = idp::call(&stand_in, "DescribeUserPool", json!({"UserPoolId": made}));
    let text = format!("User pool {made} does not exist.");
    assert_eq!(gone, Err(refused("ResourceNotFound", &text)));
}

#[test]
fn the_data_directory_keeps_the_pools_of_the_template_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    let start = || StandIn::start(&["--template", &template("run-time.yaml"), "--data-dir", path]);
    let stand_in = start();
    let made = made_pool(&stand_in, json!({"PoolName": "suite"}));
    let user = json!({"UserPoolId": stand_in.pool, "Username": "ines@example.org", "MessageAction": "SUPPRESS"});
    idp::call(&stand_in, "AdminCreateUser", user).unwrap();
    let pool = stand_in.pool.clone();
    stand_in.stop();
    assert!(!directory.path().join(format!("{made}.json")).exists());

    let stand_in = start();
    let users = |stand_in: &StandIn| {
        let listed = idp::call(stand_in, "ListUsers", json!({"UserPoolId": pool})).unwrap();
        listed["Users"].as_array().unwrap().len()
    };
    assert_eq!(users(&stand_in), 1);
    assert!(idp::call(&stand_in, "DescribeUserPool", json!({"UserPoolId": made})).is_err());
    idp::call(&stand_in, "DeleteUserPool", json!({"UserPoolId": pool})).unwrap();
    stand_in.stop();

    // A pool of the template that was deleted comes back as the template has it, and empty.
    assert_eq!(users(&start()), 0);
}
