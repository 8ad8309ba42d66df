use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use time::OffsetDateTime;

use crate::change::{Activity, Change, PROFILE, text};
use crate::user::User;

/// The table of profiles.
#[derive(Debug, Clone)]
pub struct Profiles {
    pub(crate) client: Client,
    pub(crate) table: String,
}

impl Profiles {
    /// The table of that name.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// Writes the profile of a user who was confirmed, with the groups that they are to get. Returns the groups that they have not got yet:
    /// fewer, if this has been written before.
    ///
    /// # Errors
    ///
    /// [`ProfilesError`]
    pub async fn confirm(
        &self,
        user: &User,
        groups: &[String],
        now: OffsetDateTime,
    ) -> Result<Vec<String>, ProfilesError> {
        self.change(user, Change::confirmation(user, groups, now))
            .await
    }

    /// Notes a sign-in, once. Returns the groups that the user has not got yet.
    ///
    /// # Errors
    ///
    /// [`ProfilesError`]
    pub async fn note_sign_in(
        &self,
        user: &User,
        new_device: bool,
        now: OffsetDateTime,
    ) -> Result<Vec<String>, ProfilesError> {
        if new_device {
            self.note(user, Activity::SignInWithNewDevice, now).await?;
            self.pending(user).await
        } else {
            let change = Change::note(user, Activity::SignIn, now);
            self.change(user, change).await
        }
    }

    /// Notes that the user has set a new password after forgetting the old one, once.
    ///
    /// # Errors
    ///
    /// [`ProfilesError`]
    pub async fn note_password_reset(
        &self,
        user: &User,
        now: OffsetDateTime,
    ) -> Result<(), ProfilesError> {
        self.note(user, Activity::PasswordReset, now).await
    }

    /// Takes groups out of those that the user has not got yet.
    pub(crate) async fn settle(
        &self,
        user: &User,
        groups: Vec<String>,
    ) -> Result<(), ProfilesError> {
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(user)))
            .update_expression("DELETE pendingGroups :groups")
            .expression_attribute_values(":groups", AttributeValue::Ss(groups));
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        Box::pin(request.send()).await.map_err(Box::new)?;
        Ok(())
    }

    /// Changes the profile if the condition holds, and returns the pending groups in either case.
    async fn change(&self, user: &User, change: Change) -> Result<Vec<String>, ProfilesError> {
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(user)))
            .update_expression(change.update)
            .condition_expression(change.condition)
            .set_expression_attribute_names(Some(change.names))
            .set_expression_attribute_values(Some(change.values))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match Box::pin(request.send()).await {
            Ok(changed) => Ok(pending_groups(changed.attributes())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(unchanged)) => {
                    Ok(pending_groups(unchanged.item()))
                }
                _ => Err(Box::new(error).into()),
            },
        }
    }

    async fn pending(&self, user: &User) -> Result<Vec<String>, ProfilesError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(user)))
            .projection_expression("pendingGroups")
            .consistent_read(true);
        let found = Box::pin(request.send()).await.map_err(Box::new)?;
        Ok(pending_groups(found.item()))
    }
}

pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) fn key(user: &User) -> Item {
    [
        ("subject".to_owned(), user.subject()),
        ("record".to_owned(), text(PROFILE)),
    ]
    .into()
}

/// A set that is empty is not there.
fn pending_groups(profile: Option<&Item>) -> Vec<String> {
    let pending = profile.and_then(|profile| profile.get("pendingGroups")?.as_ss().ok());
    let mut pending = pending.cloned().unwrap_or_default();
    pending.sort_unstable();
    pending
}

/// Why the table could not answer. No variant quotes a value.
#[derive(Debug, thiserror::Error)]
pub enum ProfilesError {
    /// The table did not answer a read, or answered with an error.
    #[error("failed to read the profile")]
    Read(#[from] Box<SdkError<GetItemError>>),
    /// The table did not answer a write, or answered with an error.
    #[error("failed to write the profile")]
    Write(#[from] Box<SdkError<UpdateItemError>>),
    /// The same, of a profile together with a security record.
    #[error("failed to write the profile with its security record")]
    Transaction(#[from] Box<SdkError<TransactWriteItemsError>>),
    /// A write could not be put together.
    #[error("failed to make the write of a profile with its security record")]
    Build(#[from] BuildError),
}
