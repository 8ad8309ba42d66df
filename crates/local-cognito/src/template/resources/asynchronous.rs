//! What becomes of events that a function's caller does not wait for.

use std::time::Duration;

use crate::template::properties::Properties;

/// What becomes of events that a function's caller does not wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asynchronous {
    /// How often Lambda tries again after the function failed.
    pub(crate) retries: u32,
    /// An event that is older is not tried again.
    pub(crate) longest_age: Duration,
    /// The ARN of the queue or topic that gets an event that failed for good.
    pub(crate) dead_letter_queue: Option<String>,
    /// The ARN of what gets a record of an event that failed for good.
    pub(crate) on_failure: Option<String>,
}

/// Source: AWS Lambda API Reference, `PutFunctionEventInvokeConfig`.
impl Default for Asynchronous {
    fn default() -> Self {
        Self {
            retries: MOST_RETRIES,
            longest_age: Duration::from_secs(LONGEST_AGE_SECONDS.into()),
            dead_letter_queue: None,
            on_failure: None,
        }
    }
}

const MOST_RETRIES: u32 = 2;
const SHORTEST_AGE_SECONDS: u32 = 60;
const LONGEST_AGE_SECONDS: u32 = 6 * 60 * 60;

/// Reads `EventInvokeConfig` and `DeadLetterQueue` of a function.
pub(super) fn read(properties: &mut Properties) -> Asynchronous {
    let read = properties.within("EventInvokeConfig", |config| Asynchronous {
        retries: config
            .number("MaximumRetryAttempts", 0..=MOST_RETRIES)
            .unwrap_or(MOST_RETRIES),
        longest_age: config
            .number(
                "MaximumEventAgeInSeconds",
                SHORTEST_AGE_SECONDS..=LONGEST_AGE_SECONDS,
            )
            .map_or(Asynchronous::default().longest_age, |seconds| {
                Duration::from_secs(seconds.into())
            }),
        on_failure: config
            .within("DestinationConfig", |destinations| {
                destinations.within("OnFailure", |failure| target(failure, "Destination"))
            })
            .flatten(),
        dead_letter_queue: None,
    });
    Asynchronous {
        dead_letter_queue: properties.within("DeadLetterQueue", |queue| target(queue, "TargetArn")),
        ..read.unwrap_or_default()
    }
}

/// The queue or topic at which an event ends. SAM makes one where none is named; here it has to be named.
fn target(properties: &mut Properties, name: &str) -> String {
    properties.word("Type", &["SQS", "SNS"]);
    properties.required_text(name)
}
