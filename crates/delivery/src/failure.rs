use std::error::Error;
use std::fmt;

use aws_connection::CallError;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// Why a provider did not take a message.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It is the recipient: every other provider would say the same.
    OfTheRecipient(&'static str),
    /// It is the provider, as it is used here and now: another one may take the message.
    OfTheProvider(CallError),
}

impl Failure {
    /// Sorts a call's error by its exception.
    ///
    /// Whatever is not known to be about the recipient is taken to be about the provider: throttling, an account that is suspended or
    /// paused, a region in which the sender or the configuration set is not known, a spent budget, silence. `MessageRejected` of SES is
    /// among them: it names senders that are not verified in that region, and accounts that may not send to everybody there.
    ///
    /// Source: SES developer guide, "Amazon SES email sending errors"; API references of SES version 2, SNS and End User Messaging.
    pub(crate) fn of<E, R>(error: SdkError<E, R>) -> Self
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
        R: fmt::Debug + Send + Sync + 'static,
    {
        let code = error.as_service_error().and_then(|error| error.code());
        match code {
            // SES
            Some("BadRequestException") => Self::OfTheRecipient("BadRequestException"),
            // SNS
            Some("InvalidParameter") => Self::OfTheRecipient("InvalidParameter"),
            Some("ParameterValueInvalid") => Self::OfTheRecipient("ParameterValueInvalid"),
            Some("OptedOut") => Self::OfTheRecipient("OptedOut"),
            // End User Messaging
            Some("ValidationException") => Self::OfTheRecipient("ValidationException"),
            _ => Self::OfTheProvider(error.into()),
        }
    }

    /// The request could not be put together.
    pub(crate) fn in_the_making() -> Self {
        Self::OfTheProvider(CallError::NotInOrder)
    }

    /// There was no answer in the time that a provider has.
    pub(crate) fn of_silence() -> Self {
        Self::OfTheProvider(CallError::TooSlow)
    }
}
