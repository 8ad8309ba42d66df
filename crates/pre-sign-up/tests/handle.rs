//! What is left in the table after events that come twice, at once, half-way, too large or too late.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod table;

use std::sync::Arc;

use cognito_events::pre_sign_up::{Event, Response};
use embedded_dynamodb::{Tables, cut_at_every_await, unreachable_client};
use entrypoint::{Env, Failure, UNAVAILABLE};
use function_tests::{put, request};
use invitations::Invitations;
use pre_sign_up::{Config, Outside, handle};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use table::{TABLE, config, invitations, now, outside};

const ACCEPTED: Response = Response {
    auto_confirm_user: false,
    auto_verify_email: false,
    auto_verify_phone: false,
};

const CONFIRMED: Response = Response {
    auto_confirm_user: true,
    auto_verify_email: true,
    auto_verify_phone: false,
};

#[tokio::test]
async fn a_repeated_event_uses_an_invitation_once_and_is_answered_alike() {
    let (tables, invitations) =
        invitations(&[json!({"code": {"S": "c"}, "email": {"S": "ines@example.org"}})]);
    for _ in 0..3 {
        let answer = sign_up("ines@example.org", &invitations).await;
        assert_eq!(answer.unwrap(), CONFIRMED);
        assert_eq!(uses(&tables), 1);
    }
}

#[tokio::test]
async fn an_event_that_was_cut_anywhere_leaves_what_one_run_leaves() {
    let one_use = [json!({"code": {"S": "c"}, "note": {"S": "kept"}})];
    let (at_once, whole) = invitations(&one_use);
    sign_up("ines@example.org", &whole).await.unwrap();

    let (tables, invitations) = invitations(&one_use);
    let (answer, cuts) = cut_at_every_await(|| sign_up("ines@example.org", &invitations)).await;

    assert_eq!(answer.unwrap(), ACCEPTED);
    assert!(
        cuts >= 4,
        "only {cuts} cuts: two requests have two awaits each"
    );
    assert_eq!(item(&tables), item(&at_once));
    assert_eq!(uses(&tables), 1);
}

#[tokio::test]
async fn users_who_come_at_once_do_not_exceed_the_uses() {
    let (tables, invitations) = invitations(&[json!({"code": {"S": "c"}, "maxUses": {"N": "3"}})]);
    let emails = (0..20).map(|number| format!("user{number}@example.org"));

    let answers = all_at_once(emails, &invitations).await;

    let refused: Vec<_> = answers.into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 17);
    for failure in refused {
        assert_eq!(reason(&failure), "InvitationUsedUp");
    }
    assert_eq!(uses(&tables), 3);
}

#[tokio::test]
async fn one_user_who_comes_many_times_at_once_uses_an_invitation_once() {
    let (tables, invitations) = invitations(&[json!({"code": {"S": "c"}})]);
    let emails = std::iter::repeat_n("Ines@Example.ORG".to_owned(), 20);

    for answer in all_at_once(emails, &invitations).await {
        assert_eq!(answer.unwrap(), ACCEPTED);
    }
    assert_eq!(uses(&tables), 1);
}

#[tokio::test]
async fn a_refused_sign_up_uses_nothing_and_tells_nothing() {
    let expired = json!({"code": {"S": "c"}, "expiresAt": {"N": "1800000000"}});
    let elses = json!({"code": {"S": "c"}, "email": {"S": "kim@example.org"}});
    let good = json!({"code": {"S": "c"}});
    let unknown = json!({"code": {"S": "another"}});
    let cannot_be_used = "This invitation cannot be used";
    for (item, email, expected_reason, expected_text) in [
        (
            &expired,
            "ines@example.org",
            "InvitationExpired",
            cannot_be_used,
        ),
        (
            &elses,
            "ines@example.org",
            "InvitationForSomeoneElse",
            cannot_be_used,
        ),
        (
            &unknown,
            "ines@example.org",
            "InvitationUnknown",
            cannot_be_used,
        ),
        (
            &good,
            "ines@denied.example",
            "DomainDenied",
            "This e-mail address cannot be used to sign up, please use another one",
        ),
        (
            &good,
            "ines@mailinator.com",
            "DomainDisposable",
            "Disposable e-mail addresses cannot be used to sign up, please use another one",
        ),
    ] {
        let (tables, invitations) = invitations(std::slice::from_ref(item));
        let failure = sign_up(email, &invitations).await.unwrap_err();
        assert_eq!(reason(&failure), expected_reason);
        assert_eq!(failure.public_text(), expected_text);
        assert_eq!(scan(&tables), json!([item]), "{expected_reason}");
    }
}

#[tokio::test]
async fn an_invitation_that_changed_since_it_was_read_is_not_used() {
    let used_up = json!({"code": {"S": "c"}, "redeemedBy": {"SS": ["somebody"]}});
    let expired = json!({"code": {"S": "c"}, "expiresAt": {"N": "1700000000"}});
    for changed in [Some(used_up), Some(expired), None] {
        let (tables, invitations) = invitations(&[json!({"code": {"S": "c"}})]);
        let signing_up = sign_up("ines@example.org", &invitations);
        let changing = async {
            // The table answers the read at its second poll; the write comes later.
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
            let key = json!({"TableName": TABLE, "Key": {"code": {"S": "c"}}});
            request(&tables, "DeleteItem", &key);
            if let Some(changed) = &changed {
                put(&tables, TABLE, changed);
            }
        };
        let (answer, ()) = tokio::join!(signing_up, changing);
        assert_eq!(reason(&answer.unwrap_err()), "InvitationUsedUp");
        assert_eq!(scan(&tables), json!(changed.as_slice()));
    }
}

#[tokio::test]
async fn a_table_that_cannot_be_reached_or_read_refuses_with_the_fixed_text() {
    let unreachable = Invitations::new(unreachable_client(), TABLE);
    let (_tables, malformed) =
        invitations(&[json!({"code": {"S": "c"}, "maxUses": {"S": "private"}})]);
    let (tables, _) = invitations(&[]);
    let missing = Invitations::new(tables.client(), "another");
    for (invitations, expected) in [
        (unreachable, "failed to read the invitation"),
        (missing, "failed to read the invitation"),
        (
            malformed,
            "failed to read the invitation: its `maxUses` is not a number up to 5000",
        ),
    ] {
        let failure = sign_up("ines@example.org", &invitations).await.unwrap_err();
        assert_eq!(failure.public_text(), UNAVAILABLE);
        let Failure::Internal(cause) = failure else {
            panic!("{expected}: refused");
        };
        assert_eq!(cause.to_string(), expected);
    }
}

#[tokio::test]
async fn an_unreachable_table_stops_nobody_who_needs_none() {
    let invitations = Invitations::new(unreachable_client(), TABLE);
    for (source, expected) in [
        ("PreSignUp_AdminCreateUser", None),
        ("PreSignUp_ExternalProvider", None),
        ("PreSignUp_UserMigration", None),
        ("PreSignUp_SignUp", Some("InvitationMissing")),
    ] {
        let attributes = json!({"email": "ines@example.org"});
        let event = event(json!({"userAttributes": attributes}), source);
        let answer = handle(event, &config(), &outside(&invitations), now()).await;
        let refused = answer.as_ref().err().map(reason);
        assert_eq!(refused, expected, "{source}");
    }
}

#[tokio::test]
async fn invitations_that_are_off_need_no_table_and_no_code() {
    let config = Config::from_env(Env::of_pairs([])).unwrap();
    let event = sign_up_event("ines@example.org", "whatever");
    let answer = handle(event, &config, &Outside::default(), now()).await;
    assert_eq!(answer.unwrap().response, ACCEPTED);
}

#[tokio::test]
async fn huge_events_are_decided_as_others_are() {
    let megabyte = "x".repeat(1 << 20);
    let many: Value = (0..10_000)
        .map(|number| (format!("custom:{number}"), json!("value")))
        .chain([("email".to_owned(), json!("ines@example.org"))])
        .collect::<serde_json::Map<_, _>>()
        .into();
    let code = json!({"inviteCode": "c"});
    for (case, request, expected) in [
        (
            "a long address",
            json!({"userAttributes": {"email": format!("{megabyte}@example.org")}}),
            Some("EmailUnreadable"),
        ),
        (
            "a long domain",
            json!({"userAttributes": {"email": format!("ines@{megabyte}.org")}}),
            Some("EmailUnreadable"),
        ),
        (
            "many labels",
            json!({"userAttributes": {"email": format!("ines@{}org", "a.".repeat(1 << 19))}}),
            Some("EmailUnreadable"),
        ),
        (
            "a long code",
            json!({"userAttributes": {"email": "ines@example.org"}, "validationData": {"inviteCode": megabyte}}),
            Some("InvitationUnknown"),
        ),
        (
            "another long attribute",
            json!({"userAttributes": {"email": "ines@example.org", "name": megabyte}, "validationData": code}),
            None,
        ),
        (
            "many attributes",
            json!({"userAttributes": many, "validationData": code}),
            None,
        ),
    ] {
        let (_tables, invitations) = invitations(&[json!({"code": {"S": "c"}})]);
        let event = event(request, "PreSignUp_SignUp");
        let answer = handle(event, &config(), &outside(&invitations), now()).await;
        assert_eq!(answer.as_ref().err().map(reason), expected, "{case}");
    }
}

async fn sign_up(email: &str, invitations: &Invitations) -> Result<Response, Failure> {
    let event = sign_up_event(email, " c ");
    let decided = handle(event, &config(), &outside(invitations), now()).await?;
    Ok(decided.response)
}

async fn all_at_once(
    emails: impl Iterator<Item = String>,
    invitations: &Invitations,
) -> Vec<Result<Response, Failure>> {
    let invitations = Arc::new(invitations.clone());
    let mut running = JoinSet::new();
    for email in emails {
        let invitations = Arc::clone(&invitations);
        running.spawn(async move { sign_up(&email, &invitations).await });
    }
    running.join_all().await
}

fn sign_up_event(email: &str, code: &str) -> Event {
    let request = json!({
        "userAttributes": {"email": email},
        "validationData": {"inviteCode": code},
    });
    event(request, "PreSignUp_SignUp")
}

fn event(request: Value, source: &str) -> Event {
    serde_json::from_value(json!({
        "triggerSource": source,
        "userPoolId": "eu-central-1_Kx7QmT2Zd",
        "userName": "b3d4f8a2-6041-70c5-9a1e-2f7c0d9b6e11",
        "request": request,
    }))
    .unwrap()
}

fn reason(failure: &Failure) -> &str {
    match failure {
        Failure::Refused { reason, .. } => reason,
        Failure::Internal(cause) => panic!("{cause}"),
    }
}

fn item(tables: &Tables) -> Value {
    let key = json!({"TableName": TABLE, "Key": {"code": {"S": "c"}}});
    request(tables, "GetItem", &key)["Item"].take()
}

fn scan(tables: &Tables) -> Value {
    request(tables, "Scan", &json!({"TableName": TABLE}))["Items"].take()
}

/// How many users have used the invitation.
fn uses(tables: &Tables) -> usize {
    item(tables)["redeemedBy"]["SS"].as_array().unwrap().len()
}
