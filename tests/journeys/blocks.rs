//! Who is blocked gets no tokens, and nobody learns from that who has an account.

use serde_json::json;
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, Refused, admin, initiate, refused, sign_in, user};
use crate::tables::{self, number, text, texts};

const INES: &str = "ines.falk@example.org";
const WRONG_PASSWORD: &str = "Wrong-Horse-19-Battery";

/// Writes a block, with groups that it lets through.
async fn block(stand_in: &StandIn, subject: &str, except_groups: &[&str]) {
    let mut row = vec![("subject", text(subject))];
    if !except_groups.is_empty() {
        row.push(("exceptGroups", texts(except_groups)));
    }
    tables::put(stand_in, "BlocksTable", &row).await;
}

async fn unblock(stand_in: &StandIn, subject: &str) {
    let row = stand_in
        .dynamodb()
        .delete_item()
        .table_name(stand_in.table("BlocksTable"))
        .key("subject", text(subject));
    row.send().await.unwrap();
}

fn attempt(stand_in: &StandIn, name: &str, password: &str) -> Result<(), Refused> {
    sign_in(stand_in, &stand_in.web_client, name, password).map(drop)
}

fn by(trigger: &str, text: &str) -> Result<(), Refused> {
    let text = format!("{trigger} failed with error {text}.");
    Err(refused("UserLambdaValidation", &text))
}

fn wrong_password() -> Result<(), Refused> {
    Err(refused("NotAuthorized", "Incorrect username or password."))
}

const ASK_FOR_HELP: &str = "You cannot sign in here, please ask for help";
const MAINTENANCE: &str = "Sign-in is closed for maintenance, please try again later";

#[tokio::test]
async fn what_only_an_account_has_is_refused_after_the_password() {
    let stand_in = StandIn::start(&["--parameter", "PasswordSignIn=true"]);
    user(&stand_in, INES, INES);
    let tokens = sign_in(&stand_in, &stand_in.web_client, INES, PASSWORD).unwrap();
    let refresh_token = &tokens["AuthenticationResult"]["RefreshToken"];
    let refresh = || {
        let parameters = json!({"REFRESH_TOKEN": refresh_token});
        initiate(
            &stand_in,
            &stand_in.web_client,
            "REFRESH_TOKEN_AUTH",
            parameters,
        )
        .map(drop)
    };
    assert_eq!(refresh(), Ok(()));

    let ines = admin(&stand_in, "AdminGetUser", INES, json!({})).unwrap();
    let attributes = ines["UserAttributes"].as_array().unwrap();
    let sub = attributes
        .iter()
        .find(|attribute| attribute["Name"] == "sub");
    let user = format!("user#{}", sub.unwrap()["Value"].as_str().unwrap());
    block(&stand_in, &user, &[]).await;
    assert_eq!(attempt(&stand_in, INES, WRONG_PASSWORD), wrong_password());
    let refused_for_good = by("PreTokenGeneration", ASK_FOR_HELP);
    assert_eq!(attempt(&stand_in, INES, PASSWORD), refused_for_good);
    assert_eq!(refresh(), refused_for_good, "a refresh is no way around it");
    unblock(&stand_in, &user).await;
    assert_eq!(refresh(), Ok(()));

    block(&stand_in, "pool", &["admins"]).await;
    assert_eq!(attempt(&stand_in, INES, WRONG_PASSWORD), wrong_password());
    let closed = by("PreTokenGeneration", MAINTENANCE);
    assert_eq!(attempt(&stand_in, INES, PASSWORD), closed);
    let group = json!({"GroupName": "admins"});
    admin(&stand_in, "AdminAddUserToGroup", INES, group).unwrap();
    assert_eq!(attempt(&stand_in, INES, PASSWORD), Ok(()));
}

#[tokio::test]
async fn what_was_typed_is_refused_before_the_password_for_a_user_and_for_nobody() {
    let stand_in = StandIn::start(&["--parameter", "PasswordSignIn=true"]);
    user(&stand_in, INES, INES);
    block(&stand_in, "domain#example.org", &[]).await;
    for name in [INES, "Ines.Falk@Example.org", "nobody@sub.example.org"] {
        for password in [PASSWORD, WRONG_PASSWORD] {
            let refused = by("PreAuthentication", ASK_FOR_HELP);
            assert_eq!(attempt(&stand_in, name, password), refused, "{name}");
        }
    }
    let elsewhere = attempt(&stand_in, "nobody@example.com", PASSWORD);
    assert_eq!(elsewhere, wrong_password());
}

#[tokio::test]
async fn where_accounts_are_no_secret_groups_count_before_the_password() {
    let stand_in = StandIn::start(&[
        "--parameter",
        "PasswordSignIn=true",
        "--parameter",
        "AccountRefusals=before-password",
    ]);
    user(&stand_in, INES, INES);
    block(&stand_in, "pool", &["admins"]).await;
    let closed = by("PreAuthentication", MAINTENANCE);
    for name in [INES, "nobody@example.org"] {
        assert_eq!(attempt(&stand_in, name, WRONG_PASSWORD), closed, "{name}");
    }
    let group = json!({"GroupName": "admins"});
    admin(&stand_in, "AdminAddUserToGroup", INES, group).unwrap();
    assert_eq!(attempt(&stand_in, INES, WRONG_PASSWORD), wrong_password());
    assert_eq!(attempt(&stand_in, INES, PASSWORD), Ok(()));
}

#[tokio::test]
async fn every_kind_of_block_refuses_a_password_and_a_proof_of_it() {
    let stand_in = StandIn::start(&["--parameter", "PasswordSignIn=true"]);
    let web = &stand_in.web_client;
    user(&stand_in, INES, INES);
    let by_proof = |name: &str| {
        let (_, proof) = idp::srp(&stand_in, web, name, PASSWORD)?;
        idp::respond(&stand_in, web, "PASSWORD_VERIFIER", &json!(null), proof).map(drop)
    };
    assert_eq!(by_proof(INES), Ok(()));
    for (subject, shown) in [
        ("pool", MAINTENANCE),
        (&*format!("client#{web}"), "You cannot sign in to this app"),
        ("domain#org", ASK_FOR_HELP),
        ("address#ines.falk@example.org", ASK_FOR_HELP),
    ] {
        block(&stand_in, subject, &[]).await;
        let refused = by("PreAuthentication", shown);
        assert_eq!(attempt(&stand_in, INES, PASSWORD), refused, "{subject}");
        assert_eq!(by_proof(INES), refused, "{subject}");
        unblock(&stand_in, subject).await;
        assert_eq!(attempt(&stand_in, INES, PASSWORD), Ok(()), "{subject}");
    }
    // An address that nobody has is blocked before anybody signs up with it.
    let nobody = "nobody@example.org";
    block(&stand_in, "address#nobody@example.org", &[]).await;
    assert_eq!(by_proof(nobody), by("PreAuthentication", ASK_FOR_HELP));
}

#[tokio::test]
async fn a_block_ends_with_its_time_although_its_row_is_still_there() {
    let stand_in = StandIn::start(&["--parameter", "PasswordSignIn=true"]);
    user(&stand_in, INES, INES);
    // The functions have the machine's clock.
    for (until, expected) in [
        (1, Ok(())),
        (4_102_444_800, by("PreAuthentication", MAINTENANCE)),
    ] {
        let row = [("subject", text("pool")), ("until", number(until))];
        tables::put(&stand_in, "BlocksTable", &row).await;
        assert_eq!(attempt(&stand_in, INES, PASSWORD), expected, "{until}");
    }
}

#[tokio::test]
async fn while_nobody_knows_who_is_blocked_the_operator_decides() {
    let later = "This service is not available right now, please try again later";
    for (parameter, expected) in [
        ("OnBlocksError=refuse", by("PreAuthentication", later)),
        ("OnBlocksError=allow", Ok(())),
    ] {
        let stand_in = StandIn::start(&[
            "--parameter",
            "PasswordSignIn=true",
            "--parameter",
            parameter,
        ]);
        user(&stand_in, INES, INES);
        tables::delete(&stand_in, "BlocksTable").await;
        assert_eq!(attempt(&stand_in, INES, PASSWORD), expected, "{parameter}");
    }
}
