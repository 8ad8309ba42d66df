//! Devices: a sign-in takes place on one, and one that is remembered proves a password of its own.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html>

mod proof;

use serde_json::{Value, json};

pub(super) use proof::{begin, prove};

use super::{Place, custom, issue, session};
use crate::error::Error;
use crate::ids;
use crate::triggers::Metadata;
use crate::user_pool::{Challenge, Device, Progress, State, User};

/// The device on which a sign-in takes place.
pub(super) enum SignInDevice {
    /// The pool does not ask, or this sign-in names none.
    Untracked,
    Known {
        key: String,
    },
    /// One that is named now, and confirmed if the client likes.
    New {
        key: String,
        group_key: String,
    },
}

impl SignInDevice {
    /// The device of a sign-in that is about to end.
    pub(super) fn of(place: Place<'_>, user: &User, progress: &Progress) -> Result<Self, Error> {
        let tracked = place.pool.config.device_configuration.is_some();
        if !tracked || (progress.device_key.is_none() && !progress.names_device) {
            return Ok(Self::Untracked);
        }
        if let Some(key) = &progress.device_key {
            let key = key.clone();
            place.pool.state().devices.find(&user.username, &key)?;
            return Ok(Self::Known { key });
        }
        Ok(Self::New {
            key: format!("{}_{}", place.stand_in.stack.region, ids::uuid()),
            group_key: format!("-{}", &ids::uuid()[..8]),
        })
    }

    pub(super) fn key(&self) -> Option<&str> {
        match self {
            Self::Untracked => None,
            Self::Known { key } | Self::New { key, .. } => Some(key),
        }
    }

    pub(super) fn is_new(&self) -> bool {
        matches!(self, Self::New { .. })
    }

    /// Keeps what the sign-in, which has ended, says of the device; `NewDeviceMetadata` for one that is new.
    pub(super) fn signed_in(
        self,
        state: &mut State,
        user: &User,
        now: i64,
    ) -> Result<Option<Value>, Error> {
        match self {
            Self::Untracked => Ok(None),
            Self::Known { key } => {
                let authenticated = |device: &mut Device| device.last_authenticated = now;
                state.devices.change(&user.username, &key, authenticated)?;
                Ok(None)
            }
            Self::New { key, group_key } => {
                let metadata = json!({ "DeviceKey": key, "DeviceGroupKey": group_key });
                state.devices.name(&user.username, key, group_key, now);
                Ok(Some(metadata))
            }
        }
    }
}

/// Refuses the key of a device that the user does not have. Somebody who does not exist has none.
pub(super) fn check_known(
    state: &State,
    username: &str,
    device_key: Option<&str>,
) -> Result<(), Error> {
    device_key.map_or(Ok(()), |key| state.devices.find(username, key).map(drop))
}

/// Whether the device is enough where a second factor would be asked for. It has yet to prove itself.
pub(super) fn stands_in_for_second_factor(
    place: Place<'_>,
    user: &User,
    progress: &Progress,
) -> Result<bool, Error> {
    let remembered = is_remembered(place, user, progress)?;
    let configuration = place.pool.config.device_configuration;
    Ok(remembered && configuration.is_some_and(|devices| devices.challenge_required_on_new_device))
}

/// What stands between the last factor and the tokens: custom challenges, and the device.
pub(super) async fn next(
    place: Place<'_>,
    user: &User,
    mut progress: Progress,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    if let Some(mut sign_in) = progress.custom.take() {
        sign_in.device_key = progress.device_key;
        return custom::go_on(place, user, sign_in, metadata).await;
    }
    before_tokens(place, user, progress, metadata).await
}

/// A remembered device proves itself, others need not.
pub(super) async fn before_tokens(
    place: Place<'_>,
    user: &User,
    progress: Progress,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    if !is_remembered(place, user, &progress)? {
        return issue::sign_in_complete(place, user, &progress, metadata).await;
    }
    let session = session::open(place, user, Challenge::DeviceSrpAuth(progress));
    Ok(json!({
        "ChallengeName": "DEVICE_SRP_AUTH",
        "Session": session,
        "ChallengeParameters": {},
    }))
}

fn is_remembered(place: Place<'_>, user: &User, progress: &Progress) -> Result<bool, Error> {
    let Some(key) = &progress.device_key else {
        return Ok(false);
    };
    let state = place.pool.state();
    let device = state.devices.find(&user.username, key)?;
    Ok(device.remembered && place.pool.config.device_configuration.is_some())
}
