use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use time::OffsetDateTime;

use crate::identifier::Identifier;
use crate::identities::{Identities, IdentitiesError, text};

/// Logins that an account can have besides its own; the identity pool has the same bound.
pub const MOST_LOGINS: usize = 20;

/// An attempt ends at once where another call is writing the same items; that takes a few milliseconds, as an attempt does.
const ATTEMPTS: usize = 3;

/// What became of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linking {
    /// The login stands for the account, since now or before.
    Linked,
    /// The login stands for another account, or is one: only an operator can merge two.
    HasAnAccount,
    /// The account has as many logins as it can have.
    TooManyLogins,
    /// What should be the account is itself linked to another, meanwhile.
    NoAccount,
}

/// What became of a link that was to be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlinking {
    /// The login is not linked to the account any more, or never was to any.
    Unlinked,
    /// The login stands for another account, or is one.
    HasAnAccount,
}

impl Identities {
    /// Has the login stand for the account from now on.
    ///
    /// # Errors
    ///
    /// [`IdentitiesError`]
    pub async fn link(
        &self,
        login: &Identifier,
        account: &Identifier,
        now: OffsetDateTime,
    ) -> Result<Linking, IdentitiesError> {
        if login == account {
            return Ok(Linking::HasAnAccount);
        }
        let writes = vec![
            TransactWriteItem::builder()
                .update(self.with_login(account, login)?)
                .build(),
            TransactWriteItem::builder()
                .update(self.as_link(login, account, now)?)
                .build(),
        ];
        match self.write(writes).await {
            Ok(()) => Ok(Linking::Linked),
            Err(error) if refused_for(&error, "ConditionalCheckFailed") => {
                self.why_not_linked(login, account).await
            }
            Err(error) => Err(IdentitiesError::Link(Box::new(error))),
        }
    }

    /// The account's item, which there need not be, with one login more.
    fn with_login(
        &self,
        account: &Identifier,
        login: &Identifier,
    ) -> Result<Update, IdentitiesError> {
        Ok(Update::builder()
            .table_name(&self.table)
            .key("identifier", text(account.as_str()))
            .update_expression("ADD logins :logins")
            .condition_expression(
                "attribute_not_exists(linkedTo) AND (attribute_not_exists(logins) OR size(logins) < :most OR contains(logins, :login))",
            )
            .expression_attribute_values(":logins", one(login))
            .expression_attribute_values(":login", text(login.as_str()))
            .expression_attribute_values(":most", AttributeValue::N(MOST_LOGINS.to_string()))
            .build()?)
    }

    /// The login's item, which there need not be, as a link. A block of it stays.
    fn as_link(
        &self,
        login: &Identifier,
        account: &Identifier,
        now: OffsetDateTime,
    ) -> Result<Update, IdentitiesError> {
        let since = AttributeValue::N(now.unix_timestamp().to_string());
        Ok(Update::builder()
            .table_name(&self.table)
            .key("identifier", text(login.as_str()))
            .update_expression("SET linkedTo = :account, since = :since")
            .condition_expression(
                "attribute_not_exists(linkedTo) AND attribute_not_exists(identityId) AND attribute_not_exists(logins)",
            )
            .expression_attribute_values(":account", text(account.as_str()))
            .expression_attribute_values(":since", since)
            .build()?)
    }

    async fn why_not_linked(
        &self,
        login: &Identifier,
        account: &Identifier,
    ) -> Result<Linking, IdentitiesError> {
        let login = self.find(login).await?.unwrap_or_default();
        if login.linked_to.as_ref() == Some(account) {
            return Ok(Linking::Linked);
        }
        if login.stands_for_somebody() {
            return Ok(Linking::HasAnAccount);
        }
        let account = self.find(account).await?.unwrap_or_default();
        Ok(match account.linked_to {
            Some(_) => Linking::NoAccount,
            None => Linking::TooManyLogins,
        })
    }

    /// Has the login stand for the account no more.
    ///
    /// # Errors
    ///
    /// [`IdentitiesError`]
    pub async fn unlink(
        &self,
        login: &Identifier,
        account: &Identifier,
    ) -> Result<Unlinking, IdentitiesError> {
        if login == account {
            return Ok(Unlinking::HasAnAccount);
        }
        let without_login = Update::builder()
            .table_name(&self.table)
            .key("identifier", text(account.as_str()))
            .update_expression("DELETE logins :logins")
            .expression_attribute_values(":logins", one(login))
            .build()?;
        let no_link = Update::builder()
            .table_name(&self.table)
            .key("identifier", text(login.as_str()))
            .update_expression("REMOVE linkedTo, since")
            .condition_expression("linkedTo = :account")
            .expression_attribute_values(":account", text(account.as_str()))
            .build()?;
        let writes = vec![
            TransactWriteItem::builder().update(without_login).build(),
            TransactWriteItem::builder().update(no_link).build(),
        ];
        match self.write(writes).await {
            Ok(()) => Ok(Unlinking::Unlinked),
            Err(error) if refused_for(&error, "ConditionalCheckFailed") => {
                let login = self.find(login).await?.unwrap_or_default();
                Ok(match login.stands_for_somebody() {
                    true => Unlinking::HasAnAccount,
                    false => Unlinking::Unlinked,
                })
            }
            Err(error) => Err(IdentitiesError::Link(Box::new(error))),
        }
    }

    /// Writes all or nothing, and again where another call was writing.
    async fn write(
        &self,
        writes: Vec<TransactWriteItem>,
    ) -> Result<(), SdkError<TransactWriteItemsError>> {
        for _ in 1..ATTEMPTS {
            match self.try_to_write(writes.clone()).await {
                Err(error) if refused_for(&error, "TransactionConflict") => {}
                written => return written,
            }
        }
        self.try_to_write(writes).await
    }

    async fn try_to_write(
        &self,
        writes: Vec<TransactWriteItem>,
    ) -> Result<(), SdkError<TransactWriteItemsError>> {
        let request = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes));
        Box::pin(request.send()).await.map(drop)
    }
}

fn one(login: &Identifier) -> AttributeValue {
    AttributeValue::Ss(vec![login.to_string()])
}

/// Whether the table names this reason for one of the writes.
fn refused_for(error: &SdkError<TransactWriteItemsError>, code: &str) -> bool {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled
            .cancellation_reasons()
            .iter()
            .any(|reason| reason.code() == Some(code)),
        _ => false,
    }
}
