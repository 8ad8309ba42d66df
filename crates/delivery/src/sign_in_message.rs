use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

/// What `create-auth-challenge` asks `challenge-sender` to send: the payload of an asynchronous invocation.
///
/// It is also sent where nobody is to get anything, so that a challenge costs the same for everybody.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInMessage {
    /// Unique for each challenge, and the same however often the challenge is created again: what comes twice under one id is sent once.
    pub message_id: String,
    /// What is sent, and by which channel.
    pub kind: Kind,
    /// An e-mail address or, for [`Kind::SmsCode`], a telephone number in E.164; none where nobody gets anything.
    #[serde(default)]
    pub recipient: Option<String>,
    /// The app client at which the user is signing in.
    pub client_id: String,
    /// The user's language, such as `de-DE`.
    #[serde(default)]
    pub locale: Option<String>,
    /// The code, for the two kinds that have one.
    #[serde(default, serialize_with = "exposed")]
    pub code: Option<SecretString>,
    /// The link, for [`Kind::MagicLink`].
    #[serde(default, serialize_with = "exposed")]
    pub link: Option<SecretString>,
    /// The number that the page behind a link must show, where the link may be opened on another device.
    #[serde(default)]
    pub number: Option<String>,
    /// For how many minutes the code or the link is good.
    pub expires_in_minutes: u32,
}

/// The kinds of challenge that send something, as the policy names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `email-code`
    EmailCode,
    /// `sms-code`
    SmsCode,
    /// `magic-link`
    MagicLink,
}

fn exposed<S: Serializer>(secret: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    secret
        .as_ref()
        .map(ExposeSecret::expose_secret)
        .serialize(serializer)
}

/// Nothing about a person, and nothing that lets somebody in.
impl fmt::Debug for SignInMessage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SignInMessage")
            .field("kind", &self.kind)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Kind, SignInMessage};

    fn email_code() -> Value {
        json!({
            "messageId": "challenge-1",
            "kind": "email-code",
            "recipient": "ines@example.org",
            "clientId": "7web",
            "locale": "de-DE",
            "code": "482913",
            "link": null,
            "number": null,
            "expiresInMinutes": 5,
        })
    }

    #[test]
    fn what_one_function_writes_the_other_reads() {
        for kind in ["email-code", "sms-code", "magic-link"] {
            let mut written = email_code();
            written["kind"] = kind.into();
            written["link"] = "https://app.example.com/#token=k3".into();
            let message: SignInMessage = serde_json::from_value(written.clone()).unwrap();
            assert_eq!(serde_json::to_value(message).unwrap(), written);
        }
    }

    #[test]
    fn what_is_not_there_may_be_left_out() {
        let message: SignInMessage = serde_json::from_value(json!({
            "messageId": "challenge-1",
            "kind": "sms-code",
            "clientId": "7web",
            "expiresInMinutes": 5,
        }))
        .unwrap();
        assert_eq!(message.kind, Kind::SmsCode);
        assert!(message.recipient.is_none() && message.code.is_none() && message.link.is_none());
    }

    #[test]
    fn debug_shows_nothing_about_a_person() {
        let mut event = email_code();
        event["link"] = "https://app.example.com/#token=k3".into();
        event["number"] = "42".into();
        let message: SignInMessage = serde_json::from_value(event).unwrap();
        let shown = format!("{message:?}");
        for secret in ["ines", "482913", "token", "42", "de-DE"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
}
