use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures_util::FutureExt;
use lambda_runtime::{Diagnostic, LambdaEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::deadline::{DEADLINE, DeadlinePassed};
use crate::decided::Decided;
use crate::decision_log::log_decision;
use crate::envelope::{Answer, Envelope, unreadable};
use crate::failure::Failure;

/// Asks Lambda for events and answers them until Lambda ends the process.
///
/// # Errors
///
/// When Lambda's runtime API is not there, or cannot be spoken to.
pub async fn run<View, Response, Handle, Answering>(
    handle: Handle,
) -> Result<(), lambda_runtime::Error>
where
    View: DeserializeOwned,
    Response: Serialize,
    Handle: Fn(View) -> Answering,
    Answering: Future<Output = Result<Decided<Response>, Failure>>,
{
    check_runtime_api()?;
    let handle = &handle;
    // The payload cannot be unreadable here, where `lambda_runtime` would answer with serde's text: Lambda's `Invoke` takes nothing but
    // JSON, and any JSON is a raw value. What is not an event is refused in `answer`.
    lambda_runtime::run(lambda_runtime::service_fn(
        |call: LambdaEvent<Box<RawValue>>| async move {
            let started = Instant::now();
            let answer = decide(&call.payload, handle).await;
            log_decision(&call, started.elapsed(), &answer);
            answer
                .map(|decided| decided.response)
                .map_err(|failure| Diagnostic {
                    error_type: match failure {
                        Failure::Refused { .. } => "Refused".to_owned(),
                        Failure::Internal(_) => "Internal".to_owned(),
                    },
                    error_message: failure.public_text().to_owned(),
                })
        },
    ))
    .await
}

/// Answers one event: the same JSON, with the decided fields laid over its `response`.
///
/// Each value that Cognito sent goes back byte for byte, known to us or not. The answer is a failure when the event cannot be read, when `handle`
/// fails or panics, and when it takes longer than the deadline.
///
/// # Errors
///
/// [`Failure::Refused`] from `handle`; [`Failure::Internal`] for everything else.
pub async fn answer<View, Response, Handle, Answering>(
    event: &RawValue,
    handle: Handle,
) -> Result<Box<RawValue>, Failure>
where
    View: DeserializeOwned,
    Response: Serialize,
    Handle: FnOnce(View) -> Answering,
    Answering: Future<Output = Result<Decided<Response>, Failure>>,
{
    Ok(decide(event, handle).await?.response.to_json()?)
}

/// [`answer`], with the reason.
async fn decide<View, Response, Handle, Answering>(
    event: &RawValue,
    handle: Handle,
) -> Result<Decided<Answer>, Failure>
where
    View: DeserializeOwned,
    Response: Serialize,
    Handle: FnOnce(View) -> Answering,
    Answering: Future<Output = Result<Decided<Response>, Failure>>,
{
    // Before anything is decided: an event that cannot take a response must have no effect.
    let envelope = Envelope::open(event)?;
    let view = serde_json::from_str(event.get()).map_err(unreadable)?;
    let decided = guarded(|| handle(view)).await?;
    Ok(Decided {
        reason: decided.reason,
        response: envelope.close(&decided.response)?,
    })
}

/// What is decided, or a failure if the decision panics, or takes longer than the deadline.
pub(crate) async fn guarded<T, Deciding>(decide: impl FnOnce() -> Deciding) -> Result<T, Failure>
where
    Deciding: Future<Output = Result<T, Failure>>,
{
    AssertUnwindSafe(async { tokio::time::timeout(DEADLINE, decide()).await })
        .catch_unwind()
        .await
        .map_err(|_payload| Panicked)?
        .map_err(|_elapsed| DeadlinePassed)?
}

/// `lambda_runtime` would panic without saying which variable is missing.
pub(crate) fn check_runtime_api() -> Result<(), NoRuntimeApi> {
    match std::env::var_os("AWS_LAMBDA_RUNTIME_API") {
        Some(_) => Ok(()),
        None => Err(NoRuntimeApi),
    }
}

/// The decision panicked; the panic hook has logged where.
#[derive(Debug, thiserror::Error)]
#[error("the decision panicked")]
struct Panicked;

#[derive(Debug, thiserror::Error)]
#[error(
    "AWS_LAMBDA_RUNTIME_API: not set; expected the address that AWS Lambda gives to every function"
)]
pub(crate) struct NoRuntimeApi;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde::Deserialize;

    use super::*;
    use crate::causes::with_causes;
    use crate::failure::UNAVAILABLE;

    #[derive(Deserialize)]
    struct View {
        name: String,
    }

    #[derive(Serialize)]
    struct Greeting {
        text: String,
    }

    #[derive(Debug, thiserror::Error)]
    #[error("We do not know you")]
    struct Unknown;

    const EVENT: &str = r#"{"name":"ana","response":{"text":null}}"#;

    async fn answer_to<Answering>(
        event: &str,
        handle: impl FnOnce(View) -> Answering,
    ) -> Result<String, Failure>
    where
        Answering: Future<Output = Result<Decided<Greeting>, Failure>>,
    {
        let event: Box<RawValue> = serde_json::from_str(event).unwrap();
        let answer = answer(&event, handle).await?;
        Ok(answer.get().to_owned())
    }

    /// What the end user sees, and what is logged.
    #[track_caller]
    fn texts(answer: Result<String, Failure>) -> (String, String) {
        let failure = answer.unwrap_err();
        let logged = match &failure {
            Failure::Refused { reason, .. } => reason.clone(),
            Failure::Internal(cause) => with_causes(&**cause),
        };
        (failure.public_text().to_owned(), logged)
    }

    fn internal(logged: &str) -> (String, String) {
        (UNAVAILABLE.to_owned(), logged.to_owned())
    }

    async fn greet(view: View) -> Result<Decided<Greeting>, Failure> {
        let text = format!("Hello {}", view.name);
        Ok(Decided::by("Greeting", Greeting { text }))
    }

    #[tokio::test]
    async fn the_decision_is_laid_over_the_event() {
        let answer = answer_to(EVENT, greet).await.unwrap();
        assert_eq!(answer, r#"{"name":"ana","response":{"text":"Hello ana"}}"#);
    }

    #[tokio::test]
    async fn a_refusal_shows_its_text() {
        let answer = answer_to(EVENT, async |_| Err(Failure::refused(Unknown))).await;
        let shown = ("We do not know you".to_owned(), "Unknown".to_owned());
        assert_eq!(texts(answer), shown);
    }

    #[tokio::test]
    async fn an_error_shows_the_fixed_text() {
        let answer = answer_to(EVENT, async |_| {
            Err(std::io::Error::other("no table").into())
        });
        assert_eq!(texts(answer.await), internal("no table"));
    }

    #[tokio::test]
    async fn an_event_that_cannot_be_read_is_neither_shown_nor_logged_nor_handled() {
        async fn never(_: View) -> Result<Decided<Greeting>, Failure> {
            unreachable!("there is nothing to decide on")
        }
        for (event, logged) in [
            (
                r#"{"name":{"ana":"secret"}}"#,
                "failed to read the event: Data error at line 1, column 8",
            ),
            (
                r#"["secret"]"#,
                "failed to read the event: Data error at line 1, column 0",
            ),
            (
                "null",
                "failed to read the event: Data error at line 1, column 4",
            ),
            (
                r#"{"name":"ana","response":"secret"}"#,
                "failed to read the event: Data error at line 1, column 8",
            ),
        ] {
            let answer = answer_to(event, never).await;
            assert_eq!(texts(answer), internal(logged), "{event}");
        }
    }

    #[tokio::test]
    async fn a_panic_shows_the_fixed_text_and_is_not_quoted() {
        let awaited = answer_to(EVENT, async |view| {
            tokio::task::yield_now().await;
            panic!("secret of {}", view.name)
        });
        assert_eq!(texts(awaited.await), internal("the decision panicked"));

        // Before there is a future at all.
        let called = answer_to(EVENT, |view: View| -> std::future::Ready<_> {
            panic!("secret of {}", view.name)
        });
        assert_eq!(texts(called.await), internal("the decision panicked"));
    }

    #[tokio::test(start_paused = true)]
    async fn the_deadline_comes_before_cognito_gives_up() {
        let started = tokio::time::Instant::now();
        let answer = answer_to(EVENT, async |view| {
            tokio::time::sleep(Duration::from_secs(60)).await;
            greet(view).await
        });
        assert_eq!(texts(answer.await), internal("no decision within 4 s"));
        assert_eq!(started.elapsed(), DEADLINE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_decision_just_in_time_counts() {
        let answer = answer_to(EVENT, async |view| {
            tokio::time::sleep(DEADLINE - Duration::from_millis(1)).await;
            greet(view).await
        });
        assert!(answer.await.is_ok());
    }

    #[tokio::test]
    async fn without_lambda_the_missing_variable_is_named() {
        let error = run(greet).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "AWS_LAMBDA_RUNTIME_API: not set; expected the address that AWS Lambda gives to every function"
        );
    }
}
