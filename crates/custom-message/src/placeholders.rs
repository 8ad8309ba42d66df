use crate::message::{Channel, Message};

/// What stands in a text for that which Cognito inserts after the function has answered.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Placeholders {
    /// For the code, or for the temporary password of an invitation.
    pub(crate) code: String,
    /// For Cognito's own link, where an e-mail has that instead of a code.
    pub(crate) link: Option<String>,
    /// For the user's name, in an invitation.
    pub(crate) username: Option<String>,
    /// Most characters that the user's name can have.
    pub(crate) longest_username: usize,
}

/// A placeholder that must stand in a text, and the most characters that Cognito inserts for it.
pub(crate) struct Required<'a> {
    pub(crate) placeholder: &'a str,
    pub(crate) inserted: usize,
}

impl Placeholders {
    /// What must stand in that text. Cognito refuses a text that lacks any of them, and sends nothing.
    pub(crate) fn required(&self, message: Message, channel: Channel) -> Vec<Required<'_>> {
        let code = Required {
            placeholder: &self.code,
            inserted: longest_code(message, channel),
        };
        let username = self.username.as_deref().map(|placeholder| Required {
            placeholder,
            inserted: self.longest_username,
        });
        match channel {
            Channel::Subject => Vec::new(),
            Channel::Sms => std::iter::once(code).chain(username).collect(),
            Channel::Email => {
                let link = self.link.as_deref().map(|placeholder| Required {
                    placeholder,
                    inserted: LONGEST_LINK,
                });
                let proof = link.unwrap_or(code);
                std::iter::once(proof).chain(username).collect()
            }
        }
    }

    /// What must not stand in that text. Observed: where Cognito inserts its link, it puts that in the place of a code too
    /// (amazon-cognito-identity-js issue 521). It inserts nothing into subjects.
    pub(crate) fn forbidden(&self, channel: Channel) -> Vec<&str> {
        let code = Some(self.code.as_str());
        let of_subject = [code, self.link.as_deref(), self.username.as_deref()];
        match channel {
            Channel::Subject => of_subject.into_iter().flatten().collect(),
            Channel::Email if self.link.is_some() => code.into_iter().collect(),
            Channel::Email | Channel::Sms => Vec::new(),
        }
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
