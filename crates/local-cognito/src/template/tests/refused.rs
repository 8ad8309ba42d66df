//! What Cognito would refuse.

use super::{check_refused, resources, wired};

#[test]
fn what_cognito_would_refuse_is_refused() {
    let pool = |properties: &str| {
        resources(&format!(
            "  P: {{Type: AWS::Cognito::UserPool, Properties: {{{properties}}}}}"
        ))
    };
    let client = |properties: &str| {
        resources(&format!(
            "  P: {{Type: AWS::Cognito::UserPool}}\n  C: {{Type: AWS::Cognito::UserPoolClient, Properties: {{UserPoolId: !Ref P, {properties}}}}}"
        ))
    };
    let cases = [
        (
            pool("UsernameAttributes: [email], AliasAttributes: [email]"),
            "Resources.P.Properties.AliasAttributes: Cognito takes UsernameAttributes or AliasAttributes, not both",
        ),
        (
            pool(
                "UserAttributeUpdateSettings: {AttributesRequireVerificationBeforeUpdate: [email]}",
            ),
            "Resources.P.Properties.UserAttributeUpdateSettings: All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
        ),
        (
            pool("EmailVerificationMessage: no code"),
            "Resources.P.Properties.EmailVerificationMessage: expected {####} in it",
        ),
        (
            pool(&format!(
                "SmsVerificationMessage: 'Your code is {{####}}{}'",
                "!".repeat(122)
            )),
            "Resources.P.Properties.SmsVerificationMessage: expected at most 140 characters",
        ),
        (
            pool(&format!("EmailVerificationSubject: '{}'", "!".repeat(141))),
            "Resources.P.Properties.EmailVerificationSubject: expected at most 140 characters",
        ),
        (
            pool("Schema: [{Name: a, Required: true}]"),
            "Resources.P.Properties.Schema[0].Required: Cognito requires no custom attribute",
        ),
        (
            client("AccessTokenValidity: 4, TokenValidityUnits: {AccessToken: minutes}"),
            "Resources.C.Properties.AccessTokenValidity: expected 300 to 86400 seconds",
        ),
        (
            client("IdTokenValidity: 25"),
            "Resources.C.Properties.IdTokenValidity: expected 300 to 86400 seconds",
        ),
        (
            client("AuthSessionValidity: 16"),
            "Resources.C.Properties.AuthSessionValidity: expected a whole number from 3 to 15",
        ),
        (
            client("WriteAttributes: [email, 'custom:level']"),
            "Resources.C.Properties.WriteAttributes[1]: the user pool has no attribute custom:level",
        ),
        (
            client("AllowedOAuthFlows: [client_credentials]"),
            "Resources.C.Properties.AllowedOAuthFlows: client_credentials needs GenerateSecret: true",
        ),
        (
            client("AllowedOAuthFlows: [client_credentials, code], GenerateSecret: true"),
            "Resources.C.Properties.AllowedOAuthFlows: client_credentials stands alone",
        ),
        (
            client(
                "AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: [code], AllowedOAuthScopes: [api/read]",
            ),
            "Resources.C.Properties.AllowedOAuthScopes: no resource server has the scope api/read",
        ),
        (
            client("AllowedOAuthFlowsUserPoolClient: true"),
            "Resources.C.Properties.AllowedOAuthFlowsUserPoolClient: AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows",
        ),
        (
            client(
                "ExplicitAuthFlows: [ALLOW_CLIENT_TOKEN_AUTH, ALLOW_USER_AUTH], GenerateSecret: true",
            ),
            "Resources.C.Properties.ExplicitAuthFlows: ALLOW_CLIENT_TOKEN_AUTH stands alone",
        ),
        (
            client("SupportedIdentityProviders: [COGNITO, Google]"),
            "Resources.C.Properties.SupportedIdentityProviders[1]: the user pool has no provider Google",
        ),
        (
            client(
                "CallbackURLs: ['https://example.org'], DefaultRedirectURI: 'https://example.com'",
            ),
            "Resources.C.Properties.DefaultRedirectURI: expected one of CallbackURLs",
        ),
        (
            wired("      UserPoolTier: LITE").replace(
                "PreSignUp: !GetAtt F.Arn",
                "PreTokenGenerationConfig: {LambdaArn: !GetAtt F.Arn, LambdaVersion: V2_0}",
            ),
            "Resources.P.Properties.LambdaConfig.PreTokenGenerationConfig.LambdaVersion: V2_0 needs UserPoolTier ESSENTIALS or PLUS",
        ),
        (
            wired("").replace("{Runtime: provided.al2023}", "{Runtime: nodejs22.x}"),
            "Resources.F.Properties.Runtime: nodejs22.x is not understood by local-cognito; it knows provided.al2023, provided.al2",
        ),
        (
            wired("").replace("{Binary: f}", "{Binary: ../f}"),
            "Resources.F.Metadata: expected BuildProperties with the name of a Binary",
        ),
        (
            wired("").replace("rust-cargolambda", "makefile"),
            "Resources.F.Metadata: expected BuildMethod: rust-cargolambda",
        ),
    ];
    for (text, problem) in cases {
        check_refused(problem, &text, &[problem]);
    }
}
