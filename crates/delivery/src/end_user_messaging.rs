use aws_connection::OnFirstUse;
use aws_sdk_pinpointsmsvoicev2::Client;
use aws_sdk_pinpointsmsvoicev2::config::Builder;
use aws_sdk_pinpointsmsvoicev2::error::SdkError;
use aws_sdk_pinpointsmsvoicev2::operation::send_text_message::SendTextMessageError;
use aws_sdk_pinpointsmsvoicev2::types::{ConflictExceptionReason, MessageType};
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;

use crate::failure::Failure;
use crate::message::Sms;
use crate::settings::Settings;

/// AWS End User Messaging, whose API bears the name of Amazon Pinpoint.
pub(crate) struct EndUserMessaging {
    client: OnFirstUse<Client>,
    origination_identity: Option<String>,
}

impl EndUserMessaging {
    pub(crate) fn new(connection: &SdkConfig, settings: &Settings) -> Self {
        let connection = connection.clone();
        let client = OnFirstUse::new(move || {
            let config = Builder::from(&connection).retry_config(RetryConfig::disabled());
            Client::from_conf(config.build())
        });
        let identity = settings.sms_origination_identity.clone();
        let sender_id = settings.sms_sender_id.as_ref().map(ToString::to_string);
        Self {
            client,
            origination_identity: identity.or(sender_id),
        }
    }

    pub(crate) async fn send(&self, sms: &Sms) -> Result<(), Failure> {
        let request = self
            .client
            .send_text_message()
            .destination_phone_number(&sms.to)
            .message_body(&sms.text)
            .message_type(MessageType::Transactional)
            .set_origination_identity(self.origination_identity.clone());
        Box::pin(request.send()).await.map_err(failure)?;
        Ok(())
    }
}

/// A conflict is about the recipient where its reason says so, and about the account otherwise.
fn failure(error: SdkError<SendTextMessageError>) -> Failure {
    use ConflictExceptionReason::{
        DestinationCountryBlockedByProtectConfiguration as BlockedCountry,
        DestinationPhoneNumberBlockedByProtectNumberOverride as BlockedNumber,
        DestinationPhoneNumberOptedOut as OptedOut,
    };
    let reason = match error.as_service_error() {
        Some(SendTextMessageError::ConflictException(conflict)) => conflict.reason(),
        _ => None,
    };
    match reason {
        Some(OptedOut) => Failure::OfTheRecipient("DESTINATION_PHONE_NUMBER_OPTED_OUT"),
        Some(BlockedCountry) => {
            Failure::OfTheRecipient("DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION")
        }
        Some(BlockedNumber) => {
            Failure::OfTheRecipient("DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE")
        }
        _ => Failure::of(error),
    }
}
