use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use aws_sdk_dynamodb::types::TransactWriteItem;
use table_transactions::{NotWritten, a_condition_failed, write};
use time::OffsetDateTime;

use crate::departure::Departure;
use crate::legacy_user::{Item, LegacyUser, Malformed, text};
use crate::name::LegacyName;
use crate::state::State;

/// The table of legacy users.
#[derive(Debug, Clone)]
pub struct LegacyUsers {
    pub(crate) client: Client,
    pub(crate) table: String,
}

/// What the table says of a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The user, if there is one.
    pub row: Option<LegacyUser>,
    /// Whether a user of that name has moved, by row or tombstone; [`State::Waiting`] where the table knows nothing.
    pub state: State,
}

impl LegacyUsers {
    /// The table of that name.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// What the table says of the name.
    ///
    /// It costs the same whether there is such a user or not: two strongly consistent reads.
    ///
    /// # Errors
    ///
    /// [`LegacyUsersError::Read`], [`LegacyUsersError::Malformed`].
    pub async fn find(&self, name: &LegacyName) -> Result<Standing, LegacyUsersError> {
        let tombstone = name.tombstone();
        let (row, tombstone) = tokio::join!(self.item(name.as_str()), self.item(&tombstone));
        let (row, tombstone) = (row?, tombstone?);
        let row = row.map(LegacyUser::from_item).transpose()?;
        let moved = tombstone.as_ref().map(State::of_tombstone).transpose()?;
        let of_row = row.as_ref().map_or(State::Waiting, |row| row.state);
        let state = match (of_row, moved) {
            (State::Waiting | State::Migrated(_), Some(moved)) => moved,
            (state, _) => state,
        };
        Ok(Standing { row, state })
    }

    /// Marks a user who waits or is awaited, or of whom the table knows nothing, as migrated and leaves the tombstone; `false` if that is not
    /// what [`LegacyUsers::find`] has `read` any more, or the user must not move.
    ///
    /// # Errors
    ///
    /// [`LegacyUsersError::Mark`], [`LegacyUsersError::Build`].
    pub async fn mark_migrated(
        &self,
        departure: &Departure<'_>,
        read: State,
        now: OffsetDateTime,
    ) -> Result<bool, LegacyUsersError> {
        let writes = vec![
            TransactWriteItem::builder()
                .update(departure.mark(&self.table, now)?)
                .build(),
            TransactWriteItem::builder()
                .update(departure.tombstone(&self.table, read, now)?)
                .build(),
        ];
        match write(&self.client, writes).await {
            Ok(()) => Ok(true),
            Err(error) if a_condition_failed(&error) => Ok(false),
            Err(error) => Err(LegacyUsersError::Mark(Box::new(error))),
        }
    }

    pub(crate) async fn item(&self, key: &str) -> Result<Option<Item>, LegacyUsersError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("user", text(key))
            .consistent_read(true);
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let found = Box::pin(request.send()).await;
        Ok(found
            .map_err(|error| LegacyUsersError::Read(Box::new(error)))?
            .item)
    }
}

/// Why the table could not answer. No variant quotes a value.
#[derive(Debug, thiserror::Error)]
pub enum LegacyUsersError {
    /// The table did not answer a read, or answered with an error.
    #[error("failed to read the legacy user")]
    Read(#[source] Box<SdkError<GetItemError>>),
    /// The item is not a user; someone has to correct it.
    #[error("failed to understand the legacy user")]
    Malformed(#[from] Malformed),
    /// The table did not take the mark, or answered with an error.
    #[error("failed to mark the legacy user as migrated")]
    Mark(#[source] Box<NotWritten>),
    /// The table did not take that the user has come, or answered with an error.
    #[error("failed to note that the legacy user has come")]
    Arrive(#[source] Box<NotWritten>),
    /// The tables did not take the membership, or answered with an error.
    #[error("failed to carry the legacy user's membership")]
    Carry(#[source] Box<NotWritten>),
    /// A write could not be put together.
    #[error("failed to make the write of a legacy user")]
    Build(#[from] BuildError),
}
