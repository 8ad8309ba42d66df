//! The claim that says how somebody has just signed in: on the tokens of that sign-in, and on no others.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod table;

use cognito_events::pre_token_generation::Event;
use embedded_dynamodb::{Tables, unreachable_client};
use function_tests::{Log, create};
use pre_token_generation::{Config, Outside, handle};
use serde_json::{Value, json};
use sign_in_methods::{Method, SignIn, SignInMethods};
use time::Duration;

use table::{config, now, outside};

const METHODS: &str = "sign-in-methods";

/// What the app calls the sign-in.
const ID: &str = "q83vEjRWeJCrze8SNFZ4kA";

fn with_claim() -> Config {
    config([
        ("METHODS_CLAIM", "signed_in"),
        ("SIGN_IN_METHODS_TABLE", METHODS),
        ("ON_MEMBERSHIPS_ERROR", "issue-without"),
    ])
}

/// The tables, in which user `u-1` has just signed in at `web`.
async fn signed_in(config: &Config) -> (Tables, Outside) {
    let (tables, outside) = outside(config, &[]);
    create(&tables, METHODS, &["subject"]);
    let metadata = [("signInId", ID)].into();
    let sign_in = SignIn::of(&[("sub", "u-1")].into(), Some("web"), &metadata).unwrap();
    let methods = [Method::Password, Method::EmailCode];
    SignInMethods::new(tables.client(), METHODS)
        .remember(&sign_in, &methods, now())
        .await
        .unwrap();
    (tables, outside)
}

fn event(version: &str, source: &str, (sub, client_id, id): (&str, &str, &str)) -> Event {
    let event = json!({
        "version": version,
        "triggerSource": source,
        "callerContext": {"clientId": client_id},
        "request": {
            "userAttributes": {"sub": sub},
            "clientMetadata": {"signInId": id},
        },
    });
    serde_json::from_value(event).unwrap()
}

const SIGN_IN: &str = "TokenGeneration_Authentication";
const MINE: (&str, &str, &str) = ("u-1", "web", ID);

async fn answer(event: Event, config: &Config, outside: &Outside, seconds: i64) -> Value {
    let later = now() + Duration::seconds(seconds);
    let decided = handle(event, config, outside, later).await.unwrap();
    serde_json::to_value(decided.response).unwrap()
}

#[tokio::test]
async fn the_tokens_of_a_sign_in_say_how_it_was() {
    let config = with_claim();
    let (_tables, outside) = signed_in(&config).await;
    let claim = json!({"methods": ["pwd", "otp-email"], "at": 1_800_000_000});
    let claims = json!({"claimsToAddOrOverride": {"signed_in": claim}});
    let v2 = json!({"claimsAndScopeOverrideDetails": {
        "idTokenGeneration": claims, "accessTokenGeneration": claims,
    }});
    // As often as Cognito asks.
    for seconds in [0, 5, 10] {
        let answered = answer(event("2", SIGN_IN, MINE), &config, &outside, seconds).await;
        assert_eq!(answered, v2);
    }
    let text = r#"{"at":1800000000,"methods":["pwd","otp-email"]}"#;
    let v1 = json!({"claimsOverrideDetails": {"claimsToAddOrOverride": {"signed_in": text}}});
    assert_eq!(
        answer(event("1", SIGN_IN, MINE), &config, &outside, 0).await,
        v1
    );
}

#[tokio::test]
async fn no_other_tokens_do() {
    let config = with_claim();
    let (_tables, outside) = signed_in(&config).await;
    for (case, source, sign_in, seconds) in [
        ("refreshed", "TokenGeneration_RefreshTokens", MINE, 0),
        ("hosted", "TokenGeneration_HostedAuth", MINE, 0),
        (
            "first password",
            "TokenGeneration_NewPasswordChallenge",
            MINE,
            0,
        ),
        ("device", "TokenGeneration_AuthenticateDevice", MINE, 0),
        ("later", SIGN_IN, MINE, 30),
        (
            "another sign-in",
            SIGN_IN,
            ("u-1", "web", "of-another-sign-in-of-theirs"),
            0,
        ),
        ("no sign-in named", SIGN_IN, ("u-1", "web", ""), 0),
        ("another app client", SIGN_IN, ("u-1", "app", ID), 0),
        ("another user", SIGN_IN, ("u-2", "web", ID), 0),
    ] {
        let answered = answer(event("2", source, sign_in), &config, &outside, seconds).await;
        assert_eq!(answered, json!({}), "{case}");
    }
    let (_tables, outside) = signed_in(&table::config([])).await;
    let answered = answer(event("2", SIGN_IN, MINE), &table::config([]), &outside, 0).await;
    assert_eq!(answered, json!({}), "not configured");
}

/// A row of the memberships cannot say how somebody signed in.
#[tokio::test]
async fn a_membership_cannot_make_the_claim() {
    let config = with_claim();
    let (tables, outside) = signed_in(&config).await;
    let claims = r#"{"subject": {"S": "user#u-1"}, "claims": {"M": {"signed_in": {"S": "totp"}}}}"#;
    table::put(&tables, table::TABLE, claims);
    let event = event("2", "TokenGeneration_RefreshTokens", MINE);
    assert_eq!(answer(event, &config, &outside, 0).await, json!({}));
}

#[tokio::test]
async fn methods_that_cannot_be_read_are_left_out_and_logged() {
    let log = Log::start();
    let config = with_claim();
    let outside = Outside::new(unreachable_client(), &config);
    let answered = answer(event("2", SIGN_IN, MINE), &config, &outside, 0).await;
    assert_eq!(answered, json!({}));
    assert!(
        log.text().contains("do not name the methods"),
        "{}",
        log.text()
    );
}
