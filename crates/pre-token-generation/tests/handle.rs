//! One event after another through `handle`, with the table as it is, changed, broken or gone.
#![expect(clippy::unwrap_used, reason = "a test fails where its helpers do")]

mod table;

use cognito_events::pre_token_generation::Event;
use embedded_dynamodb::{Tables, cut_at_every_await, hanging_client, unreachable_client};
use entrypoint::{Decided, Failure, UNAVAILABLE};
use function_tests::Log;
use pre_token_generation::{Config, Outside, Response};
use serde_json::{Value, json};

use table::{TABLE, config, now, outside, put};

const EDITOR: &str = r#"{
    "subject": {"S": "user#u-1"},
    "roles": {"SS": ["editor", "author"]},
    "groups": {"L": [{"S": "editors"}]},
    "clients": {"M": {"kiosk": {"M": {"roles": {"L": [{"S": "reader"}]}}}}}
}"#;

/// A sign-in of user `u-1`, who is in the pool's group `billing`.
fn event(version: &str, source: &str, client_id: &str) -> Event {
    let event = json!({
        "version": version,
        "triggerSource": source,
        "callerContext": {"clientId": client_id},
        "request": {
            "userAttributes": {"sub": "u-1"},
            "groupConfiguration": {"groupsToOverride": ["billing"]},
            "clientMetadata": {"tenant": "of-my-choice", "roles": "admin"},
        },
    });
    serde_json::from_value(event).unwrap()
}

fn sign_in() -> Event {
    event("1", "TokenGeneration_Authentication", "web")
}

fn issuing(on_memberships_error: &str, grantable_groups: &str) -> Config {
    config([
        ("ON_MEMBERSHIPS_ERROR", on_memberships_error),
        ("GRANTABLE_GROUPS", grantable_groups),
    ])
}

/// Without blocks, which have tests of their own.
async fn handle(
    event: Event,
    config: &Config,
    outside: &Outside,
) -> Result<Decided<Response>, Failure> {
    pre_token_generation::handle(event, config, outside, now()).await
}

async fn answer(event: Event, config: &Config, outside: &Outside) -> Value {
    let response = handle(event, config, outside).await.unwrap().response;
    serde_json::to_value(response).unwrap()
}

fn roles_v1(roles: &str) -> Value {
    json!({"claimsOverrideDetails": {"claimsToAddOrOverride": {"roles": roles}}})
}

#[tokio::test]
async fn each_app_client_has_its_own_rights() {
    let config = issuing("refuse", "");
    let (_tables, outside) = outside(&config, &[EDITOR]);
    for (client_id, roles) in [("web", "author editor"), ("kiosk", "reader")] {
        let event = event("1", "TokenGeneration_HostedAuth", client_id);
        assert_eq!(
            answer(event, &config, &outside).await,
            roles_v1(roles),
            "{client_id}"
        );
    }
}

#[tokio::test]
async fn the_next_refresh_bears_what_the_table_says_by_then() {
    let config = issuing("refuse", "");
    let (tables, outside) = outside(&config, &[EDITOR]);
    let refresh = || event("1", "TokenGeneration_RefreshTokens", "web");
    assert_eq!(
        answer(sign_in(), &config, &outside).await,
        roles_v1("author editor")
    );
    assert_eq!(
        answer(refresh(), &config, &outside).await,
        roles_v1("author editor")
    );

    put(
        &tables,
        TABLE,
        r#"{"subject": {"S": "user#u-1"}, "roles": {"L": [{"S": "author"}]}}"#,
    );
    assert_eq!(
        answer(refresh(), &config, &outside).await,
        roles_v1("author")
    );

    put(&tables, TABLE, r#"{"subject": {"S": "user#u-1"}}"#);
    assert_eq!(answer(refresh(), &config, &outside).await, json!({}));
}

#[tokio::test]
async fn nobody_gets_anothers_membership() {
    let config = issuing("refuse", "editors");
    let (_tables, outside) = outside(&config, &[EDITOR]);
    let mut someone_else = sign_in();
    someone_else.request.user_attributes = [("sub", "u-2")].into();
    let machine_client = event("3", "TokenGeneration_ClientCredentials", "u-1");
    for event in [someone_else, machine_client] {
        let case = format!("{event:?}");
        assert_eq!(answer(event, &config, &outside).await, json!({}), "{case}");
    }
}

#[tokio::test]
async fn an_event_about_nobody_is_answered_as_without_the_table() {
    let no_groups = json!({"claimsAndScopeOverrideDetails": {
        "groupOverrideDetails": {"groupsToOverride": [], "iamRolesToOverride": []},
    }});
    for (source, sub, client_id, expected) in [
        (
            "TokenGeneration_RefreshTokens",
            None,
            Some("u-1"),
            &no_groups,
        ),
        ("TokenGeneration_RefreshTokens", Some(""), None, &no_groups),
        (
            "TokenGeneration_RefreshTokens",
            Some("ines@example.org"),
            None,
            &no_groups,
        ),
        (
            "TokenGeneration_ClientCredentials",
            Some("u-1"),
            None,
            &json!({}),
        ),
    ] {
        let about_nobody = || {
            let mut event = event("3", source, "web");
            event.request.user_attributes = Default::default();
            if let Some(sub) = sub {
                event.request.user_attributes = [("sub", sub)].into();
            }
            event.caller_context.client_id = client_id.map(str::to_owned);
            event
        };
        let refuse = issuing("refuse", "editors");
        let (_tables, outside) = outside(&refuse, &[EDITOR]);
        let failure = handle(about_nobody(), &refuse, &outside).await;
        assert_eq!(failure.unwrap_err().public_text(), UNAVAILABLE, "{sub:?}");

        let issue = issuing("issue-without", "editors");
        let answer = answer(about_nobody(), &issue, &outside).await;
        assert_eq!(&answer, expected, "{sub:?}");
    }
}

#[tokio::test]
async fn the_same_event_has_the_same_answer_cut_at_any_await() {
    let config = issuing("refuse", "editors");
    let (_tables, outside) = outside(&config, &[EDITOR]);
    let expected = handle(sign_in(), &config, &outside).await.unwrap();
    let (again, cuts) = cut_at_every_await(|| handle(sign_in(), &config, &outside)).await;
    assert_eq!(again.unwrap(), expected);
    assert!(cuts > 0, "there is an await to cut at");
}

/// What is done without the membership, in both modes and with and without groups of ours.
async fn check_without_membership(outside: impl Fn(&Config) -> Outside) {
    let refuse = issuing("refuse", "editors");
    let failure = handle(sign_in(), &refuse, &outside(&refuse))
        .await
        .unwrap_err();
    assert!(matches!(failure, Failure::Internal(_)), "{failure:?}");
    assert_eq!(failure.public_text(), UNAVAILABLE);

    let no_groups =
        json!({"groupOverrideDetails": {"groupsToOverride": [], "iamRolesToOverride": []}});
    for (version, grantable, expected) in [
        ("1", "", json!({})),
        ("3", "", json!({})),
        ("1", "editors", json!({"claimsOverrideDetails": no_groups})),
        (
            "3",
            "editors",
            json!({"claimsAndScopeOverrideDetails": no_groups}),
        ),
    ] {
        let issue = issuing("issue-without", grantable);
        let event = event(version, "TokenGeneration_RefreshTokens", "web");
        let answer = answer(event, &issue, &outside(&issue)).await;
        assert_eq!(answer, expected, "{version} {grantable}");
    }
}

/// The clock is Tokio's and moves by itself while all wait.
#[tokio::test(start_paused = true)]
async fn an_unreachable_table_refuses_or_issues_without() {
    check_without_membership(|config| Outside::new(unreachable_client(), config)).await;
    check_without_membership(|config| Outside::new(hanging_client(), config)).await;
}

#[tokio::test]
async fn a_missing_table_refuses_or_issues_without() {
    let tables = Tables::in_memory().unwrap();
    check_without_membership(|config| Outside::new(tables.client(), config)).await;
}

#[tokio::test]
async fn a_malformed_row_refuses_or_issues_without() {
    let row = r#"{"subject": {"S": "user#u-1"}, "roles": {"S": "editor"}, "groups": {"SS": ["editors"]}}"#;
    check_without_membership(|config| outside(config, &[row]).1).await;
}

#[tokio::test]
async fn the_largest_row_is_refused_and_not_cut() {
    let config = issuing("refuse", "");
    let roles = vec![r#"{"S": "a-role-of-twenty-characters"}"#; 11_000].join(",");
    let row = format!(r#"{{"subject": {{"S": "user#u-1"}}, "roles": {{"L": [{roles}]}}}}"#);
    let (_tables, outside) = outside(&config, &[&row]);
    for version in ["1", "2"] {
        let event = event(version, "TokenGeneration_RefreshTokens", "web");
        match handle(event, &config, &outside).await {
            Err(Failure::Refused { reason, .. }) => {
                assert!(reason.starts_with("ClaimsTooLarge"), "{reason}");
            }
            other => panic!("not refused: {:?}", other.map(|_| "a response")),
        }
    }
}

#[tokio::test]
async fn deep_nesting_costs_the_claim_alone() {
    let config = issuing("refuse", "");
    let deep = (0..30).fold(r#"{"S": "core"}"#.to_owned(), |value, _| {
        format!(r#"{{"L": [{value}]}}"#)
    });
    let row = format!(
        r#"{{"subject": {{"S": "user#u-1"}}, "claims": {{"M": {{"deep": {deep}}}}}, "roles": {{"L": [{{"S": "reader"}}]}}}}"#
    );
    let (_tables, outside) = outside(&config, &[&row]);
    assert_eq!(
        answer(sign_in(), &config, &outside).await,
        roles_v1("reader")
    );
}

#[tokio::test]
async fn the_log_names_claims_and_shows_no_value() {
    let config = issuing("issue-without", "");
    let claims: Vec<String> = (0..20)
        .map(|i| format!(r#""cognito:{i:02}": {{"S": "secret-{i}"}}"#))
        .collect();
    let row = format!(
        r#"{{"subject": {{"S": "user#u-1"}}, "claims": {{"M": {{{}}}}}}}"#,
        claims.join(",")
    );
    let (tables, outside) = outside(&config, &[&row]);
    let log = Log::start();
    handle(sign_in(), &config, &outside).await.unwrap();
    put(
        &tables,
        TABLE,
        r#"{"subject": {"S": "user#u-1"}, "tenant": {"N": "170017"}}"#,
    );
    handle(sign_in(), &config, &outside).await.unwrap();

    let text = log.text();
    assert!(
        !text.contains("secret-") && !text.contains("170017"),
        "{text}"
    );
    let (lines, fields) = (log.lines(), log.fields());
    assert_eq!(lines.len(), 16 + 1 + 1);
    assert!(lines.iter().all(|line| line["level"] == "WARN"), "{text}");
    assert_eq!(
        fields[0],
        json!({"message": "left a claim out of the tokens", "subject": "user#u-1", "claim": "cognito:00", "reason": "Name(Reserved)"})
    );
    assert_eq!(
        fields[16],
        json!({"message": "left more claims out of the tokens", "subject": "user#u-1", "claims": 4})
    );
    assert_eq!(
        fields[17],
        json!({
            "message": "issuing tokens without the membership",
            "subject": "user#u-1",
            "cause": "failed to understand the membership: `tenant` is not a text with something in it",
        })
    );
}
