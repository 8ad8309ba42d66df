//! Custom challenges for those who cannot sign in: whoever does not exist, is disabled, unconfirmed or another provider's, or leaves.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::custom_auth_script::{
    CODE, CREATE, DEFINE, VERIFY, after, answer, begin, begin_with_password, issue, script,
    stand_in,
};
use crate::flows;
use crate::idp::{self, PASSWORD, Refused, admin, refused};
use crate::recorded::{last_request, trigger_sources};
use crate::recovery::{ines, person};

#[test]
fn nobody_is_told_from_somebody_where_the_client_hides_it() {
    let stand_in = stand_in(&script(), &[]);
    ines(&stand_in);
    let web = &stand_in.web_client;
    let shape = |name: &str| {
        let mut asked = begin(&stand_in, web, name).unwrap();
        assert_eq!(asked["ChallengeParameters"]["USERNAME"], name);
        asked["ChallengeParameters"]["USERNAME"] = Value::Null;
        let session = asked["Session"].take();
        (asked, session.as_str().unwrap().len())
    };
    assert_eq!(shape("nobody"), shape("ines"));

    let before = trigger_sources(&stand_in).len();
    let asked = begin(&stand_in, web, "Nobody@Example.org").unwrap();
    // The functions say that the answer is right and issue tokens, which nobody gets all the same.
    assert_eq!(answer(&stand_in, web, &asked, CODE).unwrap_err(), wrong());
    flows::custom_auth::UNKNOWN_USER.was_fired(&stand_in, before);
    for source in [DEFINE, CREATE, VERIFY] {
        let request = last_request(&stand_in, source);
        assert_eq!(request["userNotFound"], true, "{source}");
        assert_eq!(request["userAttributes"], json!({}), "{source}");
        assert_eq!(last_name(&stand_in, source), "Nobody@Example.org");
    }
    // An address is nobody's name, so it is not given back as one.
    let name = asked["ChallengeParameters"]["USERNAME"].as_str().unwrap();
    assert_eq!((name.len(), name.contains('@')), (36, false));
}

#[test]
fn nobody_gets_tokens_at_once_either() {
    let stand_in = stand_in(&[after(&[], issue())], &[]);
    ines(&stand_in);
    let web = &stand_in.web_client;
    assert_eq!(begin(&stand_in, web, "nobody").unwrap_err(), wrong());
    assert!(begin(&stand_in, web, "ines").unwrap()["AuthenticationResult"].is_object());
}

#[test]
fn a_client_that_hides_nothing_fires_nothing_for_nobody() {
    let stand_in = stand_in(&script(), &[]);
    let open = &stand_in.client_id("OpenClient");
    let unknown = refused("UserNotFound", "User does not exist.");
    assert_eq!(begin(&stand_in, open, "nobody").unwrap_err(), unknown);
    assert!(trigger_sources(&stand_in).is_empty());
}

#[test]
fn how_an_account_stands_is_told_after_the_right_answer_alone() {
    let stand_in = stand_in(&script(), &[]);
    let web = &stand_in.web_client;
    person(&stand_in, "disabled", &[]);
    admin(&stand_in, "AdminDisableUser", "disabled", json!({})).unwrap();
    let email = ("email", "reset@example.org");
    person(&stand_in, "reset", &[email, ("email_verified", "true")]);
    admin(&stand_in, "AdminResetUserPassword", "reset", json!({})).unwrap();
    let signing_up = json!({"ClientId": web, "Username": "unconfirmed", "Password": PASSWORD});
    idp::call(&stand_in, "SignUp", signing_up).unwrap();
    for (name, refusal) in [
        ("disabled", refused("NotAuthorized", "User is disabled.")),
        (
            "reset",
            refused(
                "PasswordResetRequired",
                "Password reset required for the user",
            ),
        ),
        (
            "unconfirmed",
            refused("UserNotConfirmed", "User is not confirmed."),
        ),
    ] {
        let asked = begin(&stand_in, web, name).unwrap();
        let again = answer(&stand_in, web, &asked, "000000").unwrap();
        let before = trigger_sources(&stand_in).len();
        assert_eq!(answer(&stand_in, web, &again, CODE).unwrap_err(), refusal);
        assert_eq!(trigger_sources(&stand_in)[before..], [VERIFY, DEFINE]);
        assert!(
            last_request(&stand_in, DEFINE)
                .get("userNotFound")
                .is_none()
        );
    }
}

#[test]
fn whoever_has_only_an_identity_provider_left_is_nobody_here() {
    let stand_in = stand_in(&script(), &[]);
    let web = &stand_in.web_client;
    ines(&stand_in);
    let waiting = begin(&stand_in, web, "ines").unwrap();
    let own = json!({"ProviderName": "Cognito", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "ines"});
    let disabling = json!({"UserPoolId": stand_in.pool, "User": own});
    idp::call(&stand_in, "AdminDisableProviderForUser", disabling).unwrap();
    let gone = answer(&stand_in, web, &waiting, CODE).unwrap_err();
    assert_eq!(
        gone,
        refused("NotAuthorized", "Invalid session for the user.")
    );

    let asked = begin(&stand_in, web, "ines").unwrap();
    assert_eq!(last_request(&stand_in, CREATE)["userNotFound"], true);
    assert_eq!(answer(&stand_in, web, &asked, CODE).unwrap_err(), wrong());
    let open = &stand_in.client_id("OpenClient");
    let unknown = refused("UserNotFound", "User does not exist.");
    assert_eq!(begin(&stand_in, open, "ines").unwrap_err(), unknown);
}

#[test]
fn whoever_changes_or_leaves_in_the_middle_does_not_go_on() {
    let stand_in = stand_in(&script(), &[]);
    let web = &stand_in.web_client;
    ines(&stand_in);
    let gone = refused("NotAuthorized", "Invalid session for the user.");
    let after = |change: &dyn Fn()| -> Refused {
        let asked = begin(&stand_in, web, "ines").unwrap();
        change();
        answer(&stand_in, web, &asked, CODE).unwrap_err()
    };
    let other = json!({"Password": "Another-Horse-19-Battery", "Permanent": true});
    let changed = after(&|| {
        drop(admin(
            &stand_in,
            "AdminSetUserPassword",
            "ines",
            other.clone(),
        ))
    });
    assert_eq!(changed, gone);
    let delete = || drop(admin(&stand_in, "AdminDeleteUser", "ines", json!({})).unwrap());
    assert_eq!(after(&delete), gone);
    // Somebody of the same name is somebody else, whether there was one before or not.
    ines(&stand_in);
    let replaced = after(&|| {
        delete();
        ines(&stand_in);
    });
    assert_eq!(replaced, gone);
    let asked = begin(&stand_in, web, "jan").unwrap();
    person(&stand_in, "jan", &[]);
    assert_eq!(answer(&stand_in, web, &asked, CODE).unwrap_err(), gone);
}

#[test]
fn a_locked_name_is_locked_whoever_it_is() {
    let stand_in = stand_in(&script(), &[]);
    ines(&stand_in);
    stand_in.stop_clock(); // The first lock is a second long.
    let locked = refused("NotAuthorized", "Password attempts exceeded");
    for name in ["ines", "nobody"] {
        for _ in 0..5 {
            let (_, proof) = begin_with_password(&stand_in, name, "guessed").unwrap();
            let proven = crate::custom_auth_script::prove(&stand_in, proof);
            assert_eq!(proven.unwrap_err(), wrong());
        }
        let begun = begin_with_password(&stand_in, name, PASSWORD);
        assert_eq!(begun.unwrap_err(), locked, "{name}");
    }
}

fn last_name(stand_in: &StandIn, source: &str) -> Value {
    let calls = stand_in.get("calls");
    let mut calls = calls.as_array().unwrap().iter().rev();
    let call = calls.find(|call| call["triggerSource"] == source);
    call.unwrap()["event"]["userName"].clone()
}

fn wrong() -> Refused {
    refused("NotAuthorized", "Incorrect username or password.")
}
