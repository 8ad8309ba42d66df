use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use table_transactions::{a_condition_failed, write};

use crate::legacy_user::text;
use crate::name::LegacyName;
use crate::state::State;
use crate::table::{LegacyUsers, LegacyUsersError};

impl LegacyUsers {
    /// Notes that a user of these names has signed in to the pool: who moved by one of them is not awaited any more, and never moves again.
    ///
    /// It costs a strongly consistent read of each name, and at the first sign-in a write.
    ///
    /// # Errors
    ///
    /// [`LegacyUsersError::Read`], [`LegacyUsersError::Malformed`], [`LegacyUsersError::Arrive`], [`LegacyUsersError::Build`].
    pub async fn note_arrival(&self, names: &[LegacyName]) -> Result<(), LegacyUsersError> {
        for name in names {
            let tombstone = self.item(&name.tombstone()).await?;
            let state = tombstone.as_ref().map(State::of_tombstone).transpose()?;
            if let Some(State::Awaited(_)) = state {
                self.arrive(name).await?;
            }
        }
        Ok(())
    }

    async fn arrive(&self, name: &LegacyName) -> Result<(), LegacyUsersError> {
        let update = Update::builder()
            .table_name(&self.table)
            .key("user", text(&name.tombstone()))
            .update_expression("REMOVE awaited")
            .condition_expression("attribute_exists(awaited)")
            .build()?;
        let writes = vec![TransactWriteItem::builder().update(update).build()];
        match write(&self.client, writes).await {
            Ok(()) => Ok(()),
            // Another sign-in was sooner, or somebody has taken the tombstone away.
            Err(error) if a_condition_failed(&error) => Ok(()),
            Err(error) => Err(LegacyUsersError::Arrive(Box::new(error))),
        }
    }
}
