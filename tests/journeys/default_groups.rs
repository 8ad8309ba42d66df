//! The groups that users get when they are confirmed, down to the tokens of their first sign-in.

use std::collections::BTreeSet;

use aws_sdk_lambda::primitives::Blob;
use serde_json::{Value, json};
use tests::jwt;
use tests::stand_in::StandIn;
use tests::user::User;

use crate::idp;
use crate::tables::{self, Row, text, texts};

const INES: &str = "ines.falk@example.org";
const JAN: &str = "jan.roth@example.com";

/// Makes groups, besides those of the template.
fn create_groups(stand_in: &StandIn, names: &[&str]) {
    for name in names {
        let input = json!({"UserPoolId": stand_in.pool, "GroupName": name});
        idp::call(stand_in, "CreateGroup", input).unwrap();
    }
}

async fn give(stand_in: &StandIn, rule: &str, groups: &[&str]) {
    let row = [("rule", text(rule)), ("groups", texts(groups))];
    tables::put(stand_in, "DefaultGroupsTable", &row).await;
}

/// The groups in the access token of a new sign-in.
async fn groups_at_sign_in(user: &User<'_>) -> BTreeSet<String> {
    let tokens = user.sign_in().await.unwrap();
    let claims = jwt::claims(tokens.access_token().unwrap());
    serde_json::from_value(claims["cognito:groups"].clone()).unwrap_or_default()
}

fn set(groups: &[&str]) -> BTreeSet<String> {
    groups.iter().map(|group| (*group).to_owned()).collect()
}

async fn profile(stand_in: &StandIn) -> Row {
    tables::rows(stand_in, "ProfilesTable", "record")
        .await
        .remove(0)
}

#[tokio::test]
async fn the_first_tokens_bear_the_groups_of_every_rule() {
    let stand_in = StandIn::start(&["--parameter", "Invitations=optional"]);
    create_groups(&stand_in, &["web", "nordwind", "beta", "others"]);
    give(&stand_in, "everyone", &["members", "never-made"]).await;
    give(
        &stand_in,
        &format!("client#{}", stand_in.web_client),
        &["web"],
    )
    .await;
    give(&stand_in, "client#another", &["others"]).await;
    give(&stand_in, "domain#example.org", &["nordwind"]).await;
    let invitation = [("code", text("SPRING-7741")), ("groups", texts(&["beta"]))];
    tables::put(&stand_in, "InvitationsTable", &invitation).await;

    for (email, invitation, expected) in [
        (
            INES,
            Some("SPRING-7741"),
            set(&["beta", "members", "nordwind", "web"]),
        ),
        (JAN, None, set(&["members", "web"])),
    ] {
        let user = User::new(&stand_in, email);
        user.sign_up(invitation).await.unwrap();
        user.confirm().await.unwrap();
        assert_eq!(groups_at_sign_in(&user).await, expected, "{email}");
    }
    assert!(stand_in.logs("the user pool has no such group"));
    for profile in tables::rows(&stand_in, "ProfilesTable", "subject").await {
        assert!(!profile.contains_key("pendingGroups"), "{profile:?}");
    }
}

#[tokio::test]
async fn groups_that_the_pool_did_not_take_are_in_the_tokens_of_the_next_sign_in() {
    let stand_in = StandIn::start(&[]);
    let ines = User::new(&stand_in, INES);
    ines.sign_up(None).await.unwrap();
    ines.confirm().await.unwrap();
    // What post confirmation leaves when the pool refuses.
    let mut waiting = profile(&stand_in).await;
    waiting.insert("pendingGroups".to_owned(), texts(&["admins", "never-made"]));
    let row: Vec<_> = waiting
        .iter()
        .map(|(name, value)| (&**name, value.clone()))
        .collect();
    tables::put(&stand_in, "ProfilesTable", &row).await;

    assert_eq!(groups_at_sign_in(&ines).await, set(&["admins"]));
    assert!(!profile(&stand_in).await.contains_key("pendingGroups"));
}

#[tokio::test]
async fn a_confirmation_whose_groups_were_unknown_is_repaired_by_its_event() {
    let stand_in = StandIn::start(&[]);
    let ines = User::new(&stand_in, INES);
    ines.sign_up(None).await.unwrap();
    tables::delete(&stand_in, "DefaultGroupsTable").await;
    ines.confirm().await.unwrap();
    assert!(stand_in.logs("failed to read the default groups"));

    tables::create(&stand_in, "DefaultGroupsTable", "rule").await;
    give(&stand_in, "everyone", &["members"]).await;
    assert_eq!(groups_at_sign_in(&ines).await, set(&[]));
    assert_eq!(profile(&stand_in).await["origin"], text("repaired"));

    let calls = stand_in.get("calls");
    let mut calls = calls.as_array().unwrap().iter();
    let confirmation = calls.find(|call| call["triggerSource"] == "PostConfirmation_ConfirmSignUp");
    send_again(&stand_in, &confirmation.unwrap()["event"]).await;
    assert_eq!(profile(&stand_in).await["origin"], text("confirmed"));
    assert_eq!(groups_at_sign_in(&ines).await, set(&["members"]));
}

/// Sends an event to post confirmation, as an operator can.
async fn send_again(stand_in: &StandIn, event: &Value) {
    let invoke = stand_in.lambda().invoke();
    let invoke = invoke.function_name("PostConfirmationFunction");
    let answer = invoke.payload(Blob::new(event.to_string())).send();
    assert_eq!(answer.await.unwrap().function_error, None);
}
