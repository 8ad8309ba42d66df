use std::fmt;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use time::{Duration, OffsetDateTime};

use crate::invitation::{
    Invitation, InvitationCode, Item, Redeemer, Redemption, groups, redeemed_code,
};

/// Whoever is in the set already passes again and changes nothing; so a repeated event, or one that was cut after the write, is answered as
/// the first one was. Together with the set's size, the condition keeps users who come at the same time from exceeding the uses.
const REDEEMABLE: &str = "attribute_exists(code) \
    AND (attribute_not_exists(expiresAt) OR expiresAt > :now) \
    AND (contains(redeemedBy, :redeemer) OR attribute_not_exists(redeemedBy) OR size(redeemedBy) < :maxUses)";

/// How long an account can wait for its confirmation and still get its invitation's groups.
const REMEMBERED: Duration = Duration::days(30);

/// The table of invitations.
#[derive(Debug, Clone)]
pub struct Invitations {
    client: Client,
    table: String,
}

impl Invitations {
    /// The table of that name.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// What the table holds under the code.
    ///
    /// # Errors
    ///
    /// [`InvitationsError::Read`], [`InvitationsError::Malformed`].
    pub async fn find(&self, code: InvitationCode) -> Result<Option<Invitation>, InvitationsError> {
        let item = self.item(code.value()).await?;
        item.map(|item| Invitation::read(code, &item)).transpose()
    }

    /// Notes a use of the invitation, and then, for as long as the account may wait for its confirmation, which account it was for; `false`
    /// if there is no use left for this user any more.
    ///
    /// The two writes are no transaction, in which many users of one invitation would stand in each other's way: the second is only made
    /// after the first, and the sign-up, which can be repeated, fails without it.
    ///
    /// # Errors
    ///
    /// [`InvitationsError::Redeem`].
    pub async fn redeem(
        &self,
        redemption: Redemption,
        account: Option<Redeemer>,
        now: OffsetDateTime,
    ) -> Result<bool, InvitationsError> {
        if !self.note_use(&redemption, now).await? {
            return Ok(false);
        }
        if let Some(account) = account {
            self.remember(&account, &redemption, now).await?;
        }
        Ok(true)
    }

    /// The groups that came with the invitation that the account was made with; none if there was no invitation, or it has left the table,
    /// or it was redeemed by somebody else.
    ///
    /// Where people choose their user names, somebody may redeem an invitation for a name that is taken, and be refused by Cognito only
    /// after that: the account of that name is then not theirs.
    ///
    /// # Errors
    ///
    /// [`InvitationsError::Read`], [`InvitationsError::Malformed`].
    pub async fn groups_of(
        &self,
        account: &Redeemer,
        redeemer: &Redeemer,
        now: OffsetDateTime,
    ) -> Result<Vec<String>, InvitationsError> {
        let Some(redemption) = self.item(account.key()).await? else {
            return Ok(Vec::new());
        };
        let Some(code) = redeemed_code(&redemption, redeemer, now)? else {
            return Ok(Vec::new());
        };
        match self.item(code).await? {
            Some(invitation) => groups(&invitation),
            None => Ok(Vec::new()),
        }
    }

    async fn item(&self, code: AttributeValue) -> Result<Option<Item>, InvitationsError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("code", code)
            .consistent_read(true);
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let found = Box::pin(request.send()).await;
        Ok(found
            .map_err(|error| InvitationsError::Read(Box::new(error)))?
            .item)
    }

    async fn note_use(
        &self,
        redemption: &Redemption,
        now: OffsetDateTime,
    ) -> Result<bool, InvitationsError> {
        let redeemer = redemption.redeemer.text().to_owned();
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("code", redemption.code.value())
            .update_expression("ADD redeemedBy :redeemers")
            .condition_expression(REDEEMABLE)
            .expression_attribute_values(":redeemers", AttributeValue::Ss(vec![redeemer.clone()]))
            .expression_attribute_values(":redeemer", AttributeValue::S(redeemer))
            .expression_attribute_values(":maxUses", number(redemption.max_uses))
            .expression_attribute_values(":now", number(now.unix_timestamp()));
        match Box::pin(request.send()).await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(InvitationsError::Redeem(Box::new(error))),
        }
    }

    async fn remember(
        &self,
        account: &Redeemer,
        redemption: &Redemption,
        now: OffsetDateTime,
    ) -> Result<(), InvitationsError> {
        let redeemer = redemption.redeemer.text().to_owned();
        let until = now + REMEMBERED;
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("code", account.key())
            .update_expression("SET invitation = :code, redeemer = :redeemer, expiresAt = :until")
            .expression_attribute_values(":code", redemption.code.value())
            .expression_attribute_values(":redeemer", AttributeValue::S(redeemer))
            .expression_attribute_values(":until", number(until.unix_timestamp()));
        Box::pin(request.send())
            .await
            .map_err(|error| InvitationsError::Redeem(Box::new(error)))?;
        Ok(())
    }
}

fn number(number: impl fmt::Display) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// Why the table could not answer. No variant quotes a value.
#[derive(Debug, thiserror::Error)]
pub enum InvitationsError {
    /// The table did not answer a read, or answered with an error.
    #[error("failed to read the invitation")]
    Read(#[source] Box<SdkError<GetItemError>>),
    /// The table did not answer a write, or answered with an error.
    #[error("failed to redeem the invitation")]
    Redeem(#[source] Box<SdkError<UpdateItemError>>),
    /// An attribute of the item is not what it should be; someone has to correct it.
    #[error("failed to read the invitation: its `{attribute}` is not {expected}")]
    Malformed {
        /// The attribute's name.
        attribute: &'static str,
        /// What it should be.
        expected: &'static str,
    },
}
