use std::fmt;
use std::sync::Arc;

use crate::contents::{Contents, Values};
use crate::facts::Facts;
use crate::letterhead::Letterhead;
use crate::locale;
use crate::message::{Channel, Message};
use crate::person_name;
use crate::templates::{Templates, path};
use crate::text::Problem;
use crate::url::{HttpsUrl, is_harmless_link};

/// One message to one person.
pub struct Occasion<'a> {
    /// What it is sent for.
    pub message: Message,
    /// The app client, whose templates come before those of all.
    pub client_id: Option<&'a str>,
    /// Whom it is for.
    pub person: Person<'a>,
    /// What it brings.
    pub contents: Contents,
}

/// Whom a message is for. All but the user's name and the languages is shown, where it looks like a name.
#[derive(Clone, Default)]
pub struct Person<'a> {
    /// The user's name, for links into the app.
    pub user_name: &'a str,
    /// The full name.
    pub name: Option<&'a str>,
    /// The given name.
    pub given_name: Option<&'a str>,
    /// The family name.
    pub family_name: Option<&'a str>,
    /// The languages that are wanted, the first one most. They choose among ours, and do nothing else.
    pub locales: [Option<&'a str>; 2],
}

/// A message whose texts can be written.
pub struct Draft<'a> {
    templates: &'a Templates,
    root: String,
    message: Message,
    facts: Arc<Facts>,
}

/// Texts that can be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Written<Texts> {
    /// What is sent.
    pub texts: Texts,
    /// Whether they would have been too long with the person's names.
    pub without_names: bool,
}

/// The texts of an e-mail. A subject of one language over a body of another would look like fraud: the two go together.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailTexts {
    /// One line.
    pub subject: String,
    /// HTML.
    pub body: String,
}

/// A text that cannot be sent, with or without the names.
#[derive(Debug)]
pub struct Unfit {
    /// The template's path.
    pub template: String,
    /// What is wrong with what it became.
    pub problem: Problem,
}

impl Templates {
    /// Prepares the texts of a message.
    pub fn draft(&self, letterhead: &Letterhead, occasion: Occasion<'_>) -> Draft<'_> {
        let Occasion {
            message,
            client_id,
            person,
            contents,
        } = occasion;
        let shown =
            |name: Option<&str>| name.and_then(person_name::presentable).unwrap_or_default();
        let support_url = letterhead.support_url.as_ref();
        let link = link(letterhead, message, person.user_name, &contents);
        let facts = Facts {
            language: locale::choose(
                self.languages(),
                person.locales,
                letterhead.default_language,
            ),
            app_name: letterhead.app_name.as_str().to_owned(),
            support_url: support_url.map_or_else(String::new, |url| url.as_str().to_owned()),
            name: shown(person.name),
            given_name: shown(person.given_name),
            family_name: shown(person.family_name),
            link: link.unwrap_or_default(),
            contents: checked(contents),
        };
        Draft {
            templates: self,
            root: self.root(client_id),
            message,
            facts: Arc::new(facts),
        }
    }

    /// The language that is closest to a locale, such as `de` to `de-AT`.
    pub fn language(&self, locale: &str) -> Option<&'static str> {
        locale::matching(self.languages(), locale)
    }
}

/// The link into the app, where one is configured for this message. A temporary password is never in one.
fn link(
    letterhead: &Letterhead,
    message: Message,
    user_name: &str,
    contents: &Contents,
) -> Option<String> {
    let with_code = |url: &HttpsUrl| match contents {
        Contents::Placeholders(placeholders) => {
            Some(url.with_placeholder(user_name, &placeholders.code))
        }
        Contents::Values(values) => Some(url.with_code(user_name, values.code.as_deref()?)),
    };
    match message {
        Message::SignUp | Message::ResendCode => with_code(letterhead.confirm_url.as_ref()?),
        Message::ForgotPassword => with_code(letterhead.reset_url.as_ref()?),
        Message::AdminCreateUser => Some(letterhead.sign_in_url.as_ref()?.as_str().to_owned()),
        // Whoever gets these is at the app already, or gets a link of another kind.
        Message::UpdateUserAttribute
        | Message::VerifyUserAttribute
        | Message::Authentication
        | Message::AccountTakeOverNotification
        | Message::SignInCode
        | Message::SignInLink => None,
    }
}

/// Without a link that is no link, and a place that could be more than one. The message then lacks the link, and is not sent.
fn checked(contents: Contents) -> Contents {
    match contents {
        Contents::Placeholders(_) => contents,
        Contents::Values(values) => Contents::Values(Values {
            sign_in_link: values.sign_in_link.filter(|link| is_harmless_link(link)),
            place: values.place.as_deref().and_then(person_name::presentable),
            ..values
        }),
    }
}

impl Draft<'_> {
    /// The e-mail.
    ///
    /// # Errors
    ///
    /// [`Unfit`], the subject's before the body's.
    pub fn email(&self) -> Result<Written<EmailTexts>, Unfit> {
        let written = self.written([Channel::Subject, Channel::Email])?;
        let [subject, body] = written.texts;
        Ok(Written {
            texts: EmailTexts { subject, body },
            without_names: written.without_names,
        })
    }

    /// The text message. It also serves as what an e-mail says to those who read no HTML.
    ///
    /// # Errors
    ///
    /// [`Unfit`]
    pub fn sms(&self) -> Result<Written<String>, Unfit> {
        let written = self.written([Channel::Sms])?;
        let [text] = written.texts;
        Ok(Written {
            texts: text,
            without_names: written.without_names,
        })
    }

    /// The texts of channels that go together, with the names or, where that does not fit, without; or none of them.
    fn written<const N: usize>(
        &self,
        channels: [Channel; N],
    ) -> Result<Written<[String; N]>, Unfit> {
        if let Ok(texts) = self.rendered(channels, &self.facts) {
            return Ok(Written {
                texts,
                without_names: false,
            });
        }
        let texts = self.rendered(channels, &Arc::new(self.facts.without_names()))?;
        Ok(Written {
            texts,
            without_names: true,
        })
    }

    fn rendered<const N: usize>(
        &self,
        channels: [Channel; N],
        facts: &Arc<Facts>,
    ) -> Result<[String; N], Unfit> {
        let mut texts = [const { String::new() }; N];
        for (text, channel) in texts.iter_mut().zip(channels) {
            *text = self
                .templates
                .render(&self.root, self.message, channel, facts)
                .map_err(|problem| Unfit {
                    template: self.root.clone() + &path(facts.language, self.message, channel),
                    problem,
                })?;
        }
        Ok(texts)
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.template, self.problem)
    }
}

impl std::error::Error for Unfit {}
