//! The tables, the pool and the function, and what they hold of one user.

use aws_sdk_dynamodb::Client;
use cognito_events::post_confirmation::{Event, Response};
use embedded_dynamodb::Tables;
use entrypoint::{Env, Failure, UNAVAILABLE};
use function_tests::{GroupPool, items};
use post_confirmation::{Config, Outside, handle};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::tables::{DEFAULT_GROUPS, INVITATIONS, PROFILES, tables};

pub(crate) const POOL: &str = "eu-central-1_Kx7QmT2Zd";

/// 2027-01-15, 08:00 UTC.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

pub(crate) fn config(sign_out: &str, on_confirmation_error: &str) -> Config {
    Config::from_env(Env::of_pairs([
        ("PROFILES_TABLE", PROFILES),
        ("DEFAULT_GROUPS_TABLE", DEFAULT_GROUPS),
        ("INVITATIONS_TABLE", INVITATIONS),
        ("SIGN_OUT_ON_PASSWORD_RESET", sign_out),
        ("ON_CONFIRMATION_ERROR", on_confirmation_error),
    ]))
    .unwrap()
}

pub(crate) fn rule(rule: &str, groups: &[&str]) -> (&'static str, Value) {
    (
        DEFAULT_GROUPS,
        json!({"rule": {"S": rule}, "groups": {"SS": groups}}),
    )
}

pub(crate) fn event(source: &str) -> Event {
    event_of(json!({"triggerSource": source}))
}

/// An event about Ines, with these members instead of the usual ones.
pub(crate) fn event_of(members: Value) -> Event {
    let mut event = json!({
        "triggerSource": "PostConfirmation_ConfirmSignUp",
        "userPoolId": POOL,
        "userName": "ines",
        "callerContext": {"clientId": "web"},
        "request": {
            "userAttributes": {"sub": "u-1", "email": "ines@mail.example.org", "email_verified": "true", "name": "Ines", "custom:plan": "team"},
            "clientMetadata": {"inviteCode": "of-my-choice", "groups": "admins"},
        },
    });
    for (name, value) in members.as_object().unwrap() {
        event[name] = value.clone();
    }
    serde_json::from_value(event).unwrap()
}

pub(crate) const CONFIRMED: &str = "PostConfirmation_ConfirmSignUp";
pub(crate) const RESET: &str = "PostConfirmation_ConfirmForgotPassword";

/// The tables, the pool, and the function over them.
pub(crate) struct Stage {
    pub(crate) tables: Tables,
    pub(crate) pool: GroupPool,
    config: Config,
    outside: Outside,
}

impl Stage {
    pub(crate) fn new<const N: usize>(config: Config, items: [(&str, Value); N]) -> Self {
        let tables = tables(items);
        let client = tables.client();
        Self::over(client, tables, config)
    }

    pub(crate) fn over(client: Client, tables: Tables, config: Config) -> Self {
        let pool = GroupPool::with_groups(["colleagues", "editors", "members", "readers"]);
        let outside = Outside::new(
            client,
            aws_sdk_cognitoidentityprovider::Client::new(&pool.connection()),
            &config,
        );
        Self {
            tables,
            pool,
            config,
            outside,
        }
    }

    pub(crate) async fn answer(&self, event: Event) -> Result<&'static str, Failure> {
        self.answer_at(event, now()).await
    }

    pub(crate) async fn answer_at(
        &self,
        event: Event,
        now: OffsetDateTime,
    ) -> Result<&'static str, Failure> {
        let decided = handle(event, &self.config, &self.outside, now).await?;
        assert_eq!(decided.response, Response::default());
        Ok(decided.reason)
    }

    /// The groups that were joined, each once.
    pub(crate) fn joined(&self) -> Vec<String> {
        let mut joined: Vec<_> = self
            .pool
            .done()
            .iter()
            .map(|done| {
                done.strip_prefix("eu-central-1_Kx7QmT2Zd/ines joins ")
                    .unwrap_or(done)
                    .to_owned()
            })
            .collect();
        joined.sort();
        joined.dedup();
        joined
    }

    pub(crate) fn profiles(&self) -> Value {
        items(&self.tables, PROFILES).into()
    }
}

/// Whether the failure was answered, or else shown as the fixed text with this cause.
#[track_caller]
pub(crate) fn check_failed(answer: Result<&str, Failure>, expected: Option<&str>, cause: &str) {
    match (answer, expected) {
        (Ok(reason), Some(expected)) => assert_eq!(reason, expected),
        (Err(failure), None) => {
            assert_eq!(failure.public_text(), UNAVAILABLE);
            let Failure::Internal(found) = failure else {
                panic!("refused")
            };
            assert_eq!(found.to_string(), cause);
        }
        (answer, expected) => panic!("{answer:?}, expected {expected:?}"),
    }
}

pub(crate) fn profile() -> Value {
    json!({
        "subject": {"S": "user#u-1"},
        "record": {"S": "profile"},
        "sub": {"S": "u-1"},
        "userPoolId": {"S": POOL},
        "userName": {"S": "ines"},
        "clientId": {"S": "web"},
        "attributes": {"M": {"email": {"S": "ines@mail.example.org"}, "name": {"S": "Ines"}}},
        "origin": {"S": "confirmed"},
        "detailType": {"S": "User Confirmed"},
        "createdAt": {"N": "1800000000"},
    })
}

pub(crate) fn three_rules() -> [(&'static str, Value); 3] {
    [
        rule("everyone", &["members"]),
        rule("client#web", &["readers", "members"]),
        rule("domain#example.org", &["colleagues"]),
    ]
}

pub(crate) fn reset_profile(at: i64) -> Value {
    let mut profile = profile();
    profile["origin"] = json!({"S": "repaired"});
    profile["lastPasswordResetAt"] = json!({"N": at.to_string()});
    profile.as_object_mut().unwrap().remove("detailType");
    profile
}

pub(crate) fn reset_record(time: &str, at: i64) -> Value {
    json!({
        "subject": {"S": "user#u-1"},
        "record": {"S": format!("security#{time}#password-reset")},
        "sub": {"S": "u-1"},
        "userPoolId": {"S": POOL},
        "clientId": {"S": "web"},
        "at": {"N": at.to_string()},
        "detailType": {"S": "Password Reset"},
    })
}
