//! The groups of the invitation that an account was made with.

use email_address::EmailAddress;
use embedded_dynamodb::Tables;
use invitations::{InvitationCode, Invitations, Redeemer, Redemption};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::stage::{CONFIRMED, POOL, Stage, check_failed, config, event, now};
use crate::tables::INVITATIONS;

/// The user name and the address of Ines, another spelling of which her events have.
const INES: (&str, &str) = ("ines", "Ines@mail.example.org");

/// The invitation that this account was made with, by somebody of that address.
async fn redeemed_by((user_name, address): (&str, &str), tables: &Tables, at: OffsetDateTime) {
    let address = EmailAddress::parse(address);
    let redemption = Redemption {
        code: InvitationCode::new("SPRING-7741").unwrap(),
        redeemer: Redeemer::of(POOL, address.as_ref(), user_name).unwrap(),
        max_uses: 5,
    };
    let account = Redeemer::account(POOL, user_name);
    let invitations = Invitations::new(tables.client(), INVITATIONS);
    assert!(invitations.redeem(redemption, account, at).await.unwrap());
}

fn invitation(groups: Value) -> (&'static str, Value) {
    let groups = json!({"code": {"S": "SPRING-7741"}, "groups": groups});
    (INVITATIONS, groups)
}

#[tokio::test]
async fn the_invitation_that_the_account_was_made_with_gives_its_groups() {
    let editors = json!({"SS": ["editors"]});
    let days = |days| now() - Duration::days(days);
    for (case, groups, by, at, expected) in [
        ("a set", editors.clone(), INES, now(), &["editors"][..]),
        (
            "a list",
            json!({"L": [{"S": "readers"}, {"S": "editors"}]}),
            INES,
            now(),
            &["editors", "readers"],
        ),
        ("in time", editors.clone(), INES, days(29), &["editors"]),
        ("too late", editors.clone(), INES, days(30), &[]),
        (
            "another account with the same address",
            editors.clone(),
            ("ines-2", INES.1),
            now(),
            &[],
        ),
        (
            "another spelling of the name",
            editors.clone(),
            ("Ines", INES.1),
            now(),
            &[],
        ),
        (
            "somebody else who chose the name, and was refused it",
            editors.clone(),
            (INES.0, "kim@example.org"),
            now(),
            &[],
        ),
        (
            "somebody without an address who chose the name",
            editors,
            (INES.0, ""),
            now(),
            &[],
        ),
    ] {
        let stage = Stage::new(config("false", "fail"), [invitation(groups)]);
        redeemed_by(by, &stage.tables, at).await;
        stage.answer(event(CONFIRMED)).await.unwrap();
        assert_eq!(stage.joined(), expected, "{case}");
    }
}

#[tokio::test]
async fn what_an_app_sends_along_gives_no_groups() {
    let mine = (
        INVITATIONS,
        json!({"code": {"S": "of-my-choice"}, "groups": {"SS": ["editors"]}}),
    );
    let stage = Stage::new(config("false", "fail"), [mine]);
    stage.answer(event(CONFIRMED)).await.unwrap();
    assert_eq!(stage.joined(), [""; 0]);
}

#[tokio::test]
async fn an_invitation_that_left_the_table_gives_no_groups_and_a_malformed_one_is_not_guessed() {
    let stage = Stage::new(
        config("false", "fail"),
        [(
            INVITATIONS,
            json!({"code": {"S": "SPRING-7741"}, "groups": {"S": "editors"}}),
        )],
    );
    redeemed_by(INES, &stage.tables, now()).await;
    check_failed(
        stage.answer(event(CONFIRMED)).await,
        None,
        "failed to read the invitation: its `groups` is not a list of texts",
    );

    let key = json!({"TableName": INVITATIONS, "Key": {"code": {"S": "SPRING-7741"}}});
    stage
        .tables
        .answer("DeleteItem", key.to_string().as_bytes());
    stage.answer(event(CONFIRMED)).await.unwrap();
    assert_eq!(stage.joined(), [""; 0]);
}
