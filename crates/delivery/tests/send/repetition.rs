//! One message, however often it comes: again, at the same time, cut anywhere, or while its lease lasts.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use delivery::{DeliveryError, Outcome};
use function_tests::items;
use serde_json::json;
use time::Duration;
use tokio::task::JoinSet;

use crate::stage::{DELIVERIES, HERE, Stage, email, now};

#[tokio::test]
async fn one_message_however_often_it_comes() {
    let stage = Stage::new();
    let mut outcomes = Vec::new();
    for minutes in [0, 1, 3, 300] {
        let later = now() + Duration::minutes(minutes);
        outcomes.push(stage.delivery.send("m-1", &email(), later).await.unwrap());
    }
    let before = Outcome::SettledBefore;
    assert_eq!(outcomes, [Outcome::Sent, before, before, before]);
    assert_eq!(stage.taken_by(), [HERE]);

    stage.delivery.send("m-2", &email(), now()).await.unwrap();
    assert_eq!(stage.taken_by(), [HERE, HERE]);
    let expected = ["m-1", "m-2"].map(|id| {
        json!({
            "message": {"S": id},
            "outcome": {"S": "sent"},
            "expiresAt": {"N": "1800086400"},
        })
    });
    let mut found = items(&stage.tables, DELIVERIES);
    found.sort_by_key(|item| item["message"].to_string());
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_message_that_comes_three_times_at_once_is_sent_once() {
    let stage = Arc::new(Stage::new());
    let mut running = JoinSet::new();
    for _ in 0..3 {
        let stage = Arc::clone(&stage);
        running.spawn(async move { stage.send(&email()).await });
    }
    let answers = running.join_all().await;
    assert_eq!(stage.taken_by(), [HERE]);
    for answer in &answers {
        let fine = matches!(
            answer,
            Ok(Outcome::Sent | Outcome::SettledBefore) | Err(DeliveryError::BeingSent)
        );
        assert!(fine, "{answer:?}");
    }
    // Whoever found it being sent comes again.
    assert_eq!(stage.send(&email()).await.unwrap(), Outcome::SettledBefore);
    assert_eq!(stage.taken_by(), [HERE]);
}

/// The event that was cut comes again a minute later, as Lambda brings it. Only between the provider's effect and the note of it is there no
/// telling that it happened, so that a second message leaves.
#[tokio::test]
async fn a_message_that_was_cut_anywhere_is_sent_when_it_comes_again() {
    for awaits in 1.. {
        let stage = Stage::new();
        let message = email();
        let was_cut = cut(stage.send(&message), awaits).await;
        let sent = stage.taken_by().len();
        let is_settled = items(&stage.tables, DELIVERIES)
            .iter()
            .any(|item| item.get("outcome").is_some());
        let later = now() + Duration::minutes(1);
        let answer = stage.delivery.send("m-1", &message, later).await.unwrap();
        if is_settled {
            assert_eq!(
                (answer, stage.taken_by().len()),
                (Outcome::SettledBefore, 1)
            );
        } else {
            assert_eq!((answer, stage.taken_by().len()), (Outcome::Sent, sent + 1));
        }
        if !was_cut {
            assert!(awaits > 6, "only {awaits} awaits");
            break;
        }
    }
}

/// Drops the work when it has waited that often; whether it was not done by then.
async fn cut(work: impl Future, awaits: usize) -> bool {
    let mut work = pin!(work);
    let mut waited = 0;
    poll_fn(|context| {
        let poll = work.as_mut().poll(context);
        waited += 1;
        match poll {
            Poll::Ready(_) => Poll::Ready(false),
            Poll::Pending if waited == awaits => Poll::Ready(true),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test]
async fn a_lease_lets_nobody_else_send_until_it_lapses() {
    let stage = Stage::new();
    let message = email();
    // After the table has the message, and before a provider does.
    assert!(cut(stage.send(&message), 2).await);
    for (seconds, expected) in [(0, None), (9, None), (10, Some(Outcome::Sent))] {
        let later = now() + Duration::seconds(seconds);
        let answer = stage.delivery.send("m-1", &message, later).await;
        match expected {
            Some(expected) => assert_eq!(answer.unwrap(), expected),
            None => assert!(matches!(answer, Err(DeliveryError::BeingSent))),
        }
    }
    assert_eq!(stage.taken_by(), [HERE]);
}
