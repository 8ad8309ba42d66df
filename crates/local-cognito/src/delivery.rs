//! Sends codes and invitations: into the outbox.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::ids;
use crate::outbox::Message;
use crate::stand_in::StandIn;
use crate::template;
use crate::user_pool::{Proven, User, UserPool, contact_kind, fold};

/// What makes Cognito send a code, as the custom message trigger names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    SignUp,
    ResendCode,
}

impl Reason {
    fn trigger_source(self) -> &'static str {
        match self {
            Self::SignUp => "CustomMessage_SignUp",
            Self::ResendCode => "CustomMessage_ResendCode",
        }
    }
}

/// Sends a confirmation code to the attribute that the pool verifies by itself, and tells where it went.
///
/// A disabled user is told the same and gets nothing (D), as does one who was deleted in the meantime.
pub(crate) fn send_code(
    stand_in: &StandIn,
    pool: &UserPool,
    user: &User,
    reason: Reason,
) -> Option<Value> {
    let (attribute, to) = verifiable(&pool.config, user)?;
    let code = ids::code();
    let now = stand_in.clock.now();
    {
        let mut state = pool.state();
        let found = state.users.find(&pool.config, &user.sub);
        if !found.is_some_and(|user| user.enabled) {
            return Some(details(attribute, to));
        }
        let proves = Proven {
            attribute: attribute.to_owned(),
            value: to.to_owned(),
        };
        state.codes.sent(&user.username, code.clone(), proves, now);
    }
    let messages = &pool.config.messages;
    let (medium, subject, body) = match attribute {
        "phone_number" => ("SMS", None, &messages.verification_sms),
        _ => (
            "EMAIL",
            Some(messages.verification_email_subject.clone()),
            &messages.verification_email_body,
        ),
    };
    let body = body.replace("{####}", &code);
    stand_in.outbox.send(Message {
        time: now,
        medium,
        to: to.to_owned(),
        reason: reason.trigger_source(),
        subject,
        body,
        code,
    });
    Some(details(attribute, to))
}

/// Where a code would go, for a user that does not exist: the answer must look alike, and be the same at every try.
pub(crate) fn simulated(pool: &UserPool, typed: &str) -> Option<Value> {
    let typed = fold(&pool.config, typed);
    let verifies = |attribute: &str| {
        let verified = &pool.config.auto_verified_attributes;
        verified.iter().any(|name| name == attribute)
    };
    match contact_kind(&typed) {
        Some(attribute) => verifies(attribute).then(|| details(attribute, &typed)),
        // A user name tells nothing of the address, so one is made up from it.
        None => {
            let made_up = ids::uuid_for(&pool.decoy_key, &typed);
            let letter = |at: usize| char::from(b'a' + made_up.as_bytes()[at] % 26);
            let number: String = made_up
                .bytes()
                .map(|byte| char::from(b'0' + byte % 10))
                .collect();
            if verifies("phone_number") && !verifies("email") {
                Some(details("phone_number", &number))
            } else {
                let address = format!("{}@{}", letter(0), letter(1));
                verifies("email").then(|| details("email", &address))
            }
        }
    }
}

/// Sends an administrator's invitation with the temporary password.
pub(crate) fn send_invitation(
    stand_in: &StandIn,
    pool: &UserPool,
    user: &User,
    password: &SecretString,
    by_email: bool,
) {
    let messages = &pool.config.messages;
    let attribute = if by_email || !user.attributes.contains_key("phone_number") {
        "email"
    } else {
        "phone_number"
    };
    let Some(to) = user.attributes.get(attribute) else {
        return;
    };
    let (medium, subject, body) = match attribute {
        "phone_number" => ("SMS", None, &messages.invitation_sms),
        _ => (
            "EMAIL",
            Some(messages.invitation_email_subject.clone()),
            &messages.invitation_email_body,
        ),
    };
    // A pool with e-mail sign-in tells people the address, not the id that is their user name.
    let username = if pool.config.username_attributes.is_empty() {
        &user.username
    } else {
        to
    };
    let code = password.expose_secret().to_owned();
    stand_in.outbox.send(Message {
        time: stand_in.clock.now(),
        medium,
        to: to.clone(),
        reason: "CustomMessage_AdminCreateUser",
        subject,
        body: body
            .replace("{username}", username)
            .replace("{####}", &code),
        code,
    });
}

fn verifiable<'a>(pool: &template::UserPool, user: &'a User) -> Option<(&'static str, &'a str)> {
    // D: where both could be verified, the telephone number is.
    ["phone_number", "email"].into_iter().find_map(|attribute| {
        let verifies = pool
            .auto_verified_attributes
            .iter()
            .any(|name| name == attribute);
        let value = user.attributes.get(attribute)?;
        verifies.then_some((attribute, value.as_str()))
    })
}

fn details(attribute: &'static str, to: &str) -> Value {
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
