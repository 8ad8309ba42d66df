use minijinja::context;
use minijinja::value::Value;

use crate::message::Channel;
use crate::placeholders::Placeholders;

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
    pub(crate) placeholders: Placeholders,
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

    /// What a template of this channel sees. It fails where it names what it does not see.
    pub(crate) fn seen_in(&self, channel: Channel) -> Value {
        let support_text = ["https://", "mailto:"]
            .iter()
            .find_map(|scheme| self.support_url.strip_prefix(scheme))
            .unwrap_or_default();
        let Placeholders {
            code,
            link: cognito_link,
            username,
            ..
        } = &self.placeholders;
        // Where Cognito inserts its link, there is no code, and so no link with one.
        let linked = channel == Channel::Email && cognito_link.is_some();
        // Templates fail where they name what is undefined.
        let ours = |text: &str, is_seen: bool| match is_seen {
            true => Value::from_safe_string(text.to_owned()),
            false => Value::UNDEFINED,
        };
        let in_body = channel != Channel::Subject;
        let unless_linked = |text| ours(if linked { "" } else { text }, in_body);
        context! {
            lang => self.language,
            app_name => self.app_name.as_str(),
            support_url => self.support_url.as_str(),
            support_text => support_text,
            name => self.name.as_str(),
            given_name => self.given_name.as_str(),
            family_name => self.family_name.as_str(),
            code => unless_linked(code),
            link => unless_linked(&self.link),
            username => ours(username.as_deref().unwrap_or_default(), in_body),
            cognito_link => ours(cognito_link.as_deref().unwrap_or_default(), channel == Channel::Email),
        }
    }
}
