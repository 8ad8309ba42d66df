//! Custom challenges (`CUSTOM_AUTH`) without a password: what the functions are told, what the client sees, and how long a session is good.

use aws_sdk_cognitoidentityprovider as cognito;
use cognito::types::{AuthFlowType, ChallengeNameType};
use serde_json::{Value, json};
use tests::jwt;

use crate::custom_auth_script::{
    CODE, CREATE, DEFINE, VERIFY, answer, begin, script, session, stand_in,
};
use crate::flows;
use crate::idp::{self, Refused, refused, tokens};
use crate::recorded::last_request;
use crate::recovery::ines;

const NO_TRIGGERS: &str = "Custom auth lambda trigger is not configured for the user pool.";

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_takes_the_place_of_a_password() {
    let stand_in = stand_in(&script(), &[]);
    ines(&stand_in);
    let client = stand_in.cognito();
    let begun = client
        .initiate_auth()
        .client_id(&stand_in.web_client)
        .auth_flow(AuthFlowType::CustomAuth)
        .auth_parameters("USERNAME", "ines.falk@example.org")
        .client_metadata("dropped", "by Cognito");
    let asked = begun.send().await.unwrap();
    assert_eq!(
        asked.challenge_name,
        Some(ChallengeNameType::CustomChallenge)
    );
    let parameters = asked.challenge_parameters.unwrap();
    assert_eq!(parameters["USERNAME"], "ines");
    assert_eq!(parameters["hint"], "a code");
    assert_eq!(parameters.len(), 2);
    for source in [DEFINE, CREATE] {
        let request = last_request(&stand_in, source);
        assert!(request.get("clientMetadata").is_none(), "{source}");
        assert_eq!(
            request["userAttributes"]["cognito:user_status"],
            "CONFIRMED"
        );
        assert!(session(&stand_in, source).is_empty());
    }

    let answered = |session: Option<String>, code: &str| {
        client
            .respond_to_auth_challenge()
            .client_id(&stand_in.web_client)
            .challenge_name(ChallengeNameType::CustomChallenge)
            .set_session(session)
            .challenge_responses("USERNAME", "ines")
            .challenge_responses("ANSWER", code)
            .client_metadata("channel", "web")
            .send()
    };
    let first = asked.session.unwrap();
    let asked = answered(Some(first.clone()), CODE).await.unwrap();
    let signed_in = asked.authentication_result.unwrap();
    let access = jwt::claims(signed_in.access_token().unwrap());
    assert_eq!(access["username"], "ines");
    flows::custom_auth::RIGHT_ANSWER.was_fired(&stand_in, 0);
    for source in [
        VERIFY,
        DEFINE,
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
    ] {
        let metadata = &last_request(&stand_in, source)["clientMetadata"];
        assert_eq!(metadata, &json!({"channel": "web"}), "{source}");
    }
    assert_eq!(session(&stand_in, DEFINE), ["CUSTOM_CHALLENGE CODE-1"]);
    assert!(last_request(&stand_in, VERIFY).get("session").is_none());

    let again = answered(Some(first), CODE).await.unwrap_err();
    let again = again.into_service_error();
    assert!(again.is_not_authorized_exception());
    assert_eq!(
        again.meta().message(),
        Some("Invalid session for the user.")
    );
}

#[test]
fn a_wrong_answer_is_for_define_auth_challenge_to_judge() {
    let stand_in = stand_in(&script(), &[]);
    let web = &stand_in.web_client;
    ines(&stand_in);
    let wrong = |asked: &Value| answer(&stand_in, web, asked, "000000");
    let first = begin(&stand_in, web, "ines").unwrap();
    let second = wrong(&first).unwrap();
    assert_ne!(first["Session"], second["Session"]);
    assert_eq!(session(&stand_in, DEFINE), ["!CUSTOM_CHALLENGE CODE-1"]);
    assert_eq!(session(&stand_in, CREATE), ["!CUSTOM_CHALLENGE CODE-1"]);
    assert_eq!(
        last_request(&stand_in, CREATE)["challengeName"],
        "CUSTOM_CHALLENGE"
    );
    // The second round is judged by its own secret; the first's is gone.
    let signed_in = answer(&stand_in, web, &second, CODE).unwrap();
    assert!(tokens(&signed_in)["AccessToken"].is_string());
    let rounds = ["!CUSTOM_CHALLENGE CODE-1", "CUSTOM_CHALLENGE CODE-2"];
    assert_eq!(session(&stand_in, DEFINE), rounds);

    let second = wrong(&begin(&stand_in, web, "ines").unwrap()).unwrap();
    let failed = refused("NotAuthorized", "Incorrect username or password.");
    assert_eq!(wrong(&second).unwrap_err(), failed);
    assert_eq!(answer(&stand_in, web, &second, CODE).unwrap_err(), used());
}

#[test]
fn a_session_is_good_once_for_its_client_and_as_long_as_that_says() {
    let stand_in = stand_in(&script(), &[]);
    ines(&stand_in);
    let (web, open) = (&stand_in.web_client, &stand_in.client_id("OpenClient"));
    let asked = begin(&stand_in, web, "ines").unwrap();
    assert_eq!(answer(&stand_in, open, &asked, CODE).unwrap_err(), used());
    let mut another = asked.clone();
    another["ChallengeParameters"]["USERNAME"] = json!("jan");
    assert_eq!(answer(&stand_in, web, &another, CODE).unwrap_err(), used());
    let mfa = json!({"USERNAME": "ines", "SMS_MFA_CODE": CODE});
    let mfa = idp::respond(&stand_in, web, "SMS_MFA", &asked["Session"], mfa);
    assert_eq!(mfa.unwrap_err(), used());
    let asked = answer(&stand_in, web, &asked, "000000").unwrap();

    let longer = begin(&stand_in, open, "ines").unwrap();
    // The clock runs on by itself too.
    stand_in.advance_clock(170);
    let asked = answer(&stand_in, web, &asked, CODE).map(|_| begin(&stand_in, web, "ines"));
    let asked = asked.unwrap().unwrap();
    stand_in.advance_clock(120);
    answer(&stand_in, open, &longer, CODE).unwrap();
    let longer = begin(&stand_in, open, "ines").unwrap();
    stand_in.advance_clock(60);
    let text = "Invalid session for the user, session is expired.";
    let expired = refused("NotAuthorized", text);
    assert_eq!(answer(&stand_in, web, &asked, CODE).unwrap_err(), expired);
    stand_in.advance_clock(240);
    assert_eq!(answer(&stand_in, open, &longer, CODE).unwrap_err(), expired);
}

#[test]
fn a_server_can_play_along() {
    let stand_in = stand_in(&script(), &[]);
    ines(&stand_in);
    let call = |operation: &str, more: Value| {
        let mut input = json!({"UserPoolId": stand_in.pool, "ClientId": stand_in.web_client, "ClientMetadata": {"channel": "server"}});
        input
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        idp::call(&stand_in, operation, input)
    };
    let begun = json!({"AuthFlow": "CUSTOM_AUTH", "AuthParameters": {"USERNAME": "ines"}});
    let asked = call("AdminInitiateAuth", begun).unwrap();
    let responses = json!({"USERNAME": "ines", "ANSWER": CODE});
    let answered = json!({"ChallengeName": "CUSTOM_CHALLENGE", "Session": asked["Session"], "ChallengeResponses": responses});
    let signed_in = call("AdminRespondToAuthChallenge", answered).unwrap();
    assert!(tokens(&signed_in)["RefreshToken"].is_string());
    let metadata = &last_request(&stand_in, VERIFY)["clientMetadata"];
    assert_eq!(metadata, &json!({"channel": "server"}));
    flows::custom_auth::RIGHT_ANSWER.was_fired(&stand_in, 0);
}

#[test]
fn whoever_lacks_something_is_told_what() {
    let stand_in = stand_in(&script(), &[]);
    ines(&stand_in);
    let web = &stand_in.web_client;
    let invalid = |text: &str| refused("InvalidParameter", text);
    let other = &stand_in.client_id("PasswordClient");
    let not_enabled = invalid("CUSTOM_AUTH flow not enabled for this client");
    assert_eq!(begin(&stand_in, other, "ines").unwrap_err(), not_enabled);
    let back_end = &stand_in.client_id("BackEndClient");
    let text =
        format!("Client {back_end} is configured with secret but SECRET_HASH was not received");
    let no_hash = refused("NotAuthorized", &text);
    assert_eq!(begin(&stand_in, back_end, "ines").unwrap_err(), no_hash);
    for (parameters, text) in [
        (json!({}), "Missing required parameter USERNAME"),
        (
            json!({"USERNAME": "ines", "CHALLENGE_NAME": "SRP_A"}),
            "Missing required parameter SRP_A",
        ),
        (
            json!({"USERNAME": "ines", "CHALLENGE_NAME": "SMS_MFA"}),
            "CHALLENGE_NAME can only be SRP_A",
        ),
        (
            json!({"USERNAME": "ines", "CHALLENGE_NAME": "SRP_A", "SRP_A": "0"}),
            "SRP_A is not valid",
        ),
    ] {
        let begun = idp::initiate(&stand_in, web, "CUSTOM_AUTH", parameters);
        assert_eq!(begun.unwrap_err(), invalid(text));
    }

    let asked = begin(&stand_in, web, "ines").unwrap();
    let respond = |session: &Value, responses: Value| -> Refused {
        idp::respond(&stand_in, web, "CUSTOM_CHALLENGE", session, responses).unwrap_err()
    };
    for (responses, text) in [
        (
            json!({"USERNAME": "ines"}),
            "Missing required parameter ANSWER",
        ),
        (
            json!({"USERNAME": "ines", "ANSWER": ""}),
            "Missing required parameter ANSWER",
        ),
        (
            json!({"ANSWER": CODE}),
            "Missing required parameter USERNAME",
        ),
    ] {
        assert_eq!(respond(&asked["Session"], responses), invalid(text));
    }
    let responses = || json!({"USERNAME": "ines", "ANSWER": CODE});
    let missing = invalid("Missing required parameter Session");
    assert_eq!(respond(&Value::Null, responses()), missing);
    assert_eq!(respond(&json!("made up"), responses()), used());
    // None of that has used the session.
    answer(&stand_in, web, &asked, CODE).unwrap();
}

#[test]
fn a_pool_needs_all_three_functions() {
    let stand_in = stand_in(&script(), &[]);
    ines(&stand_in);
    let web = &stand_in.web_client;
    let asked = begin(&stand_in, web, "ines").unwrap();
    let described = idp::call(
        &stand_in,
        "DescribeUserPool",
        json!({"UserPoolId": stand_in.pool}),
    );
    let wired = described.unwrap()["UserPool"]["LambdaConfig"].clone();
    let names = [
        "DefineAuthChallenge",
        "CreateAuthChallenge",
        "VerifyAuthChallengeResponse",
    ];
    let not_configured = refused("InvalidParameter", NO_TRIGGERS);
    for name in names {
        let mut wired = wired.clone();
        assert!(wired.as_object_mut().unwrap().remove(name).is_some());
        let update = json!({"UserPoolId": stand_in.pool, "LambdaConfig": wired});
        idp::call(&stand_in, "UpdateUserPool", update).unwrap();
        assert_eq!(
            begin(&stand_in, web, "ines").unwrap_err(),
            not_configured,
            "{name}"
        );
    }
    // The last to go was the one that judges answers.
    assert_eq!(
        answer(&stand_in, web, &asked, CODE).unwrap_err(),
        not_configured
    );
}

fn used() -> Refused {
    refused("NotAuthorized", "Invalid session for the user.")
}
