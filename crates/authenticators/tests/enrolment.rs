//! An authenticator app is enrolled by whoever started it, once, and nothing of it can be read in the table.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod stage;

use std::collections::BTreeSet;
use std::sync::Arc;

use authenticators::{Confirmation, Enrolled};
use embedded_dynamodb::Tables;
use embedded_dynamodb::{cut_at_every_await, hanging_client, throttled_client, unreachable_client};
use secrecy::{ExposeSecret, SecretString};
use tokio::task::JoinSet;

use stage::{App, SESSION, Stage, at, ines};

impl Stage {
    async fn start(&self, session: &str, now: i64) -> (App, String) {
        let secret = self
            .authenticators
            .start_totp(ines(), session, at(now))
            .await;
        let secret = secret.unwrap();
        (App::of(&secret), secret.base32().expose_secret().to_owned())
    }

    async fn confirm(&self, session: &str, code: SecretString, now: i64) -> Confirmation {
        let confirmed = self
            .authenticators
            .confirm_totp(ines(), session, &code, at(now));
        confirmed.await.unwrap()
    }

    async fn has_app(&self, app: &App, now: i64) -> bool {
        let code = app.code(at(now));
        let verified = self.authenticators.verify_totp(ines(), &code, "a", at(now));
        verified.await.unwrap()
    }

    async fn enrolled(&self) -> Enrolled {
        self.authenticators.enrolled(ines()).await.unwrap()
    }
}

#[tokio::test]
async fn a_secret_signs_in_only_once_it_is_confirmed() {
    let stage = Stage::new();
    let (app, _) = stage.start(SESSION, 0).await;
    assert!(!stage.has_app(&app, 0).await);
    assert_eq!(stage.enrolled().await.totp_since, None);

    assert_eq!(
        stage.confirm(SESSION, app.wrong_code(at(0)), 0).await,
        Confirmation::WrongCode
    );
    assert_eq!(
        stage.confirm(SESSION, app.code(at(0)), 0).await,
        Confirmation::Confirmed
    );
    assert_eq!(
        stage.confirm(SESSION, app.code(at(0)), 1).await,
        Confirmation::Confirmed,
        "asked again"
    );
    assert_eq!(
        stage.confirm("another", app.code(at(0)), 1).await,
        Confirmation::NotStarted
    );
    assert_eq!(
        stage.confirm(SESSION, app.code(at(30)), 1).await,
        Confirmation::NotStarted
    );

    assert_eq!(stage.enrolled().await.totp_since, Some(at(0)));
    assert!(
        !stage.has_app(&app, 0).await,
        "the code that confirmed is used"
    );
    assert!(stage.has_app(&app, 30).await);
}

#[tokio::test]
async fn a_session_gets_the_same_secret_again_and_another_one_a_new_one() {
    let stage = Stage::new();
    let (app, secret) = stage.start(SESSION, 0).await;
    assert_eq!(stage.start(SESSION, 599).await.1, secret);
    // Somebody else with a token of the user: the user's own confirmation must not make their secret active.
    let (planted, other) = stage.start("another", 1).await;
    assert_ne!(other, secret);
    assert_eq!(
        stage.confirm(SESSION, planted.code(at(1)), 1).await,
        Confirmation::NotStarted
    );
    assert_eq!(
        stage.confirm(SESSION, app.code(at(1)), 1).await,
        Confirmation::NotStarted
    );
    let (again, newest) = stage.start(SESSION, 2).await;
    assert!(![secret, other].contains(&newest));
    assert_eq!(
        stage.confirm("another", planted.code(at(2)), 2).await,
        Confirmation::NotStarted
    );
    assert_eq!(
        stage.confirm(SESSION, again.code(at(2)), 2).await,
        Confirmation::Confirmed
    );
}

#[tokio::test]
async fn a_secret_waits_ten_minutes() {
    let stage = Stage::new();
    let (app, secret) = stage.start(SESSION, 0).await;
    assert_eq!(
        stage.confirm(SESSION, app.code(at(600)), 600).await,
        Confirmation::NotStarted
    );
    assert_ne!(stage.start(SESSION, 600).await.1, secret);
}

/// Security row 2: guesses are counted before they are compared.
#[tokio::test]
async fn ten_different_guesses_end_a_secret_even_the_right_one_after_them() {
    let stage = Stage::new();
    let (app, secret) = stage.start(SESSION, 0).await;
    let near: BTreeSet<String> = [-30, 0, 30]
        .map(|seconds| app.code(at(seconds)).expose_secret().to_owned())
        .into();
    let wrong = (0..)
        .map(|code| format!("{code:06}"))
        .filter(|code| !near.contains(code));
    let wrong: Vec<String> = wrong.take(10).collect();
    for code in &wrong[..9] {
        // Repeating one costs nothing.
        for _ in 0..2 {
            assert_eq!(
                stage.confirm(SESSION, code.clone().into(), 0).await,
                Confirmation::WrongCode
            );
        }
    }
    assert_eq!(stage.start(SESSION, 0).await.1, secret);
    assert_eq!(
        stage.confirm(SESSION, wrong[9].clone().into(), 0).await,
        Confirmation::WrongCode
    );
    assert_eq!(
        stage.confirm(SESSION, app.code(at(0)), 0).await,
        Confirmation::TooManyGuesses
    );
    assert_ne!(stage.start(SESSION, 0).await.1, secret);
}

#[tokio::test]
async fn the_old_app_signs_in_until_the_new_one_is_confirmed() {
    let stage = Stage::new();
    let old = stage.enrol_app().await;
    let (new, _) = stage.start("session-2", 0).await;
    assert!(stage.has_app(&old, 0).await);
    assert_eq!(
        stage.confirm("session-2", new.code(at(30)), 30).await,
        Confirmation::Confirmed
    );
    assert!(!stage.has_app(&old, 60).await);
    assert!(stage.has_app(&new, 60).await);
}

#[tokio::test]
async fn what_is_removed_is_gone_and_can_be_removed_again() {
    let stage = Stage::new();
    let app = stage.enrol_app().await;
    stage.make_codes().await;
    for _ in 0..2 {
        stage.authenticators.remove_totp(ines()).await.unwrap();
        let left = stage.enrolled().await;
        assert_eq!((left.totp_since, left.recovery_codes_left), (None, 10));
    }
    assert!(!stage.has_app(&app, 0).await);
}

#[tokio::test]
async fn an_enrolment_that_was_cut_anywhere_leaves_what_one_run_leaves() {
    let stage = Stage::new();
    let run = || stage.authenticators.start_totp(ines(), SESSION, at(0));
    let (secret, cuts) = cut_at_every_await(run).await;
    assert!(cuts >= 4, "only {cuts} cuts");
    let app = App::of(&secret.unwrap());

    let code = app.code(at(0));
    let run = || {
        stage
            .authenticators
            .confirm_totp(ines(), SESSION, &code, at(0))
    };
    let (confirmed, cuts) = cut_at_every_await(run).await;
    assert_eq!(confirmed.unwrap(), Confirmation::Confirmed);
    assert!(cuts >= 6, "only {cuts} cuts");
    assert!(stage.has_app(&app, 30).await);

    let run = || stage.authenticators.make_recovery_codes(ines(), at(0));
    let (codes, _) = cut_at_every_await(run).await;
    let code = &codes.unwrap().unwrap()[0];
    let redeemed = stage.authenticators.redeem_recovery_code(ines(), code, "a");
    assert!(redeemed.await.unwrap());
}

#[tokio::test]
async fn an_enrolment_that_comes_three_times_at_once_is_one() {
    let stage = Arc::new(Stage::new());
    let mut running = JoinSet::new();
    for _ in 0..3 {
        let stage = Arc::clone(&stage);
        running.spawn(async move { stage.start(SESSION, 0).await.1 });
    }
    let secrets: BTreeSet<String> = running.join_all().await.into_iter().collect();
    assert_eq!(secrets.len(), 1);

    let (app, _) = stage.start(SESSION, 0).await;
    let mut running = JoinSet::new();
    for _ in 0..3 {
        let (stage, code) = (Arc::clone(&stage), app.code(at(0)));
        running.spawn(async move { stage.confirm(SESSION, code, 0).await });
    }
    assert_eq!(running.join_all().await, [Confirmation::Confirmed; 3]);

    // Of codes that were made at the same time, those that are shown count.
    let mut running = JoinSet::new();
    for _ in 0..3 {
        let stage = Arc::clone(&stage);
        running.spawn(async move {
            let made = stage.authenticators.make_recovery_codes(ines(), at(0));
            made.await.unwrap()
        });
    }
    let shown: Vec<_> = running.join_all().await.into_iter().flatten().collect();
    assert_eq!(shown.len(), 1);
    let redeemed = stage
        .authenticators
        .redeem_recovery_code(ines(), &shown[0][0], "a");
    assert!(redeemed.await.unwrap());
}

/// Security row 4: neither secrets nor codes stand in the table.
#[tokio::test]
async fn the_table_tells_nothing() {
    let stage = Stage::new();
    let (_, secret) = stage.start(SESSION, 0).await;
    let app = stage.enrol_app().await;
    let codes = stage.make_codes().await;
    let table = format!("{:?}", stage.items());
    for code in codes.iter().chain([&secret.into(), &app.code(at(-30))]) {
        let code = code.expose_secret();
        assert!(
            !table.contains(code) && !table.contains(&code.replace('-', "")),
            "{code}"
        );
    }
    // Of what is binary there are KMS's ciphertexts, which are eight digits in these tests.
    let items = stage.items();
    let values = items
        .iter()
        .flat_map(|item| item.as_object().unwrap().values());
    let binary: Vec<&str> = values.filter_map(|value| value["B"].as_str()).collect();
    assert_eq!(binary.len(), 2, "{binary:?}");
    for text in binary {
        assert!(text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()));
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_enrols_nothing() {
    for client in [unreachable_client(), throttled_client()] {
        let stage = Stage::over(client, Tables::in_memory().unwrap());
        assert!(
            stage
                .authenticators
                .start_totp(ines(), SESSION, at(0))
                .await
                .is_err()
        );
        assert!(
            stage
                .authenticators
                .make_recovery_codes(ines(), at(0))
                .await
                .is_err()
        );
        assert!(stage.authenticators.remove_totp(ines()).await.is_err());
        assert!(stage.authenticators.enrolled(ines()).await.is_err());
    }
    let stage = Stage::new();
    stage.keys.fail(Some("ThrottlingException"));
    let started = stage.authenticators.start_totp(ines(), SESSION, at(0));
    assert!(started.await.is_err());
    assert!(stage.items().is_empty());
    let stage = Stage::over(hanging_client(), Tables::in_memory().unwrap());
    let hanging = stage.authenticators.enrolled(ines());
    let limit = std::time::Duration::from_secs(4);
    assert!(
        tokio::time::timeout(limit, hanging).await.is_err(),
        "the edge ends it"
    );
}
