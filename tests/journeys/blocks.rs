//! Who is blocked gets no tokens, and nobody learns from that who has an account.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use tests::stand_in::StandIn;

use crate::idp::{PASSWORD, Refused, admin, initiate, refused, sign_in, user};

const INES: &str = "ines.falk@example.org";
const WRONG_PASSWORD: &str = "Wrong-Horse-19-Battery";

/// Writes a block, with groups that it lets through.
async fn block(stand_in: &StandIn, subject: &str, except_groups: &[&str]) {
    let groups = except_groups.iter().map(|group| (*group).to_owned());
    let groups = (!except_groups.is_empty()).then(|| AttributeValue::Ss(groups.collect()));
    let row = stand_in
        .dynamodb()
        .put_item()
        .table_name(stand_in.table("BlocksTable"))
        .item("subject", AttributeValue::S(subject.to_owned()));
    let row = match groups {
        Some(groups) => row.item("exceptGroups", groups),
        None => row,
    };
    row.send().await.unwrap();
}

async fn unblock(stand_in: &StandIn, subject: &str) {
    let row = stand_in
        .dynamodb()
        .delete_item()
        .table_name(stand_in.table("BlocksTable"))
        .key("subject", AttributeValue::S(subject.to_owned()));
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
