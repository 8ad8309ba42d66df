//! Who gets no code for a new password, and what they are told: the reason, or what everybody is told.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, admin, refused};
use crate::recorded::trigger_sources;
use crate::recovery::{EMAIL, NEW_PASSWORD, confirm, forgot, ines, other_than, person, stand_in};

const NOWHERE: &str =
    "Cannot reset password for the user as there is no registered/verified email or phone_number";

#[test]
fn where_only_administrators_reset_nobody_learns_anything() {
    let stand_in = stand_in(&["Recovery=administrator"]);
    ines(&stand_in);
    let text = "Contact administrator to reset password.";
    for client in [&stand_in.web_client, &stand_in.client_id("OpenClient")] {
        for name in ["ines", "nobody"] {
            let told = forgot(&stand_in, client, name).unwrap_err();
            assert_eq!(told, refused("NotAuthorized", text), "{name}");
        }
    }
    assert_eq!(stand_in.get("outbox"), json!([]));
}

#[test]
fn an_open_client_is_told_why_there_is_no_code() {
    let stand_in = stand_in(&[]);
    let open = &stand_in.client_id("OpenClient");
    person(&stand_in, "unproven", &[("email", EMAIL)]);
    person(
        &stand_in,
        "disabled",
        &[("email", EMAIL), ("email_verified", "true")],
    );
    admin(&stand_in, "AdminDisableUser", "disabled", json!({})).unwrap();
    idp::sign_up(&stand_in, "unconfirmed", "jan.roth@example.org").unwrap();
    let more =
        json!({"UserAttributes": [{"Name": "name", "Value": "Tom"}], "MessageAction": "SUPPRESS"});
    admin(&stand_in, "AdminCreateUser", "temporary", more).unwrap();
    let fired = trigger_sources(&stand_in).len();
    for (name, expected) in [
        (
            "nobody",
            refused("UserNotFound", "Username/client id combination not found."),
        ),
        ("unproven", refused("InvalidParameter", NOWHERE)),
        ("unconfirmed", refused("InvalidParameter", NOWHERE)),
        ("disabled", refused("NotAuthorized", "User is disabled.")),
        (
            "temporary",
            refused(
                "NotAuthorized",
                "User password cannot be reset in the current state.",
            ),
        ),
    ] {
        assert_eq!(
            forgot(&stand_in, open, name).unwrap_err(),
            expected,
            "{name}"
        );
        let reset = admin(&stand_in, "AdminResetUserPassword", name, json!({})).unwrap_err();
        let expected = match name {
            "nobody" => refused("UserNotFound", "User does not exist."),
            _ => expected,
        };
        assert_eq!(reset, expected, "{name}");
    }
    assert_eq!(trigger_sources(&stand_in).len(), fired);
}

#[test]
fn where_it_is_hidden_a_whole_dialogue_does_not_tell_who_exists() {
    let stand_in = stand_in(&[]);
    person(
        &stand_in,
        "ines",
        &[("email", EMAIL), ("email_verified", "true")],
    );
    person(&stand_in, "unproven", &[("email", "tom@example.org")]);
    person(
        &stand_in,
        "disabled",
        &[("email", "eva@example.org"), ("email_verified", "true")],
    );
    admin(&stand_in, "AdminDisableUser", "disabled", json!({})).unwrap();
    let web = &stand_in.web_client;
    let dialogue = |name: &str| {
        let mut said = Vec::new();
        let mut guess = |stand_in: &StandIn| {
            let code = match name {
                "ines" if stand_in.get("outbox") != json!([]) => stand_in.code_for(EMAIL),
                _ => "000000".to_owned(),
            };
            let answer = confirm(stand_in, web, name, other_than(&code), NEW_PASSWORD);
            said.push(
                answer
                    .map(|_| String::new())
                    .map_err(|refused| refused.name),
            );
        };
        guess(&stand_in);
        let sent = forgot(&stand_in, web, name).unwrap();
        (0..6).for_each(|_| guess(&stand_in));
        for _ in 0..5 {
            let answer = forgot(&stand_in, web, name);
            let medium = |sent: Value| sent["CodeDeliveryDetails"]["DeliveryMedium"].to_string();
            said.push(answer.map(medium).map_err(|refused| refused.name));
        }
        assert_eq!(
            sent["CodeDeliveryDetails"]["AttributeName"], "email",
            "{name}"
        );
        said
    };
    let known = dialogue("ines");
    let expected = [
        Err("ExpiredCodeException"),
        Err("CodeMismatchException"),
        Err("CodeMismatchException"),
        Err("CodeMismatchException"),
        Err("CodeMismatchException"),
        Err("CodeMismatchException"),
        Err("LimitExceededException"),
        Ok("\"EMAIL\""),
        Ok("\"EMAIL\""),
        Ok("\"EMAIL\""),
        Ok("\"EMAIL\""),
        Err("LimitExceededException"),
    ];
    let expected = expected.map(|said| said.map(str::to_owned).map_err(str::to_owned));
    assert_eq!(known, expected);
    for name in ["nobody", "nobody@example.org", "unproven", "disabled"] {
        assert_eq!(dialogue(name), known, "{name}");
    }
    // An hour later the limits are forgotten.
    stand_in.advance_clock(60 * 60);
    forgot(&stand_in, web, "ines").unwrap();
    let code = stand_in.code_for(EMAIL);
    confirm(&stand_in, web, "ines", &code, NEW_PASSWORD).unwrap();
}
