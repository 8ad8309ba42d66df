//! Whether there is a user is told by nothing where the app client hides it, and by AWS's texts where it does not.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, Refused, refused, sign_in, user};

const WRONG: &str = "Incorrect username or password.";

fn operation(
    stand_in: &StandIn,
    client: &str,
    operation: &str,
    username: &str,
) -> Result<Value, Refused> {
    let mut input = json!({"ClientId": client, "Username": username});
    if operation == "ConfirmSignUp" {
        input["ConfirmationCode"] = Value::from("000000");
    }
    idp::call(stand_in, operation, input)
}

#[test]
fn a_legacy_client_is_told_that_there_is_no_user() {
    let stand_in = idp::alias_pool();
    let client = stand_in.client_id("LegacyClient");
    let unknown = refused("UserNotFound", "User does not exist.");
    assert_eq!(
        sign_in(&stand_in, &client, "nobody", PASSWORD).unwrap_err(),
        unknown
    );
    // Even with nonsense for a number.
    let nonsense = json!({"USERNAME": "nobody", "SRP_A": "nonsense"});
    let nonsense = idp::initiate(&stand_in, &client, "USER_SRP_AUTH", nonsense);
    assert_eq!(nonsense.unwrap_err(), unknown);
    let unknown = refused("UserNotFound", "Username/client id combination not found.");
    for name in ["ConfirmSignUp", "ResendConfirmationCode"] {
        assert_eq!(
            operation(&stand_in, &client, name, "nobody").unwrap_err(),
            unknown,
            "{name}"
        );
    }
    user(&stand_in, "ines", "ines.falk@example.org");
    let wrong = sign_in(&stand_in, &client, "ines", "Wrong-Horse-19-Battery");
    assert_eq!(wrong.unwrap_err(), refused("NotAuthorized", WRONG));
}

/// Members with the lengths of their values.
fn shape(parameters: &Value) -> Vec<(String, usize)> {
    let members = parameters.as_object().unwrap().iter();
    members
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().len()))
        .collect()
}

#[test]
fn a_challenge_looks_the_same_for_a_user_and_for_nobody() {
    let mails = StandIn::start(&["--parameter", "PasswordSignIn=true"]);
    let web = &mails.web_client;
    let known = tests::user::User::new(&mails, "ines.falk@example.org");
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        known.sign_up(None).await.unwrap();
        known.confirm().await.unwrap();
    });
    let asked = |name: &str| idp::srp(&mails, web, name, "Wrong-Horse-19-Battery").unwrap();
    let mut shapes = Vec::new();
    for [name, variant] in [
        ["ines.falk@example.org", "Ines.Falk@Example.ORG"],
        ["nobody@example.org", "NoBody@EXAMPLE.org"],
    ] {
        let ((one, proof), (other, _)) = (asked(name), asked(variant));
        for same in ["SALT", "USER_ID_FOR_SRP", "USERNAME"] {
            assert_eq!(one[same], other[same], "{name}: {same}");
        }
        assert_ne!(one["SRP_B"], other["SRP_B"]);
        let answer = idp::respond(&mails, web, "PASSWORD_VERIFIER", &Value::Null, proof);
        assert_eq!(
            answer.unwrap_err(),
            refused("NotAuthorized", WRONG),
            "{name}"
        );
        let sent = sign_in(&mails, web, variant, "Wrong-Horse-19-Battery");
        assert_eq!(sent.unwrap_err(), refused("NotAuthorized", WRONG), "{name}");
        shapes.push(shape(&one));
    }
    assert_eq!(shapes[0], shapes[1]);

    // Where an address is an alias, it stands for some user name, and an unknown one must too.
    let aliases = idp::alias_pool();
    let (asked, _) = idp::srp(
        &aliases,
        &aliases.web_client,
        "nobody@example.org",
        PASSWORD,
    )
    .unwrap();
    assert_eq!(asked["USER_ID_FOR_SRP"].as_str().unwrap().len(), 36);
    let (asked, _) = idp::srp(&aliases, &aliases.web_client, "nobody", PASSWORD).unwrap();
    assert_eq!(asked["USER_ID_FOR_SRP"], "nobody");
}

#[test]
fn proofs_and_passwords_share_one_lock_for_users_and_for_nobody() {
    let stand_in = idp::alias_pool();
    let web = &stand_in.web_client;
    user(&stand_in, "ines", "ines.falk@example.org");
    let guess = |name: &str| sign_in(&stand_in, web, name, "Wrong-Horse-19-Battery").unwrap_err();
    let prove = |name: &str| {
        let (_, proof) = idp::srp(&stand_in, web, name, "Wrong-Horse-19-Battery")?;
        idp::respond(&stand_in, web, "PASSWORD_VERIFIER", &Value::Null, proof)
    };
    let wrong = refused("NotAuthorized", WRONG);
    let locked = refused("NotAuthorized", "Password attempts exceeded");
    stand_in.stop_clock();
    for name in ["ines", "nobody", "nobody@example.org"] {
        // A proof that was begun before the lock closed does not get past it.
        let (_, right) = idp::srp(&stand_in, web, name, PASSWORD).unwrap();
        for _ in 0..2 {
            assert_eq!(
                (guess(name), prove(name).unwrap_err()),
                (wrong.clone(), wrong.clone()),
                "{name}"
            );
        }
        // Each wrong try after the fourth locks for twice as long.
        for lock_seconds in [1, 2, 4, 8] {
            assert_eq!(guess(name), wrong, "{name}");
            stand_in.advance_clock(lock_seconds);
        }
        assert_eq!(guess(name), wrong, "{name}");
        assert_eq!(guess(name), locked, "{name}");
        assert_eq!(prove(name).unwrap_err(), locked, "{name}");
        let right = idp::respond(&stand_in, web, "PASSWORD_VERIFIER", &Value::Null, right);
        assert_eq!(right.unwrap_err(), locked, "{name}");
        stand_in.advance_clock(20 * 60);
        assert_eq!(guess(name), wrong, "{name}");
    }
    // The alias and the name are one user.
    stand_in.advance_clock(20 * 60);
    for lock_seconds in [0, 0, 0, 0, 1, 2, 4, 8] {
        let name = if lock_seconds % 4 == 0 {
            "ines"
        } else {
            "ines.falk@example.org"
        };
        assert_eq!(guess(name), wrong);
        stand_in.advance_clock(lock_seconds);
    }
    assert_eq!(guess("ines"), wrong);
    assert_eq!(guess("ines.falk@example.org"), locked);
}

#[test]
fn a_code_seems_to_go_out_to_nobody_too() {
    let stand_in = idp::alias_pool();
    let web = &stand_in.web_client;
    idp::sign_up(&stand_in, "ines", "ines.falk@example.org").unwrap();
    let resend = |name: &str| operation(&stand_in, web, "ResendConfirmationCode", name).unwrap();
    let known = resend("ines");
    assert_eq!(known["CodeDeliveryDetails"]["Destination"], "i***@e***");
    let messages = || stand_in.get("outbox").as_array().unwrap().len();
    assert_eq!(messages(), 2);
    for name in ["nobody", "nobody@example.org"] {
        let unknown = resend(name);
        let (known, unknown) = (
            &known["CodeDeliveryDetails"],
            &unknown["CodeDeliveryDetails"],
        );
        assert_eq!(shape(known), shape(unknown), "{name}");
        assert_eq!(unknown, &resend(name)["CodeDeliveryDetails"], "{name}");
    }
    // A disabled user is told the same, and gets nothing.
    idp::admin(&stand_in, "AdminDisableUser", "ines", json!({})).unwrap();
    assert_eq!(resend("ines"), known);
    assert_eq!(messages(), 2);
    let text = "Invalid code provided, please request a code again.";
    let unknown = operation(&stand_in, web, "ConfirmSignUp", "nobody");
    assert_eq!(unknown.unwrap_err(), refused("ExpiredCode", text));

    // A pool that minds no case shows the same, however the name is written.
    let mails = StandIn::start(&[]);
    let resend =
        |name: &str| operation(&mails, &mails.web_client, "ResendConfirmationCode", name).unwrap();
    assert_eq!(resend("NoBody@Example.org"), resend("nobody@example.org"));
}
