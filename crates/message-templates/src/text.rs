//! What can be sent as a message. The build holds every template to it, and each event every text.

use std::fmt;

use memchr::memmem;

use crate::contents::Contents;
use crate::message::{Channel, Message};

/// Whether this text can be sent, with all that is inserted into it.
pub(crate) fn check(
    text: &str,
    message: Message,
    channel: Channel,
    contents: &Contents,
) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return Err(Problem::Empty);
    }
    if channel == Channel::Subject && text.contains(char::is_control) {
        return Err(Problem::NotOneLine);
    }
    let (mut inserted, mut replaced) = (0, 0);
    for required in contents.required(message, channel) {
        let times = match required.text.is_empty() {
            true => 0,
            false => memmem::find_iter(text.as_bytes(), &*required.text).count(),
        };
        if times == 0 {
            return Err(Problem::Lacks(required.name.to_owned()));
        }
        if let Some(most) = required.inserted {
            inserted += times * most;
            replaced += times * length(&required.text);
        }
    }
    for forbidden in contents.forbidden(channel) {
        if memmem::find(text.as_bytes(), forbidden.as_bytes()).is_some() {
            return Err(Problem::Has(forbidden.to_owned()));
        }
    }
    let most = most_characters(message, channel, contents);
    // Characters are never more than bytes, which need no counting.
    if text.len() + inserted <= most {
        return Ok(());
    }
    let characters = length(text) + inserted - replaced;
    if characters > most {
        return Err(Problem::TooLong { characters, most });
    }
    Ok(())
}

/// The documentation counts characters and does not say how; UTF-16 code units, as Java has them, are never fewer.
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Of Cognito's messages what Cognito takes, and of our own the same, so that they look alike: a text message of that length is one or two
/// of those that operators charge for. For a link, or for any temporary password, that has no room: such a text is as long as providers take.
///
/// Source: Cognito's developer guide, "Custom message Lambda trigger", and the API reference, `MessageTemplateType`; the API reference of
/// SNS, `Publish`.
fn most_characters(message: Message, channel: Channel, contents: &Contents) -> usize {
    match (channel, message, contents) {
        (Channel::Email, ..) => 20_000,
        (Channel::Sms, Message::SignInLink | Message::AdminCreateUser, Contents::Values(_)) => {
            1_600
        }
        (Channel::Subject | Channel::Sms, ..) => 140,
    }
}

/// Why a text cannot be sent. Nothing of the event is in it but Cognito's own placeholders.
#[derive(Debug)]
pub enum Problem {
    /// The template became nothing.
    Empty,
    /// A subject with a line break or another control.
    NotOneLine,
    /// What must be in it is not.
    Lacks(String),
    /// What must not be in it is.
    Has(String),
    /// It is longer than what is taken.
    TooLong {
        /// How long it can become.
        characters: usize,
        /// How long it may be.
        most: usize,
    },
    /// The template failed.
    Template(minijinja::Error),
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("nothing is in it"),
            Self::NotOneLine => formatter.write_str("a subject has one line"),
            Self::Lacks(placeholder) => write!(formatter, "{placeholder} must be in it"),
            Self::Has(placeholder) => write!(formatter, "{placeholder} must not be in it"),
            Self::TooLong { characters, most } => write!(
                formatter,
                "with what is inserted it has {characters} characters, and may have {most}"
            ),
            Self::Template(error) => write!(formatter, "{error}"),
        }
    }
}

impl From<minijinja::Error> for Problem {
    fn from(error: minijinja::Error) -> Self {
        Self::Template(error)
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::contents::{Contents, Placeholders, Values};
    use crate::message::Channel::{self, Email, Sms, Subject};
    use crate::message::Message::{self, AdminCreateUser, SignInLink, SignUp};

    #[track_caller]
    fn check_with(link: bool, message: Message, channel: Channel, text: &str, expected: &str) {
        let invites = message == AdminCreateUser;
        let placeholders = Placeholders {
            code: "{####}".to_owned(),
            link: link.then(|| "{##Click Here##}".to_owned()),
            username: invites.then(|| "{username}".to_owned()),
            longest_username: 16,
        };
        check_contents(
            &Contents::Placeholders(placeholders),
            message,
            channel,
            text,
            expected,
        );
    }

    #[track_caller]
    fn check_contents(
        contents: &Contents,
        message: Message,
        channel: Channel,
        text: &str,
        expected: &str,
    ) {
        let problem = check(text, message, channel, contents).err();
        let problem = problem.map(|problem| problem.to_string());
        assert_eq!(problem.unwrap_or_default(), expected, "{text:?}");
    }

    #[test]
    fn placeholders_stand_where_cognito_wants_them() {
        let lacks_code = "{####} must be in it";
        for (message, channel, text, expected) in [
            (SignUp, Sms, "{####}", ""),
            (SignUp, Sms, "{###}", lacks_code),
            (SignUp, Sms, "123456", lacks_code),
            (SignUp, Email, "<b>{####}</b> {####}", ""),
            (SignUp, Email, "{##Click Here##}", lacks_code),
            (AdminCreateUser, Sms, "{username} {####}", ""),
            (AdminCreateUser, Sms, "{####}", "{username} must be in it"),
            (AdminCreateUser, Email, "{username}", lacks_code),
            (SignUp, Subject, "Your code", ""),
            (SignUp, Subject, "{####}", "{####} must not be in it"),
        ] {
            check_with(false, message, channel, text, expected);
        }
    }

    #[test]
    fn cognitos_link_takes_the_place_of_the_code_in_the_email_alone() {
        let both = "{##Click Here##} {####}";
        for (channel, text, expected) in [
            (Email, "{##Click Here##}", ""),
            (Email, "{####}", "{##Click Here##} must be in it"),
            (Email, both, "{####} must not be in it"),
            (Sms, "{####}", ""),
            (Subject, both, "{####} must not be in it"),
        ] {
            check_with(true, SignUp, channel, text, expected);
        }
    }

    #[test]
    fn lengths_count_what_cognito_inserts() {
        let of = |characters: usize, end: &str| "x".repeat(characters) + end;
        let too_long = |characters: usize, most: usize| {
            format!("with what is inserted it has {characters} characters, and may have {most}")
        };
        for (message, channel, text, expected) in [
            (SignUp, Sms, of(132, "{####}"), String::new()),
            (SignUp, Sms, of(133, "{####}"), too_long(141, 140)),
            (SignUp, Sms, of(125, "{####}{####}"), too_long(141, 140)),
            (
                AdminCreateUser,
                Sms,
                of(100, "{####}{username}"),
                String::new(),
            ),
            (
                AdminCreateUser,
                Sms,
                of(101, "{####}{username}"),
                too_long(141, 140),
            ),
            (SignUp, Email, of(19_992, "{####}"), String::new()),
            (
                SignUp,
                Email,
                of(19_993, "{####}"),
                too_long(20_001, 20_000),
            ),
            (SignUp, Subject, of(140, ""), String::new()),
            (SignUp, Subject, of(139, "é"), String::new()),
            (SignUp, Subject, of(139, "😀"), too_long(141, 140)),
        ] {
            check_with(false, message, channel, &text, &expected);
        }
    }

    #[test]
    fn a_subject_is_one_line_and_no_text_is_empty() {
        for (channel, text, expected) in [
            (Subject, "Your\r\ncode", "a subject has one line"),
            (Subject, "Your\ncode", "a subject has one line"),
            (Subject, "Your\u{85}code", "a subject has one line"),
            (Subject, " ", "nothing is in it"),
            (Sms, "\n", "nothing is in it"),
            (Sms, "Your code:\n{####}", ""),
        ] {
            check_with(false, SignUp, channel, text, expected);
        }
    }

    #[test]
    fn values_stand_as_they_are_written_and_are_never_named() {
        let some = |text: &str| Some(text.to_owned());
        let invitation = Contents::Values(Values {
            code: some("q7<&{x"),
            username: some("ines"),
            ..Values::default()
        });
        let link = Contents::Values(Values {
            sign_in_link: some("https://app.example.com/#k"),
            number: some("42"),
            ..Values::default()
        });
        let nothing = Contents::Values(Values::default());
        let (lacks_code, lacks_link) = ("the code must be in it", "the link must be in it");
        for (contents, message, channel, text, expected) in [
            (&invitation, AdminCreateUser, Sms, "ines q7<&{x", ""),
            (
                &invitation,
                AdminCreateUser,
                Email,
                "ines q7&lt;&amp;&#123;x",
                "",
            ),
            (
                &invitation,
                AdminCreateUser,
                Email,
                "ines q7<&{x",
                lacks_code,
            ),
            (
                &invitation,
                AdminCreateUser,
                Sms,
                "q7<&{x",
                "the user name must be in it",
            ),
            (&invitation, AdminCreateUser, Subject, "Your account", ""),
            (
                &link,
                SignInLink,
                Email,
                "https://app.example.com/#k 42",
                "",
            ),
            (
                &link,
                SignInLink,
                Email,
                "https://app.example.com/#k",
                "the number must be in it",
            ),
            (&link, SignInLink, Sms, "42", lacks_link),
            (&nothing, SignUp, Sms, "Hello", lacks_code),
            (&nothing, SignInLink, Email, "Hello", lacks_link),
        ] {
            check_contents(contents, message, channel, text, expected);
        }
        let long = "https://app.example.com/#k 42".to_owned() + &"x".repeat(1_571);
        check_contents(&link, SignInLink, Sms, &long, "");
        let longer = long + "x";
        let too_long = "with what is inserted it has 1601 characters, and may have 1600";
        check_contents(&link, SignInLink, Sms, &longer, too_long);
    }
}
