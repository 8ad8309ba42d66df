//! Passwords that were set anew, and the sessions that end with that.

use embedded_dynamodb::{cut_at_every_await, throttled_client, unreachable_client};
use serde_json::json;
use time::Duration;

use crate::stage::{
    RESET, Stage, check_failed, config, event, now, reset_profile, reset_record, three_rules,
};
use crate::tables::tables;

#[tokio::test]
async fn a_password_reset_is_noted_once_and_gives_no_groups() {
    let stage = Stage::new(config("false", "fail"), three_rules());
    let seconds = |seconds| now() + Duration::seconds(seconds);
    let first = reset_record("2027-01-15T08:00:00Z", 1_800_000_000);
    for at in [0, 1, 14] {
        let answer = stage.answer_at(event(RESET), seconds(at)).await;
        assert_eq!(answer.unwrap(), "PasswordReset");
        assert_eq!(
            stage.profiles(),
            json!([reset_profile(1_800_000_000), first])
        );
    }
    stage.answer_at(event(RESET), seconds(15)).await.unwrap();
    assert_eq!(
        stage.profiles(),
        json!([
            reset_profile(1_800_000_015),
            first,
            reset_record("2027-01-15T08:00:15Z", 1_800_000_015)
        ])
    );
    assert!(stage.pool.done().is_empty(), "{:?}", stage.pool.done());
}

#[tokio::test]
async fn a_password_reset_that_was_cut_anywhere_is_noted_once() {
    let stage = Stage::new(config("true", "fail"), []);
    let (answer, cuts) = cut_at_every_await(|| stage.answer(event(RESET))).await;
    answer.unwrap();
    assert!(cuts >= 2, "only {cuts} cuts");
    let record = reset_record("2027-01-15T08:00:00Z", 1_800_000_000);
    assert_eq!(
        stage.profiles(),
        json!([reset_profile(1_800_000_000), record])
    );
    assert_eq!(
        stage.joined(),
        ["eu-central-1_Kx7QmT2Zd/ines is signed out"]
    );
}

#[tokio::test]
async fn sessions_that_could_not_be_ended_are_never_passed_over() {
    for on_confirmation_error in ["answer", "fail"] {
        let stage = Stage::new(config("true", on_confirmation_error), []);
        stage.pool.fail(Some("InternalErrorException"));
        check_failed(
            stage.answer(event(RESET)).await,
            None,
            "failed to end the user's sessions",
        );
        // It is noted all the same.
        assert_eq!(stage.profiles().as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn sessions_end_also_when_the_reset_cannot_be_noted() {
    for client in [unreachable_client(), throttled_client()] {
        for (on_confirmation_error, expected) in
            [("answer", Some("NotEverythingDone")), ("fail", None)]
        {
            let config = config("true", on_confirmation_error);
            let stage = Stage::over(client.clone(), tables([]), config);
            check_failed(
                stage.answer(event(RESET)).await,
                expected,
                "failed to write the profile with its security record",
            );
            assert_eq!(
                stage.joined(),
                ["eu-central-1_Kx7QmT2Zd/ines is signed out"]
            );
        }
    }
}
