use crate::groups::{Groups, GroupsError};
use crate::table::{Profiles, ProfilesError};
use crate::user::User;

impl Profiles {
    /// Puts the user into the groups that wait in the profile, and then takes them out of it. Returns those that the pool does not have:
    /// they do not wait any longer, since nobody may ever make them.
    ///
    /// What fails half-way waits on for the next sign-in, and what was done is done again then, which changes nothing.
    ///
    /// # Errors
    ///
    /// [`PendingError`]
    pub async fn give_pending(
        &self,
        groups: &Groups,
        user: &User,
        pending: Vec<String>,
    ) -> Result<Vec<String>, PendingError> {
        if pending.is_empty() {
            return Ok(Vec::new());
        }
        let mut missing = Vec::new();
        for group in &pending {
            if !groups.give(user, group).await? {
                missing.push(group.clone());
            }
        }
        self.settle(user, pending).await?;
        Ok(missing)
    }
}

/// Why groups wait on.
#[derive(Debug, thiserror::Error)]
pub enum PendingError {
    /// The user pool did not take the user into a group.
    #[error(transparent)]
    Groups(#[from] GroupsError),
    /// The profile could not be written.
    #[error(transparent)]
    Profiles(#[from] ProfilesError),
}
