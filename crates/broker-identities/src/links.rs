use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use table_transactions::{a_condition_failed, write};
use time::OffsetDateTime;

use crate::identifier::Identifier;
use crate::identities::{Identities, IdentitiesError, text};

/// Logins that an account can have besides its own; the identity pool has the same bound.
pub const MOST_LOGINS: usize = 20;

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
        match write(&self.client, writes).await {
            Ok(()) => Ok(Linking::Linked),
            Err(error) if a_condition_failed(&error) => self.why_not_linked(login, account).await,
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
        match write(&self.client, writes).await {
            Ok(()) => Ok(Unlinking::Unlinked),
            Err(error) if a_condition_failed(&error) => {
                let login = self.find(login).await?.unwrap_or_default();
                Ok(match login.stands_for_somebody() {
                    true => Unlinking::HasAnAccount,
                    false => Unlinking::Unlinked,
                })
            }
            Err(error) => Err(IdentitiesError::Link(Box::new(error))),
        }
    }
}

fn one(login: &Identifier) -> AttributeValue {
    AttributeValue::Ss(vec![login.to_string()])
}
