use cognito_events::custom_message::{Event, Response, TriggerSource};

use crate::config::Config;
use crate::facts::Facts;
use crate::locale;
use crate::message::{Channel, Message};
use crate::person_name;
use crate::placeholders::Placeholders;
use crate::templates::{Templates, path};
use crate::text::Problem;

/// Decides what one message says.
pub(crate) fn decide(config: &Config, templates: &Templates, event: &Event) -> Decision {
    let Some(message) = message(&event.trigger_source) else {
        return Decision::pool_texts("UnknownTriggerSource");
    };
    let facts = facts(config, templates, event, message);
    let mut writer = Writer {
        templates,
        root: templates.root(event.caller_context.client_id.as_deref()),
        message,
        facts,
        reason: "Templates",
        left_to_the_pool: Vec::new(),
    };
    // A subject of one language over a body of another would look like fraud: the two go together.
    let email = config
        .email
        .then(|| writer.write([Channel::Subject, Channel::Email]));
    let sms = writer.write([Channel::Sms]);
    let (email_subject, email_message) = match email.flatten() {
        Some([subject, body]) => (Some(subject), Some(body)),
        None => (None, None),
    };
    Decision {
        reason: writer.reason,
        response: Response {
            sms_message: sms.map(|[text]| text),
            email_message,
            email_subject,
        },
        left_to_the_pool: writer.left_to_the_pool,
    }
}

/// What Cognito is answered, and what has to be said about it in the log.
#[derive(Debug)]
pub(crate) struct Decision {
    /// `Templates`, `TemplatesWithoutNames`, `TemplatesInPart` or `UnknownTriggerSource`.
    pub(crate) reason: &'static str,
    pub(crate) response: Response,
    pub(crate) left_to_the_pool: Vec<LeftToThePool>,
}

/// A text that could not be sent as the template has it.
#[derive(Debug)]
pub(crate) struct LeftToThePool {
    pub(crate) template: String,
    pub(crate) problem: Problem,
}

impl Decision {
    fn pool_texts(reason: &'static str) -> Self {
        Self {
            reason,
            response: Response::default(),
            left_to_the_pool: Vec::new(),
        }
    }
}

/// The message of a trigger source; none where Cognito has come to send something that has no template.
fn message(source: &TriggerSource) -> Option<Message> {
    match source {
        TriggerSource::SignUp => Some(Message::SignUp),
        TriggerSource::AdminCreateUser => Some(Message::AdminCreateUser),
        TriggerSource::ResendCode => Some(Message::ResendCode),
        TriggerSource::ForgotPassword => Some(Message::ForgotPassword),
        TriggerSource::UpdateUserAttribute => Some(Message::UpdateUserAttribute),
        TriggerSource::VerifyUserAttribute => Some(Message::VerifyUserAttribute),
        TriggerSource::Authentication => Some(Message::Authentication),
        TriggerSource::Unknown(_) => None,
    }
}

fn facts(config: &Config, templates: &Templates, event: &Event, message: Message) -> Facts {
    let attributes = &event.request.user_attributes;
    let name = |attribute: &str| {
        let text = attributes.get(attribute)?;
        person_name::presentable(text)
    };
    let placeholders = placeholders(config, event, message);
    // What an app passes along chooses a language among ours, and nothing else.
    let wanted = [attributes, &event.request.client_metadata].map(|map| map.get("locale"));
    let support_url = config.support_url.as_ref();
    Facts {
        language: locale::choose(templates.languages(), wanted, config.default_locale),
        app_name: config.app_name.clone(),
        support_url: support_url.map_or_else(String::new, |url| url.as_str().to_owned()),
        name: name("name").unwrap_or_default(),
        given_name: name("given_name").unwrap_or_default(),
        family_name: name("family_name").unwrap_or_default(),
        link: link(config, event, message, &placeholders.code).unwrap_or_default(),
        placeholders,
    }
}

/// The event's own placeholders, or those that Cognito is known to use where it names none.
fn placeholders(config: &Config, event: &Event, message: Message) -> Placeholders {
    let or = |text: Option<&str>, known: &str| {
        let named = text.filter(|text| !text.trim().is_empty());
        named.unwrap_or(known).to_owned()
    };
    let request = &event.request;
    let by_link = config.verify_by_link && message.can_bear_cognitos_link();
    let invites = message == Message::AdminCreateUser;
    // A pool with sign-in by address or number shows that one instead of the name.
    let attribute = |name: &str| request.user_attributes.get(name).unwrap_or_default();
    let names = [
        event.user_name.as_str(),
        attribute("email"),
        attribute("phone_number"),
    ];
    let longest = names
        .map(|name| name.encode_utf16().count())
        .into_iter()
        .max();
    Placeholders {
        code: or(Some(&request.code_parameter), "{####}"),
        link: by_link.then(|| or(request.link_parameter.as_deref(), "{##Click Here##}")),
        username: invites.then(|| or(request.username_parameter.as_deref(), "{username}")),
        longest_username: longest.unwrap_or_default(),
    }
}

/// The link into the app, where one is configured for this message. A temporary password is never in one.
fn link(config: &Config, event: &Event, message: Message, code: &str) -> Option<String> {
    let user_name = event.user_name.as_str();
    match message {
        Message::SignUp | Message::ResendCode => {
            Some(config.confirm_url.as_ref()?.with_code(user_name, code))
        }
        Message::ForgotPassword => Some(config.reset_url.as_ref()?.with_code(user_name, code)),
        Message::AdminCreateUser => Some(config.sign_in_url.as_ref()?.as_str().to_owned()),
        // Whoever gets these is at the app already.
        Message::UpdateUserAttribute | Message::VerifyUserAttribute | Message::Authentication => {
            None
        }
    }
}

/// Writes the texts of one message.
struct Writer<'a> {
    templates: &'a Templates,
    root: String,
    message: Message,
    facts: Facts,
    reason: &'static str,
    left_to_the_pool: Vec<LeftToThePool>,
}

impl Writer<'_> {
    /// The texts of channels that go together, with the names or, where that does not fit, without; or none of them.
    fn write<const N: usize>(&mut self, channels: [Channel; N]) -> Option<[String; N]> {
        if let Ok(texts) = self.rendered(channels, &self.facts) {
            return Some(texts);
        }
        match self.rendered(channels, &self.facts.without_names()) {
            Ok(texts) => {
                if self.left_to_the_pool.is_empty() {
                    self.reason = "TemplatesWithoutNames";
                }
                Some(texts)
            }
            Err(left) => {
                self.reason = "TemplatesInPart";
                self.left_to_the_pool.push(left);
                None
            }
        }
    }

    fn rendered<const N: usize>(
        &self,
        channels: [Channel; N],
        facts: &Facts,
    ) -> Result<[String; N], LeftToThePool> {
        let mut texts = [const { String::new() }; N];
        for (text, channel) in texts.iter_mut().zip(channels) {
            *text = self
                .templates
                .render(&self.root, self.message, channel, facts)
                .map_err(|problem| LeftToThePool {
                    template: self.root.clone() + &path(facts.language, self.message, channel),
                    problem,
                })?;
        }
        Ok(texts)
    }
}

#[cfg(test)]
mod tests;
