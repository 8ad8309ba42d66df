mod http_api;
mod own_template;

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;

use super::*;

fn settings() -> Settings {
    Settings {
        region: "us-east-1".to_owned(),
        account_id: "123456789012".to_owned(),
        stack_name: "stack".to_owned(),
        parameters: BTreeMap::new(),
        ids: BTreeMap::new(),
    }
}

fn loaded_with(text: &str, settings: &Settings) -> Result<Stack, Vec<String>> {
    let problems = Problems::default();
    let stack = stack(text, settings, &Place::root(&problems));
    match problems.take() {
        problems if problems.is_empty() => Ok(stack.unwrap()),
        problems => Err(problems),
    }
}

fn loaded(text: &str) -> Result<Stack, Vec<String>> {
    loaded_with(text, &settings())
}

#[track_caller]
fn check_refused(name: &str, text: &str, problems: &[&str]) {
    assert_eq!(loaded(text).unwrap_err(), problems, "{name}");
}

/// A template with these resources.
fn resources(resources: &str) -> String {
    format!("Resources:\n{resources}")
}

/// A function, a pool that calls it, and these resources.
fn wired(others: &str) -> String {
    resources(&format!(
        "
  F:
    Type: AWS::Serverless::Function
    Metadata: {{BuildMethod: rust-cargolambda, BuildProperties: {{Binary: f}}}}
    Properties: {{Runtime: provided.al2023}}
  P:
    Type: AWS::Cognito::UserPool
    Properties:
      LambdaConfig: {{PreSignUp: !GetAtt F.Arn}}
{others}"
    ))
}

fn flows(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn everything_that_is_not_understood_is_named_at_once() {
    check_refused(
        "all",
        "
Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions]
Rules: {R: {}}
Globals: {Api: {}}
Conditions: {C: !Guess x}
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !ImportValue x}}
  P:
    Type: AWS::Cognito::UserPool
    UpdatePolicy: {}
    Properties:
      MfaConfiguration: SOMETIMES
      DeviceConfiguration: {Always: true}
      LambdaConfig: {KMSKeyID: x, PreSignUp: arn}
      Policies: {PasswordPolicy: {MinimumLength: 5, PasswordHistorySize: 3}}
  G: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: elsewhere}}
  Broken: 7
Outputs: {O: {Value: !Ref Nobody}, Q: {}}
",
        &[
            "Transform: not understood by local-cognito, other than AWS::Serverless-2016-10-31",
            "Rules: not understood by local-cognito",
            "Conditions.C.Fn::Guess: not a condition",
            "Globals.Api: not understood by local-cognito",
            "Resources.Broken: expected a mapping",
            "Resources.P.UpdatePolicy: not understood by local-cognito",
            "Resources.Bucket.Properties.BucketName.Fn::ImportValue: not understood by local-cognito",
            "Resources.Bucket.Type: AWS::S3::Bucket is not understood by local-cognito",
            "Resources.G.Properties.UserPoolId: no user pool of this template has this id",
            "Resources.G.Properties: expected GroupName",
            "Resources.P.Properties.LambdaConfig.PreSignUp: no function of this template has this ARN",
            "Resources.P.Properties.LambdaConfig.KMSKeyID: not understood by local-cognito",
            "Resources.P.Properties.Policies.PasswordPolicy.MinimumLength: expected a whole number from 6 to 99",
            "Resources.P.Properties.Policies.PasswordPolicy.PasswordHistorySize: not understood by local-cognito",
            "Resources.P.Properties.MfaConfiguration: SOMETIMES is not understood by local-cognito; it knows OFF, OPTIONAL, ON",
            "Resources.P.Properties.DeviceConfiguration.Always: not understood by local-cognito",
            "Outputs.O.Value: nothing here has the name Nobody",
            "Outputs.Q: expected a Value",
        ],
    );
}

#[test]
fn circles_are_refused() {
    check_refused(
        "a function that knows its pool",
        "
Resources:
  F:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: rust-cargolambda, BuildProperties: {Binary: f}}
    Properties: {Runtime: provided.al2023, Environment: {Variables: {POOL: !Ref P}}}
  P:
    Type: AWS::Cognito::UserPool
    Properties: {LambdaConfig: {PreSignUp: !GetAtt F.Arn}}
",
        &["Resources: a circle of F, P: none of them can be made first"],
    );
    check_refused(
        "a resource that knows itself",
        &resources("  L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Ref L}}"),
        &["Resources: a circle of L: none of them can be made first"],
    );
    check_refused(
        "by DependsOn",
        &resources(
            "  A: {Type: AWS::Logs::LogGroup, DependsOn: [B]}\n  B: {Type: AWS::Logs::LogGroup, DependsOn: A}",
        ),
        &["Resources: a circle of A, B: none of them can be made first"],
    );
    check_refused(
        "conditions",
        "Conditions: {A: !Not [!Condition B], B: !Condition A}\nResources: {L: {Type: AWS::Logs::LogGroup}}",
        &["Conditions: a circle of A, B"],
    );
}

#[test]
fn conditions_are_evaluated() {
    let holds = |condition: &str| {
        let text = format!(
            "
Parameters: {{P: {{Type: String, Default: a}}}}
Conditions: {{Yes: !Equals [1, '1'], C: {condition}}}
Resources: {{L: {{Type: AWS::Logs::LogGroup}}}}
Outputs: {{O: {{Value: !If [C, 'yes', 'no']}}}}"
        );
        loaded(&text).map(|stack| stack.outputs["O"].clone())
    };
    let cases = [
        ("!Equals [!Ref P, a]", Ok("yes")),
        ("!Equals [!Ref P, b]", Ok("no")),
        ("!Not [!Equals [!Ref P, b]]", Ok("yes")),
        ("!And [!Condition Yes, !Equals [!Ref P, b]]", Ok("no")),
        ("!Or [!Condition Yes, !Equals [!Ref P, b]]", Ok("yes")),
        ("{Fn::Or: [{Condition: Yes}, {Condition: Yes}]}", Ok("yes")),
        (
            "!And [!Condition Yes]",
            Err("Conditions.C.Fn::And: expected a list of 2 to 10 conditions"),
        ),
        (
            "!Equals [1]",
            Err("Conditions.C.Fn::Equals: expected a list of 2"),
        ),
        (
            "!Not [!Condition No]",
            Err("Conditions.C.Fn::Not[0].Condition: no such condition"),
        ),
        ("true", Err("Conditions.C: expected a condition")),
        (
            "!Equals [!Ref L, a]",
            Err("Conditions.C.Fn::Equals[0]: nothing here has the name L"),
        ),
    ];
    for (condition, expected) in cases {
        let expected = expected.map(str::to_owned);
        assert_eq!(
            holds(condition),
            expected.map_err(|problem| vec![problem.to_owned()]),
            "{condition}"
        );
    }
}

#[test]
fn what_a_condition_leaves_out_is_not_made() {
    let text = |reference: &str| {
        format!(
            "
Conditions: {{No: !Equals [a, b]}}
Resources:
  L: {{Type: AWS::Logs::LogGroup, Properties: {{Tag: {reference}}}}}
  T: {{Type: AWS::DynamoDB::Table, Condition: No}}"
        )
    };
    assert_eq!(loaded(&text("x")).unwrap().tables, []);
    check_refused(
        "reference",
        &text("!Ref T"),
        &["Resources.L.Properties.Tag: the condition of T is false"],
    );
}

#[test]
fn sam_makes_a_role_for_a_function_that_names_none() {
    let text = |role: &str| {
        format!(
            "
Resources:
  A: {{Type: AWS::IAM::RolePolicy, Properties: {{RoleName: !Ref FRole}}}}
  F:
    Type: AWS::Serverless::Function
    Metadata: {{BuildMethod: rust-cargolambda, BuildProperties: {{Binary: f}}}}
    Properties: {{{role}}}
Outputs: {{O: {{Value: !GetAtt FRole.Arn}}}}"
        )
    };
    let arn = &loaded(&text("")).unwrap().outputs["O"];
    assert!(
        arn.starts_with("arn:aws:iam::123456789012:role/stack-FRole-"),
        "{arn}"
    );
    check_refused(
        "a role of its own",
        &text("Role: arn:aws:iam::123456789012:role/another"),
        &[
            "Resources.A.Properties.RoleName: nothing here has the name FRole",
            "Outputs.O.Value.Fn::GetAtt: nothing here has the name FRole",
        ],
    );
}

#[test]
fn a_table_can_have_a_stream_and_others_can_read_it() {
    let text = |stream: &str| {
        format!(
            "
Resources:
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{{AttributeName: a, KeyType: HASH}}, {{AttributeName: b, KeyType: RANGE}}]
      AttributeDefinitions: [{{AttributeName: a, AttributeType: S}}, {{AttributeName: b, AttributeType: S}}]
      {stream}
  P: {{Type: AWS::Pipes::Pipe, Properties: {{Source: !GetAtt T.StreamArn, Target: !GetAtt Q.Arn}}}}
  Q: {{Type: AWS::SQS::Queue}}"
        )
    };
    let stack = loaded(&text("StreamSpecification: {StreamViewType: NEW_IMAGE}")).unwrap();
    assert_eq!(
        stack.tables[0].create_table["StreamSpecification"],
        json!({"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"})
    );
    check_refused(
        "no stream",
        &text(""),
        &[
            "Resources.P.Properties.Source.Fn::GetAtt: T.StreamArn is not understood by local-cognito",
        ],
    );
}

#[test]
fn a_trigger_needs_a_permission() {
    let permission = |function: &str, arn: &str| {
        format!(
            "
  X:
    Type: AWS::Lambda::Permission
    Properties: {{FunctionName: {function}, Action: lambda:InvokeFunction, Principal: cognito-idp.amazonaws.com, SourceArn: {arn}}}"
        )
    };
    let cases = [
        (
            "its own",
            permission("!GetAtt F.Arn", "!GetAtt P.Arn"),
            true,
        ),
        ("by name", permission("!Ref F", "!GetAtt P.Arn"), true),
        (
            "every pool",
            permission(
                "!Ref F",
                "!Sub 'arn:aws:cognito-idp:*:${AWS::AccountId}:userpool/*'",
            ),
            true,
        ),
        (
            "another pool",
            permission("!Ref F", "!Sub '${P.Arn}x'"),
            false,
        ),
        (
            "another function",
            permission("other", "!GetAtt P.Arn"),
            false,
        ),
        (
            "another caller",
            permission("!Ref F", "!GetAtt P.Arn").replace("cognito-idp.amazonaws", "sns.amazonaws"),
            false,
        ),
        (
            "another action",
            permission("!Ref F", "!GetAtt P.Arn")
                .replace("lambda:InvokeFunction", "lambda:GetFunction"),
            false,
        ),
        (
            "another account",
            permission("!Ref F", "!GetAtt P.Arn, SourceAccount: '210987654321'"),
            false,
        ),
        ("none", String::new(), false),
    ];
    for (name, permission, expected) in cases {
        let stack = loaded(&wired(&permission)).unwrap();
        let mut permissions = stack.functions[0].permissions.iter();
        let permitted = permissions
            .any(|permission| permission.lets_call(&stack.user_pools[0].arn, &stack.account_id));
        assert_eq!(permitted, expected, "{name}");
    }
}

#[test]
fn clients_may_name_the_identity_providers_of_their_pool() {
    let stack = loaded(&resources(
        "  P: {Type: AWS::Cognito::UserPool}
  I: {Type: AWS::Cognito::UserPoolIdentityProvider, Properties: {UserPoolId: !Ref P, ProviderName: Okta, ProviderType: SAML, ProviderDetails: {MetadataURL: 'https://example.org'}}}
  C: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref P, SupportedIdentityProviders: [!Ref I]}}",
    ));
    let pool = stack.unwrap().user_pools.remove(0);
    assert_eq!(pool.identity_providers[0].provider_type, "SAML");
    assert_eq!(pool.clients[0].supported_identity_providers, ["Okta"]);
}

#[test]
fn pools_have_the_defaults_of_aws() {
    let stack = loaded(&resources(
        "  P: {Type: AWS::Cognito::UserPool}\n  C: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref P}}",
    ));
    let pool = stack.unwrap().user_pools.remove(0);
    assert!(pool.case_sensitive);
    assert!(!pool.deletion_protection && !pool.admin_create_user_only);
    assert_eq!(
        (&*pool.tier, &*pool.mfa_configuration),
        ("ESSENTIALS", "OFF")
    );
    assert_eq!(
        pool.password_policy,
        PasswordPolicy {
            minimum_length: 8,
            require_lowercase: true,
            require_uppercase: true,
            require_numbers: true,
            require_symbols: true,
            temporary_password_validity_days: 7,
        }
    );
    let client = &pool.clients[0];
    assert!(client.secret.is_none() && client.enable_token_revocation);
    assert!(!client.prevent_user_existence_errors);
    assert_eq!(client.access_token_validity, Duration::from_hours(1));
    assert_eq!(client.id_token_validity, Duration::from_hours(1));
    assert_eq!(client.refresh_token_validity, Duration::from_hours(720));
    assert_eq!(client.auth_session_validity, Duration::from_mins(3));
    assert_eq!(client.refresh_token_rotation, None);
    assert_eq!(
        client.explicit_auth_flows,
        flows(&[
            "ALLOW_CUSTOM_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
            "ALLOW_USER_SRP_AUTH"
        ])
    );
}

#[test]
fn a_pools_factors_are_read() {
    let pool = |properties: &str| {
        loaded(&resources(&format!(
            "  P: {{Type: AWS::Cognito::UserPool, Properties: {{{properties}}}}}"
        )))
        .map(|mut stack| stack.user_pools.remove(0))
    };
    let plain = pool("").unwrap();
    assert_eq!(plain.enabled_mfas, Vec::<String>::new());
    assert_eq!(plain.allowed_first_auth_factors, ["PASSWORD"]);
    assert_eq!(plain.device_configuration, None);
    let rich = pool(
        "MfaConfiguration: OPTIONAL, EnabledMfas: [SMS_MFA, SOFTWARE_TOKEN_MFA], SmsConfiguration: {}, DeviceConfiguration: {ChallengeRequiredOnNewDevice: true}, \
         Policies: {SignInPolicy: {AllowedFirstAuthFactors: [PASSWORD, EMAIL_OTP]}}",
    )
    .unwrap();
    assert_eq!(rich.mfa_configuration, "OPTIONAL");
    assert_eq!(rich.enabled_mfas, ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]);
    assert_eq!(rich.allowed_first_auth_factors, ["PASSWORD", "EMAIL_OTP"]);
    let devices = DeviceConfiguration {
        challenge_required_on_new_device: true,
        device_only_remembered_on_user_prompt: false,
    };
    assert_eq!(rich.device_configuration, Some(devices));
    let by_sms = pool("MfaConfiguration: ON, SmsConfiguration: {}").unwrap();
    assert_eq!(by_sms.enabled_mfas, ["SMS_MFA"]);
    for refused in [
        "MfaConfiguration: ON",
        "MfaConfiguration: ON, EnabledMfas: [SMS_MFA]",
        "MfaConfiguration: ON, EnabledMfas: [EMAIL_OTP]",
        "MfaConfiguration: ON, EnabledMfas: [SOFTWARE_TOKEN_MFA], Policies: {SignInPolicy: {AllowedFirstAuthFactors: [PASSWORD, SMS_OTP]}}",
        "Policies: {SignInPolicy: {AllowedFirstAuthFactors: [EMAIL_OTP]}}",
        "Policies: {SignInPolicy: {AllowedFirstAuthFactors: [PASSWORD, WEB_AUTHN]}}",
        "UserPoolTier: LITE, Policies: {SignInPolicy: {AllowedFirstAuthFactors: [PASSWORD, EMAIL_OTP]}}",
    ] {
        assert!(pool(refused).is_err(), "{refused}");
    }
}

#[test]
fn a_pools_texts_and_schema_are_read() {
    let text = resources(
        "
  P:
    Type: AWS::Cognito::UserPool
    Properties:
      EmailVerificationSubject: older
      EmailAuthenticationMessage: '{####} it is'
      EmailVerificationMessage: older {####}
      VerificationMessageTemplate: {EmailSubject: newer}
      AdminCreateUserConfig: {InviteMessageTemplate: {EmailMessage: 'for {username}: {####}'}}
      Schema:
        - {Name: email, Required: true, AttributeDataType: String}
        - {Name: level, AttributeDataType: Number, Mutable: false, NumberAttributeConstraints: {MinValue: '1', MaxValue: '9'}}
        - {Name: note, AttributeDataType: String, DeveloperOnlyAttribute: true}",
    );
    let pool = loaded(&text).unwrap().user_pools.remove(0);
    assert_eq!(
        pool.messages,
        Messages {
            verification_email_subject: "newer".to_owned(),
            verification_email_body: "older {####}".to_owned(),
            verification_sms: "Your verification code is {####}. ".to_owned(),
            by_link: false,
            link_email_subject: "Your verification link".to_owned(),
            link_email_body:
                "Please click the link below to verify your email address. {##Verify Email##} "
                    .to_owned(),
            invitation_email_subject: "Your temporary password".to_owned(),
            invitation_email_body: "for {username}: {####}".to_owned(),
            invitation_sms: "Your username is {username} and temporary password is {####}. "
                .to_owned(),
            authentication_email_subject: "Your authentication code".to_owned(),
            authentication_email_body: "{####} it is".to_owned(),
            authentication_sms: "Your authentication code is {####}. ".to_owned(),
        }
    );
    let attribute = |name: &str, data_type: &str, mutable, required, min, max| SchemaAttribute {
        name: name.to_owned(),
        data_type: data_type.to_owned(),
        mutable,
        required,
        min,
        max,
    };
    assert_eq!(
        pool.schema,
        [
            attribute("email", "String", true, true, None, None),
            attribute("custom:level", "Number", false, false, Some(1), Some(9)),
            attribute("dev:note", "String", true, false, None, None),
        ]
    );
}

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

#[test]
fn rotation_and_units_are_read() {
    let text = resources(
        "
  P: {Type: AWS::Cognito::UserPool}
  C:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref P
      RefreshTokenRotation: {Feature: ENABLED, RetryGracePeriodSeconds: 10}
      IdTokenValidity: 600
      RefreshTokenValidity: 0
      TokenValidityUnits: {IdToken: seconds, RefreshToken: hours}",
    );
    let pool = loaded(&text).unwrap().user_pools.remove(0);
    let client = &pool.clients[0];
    assert_eq!(client.refresh_token_rotation, Some(Duration::from_secs(10)));
    assert_eq!(client.id_token_validity, Duration::from_mins(10));
    assert_eq!(client.refresh_token_validity, Duration::from_hours(720));
}

#[test]
fn settings_are_checked_with_the_template() {
    let wrong = Settings {
        account_id: "1".to_owned(),
        ids: BTreeMap::from([("Q".to_owned(), "x".to_owned())]),
        ..settings()
    };
    assert_eq!(
        loaded_with(&resources("  P: {Type: AWS::Cognito::UserPool}"), &wrong).unwrap_err(),
        [
            "the account id: expected twelve digits",
            "--id Q: the template has no such user pool or app client",
        ]
    );
}

#[test]
fn resources_have_a_type_and_a_number() {
    check_refused(
        "none",
        "Description: x",
        &["Resources: expected 1 to 500 resources"],
    );
    check_refused(
        "no type",
        &resources("  A: {}"),
        &["Resources.A: expected a Type"],
    );
    check_refused(
        "no mapping",
        "Resources: []",
        &[
            "Resources: expected a mapping",
            "Resources: expected 1 to 500 resources",
        ],
    );
    let many: String = (0..501)
        .map(|n| format!("  A{n}: {{Type: AWS::Logs::LogGroup}}\n"))
        .collect();
    check_refused(
        "many",
        &resources(&many),
        &["Resources: expected 1 to 500 resources"],
    );
    check_refused(
        "needs nobody",
        &resources("  A: {Type: AWS::Logs::LogGroup, DependsOn: B}"),
        &["Resources.A.DependsOn: nothing here has the name B"],
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let missing = load(Path::new("no/such/template.yaml"), &settings()).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "no/such/template.yaml has 1 problem(s)\n  cannot be read: No such file or directory (os error 2)"
    );
    let directory = load(Path::new(env!("CARGO_MANIFEST_DIR")), &settings()).unwrap_err();
    let error = directory.to_string();
    assert!(
        error.ends_with("cannot be read: Is a directory (os error 21)"),
        "{error}"
    );
}

#[test]
fn keys_are_made_and_known_by_their_aliases() {
    let text = |key: &str, alias: &str| {
        format!(
            "
Resources:
  K: {{Type: AWS::KMS::Key, Properties: {{KeyPolicy: {{}}, {key}}}}}
  A: {{Type: AWS::KMS::Alias, Properties: {{AliasName: {alias}, TargetKeyId: !Ref K}}}}
Outputs: {{Id: {{Value: !GetAtt K.KeyId}}, Arn: {{Value: !GetAtt K.Arn}}, Alias: {{Value: !Ref A}}}}"
        )
    };
    let hmac = "KeySpec: HMAC_256, KeyUsage: GENERATE_VERIFY_MAC";
    for (properties, spec, enabled) in [
        ("EnableKeyRotation: true", KeySpec::SymmetricDefault, true),
        (hmac, KeySpec::Hmac256, true),
        ("Enabled: false", KeySpec::SymmetricDefault, false),
    ] {
        let stack = loaded(&text(properties, "alias/codes")).unwrap();
        let [key] = stack.keys.as_slice() else {
            panic!("{properties}: {:?}", stack.keys);
        };
        assert_eq!((key.spec, key.enabled), (spec, enabled), "{properties}");
        assert_eq!(key.aliases, ["alias/codes"]);
        assert_eq!(stack.outputs["Id"], key.id);
        assert_eq!(stack.outputs["Alias"], "alias/codes");
        let arn = format!("arn:aws:kms:us-east-1:123456789012:key/{}", key.id);
        assert_eq!((&stack.outputs["Arn"], &key.arn), (&arn, &arn));
        assert_eq!(key.id.len(), 36, "{}", key.id);
    }
    let place = "Resources.K.Properties";
    for (properties, problem) in [
        (
            "KeySpec: HMAC_256",
            format!("{place}.KeyUsage: expected GENERATE_VERIFY_MAC"),
        ),
        (
            "KeySpec: HMAC_256, KeyUsage: GENERATE_VERIFY_MAC, EnableKeyRotation: true",
            format!("{place}.EnableKeyRotation: only keys that encrypt can rotate"),
        ),
        (
            "KeySpec: RSA_2048",
            format!(
                "{place}.KeySpec: RSA_2048 is not understood by local-cognito; it knows SYMMETRIC_DEFAULT, HMAC_256"
            ),
        ),
        (
            "KeyUsage: SIGN_VERIFY",
            format!(
                "{place}.KeyUsage: SIGN_VERIFY is not understood by local-cognito; it knows ENCRYPT_DECRYPT"
            ),
        ),
        (
            "MultiRegion: true",
            format!("{place}.MultiRegion: true is not understood by local-cognito; it knows false"),
        ),
    ] {
        check_refused(properties, &text(properties, "alias/codes"), &[&problem]);
    }
    for alias in ["codes", "alias/", "alias/aws/codes", "alias/my codes"] {
        let problem = "Resources.A.Properties.AliasName: expected alias/ and a name behind it that is not AWS's";
        check_refused(alias, &text(hmac, alias), &[problem]);
    }
    check_refused(
        "an alias of nothing",
        &resources(
            "  A: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/a, TargetKeyId: b}}",
        ),
        &["Resources.A.Properties.TargetKeyId: no key of this template has this id"],
    );
}

#[test]
fn a_function_says_what_becomes_of_events_that_nobody_waits_for() {
    let text = |properties: &str| {
        resources(&format!(
            "
  F:
    Type: AWS::Serverless::Function
    Metadata: {{BuildMethod: rust-cargolambda, BuildProperties: {{Binary: f}}}}
    Properties: {{Runtime: provided.al2023, {properties}}}
  Q: {{Type: AWS::SQS::Queue}}
  T: {{Type: AWS::SNS::Topic}}
  A: {{Type: AWS::CloudWatch::Alarm, Properties: {{AlarmActions: [!Ref T], Dimensions: [{{Value: !GetAtt Q.QueueName}}]}}}}
  M: {{Type: AWS::Logs::MetricFilter, Properties: {{FilterPattern: x}}}}"
        ))
    };
    let asynchronous = |properties: &str| {
        let stack = loaded(&text(properties)).unwrap();
        stack.functions[0].asynchronous.clone()
    };
    assert_eq!(asynchronous("Timeout: 3"), Asynchronous::default());
    let queue = asynchronous("DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Q.Arn}");
    let arn = queue.dead_letter_queue.as_deref().unwrap_or_default();
    assert!(
        arn.starts_with("arn:aws:sqs:us-east-1:123456789012:stack-Q-"),
        "{arn}"
    );
    assert_eq!((queue.retries, queue.longest_age.as_secs()), (2, 21_600));
    let topic = "EventInvokeConfig: {MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60, \
                 DestinationConfig: {OnFailure: {Type: SNS, Destination: !Ref T}}}";
    let topic = asynchronous(topic);
    let arn = topic.on_failure.as_deref().unwrap_or_default();
    assert!(
        arn.starts_with("arn:aws:sns:us-east-1:123456789012:stack-T-"),
        "{arn}"
    );
    assert_eq!((topic.retries, topic.longest_age.as_secs()), (0, 60));
    let place = "Resources.F.Properties";
    for (properties, problem) in [
        (
            "DeadLetterQueue: {Type: SQS}",
            format!("{place}.DeadLetterQueue: expected TargetArn"),
        ),
        (
            "EventInvokeConfig: {MaximumRetryAttempts: 3}",
            format!(
                "{place}.EventInvokeConfig.MaximumRetryAttempts: expected a whole number from 0 to 2"
            ),
        ),
        (
            "EventInvokeConfig: {DestinationConfig: {OnSuccess: {Type: SQS}}}",
            format!(
                "{place}.EventInvokeConfig.DestinationConfig.OnSuccess: not understood by local-cognito"
            ),
        ),
    ] {
        check_refused(properties, &text(properties), &[&problem]);
    }
}
