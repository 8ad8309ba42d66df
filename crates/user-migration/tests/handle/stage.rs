//! The tables, an older user pool, and the function over them.

use std::sync::{Arc, Mutex};

use aws_sdk_cognitoidentityprovider::Client as UserPools;
use aws_sdk_dynamodb::Client;
use aws_sdk_ssm::Client as Ssm;
use cognito_events::user_migration::{Event, Response};
use embedded_dynamodb::Tables;
use entrypoint::{Env, Failure, UNAVAILABLE};
use function_tests::{create, items, put, service};
use legacy_users::{LegacyName, LegacyUsers};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use user_migration::{Clients, Config, Outside, handle};

pub(crate) const LEGACY_USERS: &str = "legacy-users";

pub(crate) const PASSWORD: &str = "Correct-Horse-19";

/// Of that password.
const HASH: &str = "pbkdf2_sha256$1000$nacl$YPnv5WK+bVVRYykiEuYfucS/0jdCPID5M7ANp3RFxLk=";

const SAMPLE: &str = "pbkdf2_sha256$1000$sample$xLlgfMh2Z7Dw0AeD8StFN+Za4QvGJhjAbaopdU++siw=";

/// So many seconds after 2027-01-15, 08:00 UTC.
pub(crate) fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap() + Duration::seconds(seconds)
}

pub(crate) fn sign_in(name: &str, password: &str) -> Event {
    event("UserMigration_Authentication", name, Some(password))
}

pub(crate) fn forgot(name: &str) -> Event {
    event("UserMigration_ForgotPassword", name, None)
}

pub(crate) fn event(source: &str, name: &str, password: Option<&str>) -> Event {
    let event = json!({
        "triggerSource": source,
        "userPoolId": "eu-central-1_Kx7QmT2Zd",
        "userName": name,
        "callerContext": {"clientId": "web"},
        "request": {"password": password},
    });
    serde_json::from_value(event).unwrap()
}

/// The row of Ines, with these members besides.
pub(crate) fn ines(more: Value) -> Value {
    row("ines@example.org", more)
}

pub(crate) fn row(name: &str, more: Value) -> Value {
    let mut row = json!({
        "user": {"S": name},
        "hash": {"S": HASH},
        "attributes": {"M": {"email": {"S": name}}},
        "verified": {"SS": ["email"]},
    });
    for (name, value) in more.as_object().unwrap() {
        row[name] = value.clone();
    }
    row
}

/// What is left of Ines, who has moved at that time and has not signed in yet.
pub(crate) fn moved(seconds: i64, more: Value) -> Vec<Value> {
    let at = json!({"N": at(seconds).unix_timestamp().to_string()});
    let mut row = ines(json!({"state": {"S": "migrated"}, "migratedAt": at}));
    for (name, value) in more.as_object().unwrap() {
        row[name] = value.clone();
    }
    vec![
        row,
        json!({"user": {"S": "tombstone#ines@example.org"}, "migratedAt": at, "awaited": {"BOOL": true}}),
    ]
}

pub(crate) struct Stage {
    pub(crate) tables: Tables,
    config: Config,
    outside: Outside,
    /// What the older user pool was asked.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Stage {
    /// With these rows, and these variables instead of the usual ones.
    pub(crate) fn new<const N: usize>(rows: &[Value], more: [(&str, &str); N]) -> Self {
        let tables = tables(rows);
        Self::over(tables.client(), tables, more)
    }

    pub(crate) fn over<const N: usize>(
        client: Client,
        tables: Tables,
        more: [(&str, &str); N],
    ) -> Self {
        let usual = [
            ("SOURCES", "imported-table"),
            ("LEGACY_USERS_TABLE", LEGACY_USERS),
            ("TRIES_TABLE", "tries"),
            ("SAMPLE_HASH", SAMPLE),
            ("OLD_USER_POOL_ID", "eu-west-1_Old"),
            ("OLD_CLIENT_ID", "old"),
        ];
        let mut pairs = [("", ""); 16];
        for (place, pair) in more.into_iter().chain(usual).enumerate() {
            pairs[place] = pair;
        }
        let config = Config::from_env(Env::of_pairs(pairs)).unwrap();
        let asked = Arc::default();
        let clients = Clients {
            dynamodb: client,
            user_pools: old_pool(&asked).into(),
            ssm: Ssm::new(&service(|_, _| Err("ParameterNotFound"))).into(),
        };
        Self {
            outside: Outside::new(clients, &config),
            tables,
            config,
            asked,
        }
    }

    pub(crate) async fn decided(
        &self,
        event: Event,
        now: OffsetDateTime,
    ) -> Result<(&'static str, Response), Failure> {
        let decided = handle(event, &self.config, &self.outside, now).await?;
        Ok((decided.reason, decided.response))
    }

    /// The reason for the answer, which is empty unless the user moves.
    pub(crate) async fn answer(&self, event: Event, now: OffsetDateTime) -> &'static str {
        let (reason, response) = self.decided(event, now).await.unwrap();
        assert_eq!(
            response != Response::default(),
            reason == "Migrated",
            "{reason}"
        );
        reason
    }

    pub(crate) async fn fails(&self, event: Event) {
        let failure = self.decided(event, at(0)).await.unwrap_err();
        assert_eq!(failure.public_text(), UNAVAILABLE);
    }

    pub(crate) fn rows(&self) -> Vec<Value> {
        items(&self.tables, LEGACY_USERS)
    }

    /// The first sign-in in the pool, as post authentication notes it.
    pub(crate) async fn arrives(&self, name: &str) {
        let legacy_users = LegacyUsers::new(self.tables.client(), LEGACY_USERS);
        let names = [LegacyName::normalised(name).unwrap()];
        legacy_users.note_arrival(&names).await.unwrap();
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

pub(crate) fn tables(rows: &[Value]) -> Tables {
    let tables = Tables::in_memory().unwrap();
    create(&tables, LEGACY_USERS, &["user"]);
    create(&tables, "tries", &["window"]);
    for row in rows {
        put(&tables, LEGACY_USERS, row);
    }
    tables
}

/// An older pool that knows `kim`, and is out of order for `down`.
fn old_pool(asked: &Arc<Mutex<Vec<String>>>) -> UserPools {
    let asked = Arc::clone(asked);
    UserPools::new(&service(move |operation, input| {
        asked.lock().unwrap().push(operation.to_owned());
        let user = json!({
            "Username": "kim",
            "UserAttributes": [{"Name": "name", "Value": "Kim"}],
        });
        let parameters = &input["AuthParameters"];
        match (operation, parameters["USERNAME"].as_str()) {
            ("GetUser", _) => Ok(user),
            (_, Some("kim")) if parameters["PASSWORD"] == PASSWORD => {
                Ok(json!({"AuthenticationResult": {"AccessToken": "token"}}))
            }
            (_, Some("down")) => Err("InternalErrorException"),
            _ => Err("NotAuthorizedException"),
        }
    }))
}
