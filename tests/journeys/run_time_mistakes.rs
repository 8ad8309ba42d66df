//! What nobody can have meant, when clients make things at run time.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, template};

const RIGHT: &str = "arn:aws:lambda:us-east-1:123456789012:function:right";

#[test]
fn what_nobody_can_have_meant_is_refused_with_its_place() {
    let stand_in = StandIn::start(&["--template", &template("run-time.yaml")]);
    let pool = stand_in.pool.clone();
    let plan = json!({"Name": "plan", "AttributeDataType": "String"});
    let numbered = |number| json!({"Name": format!("a{number}"), "AttributeDataType": "String"});
    let many: Vec<Value> = (0..51).map(numbered).collect();
    let unknown = "arn:aws:lambda:us-east-1:123456789012:function:unknown";
    let provider = |name: &str| json!({"UserPoolId": pool, "ProviderName": name, "ProviderType": "OIDC", "ProviderDetails": {}});
    for (operation, members, exception, text) in [
        (
            "CreateUserPool",
            json!({}),
            "InvalidParameter",
            "Value null at 'poolName'",
        ),
        (
            "CreateUserPool",
            json!({"PoolName": "<script>"}),
            "InvalidParameter",
            "at 'poolName' failed",
        ),
        (
            "CreateUserPool",
            json!({"PoolName": "p", "LambdaConfig": {"PreSignUp": unknown}}),
            "InvalidParameter",
            "LambdaConfig.PreSignUp: no function",
        ),
        (
            "CreateUserPool",
            json!({"PoolName": "p", "LambdaConfig": {"PreSingUp": RIGHT}}),
            "InvalidParameter",
            "LambdaConfig.PreSingUp: not understood",
        ),
        (
            "CreateUserPool",
            json!({"PoolName": "p", "Policies": {"PasswordPolicy": {"MinimumLength": 5}}}),
            "InvalidParameter",
            "MinimumLength: expected a whole number from 6 to 99",
        ),
        (
            "CreateUserPool",
            json!({"PoolName": "p", "UsernameAttributes": ["email"], "AliasAttributes": ["email"]}),
            "InvalidParameter",
            "not both",
        ),
        (
            "CreateUserPool",
            json!({"PoolName": "p", "UserPoolTier": "LITE", "LambdaConfig": {"PreTokenGenerationConfig": {"LambdaArn": RIGHT, "LambdaVersion": "V2_0"}}}),
            "FeatureUnavailableInTier",
            "V2_0",
        ),
        (
            "CreateUserPool",
            json!({"PoolName": "p", "Schema": [plan, plan]}),
            "InvalidParameter",
            "Schema[1]: custom:plan is there before",
        ),
        (
            "AddCustomAttributes",
            json!({"UserPoolId": pool, "CustomAttributes": many}),
            "InvalidParameter",
            "at most 50",
        ),
        (
            "AddCustomAttributes",
            json!({"UserPoolId": pool, "CustomAttributes": []}),
            "InvalidParameter",
            "at 'customAttributes'",
        ),
        (
            "UpdateUserPool",
            json!({"UserPoolId": pool, "Schema": []}),
            "InvalidParameter",
            "Schema cannot be changed",
        ),
        (
            "UpdateUserPool",
            json!({"UserPoolId": "us-east-1_Nobody000"}),
            "ResourceNotFound",
            "does not exist",
        ),
        (
            "DeleteUserPool",
            json!({"UserPoolId": "../../etc"}),
            "InvalidParameter",
            "at 'userPoolId' failed",
        ),
        (
            "ListUserPools",
            json!({"MaxResults": 61}),
            "InvalidParameter",
            "'maxResults'",
        ),
        (
            "ListUserPools",
            json!({"MaxResults": 1, "NextToken": "zz"}),
            "InvalidParameter",
            "Invalid pagination token.",
        ),
        (
            "CreateUserPoolClient",
            json!({"UserPoolId": pool}),
            "InvalidParameter",
            "Value null at 'clientName'",
        ),
        (
            "CreateUserPoolClient",
            json!({"UserPoolId": pool, "ClientName": "c", "AccessTokenValidity": 25}),
            "InvalidParameter",
            "AccessTokenValidity: expected",
        ),
        (
            "CreateUserPoolClient",
            json!({"UserPoolId": pool, "ClientName": "c", "SupportedIdentityProviders": ["Nobody"]}),
            "InvalidParameter",
            "no provider Nobody",
        ),
        (
            "CreateUserPoolClient",
            json!({"UserPoolId": pool, "ClientName": "c", "ReadAttributes": ["custom:none"]}),
            "InvalidParameter",
            "no attribute custom:none",
        ),
        (
            "CreateUserPoolClient",
            json!({"UserPoolId": pool, "ClientName": "c", "AllowedOAuthFlowsUserPoolClient": true}),
            "InvalidParameter",
            "are required if user pool client is allowed",
        ),
        (
            "CreateUserPoolClient",
            json!({"UserPoolId": pool, "ClientName": "c", "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["none/read"]}),
            "ScopeDoesNotExist",
            "none/read",
        ),
        (
            "CreateUserPoolClient",
            json!({"UserPoolId": pool, "ClientName": "c", "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"]}),
            "InvalidParameter",
            "needs GenerateSecret",
        ),
        (
            "CreateGroup",
            json!({"UserPoolId": pool, "GroupName": "g", "Precedence": -1}),
            "InvalidParameter",
            "'precedence'",
        ),
        (
            "DeleteGroup",
            json!({"UserPoolId": pool, "GroupName": "g"}),
            "ResourceNotFound",
            "Group not found.",
        ),
        (
            "CreateIdentityProvider",
            provider("Own"),
            "InvalidParameter",
            "expected oidc_issuer",
        ),
        (
            "CreateIdentityProvider",
            provider("_x"),
            "InvalidParameter",
            "ProviderName",
        ),
        (
            "CreateResourceServer",
            json!({"UserPoolId": pool, "Identifier": "a b", "Name": "n"}),
            "InvalidParameter",
            "Identifier",
        ),
        (
            "CreateUserPoolDomain",
            json!({"UserPoolId": pool, "Domain": "my-cognito"}),
            "InvalidParameter",
            "Domain: expected",
        ),
        (
            "AddCustomAttributes",
            json!({"UserPoolId": pool, "CustomAttributes": [{"Name": "x".repeat(21), "AttributeDataType": "String"}]}),
            "InvalidParameter",
            "expected 1 to 20",
        ),
        (
            "TagResource",
            json!({"ResourceArn": format!("arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool}"), "Tags": {"aws:a": "1"}}),
            "InvalidParameter",
            "no key that begins with aws:",
        ),
        (
            "SetUserPoolMfaConfig",
            json!({"UserPoolId": pool, "MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": {"SmsAuthenticationMessage": format!("{{####}}{}", "!".repeat(135))}}),
            "InvalidParameter",
            "at most 140 characters",
        ),
        (
            "TagResource",
            json!({"ResourceArn": "arn:aws:s3:::b", "Tags": {}}),
            "ResourceNotFound",
            "does not exist",
        ),
    ] {
        let refusal = idp::call(&stand_in, operation, members.clone()).unwrap_err();
        assert_eq!(
            refusal.name,
            format!("{exception}Exception"),
            "{operation} {members}: {}",
            refusal.text
        );
        assert!(
            refusal.text.contains(text),
            "{operation} {members}: {}",
            refusal.text
        );
    }
    // Nothing came of any of them.
    let listed = idp::call(&stand_in, "ListUserPools", json!({"MaxResults": 60})).unwrap();
    assert_eq!(listed["UserPools"].as_array().unwrap().len(), 1);
}
