//! Passwords that administrators give, and the rules that all passwords keep.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, Refused, admin, refused, sign_in};

fn set(stand_in: &StandIn, password: &str, permanent: bool) -> Result<Value, Refused> {
    let more = json!({"Password": password, "Permanent": permanent});
    admin(stand_in, "AdminSetUserPassword", "ines", more)
}

#[test]
fn every_rule_of_the_policy_is_kept_wherever_a_password_is_set() {
    let stand_in = idp::alias_pool();
    let web = &stand_in.web_client;
    idp::user(&stand_in, "ines", "ines.falk@example.org");
    set(&stand_in, "Temporary-Horse-19", false).unwrap();
    let asked = sign_in(&stand_in, web, "ines", "Temporary-Horse-19").unwrap();
    let long = format!("Aa1-{}", "x".repeat(253));
    let model = |constraint: &str| {
        let text = format!(
            "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must {constraint}"
        );
        ("InvalidParameterException".to_owned(), text)
    };
    let policy = |rule: &str| ("InvalidPasswordException".to_owned(), rule.to_owned());
    for (password, (name, text)) in [
        ("Aa1-", model("have length greater than or equal to 6")),
        (&long, model("have length less than or equal to 256")),
        (
            " Correct-Horse-19",
            model("satisfy regular expression pattern: ^[\\S]+.*[\\S]+$"),
        ),
        (
            "Correct-Horse-19\n",
            model("satisfy regular expression pattern: ^[\\S]+.*[\\S]+$"),
        ),
        ("Short-19", policy("Password not long enough")),
        (
            "correct-horse-19",
            policy("Password must have uppercase characters"),
        ),
        (
            "CORRECT-HORSE-19",
            policy("Password must have lowercase characters"),
        ),
        (
            "Correct-Horse-XIX",
            policy("Password must have numeric characters"),
        ),
        (
            "CorrectHorse19",
            policy("Password must have symbol characters"),
        ),
    ] {
        let input = json!({"ClientId": web, "Username": "jan", "Password": password, "UserAttributes": [{"Name": "name", "Value": "Jan"}]});
        let responses = json!({"USERNAME": "ines", "NEW_PASSWORD": password});
        let create = json!({"TemporaryPassword": password, "MessageAction": "SUPPRESS"});
        let refusals = [
            idp::call(&stand_in, "SignUp", input),
            idp::respond(
                &stand_in,
                web,
                "NEW_PASSWORD_REQUIRED",
                &asked["Session"],
                responses,
            ),
            set(&stand_in, password, true),
            admin(&stand_in, "AdminCreateUser", "jan", create),
        ];
        for refusal in refusals {
            let refusal = refusal.unwrap_err();
            assert_eq!(refusal.name, name, "{password}");
            assert!(
                refusal.text.ends_with(&text),
                "{password}: {}",
                refusal.text
            );
        }
    }
    assert!(admin(&stand_in, "AdminGetUser", "jan", json!({})).is_err());
}

#[test]
fn a_temporary_password_opens_one_challenge_and_ends_with_its_day() {
    let stand_in = idp::alias_pool();
    let web = &stand_in.web_client;
    let attributes =
        json!([{"Name": "name", "Value": "Ines"}, {"Name": "email", "Value": "ines@example.org"}]);
    let create = json!({"UserAttributes": attributes, "DesiredDeliveryMediums": ["EMAIL"]});
    admin(&stand_in, "AdminCreateUser", "ines", create).unwrap();
    let first = stand_in.code_for("ines@example.org");
    let challenge = |password: &str| sign_in(&stand_in, web, "ines", password);
    assert_eq!(
        challenge(&first).unwrap()["ChallengeName"],
        "NEW_PASSWORD_REQUIRED"
    );
    let (_, proof) = idp::srp(&stand_in, web, "ines", &first).unwrap();
    let by_proof = idp::respond(&stand_in, web, "PASSWORD_VERIFIER", &Value::Null, proof).unwrap();
    assert_eq!(by_proof["ChallengeName"], "NEW_PASSWORD_REQUIRED");

    stand_in.advance_clock(24 * 3_600);
    let text = "Temporary password has expired and must be reset by an administrator.";
    assert_eq!(
        challenge(&first).unwrap_err(),
        refused("NotAuthorized", text)
    );
    // Sending again makes another, which has a day of its own.
    let resend = json!({"MessageAction": "RESEND", "DesiredDeliveryMediums": ["EMAIL"]});
    admin(&stand_in, "AdminCreateUser", "ines", resend.clone()).unwrap();
    let second = stand_in.code_for("ines@example.org");
    assert_eq!(
        challenge(&first).unwrap_err(),
        refused("NotAuthorized", "Incorrect username or password.")
    );
    challenge(&second).unwrap();

    set(&stand_in, PASSWORD, true).unwrap();
    assert!(challenge(PASSWORD).unwrap()["AuthenticationResult"].is_object());
    let again = admin(&stand_in, "AdminCreateUser", "ines", resend.clone()).unwrap_err();
    assert_eq!(again.name, "UnsupportedUserStateException");
    let nobody = admin(&stand_in, "AdminCreateUser", "nobody", resend);
    assert_eq!(
        nobody.unwrap_err(),
        refused("UserNotFound", "User does not exist.")
    );
    let messages = stand_in.get("outbox").as_array().unwrap().len();
    let silent = json!({"MessageAction": "SUPPRESS", "UserAttributes": attributes});
    admin(&stand_in, "AdminCreateUser", "jan", silent).unwrap();
    let other = admin(
        &stand_in,
        "AdminCreateUser",
        "eve",
        json!({"MessageAction": "SHOUT"}),
    );
    assert_eq!(other.unwrap_err().name, "InvalidParameterException");
    assert_eq!(stand_in.get("outbox").as_array().unwrap().len(), messages);
}

#[test]
fn a_password_that_an_administrator_sets_confirms_the_user_and_lifts_the_lock() {
    let stand_in = idp::alias_pool();
    let web = &stand_in.web_client;
    idp::sign_up(&stand_in, "ines", "ines.falk@example.org").unwrap();
    let status =
        || admin(&stand_in, "AdminGetUser", "ines", json!({})).unwrap()["UserStatus"].clone();
    let unconfirmed = sign_in(&stand_in, web, "ines", PASSWORD);
    assert_eq!(
        unconfirmed.unwrap_err(),
        refused("UserNotConfirmed", "User is not confirmed.")
    );
    for _ in 0..5 {
        sign_in(&stand_in, web, "ines", "Wrong-Horse-19-Battery").unwrap_err();
    }
    set(&stand_in, "Another-Horse-19-Battery", true).unwrap();
    assert_eq!(status(), "CONFIRMED");
    sign_in(&stand_in, web, "ines", "Another-Horse-19-Battery").unwrap();
    let text = "User cannot be confirmed. Current status is CONFIRMED";
    let late = idp::confirm(&stand_in, "ines", "ines.falk@example.org", false);
    assert_eq!(late.unwrap_err(), refused("NotAuthorized", text));
    set(&stand_in, "Temporary-Horse-19", false).unwrap();
    assert_eq!(status(), "FORCE_CHANGE_PASSWORD");
}
