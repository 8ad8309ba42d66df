//! Who may enrol what, as the API asks it, and what is said to whom.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use authenticator_enrolment::{Config, Outside, handle, unavailable};
use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::encodings::Body;
use embedded_dynamodb::{Tables, cut_at_every_await, throttled_client, unreachable_client};
use entrypoint::Env;
use function_tests::{Keys, Log, SILENT, UNREACHABLE, create, events, items, service};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use totp_rs::Totp;

const TABLE: &str = "authenticators";
const SUB: &str = "7f6a1c1e-0d6b-4f0e-9c3a-2f1d3c4b5a69";

/// When the API took the requests, in seconds.
const NOW: u64 = 1_800_000_000;

/// What the user pool says of the token.
type User = Result<Value, &'static str>;

fn ines() -> User {
    Ok(json!({"Username": SUB, "UserAttributes": [
        {"Name": "sub", "Value": SUB},
        {"Name": "email", "Value": "ines@example.org"},
    ]}))
}

struct Stage {
    tables: Tables,
    keys: Keys,
    asked: Arc<AtomicUsize>,
    config: Config,
    outside: Outside,
}

impl Stage {
    fn new() -> Self {
        Self::with(ines())
    }

    fn with(user: User) -> Self {
        let tables = Tables::in_memory().unwrap();
        create(&tables, TABLE, &["subject", "authenticator"]);
        let client = tables.client();
        Self::over(client, tables, user)
    }

    fn over(client: aws_sdk_dynamodb::Client, tables: Tables, user: User) -> Self {
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

    async fn ask(&self, request: Value) -> Answer {
        let request: Box<RawValue> = serde_json::value::to_raw_value(&request).unwrap();
        let handle = |request| handle(request, &self.config, &self.outside);
        Answer::of(entrypoint::answer_http(&request, handle, unavailable).await)
    }

    async fn ask_for(&self, name: &str) -> Answer {
        self.ask(event(name)).await
    }

    /// Starts an app, and reads what a QR code would hold.
    async fn start(&self) -> Totp {
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

    async fn confirm(&self, code: &str) -> Answer {
        let mut request = event("confirm-totp");
        request["body"] = json!({ "code": code }).to_string().into();
        self.ask(request).await
    }
}

#[derive(Debug, PartialEq)]
struct Answer {
    status: i64,
    body: Value,
    challenge: Option<String>,
}

impl Answer {
    /// Nothing that is answered may be kept by a cache.
    #[track_caller]
    fn of(response: ApiGatewayV2httpResponse) -> Self {
        assert_eq!(response.headers["cache-control"], "no-store");
        let challenge = response.headers.get("www-authenticate");
        Self {
            status: response.status_code,
            body: match response.body {
                Some(Body::Text(text)) => serde_json::from_str(&text).unwrap(),
                _ => Value::Null,
            },
            challenge: challenge.map(|value| value.to_str().unwrap().to_owned()),
        }
    }

    #[track_caller]
    fn is_problem(&self, status: i64, code: &str) {
        assert_eq!(
            (self.status, &self.body["code"]),
            (status, &code.into()),
            "{self:?}"
        );
        assert_eq!(self.body["type"], format!("urn:lifeguard:problem:{code}"));
    }
}

fn event(name: &str) -> Value {
    let events = events("authenticator-enrolment");
    let (_, event) = events.iter().find(|(known, _)| known == name).unwrap();
    serde_json::from_str(event.get()).unwrap()
}

/// The event with a claim changed, or taken out.
fn with_claim(name: &str, claim: &str, value: Option<&str>) -> Value {
    let mut event = event(name);
    let claims = &mut event["requestContext"]["authorizer"]["jwt"]["claims"];
    let claims = claims.as_object_mut().unwrap();
    match value {
        Some(value) => claims.insert(claim.to_owned(), value.into()),
        None => claims.remove(claim),
    };
    event
}

#[tokio::test]
async fn an_app_and_codes_are_enrolled_listed_and_removed() {
    let stage = Stage::new();
    let nothing = json!({"totp": null, "recoveryCodes": null});
    assert_eq!(stage.ask_for("list").await.body, nothing);

    let app = stage.start().await;
    assert_eq!(
        stage.ask_for("list").await.body,
        nothing,
        "it is not confirmed"
    );
    let code = app.generate(NOW).to_string();
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(stage.confirm(&spaced).await.status, 204);

    let made = stage.ask_for("make-recovery-codes").await;
    assert_eq!(made.body["codes"].as_array().unwrap().len(), 10);
    let time = "2027-01-15T08:00:00Z";
    assert_eq!(
        stage.ask_for("list").await.body,
        json!({"totp": {"since": time}, "recoveryCodes": {"left": 10, "madeAt": time}})
    );
    for _ in 0..2 {
        assert_eq!(stage.ask_for("remove-totp").await.status, 204);
    }
    assert_eq!(
        stage.ask_for("list").await.body,
        json!({"totp": null, "recoveryCodes": {"left": 10, "madeAt": time}})
    );
}

#[tokio::test]
async fn wrong_codes_are_refused_and_counted() {
    let stage = Stage::new();
    stage.confirm("000000").await.is_problem(409, "not-started");
    let app = stage.start().await;
    let near = [NOW - 30, NOW, NOW + 30].map(|time| app.generate(time).to_string());
    let wrong = (0..)
        .map(|code| format!("{code:06}"))
        .filter(|code| !near.contains(code));
    for code in wrong.take(10) {
        stage.confirm(&code).await.is_problem(422, "wrong-code");
    }
    let right = app.generate(NOW).to_string();
    stage
        .confirm(&right)
        .await
        .is_problem(409, "too-many-guesses");
    for malformed in ["", "12345", "abcdef"] {
        stage.confirm(malformed).await.is_problem(400, "malformed");
    }
}

/// Security row 27 in small: what a token is for is checked here, since the authorizer takes any token of the pool.
#[tokio::test]
async fn only_an_access_token_of_a_user_of_the_pool_will_do() {
    let stage = Stage::new();
    for (claim, value) in [
        ("token_use", Some("id")),
        ("token_use", None),
        (
            "iss",
            Some("https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Another12"),
        ),
        ("iss", None),
        // A machine's.
        ("username", None),
        ("sub", None),
        ("auth_time", None),
        ("auth_time", Some("soon")),
    ] {
        for name in [
            "list",
            "start-totp",
            "confirm-totp",
            "remove-totp",
            "make-recovery-codes",
        ] {
            let refused = stage.ask(with_claim(name, claim, value)).await;
            refused.is_problem(401, "not-signed-in");
            assert_eq!(
                refused.challenge.as_deref(),
                Some(r#"Bearer error="invalid_token""#)
            );
        }
    }
    for part in ["authorizer", "headers"] {
        let mut request = event("list");
        match part {
            "headers" => request["headers"] = json!({}),
            _ => request["requestContext"]["authorizer"] = json!({}),
        }
        stage.ask(request).await.is_problem(401, "not-signed-in");
    }
    assert_eq!(stage.asked.load(Ordering::Relaxed), 0);
    assert!(items(&stage.tables, TABLE).is_empty());
}

#[tokio::test]
async fn a_token_whose_user_is_signed_out_or_somebody_else_will_not_do() {
    let somebody_else = Ok(json!({"Username": "kim", "UserAttributes": [
        {"Name": "sub", "Value": "00000000-0d6b-4f0e-9c3a-2f1d3c4b5a69"},
    ]}));
    for user in [
        Err("NotAuthorizedException"),
        Err("UserNotFoundException"),
        Err("PasswordResetRequiredException"),
        somebody_else,
    ] {
        let stage = Stage::with(user);
        for (name, _) in events("authenticator-enrolment") {
            stage.ask_for(&name).await.is_problem(401, "not-signed-in");
        }
        assert!(items(&stage.tables, TABLE).is_empty());
    }
}

#[tokio::test]
async fn changes_want_a_sign_in_of_the_last_ten_minutes() {
    let stage = Stage::new();
    let app = stage.start().await;
    for (age, fresh) in [(600, true), (601, false), (86_400, false)] {
        let signed_in_at = (NOW - age).to_string();
        for name in ["start-totp", "remove-totp", "make-recovery-codes"] {
            let answer = stage
                .ask(with_claim(name, "auth_time", Some(&signed_in_at)))
                .await;
            if fresh {
                assert!(answer.status < 300, "{answer:?}");
            } else {
                answer.is_problem(401, "sign-in-too-old");
                let challenge = r#"Bearer error="insufficient_user_authentication", max_age="600""#;
                assert_eq!(answer.challenge.as_deref(), Some(challenge));
            }
        }
    }
    // To look, and to end what was begun in time, an older one will do.
    let again = stage.start().await;
    assert_ne!(
        again.generate(NOW),
        app.generate(NOW),
        "the first one was removed"
    );
    let mut confirm = with_claim("confirm-totp", "auth_time", Some("1799990000"));
    confirm["body"] = json!({"code": again.generate(NOW).to_string()})
        .to_string()
        .into();
    assert_eq!(stage.ask(confirm).await.status, 204);
    let list = stage
        .ask(with_claim("list", "auth_time", Some("1700000000")))
        .await;
    assert_eq!(list.body["totp"]["since"], "2027-01-15T08:00:00Z");
}

#[tokio::test]
async fn what_no_route_leads_to_is_not_there() {
    let mut request = event("list");
    request["routeKey"] = "GET /v1/secrets".into();
    Stage::new().ask(request).await.is_problem(404, "not-found");
}

/// Security row 19: nothing is enrolled, shown or removed while something does not answer, and the texts say nothing.
#[tokio::test(start_paused = true)]
async fn an_outage_is_the_same_answer_everywhere() {
    for client in [unreachable_client(), throttled_client()] {
        let stage = Stage::over(client, Tables::in_memory().unwrap(), ines());
        for (name, _) in events("authenticator-enrolment") {
            stage.ask_for(&name).await.is_problem(503, "unavailable");
        }
    }
    for user in [
        Err(UNREACHABLE),
        Err(SILENT),
        Err("TooManyRequestsException"),
    ] {
        let stage = Stage::with(user);
        for (name, _) in events("authenticator-enrolment") {
            stage.ask_for(&name).await.is_problem(503, "unavailable");
        }
    }
    let stage = Stage::new();
    stage.keys.fail(Some("ThrottlingException"));
    for name in ["start-totp", "make-recovery-codes"] {
        stage.ask_for(name).await.is_problem(503, "unavailable");
    }
    assert!(items(&stage.tables, TABLE).is_empty());
}

#[tokio::test]
async fn what_was_cut_anywhere_or_comes_three_times_at_once_is_enrolled_once() {
    let stage = Arc::new(Stage::new());
    let (started, cuts) = cut_at_every_await(|| stage.ask_for("start-totp")).await;
    assert_eq!(started.status, 200);
    assert!(cuts >= 6, "only {cuts} cuts");

    let mut running = JoinSet::new();
    for _ in 0..3 {
        let stage = Arc::clone(&stage);
        running.spawn(async move { stage.ask_for("start-totp").await });
    }
    for same in running.join_all().await {
        assert_eq!(same, started);
    }
    let app = stage.start().await;
    let code = app.generate(NOW).to_string();
    let (confirmed, _) = cut_at_every_await(|| stage.confirm(&code)).await;
    assert_eq!(confirmed.status, 204);

    let mut running = JoinSet::new();
    for _ in 0..3 {
        let stage = Arc::clone(&stage);
        running.spawn(async move { stage.ask_for("make-recovery-codes").await });
    }
    let made = running.join_all().await;
    assert_eq!(made.iter().filter(|answer| answer.status == 200).count(), 1);
    for other in made.iter().filter(|answer| answer.status != 200) {
        other.is_problem(409, "made-meanwhile");
    }
}

/// Security rows 4 and 29: neither logs nor refusals hold what is secret or who it is.
#[tokio::test]
async fn no_secret_is_logged() {
    let stage = Stage::new();
    let log = Log::start();
    let app = stage.start().await;
    stage.confirm("000000").await;
    let code = app.generate(NOW).to_string();
    stage.confirm(&code).await;
    stage.ask_for("make-recovery-codes").await;
    stage.keys.fail(Some("AccessDeniedException"));
    stage.ask_for("start-totp").await;
    for secret in ["header.payload", "ines", &code, "192.0.2"] {
        assert!(!log.text().contains(secret), "{}", log.text());
    }
}
