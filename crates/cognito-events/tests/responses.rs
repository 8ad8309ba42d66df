//! Responses, as Cognito reads them: what we write, what the stand-in refuses to read, and what `Debug` hides.

#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod event_files;

use std::collections::BTreeMap;
use std::fmt::Debug;

use cognito_events::pre_token_generation::{
    AccessTokenGeneration, ClaimsAndScopeOverrideDetails, ClaimsOverrideDetails,
    GroupOverrideDetails, IdTokenGeneration, ResponseV1, ResponseV2,
};
use cognito_events::{
    ChallengeName, create_auth_challenge, custom_message, define_auth_challenge,
    inbound_federation, post_authentication, post_confirmation, pre_authentication, pre_sign_up,
    user_migration, verify_auth_challenge_response,
};
use event_files::event_files;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

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

/// The defaults with which an event comes are a response too; its nulls are the same as their absence.
#[test]
fn the_response_in_an_event_is_one() {
    for file in event_files() {
        let Some(response) = file.event.get("response") else {
            assert!(
                file.folder.ends_with("-sender"),
                "{} has no response",
                file.path
            );
            continue;
        };
        let mut said = response.clone();
        said.as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        assert_eq!(
            again(&file.folder, response).unwrap(),
            said,
            "{}",
            file.path
        );
    }
}

#[test]
fn unknown_names_and_wrong_types_are_refused() {
    for file in event_files() {
        let Some(response) = file.event.get("response") else {
            continue;
        };
        let refuses = |response: &Value| {
            let answer = again(&file.folder, response);
            assert!(answer.is_err(), "{}: {response}", file.path);
        };
        refuses(&json!({"ofTomorrow": null}));
        for name in response.as_object().unwrap().keys() {
            let (first, rest) = name.split_at(1);
            let mut wrong_case = response.clone();
            wrong_case[first.to_uppercase() + rest] = json!(null);
            refuses(&wrong_case);

            let mut wrong_type = response.clone();
            wrong_type[name] = json!(7);
            refuses(&wrong_type);
        }
    }
}

#[test]
fn what_cognito_cannot_recognise_is_refused() {
    let refused: [(&str, Value); 25] = [
        ("pre-sign-up", json!({"AutoConfirmUser": true})),
        ("pre-sign-up", json!({"auto_confirm_user": true})),
        ("pre-sign-up", json!({"autoConfirmUser": "true"})),
        ("pre-sign-up", json!({"autoConfirmUser": 1})),
        ("pre-sign-up", json!("yes")),
        ("post-confirmation", json!({"autoConfirmUser": true})),
        ("pre-authentication", json!({"userNotFound": true})),
        ("post-authentication", json!({"newDeviceUsed": true})),
        (
            "pre-token-generation-v1",
            json!({"claimsAndScopeOverrideDetails": {}}),
        ),
        (
            "pre-token-generation-v1",
            json!({"claimsOverrideDetails": {"claimsToAddOrOverride": {"level": 7}}}),
        ),
        (
            "pre-token-generation-v1",
            json!({"claimsOverrideDetails": {"claimsToAddOrOverride": {"roles": ["editor"]}}}),
        ),
        (
            "pre-token-generation-v1",
            json!({"claimsOverrideDetails": {"claimsToSuppress": "email"}}),
        ),
        (
            "pre-token-generation-v2",
            json!({"claimsOverrideDetails": {}}),
        ),
        (
            "pre-token-generation-v2",
            json!({"claimsAndScopeOverrideDetails": []}),
        ),
        (
            "pre-token-generation-v2",
            json!({"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"scopesToAdd": ["a"]}}}),
        ),
        (
            "pre-token-generation-v3",
            json!({"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"scopesToAdd": "a"}}}),
        ),
        (
            "pre-token-generation-v3",
            json!({"claimsAndScopeOverrideDetails": {"groupOverrideDetails": {"preferredRole": ["a"]}}}),
        ),
        ("custom-message", json!({"SmsMessage": "{####}"})),
        (
            "user-migration",
            json!({"userAttributes": {"email_verified": true}}),
        ),
        ("user-migration", json!({"finalUserStatus": "confirmed"})),
        ("user-migration", json!({"enableSmsMfa": true})),
        ("define-auth-challenge", json!({"issueTokens": "true"})),
        (
            "create-auth-challenge",
            json!({"publicChallengeParameters": {"length": 6}}),
        ),
        (
            "verify-auth-challenge-response",
            json!({"answerCorrect": "true"}),
        ),
        (
            "inbound-federation",
            json!({"userAttributesToMap": ["email"]}),
        ),
    ];
    for (folder, response) in refused {
        assert!(again(folder, &response).is_err(), "{folder}: {response}");
    }
}

#[test]
fn debug_shows_nothing_about_a_person() {
    let about = "about a person";
    let claims = json!({"claim": about});
    check_debug::<ResponseV1>(json!({"claimsOverrideDetails": {"claimsToAddOrOverride": claims}}));
    check_debug::<ResponseV2<Claim>>(json!({"claimsAndScopeOverrideDetails": {
        "idTokenGeneration": {"claimsToAddOrOverride": claims},
        "accessTokenGeneration": {"claimsToAddOrOverride": claims},
    }}));
    check_debug::<custom_message::Response>(
        json!({"smsMessage": about, "emailMessage": about, "emailSubject": about}),
    );
    check_debug::<user_migration::Response>(json!({"userAttributes": {"name": about}}));
    check_debug::<create_auth_challenge::Response>(json!({
        "publicChallengeParameters": {"address": about},
        "privateChallengeParameters": {"code": about},
        "challengeMetadata": about,
    }));
    check_debug::<inbound_federation::Response<Value>>(
        json!({"userAttributesToMap": {"name": about}}),
    );

    #[track_caller]
    fn check_debug<Response: DeserializeOwned + Debug>(response: Value) {
        let response: Response = serde_json::from_value(response).unwrap();
        let debug = format!("{response:?}");
        assert!(!debug.contains("about a person"), "{debug}");
    }
}

/// A claim of a type without a default, which no claim needs.
#[derive(Debug, Serialize, serde::Deserialize)]
struct Claim(Value);

/// The response is written as exactly this, and is the same after it was read again.
#[track_caller]
fn check<Response: Serialize + DeserializeOwned>(response: Response, wire: Value) {
    assert_eq!(serde_json::to_value(&response).unwrap(), wire);
    assert_eq!(read_again::<Response>(&wire).unwrap(), wire);
}

/// Reads a response of the folder's trigger, and writes it again.
fn again(folder: &str, response: &Value) -> Result<Value, serde_json::Error> {
    match folder {
        "create-auth-challenge" => read_again::<create_auth_challenge::Response>(response),
        "custom-message" => read_again::<custom_message::Response>(response),
        "define-auth-challenge" => read_again::<define_auth_challenge::Response>(response),
        "inbound-federation" => read_again::<inbound_federation::Response<Value>>(response),
        "post-authentication" => read_again::<post_authentication::Response>(response),
        "post-confirmation" => read_again::<post_confirmation::Response>(response),
        "pre-authentication" => read_again::<pre_authentication::Response>(response),
        "pre-sign-up" => read_again::<pre_sign_up::Response>(response),
        "pre-token-generation-v1" => read_again::<ResponseV1>(response),
        "pre-token-generation-v2" | "pre-token-generation-v3" => {
            read_again::<ResponseV2<Value>>(response)
        }
        "user-migration" => read_again::<user_migration::Response>(response),
        "verify-auth-challenge-response" => {
            read_again::<verify_auth_challenge_response::Response>(response)
        }
        _ => panic!("no response has the folder {folder}"),
    }
}

fn read_again<Response: DeserializeOwned + Serialize>(
    response: &Value,
) -> Result<Value, serde_json::Error> {
    serde_json::to_value(serde_json::from_str::<Response>(&response.to_string())?)
}

fn text_map<const N: usize, Map: FromIterator<(String, String)>>(pairs: [(&str, &str); N]) -> Map {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
