use aws_connection::LoadError;
use cognito_events::SenderResponse;
use delivery::{Delivery, Outcome};
use entrypoint::{Decided, Failure};
use message_templates::Templates;
use secrecy::SecretString;
use time::OffsetDateTime;

use crate::code::{CodeError, CodeKey};
use crate::config::Config;
use crate::message::SenderEvent;
use crate::rules;

/// What a sender needs to decrypt, compose and send.
pub struct Sender {
    /// What the operator decided.
    pub config: Config,
    /// What messages say.
    pub templates: Templates,
    /// What codes are encrypted with.
    pub key: CodeKey,
    /// Who sends.
    pub delivery: Delivery,
}

impl Sender {
    /// A sender with AWS's services.
    ///
    /// # Errors
    ///
    /// When the environment lacks what Lambda sets.
    pub fn load(config: Config, templates: Templates) -> Result<Self, LoadError> {
        let connection = aws_connection::load()?;
        let kms = aws_sdk_kms::Client::new(&connection);
        let dynamodb = aws_sdk_dynamodb::Client::new(&connection);
        Ok(Self {
            key: CodeKey::new(kms, config.key_arn.clone()),
            delivery: Delivery::new(
                &connection,
                dynamodb,
                &config.deliveries_table,
                &config.settings,
            ),
            config,
            templates,
        })
    }

    /// The code or temporary password, if the event brings one.
    async fn code(&self, event: &SenderEvent) -> Result<Option<SecretString>, CodeError> {
        match &event.request.code {
            Some(code) => {
                let decrypted = self.key.decrypt(code, &event.user_pool_id).await?;
                Ok(Some(decrypted))
            }
            None => Ok(None),
        }
    }
}

/// Sends what the event is about, once.
///
/// # Errors
///
/// [`Failure::Internal`] when the code cannot be decrypted, the message not be composed, or nobody takes it. Lambda then brings the event
/// again.
pub async fn handle(
    event: impl Into<SenderEvent>,
    sender: &Sender,
    now: OffsetDateTime,
) -> Result<Decided<SenderResponse>, Failure> {
    let event = event.into();
    let Some(message) = event.message else {
        tracing::warn!("there is no template for this trigger source, and nothing was sent");
        return Ok(Decided::by("UnknownTriggerSource", SenderResponse {}));
    };
    let Some(to) = rules::recipient(&event) else {
        tracing::warn!("the event has no address for this channel, and nothing was sent");
        return Ok(Decided::by("NoRecipient", SenderResponse {}));
    };
    let code = sender.code(&event).await?;
    let Sender {
        config, templates, ..
    } = sender;
    let composed = rules::compose(
        templates,
        &config.letterhead,
        &event,
        message,
        to,
        code.as_ref(),
    )?;
    let id = rules::message_id(&event, message);
    // Boxed, because the compiler gives up on futures that are nested deeper.
    let outcome = Box::pin(sender.delivery.send(&id, &composed, now)).await?;
    let reason = match outcome {
        Outcome::Sent => "Sent",
        Outcome::Rejected => "Rejected",
        Outcome::SettledBefore => "SettledBefore",
    };
    Ok(Decided::by(reason, SenderResponse {}))
}
