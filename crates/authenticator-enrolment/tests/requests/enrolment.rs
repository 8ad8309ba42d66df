//! What is enrolled, listed and removed, and what of it is kept in no log.

use function_tests::Log;
use serde_json::json;
use totp_rs::Totp;

use crate::stage::{NOW, Stage, event};

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

#[tokio::test]
async fn what_no_route_leads_to_is_not_there() {
    let mut request = event("list");
    request["routeKey"] = "GET /v1/secrets".into();
    Stage::new().ask(request).await.is_problem(404, "not-found");
}

/// Security rows 4 and 29: neither logs nor refusals hold what is secret or who it is.
#[tokio::test]
async fn no_secret_is_logged() {
    let stage = Stage::new();
    let log = Log::start();
    let started = stage.ask_for("start-totp").await.body;
    let app = Totp::from_url(started["uri"].as_str().unwrap()).unwrap();
    stage.confirm("000000").await;
    let code = app.generate(NOW).to_string();
    stage.confirm(&code).await;
    let made = stage.ask_for("make-recovery-codes").await.body;
    stage.keys.fail(Some("AccessDeniedException"));
    stage.ask_for("start-totp").await;
    let codes = made["codes"].as_array().unwrap();
    let secrets = codes.iter().chain([&started["secret"]]);
    let secrets = secrets.map(|secret| secret.as_str().unwrap());
    for secret in secrets.chain(["header.payload", "ines", &code, "192.0.2"]) {
        assert!(!log.text().contains(secret), "{}", log.text());
    }
}
