use std::pin::Pin;
use std::time::Duration;

use aws_types::SdkConfig;
use time::OffsetDateTime;
use tokio::time::{Instant, timeout};

use crate::deliveries::{Deliveries, DeliveriesError, Taken};
use crate::end_user_messaging::EndUserMessaging;
use crate::failure::Failure;
use crate::message::Message;
use crate::ses::Ses;
use crate::settings::{Settings, SmsProvider};
use crate::sns::Sns;

/// What one provider gets. They answer within a few hundred milliseconds.
const PROVIDERS_TIME: Duration = Duration::from_millis(1_400);

/// When the last provider must be done: two that are silent fit, and 0.5 s are left below the edge's deadline of 4 s to write that down.
const TIME_FOR_ALL: Duration = Duration::from_millis(3_500);

/// Sends messages.
pub struct Delivery {
    deliveries: Deliveries,
    emails: Vec<Ses>,
    texts: Vec<SmsService>,
}

enum SmsService {
    Sns(Sns),
    EndUserMessaging(EndUserMessaging),
}

/// What has become of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A provider took it.
    Sent,
    /// No provider takes it for this recipient; the log says why.
    Rejected,
    /// It came before, and was sent or rejected then.
    SettledBefore,
}

/// A provider, and what it does once it is awaited.
struct Attempt<'a> {
    provider: &'a str,
    sending: Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>,
}

impl Delivery {
    /// Sends through the configured providers, and notes deliveries in the table of that name. Providers' clients are made when they are
    /// first used.
    pub fn new(
        connection: &SdkConfig,
        dynamodb: aws_sdk_dynamodb::Client,
        deliveries_table: &str,
        settings: &Settings,
    ) -> Self {
        let service = |provider: &SmsProvider| match provider {
            SmsProvider::Sns => SmsService::Sns(Sns::new(connection, settings)),
            SmsProvider::EndUserMessaging => {
                SmsService::EndUserMessaging(EndUserMessaging::new(connection, settings))
            }
        };
        Self {
            deliveries: Deliveries::new(dynamodb, deliveries_table),
            emails: Ses::in_each_region(connection, settings),
            texts: settings.sms_providers.iter().map(service).collect(),
        }
    }

    /// Sends the message with that id, unless it was sent before.
    ///
    /// Nothing is sent before the table has the message, so one id is one message however many events bring it at once. A second one can
    /// leave in two cases, since no provider knows our ids: a provider took the message and its answer came too late, so that the next
    /// provider was asked; or the function ended between that answer and the note of it, and the event came again.
    ///
    /// # Errors
    ///
    /// [`DeliveryError`]. The message may be tried again with the same id.
    pub async fn send(
        &self,
        id: &str,
        message: &Message,
        now: OffsetDateTime,
    ) -> Result<Outcome, DeliveryError> {
        let started = Instant::now();
        if let Err(unfit) = message.check() {
            tracing::warn!(cause = %unfit, "no provider can send this message");
            return Ok(Outcome::Rejected);
        }
        let attempts = self.attempts(message);
        if attempts.is_empty() {
            return Err(DeliveryError::NoProvider);
        }
        match self.deliveries.take(id, now).await? {
            Taken::Now => {}
            Taken::ByAnother => return Err(DeliveryError::BeingSent),
            Taken::Before => return Ok(Outcome::SettledBefore),
        }
        let sent = first_that_takes_it(attempts, started).await;
        let noted = match &sent {
            Ok(Outcome::Rejected) => self.deliveries.settle(id, "rejected").await,
            Ok(_) => self.deliveries.settle(id, "sent").await,
            Err(_) => self.deliveries.give_back(id).await,
        };
        // Another attempt would send it again: what has happened is not undone by its note.
        if noted.is_err() {
            tracing::warn!("failed to note what has become of a message");
        }
        sent
    }

    /// Everybody who could send it, in the configured order.
    fn attempts<'a>(&'a self, message: &'a Message) -> Vec<Attempt<'a>> {
        match message {
            Message::Email(email) => {
                let attempt = |ses: &'a Ses| Attempt {
                    provider: &ses.name,
                    sending: Box::pin(ses.send(email)),
                };
                self.emails.iter().map(attempt).collect()
            }
            Message::Sms(sms) => {
                let attempt = |service: &'a SmsService| match service {
                    SmsService::Sns(sns) => Attempt {
                        provider: "sns",
                        sending: Box::pin(sns.send(sms)),
                    },
                    SmsService::EndUserMessaging(end_user_messaging) => Attempt {
                        provider: "end-user-messaging",
                        sending: Box::pin(end_user_messaging.send(sms)),
                    },
                };
                self.texts.iter().map(attempt).collect()
            }
        }
    }
}

async fn first_that_takes_it(
    attempts: Vec<Attempt<'_>>,
    started: Instant,
) -> Result<Outcome, DeliveryError> {
    for Attempt { provider, sending } in attempts {
        if started.elapsed() + PROVIDERS_TIME > TIME_FOR_ALL {
            return Err(DeliveryError::NoTime);
        }
        let answer = timeout(PROVIDERS_TIME, sending).await;
        match answer.unwrap_or_else(|_elapsed| Err(Failure::of_silence())) {
            Ok(()) => return Ok(Outcome::Sent),
            Err(Failure::OfTheRecipient(cause)) => {
                tracing::warn!(provider, cause, "a provider rejects this recipient");
                return Ok(Outcome::Rejected);
            }
            Err(Failure::OfTheProvider(cause)) => {
                tracing::warn!(provider, %cause, "a provider did not take a message");
            }
        }
    }
    Err(DeliveryError::NoneTookIt)
}

/// Why a message was not sent.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The configuration names no provider for this channel.
    #[error("no provider is configured for this message")]
    NoProvider,
    /// Another event has brought the same message a moment ago. Whoever asks again finds it sent.
    #[error("the message is being sent")]
    BeingSent,
    /// No provider took it; the log has a line for each.
    #[error("no provider took the message")]
    NoneTookIt,
    /// Those who were asked took so long that nobody else could be asked.
    #[error("no provider took the message in time")]
    NoTime,
    /// The table could not be written, so nothing was sent.
    #[error(transparent)]
    Table(#[from] DeliveriesError),
}
