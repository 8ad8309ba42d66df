//! Nothing leaves that the table does not have.

use std::time::Duration;

use embedded_dynamodb::{hanging_client, throttled_client, unreachable_client};
use tokio::time::timeout;

use crate::stage::{Stage, email, settings, tables};

#[tokio::test]
async fn nothing_is_sent_that_the_table_does_not_have() {
    for client in [unreachable_client(), throttled_client()] {
        let stage = Stage::over(client, tables(), &settings());
        let failed = stage.send(&email()).await.unwrap_err();
        assert_eq!(failed.to_string(), "failed to write the delivery");
        assert_eq!(stage.senders.asked(), [""; 0]);
    }
}

/// The client of a function has limits of its own; this one has none.
#[tokio::test(start_paused = true)]
async fn nothing_is_sent_while_the_table_hangs() {
    let stage = Stage::over(hanging_client(), tables(), &settings());
    let message = email();
    let given_up = timeout(Duration::from_secs(4), stage.send(&message)).await;
    assert!(given_up.is_err());
    assert_eq!(stage.senders.asked(), [""; 0]);
}
