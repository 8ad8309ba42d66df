//! The functions of custom challenges when they refuse, contradict themselves, leave something open or answer with the wrong shape.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::custom_auth_script::{
    CODE, CREATE, DEFINE, VERIFY, after, answer, ask, begin, begin_with_password, fail, scene,
    script, stand_in,
};
use crate::idp::{Gate, PASSWORD, Refused, admin, refused, tokens};
use crate::recovery::ines;

/// What the client sees of a sign-in that is answered rightly, where this scene comes before all others.
fn seen(scene: Value, options: &[&str]) -> (StandIn, Result<Value, Refused>) {
    let stand_in = stand_in(&[vec![scene], script()].concat(), options);
    ines(&stand_in);
    let web = &stand_in.web_client;
    let signed_in =
        begin(&stand_in, web, "ines").and_then(|asked| answer(&stand_in, web, &asked, CODE));
    (stand_in, signed_in)
}

/// The three triggers, with their names as messages have them.
const TRIGGERS: [(&str, &str); 3] = [
    (DEFINE, "DefineAuthChallenge"),
    (CREATE, "CreateAuthChallenge"),
    (VERIFY, "VerifyAuthChallengeResponse"),
];

fn unrecognizable() -> Refused {
    refused("InvalidLambdaResponse", "Unrecognizable lambda output")
}

#[test]
fn a_refusal_is_shown_word_by_word_with_a_period() {
    for (source, trigger) in TRIGGERS {
        let scene = json!({"when": {"triggerSource": source}, "refusal": "Not today, Ines"});
        let text = format!("{trigger} failed with error Not today, Ines.");
        let (_, seen) = seen(scene, &[]);
        assert_eq!(seen.unwrap_err(), refused("UserLambdaValidation", &text));
    }
}

#[test]
fn functions_that_the_pool_may_not_call_are_an_access_that_is_denied() {
    let (_, seen) = seen(json!({}), &["--parameter", "Caller=s3.amazonaws.com"]);
    let text = "DefineAuthChallenge invocation failed due to error AccessDeniedException.";
    assert_eq!(seen.unwrap_err(), refused("UnexpectedLambda", text));
}

#[test]
fn an_answer_of_the_wrong_shape_is_refused() {
    let no_object = refused(
        "InvalidLambdaResponse",
        "Invalid lambda function output : Invalid JSON",
    );
    for (source, _) in TRIGGERS {
        for (answer, refusal) in [
            ("null", no_object.clone()),
            ("{\"response\":{}}", unrecognizable()),
        ] {
            let scene = json!({"when": {"triggerSource": source}, "answer": answer});
            assert_eq!(
                seen(scene, &[]).1.unwrap_err(),
                refusal,
                "{source}, {answer}"
            );
        }
    }
    for (source, response) in [
        (
            DEFINE,
            json!({"issueTokens": "true", "failAuthentication": false}),
        ),
        (
            DEFINE,
            json!({"challengeName": 1, "issueTokens": false, "failAuthentication": false}),
        ),
        (DEFINE, json!({"IssueTokens": true})),
        (
            CREATE,
            json!({"publicChallengeParameters": {"attempts": 3}}),
        ),
        (
            CREATE,
            json!({"privateChallengeParameters": {"codes": ["1"]}}),
        ),
        (CREATE, json!({"privateChallengeParameters": "482913"})),
        (CREATE, json!({"challengeMetadata": {"round": 1}})),
        (VERIFY, json!({"answerCorrect": "true"})),
        (
            VERIFY,
            json!({"answerCorrect": true, "reason": "a good day"}),
        ),
    ] {
        let scene = scene(source, json!({}), response.clone());
        assert_eq!(
            seen(scene, &[]).1.unwrap_err(),
            unrecognizable(),
            "{response}"
        );
    }
}

#[test]
fn what_define_auth_challenge_decides_must_be_one_thing() {
    for response in [
        json!({}),
        json!({"issueTokens": false, "failAuthentication": false}),
        json!({"issueTokens": true, "failAuthentication": true}),
        ask("PASSWORD_VERIFIER"),
        ask("SMS_MFA"),
        ask("CAPTCHA"),
    ] {
        for strict in ["--strict", "--strict=false"] {
            let (_, seen) = seen(after(&[], response.clone()), &[strict]);
            assert_eq!(seen.unwrap_err(), unrecognizable(), "{response}, {strict}");
        }
    }
    let (_, seen) = seen(after(&[], fail()), &[]);
    let failed = refused("NotAuthorized", "Incorrect username or password.");
    assert_eq!(seen.unwrap_err(), failed);
}

#[test]
fn what_is_left_open_is_refused_unless_doubts_pass() {
    let answered = ["CUSTOM_CHALLENGE"];
    let issued = |doubt: &str| (doubt.to_owned(), true);
    for (scene, (told, issues)) in [
        (
            after(&answered, json!({"issueTokens": true})),
            issued("DefineAuthChallenge: the function did not decide what it was asked (failAuthentication)"),
        ),
        (
            after(&[], json!({"challengeName": "CUSTOM_CHALLENGE", "failAuthentication": false})),
            issued("DefineAuthChallenge: the function did not decide what it was asked (issueTokens)"),
        ),
        (
            after(&answered, json!({"challengeName": "CUSTOM_CHALLENGE", "issueTokens": true, "failAuthentication": false})),
            issued("DefineAuthChallenge: the function issued tokens and asked for a challenge"),
        ),
        (
            scene(CREATE, json!({}), json!({})),
            ("CreateAuthChallenge: the function did not decide what it was asked (response)".to_owned(), false),
        ),
        (
            scene(VERIFY, json!({}), json!({})),
            ("VerifyAuthChallengeResponse: the function did not decide what it was asked (answerCorrect)".to_owned(), false),
        ),
    ] {
        let (stand_in, strictly) = seen(scene.clone(), &["--strict"]);
        assert_eq!(strictly.unwrap_err(), unrecognizable(), "{told}");
        assert!(stand_in.logs(&told), "{told}");
        let (stand_in, loosely) = seen(scene, &["--strict=false"]);
        assert!(stand_in.logs(&told), "{told}");
        // No answer is right where the function does not say so, and none fits a secret that was not made.
        let loosely = loosely.unwrap();
        assert_eq!(tokens(&loosely)["AccessToken"].is_string(), issues, "{told}");
    }
}

#[test]
fn a_password_that_was_begun_is_asked_for_first() {
    let another = after(&["SRP_A"], ask("CUSTOM_CHALLENGE"));
    let parameters = json!({"USERNAME": "ines", "CHALLENGE_NAME": "SRP_A", "SRP_A": "a1"});
    for (strict, expected) in [
        ("--strict", Err(unrecognizable())),
        ("--strict=false", Ok(())),
    ] {
        let (stand_in, _) = seen(another.clone(), &[strict]);
        let web = &stand_in.web_client;
        let begun = crate::idp::initiate(&stand_in, web, "CUSTOM_AUTH", parameters.clone());
        let begun = begun.map(|asked| assert_eq!(asked["ChallengeName"], "CUSTOM_CHALLENGE"));
        assert_eq!(begun, expected);
    }
}

#[test]
fn a_challenge_without_parameters_has_the_name_alone() {
    let nothing_public = json!({"privateChallengeParameters": {"codeHash": "first"}});
    let (stand_in, signed_in) = seen(scene(CREATE, json!({}), nothing_public), &[]);
    signed_in.unwrap();
    let asked = begin(&stand_in, &stand_in.web_client, "ines").unwrap();
    assert_eq!(asked["ChallengeParameters"], json!({"USERNAME": "ines"}));
}

#[test]
fn whoever_is_deleted_or_disabled_while_a_function_decides_gets_no_tokens() {
    let script = format!("Script={}", json!(script()));
    let options = ["--parameter", &script];
    let (gate, stand_in) = Gate::with_template("custom-auth.yaml", &options);
    let web = &stand_in.web_client;
    let held = |change: &(dyn Fn() + Sync)| {
        ines(&stand_in);
        let asked = begin(&stand_in, web, "ines").unwrap();
        gate.while_held(|| answer(&stand_in, web, &asked, CODE), change)
            .unwrap_err()
    };
    let change = |operation: &str| drop(admin(&stand_in, operation, "ines", json!({})).unwrap());
    let disabled = held(&|| change("AdminDisableUser"));
    assert_eq!(disabled, refused("NotAuthorized", "User is disabled."));
    change("AdminDeleteUser");
    let deleted = held(&|| change("AdminDeleteUser"));
    assert_eq!(
        deleted,
        refused("NotAuthorized", "Invalid session for the user.")
    );

    ines(&stand_in);
    let (_, proof) = begin_with_password(&stand_in, "ines", PASSWORD).unwrap();
    let proving = || crate::custom_auth_script::prove(&stand_in, proof.clone());
    let deleted = gate.while_held(proving, || change("AdminDeleteUser"));
    assert_eq!(
        deleted.unwrap_err(),
        refused("NotAuthorized", "Invalid session for the user.")
    );
}
