//! User pools and their app clients: what a template says of them, and what AWS takes where it says nothing.

use super::*;

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
