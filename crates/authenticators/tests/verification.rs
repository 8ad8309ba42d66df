//! Codes are good for once, for their user alone, and nobody learns by the calls that are made who has what.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod stage;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use authenticators::Owner;
use embedded_dynamodb::{Tables, cut_at_every_await, throttled_client, unreachable_client};
use function_tests::{UNREACHABLE, request};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use totp_rs::Totp;

use stage::{POOL, Stage, TABLE, at, ines};

#[tokio::test]
async fn a_code_is_taken_once_and_none_from_before_it() {
    let stage = Stage::new();
    let app = stage.enrol_app().await;
    let verify = async |code, attempt, now| {
        let verified = stage
            .authenticators
            .verify_totp(ines(), &code, attempt, at(now));
        verified.await.unwrap()
    };
    assert!(
        !verify(app.code(at(-30)), "a-1", 0).await,
        "it confirmed the enrolment"
    );
    assert!(!verify(app.wrong_code(at(0)), "a-2", 0).await);
    assert!(verify(app.code(at(0)), "a-3", 0).await);
    assert!(verify(app.code(at(0)), "a-3", 1).await, "the same attempt");
    assert!(!verify(app.code(at(0)), "a-4", 2).await, "used");
    assert!(verify(app.code(at(30)), "a-5", 3).await, "a fast clock");
    assert!(
        !verify(app.code(at(0)), "a-3", 4).await,
        "older than the last"
    );
    assert!(verify(app.code(at(60)), "a-6", 89).await, "on a slow way");
    assert!(!verify(app.code(at(90)), "a-7", 150).await, "too late");
}

#[tokio::test]
async fn a_code_that_comes_three_times_at_once_signs_in_one() {
    let stage = Arc::new(Stage::new());
    let app = stage.enrol_app().await;
    let codes = stage.make_codes().await;
    let mut by_app = 0;
    let mut by_code = 0;
    let mut running = JoinSet::new();
    for attempt in ["a-1", "a-2", "a-3"] {
        let (stage, totp, recovery) = (Arc::clone(&stage), app.code(at(0)), codes[0].clone());
        running.spawn(async move {
            let authenticators = &stage.authenticators;
            let totp = authenticators.verify_totp(ines(), &totp, attempt, at(0));
            let totp = totp.await.unwrap();
            let recovery = authenticators.redeem_recovery_code(ines(), &recovery, attempt);
            (totp, recovery.await.unwrap())
        });
    }
    for (totp, recovery) in running.join_all().await {
        by_app += u32::from(totp);
        by_code += u32::from(recovery);
    }
    assert_eq!((by_app, by_code), (1, 1));
}

#[tokio::test]
async fn a_check_that_was_cut_anywhere_and_repeated_is_answered_as_one_is() {
    let stage = Stage::new();
    let app = stage.enrol_app().await;
    let codes = stage.make_codes().await;

    let code = app.code(at(0));
    let run = || {
        stage
            .authenticators
            .verify_totp(ines(), &code, "a-1", at(0))
    };
    let (verified, cuts) = cut_at_every_await(run).await;
    assert!(verified.unwrap());
    assert!(cuts >= 6, "only {cuts} cuts");

    let run = || {
        stage
            .authenticators
            .redeem_recovery_code(ines(), &codes[0], "a-1")
    };
    let (redeemed, cuts) = cut_at_every_await(run).await;
    assert!(redeemed.unwrap());
    assert!(cuts >= 6, "only {cuts} cuts");
    let left = stage.authenticators.enrolled(ines()).await.unwrap();
    assert_eq!(left.recovery_codes_left, 9);
}

#[tokio::test]
async fn every_recovery_code_is_redeemed_once_however_it_is_typed() {
    let stage = Stage::new();
    let codes = stage.make_codes().await;
    assert_eq!(codes.len(), 10);
    for (number, code) in codes.iter().enumerate() {
        let typed = code.expose_secret().to_lowercase().replace('-', " ").into();
        for (attempt, expected) in [("a", true), ("a", true), ("b", false)] {
            let attempt = format!("{attempt}-{number}");
            let redeemed = stage
                .authenticators
                .redeem_recovery_code(ines(), &typed, &attempt);
            assert_eq!(redeemed.await.unwrap(), expected, "{attempt}");
        }
        let left = stage.authenticators.enrolled(ines()).await.unwrap();
        assert_eq!(left.recovery_codes_left, 9 - number);
    }
}

#[tokio::test]
async fn new_recovery_codes_replace_the_old_ones() {
    let stage = Stage::new();
    let (old, new) = (stage.make_codes().await, stage.make_codes().await);
    for (code, expected) in [(&old[0], false), (&new[0], true)] {
        let redeemed = stage
            .authenticators
            .redeem_recovery_code(ines(), code, "a-1");
        assert_eq!(redeemed.await.unwrap(), expected);
    }
}

#[tokio::test]
async fn what_is_copied_to_another_user_or_pool_does_not_decrypt() {
    let stage = Stage::new();
    let app = stage.enrol_app().await;
    let codes = stage.make_codes().await;
    for mut item in stage.items() {
        item["subject"] = json!({"S": "user#u-2"});
        request(
            &stage.tables,
            "PutItem",
            &json!({"TableName": TABLE, "Item": item}),
        );
    }
    let code = app.code(at(0));
    for other in [
        Owner::new(POOL, "u-2"),
        Owner::new("eu-central-1_Another12", "u-1"),
    ] {
        let verified = stage.authenticators.verify_totp(&other, &code, "a", at(0));
        let refused = "failed to decrypt an authenticator's secret";
        assert_eq!(verified.await.unwrap_err().to_string(), refused);
        let redeemed = stage
            .authenticators
            .redeem_recovery_code(&other, &codes[0], "a");
        assert_eq!(redeemed.await.unwrap_err().to_string(), refused);
    }
}

#[tokio::test]
async fn what_was_encrypted_for_one_purpose_does_not_decrypt_for_another() {
    let stage = Stage::new();
    let app = stage.enrol_app().await;
    let codes = stage.make_codes().await;
    let [mut recovery, mut totp] = <[Value; 2]>::try_from(stage.items()).unwrap();
    if recovery["authenticator"] != json!({"S": "recovery-codes"}) {
        std::mem::swap(&mut recovery, &mut totp);
    }
    std::mem::swap(&mut recovery["codeKey"], &mut totp["activeSecret"]);
    for item in [recovery, totp] {
        request(
            &stage.tables,
            "PutItem",
            &json!({"TableName": TABLE, "Item": item}),
        );
    }
    let refused = "failed to decrypt an authenticator's secret";
    let code = app.code(at(0));
    let verified = stage.authenticators.verify_totp(ines(), &code, "a", at(0));
    assert_eq!(verified.await.unwrap_err().to_string(), refused);
    let redeemed = stage
        .authenticators
        .redeem_recovery_code(ines(), &codes[0], "a");
    assert_eq!(redeemed.await.unwrap_err().to_string(), refused);
}

#[tokio::test]
async fn a_code_of_an_app_that_is_replaced_meanwhile_is_not_taken() {
    let stage = Stage::new();
    let old = stage.enrol_app().await.code(at(0));
    let mut verified = pin!(stage.authenticators.verify_totp(ines(), &old, "a-1", at(0)));
    // The read and the decryption give way twice each; the write is still to come.
    for _ in 0..4 {
        let polled = poll_fn(|context| Poll::Ready(verified.as_mut().poll(context)));
        assert!(polled.await.is_pending());
    }
    stage.authenticators.remove_totp(ines()).await.unwrap();
    let new = stage.enrol_app().await.code(at(0));
    assert!(!verified.await.unwrap());
    let verified = stage.authenticators.verify_totp(ines(), &new, "a-2", at(0));
    assert!(verified.await.unwrap());
}

/// Security row 8: who has an authenticator, and who exists at all, does not show in what is called.
#[tokio::test]
async fn those_who_have_nothing_cost_what_a_wrong_answer_costs() {
    let stage = Stage::new();
    let app = stage.enrol_app().await;
    stage.make_codes().await;
    let nobody = Owner::new(POOL, "no-such-user");
    let before = stage.items();
    let authenticators = &stage.authenticators;

    // The first check of a process makes the decoy, whoever is checked.
    let wrong = app.wrong_code(at(0));
    for (owner, expected) in [
        (ines(), vec!["Encrypt", "Decrypt"]),
        (&nobody, vec!["Decrypt"]),
        (ines(), vec!["Decrypt"]),
    ] {
        stage.keys.calls();
        let verified = authenticators.verify_totp(owner, &wrong, "a", at(0)).await;
        assert!(!verified.unwrap());
        assert_eq!(stage.keys.calls(), expected);
    }
    for typed in ["BCDFG-HJKLM-NPQRS", "", "no code at all"] {
        for owner in [ines(), &nobody] {
            let typed = typed.into();
            let redeemed = authenticators.redeem_recovery_code(owner, &typed, "a");
            let (redeemed, cuts) = cut_counted(redeemed).await;
            assert!(!redeemed.unwrap());
            // Each call gives way twice: the read, KMS, the write.
            assert_eq!(cuts, 6, "{owner:?}");
            assert_eq!(stage.keys.calls(), ["Decrypt"]);
        }
    }
    assert_eq!(stage.items(), before);
}

/// How often a future gave way before it was ready.
async fn cut_counted<Output>(future: impl Future<Output = Output>) -> (Output, usize) {
    let mut future = pin!(future);
    let mut pending = 0;
    let output = poll_fn(|context| {
        let polled = future.as_mut().poll(context);
        pending += usize::from(polled.is_pending());
        polled
    });
    (output.await, pending)
}

#[tokio::test]
async fn a_decoy_s_codes_are_nobody_s() {
    let stage = Stage::new();
    let nobody = Owner::new(POOL, "no-such-user");
    // The decoy is 20 zeros, which anybody can read in the source and give to an app.
    let uri = format!(
        "otpauth://totp/Example:nobody?issuer=Example&secret={}",
        "A".repeat(32)
    );
    let app = Totp::from_url(&uri).unwrap();
    for seconds in [-30, 0, 30] {
        let time = u64::try_from(at(seconds).unix_timestamp()).unwrap();
        let code: SecretString = app.generate(time).to_string().into();
        let verified = stage.authenticators.verify_totp(&nobody, &code, "a", at(0));
        assert!(!verified.await.unwrap());
    }
    assert!(stage.items().is_empty());
}

/// Security row 19: nobody is let in because something does not answer.
#[tokio::test]
async fn an_outage_lets_nobody_in() {
    for client in [unreachable_client(), throttled_client()] {
        let stage = Stage::over(client, Tables::in_memory().unwrap());
        let code = SecretString::from("123456");
        let verified = stage.authenticators.verify_totp(ines(), &code, "a", at(0));
        let refused = "failed to read the authenticators";
        assert_eq!(verified.await.unwrap_err().to_string(), refused);
        let redeemed = stage
            .authenticators
            .redeem_recovery_code(ines(), &code, "a");
        assert_eq!(redeemed.await.unwrap_err().to_string(), refused);
    }
    let stage = Stage::new();
    let app = stage.enrol_app().await;
    let codes = stage.make_codes().await;
    let code = app.code(at(0));
    for exception in [UNREACHABLE, "ThrottlingException", "DisabledException"] {
        stage.keys.fail(Some(exception));
        let verified = stage.authenticators.verify_totp(ines(), &code, "a", at(0));
        assert!(verified.await.is_err());
        let redeemed = stage
            .authenticators
            .redeem_recovery_code(ines(), &codes[0], "a");
        assert!(redeemed.await.is_err());
    }
    stage.keys.fail(None);
    let verified = stage.authenticators.verify_totp(ines(), &code, "a", at(0));
    assert!(verified.await.unwrap(), "an outage uses no code up");
}
