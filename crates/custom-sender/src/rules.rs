//! What a message says, to whom, and which messages are one.

use cognito_events::Attributes;
use delivery::{Email, Sms};
use message_templates::{
    Contents, Letterhead, Message, Occasion, Person, Templates, Unfit, Values,
};
use ring::digest::{Context, SHA256};
use secrecy::{ExposeSecret, SecretString};

use crate::message::{Channel, SenderEvent};
use crate::temporary_password::unescaped;

/// The user's address or number on the message's channel, if there is one.
pub(crate) fn recipient(event: &SenderEvent) -> Option<&str> {
    let attributes = &event.request.user_attributes;
    attributes.get(event.channel.attribute())
}

/// The message as it is sent. `code` is what was decrypted, and none in a notification.
pub(crate) fn compose(
    templates: &Templates,
    letterhead: &Letterhead,
    event: &SenderEvent,
    message: Message,
    to: &str,
    code: Option<&SecretString>,
) -> Result<delivery::Message, Unfit> {
    let attributes = &event.request.user_attributes;
    let draft = templates.draft(
        letterhead,
        Occasion {
            message,
            client_id: event.client_id.as_deref(),
            person: Person {
                user_name: &event.user_name,
                name: attributes.get("name"),
                given_name: attributes.get("given_name"),
                family_name: attributes.get("family_name"),
                // What an app passes along chooses a language among ours, and nothing else.
                locales: [attributes, &event.request.client_metadata].map(|map| map.get("locale")),
            },
            contents: Contents::Values(values(event, message, to, code)),
        },
    );
    Ok(match event.channel {
        Channel::Email => {
            let email = draft.email()?.texts;
            delivery::Message::Email(Email {
                to: to.to_owned(),
                subject: email.subject,
                html: email.body,
                // Notifications have none.
                text: draft.sms().ok().map(|written| written.texts),
            })
        }
        Channel::Sms => delivery::Message::Sms(Sms {
            to: to.to_owned(),
            text: draft.sms()?.texts,
        }),
    })
}

fn values(event: &SenderEvent, message: Message, to: &str, code: Option<&SecretString>) -> Values {
    let attributes = &event.request.user_attributes;
    let code = code.map(|code| code.expose_secret());
    match message {
        Message::AdminCreateUser => Values {
            code: code.map(unescaped),
            username: Some(sign_in_name(event, to).to_owned()),
            ..Values::default()
        },
        Message::AccountTakeOverNotification => Values {
            place: place(attributes),
            blocked: attributes.get("ACCOUNT_TAKE_OVER_ACTION") == Some("BLOCK"),
            ..Values::default()
        },
        _ => Values {
            code: code.map(str::to_owned),
            ..Values::default()
        },
    }
}

/// The name under which the user signs in. Where that is the address, the user's own name is the `sub`, which nobody types (observed).
fn sign_in_name<'a>(event: &'a SenderEvent, to: &'a str) -> &'a str {
    let sub = event.request.user_attributes.get("sub");
    if sub == Some(&event.user_name) {
        to
    } else {
        &event.user_name
    }
}

/// Where a sign-in came from, as far as Cognito knows: the city, the country, or both.
fn place(attributes: &Attributes) -> Option<String> {
    let known: Vec<&str> = ["CITY", "COUNTRY"]
        .into_iter()
        .filter_map(|name| attributes.get(name))
        .collect();
    (!known.is_empty()).then(|| known.join(", "))
}

/// The id under which the message is sent once: the same for an event that comes again, and for no other.
///
/// Two messages never have the same ciphertext, since each has a message id and a data key of its own. A notification has none, and an id
/// of Cognito's instead.
pub(crate) fn message_id(event: &SenderEvent, message: Message) -> String {
    let code = event.request.code.as_ref();
    let code = code.map(|code| code.expose_secret());
    let event_id = event.request.user_attributes.get("EVENT_ID");
    let mut digest = Context::new(&SHA256);
    for part in [
        &event.user_pool_id,
        &event.user_name,
        event.channel.attribute(),
        &format!("{message:?}"),
        code.or(event_id).unwrap_or_default(),
    ] {
        digest.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part.as_bytes());
    }
    let digest = digest.finish();
    let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}

#[cfg(test)]
mod tests;
