use cognito_events::{Event, SenderRequest, custom_email_sender, custom_sms_sender};
use message_templates::Message;

/// What both senders are asked, whatever the trigger calls it.
pub struct SenderEvent {
    pub(crate) channel: Channel,
    /// None where Cognito has come to send something that has no template.
    pub(crate) message: Option<Message>,
    pub(crate) user_pool_id: String,
    pub(crate) user_name: String,
    pub(crate) client_id: Option<String>,
    pub(crate) request: SenderRequest,
}

/// How a message reaches its recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Email,
    Sms,
}

impl Channel {
    /// The user attribute with the address or number.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "phone_number",
        }
    }
}

impl From<custom_email_sender::Event> for SenderEvent {
    fn from(event: custom_email_sender::Event) -> Self {
        use custom_email_sender::TriggerSource as Source;
        let message = match &event.trigger_source {
            Source::SignUp => Some(Message::SignUp),
            Source::AdminCreateUser => Some(Message::AdminCreateUser),
            Source::ResendCode => Some(Message::ResendCode),
            Source::ForgotPassword => Some(Message::ForgotPassword),
            Source::UpdateUserAttribute => Some(Message::UpdateUserAttribute),
            Source::VerifyUserAttribute => Some(Message::VerifyUserAttribute),
            Source::Authentication => Some(Message::Authentication),
            Source::AccountTakeOverNotification => Some(Message::AccountTakeOverNotification),
            Source::Unknown(_) => None,
        };
        Self::of(event, Channel::Email, message)
    }
}

impl From<custom_sms_sender::Event> for SenderEvent {
    fn from(event: custom_sms_sender::Event) -> Self {
        use custom_sms_sender::TriggerSource as Source;
        let message = match &event.trigger_source {
            Source::SignUp => Some(Message::SignUp),
            Source::AdminCreateUser => Some(Message::AdminCreateUser),
            Source::ResendCode => Some(Message::ResendCode),
            Source::ForgotPassword => Some(Message::ForgotPassword),
            Source::UpdateUserAttribute => Some(Message::UpdateUserAttribute),
            Source::VerifyUserAttribute => Some(Message::VerifyUserAttribute),
            Source::Authentication => Some(Message::Authentication),
            Source::Unknown(_) => None,
        };
        Self::of(event, Channel::Sms, message)
    }
}

impl SenderEvent {
    fn of<Source>(
        event: Event<Source, SenderRequest>,
        channel: Channel,
        message: Option<Message>,
    ) -> Self {
        Self {
            channel,
            message,
            user_pool_id: event.user_pool_id,
            user_name: event.user_name.as_str().to_owned(),
            client_id: event.caller_context.client_id,
            request: event.request,
        }
    }
}
