use time::OffsetDateTime;

use crate::error::AuthenticatorsError;
use crate::items::{Totp, number, size_of_set};
use crate::owner::Owner;
use crate::table::{Authenticators, RECOVERY_CODES};

/// What a user has enrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enrolled {
    /// Since when there is an authenticator app.
    pub totp_since: Option<OffsetDateTime>,
    /// How many recovery codes are left.
    pub recovery_codes_left: usize,
    /// When they were made.
    pub recovery_codes_made_at: Option<OffsetDateTime>,
}

impl Authenticators {
    /// What the user has enrolled.
    ///
    /// # Errors
    ///
    /// [`AuthenticatorsError::Read`], [`AuthenticatorsError::Malformed`]
    pub async fn enrolled(&self, owner: &Owner) -> Result<Enrolled, AuthenticatorsError> {
        let Totp { active, .. } = self.totp(owner).await?;
        let codes = self.item(owner, RECOVERY_CODES).await?.unwrap_or_default();
        let made_at = match number(&codes, "madeAt")? {
            Some(made_at) => Some(time(made_at, "madeAt")?),
            None => None,
        };
        Ok(Enrolled {
            totp_since: match active {
                Some(active) => Some(time(active.since, "activeSince")?),
                None => None,
            },
            recovery_codes_left: size_of_set(&codes, "codes")?,
            recovery_codes_made_at: made_at,
        })
    }
}

fn time(seconds: i64, attribute: &'static str) -> Result<OffsetDateTime, AuthenticatorsError> {
    OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| AuthenticatorsError::Malformed {
        attribute,
        expected: "a time in epoch seconds",
    })
}
