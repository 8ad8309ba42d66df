//! What is written to a profile, as DynamoDB's expressions. Nothing here calls DynamoDB.

use std::collections::HashMap;
use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;
use time::{Duration, OffsetDateTime};

use crate::user::User;

/// Cognito gives up an answer after 5 s and sends the event again, up to three times in all.
const REPETITIONS: Duration = Duration::seconds(15);

/// The sort key of the profile itself.
pub(crate) const PROFILE: &str = "profile";

/// What happened to a user who may have no profile yet.
#[derive(Clone, Copy)]
pub(crate) enum Activity {
    SignIn,
    SignInWithNewDevice,
    PasswordReset,
}

impl Activity {
    /// The times in the profile that it moves. The first is the one that tells a repetition.
    ///
    /// A new device has a time of its own: else a sign-in shortly before would hide it, and whoever has stolen a password could wait for one.
    fn times(self) -> &'static [&'static str] {
        match self {
            Self::SignIn => &["lastSignInAt"],
            Self::SignInWithNewDevice => &["lastNewDeviceAt", "lastSignInAt"],
            Self::PasswordReset => &["lastPasswordResetAt"],
        }
    }

    fn counts(self) -> bool {
        match self {
            Self::SignIn | Self::SignInWithNewDevice => true,
            Self::PasswordReset => false,
        }
    }

    /// What it is called in the key of its security record, and by the event that leaves by the stream.
    pub(crate) fn alert(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::SignIn => None,
            Self::SignInWithNewDevice => Some(("new-device", "New Device")),
            Self::PasswordReset => Some(("password-reset", "Password Reset")),
        }
    }
}

/// An update of the profile's item.
pub(crate) struct Change {
    pub(crate) update: String,
    pub(crate) condition: String,
    pub(crate) names: HashMap<String, String>,
    pub(crate) values: HashMap<String, AttributeValue>,
}

impl Change {
    /// The profile of a user who was confirmed, and whom no confirmation has given a profile yet.
    ///
    /// One that was `repaired` becomes a confirmed user's: with the user confirmed already, a sign-in can come before the second attempt
    /// at the event, and an operator can send an event again that failed.
    pub(crate) fn confirmation(user: &User, groups: &[String], now: OffsetDateTime) -> Self {
        let mut change = Self::guarded("attribute_not_exists(origin) OR origin = :repaired");
        change.value(":repaired", text("repaired"));
        for (attribute, value) in user.identity() {
            change.set(attribute, value);
        }
        for (attribute, value) in user.description() {
            change.set(attribute, value);
        }
        change.set("origin", text("confirmed"));
        change.set("detailType", text("User Confirmed"));
        change.set_if_missing("createdAt", seconds(now));
        if !groups.is_empty() {
            change.set("pendingGroups", AttributeValue::Ss(groups.to_vec()));
        }
        change
    }

    /// The note of an activity, unless the same event has been noted; it makes the profile that is missing.
    pub(crate) fn note(user: &User, activity: Activity, now: OffsetDateTime) -> Self {
        let guard = activity.times()[0];
        let mut change = Self::guarded(format!(
            "attribute_not_exists({guard}) OR {guard} <= :repeated"
        ));
        change.value(":repeated", seconds(now - REPETITIONS));
        for time in activity.times() {
            change.set(time, seconds(now));
        }
        for (attribute, value) in user.identity() {
            change.set_if_missing(attribute, value);
        }
        for (attribute, value) in user.description() {
            change.set_if_missing(attribute, value);
        }
        change.set_if_missing("origin", text("repaired"));
        change.set_if_missing("createdAt", seconds(now));
        if activity.counts() {
            change.update.push_str(" ADD signInCount :one");
            change.value(":one", number(1));
        }
        change
    }

    fn guarded(condition: impl Into<String>) -> Self {
        Self {
            update: String::new(),
            condition: condition.into(),
            names: HashMap::new(),
            values: HashMap::new(),
        }
    }

    fn set(&mut self, attribute: &str, value: AttributeValue) {
        self.assign(attribute, &format!(":{attribute}"), value);
    }

    fn set_if_missing(&mut self, attribute: &str, value: AttributeValue) {
        let kept = format!("if_not_exists(#{attribute}, :{attribute})");
        self.assign(attribute, &kept, value);
    }

    /// Every attribute gets a placeholder, since some, such as `sub`, are words of DynamoDB's own.
    fn assign(&mut self, attribute: &str, operand: &str, value: AttributeValue) {
        let before = if self.update.is_empty() { "SET" } else { "," };
        self.update
            .push_str(&format!("{before} #{attribute} = {operand}"));
        self.names
            .insert(format!("#{attribute}"), attribute.to_owned());
        self.value(&format!(":{attribute}"), value);
    }

    fn value(&mut self, placeholder: &str, value: AttributeValue) {
        self.values.insert(placeholder.to_owned(), value);
    }
}

pub(crate) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(crate) fn seconds(time: OffsetDateTime) -> AttributeValue {
    number(time.unix_timestamp())
}

fn number(number: impl fmt::Display) -> AttributeValue {
    AttributeValue::N(number.to_string())
}
