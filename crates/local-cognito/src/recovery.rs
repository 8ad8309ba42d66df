//! Who can get a new password by a code, and where the code goes.

use crate::error::Error;
use crate::template;
use crate::user_pool::{SecondFactor, Status, User};

/// Why somebody gets no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unrecoverable {
    Disabled,
    /// Nothing that the code could go to was ever proven to be theirs; nor is anything of somebody who has not confirmed.
    NothingVerified,
    /// There is no password that could be forgotten: it is temporary, or another provider's.
    NoPasswordOfTheirOwn,
}

/// The attributes that codes go to, the preferred one first.
///
/// A pool without a setting sends an SMS where it can, and else an e-mail. Source: API reference, `AccountRecoverySettingType`.
pub(crate) fn channels(pool: &template::UserPool) -> Result<Vec<&'static str>, Error> {
    if pool.recovery.is_empty() {
        return Ok(vec!["phone_number", "email"]);
    }
    let attributes = pool.recovery.iter().filter_map(|name| match name.as_str() {
        "verified_email" => Some("email"),
        "verified_phone_number" => Some("phone_number"),
        _ => None,
    });
    let attributes: Vec<_> = attributes.collect();
    if attributes.is_empty() {
        return Err(Error::not_authorized(
            "Contact administrator to reset password.",
        )); // P
    }
    Ok(attributes)
}

/// The one of these attributes that the user's code goes to.
pub(crate) fn reached_at(
    user: &User,
    channels: &[&'static str],
) -> Result<&'static str, Unrecoverable> {
    if !user.enabled {
        return Err(Unrecoverable::Disabled);
    }
    match user.status {
        Status::Unconfirmed => return Err(Unrecoverable::NothingVerified), // W
        Status::ForceChangePassword | Status::ExternalProvider => {
            return Err(Unrecoverable::NoPasswordOfTheirOwn);
        }
        Status::Confirmed | Status::ResetRequired => {}
    }
    let proven =
        |attribute: &str| user.verified(attribute) && user.attributes.contains_key(attribute);
    // D: "Users can't receive MFA and password reset codes at the same email address or phone number."
    let factor = |attribute: &str| {
        let factor = match attribute {
            "email" => SecondFactor::Email,
            _ => SecondFactor::Sms,
        };
        user.second_factors.active.contains(&factor)
    };
    let mut channels = channels.iter();
    let reached = channels.find(|attribute| proven(attribute) && !factor(attribute));
    reached.copied().ok_or(Unrecoverable::NothingVerified)
}

impl Unrecoverable {
    /// Whether an app client that hides who exists hides this too (D).
    pub(crate) fn is_hidden(self) -> bool {
        match self {
            Self::Disabled | Self::NothingVerified => true,
            Self::NoPasswordOfTheirOwn => false,
        }
    }
}

impl From<Unrecoverable> for Error {
    fn from(why: Unrecoverable) -> Self {
        match why {
            Unrecoverable::Disabled => Self::not_authorized("User is disabled."), // P
            Unrecoverable::NothingVerified => nowhere_to_send(),
            Unrecoverable::NoPasswordOfTheirOwn => {
                Self::not_authorized("User password cannot be reset in the current state.") // W
            }
        }
    }
}

pub(crate) fn nowhere_to_send() -> Error {
    Error::invalid(
        "Cannot reset password for the user as there is no registered/verified email or phone_number",
    ) // P
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn user(status: Status, verified: &[&str]) -> User {
        let mut attributes = BTreeMap::from([
            ("email".to_owned(), "ines.falk@example.org".to_owned()),
            ("phone_number".to_owned(), "+4915112345678".to_owned()),
        ]);
        for name in verified {
            attributes.insert(format!("{name}_verified"), "true".to_owned());
        }
        User {
            status,
            ..User::new("ines".to_owned(), "ines".to_owned(), attributes, 0)
        }
    }

    #[test]
    fn a_code_goes_to_the_first_channel_that_is_proven() {
        use Unrecoverable::*;
        let both = ["phone_number", "email"];
        for (name, status, verified, channels, expected) in [
            (
                "preferred",
                Status::Confirmed,
                &both[..],
                &both[..],
                Ok("phone_number"),
            ),
            (
                "the other",
                Status::Confirmed,
                &["email"],
                &both,
                Ok("email"),
            ),
            (
                "order",
                Status::ResetRequired,
                &both,
                &["email", "phone_number"],
                Ok("email"),
            ),
            (
                "only one allowed",
                Status::Confirmed,
                &["phone_number"],
                &["email"],
                Err(NothingVerified),
            ),
            (
                "nothing proven",
                Status::Confirmed,
                &[],
                &both,
                Err(NothingVerified),
            ),
            (
                "unconfirmed",
                Status::Unconfirmed,
                &both,
                &both,
                Err(NothingVerified),
            ),
            (
                "temporary",
                Status::ForceChangePassword,
                &both,
                &both,
                Err(NoPasswordOfTheirOwn),
            ),
            (
                "federated",
                Status::ExternalProvider,
                &both,
                &both,
                Err(NoPasswordOfTheirOwn),
            ),
        ] {
            assert_eq!(
                reached_at(&user(status, verified), channels),
                expected,
                "{name}"
            );
        }
        let disabled = User {
            enabled: false,
            ..user(Status::Confirmed, &both)
        };
        assert_eq!(reached_at(&disabled, &both), Err(Disabled));
    }

    #[test]
    fn no_code_goes_where_those_of_the_second_factor_go() {
        let both = ["phone_number", "email"];
        let mut user = user(Status::Confirmed, &both);
        user.second_factors.active.insert(SecondFactor::Sms);
        assert_eq!(reached_at(&user, &both), Ok("email"));
        user.second_factors.active.insert(SecondFactor::Email);
        let reached = reached_at(&user, &both);
        assert_eq!(reached, Err(Unrecoverable::NothingVerified));
    }

    #[test]
    fn a_removed_address_reaches_nobody() {
        let mut user = user(Status::Confirmed, &["email"]);
        user.attributes.remove("email");
        let reached = reached_at(&user, &["email"]);
        assert_eq!(reached, Err(Unrecoverable::NothingVerified));
    }
}
