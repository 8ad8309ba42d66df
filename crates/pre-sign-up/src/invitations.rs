//! The table of invitations, and what an item of it means.
//!
//! The partition key is `code`. All else is optional: `email` (only that address may use it), `domain` (only that domain and its
//! sub-domains), `maxUses` (1 if absent), `expiresAt` (epoch seconds, the table's TTL attribute) and `redeemedBy` (a set of texts, which
//! only [`Invitations::redeem`] writes).
//!
//! An invitation that is bound to nobody asks for its code alone, and nothing here counts attempts: make codes of 64 random bits or more.

use std::collections::HashMap;
use std::fmt;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use email_address::Domain;
use email_address::EmailAddress;

/// No code is longer, in bytes; a key of DynamoDB could have 2,048.
const MAX_CODE_BYTES: usize = 256;

/// No invitation may be used more often: each use takes 64 bytes of the item, and an item holds 400 KB.
const MAX_USES: usize = 5_000;

/// Whoever is in the set already passes again and changes nothing; so a repeated event, or one that was cut after the write, is answered as
/// the first one was. Together with the set's size, the condition keeps users who come at the same time from exceeding the uses.
const REDEEMABLE: &str = "attribute_exists(code) \
    AND (attribute_not_exists(expiresAt) OR expiresAt > :now) \
    AND (contains(redeemedBy, :redeemer) OR attribute_not_exists(redeemedBy) OR size(redeemedBy) < :maxUses)";

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
    pub(crate) async fn find(
        &self,
        code: InvitationCode,
    ) -> Result<Option<Invitation>, InvitationsError> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("code", code.value())
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| InvitationsError::Read(Box::new(error)))?;
        found
            .item
            .map(|item| Invitation::read(code, &item))
            .transpose()
    }

    /// Notes a use of the invitation; `false` if there is none left for this user any more.
    pub(crate) async fn redeem(
        &self,
        redemption: Redemption,
        now: OffsetDateTime,
    ) -> Result<bool, InvitationsError> {
        let Redeemer(redeemer) = redemption.redeemer;
        let updated = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("code", redemption.code.value())
            .update_expression("ADD redeemedBy :redeemers")
            .condition_expression(REDEEMABLE)
            .expression_attribute_values(":redeemers", AttributeValue::Ss(vec![redeemer.clone()]))
            .expression_attribute_values(":redeemer", AttributeValue::S(redeemer))
            .expression_attribute_values(":maxUses", number(redemption.max_uses))
            .expression_attribute_values(":now", number(now.unix_timestamp()))
            .send()
            .await;
        match updated {
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
}

fn number(number: impl fmt::Display) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// The code of an invitation, which is as good as a password.
#[derive(Debug, Clone)]
pub(crate) struct InvitationCode(SecretString);

impl InvitationCode {
    /// The code, or `None` for a text that no code can be.
    pub(crate) fn new(code: &str) -> Option<Self> {
        (1..=MAX_CODE_BYTES)
            .contains(&code.len())
            .then(|| Self(code.into()))
    }

    fn value(&self) -> AttributeValue {
        AttributeValue::S(self.0.expose_secret().to_owned())
    }
}

impl PartialEq for InvitationCode {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

impl Eq for InvitationCode {}

/// Who has used an invitation: a digest, so that the table holds no addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redeemer(String);

impl Redeemer {
    /// The user of that pool who has that address or name, in its normal form.
    pub(crate) fn new(user_pool_id: &str, name: &str) -> Self {
        let digest = Sha256::digest(format!("{user_pool_id}|{name}"));
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// A use of an invitation that is to be noted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Redemption {
    pub(crate) code: InvitationCode,
    pub(crate) redeemer: Redeemer,
    pub(crate) max_uses: usize,
}

/// An invitation as the table holds it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invitation {
    pub(crate) code: InvitationCode,
    /// Only this address may use it.
    pub(crate) email: Option<EmailAddress>,
    /// Only this domain and its sub-domains may use it.
    pub(crate) domain: Option<Domain>,
    /// How many users may use it.
    pub(crate) max_uses: usize,
    /// From this second on, since the epoch, it cannot be used.
    pub(crate) expires_at: Option<i64>,
    /// Who has used it.
    pub(crate) redeemed_by: Vec<Redeemer>,
}

impl Invitation {
    fn read(code: InvitationCode, item: &Item) -> Result<Self, InvitationsError> {
        Ok(Self {
            code,
            email: optional(item, "email", "an e-mail address", |value| {
                EmailAddress::parse(value.as_s().ok()?)
            })?,
            domain: optional(item, "domain", "a domain name", |value| {
                Domain::normalised(value.as_s().ok()?)
            })?,
            max_uses: optional(item, "maxUses", "a number up to 5000", |value| {
                let uses = value.as_n().ok()?.parse().ok()?;
                (uses <= MAX_USES).then_some(uses)
            })?
            .unwrap_or(1),
            expires_at: optional(item, "expiresAt", "a time in epoch seconds", |value| {
                value.as_n().ok()?.parse().ok()
            })?,
            redeemed_by: optional(item, "redeemedBy", "a set of texts", |value| {
                Some(value.as_ss().ok()?.iter().cloned().map(Redeemer).collect())
            })?
            .unwrap_or_default(),
        })
    }
}

type Item = HashMap<String, AttributeValue>;

/// The attribute's meaning, `None` if the item does not have it.
fn optional<T>(
    item: &Item,
    attribute: &'static str,
    expected: &'static str,
    read: impl FnOnce(&AttributeValue) -> Option<T>,
) -> Result<Option<T>, InvitationsError> {
    let Some(value) = item.get(attribute) else {
        return Ok(None);
    };
    match read(value) {
        Some(meaning) => Ok(Some(meaning)),
        None => Err(InvitationsError::Malformed {
            attribute,
            expected,
        }),
    }
}

/// Why the table could not answer. No variant quotes a value.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvitationsError {
    #[error("failed to read the invitation")]
    Read(#[source] Box<SdkError<GetItemError>>),
    #[error("failed to redeem the invitation")]
    Redeem(#[source] Box<SdkError<UpdateItemError>>),
    #[error("failed to read the invitation: its `{attribute}` is not {expected}")]
    Malformed {
        attribute: &'static str,
        expected: &'static str,
    },
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::{Invitation, InvitationCode, Item, Redeemer};
    use email_address::EmailAddress;

    fn read<const N: usize>(attributes: [(&str, AttributeValue); N]) -> Result<Invitation, String> {
        let item: Item = attributes
            .map(|(name, value)| (name.to_owned(), value))
            .into();
        let code = InvitationCode::new("SPRING-7741").unwrap();
        Invitation::read(code, &item).map_err(|error| error.to_string())
    }

    fn text(text: &str) -> AttributeValue {
        AttributeValue::S(text.to_owned())
    }

    fn number(number: &str) -> AttributeValue {
        AttributeValue::N(number.to_owned())
    }

    #[test]
    fn an_item_is_read() {
        let redeemer = Redeemer::new("eu-central-1_Kx7QmT2Zd", "kim@example.org");
        assert_eq!(
            read([
                ("code", text("SPRING-7741")),
                ("email", text("Ines@Example.org")),
                ("domain", text("EXAMPLE.org")),
                ("maxUses", number("3")),
                ("expiresAt", number("1800000000")),
                ("redeemedBy", AttributeValue::Ss(vec![redeemer.0.clone()])),
                ("note", text("for the spring campaign")),
            ]),
            Ok(Invitation {
                code: InvitationCode::new("SPRING-7741").unwrap(),
                email: EmailAddress::parse("ines@example.org"),
                domain: Some("example.org".parse().unwrap()),
                max_uses: 3,
                expires_at: Some(1_800_000_000),
                redeemed_by: vec![redeemer],
            })
        );
    }

    #[test]
    fn an_item_needs_only_its_code() {
        assert_eq!(
            read([("code", text("SPRING-7741"))]),
            Ok(Invitation {
                code: InvitationCode::new("SPRING-7741").unwrap(),
                email: None,
                domain: None,
                max_uses: 1,
                expires_at: None,
                redeemed_by: vec![],
            })
        );
    }

    #[test]
    fn a_malformed_item_is_named_without_its_value() {
        for (attribute, value, expected) in [
            ("email", text("not an address"), "an e-mail address"),
            ("email", AttributeValue::Null(true), "an e-mail address"),
            ("domain", text("@example.org"), "a domain name"),
            ("maxUses", text("3"), "a number up to 5000"),
            ("maxUses", number("-1"), "a number up to 5000"),
            ("maxUses", number("1.5"), "a number up to 5000"),
            ("maxUses", number("5001"), "a number up to 5000"),
            ("expiresAt", text("tomorrow"), "a time in epoch seconds"),
            ("expiresAt", number("1e40"), "a time in epoch seconds"),
            ("redeemedBy", text("kim"), "a set of texts"),
        ] {
            let refused =
                format!("failed to read the invitation: its `{attribute}` is not {expected}");
            assert_eq!(read([(attribute, value)]), Err(refused));
        }
    }

    #[test]
    fn a_code_has_bounds() {
        for (bytes, is_code) in [(0, false), (1, true), (256, true), (257, false)] {
            let code = InvitationCode::new(&"x".repeat(bytes));
            assert_eq!(code.is_some(), is_code, "{bytes} bytes");
        }
    }

    #[test]
    fn neither_codes_nor_redeemers_are_printed() {
        let code = InvitationCode::new("SPRING-7741").unwrap();
        assert!(!format!("{code:?}").contains("SPRING"));
        // Made by `printf 'eu-central-1_Kx7QmT2Zd|kim@example.org' | sha256sum`.
        let redeemer = Redeemer::new("eu-central-1_Kx7QmT2Zd", "kim@example.org");
        assert_eq!(
            redeemer.0,
            "40a10c72b6480223352b4994701cb5f5be4bfdf1f1217d8cb6edaef3e83bfc8a"
        );
    }
}
