use minijinja::context;
use minijinja::value::Value;

use crate::contents::Contents;
use crate::escape;
use crate::message::{Channel, Message};

/// All that a template may know. `messages/README.md` lists it.
#[derive(Clone)]
pub(crate) struct Facts {
    /// The language of the text, as its folder is named.
    pub(crate) language: &'static str,
    /// The name of the app.
    pub(crate) app_name: String,
    /// Where help is: an `https:` or `mailto:` link, or empty.
    pub(crate) support_url: String,
    /// The full name of the person, or empty.
    pub(crate) name: String,
    /// Or empty.
    pub(crate) given_name: String,
    /// Or empty.
    pub(crate) family_name: String,
    /// A link into the app, or empty. Built from configured addresses alone, of characters that mean nothing in HTML.
    pub(crate) link: String,
    pub(crate) contents: Contents,
}

impl Facts {
    /// The same without what a user can make as long as they like.
    pub(crate) fn without_names(&self) -> Self {
        Self {
            name: String::new(),
            given_name: String::new(),
            family_name: String::new(),
            ..self.clone()
        }
    }

    /// What a template of this message and channel sees. It fails where it names what it does not see.
    pub(crate) fn seen_in(&self, message: Message, channel: Channel) -> Value {
        let support_text = ["https://", "mailto:"]
            .iter()
            .find_map(|scheme| self.support_url.strip_prefix(scheme))
            .unwrap_or_default();
        let Brought {
            code,
            link,
            username,
            cognito_link,
            number,
        } = self.brought(channel);
        let in_body = |value: Value| seen(channel != Channel::Subject, value);
        let (minutes, place, blocked) = match &self.contents {
            Contents::Placeholders(_) => Default::default(),
            Contents::Values(values) => (
                values.minutes,
                values.place.as_deref().unwrap_or_default(),
                values.blocked,
            ),
        };
        let is_sign_in = matches!(message, Message::SignInCode | Message::SignInLink);
        let is_notification = message == Message::AccountTakeOverNotification;
        context! {
            lang => self.language,
            app_name => self.app_name.as_str(),
            support_url => self.support_url.as_str(),
            support_text => support_text,
            name => self.name.as_str(),
            given_name => self.given_name.as_str(),
            family_name => self.family_name.as_str(),
            code => in_body(code),
            link => in_body(link),
            username => in_body(username),
            number => in_body(number),
            cognito_link => seen(channel == Channel::Email, cognito_link),
            minutes => seen(is_sign_in, minutes.unwrap_or_default().into()),
            place => seen(is_notification, place.into()),
            blocked => seen(is_notification, blocked.into()),
        }
    }

    fn brought(&self, channel: Channel) -> Brought {
        let in_email = channel == Channel::Email;
        match &self.contents {
            Contents::Placeholders(placeholders) => {
                let cognito_link = placeholders.link.as_deref().unwrap_or_default();
                // Where Cognito inserts its link, there is no code, and so no link with one.
                let linked = in_email && !cognito_link.is_empty();
                let unless_linked = |text| ours(if linked { "" } else { text });
                Brought {
                    code: unless_linked(&placeholders.code),
                    link: unless_linked(&self.link),
                    username: ours(placeholders.username.as_deref().unwrap_or_default()),
                    cognito_link: ours(cognito_link),
                    number: ours(""),
                }
            }
            Contents::Values(values) => {
                let shown = |text: &Option<String>| {
                    let text = text.as_deref().unwrap_or_default();
                    if in_email {
                        text.into()
                    } else {
                        ours(&escape::visible(text))
                    }
                };
                Brought {
                    code: shown(&values.code),
                    link: ours(values.sign_in_link.as_deref().unwrap_or(&self.link)),
                    username: shown(&values.username),
                    cognito_link: ours(""),
                    number: shown(&values.number),
                }
            }
        }
    }
}

/// What the contents are in a template.
struct Brought {
    code: Value,
    link: Value,
    username: Value,
    cognito_link: Value,
    number: Value,
}

/// A placeholder or link of ours, or a text that was escaped before: escaping would break it.
fn ours(text: &str) -> Value {
    Value::from_safe_string(text.to_owned())
}

/// Templates fail where they name what is undefined.
fn seen(is_seen: bool, value: Value) -> Value {
    if is_seen { value } else { Value::UNDEFINED }
}
