//! What happens at the same time: one of two wins, and what changes while a function decides counts.

use std::sync::Barrier;

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, Gate, PASSWORD, Refused, refused, tokens};

/// Runs the same at the same time, and returns how many succeeded, and the refusals of the others.
fn at_once(times: usize, run: impl Fn() -> Result<Value, Refused> + Sync) -> (usize, Vec<Refused>) {
    let barrier = Barrier::new(times);
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..times)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    run()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let passed = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    (
        passed,
        outcomes.into_iter().filter_map(Result::err).collect(),
    )
}

#[test]
fn of_many_sign_ups_with_one_name_one_wins() {
    let stand_in = idp::alias_pool();
    let (passed, others) = at_once(8, || {
        idp::sign_up(&stand_in, "ines", "ines.falk@example.org")
    });
    assert_eq!(passed, 1);
    assert_eq!(
        others,
        vec![refused("UsernameExists", "User already exists"); 7]
    );
    let users = idp::call(&stand_in, "ListUsers", json!({"UserPoolId": stand_in.pool})).unwrap();
    assert_eq!(users["Users"].as_array().unwrap().len(), 1);
    assert_eq!(stand_in.get("outbox").as_array().unwrap().len(), 1);

    let mail = StandIn::start(&[]);
    let body = json!({"ClientId": mail.web_client, "Username": "ines.falk@example.org", "Password": PASSWORD});
    let (passed, others) = at_once(4, || idp::call(&mail, "SignUp", body.clone()));
    assert_eq!(passed, 1);
    let text = "An account with the given email already exists.";
    assert_eq!(others, vec![refused("UsernameExists", text); 3]);
}

#[test]
fn of_many_answers_to_one_challenge_one_wins() {
    let stand_in = idp::alias_pool();
    let client = &stand_in.web_client;
    idp::user(&stand_in, "ines", "ines.falk@example.org");
    let invalid = refused("NotAuthorized", "Invalid session for the user.");
    let (_, answer) = idp::srp(&stand_in, client, "ines", PASSWORD).unwrap();
    let (passed, others) = at_once(4, || {
        idp::respond(
            &stand_in,
            client,
            "PASSWORD_VERIFIER",
            &Value::Null,
            answer.clone(),
        )
    });
    assert_eq!((passed, others), (1, vec![invalid.clone(); 3]));

    let temporary = json!({"Password": "Temporary-Horse-19", "Permanent": false});
    idp::admin(&stand_in, "AdminSetUserPassword", "ines", temporary).unwrap();
    let asked = idp::sign_in(&stand_in, client, "ines", "Temporary-Horse-19").unwrap();
    let answer = json!({"USERNAME": "ines", "NEW_PASSWORD": PASSWORD});
    let (passed, others) = at_once(4, || {
        idp::respond(
            &stand_in,
            client,
            "NEW_PASSWORD_REQUIRED",
            &asked["Session"],
            answer.clone(),
        )
    });
    assert_eq!((passed, others), (1, vec![invalid; 3]));
}

#[test]
fn guesses_made_at_once_are_not_more_than_guesses_in_a_row() {
    let stand_in = idp::alias_pool();
    let client = &stand_in.web_client;
    idp::user(&stand_in, "ines", "ines.falk@example.org");
    let proofs: Vec<Value> = (0..12)
        .map(|_| {
            idp::srp(&stand_in, client, "ines", "Wrong-Horse-19-Battery")
                .unwrap()
                .1
        })
        .collect();
    let proofs = std::sync::Mutex::new(proofs);
    let (passed, refusals) = at_once(12, || {
        let proof = proofs.lock().unwrap().pop().unwrap();
        idp::respond(&stand_in, client, "PASSWORD_VERIFIER", &Value::Null, proof)
    });
    assert_eq!(passed, 0);
    let told = refusals
        .iter()
        .filter(|refusal| refusal.text == "Incorrect username or password.")
        .count();
    // The first locks last for one second and two, after each of which one more may be told.
    assert!((5..=7).contains(&told), "{told} guesses were answered");
}

#[test]
fn of_many_refreshes_with_one_rotated_token_one_wins() {
    let stand_in = idp::alias_pool();
    idp::user(&stand_in, "ines", "ines.falk@example.org");
    let client = stand_in.client_id("StrictRotatingClient");
    let signed_in = idp::sign_in(&stand_in, &client, "ines", PASSWORD).unwrap();
    let token = &tokens(&signed_in)["RefreshToken"];
    let (passed, others) = at_once(6, || idp::get_tokens(&stand_in, &client, token));
    assert_eq!(passed, 1);
    assert_eq!(
        others,
        vec![refused("NotAuthorized", "Invalid Refresh Token."); 5]
    );
}

#[test]
fn no_tokens_leave_for_a_user_who_changed_while_the_function_decided() {
    let (gate, stand_in) = Gate::with_stand_in();
    let client = &stand_in.web_client;
    let wrong = refused("NotAuthorized", "Incorrect username or password.");
    let other_password = json!({"Password": "Another-Horse-19-Battery", "Permanent": true});
    let cases = [
        (
            "AdminDisableUser",
            json!({}),
            refused("NotAuthorized", "User is disabled."),
        ),
        ("AdminDeleteUser", json!({}), wrong.clone()),
        ("AdminSetUserPassword", other_password, wrong),
        (
            "AdminResetUserPassword",
            json!({}),
            refused(
                "PasswordResetRequired",
                "Password reset required for the user",
            ),
        ),
    ];
    for (operation, input, expected) in cases {
        idp::user(&stand_in, operation, &format!("{operation}@example.org"));
        let outcome = gate.while_held(
            || idp::sign_in(&stand_in, client, operation, PASSWORD),
            || drop(idp::admin(&stand_in, operation, operation, input).unwrap()),
        );
        assert_eq!(outcome.unwrap_err(), expected, "{operation}");
    }
}

#[test]
fn no_tokens_leave_for_a_refresh_that_was_ended_while_the_function_decided() {
    let (gate, stand_in) = Gate::with_stand_in();
    let client = &stand_in.web_client;
    let revoked = refused("NotAuthorized", "Refresh Token has been revoked");
    let cases = [
        ("AdminUserGlobalSignOut", revoked.clone()),
        ("AdminDisableUser", revoked),
        (
            "AdminDeleteUser",
            refused("NotAuthorized", "Invalid Refresh Token."),
        ),
    ];
    for (operation, expected) in cases {
        idp::user(&stand_in, operation, &format!("{operation}@example.org"));
        let signed_in = idp::sign_in(&stand_in, client, operation, PASSWORD).unwrap();
        let token = &tokens(&signed_in)["RefreshToken"];
        let refresh = || {
            idp::initiate(
                &stand_in,
                client,
                "REFRESH_TOKEN_AUTH",
                json!({"REFRESH_TOKEN": token}),
            )
        };
        let outcome = gate.while_held(refresh, || {
            drop(idp::admin(&stand_in, operation, operation, json!({})).unwrap());
        });
        assert_eq!(outcome.unwrap_err(), expected, "{operation}");
    }
}

#[test]
fn no_tokens_leave_for_a_client_that_was_deleted_while_the_function_decided() {
    let (gate, stand_in) = Gate::with_stand_in();
    idp::user(&stand_in, "ines", "ines.falk@example.org");
    let made = || {
        let flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
        let input = json!({"UserPoolId": stand_in.pool, "ClientName": "short-lived", "ExplicitAuthFlows": flows});
        let made = idp::call(&stand_in, "CreateUserPoolClient", input).unwrap();
        made["UserPoolClient"]["ClientId"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let delete = |client: &str| {
        let input = json!({"UserPoolId": stand_in.pool, "ClientId": client});
        drop(idp::call(&stand_in, "DeleteUserPoolClient", input).unwrap());
    };
    let gone = |client: &str| {
        let text = format!("User pool client {client} does not exist.");
        refused("ResourceNotFound", &text)
    };
    let client = made();
    let sign_in = || idp::sign_in(&stand_in, &client, "ines", PASSWORD);
    let token = tokens(&sign_in().unwrap())["RefreshToken"].clone();
    let outcome = gate.while_held(sign_in, || delete(&client));
    assert_eq!(outcome.unwrap_err(), gone(&client));

    let refresh = |client: &str, token: &Value| {
        let parameters = json!({"REFRESH_TOKEN": token});
        idp::initiate(&stand_in, client, "REFRESH_TOKEN_AUTH", parameters)
    };
    assert_eq!(refresh(&client, &token).unwrap_err(), gone(&client));
    let client = made();
    let signed_in = idp::sign_in(&stand_in, &client, "ines", PASSWORD).unwrap();
    let token = &tokens(&signed_in)["RefreshToken"];
    let outcome = gate.while_held(|| refresh(&client, token), || delete(&client));
    assert_eq!(outcome.unwrap_err(), gone(&client));
}

#[test]
fn a_proof_of_an_old_password_and_a_session_of_another_client_are_worth_nothing() {
    let stand_in = idp::alias_pool();
    let client = &stand_in.web_client;
    idp::user(&stand_in, "ines", "ines.falk@example.org");
    let set = |password: &str, permanent: bool| {
        let input = json!({"Password": password, "Permanent": permanent});
        idp::admin(&stand_in, "AdminSetUserPassword", "ines", input).unwrap();
    };
    let (_, old) = idp::srp(&stand_in, client, "ines", PASSWORD).unwrap();
    set("Another-Horse-19-Battery", true);
    let answer = idp::respond(&stand_in, client, "PASSWORD_VERIFIER", &Value::Null, old);
    assert_eq!(
        answer.unwrap_err(),
        refused("NotAuthorized", "Incorrect username or password.")
    );

    let invalid = refused("NotAuthorized", "Invalid session for the user.");
    let (_, proof) = idp::srp(&stand_in, client, "ines", "Another-Horse-19-Battery").unwrap();
    let other = stand_in.client_id("LegacyClient");
    let answer = idp::respond(
        &stand_in,
        &other,
        "PASSWORD_VERIFIER",
        &Value::Null,
        proof.clone(),
    );
    assert_eq!(answer.unwrap_err(), invalid);
    idp::respond(&stand_in, client, "PASSWORD_VERIFIER", &Value::Null, proof).unwrap();

    // Whoever got the first temporary password cannot set the password once a second was sent.
    set("Temporary-Horse-19", false);
    let first = idp::sign_in(&stand_in, client, "ines", "Temporary-Horse-19").unwrap();
    set("Temporary-Horse-20", false);
    let answer = json!({"USERNAME": "ines", "NEW_PASSWORD": "Stolen-Horse-19-Battery"});
    let answer = idp::respond(
        &stand_in,
        client,
        "NEW_PASSWORD_REQUIRED",
        &first["Session"],
        answer,
    );
    assert_eq!(answer.unwrap_err(), invalid);
}
