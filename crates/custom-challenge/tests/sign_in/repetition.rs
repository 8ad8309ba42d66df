//! Events that come twice, at once or half-way: one message, one record, the same answer.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use embedded_dynamodb::cut_at_every_await;
use function_tests::items;
use serde_json::{Value, json};

use crate::stage::*;

/// What tells one challenge of an answer from another; the nonce is each answer's own.
fn without_nonce(mut created: Value) -> Value {
    let private = created["privateChallengeParameters"]
        .as_object_mut()
        .unwrap();
    assert!(private.remove("nonce").is_some());
    created
}

#[tokio::test]
async fn a_challenge_that_is_created_again_is_the_same_and_its_message_leaves_once() {
    let pages = ("LINK_REDIRECTS", "https://app.example.com/in");
    for policy in ["email-code", "sms-code", "magic-link"] {
        let stage = Stage::with(policy, [pages, ("SMS_COUNTRIES", "DE")]);
        let sign_in = SignIn::of(Who::Ines);
        let first = stage.create(&sign_in, &json!({}), now()).await.unwrap();
        let metadata = json!({});
        let mut created = vec![first.response];
        for at in [5, 10, 15] {
            let again = stage.create(&sign_in, &metadata, after(at)).await.unwrap();
            assert_eq!(again.reason, "AskedAgain");
            created.push(again.response);
        }
        let ids: Vec<_> = created
            .iter()
            .map(|created| &created["challengeMetadata"])
            .collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{policy}: {ids:?}");
        assert_eq!(stage.messages().len(), 1, "{policy}");
    }
}

#[tokio::test]
async fn three_creations_at_once_make_one_message() {
    let stage = Stage::new("email-code");
    let sign_in = SignIn::of(Who::Ines);
    let metadata = json!({});
    let create = || stage.create(&sign_in, &metadata, now());
    let (one, two, three) = tokio::join!(create(), create(), create());
    let created = [one, two, three].map(|created| without_nonce(created.unwrap().response));
    assert!(
        created.iter().all(|other| *other == created[0]),
        "{created:?}"
    );
    assert_eq!(stage.messages().len(), 1);
}

#[tokio::test]
async fn a_creation_that_is_cut_anywhere_and_done_again_makes_one_message() {
    let page = ("LINK_REDIRECTS", "https://app.example.com/in");
    for policy in ["email-code", "magic-link"] {
        let stage = Stage::with(policy, [page]);
        let sign_in = SignIn::of(Who::Ines);
        let metadata = json!({});
        let (created, cuts) = cut_at_every_await(|| stage.create(&sign_in, &metadata, now())).await;
        assert!(cuts > 10, "{cuts}");
        let messages = stage.messages();
        assert_eq!(messages.len(), 1, "{policy}");
        let private = &created.unwrap().response["privateChallengeParameters"];
        assert_eq!(messages[0]["messageId"], private["id"], "{policy}");
    }
}

#[tokio::test]
async fn an_answer_that_comes_again_is_answered_alike_and_counts_once() {
    let stage = Stage::new("email-code");
    let sign_in = stage.begin(Who::Ines, now()).await;
    let right = code(&stage.messages());
    let wrong = other_than(&right);
    for at in [0, 5, 10, 15] {
        let answer = stage.verify(&sign_in, &wrong, &json!({}), after(at)).await;
        assert_eq!(answer.unwrap(), (false, "Wrong"), "{at}");
    }
    for at in [20, 25, 49] {
        let answer = stage.verify(&sign_in, &right, &json!({}), after(at)).await;
        assert_eq!(answer.unwrap(), (true, "Right"), "{at}");
    }
    let answer = stage.verify(&sign_in, &right, &json!({}), after(50)).await;
    assert_eq!(answer.unwrap(), (false, "NotCompared"), "a replay");
}

#[tokio::test]
async fn an_answer_is_good_once_and_in_its_own_session() {
    let stage = Stage::new("email-code");
    let sign_in = stage.begin(Who::Ines, now()).await;
    let other = stage.begin(Who::Ines, after(5)).await;
    let right = code(&stage.messages());
    let (one, two) = (json!({}), json!({}));
    let answers = tokio::join!(
        stage.verify(&sign_in, &right, &one, after(6)),
        stage.verify(&other, &right, &two, after(6)),
    );
    let answers = [answers.0.unwrap().0, answers.1.unwrap().0];
    let right_ones = answers.iter().filter(|is_right| **is_right).count();
    assert_eq!(right_ones, 1, "{answers:?}");
    for sign_in in [&sign_in, &other] {
        let mut replayed = sign_in.clone();
        replayed.created["privateChallengeParameters"]["nonce"] = "another".into();
        let answer = stage.verify(&replayed, &right, &json!({}), after(7)).await;
        assert_eq!(answer.unwrap(), (false, "NotCompared"));
    }
}

/// One answer halts at each of its steps in turn, and the other is judged from beginning to end meanwhile.
#[tokio::test]
async fn two_right_answers_are_one_however_they_overlap() {
    for halt in 0.. {
        let stage = Stage::new("email-code");
        let sign_in = stage.begin(Who::Ines, now()).await;
        let other = stage.begin(Who::Ines, after(5)).await;
        let right = code(&stage.messages());
        let metadata = json!({});
        let mut first = pin!(stage.verify(&sign_in, &right, &metadata, after(6)));
        let mut is_done = None;
        for _ in 0..halt {
            let polled = poll_fn(|context| Poll::Ready(first.as_mut().poll(context)));
            if let Poll::Ready(answer) = polled.await {
                is_done = Some(answer);
                break;
            }
        }
        let was_done = is_done.is_some();
        let second = stage.verify(&other, &right, &metadata, after(6)).await;
        let first = match is_done {
            Some(answer) => answer,
            None => first.await,
        };
        let answers = [first.unwrap(), second.unwrap()];
        let right_ones = answers.iter().filter(|(is_right, _)| *is_right).count();
        assert_eq!(right_ones, 1, "halted after {halt}: {answers:?}");
        if was_done {
            assert!(halt > 10, "{halt}");
            break;
        }
    }
}

#[tokio::test]
async fn answers_at_once_and_cut_anywhere_leave_what_one_leaves() {
    for kind in ["email-code", "recovery-code"] {
        let metadata = json!({});
        let mut left = Vec::new();
        for way in ["once", "three at once", "cut"] {
            let stage = Stage::new(kind);
            let codes = recovery_codes(&stage, Who::Ines).await;
            let sign_in = stage.begin(Who::Ines, now()).await;
            let right = match kind {
                "email-code" => code(&stage.messages()),
                _ => codes[0].clone(),
            };
            let verify = || stage.verify(&sign_in, &right, &metadata, after(1));
            let answers = match way {
                "once" => vec![verify().await],
                "three at once" => {
                    let (one, two, three) = tokio::join!(verify(), verify(), verify());
                    vec![one, two, three]
                }
                _ => {
                    let (answer, cuts) = cut_at_every_await(verify).await;
                    assert!(cuts > 10, "{cuts}");
                    vec![answer]
                }
            };
            for answer in answers {
                assert_eq!(answer.unwrap(), (true, "Right"), "{kind} {way}");
            }
            let keys: Vec<_> = items(&stage.tables, CHALLENGES)
                .iter()
                .map(|item| {
                    item["id"]["S"]
                        .as_str()
                        .unwrap()
                        .split('#')
                        .next()
                        .unwrap()
                        .to_owned()
                })
                .collect();
            left.push(keys);
        }
        assert!(left.iter().all(|keys| *keys == left[0]), "{kind}: {left:?}");
    }
}

#[tokio::test]
async fn a_wrong_answer_that_is_cut_anywhere_counts_once() {
    let stage = Stage::new("email-code");
    let sign_in = stage.begin(Who::Ines, now()).await;
    let right = code(&stage.messages());
    let metadata = json!({});
    for wrong in [other_than(&right), format!("9{right}")] {
        let verify = || stage.verify(&sign_in, &wrong, &metadata, now());
        let (answer, cuts) = cut_at_every_await(verify).await;
        assert!(cuts > 5, "{cuts}");
        assert_eq!(answer.unwrap(), (false, "Wrong"));
    }
    let verify = || stage.verify(&sign_in, &right, &metadata, now());
    let (answer, _) = cut_at_every_await(verify).await;
    assert_eq!(answer.unwrap(), (true, "Right"), "the third of three");
}
