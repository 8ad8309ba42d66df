//! What is answered while something that the function needs does not answer.

use embedded_dynamodb::{Tables, throttled_client, unreachable_client};
use function_tests::{SILENT, UNREACHABLE, events, items};

use crate::stage::{Stage, TABLE, ines};

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
