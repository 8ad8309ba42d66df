//! A password that was forgotten: where the code goes, what it is good for, and what nobody learns on the way.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::flows;
use crate::idp::{self, PASSWORD, Refused, admin, refused, sign_in, template, tokens};
use crate::recorded::{last_request, trigger_sources};

pub(crate) const EMAIL: &str = "ines.falk@example.org";
const NUMBER: &str = "+4915112345678";
pub(crate) const NEW_PASSWORD: &str = "Another-Horse-20-Battery";

/// A stand-in with the pool whose triggers do nothing.
pub(crate) fn stand_in(parameters: &[&str]) -> StandIn {
    let template = template("recovery.yaml");
    let mut options = vec!["--template", template.as_str()];
    for parameter in parameters {
        options.extend(["--parameter", *parameter]);
    }
    StandIn::start(&options)
}

/// A confirmed user, as an administrator makes one.
pub(crate) fn person(stand_in: &StandIn, name: &str, attributes: &[(&str, &str)]) {
    let named = [("name", "Ines Falk")];
    let attributes: Value = named
        .iter()
        .chain(attributes)
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .collect();
    let more = json!({"UserAttributes": attributes, "MessageAction": "SUPPRESS"});
    admin(stand_in, "AdminCreateUser", name, more).unwrap();
    let more = json!({"Password": PASSWORD, "Permanent": true});
    admin(stand_in, "AdminSetUserPassword", name, more).unwrap();
}

/// `ines`, whose address is verified.
pub(crate) fn ines(stand_in: &StandIn) {
    person(
        stand_in,
        "ines",
        &[("email", EMAIL), ("email_verified", "true")],
    );
}

pub(crate) fn forgot(stand_in: &StandIn, client: &str, name: &str) -> Result<Value, Refused> {
    let input = json!({"ClientId": client, "Username": name});
    idp::call(stand_in, "ForgotPassword", input)
}

pub(crate) fn confirm(
    stand_in: &StandIn,
    client: &str,
    name: &str,
    code: &str,
    password: &str,
) -> Result<Value, Refused> {
    let input = json!({
        "ClientId": client, "Username": name, "ConfirmationCode": code, "Password": password,
        "ClientMetadata": {"locale": "de-DE"},
    });
    idp::call(stand_in, "ConfirmForgotPassword", input)
}

/// A code that is not this one.
pub(crate) fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

#[test]
fn a_code_sets_a_new_password_once() {
    let stand_in = stand_in(&[]);
    ines(&stand_in);
    let web = &stand_in.web_client;
    let before = sign_in(&stand_in, web, "ines", PASSWORD).unwrap();
    let fired = trigger_sources(&stand_in).len();

    let metadata = json!({"locale": "de-DE"});
    let input = json!({"ClientId": web, "Username": "Ines", "ClientMetadata": metadata});
    let sent = idp::call(&stand_in, "ForgotPassword", input).unwrap();
    let details =
        json!({"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "i***@e***"});
    assert_eq!(sent, json!({"CodeDeliveryDetails": details}));
    let fired = flows::FORGOT_PASSWORD.was_fired(&stand_in, fired);
    let asked = last_request(&stand_in, "CustomMessage_ForgotPassword");
    assert_eq!(asked["clientMetadata"], metadata);
    assert_eq!(asked["userAttributes"]["cognito:user_status"], "CONFIRMED");
    // Until the code comes back, the old password is good.
    sign_in(&stand_in, web, "ines", PASSWORD).unwrap();
    let fired = fired + flows::USER_PASSWORD_AUTH.fires.len();

    let code = stand_in.code_for(EMAIL);
    let weak = confirm(&stand_in, web, "ines", &code, "weakling").unwrap_err();
    let text = "Password did not conform with policy: Password must have uppercase characters";
    assert_eq!(weak, refused("InvalidPassword", text));
    let wrong = confirm(&stand_in, web, "ines", other_than(&code), NEW_PASSWORD).unwrap_err();
    let text = "Invalid verification code provided, please try again.";
    assert_eq!(wrong, refused("CodeMismatch", text));
    assert_eq!(
        confirm(&stand_in, web, "ines", &code, NEW_PASSWORD),
        Ok(json!({}))
    );
    flows::CONFIRM_FORGOT_PASSWORD.was_fired(&stand_in, fired);
    let told = last_request(&stand_in, "PostConfirmation_ConfirmForgotPassword");
    assert_eq!(told["clientMetadata"], metadata);
    assert_eq!(told["userAttributes"]["cognito:user_status"], "CONFIRMED");

    let again = confirm(&stand_in, web, "ines", &code, "Third-Horse-21-Battery").unwrap_err();
    let text = "Invalid code provided, please request a code again.";
    assert_eq!(again, refused("ExpiredCode", text));
    assert!(sign_in(&stand_in, web, "ines", PASSWORD).is_err());
    sign_in(&stand_in, web, "ines", NEW_PASSWORD).unwrap();
    // Cognito ends no sign-in by this.
    let token = json!({"AccessToken": tokens(&before)["AccessToken"]});
    idp::call(&stand_in, "GetUser", token).unwrap();
}

#[test]
fn a_code_is_good_for_a_day_and_one_of_many_guesses_at_once() {
    let stand_in = stand_in(&[]);
    ines(&stand_in);
    let web = &stand_in.web_client;
    forgot(&stand_in, web, "ines").unwrap();
    let code = stand_in.code_for(EMAIL);
    stand_in.advance_clock(24 * 60 * 60);
    let late = confirm(&stand_in, web, "ines", &code, NEW_PASSWORD).unwrap_err();
    assert_eq!(late.name, "ExpiredCodeException");

    forgot(&stand_in, web, "ines").unwrap();
    let code = stand_in.code_for(EMAIL);
    let set = std::thread::scope(|scope| {
        let confirming = |number: u32| {
            let password = format!("Another-Horse-{number}-Battery");
            let (stand_in, code) = (&stand_in, &code);
            scope.spawn(move || confirm(stand_in, web, "ines", code, &password).is_ok())
        };
        let confirming: Vec<_> = (20..26).map(confirming).collect();
        let set = confirming.into_iter().map(|one| one.join().unwrap());
        set.filter(|set| *set).count()
    });
    assert_eq!(set, 1);
    let confirmations = trigger_sources(&stand_in);
    let confirmations = confirmations
        .iter()
        .filter(|source| source.starts_with("PostConfirmation"));
    assert_eq!(confirmations.count(), 1);
}

#[test]
fn an_administrator_has_a_password_reset() {
    let stand_in = stand_in(&[]);
    ines(&stand_in);
    let web = &stand_in.web_client;
    let fired = trigger_sources(&stand_in).len();
    let more = json!({"ClientMetadata": {"by": "support"}});
    let reset = admin(&stand_in, "AdminResetUserPassword", "ines", more);
    assert_eq!(reset, Ok(json!({})));
    flows::ADMIN_RESET_USER_PASSWORD.was_fired(&stand_in, fired);
    let asked = last_request(&stand_in, "CustomMessage_ForgotPassword");
    assert_eq!(asked["clientMetadata"], json!({"by": "support"}));
    assert_eq!(
        asked["userAttributes"]["cognito:user_status"],
        "RESET_REQUIRED"
    );

    let required = sign_in(&stand_in, web, "ines", PASSWORD).unwrap_err();
    assert_eq!(required.name, "PasswordResetRequiredException");
    // Only the right password is told so.
    let wrong = sign_in(&stand_in, web, "ines", NEW_PASSWORD).unwrap_err();
    assert_eq!(wrong.name, "NotAuthorizedException");
    // Another code can be had.
    forgot(&stand_in, web, "ines").unwrap();
    let code = stand_in.code_for(EMAIL);
    confirm(&stand_in, web, "ines", &code, NEW_PASSWORD).unwrap();
    sign_in(&stand_in, web, "ines", NEW_PASSWORD).unwrap();

    let nobody = admin(&stand_in, "AdminResetUserPassword", "nobody", json!({})).unwrap_err();
    assert_eq!(nobody, refused("UserNotFound", "User does not exist."));
}

#[test]
fn the_code_goes_where_the_pool_prefers_and_the_user_has_proven_something() {
    let verified = |name: &'static str| (name, "true");
    let (email, number) = (("email", EMAIL), ("phone_number", NUMBER));
    let both = [
        email,
        number,
        verified("email_verified"),
        verified("phone_number_verified"),
    ];
    for (recovery, attributes, expected) in [
        ("user", &both[..], "EMAIL"),
        ("unset", &both, "SMS"),
        ("unset", &[email, verified("email_verified")], "EMAIL"),
        (
            "user",
            &[email, number, verified("phone_number_verified")],
            "SMS",
        ),
    ] {
        let stand_in = stand_in(&[&format!("Recovery={recovery}")]);
        person(&stand_in, "ines", attributes);
        let sent = forgot(&stand_in, &stand_in.web_client, "ines").unwrap();
        assert_eq!(
            sent["CodeDeliveryDetails"]["DeliveryMedium"], expected,
            "{recovery}"
        );
        let outbox = stand_in.get("outbox");
        assert_eq!(outbox[0]["medium"], expected, "{recovery}");
    }
}

#[test]
fn a_code_means_nothing_once_its_address_is_not_the_users_any_more() {
    let stand_in = stand_in(&[]);
    ines(&stand_in);
    let web = &stand_in.web_client;
    forgot(&stand_in, web, "ines").unwrap();
    let code = stand_in.code_for(EMAIL);
    let moved = [
        json!({"Name": "email", "Value": "new@example.org"}),
        json!({"Name": "email_verified", "Value": "true"}),
    ];
    let more = json!({"UserAttributes": moved});
    admin(&stand_in, "AdminUpdateUserAttributes", "ines", more).unwrap();
    let stale = confirm(&stand_in, web, "ines", &code, NEW_PASSWORD).unwrap_err();
    assert_eq!(stale.name, "ExpiredCodeException");
    sign_in(&stand_in, web, "ines", PASSWORD).unwrap();
}

#[test]
fn a_signed_in_user_changes_their_password() {
    let stand_in = stand_in(&[]);
    ines(&stand_in);
    let web = &stand_in.web_client;
    let signed_in = sign_in(&stand_in, web, "ines", PASSWORD).unwrap();
    let token = &tokens(&signed_in)["AccessToken"];
    let change = |previous: Option<&str>, proposed: &str| {
        let input = json!({"AccessToken": token, "PreviousPassword": previous, "ProposedPassword": proposed});
        idp::call(&stand_in, "ChangePassword", input)
    };
    let fired = trigger_sources(&stand_in).len();
    let wrong = change(Some(NEW_PASSWORD), NEW_PASSWORD).unwrap_err();
    assert_eq!(
        wrong,
        refused("NotAuthorized", "Incorrect username or password.")
    );
    let weak = change(Some(PASSWORD), "weakling").unwrap_err();
    assert_eq!(weak.name, "InvalidPasswordException");
    assert_eq!(
        change(None, NEW_PASSWORD).unwrap_err().name,
        "InvalidParameterException"
    );
    assert_eq!(change(Some(PASSWORD), NEW_PASSWORD), Ok(json!({})));
    flows::CHANGE_PASSWORD.was_fired(&stand_in, fired);
    assert!(sign_in(&stand_in, web, "ines", PASSWORD).is_err());
    sign_in(&stand_in, web, "ines", NEW_PASSWORD).unwrap();

    for _ in 0..5 {
        change(Some("Wrong-Horse-19-Battery"), PASSWORD).unwrap_err();
    }
    let text = "Attempt limit exceeded, please try after some time.";
    let limited = change(Some(NEW_PASSWORD), PASSWORD).unwrap_err();
    assert_eq!(limited, refused("LimitExceeded", text));
    admin(&stand_in, "AdminResetUserPassword", "ines", json!({})).unwrap();
    let reset = change(Some(NEW_PASSWORD), PASSWORD).unwrap_err();
    assert_eq!(reset.name, "PasswordResetRequiredException");
}
