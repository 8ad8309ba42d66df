//! Codes that are wrong, late, another's or overtaken by events: none of them lets anybody in.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, Gate, PASSWORD, Refused, admin, refused};
use crate::recovery::{other_than, person};
use crate::second_factors::{EMAIL, answer, begin, ines, prefer, stand_in};

fn wrong() -> Refused {
    refused("CodeMismatch", "Invalid code or auth state for the user.")
}

fn used() -> Refused {
    refused("NotAuthorized", "Invalid session for the user.")
}

/// `ines`, who is asked for a code by e-mail; the challenge and the code.
fn asked(stand_in: &StandIn) -> (Value, String) {
    let asked = begin(stand_in, "ines").unwrap();
    assert_eq!(asked["ChallengeName"], "EMAIL_OTP");
    (asked, stand_in.code_for(EMAIL))
}

fn tell(stand_in: &StandIn, asked: &Value, code: &str) -> Result<Value, Refused> {
    answer(stand_in, asked, "ines", &[("EMAIL_OTP_CODE", code)])
}

fn optional() -> StandIn {
    let stand_in = stand_in(&["Mfa=OPTIONAL"]);
    ines(&stand_in);
    prefer(&stand_in, "ines", &[("Email", true)]).unwrap();
    stand_in
}

#[test]
fn three_wrong_codes_end_a_session_and_five_lock_the_user() {
    let stand_in = optional();
    let (first, code) = asked(&stand_in);
    for _ in 0..3 {
        assert_eq!(
            tell(&stand_in, &first, other_than(&code)).unwrap_err(),
            wrong()
        );
    }
    assert_eq!(tell(&stand_in, &first, &code).unwrap_err(), used());
    // A new session, and a right password, give no new tries.
    let (second, code) = asked(&stand_in);
    for _ in 0..2 {
        assert_eq!(
            tell(&stand_in, &second, other_than(&code)).unwrap_err(),
            wrong()
        );
    }
    let locked = refused("NotAuthorized", "Password attempts exceeded");
    assert_eq!(tell(&stand_in, &second, &code).unwrap_err(), locked);
    stand_in.advance_clock(2);
    tell(&stand_in, &second, &code).unwrap();
    assert_eq!(tell(&stand_in, &second, &code).unwrap_err(), used());
}

#[test]
fn a_wrong_code_can_be_corrected() {
    let stand_in = optional();
    let (asked, code) = asked(&stand_in);
    assert_eq!(
        tell(&stand_in, &asked, other_than(&code)).unwrap_err(),
        wrong()
    );
    tell(&stand_in, &asked, &code).unwrap();
}

#[test]
fn a_code_is_good_for_its_session_its_user_its_client_and_three_minutes() {
    let stand_in = optional();
    person(&stand_in, "eve", &[("email", "eve@example.org")]);
    prefer(&stand_in, "eve", &[("Email", true)]).unwrap();
    let (of_ines, code) = asked(&stand_in);
    let of_eve = begin(&stand_in, "eve").unwrap();
    let eves_code = stand_in.code_for("eve@example.org");

    // Her own code in another's session, and another's session under her own name.
    if eves_code != code {
        assert_eq!(tell(&stand_in, &of_ines, &eves_code).unwrap_err(), wrong());
    }
    let swapped = answer(&stand_in, &of_ines, "eve", &[("EMAIL_OTP_CODE", &code)]);
    assert_eq!(swapped.unwrap_err(), used());
    let swapped = answer(
        &stand_in,
        &of_eve,
        "ines",
        &[("EMAIL_OTP_CODE", &eves_code)],
    );
    assert_eq!(swapped.unwrap_err(), used());

    let other = stand_in.client_id("OtherClient");
    let responses = json!({"USERNAME": "ines", "EMAIL_OTP_CODE": code});
    let elsewhere = idp::respond(
        &stand_in,
        &other,
        "EMAIL_OTP",
        &of_ines["Session"],
        responses,
    );
    assert_eq!(elsewhere.unwrap_err(), used());
    // A session is good for its own challenge alone.
    for (challenge, response) in [
        ("SMS_MFA", "SMS_MFA_CODE"),
        ("SMS_OTP", "SMS_OTP_CODE"),
        ("SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE"),
        ("SELECT_MFA_TYPE", "ANSWER"),
        ("NEW_PASSWORD_REQUIRED", "NEW_PASSWORD"),
        ("PASSWORD", "PASSWORD"),
    ] {
        let another = json!({"ChallengeName": challenge, "Session": of_ines["Session"]});
        let refusal = answer(&stand_in, &another, "ines", &[(response, &code)]);
        assert_eq!(refusal.unwrap_err(), used(), "{challenge}");
    }
    let none = json!({"ChallengeName": "EMAIL_OTP"});
    let text = "Missing required parameter Session";
    let refusal = tell(&stand_in, &none, &code).unwrap_err();
    assert_eq!(refusal, refused("InvalidParameter", text));

    stand_in.advance_clock(180);
    let text = "Invalid session for the user, session is expired.";
    let late = tell(&stand_in, &of_ines, &code).unwrap_err();
    assert_eq!(late, refused("NotAuthorized", text));
}

#[test]
fn what_changes_between_the_password_and_the_code_counts() {
    let stand_in = optional();
    let address = json!({"UserAttributes": [{"Name": "email", "Value": "new@example.org"}]});
    let back = json!({"UserAttributes": [{"Name": "email", "Value": EMAIL}, {"Name": "email_verified", "Value": "true"}]});
    let password = json!({"Password": "Another-Horse-20-Battery", "Permanent": true});
    let old_password = json!({"Password": PASSWORD, "Permanent": true});
    let changes = [
        (
            "AdminUpdateUserAttributes",
            address,
            "AdminUpdateUserAttributes",
            back,
        ),
        (
            "AdminSetUserPassword",
            password,
            "AdminSetUserPassword",
            old_password,
        ),
        ("AdminDisableUser", json!({}), "AdminEnableUser", json!({})),
        (
            "AdminResetUserPassword",
            json!({}),
            "AdminSetUserPassword",
            json!({"Password": PASSWORD, "Permanent": true}),
        ),
    ];
    // Where a code to reset the password goes: not to where the second factor's goes.
    let number = json!({"UserAttributes": [{"Name": "phone_number_verified", "Value": "true"}]});
    admin(&stand_in, "AdminUpdateUserAttributes", "ines", number).unwrap();
    for (operation, change, restore, restored) in changes {
        let (asked, code) = asked(&stand_in);
        admin(&stand_in, operation, "ines", change).unwrap();
        assert_eq!(
            tell(&stand_in, &asked, &code).unwrap_err(),
            used(),
            "{operation}"
        );
        admin(&stand_in, restore, "ines", restored).unwrap();
    }
    let (asked, code) = asked(&stand_in);
    admin(&stand_in, "AdminDeleteUser", "ines", json!({})).unwrap();
    ines(&stand_in);
    assert_eq!(tell(&stand_in, &asked, &code).unwrap_err(), used());
}

#[test]
fn what_changes_while_the_message_is_worded_counts() {
    let (gate, stand_in) = Gate::with_template("factors.yaml", &["--parameter", "Mfa=OPTIONAL"]);
    for operation in ["AdminDisableUser", "AdminDeleteUser"] {
        let email = format!("{operation}@example.org");
        person(&stand_in, operation, &[("email", &email)]);
        prefer(&stand_in, operation, &[("Email", true)]).unwrap();
        let asked = gate.while_held(
            || begin(&stand_in, operation),
            || drop(admin(&stand_in, operation, operation, json!({})).unwrap()),
        );
        let asked = asked.unwrap();
        let outbox = stand_in.get("outbox");
        assert_eq!(outbox, json!([]), "{operation}");
        for code in ["000000", "123456"] {
            let told = answer(&stand_in, &asked, operation, &[("EMAIL_OTP_CODE", code)]);
            assert!(told.is_err(), "{operation}");
        }
    }
}

#[test]
fn whoever_was_reached_elsewhere_keeps_another_address_from_no_one() {
    let stand_in = optional();
    // Another user has the address as a verified alias; the code does not take it from them.
    let more =
        json!({"UserAttributes": [{"Name": "email", "Value": EMAIL}], "MessageAction": "SUPPRESS"});
    admin(&stand_in, "AdminCreateUser", "eve", more).unwrap();
    let more = json!({"Password": PASSWORD, "Permanent": true});
    admin(&stand_in, "AdminSetUserPassword", "eve", more).unwrap();
    prefer(&stand_in, "eve", &[("Email", true)]).unwrap();
    let asked = begin(&stand_in, "eve").unwrap();
    let code = stand_in.code_for(EMAIL);
    answer(&stand_in, &asked, "eve", &[("EMAIL_OTP_CODE", &code)]).unwrap();
    let found = admin(&stand_in, "AdminGetUser", EMAIL, json!({})).unwrap();
    assert_eq!(found["Username"], "ines");
}

#[test]
fn a_user_without_any_factor_is_told_to_set_one_up_where_one_is_required() {
    let stand_in = stand_in(&["Mfa=ON"]);
    person(&stand_in, "jan", &[]);
    let asked = begin(&stand_in, "jan").unwrap();
    assert_eq!(asked["ChallengeName"], "MFA_SETUP");
    let can = &asked["ChallengeParameters"]["MFAS_CAN_SETUP"];
    assert_eq!(can, r#"["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]"#);
}
