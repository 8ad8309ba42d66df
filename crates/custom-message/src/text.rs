//! What Cognito takes as a message. The build holds every template to it, and each event every text.

use std::fmt;

use memchr::memmem;

use crate::message::{Channel, Message};
use crate::placeholders::Placeholders;

/// Whether Cognito would take this text, with all that it inserts.
pub(crate) fn check(
    text: &str,
    message: Message,
    channel: Channel,
    placeholders: &Placeholders,
) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return Err(Problem::Empty);
    }
    if channel == Channel::Subject && text.contains(char::is_control) {
        return Err(Problem::NotOneLine);
    }
    let (mut inserted, mut replaced) = (0, 0);
    for required in placeholders.required(message, channel) {
        let times = memmem::find_iter(text.as_bytes(), required.placeholder).count();
        if times == 0 {
            return Err(Problem::Lacks(required.placeholder.to_owned()));
        }
        inserted += times * required.inserted;
        replaced += times * length(required.placeholder);
    }
    for forbidden in placeholders.forbidden(channel) {
        if memmem::find(text.as_bytes(), forbidden.as_bytes()).is_some() {
            return Err(Problem::Has(forbidden.to_owned()));
        }
    }
    let most = most_characters(channel);
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

/// Source: Cognito's developer guide, "Custom message Lambda trigger", and the API reference, `MessageTemplateType`.
fn most_characters(channel: Channel) -> usize {
    match channel {
        Channel::Subject | Channel::Sms => 140,
        Channel::Email => 20_000,
    }
}

/// Why a text cannot be sent. Nothing of the event is in it but Cognito's own placeholders.
#[derive(Debug)]
pub(crate) enum Problem {
    Empty,
    NotOneLine,
    Lacks(String),
    Has(String),
    TooLong { characters: usize, most: usize },
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
                "with what Cognito inserts it has {characters} characters, and may have {most}"
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
    use crate::message::Channel::{self, Email, Sms, Subject};
    use crate::message::Message::{self, AdminCreateUser, SignUp};
    use crate::placeholders::Placeholders;

    #[track_caller]
    fn check_with(link: bool, message: Message, channel: Channel, text: &str, expected: &str) {
        let invites = message == AdminCreateUser;
        let placeholders = Placeholders {
            code: "{####}".to_owned(),
            link: link.then(|| "{##Click Here##}".to_owned()),
            username: invites.then(|| "{username}".to_owned()),
            longest_username: 16,
        };
        let problem = check(text, message, channel, &placeholders).err();
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
            format!("with what Cognito inserts it has {characters} characters, and may have {most}")
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
}
