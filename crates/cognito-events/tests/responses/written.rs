//! What we write, trigger by trigger.

use std::collections::BTreeMap;

use cognito_events::pre_token_generation::{
    AccessTokenGeneration, ClaimsAndScopeOverrideDetails, ClaimsOverrideDetails,
    GroupOverrideDetails, IdTokenGeneration, ResponseV1, ResponseV2,
};
use cognito_events::{
    ChallengeName, create_auth_challenge, custom_message, define_auth_challenge,
    inbound_federation, post_authentication, post_confirmation, pre_authentication, pre_sign_up,
    user_migration, verify_auth_challenge_response,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{Claim, read_again};

#[test]
fn nothing_decided_says_nothing() {
    check(
        pre_sign_up::Response::default(),
        json!({"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false}),
    );
    check(post_confirmation::Response::default(), json!({}));
    check(pre_authentication::Response::default(), json!({}));
    check(post_authentication::Response::default(), json!({}));
    check(ResponseV1::default(), json!({}));
    check(ResponseV2::<Claim>::default(), json!({}));
    check(custom_message::Response::default(), json!({}));
    check(user_migration::Response::default(), json!({}));
    check(define_auth_challenge::Response::default(), json!({}));
    check(create_auth_challenge::Response::default(), json!({}));
    check(
        verify_auth_challenge_response::Response::default(),
        json!({}),
    );
    check(
        inbound_federation::Response::<Value>::default(),
        json!({"userAttributesToMap": {}}),
    );
}

#[test]
fn pre_sign_up() {
    check(
        pre_sign_up::Response {
            auto_confirm_user: true,
            auto_verify_email: true,
            auto_verify_phone: false,
        },
        json!({"autoConfirmUser": true, "autoVerifyEmail": true, "autoVerifyPhone": false}),
    );
}

#[test]
fn pre_token_generation_v1() {
    check(
        ResponseV1 {
            claims_override_details: Some(ClaimsOverrideDetails {
                claims_to_add_or_override: Some(text_map([("plan", "team")])),
                claims_to_suppress: Some(vec!["email".to_owned()]),
                ..ClaimsOverrideDetails::default()
            }),
        },
        json!({"claimsOverrideDetails": {
            "claimsToAddOrOverride": {"plan": "team"},
            "claimsToSuppress": ["email"],
        }}),
    );
}

#[test]
fn pre_token_generation_v2() {
    check(
        ResponseV2 {
            claims_and_scope_override_details: Some(ClaimsAndScopeOverrideDetails {
                id_token_generation: Some(IdTokenGeneration {
                    claims_to_add_or_override: Some(BTreeMap::from([(
                        "plan".to_owned(),
                        json!("team"),
                    )])),
                    claims_to_suppress: Some(vec!["email".to_owned()]),
                }),
                access_token_generation: Some(AccessTokenGeneration {
                    claims_to_add_or_override: Some(BTreeMap::from([(
                        "tenant".to_owned(),
                        json!({"id": "t-19", "regions": ["eu", "us"]}),
                    )])),
                    scopes_to_add: Some(vec!["ledger-api/read".to_owned()]),
                    scopes_to_suppress: Some(vec!["aws.cognito.signin.user.admin".to_owned()]),
                    ..AccessTokenGeneration::default()
                }),
                ..ClaimsAndScopeOverrideDetails::default()
            }),
        },
        json!({"claimsAndScopeOverrideDetails": {
            "idTokenGeneration": {"claimsToAddOrOverride": {"plan": "team"}, "claimsToSuppress": ["email"]},
            "accessTokenGeneration": {
                "claimsToAddOrOverride": {"tenant": {"id": "t-19", "regions": ["eu", "us"]}},
                "scopesToAdd": ["ledger-api/read"],
                "scopesToSuppress": ["aws.cognito.signin.user.admin"],
            },
        }}),
    );
}

#[test]
fn pre_token_generation_with_other_groups() {
    let groups = GroupOverrideDetails {
        groups_to_override: Some(vec!["editors".to_owned()]),
        iam_roles_to_override: Some(Vec::new()),
        preferred_role: None,
    };
    check(
        ResponseV2::<Claim> {
            claims_and_scope_override_details: Some(ClaimsAndScopeOverrideDetails {
                group_override_details: Some(groups),
                ..ClaimsAndScopeOverrideDetails::default()
            }),
        },
        json!({"claimsAndScopeOverrideDetails": {
            "groupOverrideDetails": {"groupsToOverride": ["editors"], "iamRolesToOverride": []},
        }}),
    );
}

#[test]
fn custom_message() {
    check(
        custom_message::Response {
            sms_message: Some("{####} is your code".to_owned()),
            email_message: Some("<p>{####}</p>".to_owned()),
            email_subject: Some("Your code".to_owned()),
        },
        json!({"smsMessage": "{####} is your code", "emailMessage": "<p>{####}</p>", "emailSubject": "Your code"}),
    );
}

#[test]
fn user_migration() {
    check(
        user_migration::Response {
            user_attributes: Some(text_map([
                ("email", "ines.falk@example.org"),
                ("email_verified", "true"),
            ])),
            final_user_status: Some(user_migration::FinalUserStatus::Confirmed),
            message_action: Some(user_migration::MessageAction::Suppress),
            desired_delivery_mediums: Some(vec![
                user_migration::DeliveryMedium::Email,
                user_migration::DeliveryMedium::Sms,
            ]),
            force_alias_creation: Some(false),
            enable_sms_mfa: Some(true),
        },
        json!({
            "userAttributes": {"email": "ines.falk@example.org", "email_verified": "true"},
            "finalUserStatus": "CONFIRMED",
            "messageAction": "SUPPRESS",
            "desiredDeliveryMediums": ["EMAIL", "SMS"],
            "forceAliasCreation": false,
            "enableSMSMFA": true,
        }),
    );
}

#[test]
fn custom_challenge() {
    check(
        define_auth_challenge::Response {
            challenge_name: Some(ChallengeName::CustomChallenge),
            issue_tokens: Some(false),
            fail_authentication: Some(false),
        },
        json!({"challengeName": "CUSTOM_CHALLENGE", "issueTokens": false, "failAuthentication": false}),
    );
    check(
        create_auth_challenge::Response {
            public_challenge_parameters: Some(text_map([("kind", "email-code")])),
            private_challenge_parameters: Some(text_map([("codeHash", "9f2c51")])),
            challenge_metadata: Some("EMAIL-CODE-1".into()),
        },
        json!({
            "publicChallengeParameters": {"kind": "email-code"},
            "privateChallengeParameters": {"codeHash": "9f2c51"},
            "challengeMetadata": "EMAIL-CODE-1",
        }),
    );
    check(
        verify_auth_challenge_response::Response {
            answer_correct: Some(true),
        },
        json!({"answerCorrect": true}),
    );
}

#[test]
fn challenge_names() {
    for name in [
        "CUSTOM_CHALLENGE",
        "SRP_A",
        "PASSWORD_VERIFIER",
        "SMS_MFA",
        "EMAIL_OTP",
        "SOFTWARE_TOKEN_MFA",
        "DEVICE_SRP_AUTH",
        "DEVICE_PASSWORD_VERIFIER",
        "ADMIN_NO_SRP_AUTH",
    ] {
        let read: ChallengeName = serde_json::from_value(json!(name)).unwrap();
        assert!(!matches!(read, ChallengeName::Unknown(_)), "{name}");
        assert_eq!(json!(read), name);
    }
}

#[test]
fn inbound_federation() {
    let mapped = [
        ("sub".to_owned(), json!("108455502213371337042")),
        ("groups".to_owned(), json!(["eng", "oncall"])),
    ];
    check(
        inbound_federation::Response {
            user_attributes_to_map: mapped.into_iter().collect(),
        },
        json!({"userAttributesToMap": {"sub": "108455502213371337042", "groups": ["eng", "oncall"]}}),
    );
}

/// The response is written as exactly this, and is the same after it was read again.
#[track_caller]
fn check<Response: Serialize + DeserializeOwned>(response: Response, wire: Value) {
    assert_eq!(serde_json::to_value(&response).unwrap(), wire);
    assert_eq!(read_again::<Response>(&wire).unwrap(), wire);
}

fn text_map<const N: usize, Map: FromIterator<(String, String)>>(pairs: [(&str, &str); N]) -> Map {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
