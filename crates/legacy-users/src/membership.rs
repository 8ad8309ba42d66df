use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use table_transactions::{a_condition_failed, write};
use time::{Duration, OffsetDateTime};

use crate::legacy_user::{Item, LegacyUser, text};
use crate::name::LegacyName;
use crate::state::State;
use crate::table::{LegacyUsers, LegacyUsersError};

/// How long after the migration a membership waits for the first sign-in. With the right password that comes at once; whoever has to set a
/// new password may take some days over it. Later, the name could be somebody else's.
const WAITS: Duration = Duration::days(7);

/// What became of the membership of a user who may have been migrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// There was none.
    Nothing,
    /// It is in the table of memberships now.
    Membership,
    /// The user has one already, which stays as it is.
    Kept,
}

impl LegacyUsers {
    /// Moves the membership of a migrated user to the table of memberships, under `user#` and the `sub`, once.
    ///
    /// The `sub` does not exist while the user is migrated, so this is done at the first sign-in. The names are those that the pool knows
    /// to be the user's; the first that was migrated counts.
    ///
    /// # Errors
    ///
    /// [`LegacyUsersError::Read`], [`LegacyUsersError::Malformed`], [`LegacyUsersError::Carry`], [`LegacyUsersError::Build`].
    pub async fn carry_membership(
        &self,
        names: &[LegacyName],
        sub: &str,
        memberships_table: &str,
        now: OffsetDateTime,
    ) -> Result<Carried, LegacyUsersError> {
        for name in names {
            let Some(item) = self.item(name.as_str()).await? else {
                continue;
            };
            if is_over(&item, now) {
                continue;
            }
            let user = LegacyUser::from_item(item)?;
            match (user.state, user.membership) {
                (State::Migrated(at), Some(membership)) if now - at < WAITS => {
                    return self.carry(name, membership, sub, memberships_table).await;
                }
                _ => {}
            }
        }
        Ok(Carried::Nothing)
    }

    /// Both writes in one transaction: otherwise a membership that somebody takes away in between could come back.
    async fn carry(
        &self,
        name: &LegacyName,
        mut membership: Item,
        sub: &str,
        memberships_table: &str,
    ) -> Result<Carried, LegacyUsersError> {
        membership.insert("subject".to_owned(), text(&format!("user#{sub}")));
        let put = Put::builder()
            .table_name(memberships_table)
            .set_item(Some(membership))
            .condition_expression("attribute_not_exists(subject)")
            .build()?;
        let take = Update::builder()
            .table_name(&self.table)
            .key("user", text(name.as_str()))
            .update_expression("REMOVE membership")
            .condition_expression("attribute_exists(membership)")
            .build()?;
        let writes = vec![
            TransactWriteItem::builder().put(put).build(),
            TransactWriteItem::builder().update(take).build(),
        ];
        match write(&self.client, writes).await {
            Ok(()) => Ok(Carried::Membership),
            Err(error) if a_condition_failed(&error) => Ok(Carried::Kept),
            Err(error) => Err(LegacyUsersError::Carry(Box::new(error))),
        }
    }
}

/// Whether the row's time is over. DynamoDB deletes late, so it is checked here.
fn is_over(item: &Item, now: OffsetDateTime) -> bool {
    let expires_at = item.get("expiresAt").and_then(|value| value.as_n().ok());
    let expires_at = expires_at.and_then(|seconds| seconds.parse::<i64>().ok());
    expires_at.is_some_and(|expires_at| expires_at <= now.unix_timestamp())
}
