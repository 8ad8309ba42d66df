use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use time::OffsetDateTime;

use crate::identifier::Identifier;
use crate::record::{Malformed, Record};

/// The table of identities.
#[derive(Debug, Clone)]
pub struct Identities {
    pub(crate) client: Client,
    pub(crate) table: String,
}

/// The developer user that a login stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What the pool knows it by.
    pub identifier: Identifier,
    /// Its identity, if it has signed in before.
    pub identity_id: Option<String>,
    /// Whether the login was linked to it, and is not the account's own.
    pub is_by_link: bool,
    /// Whether the account or the login is blocked.
    pub is_blocked: bool,
}

impl Identities {
    /// The table of that name.
    pub fn new(client: Client, table: &str) -> Self {
        Self {
            client,
            table: table.to_owned(),
        }
    }

    /// What the table says of the identifier; `None` where it knows nothing of it.
    ///
    /// # Errors
    ///
    /// [`IdentitiesError::Read`], [`IdentitiesError::Malformed`].
    pub async fn find(&self, identifier: &Identifier) -> Result<Option<Record>, IdentitiesError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("identifier", text(identifier.as_str()))
            .consistent_read(true);
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let found = Box::pin(request.send()).await;
        let found = found.map_err(|error| IdentitiesError::Read(Box::new(error)))?;
        let record = found.item.as_ref().map(Record::from_item);
        Ok(record.transpose()?)
    }

    /// The account that the login stands for: its own, or the one that it is linked to.
    ///
    /// # Errors
    ///
    /// As those of [`Identities::find`].
    pub async fn account(&self, login: &Identifier) -> Result<Account, IdentitiesError> {
        let own = self.find(login).await?.unwrap_or_default();
        let Some(linked_to) = own.linked_to else {
            return Ok(Account {
                identifier: login.clone(),
                identity_id: own.identity_id,
                is_by_link: false,
                is_blocked: own.is_blocked,
            });
        };
        let account = self.find(&linked_to).await?.unwrap_or_default();
        Ok(Account {
            identifier: linked_to,
            identity_id: account.identity_id,
            is_by_link: true,
            is_blocked: own.is_blocked || account.is_blocked,
        })
    }

    /// Notes the identity that the pool has answered with; `false` if the identifier was linked to an account meanwhile.
    ///
    /// # Errors
    ///
    /// [`IdentitiesError::Update`].
    pub async fn note_identity(
        &self,
        account: &Identifier,
        identity_id: &str,
        now: OffsetDateTime,
    ) -> Result<bool, IdentitiesError> {
        let since = AttributeValue::N(now.unix_timestamp().to_string());
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("identifier", text(account.as_str()))
            .update_expression("SET identityId = :id, since = if_not_exists(since, :since)")
            .condition_expression("attribute_not_exists(linkedTo)")
            .expression_attribute_values(":id", text(identity_id))
            .expression_attribute_values(":since", since);
        match Box::pin(request.send()).await {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => Ok(false),
            Err(error) => Err(IdentitiesError::Update(Box::new(error))),
        }
    }

    /// Forgets the identity of an account, which the pool has forgotten.
    ///
    /// # Errors
    ///
    /// [`IdentitiesError::Update`].
    pub async fn forget_identity(&self, account: &Identifier) -> Result<(), IdentitiesError> {
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("identifier", text(account.as_str()))
            .update_expression("REMOVE identityId");
        let written = Box::pin(request.send()).await;
        written.map_err(|error| IdentitiesError::Update(Box::new(error)))?;
        Ok(())
    }

    /// Says whether anybody may get something by the identifier; also before it has ever been used.
    ///
    /// # Errors
    ///
    /// [`IdentitiesError::Update`].
    pub async fn set_blocked(
        &self,
        identifier: &Identifier,
        is_blocked: bool,
    ) -> Result<(), IdentitiesError> {
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("identifier", text(identifier.as_str()))
            .update_expression("SET blocked = :blocked")
            .expression_attribute_values(":blocked", AttributeValue::Bool(is_blocked));
        let written = Box::pin(request.send()).await;
        written.map_err(|error| IdentitiesError::Update(Box::new(error)))?;
        Ok(())
    }
}

fn is_refused(error: &SdkError<UpdateItemError>) -> bool {
    error
        .as_service_error()
        .is_some_and(UpdateItemError::is_conditional_check_failed_exception)
}

pub(crate) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// Why the table could not answer. No variant quotes a value.
#[derive(Debug, thiserror::Error)]
pub enum IdentitiesError {
    /// The table did not answer a read, or answered with an error.
    #[error("failed to read the identity")]
    Read(#[source] Box<SdkError<GetItemError>>),
    /// The item is not as it should be; someone has to correct it.
    #[error("failed to understand the identity")]
    Malformed(#[from] Malformed),
    /// The table did not take a change, or answered with an error.
    #[error("failed to change the identity")]
    Update(#[source] Box<SdkError<UpdateItemError>>),
    /// The table did not take a link, or answered with an error.
    #[error("failed to link or unlink a login")]
    Link(#[source] Box<SdkError<TransactWriteItemsError>>),
    /// A write could not be put together.
    #[error("failed to make the write of an identity")]
    Build(#[from] BuildError),
}
