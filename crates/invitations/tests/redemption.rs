//! What a redemption leaves in the table, for the confirmation that comes later.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use email_address::EmailAddress;
use embedded_dynamodb::{Tables, cut_at_every_await};
use function_tests::{create, items, put};
use invitations::{InvitationCode, Invitations, Redeemer, Redemption};
use serde_json::json;
use time::OffsetDateTime;

const TABLE: &str = "invitations";
const POOL: &str = "eu-central-1_Kx7QmT2Zd";

/// 2027-01-15, 08:00 UTC.
fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

/// A table with one invitation, for one user.
fn table() -> (Tables, Invitations) {
    let tables = Tables::in_memory().unwrap();
    create(&tables, TABLE, &["code"]);
    let item = json!({"code": {"S": "SPRING-7741"}, "groups": {"SS": ["editors"]}});
    put(&tables, TABLE, &item);
    let invitations = Invitations::new(tables.client(), TABLE);
    (tables, invitations)
}

fn redeemer(address: &str) -> Redeemer {
    Redeemer::of(POOL, EmailAddress::parse(address).as_ref(), "").unwrap()
}

fn by(address: &str) -> Redemption {
    Redemption {
        code: InvitationCode::new("SPRING-7741").unwrap(),
        redeemer: redeemer(address),
        max_uses: 1,
    }
}

async fn groups(invitations: &Invitations, user_name: &str) -> Vec<String> {
    groups_of(invitations, user_name, "ines@example.org").await
}

async fn groups_of(invitations: &Invitations, user_name: &str, address: &str) -> Vec<String> {
    let account = Redeemer::account(POOL, user_name).unwrap();
    let redeemer = redeemer(address);
    let found = invitations.groups_of(&account, &redeemer, now());
    found.await.unwrap()
}

#[tokio::test]
async fn a_redemption_that_was_cut_anywhere_is_remembered_once() {
    let (tables, invitations) = table();
    let account = || Redeemer::account(POOL, "ines");
    let redeem = || invitations.redeem(by("ines@example.org"), account(), now());
    let (redeemed, cuts) = cut_at_every_await(redeem).await;
    assert!(redeemed.unwrap());
    assert!(
        cuts >= 4,
        "only {cuts} cuts: two requests have two awaits each"
    );
    assert_eq!(items(&tables, TABLE).len(), 2);
    assert_eq!(groups(&invitations, "ines").await, ["editors"]);
    let another = groups_of(&invitations, "ines", "kim@example.org").await;
    assert_eq!(another, [""; 0], "who has the name and not the address");
}

#[tokio::test]
async fn a_redemption_that_came_too_late_is_not_remembered() {
    let (tables, invitations) = table();
    let first = invitations.redeem(by("kim@example.org"), None, now());
    assert!(first.await.unwrap());
    let account = Redeemer::account(POOL, "ines");
    let second = invitations.redeem(by("ines@example.org"), account, now());
    assert!(!second.await.unwrap());
    assert_eq!(items(&tables, TABLE).len(), 1);
    assert_eq!(groups(&invitations, "ines").await, [""; 0]);
}
