//! The second factor: whether one is asked for, and which.

pub(super) mod select;
pub(super) mod setup;
pub(super) mod software_token;

use serde_json::Value;

use super::code::{self, Sent};
use super::{Place, device};
use crate::error::Error;
use crate::triggers::Metadata;
use crate::user_pool::{Progress, SecondFactor, User};

/// What stands between the first factor and the tokens.
pub(super) async fn next(
    place: Place<'_>,
    user: &User,
    mut progress: Progress,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    if device::stands_in_for_second_factor(place, user, &progress)? {
        if let Some(custom) = &mut progress.custom {
            custom.device_stands_in = true;
        }
        return device::next(place, user, progress, metadata).await;
    }
    match user.asked_second_factors(&place.pool.config)[..] {
        [] if place.pool.config.mfa_configuration == "ON" => {
            Ok(setup::challenge(place, user, progress))
        }
        [] => device::next(place, user, progress, metadata).await,
        [factor] => ask(place, user, factor, progress, metadata).await,
        ref factors => Ok(select::challenge(place, user, factors, progress)),
    }
}

/// Asks for one second factor.
async fn ask(
    place: Place<'_>,
    user: &User,
    factor: SecondFactor,
    progress: Progress,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    match factor {
        SecondFactor::Sms => code::ask(place, user, Sent::SmsMfa, progress, metadata).await,
        SecondFactor::Email => code::ask(place, user, Sent::EmailMfa, progress, metadata).await,
        SecondFactor::SoftwareToken => Ok(software_token::challenge(place, user, progress)),
    }
}
