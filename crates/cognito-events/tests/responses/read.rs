//! What the stand-in reads of a response, and what of it `Debug` shows.

use std::fmt::Debug;

use cognito_events::pre_token_generation::{ResponseV1, ResponseV2};
use cognito_events::{
    create_auth_challenge, custom_message, define_auth_challenge, inbound_federation,
    post_authentication, post_confirmation, pre_authentication, pre_sign_up, user_migration,
    verify_auth_challenge_response,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::event_files::event_files;
use crate::{Claim, read_again};

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
