use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, Value};

use crate::contents::{Contents, Placeholders, Values};
use crate::escape;
use crate::message::{Channel, Message};

/// All that a template may know.
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

    fn support_text(&self) -> &str {
        let schemes = ["https://", "mailto:"].iter();
        let mut texts = schemes.filter_map(|scheme| self.support_url.strip_prefix(scheme));
        texts.next().unwrap_or_default()
    }

    /// What a template of this message and channel sees. It fails where it names what it does not see.
    pub(crate) fn seen_in(self: &Arc<Self>, message: Message, channel: Channel) -> Value {
        Value::from_object(Seen {
            facts: Arc::clone(self),
            message,
            channel,
        })
    }
}

/// Looked up by name, since most templates name few of the facts.
struct Seen {
    facts: Arc<Facts>,
    message: Message,
    channel: Channel,
}

impl Object for Seen {
    fn get_value(self: &Arc<Self>, name: &Value) -> Option<Value> {
        self.get_value_by_str(name.as_str()?)
    }

    /// `messages/README.md` lists the names.
    fn get_value_by_str(self: &Arc<Self>, name: &str) -> Option<Value> {
        let facts = &*self.facts;
        let value = match name {
            "lang" => facts.language.into(),
            "app_name" => facts.app_name.as_str().into(),
            "support_url" => facts.support_url.as_str().into(),
            "support_text" => facts.support_text().into(),
            "name" => facts.name.as_str().into(),
            "given_name" => facts.given_name.as_str().into(),
            "family_name" => facts.family_name.as_str().into(),
            _ if !self.shows(name) => return None,
            _ => match &facts.contents {
                Contents::Placeholders(placeholders) => self.placeholder(name, placeholders),
                Contents::Values(values) => self.value(name, values),
            },
        };
        Some(value)
    }
}

impl Seen {
    /// Whether this message brings a fact of this name, and this channel has a place for it.
    fn shows(&self, name: &str) -> bool {
        match name {
            "code" | "link" | "username" | "number" => self.channel != Channel::Subject,
            "cognito_link" => self.channel == Channel::Email,
            "minutes" => matches!(self.message, Message::SignInCode | Message::SignInLink),
            "place" | "blocked" => self.message == Message::AccountTakeOverNotification,
            _ => false,
        }
    }

    fn placeholder(&self, name: &str, placeholders: &Placeholders) -> Value {
        let cognito_link = placeholders.link.as_deref().unwrap_or_default();
        // Where Cognito inserts its link, there is no code, and so no link with one.
        let is_linked = self.channel == Channel::Email && !cognito_link.is_empty();
        let text = match name {
            "code" | "link" if is_linked => "",
            "code" => &placeholders.code,
            "link" => &self.facts.link,
            "username" => placeholders.username.as_deref().unwrap_or_default(),
            "cognito_link" => cognito_link,
            _ => "",
        };
        ours(text)
    }

    fn value(&self, name: &str, values: &Values) -> Value {
        let shown = |text: &Option<String>| {
            let text = text.as_deref().unwrap_or_default();
            if self.channel == Channel::Email {
                text.into()
            } else {
                ours(&escape::visible(text))
            }
        };
        match name {
            "code" => shown(&values.code),
            "link" => ours(values.sign_in_link.as_deref().unwrap_or(&self.facts.link)),
            "username" => shown(&values.username),
            "number" => shown(&values.number),
            "minutes" => values.minutes.unwrap_or_default().into(),
            "place" => values.place.as_deref().unwrap_or_default().into(),
            "blocked" => values.blocked.into(),
            _ => ours(""),
        }
    }
}

// Required of what a template sees, and shows nothing: the facts are about a person.
impl fmt::Debug for Seen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Seen")
    }
}

/// A placeholder or link of ours, or a text that was escaped before: escaping would break it.
fn ours(text: &str) -> Value {
    Value::from_safe_string(text.to_owned())
}
