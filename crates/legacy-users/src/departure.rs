use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{AttributeValue, Update};
use time::{Duration, OffsetDateTime};

use crate::legacy_user::{Item, seconds, text};
use crate::name::LegacyName;
use crate::state::State;

/// A user who moves, from whatever source, and what the table keeps of it.
#[derive(Debug)]
pub struct Departure<'a> {
    /// Who.
    pub name: &'a LegacyName,
    /// The group of users that reports count by; the row's own comes first.
    pub cohort: Option<&'a str>,
    /// What is to become the user's item in the table of memberships; the row's own comes first.
    pub membership: Option<&'a Item>,
    /// When this is over, DynamoDB deletes the row with what stands in it, and leaves the tombstone.
    pub keep_for: Option<Duration>,
}

impl Departure<'_> {
    /// The row, which is made if there is none.
    pub(crate) fn mark(&self, table: &str, now: OffsetDateTime) -> Result<Update, BuildError> {
        let expires_at = self.keep_for.map(|keep_for| seconds(now + keep_for));
        let membership = self.membership.cloned().map(AttributeValue::M);
        let mut set = "SET #state = :migrated, migratedAt = :now".to_owned();
        let mut update = Update::builder();
        for (name, clause, value) in [
            (":expiresAt", ", expiresAt = :expiresAt", expires_at),
            (
                ":cohort",
                ", cohort = if_not_exists(cohort, :cohort)",
                self.cohort.map(text),
            ),
            (
                ":membership",
                ", membership = if_not_exists(membership, :membership)",
                membership,
            ),
        ] {
            if let Some(value) = value {
                set.push_str(clause);
                update = update.expression_attribute_values(name, value);
            }
        }
        update
            .table_name(table)
            .key("user", text(self.name.as_str()))
            .update_expression(set)
            .condition_expression("attribute_not_exists(#state) OR #state <> :deleted")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":deleted", text("deleted"))
            .expression_attribute_values(":migrated", text("migrated"))
            .expression_attribute_values(":now", seconds(now))
            .build()
    }

    /// What stays. Who has moved from the state that was read, and no other, is awaited from now on.
    pub(crate) fn tombstone(
        &self,
        table: &str,
        read: State,
        now: OffsetDateTime,
    ) -> Result<Update, BuildError> {
        let update = Update::builder()
            .table_name(table)
            .key("user", text(&self.name.tombstone()))
            .update_expression("SET migratedAt = :now, awaited = :awaited")
            .expression_attribute_values(":now", seconds(now))
            .expression_attribute_values(":awaited", AttributeValue::Bool(true));
        let update = match read {
            State::Awaited(since) => update
                .condition_expression("awaited = :awaited AND migratedAt = :since")
                .expression_attribute_values(":since", seconds(since)),
            State::Waiting | State::Migrated(_) | State::Deleted => {
                update.condition_expression("attribute_not_exists(migratedAt)")
            }
        };
        update.build()
    }
}
