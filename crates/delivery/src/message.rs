use std::fmt;

use email_address::EmailAddress;

/// What is sent to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// An e-mail.
    Email(Email),
    /// A text message.
    Sms(Sms),
}

/// An e-mail. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    /// One address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The body in HTML.
    pub html: String,
    /// The same as text, for those who read no HTML.
    pub text: Option<String>,
}

/// A text message. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sms {
    /// A telephone number in E.164: `+`, the country's code, and the rest of the digits.
    pub to: String,
    /// The text.
    pub text: String,
}

impl Message {
    /// Whether a provider could take it.
    ///
    /// Texts come from templates that were checked, but names and addresses in them are whoever's: a line break in a subject or an
    /// address would begin a header of its own, or name a second recipient.
    pub(crate) fn check(&self) -> Result<(), Unfit> {
        Err(match self {
            Self::Email(email) if EmailAddress::parse(&email.to).is_none() => Unfit::Recipient,
            Self::Email(email) if !is_subject(&email.subject) => Unfit::Subject,
            Self::Email(email) if !is_text(&email.html) => Unfit::Body,
            Self::Sms(sms) if !is_telephone_number(&sms.to) => Unfit::Recipient,
            Self::Sms(sms) if !is_sms_text(&sms.text) => Unfit::Body,
            Self::Email(_) | Self::Sms(_) => return Ok(()),
        })
    }
}

/// RFC 5322, section 2.1.1: what a line of a header may hold.
const LONGEST_SUBJECT_BYTES: usize = 998;

/// Source: API reference of SNS, `Publish`, and of End User Messaging, `SendTextMessage`.
const LONGEST_SMS: usize = 1_600;

fn is_subject(text: &str) -> bool {
    is_text(text) && !text.contains(char::is_control) && text.len() <= LONGEST_SUBJECT_BYTES
}

fn is_text(text: &str) -> bool {
    !text.trim().is_empty()
}

fn is_sms_text(text: &str) -> bool {
    is_text(text) && text.chars().count() <= LONGEST_SMS
}

/// ITU-T E.164, section 6: at most 15 digits, and no country's code begins with 0. The shortest numbers that are in use have 7.
fn is_telephone_number(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else {
        return false;
    };
    (7..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
}

/// What no provider is asked to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfit {
    #[error("the recipient is no address for this channel")]
    Recipient,
    #[error("the subject is empty, too long or more than one line")]
    Subject,
    #[error("the text is empty or too long")]
    Body,
}

impl fmt::Debug for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Email([redacted])")
    }
}

impl fmt::Debug for Sms {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sms([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::{Email, Message, Sms, Unfit};

    fn email(to: &str, subject: &str, html: &str) -> Message {
        Message::Email(Email {
            to: to.to_owned(),
            subject: subject.to_owned(),
            html: html.to_owned(),
            text: None,
        })
    }

    fn sms(to: &str, text: &str) -> Message {
        Message::Sms(Sms {
            to: to.to_owned(),
            text: text.to_owned(),
        })
    }

    #[track_caller]
    fn check(message: &Message, expected: Result<(), Unfit>) {
        assert_eq!(message.check(), expected);
        for secret in ["ines", "482913", "4915112345678"] {
            assert!(!format!("{message:?}").contains(secret));
        }
    }

    #[test]
    fn an_email_has_one_recipient_and_a_subject_of_one_line() {
        let to = "ines@example.org";
        check(&email(to, "Your code", "<p>482913</p>"), Ok(()));
        for recipient in [
            "",
            "ines",
            "ines@example.org, kim@example.org",
            "ines@example.org;kim@example.org",
            "Ines <ines@example.org>",
            "ines@example.org\r\nBcc: kim@example.org",
            "+4915112345678",
        ] {
            check(&email(recipient, "Your code", "x"), Err(Unfit::Recipient));
        }
        let long = "x".repeat(999);
        for subject in ["", " ", "Your\r\nBcc: kim@example.org", "Your\ncode", &long] {
            check(&email(to, subject, "x"), Err(Unfit::Subject));
        }
        check(&email(to, &long[..998], "x"), Ok(()));
        check(&email(to, "Your code", "\n"), Err(Unfit::Body));
    }

    #[test]
    fn a_text_message_goes_to_one_number() {
        let to = "+4915112345678";
        for recipient in [to, "+1234567", "+491511234567890"] {
            check(&sms(recipient, "482913"), Ok(()));
        }
        for recipient in [
            "",
            "+",
            "+123456",
            "+4915112345678901",
            "+049151123456",
            "4915112345678",
            "+49 151 12345678",
            "+4915112345678,+4915112345679",
            "ines@example.org",
            "arn:aws:sns:eu-central-1:123456789012:topic",
        ] {
            check(&sms(recipient, "482913"), Err(Unfit::Recipient));
        }
        check(&sms(to, " "), Err(Unfit::Body));
        check(&sms(to, &"ä".repeat(1_600)), Ok(()));
        check(&sms(to, &"ä".repeat(1_601)), Err(Unfit::Body));
    }
}
