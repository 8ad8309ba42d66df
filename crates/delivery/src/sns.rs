use aws_connection::OnFirstUse;
use aws_sdk_sns::Client;
use aws_sdk_sns::config::Builder;
use aws_sdk_sns::error::BuildError;
use aws_sdk_sns::types::MessageAttributeValue;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;

use crate::failure::Failure;
use crate::message::Sms;
use crate::settings::{SenderId, Settings};

/// SNS, which sends text messages to numbers without any topic.
pub(crate) struct Sns {
    client: OnFirstUse<Client>,
    sender_id: Option<SenderId>,
}

impl Sns {
    pub(crate) fn new(connection: &SdkConfig, settings: &Settings) -> Self {
        let connection = connection.clone();
        let client = OnFirstUse::new(move || {
            let config = Builder::from(&connection).retry_config(RetryConfig::disabled());
            Client::from_conf(config.build())
        });
        Self {
            client,
            sender_id: settings.sms_sender_id.clone(),
        }
    }

    pub(crate) async fn send(&self, sms: &Sms) -> Result<(), Failure> {
        let mut request = self
            .client
            .publish()
            .phone_number(&sms.to)
            .message(&sms.text);
        for (name, value) in self.attributes() {
            let value = text(value).map_err(|_| Failure::in_the_making())?;
            request = request.message_attributes(name, value);
        }
        Box::pin(request.send()).await.map_err(Failure::of)?;
        Ok(())
    }

    /// Transactional: delivery counts for more than the price.
    ///
    /// Source: SNS developer guide, "Sending SMS messages using Amazon SNS".
    fn attributes(&self) -> impl Iterator<Item = (&'static str, String)> {
        let sender_id = self.sender_id.as_ref();
        let sender_id = sender_id.map(|id| ("AWS.SNS.SMS.SenderID", id.to_string()));
        std::iter::once(("AWS.SNS.SMS.SMSType", "Transactional".to_owned())).chain(sender_id)
    }
}

fn text(value: String) -> Result<MessageAttributeValue, BuildError> {
    MessageAttributeValue::builder()
        .data_type("String")
        .string_value(value)
        .build()
}
