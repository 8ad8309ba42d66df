//! Identity pools, what is attached to them, and providers that the account trusts.

use super::{check_refused, loaded, resources};
use crate::template::{AmbiguousRoleResolution, MappingKind, MatchType, Rule};

/// A user pool with a client, an identity pool with these properties besides, and these resources.
fn with(properties: &str, others: &str) -> String {
    resources(&format!(
        "
  P: {{Type: AWS::Cognito::UserPool}}
  C: {{Type: AWS::Cognito::UserPoolClient, Properties: {{UserPoolId: !Ref P}}}}
  I:
    Type: AWS::Cognito::IdentityPool
    Properties:
      AllowUnauthenticatedIdentities: false
      CognitoIdentityProviders: [{{ProviderName: !GetAtt P.ProviderName, ClientId: !Ref C, ServerSideTokenCheck: true}}]
      {properties}
{others}"
    ))
}

#[test]
fn a_pool_is_read_with_its_roles_and_tags() {
    let text = with(
        "DeveloperProviderName: login.example.org",
        "
  O: {Type: AWS::IAM::OIDCProvider, Properties: {Url: 'https://login.example.com/tenant', ClientIdList: [web]}}
  A:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: !Ref I
      Roles: {authenticated: role-a, unauthenticated: role-u}
      RoleMappings:
        any:
          IdentityProvider: !Sub '${P.ProviderName}:${C}'
          Type: Rules
          AmbiguousRoleResolution: Deny
          RulesConfiguration: {Rules: [{Claim: 'custom:dept', MatchType: StartsWith, Value: op, RoleARN: role-o}]}
  T: {Type: AWS::Cognito::IdentityPoolPrincipalTag, Properties: {IdentityPoolId: !Ref I, IdentityProviderName: !GetAtt P.ProviderName, UseDefaults: true}}
Outputs: {Pool: {Value: !Ref I}, Name: {Value: !GetAtt I.Name}, Provider: {Value: !Ref O}}",
    );
    let stack = loaded(&text).unwrap();
    let [pool] = stack.identity_pools.as_slice() else {
        panic!("{:?}", stack.identity_pools);
    };
    assert_eq!(stack.outputs["Pool"], pool.id);
    assert_eq!(stack.outputs["Name"], pool.name);
    let uuid = pool.id.strip_prefix("us-east-1:").unwrap();
    assert_eq!(uuid.len(), 36);
    assert!(pool.arn.ends_with(&format!(":identitypool/{}", pool.id)));
    assert_eq!(
        pool.developer_provider_name.as_deref(),
        Some("login.example.org")
    );
    let user_pool = &stack.user_pools[0];
    let [client] = pool.cognito_identity_providers.as_slice() else {
        panic!("{pool:?}");
    };
    let provider = format!("cognito-idp.us-east-1.amazonaws.com/{}", user_pool.id);
    assert_eq!(client.provider_name, provider);
    assert_eq!(client.client_id, user_pool.clients[0].id);
    assert!(client.server_side_token_check);
    assert_eq!(pool.roles.authenticated.as_deref(), Some("role-a"));
    assert_eq!(pool.roles.unauthenticated.as_deref(), Some("role-u"));
    let mapping = &pool.role_mappings[&client.mapping_key()];
    assert_eq!(mapping.ambiguous, AmbiguousRoleResolution::Deny);
    let rule = Rule {
        claim: "custom:dept".to_owned(),
        match_type: MatchType::StartsWith,
        value: "op".to_owned(),
        role_arn: "role-o".to_owned(),
    };
    assert_eq!(mapping.kind, MappingKind::Rules(vec![rule]));
    assert!(pool.principal_tags[&provider].use_defaults);
    let arn = "arn:aws:iam::123456789012:oidc-provider/login.example.com/tenant";
    assert_eq!(stack.outputs["Provider"], arn);
    assert_eq!(
        stack.open_id_connect_providers[0].name(),
        "login.example.com/tenant"
    );
}

#[test]
fn what_a_pool_cannot_be_is_named() {
    let attachment = |mapping: &str| {
        format!(
            "  A: {{Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {{IdentityPoolId: !Ref I, RoleMappings: {{key: {{{mapping}}}}}}}}}"
        )
    };
    let token = "Type: Token, AmbiguousRoleResolution: Deny";
    let cases = [
        (
            "Facebook",
            with("SupportedLoginProviders: {graph.facebook.com: '1'}", ""),
            "Resources.I.Properties.SupportedLoginProviders: not understood by local-cognito",
        ),
        (
            "a name with blanks",
            with("DeveloperProviderName: a b", ""),
            "Resources.I.Properties.DeveloperProviderName: expected 1 to 128 letters, digits and _.-",
        ),
        (
            "a provider that the pool does not have",
            with("", &attachment(token)),
            "Resources.A.Properties.RoleMappings: key is not a valid RoleMapping ProviderName or is not a configured provider.",
        ),
        (
            "a mapping that does not say what is ambiguous",
            with(
                "",
                &attachment("Type: Token, IdentityProvider: !Sub '${P.ProviderName}:${C}'"),
            ),
            "Resources.A.Properties.RoleMappings.key.AmbiguousRoleResolution: expected AuthenticatedRole or Deny",
        ),
        (
            "rules without rules",
            with(
                "",
                &attachment(
                    "Type: Rules, AmbiguousRoleResolution: Deny, IdentityProvider: !Sub '${P.ProviderName}:${C}'",
                ),
            ),
            "Resources.A.Properties.RoleMappings.key.RulesConfiguration: expected with the type Rules",
        ),
        (
            "a pool of elsewhere",
            with(
                "",
                "  A: {Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {IdentityPoolId: 'us-east-1:1'}}",
            ),
            "Resources.A.Properties.IdentityPoolId: no identity pool of this template has this id",
        ),
        (
            "tags of nobody",
            with(
                "",
                "  T: {Type: AWS::Cognito::IdentityPoolPrincipalTag, Properties: {IdentityPoolId: !Ref I, IdentityProviderName: nobody}}",
            ),
            "Resources.T.Properties.IdentityProviderName: the identity pool has no such provider",
        ),
        (
            "a provider without TLS",
            resources(
                "  O: {Type: AWS::IAM::OIDCProvider, Properties: {Url: 'http://login.example.com'}}",
            ),
            "Resources.O.Properties.Url: expected https, or http on the loopback interface, without a slash at the end",
        ),
    ];
    for (name, text, problem) in cases {
        check_refused(name, &text, &[problem]);
    }
}

#[test]
fn a_pool_s_id_can_be_fixed() {
    let mut settings = super::settings();
    let id = "us-east-1:5b0c1a52-8f1d-4c26-9d4e-0a4f6d1f7a33";
    settings.ids.insert("I".to_owned(), id.to_owned());
    let stack = super::loaded_with(&with("", ""), &settings).unwrap();
    assert_eq!(stack.identity_pools[0].id, id);
    settings
        .ids
        .insert("I".to_owned(), "eu-west-1:1".to_owned());
    let refused = super::loaded_with(&with("", ""), &settings).unwrap_err();
    assert_eq!(
        refused,
        ["Resources.I: --id: expected us-east-1: with a UUID behind it"]
    );
}
