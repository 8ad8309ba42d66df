use std::fmt;
use std::str::FromStr;

use email_address::EmailAddress;
use entrypoint::Env;

/// Who sends, and through what, as the operator decided. Each part is one variable of a function's configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whom e-mails come from; without it none is sent.
    pub email_from: Option<Mailbox>,
    /// The regions whose SES is asked, in this order; the function's own if there are none.
    pub email_regions: Vec<Region>,
    /// The configuration set of SES, of this name in each region.
    pub email_configuration_set: Option<String>,
    /// What text messages leave by, in this order; without it none is sent.
    pub sms_providers: Vec<SmsProvider>,
    /// What text messages show as their sender, in countries that allow that.
    pub sms_sender_id: Option<SenderId>,
    /// Id or ARN of the number, sender or pool that End User Messaging sends from; AWS chooses one if there is none.
    pub sms_origination_identity: Option<String>,
}

impl Settings {
    /// Reads `EMAIL_FROM`, `EMAIL_REGIONS`, `EMAIL_CONFIGURATION_SET`, `SMS_PROVIDERS`, `SMS_SENDER_ID` and `SMS_ORIGINATION_IDENTITY`. Each
    /// may be absent.
    pub fn from_env(env: &mut Env) -> Self {
        Self {
            email_from: env.optional("EMAIL_FROM"),
            email_regions: env.list("EMAIL_REGIONS"),
            email_configuration_set: env.optional("EMAIL_CONFIGURATION_SET"),
            sms_providers: env.list("SMS_PROVIDERS"),
            sms_sender_id: env.optional("SMS_SENDER_ID"),
            sms_origination_identity: env.optional("SMS_ORIGINATION_IDENTITY"),
        }
    }
}

/// A service that sends text messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsProvider {
    /// `sns`
    Sns,
    /// `end-user-messaging`
    EndUserMessaging,
}

impl FromStr for SmsProvider {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "sns" => Ok(Self::Sns),
            "end-user-messaging" => Ok(Self::EndUserMessaging),
            _ => Err("expected sns, end-user-messaging or both, separated by a comma"),
        }
    }
}

/// The sender of an e-mail: `no-reply@example.com`, or `Example <no-reply@example.com>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox(String);

impl Mailbox {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Mailbox {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str =
            "expected an e-mail address, or a name in ASCII and the address between < and >";
        let (name, address) = match text.strip_suffix('>') {
            Some(text) => text.split_once('<').ok_or(EXPECTED)?,
            None => ("", text),
        };
        // SES takes other letters only in the encoding of RFC 2047.
        let is_name = name.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if is_name && !name.contains(['<', '>']) && EmailAddress::parse(address).is_some() {
            Ok(Self(text.to_owned()))
        } else {
            Err(EXPECTED)
        }
    }
}

/// A region of AWS, such as `eu-central-1`. It becomes part of a host's name, and so has the letters of one alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region(String);

impl Region {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Region {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_part = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if text.contains('-') && text.split('-').all(is_part) {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected a region, such as eu-central-1")
        }
    }
}

/// What a text message shows as its sender: 1 to 11 letters, digits and hyphens, with a letter among them.
///
/// Source: SNS developer guide, "Sender IDs".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderId(String);

impl FromStr for SenderId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let has_letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
        if text.len() <= 11 && has_letter && text.bytes().all(is_part) {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected at most 11 letters, digits and hyphens, with a letter among them")
        }
    }
}

impl fmt::Display for SenderId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::{Mailbox, Region, SenderId, SmsProvider};

    #[track_caller]
    fn check<T: FromStr>(good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(text.parse::<T>().is_ok(), "{text:?}");
        }
        for text in bad {
            assert!(text.parse::<T>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        check::<Mailbox>(
            &[
                "no-reply@example.com",
                "Example <no-reply@example.com>",
                "\"Example, Inc.\" <no-reply@example.com>",
            ],
            &[
                "",
                "Example",
                "Example <no-reply>",
                "Example no-reply@example.com",
                "Example <no-reply@example.com",
                "A <a@example.com>, B <b@example.com>",
                "Exämple <no-reply@example.com>",
                "Example\r\nBcc: x <no-reply@example.com>",
            ],
        );
    }

    #[test]
    fn a_region_is_no_other_host() {
        check::<Region>(
            &["eu-central-1", "us-gov-west-1"],
            &[
                "",
                "eu",
                "eu-",
                "eu-central-1.example",
                "eu-central-1/",
                "EU-central-1",
                "eu--1",
            ],
        );
    }

    #[test]
    fn a_sender_id_fits_on_a_telephone() {
        check::<SenderId>(
            &["Example", "EXAMPLE-Inc", "1st"],
            &["", "12345", "Example GmbH", "ExampleInc.", "EXAMPLE-Inc1"],
        );
    }

    #[test]
    fn providers_have_names() {
        check::<SmsProvider>(&["sns", "end-user-messaging"], &["", "SNS", "ses"]);
    }
}
