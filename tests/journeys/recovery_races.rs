//! What happens while somebody recovers a password or proves an address: what has changed meanwhile counts.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, Gate, PASSWORD, admin, sign_in, tokens};

const EMAIL: &str = "ines.falk@example.org";
const NEW: &str = "ines.roth@example.org";

/// A confirmed user of a pool whose custom message function waits at a gate.
fn stand_in() -> (Gate, StandIn) {
    let (gate, stand_in) = Gate::with_template(
        "failing-triggers.yaml",
        &["--parameter", "Failing=CustomMessage"],
    );
    idp::user(&stand_in, EMAIL, EMAIL);
    (gate, stand_in)
}

fn messages(stand_in: &StandIn) -> usize {
    stand_in.get("outbox").as_array().unwrap().len()
}

fn forgot(stand_in: &StandIn) -> Value {
    let input = json!({"ClientId": stand_in.web_client, "Username": EMAIL});
    idp::call(stand_in, "ForgotPassword", input).unwrap()
}

#[test]
fn a_user_who_is_gone_or_disabled_meanwhile_gets_no_code() {
    for operation in ["AdminDeleteUser", "AdminDisableUser"] {
        let (gate, stand_in) = stand_in();
        let before = messages(&stand_in);
        let gone = || drop(admin(&stand_in, operation, EMAIL, json!({})).unwrap());
        gate.while_held(|| forgot(&stand_in), gone);
        assert_eq!(messages(&stand_in), before, "{operation}");
    }
}

#[test]
fn a_code_of_before_is_worth_nothing_to_a_new_user_of_the_name() {
    let (gate, stand_in) = stand_in();
    forgot(&stand_in);
    let code = stand_in.code_for(EMAIL);
    let again = || {
        admin(&stand_in, "AdminDeleteUser", EMAIL, json!({})).unwrap();
        let verified = json!([{"Name": "email_verified", "Value": "true"}]);
        let more = json!({"UserAttributes": verified, "MessageAction": "SUPPRESS"});
        admin(&stand_in, "AdminCreateUser", EMAIL, more).unwrap();
        let more = json!({"Password": PASSWORD, "Permanent": true});
        admin(&stand_in, "AdminSetUserPassword", EMAIL, more).unwrap();
    };
    gate.while_held(|| forgot(&stand_in), again);
    let input = json!({
        "ClientId": stand_in.web_client, "Username": EMAIL, "ConfirmationCode": code, "Password": "Another-Horse-20-Battery",
    });
    let refused = idp::call(&stand_in, "ConfirmForgotPassword", input).unwrap_err();
    assert_eq!(refused.name, "ExpiredCodeException");
}

#[test]
fn an_address_that_changed_again_is_not_verified_by_the_first_ones_code() {
    let (gate, stand_in) = stand_in();
    let client = stand_in.client_id("PasswordClient");
    let signed_in = sign_in(&stand_in, &client, EMAIL, PASSWORD).unwrap();
    let token = &tokens(&signed_in)["AccessToken"];
    let update = |email: &str| {
        let attributes = json!([{"Name": "email", "Value": email}]);
        let input = json!({"AccessToken": token, "UserAttributes": attributes});
        idp::call(&stand_in, "UpdateUserAttributes", input)
    };
    let meanwhile = || {
        let vouched = json!([{"Name": "email", "Value": "other@example.org"}, {"Name": "email_verified", "Value": "true"}]);
        let more = json!({"UserAttributes": vouched});
        drop(admin(&stand_in, "AdminUpdateUserAttributes", NEW, more).unwrap());
    };
    gate.while_held(|| update(NEW), meanwhile).unwrap();
    let input =
        json!({"AccessToken": token, "AttributeName": "email", "Code": stand_in.code_for(NEW)});
    let refused = idp::call(&stand_in, "VerifyUserAttribute", input).unwrap_err();
    assert_eq!(refused.name, "ExpiredCodeException");
    let user = admin(&stand_in, "AdminGetUser", "other@example.org", json!({})).unwrap();
    assert!(!user.to_string().contains(NEW), "{user}");
}

#[test]
fn of_two_new_passwords_at_once_one_is_the_users() {
    let (_gate, stand_in) = stand_in();
    let client = stand_in.client_id("PasswordClient");
    let signed_in = sign_in(&stand_in, &client, EMAIL, PASSWORD).unwrap();
    let token = &tokens(&signed_in)["AccessToken"];
    let passwords = ["Another-Horse-20-Battery", "Another-Horse-21-Battery"];
    let change = |proposed: &str| {
        let input = json!({"AccessToken": token, "PreviousPassword": PASSWORD, "ProposedPassword": proposed});
        idp::call(&stand_in, "ChangePassword", input).is_ok()
    };
    let changed = std::thread::scope(|scope| {
        let threads = passwords.map(|proposed| scope.spawn(move || change(proposed)));
        threads.map(|thread| thread.join().unwrap())
    });
    let of_the_user =
        passwords.map(|password| sign_in(&stand_in, &client, EMAIL, password).is_ok());
    assert_eq!(of_the_user, changed);
    assert_eq!(changed.iter().filter(|changed| **changed).count(), 1);
}
