//! Sends codes and invitations: into the outbox.

use serde_json::{Value, json};

use crate::confirmation_link;
use crate::error::Error;
use crate::ids;
use crate::outbox::Message;
use crate::stand_in::StandIn;
use crate::template;
use crate::triggers::{Letter, MessageReason, Metadata, custom_message, custom_sender};
use crate::user_pool::{Proven, Purpose, User, UserPool, contact_kind, fold};

/// Sends a message as the custom message trigger words it, or else the pool, or has the channel's custom sender send it; tells where it
/// went.
///
/// The custom message trigger is asked even for a disabled user, to whom nothing is sent (D). Where a custom sender takes the message, it
/// is not known whether the custom message trigger is asked at all; here it is, so that a failure of either is found, and its words are
/// dropped.
pub(crate) async fn send(
    stand_in: &StandIn,
    pool: &UserPool,
    user: &User,
    letter: Letter<'_>,
) -> Result<Value, Error> {
    let worded = custom_message(stand_in, pool, user, &letter).await?;
    let found = pool.find(&user.sub);
    let is_enabled = found.is_some_and(|user| user.enabled);
    let to = user
        .attributes
        .get(letter.attribute)
        .map(String::as_str)
        .unwrap_or_default();
    if is_enabled && custom_sender(stand_in, pool, user, &letter)? {
        return Ok(details(letter.attribute, to));
    }
    let (own_subject, own_body) = own_words(&pool.config, &letter);
    let (medium, subject, body) = match letter.attribute {
        "phone_number" => ("SMS", None, worded.sms_message),
        _ => {
            let subject = worded.email_subject.unwrap_or(own_subject);
            ("EMAIL", Some(subject), worded.email_message)
        }
    };
    // A pool with e-mail sign-in tells people the address, not the id that is their user name.
    let username = if pool.config.username_attributes.is_empty() {
        &user.username
    } else {
        to
    };
    let mut body = body
        .unwrap_or(own_body)
        .replace("{username}", username)
        .replace("{####}", letter.code);
    if letter.by_link(&pool.config) {
        let client_id = letter.client_id.unwrap_or_default();
        let link = confirmation_link::address(
            stand_in.issuer.endpoint(),
            client_id,
            &user.username,
            letter.code,
        );
        body = confirmation_link::inserted(&body, &link);
    }
    if is_enabled {
        stand_in.outbox.send(Message {
            time: stand_in.clock.now(),
            medium,
            to: to.to_owned(),
            reason: letter.reason.trigger_source(),
            subject,
            body,
            code: letter.code.to_owned(),
        });
    }
    Ok(details(letter.attribute, to))
}

/// What the pool says itself.
fn own_words(pool: &template::UserPool, letter: &Letter<'_>) -> (String, String) {
    let messages = &pool.messages;
    if letter.by_link(pool) {
        let (subject, body) = (&messages.link_email_subject, &messages.link_email_body);
        return (subject.clone(), body.clone());
    }
    let sms = letter.attribute == "phone_number";
    let (subject, email, text) = match letter.reason {
        MessageReason::AdminCreateUser => (
            &messages.invitation_email_subject,
            &messages.invitation_email_body,
            &messages.invitation_sms,
        ),
        MessageReason::Authentication => (
            &messages.authentication_email_subject,
            &messages.authentication_email_body,
            &messages.authentication_sms,
        ),
        _ => (
            &messages.verification_email_subject,
            &messages.verification_email_body,
            &messages.verification_sms,
        ),
    };
    (subject.clone(), if sms { text } else { email }.clone())
}

/// Sends a code that confirms a new user, to the attribute that the pool verifies by itself; tells where it went.
pub(crate) async fn send_sign_up_code(
    stand_in: &StandIn,
    pool: &UserPool,
    user: &User,
    reason: MessageReason,
    client_id: &str,
    client_metadata: Option<&Metadata>,
) -> Result<Option<Value>, Error> {
    let Some(attribute) = verifiable(&pool.config, user) else {
        return Ok(None);
    };
    let code = new_code(stand_in, pool, user, attribute, Purpose::SignUp);
    let letter = Letter {
        reason,
        client_id: Some(client_id),
        client_metadata,
        attribute,
        code: &code,
    };
    send(stand_in, pool, user, letter).await.map(Some)
}

/// A new code that proves the attribute when it comes back.
pub(crate) fn new_code(
    stand_in: &StandIn,
    pool: &UserPool,
    user: &User,
    attribute: &'static str,
    purpose: Purpose,
) -> String {
    let code = ids::code();
    let proves = Proven {
        attribute: attribute.to_owned(),
        value: user.attributes.get(attribute).cloned().unwrap_or_default(),
    };
    let mut state = pool.state();
    let found = state.users.find(&pool.config, &user.sub);
    // One who was deleted or disabled in the meantime gets nothing.
    if found.is_some_and(|user| user.enabled) {
        let now = stand_in.clock.now();
        state
            .codes
            .sent(&user.username, purpose, code.clone(), proves, now);
    }
    code
}

/// Where a code would go, for a user that does not exist: the answer must look alike, and be the same at every try.
///
/// `attributes` are those that codes go to.
pub(crate) fn simulated(
    pool: &UserPool,
    typed: &str,
    attributes: &[impl AsRef<str>],
) -> Option<Value> {
    let typed = fold(&pool.config, typed);
    let verifies = |attribute: &str| attributes.iter().any(|name| name.as_ref() == attribute);
    match contact_kind(&typed).filter(|attribute| verifies(attribute)) {
        Some(attribute) => Some(details(attribute, &typed)),
        // A user name tells nothing of the address, so one is made up from it.
        None => ["email", "phone_number"]
            .into_iter()
            .find(|attribute| verifies(attribute))
            .map(|attribute| made_up(pool, &typed, attribute)),
    }
}

/// An address or number for a user that does not exist: what they typed if it is one, or else made up, the same at every try.
pub(crate) fn made_up(pool: &UserPool, typed: &str, attribute: &'static str) -> Value {
    let typed = fold(&pool.config, typed);
    if contact_kind(&typed) == Some(attribute) {
        return details(attribute, &typed);
    }
    let made_up = ids::uuid_for(&pool.decoy_key, &typed);
    if attribute == "email" {
        let letter = |at: usize| char::from(b'a' + made_up.as_bytes()[at] % 26);
        return details(attribute, &format!("{}@{}", letter(0), letter(1)));
    }
    let digits = made_up.bytes().map(|byte| char::from(b'0' + byte % 10));
    details(attribute, &digits.collect::<String>())
}

/// The attribute to which an administrator's invitation goes, if the user has one.
pub(crate) fn invited_at(user: &User, by_email: bool) -> Option<&'static str> {
    let has = |attribute: &&'static str| user.attributes.contains_key(*attribute);
    let order = if by_email {
        ["email", "email"]
    } else {
        ["phone_number", "email"]
    };
    order.into_iter().find(has)
}

/// The attribute that the pool verifies by itself at sign-up.
fn verifiable(pool: &template::UserPool, user: &User) -> Option<&'static str> {
    // D: where both could be verified, the telephone number is.
    ["phone_number", "email"].into_iter().find(|attribute| {
        let mut verified = pool.auto_verified_attributes.iter();
        verified.any(|name| name == attribute) && user.attributes.contains_key(*attribute)
    })
}

pub(crate) fn details(attribute: &'static str, to: &str) -> Value {
    let medium = if attribute == "email" { "EMAIL" } else { "SMS" };
    json!({ "AttributeName": attribute, "DeliveryMedium": medium, "Destination": masked(to) })
}

/// `f***@e***` for an address, always with three stars (R); the last four digits of a number.
fn masked(to: &str) -> String {
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    match to.rsplit_once('@') {
        Some((local, domain)) => format!("{}***@{}***", first(local), first(domain)),
        None => {
            let last_four: String = to
                .chars()
                .skip(to.chars().count().saturating_sub(4))
                .collect();
            format!("+*******{last_four}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn destinations_are_masked_as_recorded() {
        assert_eq!(masked("fixture@example.com"), "f***@e***");
        assert_eq!(masked("t@x"), "t***@x***");
        assert_eq!(masked("+4915112345678"), "+*******5678");
    }
}
