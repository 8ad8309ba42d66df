//! Who moves, and how: the policy on what a source has answered.

mod attributes;

use cognito_events::user_migration::{
    DeliveryMedium, Event, FinalUserStatus, MessageAction, Response, TriggerSource,
};
use legacy_users::{Address, LegacyName, State};
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use crate::config::Config;
use crate::source::{Found, Proof};

use attributes::{Attributes, is_phone_number};

/// Cognito takes 256 characters, and nothing is hashed that nobody types.
const MAX_PASSWORD_BYTES: usize = 256;

/// Why somebody does not move. The person is never told which it was: Cognito answers as for a wrong password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Withheld {
    /// The migration is over.
    Ended,
    /// What was typed can be no name or no password.
    Implausible,
    /// There were too many tries under this name, or altogether.
    Throttled,
    /// No source has such a user with that password.
    NotThere,
    /// The source has answered for another name than was typed.
    AnotherName,
    /// The user has moved before, or must not move.
    MovedBefore,
    /// Nobody has verified the address that the user is known by, or at which a new password could be set.
    AddressNotVerified,
    /// The configuration lets none of the attributes through, and Cognito takes no user without any.
    NoAttributes,
    /// A password was typed, and the source has not looked at it.
    NoProof,
}

impl Withheld {
    /// The name for the log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ended => "Ended",
            Self::Implausible => "Implausible",
            Self::Throttled => "Throttled",
            Self::NotThere => "NotThere",
            Self::AnotherName => "AnotherName",
            Self::MovedBefore => "MovedBefore",
            Self::AddressNotVerified => "AddressNotVerified",
            Self::NoAttributes => "NoAttributes",
            Self::NoProof => "NoProof",
        }
    }
}

/// Who wants to move.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) name: LegacyName,
    /// `None` when it was forgotten.
    pub(crate) password: Option<&'a SecretString>,
}

/// Who wants to move, unless nobody has to be asked about it.
pub(crate) fn wanted<'a>(
    config: &Config,
    event: &'a Event,
    now: OffsetDateTime,
) -> Result<Wanted<'a>, Withheld> {
    if config.migrate_until.is_some_and(|until| now >= until) {
        return Err(Withheld::Ended);
    }
    let password = match event.trigger_source {
        TriggerSource::ForgotPassword => None,
        TriggerSource::Authentication | TriggerSource::Unknown(_) => {
            let password = event.request.password.as_ref();
            Some(password.filter(is_plausible).ok_or(Withheld::Implausible)?)
        }
    };
    let name = LegacyName::normalised(event.user_name.as_str());
    Ok(Wanted {
        name: name.ok_or(Withheld::Implausible)?,
        password,
    })
}

fn is_plausible(password: &&SecretString) -> bool {
    (1..=MAX_PASSWORD_BYTES).contains(&password.expose_secret().len())
}

/// Whether and how the user moves who was found. `state` is what the table of legacy users says of the name.
pub(crate) fn decide(
    config: &Config,
    wanted: &Wanted<'_>,
    state: State,
    found: &Found,
    now: OffsetDateTime,
) -> Result<Response, Withheld> {
    let name = &wanted.name;
    has_the_name(name, found)?;
    may_move(state, now)?;
    let attributes = Attributes::of(config, name, found);
    owns_the_address(config, name, &attributes)?;
    if attributes.is_empty() {
        return Err(Withheld::NoAttributes);
    }
    Ok(Response {
        final_user_status: match wanted.password {
            None => can_be_reached(&attributes).map(|()| None)?,
            Some(password) => status(config, password, found.proof)?,
        },
        desired_delivery_mediums: Some(vec![medium(&attributes)]),
        user_attributes: Some(attributes.with_flags()),
        message_action: Some(MessageAction::Suppress),
        // An alias stays with whoever has it in the pool.
        force_alias_creation: Some(false),
        enable_sms_mfa: None,
    })
}

/// A source that compares names in its own way must not answer for somebody else.
fn has_the_name(name: &LegacyName, found: &Found) -> Result<(), Withheld> {
    if LegacyName::normalised(&found.name).as_ref() == Some(name) {
        Ok(())
    } else {
        Err(Withheld::AnotherName)
    }
}

/// Whom somebody has deleted in the pool does not come back.
fn may_move(state: State, now: OffsetDateTime) -> Result<(), Withheld> {
    if state.may_migrate(now) {
        Ok(())
    } else {
        Err(Withheld::MovedBefore)
    }
}

/// A name that is an address is the user's own address, and somebody has verified that: otherwise whoever once made an account under
/// another's address would take the address along.
fn owns_the_address(
    config: &Config,
    name: &LegacyName,
    attributes: &Attributes,
) -> Result<(), Withheld> {
    let Some(address) = address(name) else {
        return Ok(());
    };
    let is_own = attributes
        .get(address.name())
        .is_none_or(|value| LegacyName::normalised(value).as_ref() == Some(name));
    let is_verified = attributes.is_verified(address) || config.unverified_addresses_move;
    if is_own && is_verified {
        Ok(())
    } else {
        Err(Withheld::AddressNotVerified)
    }
}

/// What kind of address the name is, if any. Cognito takes `@` in no other name where users sign in by address.
fn address(name: &LegacyName) -> Option<Address> {
    let name = name.as_str();
    if name.contains('@') {
        Some(Address::Email)
    } else {
        is_phone_number(name).then_some(Address::PhoneNumber)
    }
}

/// Cognito sends the code for a new password to a verified address. One that nobody verified could be a stranger's.
fn can_be_reached(attributes: &Attributes) -> Result<(), Withheld> {
    if [Address::Email, Address::PhoneNumber]
        .into_iter()
        .any(|address| attributes.is_verified(address))
    {
        Ok(())
    } else {
        Err(Withheld::AddressNotVerified)
    }
}

/// The user goes on with the password if it is right and as long as it has to be; Cognito does not hold its own policy here. Otherwise
/// nothing is said, and Cognito has the user set a new one.
fn status(
    config: &Config,
    password: &SecretString,
    proof: Proof,
) -> Result<Option<FinalUserStatus>, Withheld> {
    let length = password.expose_secret().chars().count();
    match proof {
        Proof::Known => Err(Withheld::NoProof),
        Proof::PasswordRight if length >= config.least_password_length => {
            Ok(Some(FinalUserStatus::Confirmed))
        }
        Proof::PasswordRight | Proof::PasswordRightButReset => Ok(None),
    }
}

/// Without a word Cognito would take SMS.
fn medium(attributes: &Attributes) -> DeliveryMedium {
    let only_by_phone =
        attributes.is_verified(Address::PhoneNumber) && !attributes.is_verified(Address::Email);
    if only_by_phone {
        DeliveryMedium::Sms
    } else {
        DeliveryMedium::Email
    }
}

#[cfg(test)]
mod tests;
