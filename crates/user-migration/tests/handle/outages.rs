//! Tables and sources that are out of order: nobody is told that a password is wrong.

use embedded_dynamodb::{throttled_client, unreachable_client};
use serde_json::json;

use crate::stage::{PASSWORD, Stage, forgot, ines, sign_in, tables};

#[tokio::test]
async fn a_table_that_is_gone_or_throttled_is_a_failure_for_everybody() {
    for client in [unreachable_client(), throttled_client()] {
        let stage = Stage::over(client, tables(&[ines(json!({}))]), []);
        stage.fails(sign_in("ines@example.org", PASSWORD)).await;
        stage.fails(sign_in("unknown@example.org", PASSWORD)).await;
        stage.fails(forgot("ines@example.org")).await;
    }
}

#[tokio::test]
async fn no_other_source_is_asked_instead_of_one_that_is_out_of_order() {
    let rows = [ines(
        json!({"user": {"S": "down"}, "attributes": {"M": {"name": {"S": "Dawn"}}}}),
    )];
    let stage = Stage::new(&rows, [("SOURCES", "user-pool,imported-table")]);
    let before = stage.rows();
    stage.fails(sign_in("down", PASSWORD)).await;
    assert_eq!(stage.rows(), before);
}

/// The pepper may be among them.
#[tokio::test]
async fn nobody_is_wrong_while_the_secrets_cannot_be_read() {
    let stage = Stage::new(
        &[ines(json!({}))],
        [("MIGRATION_SECRETS", "/lifeguard/gone")],
    );
    stage.fails(sign_in("ines@example.org", PASSWORD)).await;
    stage.fails(sign_in("unknown@example.org", PASSWORD)).await;
}
