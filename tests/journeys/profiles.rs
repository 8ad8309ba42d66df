//! What is remembered of users: profiles, sign-ins and passwords that were reset.

use serde_json::json;
use tests::stand_in::StandIn;
use tests::user::User;

use crate::idp::{self, PASSWORD, admin, initiate, refused, sign_in, tokens, user};
use crate::tables::{self, Row, number, text};

const INES: &str = "ines.falk@example.org";

/// The records of the only user.
async fn records(stand_in: &StandIn) -> Vec<Row> {
    tables::rows(stand_in, "ProfilesTable", "record").await
}

/// The profile of the only user, who has no other record.
async fn profile(stand_in: &StandIn) -> Row {
    let mut records = records(stand_in).await;
    assert_eq!(records.len(), 1, "{records:?}");
    records.remove(0)
}

/// A user whom an administrator created, and who has chosen a password.
fn created_by_an_administrator(stand_in: &StandIn) {
    let attributes = json!([
        {"Name": "email", "Value": INES}, {"Name": "email_verified", "Value": "true"}, {"Name": "name", "Value": "Ines Falk"},
    ]);
    let more = json!({"UserAttributes": attributes, "MessageAction": "SUPPRESS"});
    admin(stand_in, "AdminCreateUser", INES, more).unwrap();
    let more = json!({"Password": PASSWORD, "Permanent": true});
    admin(stand_in, "AdminSetUserPassword", INES, more).unwrap();
}

#[tokio::test]
async fn a_confirmed_user_has_one_profile_that_counts_sign_ins() {
    let stand_in = StandIn::start(&[]);
    let ines = User::new(&stand_in, INES);
    let sub = ines.sign_up(None).await.unwrap();
    assert_eq!(records(&stand_in).await, []);
    ines.confirm().await.unwrap();
    let confirmed = profile(&stand_in).await;
    for (attribute, value) in [
        ("subject", text(&format!("user#{sub}"))),
        ("record", text("profile")),
        ("origin", text("confirmed")),
        ("detailType", text("User Confirmed")),
        ("userPoolId", text(&stand_in.pool)),
        ("clientId", text(&stand_in.web_client)),
    ] {
        assert_eq!(confirmed[attribute], value, "{attribute}");
    }
    let attributes = confirmed["attributes"].as_m().unwrap();
    assert_eq!(*attributes, [("email".to_owned(), text(INES))].into());
    assert!(!confirmed.contains_key("lastSignInAt"));

    // As long as Cognito may send an event again, another sign-in cannot be told from it.
    for _ in 0..2 {
        ines.sign_in().await.unwrap();
    }
    let mut signed_in = profile(&stand_in).await;
    assert_eq!(signed_in["signInCount"], number(1));
    assert_eq!(signed_in["createdAt"], confirmed["createdAt"]);

    // The functions have the machine's clock, so the last sign-in is moved instead of it.
    let last: i64 = signed_in["lastSignInAt"].as_n().unwrap().parse().unwrap();
    signed_in.insert("lastSignInAt".to_owned(), number(last - 16));
    let row: Vec<_> = signed_in
        .iter()
        .map(|(name, value)| (&**name, value.clone()))
        .collect();
    tables::put(&stand_in, "ProfilesTable", &row).await;
    ines.sign_in().await.unwrap();
    let again = profile(&stand_in).await;
    assert_eq!(again["signInCount"], number(2));
    let at: i64 = again["lastSignInAt"].as_n().unwrap().parse().unwrap();
    assert!(at >= last, "{at} {last}");
}

#[tokio::test]
async fn whom_an_administrator_created_gets_the_missing_profile_and_no_default_groups() {
    let stand_in = StandIn::start(&["--parameter", "PasswordSignIn=true"]);
    let everyone = [
        ("rule", text("everyone")),
        ("groups", tables::texts(&["members"])),
    ];
    tables::put(&stand_in, "DefaultGroupsTable", &everyone).await;
    created_by_an_administrator(&stand_in);
    assert_eq!(records(&stand_in).await, []);
    let signed_in = sign_in(&stand_in, &stand_in.web_client, INES, PASSWORD).unwrap();
    let id = tests::jwt::claims(tokens(&signed_in)["IdToken"].as_str().unwrap());
    assert_eq!(id["cognito:groups"], json!(null));
    let repaired = profile(&stand_in).await;
    assert_eq!(repaired["origin"], text("repaired"));
    assert_eq!(repaired["signInCount"], number(1));
    // Nobody is told of a confirmation that never was.
    assert!(!repaired.contains_key("detailType"), "{repaired:?}");
}

#[tokio::test]
async fn a_forgotten_password_leaves_a_record_and_ends_sessions_where_that_is_wanted() {
    for (parameter, ends_sessions) in [
        ("SignOutOnPasswordReset=true", true),
        ("SignOutOnPasswordReset=false", false),
    ] {
        let stand_in = StandIn::start(&[
            "--parameter",
            "PasswordSignIn=true",
            "--parameter",
            parameter,
        ]);
        user(&stand_in, INES, INES);
        let web = &stand_in.web_client;
        let signed_in = sign_in(&stand_in, web, INES, PASSWORD).unwrap();
        let before = profile(&stand_in).await;
        let forgot = json!({"ClientId": web, "Username": INES});
        idp::call(&stand_in, "ForgotPassword", forgot).unwrap();
        let new = "Another-Horse-20-Battery";
        let confirm = json!({"ClientId": web, "Username": INES, "ConfirmationCode": stand_in.code_for(INES), "Password": new});
        idp::call(&stand_in, "ConfirmForgotPassword", confirm).unwrap();

        let records = records(&stand_in).await;
        let [after, record] = &records[..] else {
            panic!("{parameter}: {records:?}");
        };
        let key = record["record"].as_s().unwrap();
        assert!(
            key.starts_with("security#2") && key.ends_with("Z#password-reset"),
            "{key}"
        );
        assert_eq!(record["subject"], before["subject"]);
        assert_eq!(record["detailType"], text("Password Reset"));
        assert_eq!(record["clientId"], text(web));
        assert_eq!(after["lastPasswordResetAt"], record["at"]);
        for attribute in ["origin", "createdAt", "signInCount", "detailType"] {
            assert_eq!(after[attribute], before[attribute], "{attribute}");
        }

        let refresh = json!({"REFRESH_TOKEN": tokens(&signed_in)["RefreshToken"]});
        let refreshed = initiate(&stand_in, web, "REFRESH_TOKEN_AUTH", refresh).map(drop);
        let ended = Err(refused("NotAuthorized", "Refresh Token has been revoked"));
        assert_eq!(
            refreshed,
            if ends_sessions { ended } else { Ok(()) },
            "{parameter}"
        );
        sign_in(&stand_in, web, INES, new).unwrap();
    }
}

#[tokio::test]
async fn what_cannot_be_noted_keeps_nobody_out_unless_that_is_wanted() {
    let shown = |trigger: &str| {
        let text = "This service is not available right now, please try again later";
        refused(
            "UserLambdaValidation",
            &format!("{trigger} failed with error {text}."),
        )
    };
    for (parameters, confirmed, signed_in) in [
        (
            ["OnConfirmationError=answer", "OnSignInError=answer"],
            Ok(()),
            Ok(()),
        ),
        (
            ["OnConfirmationError=fail", "OnSignInError=refuse"],
            Err(shown("PostConfirmation")),
            Err(shown("PostAuthentication")),
        ),
    ] {
        let options = ["PasswordSignIn=true", parameters[0], parameters[1]];
        let options = options.map(|parameter| ["--parameter", parameter]).concat();
        let stand_in = StandIn::start(&options);
        tables::delete(&stand_in, "ProfilesTable").await;
        idp::sign_up(&stand_in, INES, INES).unwrap();
        let confirming = idp::confirm(&stand_in, INES, INES, false).map(drop);
        assert_eq!(confirming, confirmed);
        // Confirmed all the same.
        let ines = admin(&stand_in, "AdminGetUser", INES, json!({})).unwrap();
        assert_eq!(ines["UserStatus"], "CONFIRMED");
        let signing_in = sign_in(&stand_in, &stand_in.web_client, INES, PASSWORD).map(drop);
        assert_eq!(signing_in, signed_in);
    }
}
