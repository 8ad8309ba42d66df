//! The table, the key and the user pool, and what the API asks the function over them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use authenticator_enrolment::{Config, Outside, handle, unavailable};
use embedded_dynamodb::Tables;
use entrypoint::Env;
use function_tests::{HttpAnswer, Keys, create, events, service};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use totp_rs::Totp;

pub(crate) const TABLE: &str = "authenticators";
const SUB: &str = "7f6a1c1e-0d6b-4f0e-9c3a-2f1d3c4b5a69";

/// When the API took the requests, in seconds.
pub(crate) const NOW: u64 = 1_800_000_000;

/// What the user pool says of the token.
pub(crate) type User = Result<Value, &'static str>;

pub(crate) fn ines() -> User {
    Ok(json!({"Username": SUB, "UserAttributes": [
        {"Name": "sub", "Value": SUB},
        {"Name": "email", "Value": "ines@example.org"},
    ]}))
}

pub(crate) struct Stage {
    pub(crate) tables: Tables,
    pub(crate) keys: Keys,
    pub(crate) asked: Arc<AtomicUsize>,
    config: Config,
    outside: Outside,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(ines())
    }

    pub(crate) fn with(user: User) -> Self {
        let tables = Tables::in_memory().unwrap();
        create(&tables, TABLE, &["subject", "authenticator"]);
        let client = tables.client();
        Self::over(client, tables, user)
    }

    pub(crate) fn over(client: aws_sdk_dynamodb::Client, tables: Tables, user: User) -> Self {
        let config = Config::from_env(Env::of_pairs([
            ("USER_POOL_ID", "eu-central-1_Kx7QmT2Zd"),
            ("AUTHENTICATORS_TABLE", TABLE),
            ("AUTHENTICATORS_KEY", "arn:key"),
            ("APP_NAME", "Example"),
        ]));
        let config = config.unwrap();
        let (keys, asked) = (Keys::default(), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&asked);
        let pool = service(move |operation, input| {
            assert_eq!(operation, "GetUser");
            assert_eq!(input, json!({"AccessToken": "header.payload.signature"}));
            count.fetch_add(1, Ordering::Relaxed);
            user.clone()
        });
        let kms = aws_sdk_kms::Client::new(&keys.connection());
        let user_pools = aws_sdk_cognitoidentityprovider::Client::new(&pool);
        let outside = Outside::new(client, kms, user_pools, &config);
        Self {
            tables,
            keys,
            asked,
            config,
            outside,
        }
    }

    pub(crate) async fn ask(&self, request: Value) -> HttpAnswer {
        let request: Box<RawValue> = serde_json::value::to_raw_value(&request).unwrap();
        let handle = |request| handle(request, &self.config, &self.outside);
        HttpAnswer::of(entrypoint::answer_http(&request, handle, unavailable).await)
    }

    pub(crate) async fn ask_for(&self, name: &str) -> HttpAnswer {
        self.ask(event(name)).await
    }

    /// Starts an app, and reads what a QR code would hold.
    pub(crate) async fn start(&self) -> Totp {
        let started = self.ask_for("start-totp").await;
        assert_eq!(started.status, 200, "{started:?}");
        let uri = started.body["uri"].as_str().unwrap();
        let secret = started.body["secret"].as_str().unwrap();
        assert!(uri.contains(secret), "{uri}");
        let app = Totp::from_url(uri).unwrap();
        assert_eq!(
            (app.issuer(), app.account_name()),
            (Some("Example"), "ines@example.org")
        );
        app
    }

    pub(crate) async fn confirm(&self, code: &str) -> HttpAnswer {
        let mut request = event("confirm-totp");
        request["body"] = json!({ "code": code }).to_string().into();
        self.ask(request).await
    }
}

pub(crate) fn event(name: &str) -> Value {
    let events = events("authenticator-enrolment");
    let (_, event) = events.iter().find(|(known, _)| known == name).unwrap();
    serde_json::from_str(event.get()).unwrap()
}

/// The event with a claim changed, or taken out.
pub(crate) fn with_claim(name: &str, claim: &str, value: Option<&str>) -> Value {
    let mut event = event(name);
    let claims = &mut event["requestContext"]["authorizer"]["jwt"]["claims"];
    let claims = claims.as_object_mut().unwrap();
    match value {
        Some(value) => claims.insert(claim.to_owned(), value.into()),
        None => claims.remove(claim),
    };
    event
}
