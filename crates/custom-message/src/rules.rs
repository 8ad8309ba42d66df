use cognito_events::custom_message::{Event, Response, TriggerSource};
use message_templates::{
    Contents, Message, Occasion, Person, Placeholders, Templates, Unfit, Written,
};

use crate::config::Config;

/// Decides what one message says.
pub(crate) fn decide(config: &Config, templates: &Templates, event: &Event) -> Decision {
    let Some(message) = message(&event.trigger_source) else {
        return Decision::of("UnknownTriggerSource");
    };
    let draft = templates.draft(&config.letterhead, occasion(config, event, message));
    let mut decision = Decision::of("Templates");
    // A subject goes with its body, or neither is sent.
    if config.email
        && let Some(email) = decision.note(draft.email())
    {
        decision.response.email_subject = Some(email.subject);
        decision.response.email_message = Some(email.body);
    }
    decision.response.sms_message = decision.note(draft.sms());
    decision
}

/// What Cognito is answered, and what has to be said about it in the log.
pub(crate) struct Decision {
    /// `Templates`, `TemplatesWithoutNames`, `TemplatesInPart` or `UnknownTriggerSource`.
    pub(crate) reason: &'static str,
    pub(crate) response: Response,
    /// The texts that cannot be sent as the templates have them.
    pub(crate) left_to_the_pool: Vec<Unfit>,
}

impl Decision {
    fn of(reason: &'static str) -> Self {
        Self {
            reason,
            response: Response::default(),
            left_to_the_pool: Vec::new(),
        }
    }

    /// The texts, if there are any, with what they say about the reason.
    fn note<Texts>(&mut self, written: Result<Written<Texts>, Unfit>) -> Option<Texts> {
        match written {
            Ok(written) => {
                if written.without_names && self.left_to_the_pool.is_empty() {
                    self.reason = "TemplatesWithoutNames";
                }
                Some(written.texts)
            }
            Err(unfit) => {
                self.reason = "TemplatesInPart";
                self.left_to_the_pool.push(unfit);
                None
            }
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

fn occasion<'a>(config: &Config, event: &'a Event, message: Message) -> Occasion<'a> {
    let attributes = &event.request.user_attributes;
    Occasion {
        message,
        client_id: event.caller_context.client_id.as_deref(),
        person: Person {
            user_name: event.user_name.as_str(),
            name: attributes.get("name"),
            given_name: attributes.get("given_name"),
            family_name: attributes.get("family_name"),
            // What an app passes along chooses a language among ours, and nothing else.
            locales: [attributes, &event.request.client_metadata].map(|map| map.get("locale")),
        },
        contents: Contents::Placeholders(placeholders(config, event, message)),
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

#[cfg(test)]
mod tests;
