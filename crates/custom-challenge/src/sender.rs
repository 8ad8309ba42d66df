//! The function that sends, which nobody waits for: a user who does not exist costs the same as one who gets a message.

use aws_connection::{CallError, OnFirstUse};
use aws_sdk_lambda::Client;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::challenge::Challenge;
use crate::kind::Content;

/// The function `challenge-sender`.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    client: OnFirstUse<Client>,
    function: String,
}

impl Sender {
    /// The function of that name or ARN.
    pub(crate) fn new(client: impl Into<OnFirstUse<Client>>, function: impl Into<String>) -> Self {
        Self {
            client: client.into(),
            function: function.into(),
        }
    }

    /// Asks for a message, to this recipient or to nobody. However often it is asked, one leaves under the challenge's id.
    pub(crate) async fn ask(&self, message: &Message<'_>) -> Result<(), SenderError> {
        let request = self
            .client
            .invoke()
            .function_name(&self.function)
            .invocation_type(InvocationType::Event)
            .payload(Blob::new(message.to_json()));
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let asked = Box::pin(request.send()).await;
        asked.map_err(|error| SenderError(error.into()))?;
        Ok(())
    }
}

/// The function could not be asked.
#[derive(Debug, thiserror::Error)]
#[error("failed to ask the sender for a message")]
pub(crate) struct SenderError(#[source] CallError);

/// What is asked: the event of `challenge-sender`.
pub(crate) struct Message<'a> {
    pub(crate) challenge: &'a Challenge,
    pub(crate) content: Content,
    pub(crate) recipient: Option<&'a str>,
    pub(crate) locale: Option<&'a str>,
    pub(crate) expires_in_minutes: i64,
}

impl Message<'_> {
    fn to_json(&self) -> String {
        let code = self.content.code.as_ref().map(ExposeSecret::expose_secret);
        let link = self.content.link.as_ref().map(ExposeSecret::expose_secret);
        json!({
            "messageId": self.challenge.id,
            "kind": self.challenge.kind.as_str(),
            "recipient": self.recipient,
            "clientId": self.challenge.client_id,
            "locale": self.locale,
            "code": code,
            "link": link,
            "number": self.content.number,
            "expiresInMinutes": self.expires_in_minutes,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use delivery::SignInMessage;
    use secrecy::SecretString;

    use super::*;
    use crate::challenge::tests::challenge;
    use crate::kind::Kind;

    #[test]
    fn the_sender_understands_what_it_is_asked() {
        for kind in [Kind::EmailCode, Kind::SmsCode, Kind::MagicLink] {
            for recipient in [Some("ines@example.org"), None] {
                let message = Message {
                    challenge: &challenge(kind),
                    content: Content {
                        code: Some(SecretString::from("482913")),
                        link: Some(SecretString::from("https://app.example.com/#token=t")),
                        number: Some("42".to_owned()),
                    },
                    recipient,
                    locale: Some("de-DE"),
                    expires_in_minutes: 5,
                };
                let read: SignInMessage = serde_json::from_str(&message.to_json()).unwrap();
                let read = serde_json::to_value(read).unwrap();
                let expected = json!({
                    "messageId": "1",
                    "kind": kind.as_str(),
                    "recipient": recipient,
                    "clientId": "web",
                    "locale": "de-DE",
                    "code": "482913",
                    "link": "https://app.example.com/#token=t",
                    "number": "42",
                    "expiresInMinutes": 5,
                });
                assert_eq!(read, expected);
            }
        }
    }
}
