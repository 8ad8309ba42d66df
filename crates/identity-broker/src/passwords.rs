//! Passwords of legacy users: the same work, the same calls and the same answer whether there is such a user or not.

use legacy_hashes::{HashRules, HashSecrets, NotChecked};
use legacy_users::{LegacyName, LegacyUser, LegacyUsers, LegacyUsersError, Standing, State};
use secrecy::SecretString;

/// The table of legacy users, and how their passwords are checked.
#[derive(Debug)]
pub(crate) struct LegacyPasswords {
    pub(crate) users: LegacyUsers,
    pub(crate) hashes: HashRules,
}

impl LegacyPasswords {
    /// The user of that name, if the password is theirs. Who has moved to the user pool, or was deleted, is nobody here.
    pub(crate) async fn check(
        &self,
        name: &LegacyName,
        password: &SecretString,
        secrets: HashSecrets<'_>,
    ) -> Result<Option<LegacyUser>, PasswordError> {
        let user = match self.users.find(name).await {
            Ok(Standing { row, state }) => row.filter(|_| state == State::Waiting),
            // Who has a row that cannot be read is nobody until somebody has corrected it.
            Err(LegacyUsersError::Malformed(malformed)) => {
                tracing::error!(
                    cause = entrypoint::with_causes(&malformed),
                    "a legacy user cannot be read"
                );
                None
            }
            Err(error) => return Err(error.into()),
        };
        let stored = user.as_ref().and_then(|user| user.hash.as_ref());
        let is_right = self.hashes.fits(stored, password, secrets).await?;
        Ok(user.filter(|_| is_right))
    }
}

/// Why nobody can say whether a password is right.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PasswordError {
    #[error("failed to look for the legacy user")]
    Table(#[from] LegacyUsersError),
    #[error("failed to say whether a password is right")]
    Hash(#[from] NotChecked),
}
