use aws_connection::OnFirstUse;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};

use crate::encryption::Encryption;
use crate::error::AuthenticatorsError;
use crate::items::{Item, Totp};
use crate::owner::Owner;

/// The sort key of what belongs to TOTP.
pub(crate) const TOTP: &str = "totp";

/// The sort key of the recovery codes.
pub(crate) const RECOVERY_CODES: &str = "recovery-codes";

/// The table of authenticators, and the key that its secrets are encrypted by.
#[derive(Debug, Clone)]
pub struct Authenticators {
    pub(crate) client: Client,
    pub(crate) table: String,
    pub(crate) encryption: Encryption,
}

impl Authenticators {
    /// The table of that name, with the KMS key of that ARN.
    pub fn new(
        dynamodb: Client,
        table: impl Into<String>,
        kms: impl Into<OnFirstUse<aws_sdk_kms::Client>>,
        key_arn: impl Into<String>,
    ) -> Self {
        Self {
            client: dynamodb,
            table: table.into(),
            encryption: Encryption::new(kms.into(), key_arn.into()),
        }
    }

    pub(crate) async fn totp(&self, owner: &Owner) -> Result<Totp, AuthenticatorsError> {
        Totp::read(self.item(owner, TOTP).await?.as_ref())
    }

    /// Read strongly consistent, so that what was enrolled counts at once.
    pub(crate) async fn item(
        &self,
        owner: &Owner,
        authenticator: &str,
    ) -> Result<Option<Item>, AuthenticatorsError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(owner, authenticator)))
            .consistent_read(true);
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let found = Box::pin(request.send()).await;
        Ok(found
            .map_err(|error| AuthenticatorsError::Read(error.into()))?
            .item)
    }

    /// A write that is still to get its expressions, among them a condition.
    pub(crate) fn update(&self, owner: &Owner, authenticator: &str) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(owner, authenticator)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }
}

/// What became of a conditional write.
pub(crate) enum Written {
    Done,
    /// The condition did not hold; this is the item, if there is one.
    Not(Option<Item>),
}

pub(crate) async fn write(update: UpdateItemFluentBuilder) -> Result<Written, AuthenticatorsError> {
    match Box::pin(update.send()).await {
        Ok(_) => Ok(Written::Done),
        Err(SdkError::ServiceError(refused))
            if refused.err().is_conditional_check_failed_exception() =>
        {
            Ok(Written::Not(item_of(refused.into_err())))
        }
        Err(error) => Err(AuthenticatorsError::Write(error.into())),
    }
}

fn item_of(error: UpdateItemError) -> Option<Item> {
    match error {
        UpdateItemError::ConditionalCheckFailedException(failed) => failed.item,
        _ => None,
    }
}

pub(crate) fn key(owner: &Owner, authenticator: &str) -> Item {
    [
        ("subject".to_owned(), owner.subject()),
        ("authenticator".to_owned(), text(authenticator)),
    ]
    .into()
}

pub(crate) fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(crate) fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}
