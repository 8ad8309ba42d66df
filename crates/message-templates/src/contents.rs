use std::borrow::Cow;

use crate::escape;
use crate::message::{Channel, Message};

/// What a message brings to its recipient.
#[derive(Clone)]
pub enum Contents {
    /// Cognito sends the message, and inserts this after the function has answered.
    Placeholders(Placeholders),
    /// A function of ours sends the message.
    Values(Values),
}

/// What stands in a text for that which Cognito inserts.
#[derive(Clone, PartialEq, Eq)]
pub struct Placeholders {
    /// For the code, or for the temporary password of an invitation.
    pub code: String,
    /// For Cognito's own link, where an e-mail has that instead of a code.
    pub link: Option<String>,
    /// For the user's name, in an invitation.
    pub username: Option<String>,
    /// Most characters that the user's name can have.
    pub longest_username: usize,
}

/// What stands in a text itself. Has no `Debug`, since most of it lets somebody in.
#[derive(Clone, Default)]
pub struct Values {
    /// The code, or the temporary password of an invitation.
    pub code: Option<String>,
    /// The name under which to sign in, in an invitation.
    pub username: Option<String>,
    /// The link of [`Message::SignInLink`]: `https`, of characters that mean nothing in HTML.
    pub sign_in_link: Option<String>,
    /// The number that the page behind the link must show.
    pub number: Option<String>,
    /// For how many minutes code or link are good, in [`Message::SignInCode`] and [`Message::SignInLink`].
    pub minutes: Option<u32>,
    /// Where a sign-in came from, as far as Cognito knows, in [`Message::AccountTakeOverNotification`].
    pub place: Option<String>,
    /// Whether that sign-in was blocked.
    pub blocked: bool,
}

/// What must stand in a text, and the most characters that Cognito inserts for it.
pub(crate) struct Required<'a> {
    /// For the log: never a value.
    pub(crate) name: &'a str,
    pub(crate) text: Cow<'a, str>,
    /// None where the text stays as it is.
    pub(crate) inserted: Option<usize>,
}

impl Contents {
    /// What must stand in that text. Cognito refuses a text that lacks a placeholder, and sends nothing.
    pub(crate) fn required(&self, message: Message, channel: Channel) -> Vec<Required<'_>> {
        match (self, channel) {
            (_, Channel::Subject) => Vec::new(),
            (Self::Placeholders(placeholders), _) => placeholders.required(message, channel),
            (Self::Values(values), _) => values.required(message, channel),
        }
    }

    /// What must not stand in that text. Observed: where Cognito inserts its link, it puts that in the place of a code too
    /// (amazon-cognito-identity-js issue 521). It inserts nothing into subjects.
    pub(crate) fn forbidden(&self, channel: Channel) -> Vec<&str> {
        let Self::Placeholders(placeholders) = self else {
            return Vec::new();
        };
        let Placeholders {
            code,
            link,
            username,
            ..
        } = placeholders;
        let code = Some(code.as_str());
        match channel {
            Channel::Subject => [code, link.as_deref(), username.as_deref()]
                .into_iter()
                .flatten()
                .collect(),
            Channel::Email if link.is_some() => code.into_iter().collect(),
            Channel::Email | Channel::Sms => Vec::new(),
        }
    }
}

impl Placeholders {
    fn required(&self, message: Message, channel: Channel) -> Vec<Required<'_>> {
        let required = |placeholder, most| Required {
            name: placeholder,
            text: Cow::Borrowed(placeholder),
            inserted: Some(most),
        };
        let link = self.link.as_deref().filter(|_| channel == Channel::Email);
        let proof = match link {
            Some(link) => required(link, LONGEST_LINK),
            None => required(&self.code, longest_code(message, channel)),
        };
        let username = self.username.as_deref();
        let username = username.map(|username| required(username, self.longest_username));
        std::iter::once(proof).chain(username).collect()
    }
}

impl Values {
    fn required(&self, message: Message, channel: Channel) -> Vec<Required<'_>> {
        // A code, unless the message is about something else; what is not given is lacking too, and so is what is empty.
        let proof = match message {
            Message::AccountTakeOverNotification => None,
            Message::SignInLink => Some(("the link", self.sign_in_link.as_deref())),
            _ => Some(("the code", self.code.as_deref())),
        };
        let username = self
            .username
            .as_deref()
            .map(|name| ("the user name", Some(name)));
        let number = self
            .number
            .as_deref()
            .map(|number| ("the number", Some(number)));
        let all = [proof, username, number].into_iter().flatten();
        all.map(|(name, value)| Required {
            name,
            text: match channel {
                Channel::Email => escape::html(value.unwrap_or_default()).into(),
                Channel::Subject | Channel::Sms => {
                    escape::visible(value.unwrap_or_default()).into()
                }
            },
            inserted: None,
        })
        .collect()
    }
}

/// Codes have 6 digits today, so 8 leaves room. A temporary password has up to 256 characters (Cognito's API reference), all of which an
/// e-mail has room for; a text message has room for 24, twice the length that is asked of passwords here.
fn longest_code(message: Message, channel: Channel) -> usize {
    match (message, channel) {
        (Message::AdminCreateUser, Channel::Sms) => 24,
        (Message::AdminCreateUser, Channel::Subject | Channel::Email) => 256,
        _ => 8,
    }
}

/// The link names a domain (253), an app client (128), a user (128 and encoded, so up to three times that) and a code, in an HTML element.
const LONGEST_LINK: usize = 1024;
